#include "deploy/kafka_connection.h"

#include "deploy/log_lines.h"

namespace tiendo {
namespace {

constexpr int syslog_notice = 5;

Importance importance_of(int syslog_level) {
  if (syslog_level <= 3) return Importance::error;
  return syslog_level <= 4 ? Importance::warning : Importance::info;
}

}  // namespace

KafkaConnection kafka_connection(const KafkaConfig& kafka, const std::string& who) {
  return {.brokers = kafka.brokers,
          .properties = kafka.properties,
          .log = [who](int level, const std::string& text) {
            if (level <= syslog_notice) log_line(importance_of(level), who + ": " + text);
          }};
}

}  // namespace tiendo

// Topics of a broker for tests, and records no producer of ours would write.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

struct rd_kafka_s;

namespace tiendo {

class KafkaTopics {
 public:
  explicit KafkaTopics(const std::string& brokers);
  ~KafkaTopics();

  // Each returns when the broker has done it, and ends the test program where it would not.
  void create(const std::string& topic, int partitions,
              const std::map<std::string, std::string>& settings = {
                  {"message.timestamp.type", "LogAppendTime"}});
  void remove(const std::string& topic);
  void grow(const std::string& topic, int partitions);
  void drop_before(const std::string& topic, int32_t partition, int64_t offset);
  [[nodiscard]] bool exists(const std::string& topic);

  // One record in a transaction of its own, committed or aborted; each leaves a mark behind.
  void produce_in_transaction(const std::string& topic, int32_t partition, const std::string& value,
                              bool commit);

 private:
  struct Wait;
  std::string brokers_;
  rd_kafka_s* client_;
};

}  // namespace tiendo

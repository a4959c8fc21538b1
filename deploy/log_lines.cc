#include "deploy/log_lines.h"

#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "events/json.h"

namespace tiendo {
namespace {

bool for_people() { return ::isatty(STDERR_FILENO) != 0; }

}  // namespace

void start_log_lines() {
  auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>();
  auto logger = std::make_shared<spdlog::logger>("tiendo", sink);
  logger->set_pattern(for_people() ? "%H:%M:%S %^%l%$ %v"
                                   : R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","text":%v})");
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void log_line(Importance importance, std::string_view text) {
  const std::string line = for_people() ? std::string(text) : json::quoted(text);
  switch (importance) {
    case Importance::info:
      spdlog::info("{}", line);
      break;
    case Importance::warning:
      spdlog::warn("{}", line);
      break;
    case Importance::error:
      spdlog::error("{}", line);
      break;
  }
}

void flush_log_lines() { spdlog::default_logger()->flush(); }

}  // namespace tiendo

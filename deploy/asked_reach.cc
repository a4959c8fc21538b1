#include "deploy/asked_reach.h"

#include <filesystem>
#include <system_error>

#include "events/json.h"
#include "events/whole_number.h"
#include "query/http_client.h"

namespace tiendo {
namespace {

constexpr int64_t ask_interval_ms = 1'000;
constexpr int64_t heard_ms_max = 5'000;
constexpr std::chrono::milliseconds answer_timeout{1'000};

Result<std::vector<StreamReach>> ask_over(const std::string& socket) {
  std::error_code why;
  if (!std::filesystem::exists(socket, why)) return Error{"unreachable", "there is no socket"};
  TRY_ASSIGN(client, HttpClient::connect(socket, {.connect_timeout = answer_timeout,
                                                  .answer_timeout = answer_timeout}));
  TRY_ASSIGN(answer, client.request("GET", "/control/streams"));
  if (answer.status != 200) return Error{"protocol", "no list of streams"};
  return reaches_from_json(answer.body);
}

}  // namespace

Result<std::vector<StreamReach>> reaches_from_json(std::string_view text) {
  json::Document document;
  TRY_DO(document.parse(text));
  std::vector<StreamReach> reaches;
  for (const json::Value one : document.root()["streams"]) {
    StreamReach reach{.stream = StreamName(one["stream"].text()),
                      .state = std::string(one["state"].text()),
                      .message = std::string(one["message"].text()),
                      .stopped = one["stopped"].truth(),
                      .has_producer_time = one["has_producer_time"].truth(),
                      .unheard = one["unheard"].truth(),
                      .lag = whole_number<int64_t>(one["lag"].text()).value_or(0),
                      .cluster = std::string(one["cluster"].text())};
    if (const auto settled = whole_number<int64_t>(one["settled_until_ms"].text()))
      reach.settled_until = Instant{*settled};
    reaches.push_back(std::move(reach));
  }
  return reaches;
}

void AskedReach::ask() {
  const Instant now = clock_->now();
  if (asked_at_.ms != INT64_MIN && now.ms - asked_at_.ms < ask_interval_ms && now >= asked_at_) {
    return;
  }
  asked_at_ = now;
  auto answer = ask_over(socket_);
  if (answer.ok()) coming_ = std::move(answer).value();
}

void AskedReach::take_effect() {
  if (!coming_) return;
  const std::lock_guard lock(mutex_);
  heard_ = std::move(coming_);
  heard_at_ = clock_->now();
  coming_.reset();
}

std::optional<std::vector<StreamReach>> AskedReach::heard() const {
  const std::lock_guard lock(mutex_);
  if (!heard_ || clock_->now().ms - heard_at_.ms > heard_ms_max) return std::nullopt;
  return heard_;
}

}  // namespace tiendo

#include "ingest/gateway.h"

#include <utility>

namespace tiendo {
namespace {

// A failure that says something of the brokers or their settings, not of the event.
bool is_trouble(const Error& error) { return error.code != "too_large" && error.code != "refused"; }

}  // namespace

Result<std::unique_ptr<Gateway>> Gateway::create(Open open, std::size_t bytes_max) {
  std::unique_ptr<Gateway> gateway(new Gateway(std::move(open), bytes_max));
  TRY_ASSIGN(sink, gateway->open_());
  gateway->sink_ = std::move(sink);
  return gateway;
}

Gateway::~Gateway() {
  sink_.reset();  // answers what it was given
  while (auto waiting = next_waiting()) {
    settle(waiting->submission, waiting->index, bytes_of(waiting->event),
           Error{"unknown_outcome", "the program ended before it was sent"});
  }
}

Status Gateway::submit(std::vector<Outgoing> events, Answer answer) {
  if (events.empty()) {
    answer({});
    return Done{};
  }
  std::size_t bytes = 0;
  for (const Outgoing& event : events) bytes += bytes_of(event);
  auto submission = std::make_shared<Submission>();
  submission->owed = events.size();
  submission->sent.reserve(events.size());
  for (const Outgoing& event : events) {
    submission->sent.push_back({event.topic, Error{"unknown_outcome", ""}});
  }
  const std::lock_guard lock(mutex_);
  if (closing_) return Error{"closing", "the program is ending; send the same ids again later"};
  if (bytes > bytes_max_) {
    return Error{"batch_too_large", "it takes " + std::to_string(bytes) +
                                        " bytes of memory and may take " +
                                        std::to_string(bytes_max_) + "; send it in several parts"};
  }
  if (bytes > bytes_max_ - counters_.in_flight_bytes) {
    counters_.turned_away += events.size();
    return Error{"busy", "the gateway holds " + std::to_string(counters_.in_flight_bytes) + " of " +
                             std::to_string(bytes_max_) +
                             " bytes that Kafka has not confirmed yet, and has no room for " +
                             std::to_string(bytes) + " more; try again shortly"};
  }
  submission->answer = std::move(answer);
  counters_.in_flight += events.size();
  counters_.in_flight_bytes += bytes;
  for (std::size_t i = 0; i < events.size(); ++i) {
    waiting_.push_back({std::move(events[i]), submission, i});
  }
  if (sink_) sink_->wake();
  return Done{};
}

void Gateway::close() {
  const std::lock_guard lock(mutex_);
  closing_ = true;
}

GatewayCounters Gateway::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

std::string Gateway::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Gateway::step(std::chrono::milliseconds wait) {
  replace_broken_sink();
  hand_over();
  sink_->poll(wait);
}

// Only when there is something to send: a broker that forbids everything breaks each sink at once.
void Gateway::replace_broken_sink() {
  if (!sink_->broken()) return;
  sink_->poll(std::chrono::milliseconds(0));
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return;
  }
  auto opened = open_();
  if (!opened.ok()) {
    const std::lock_guard lock(mutex_);
    trouble_ = opened.error().message;
    return;
  }
  std::unique_ptr<EventSink> broken;
  {
    const std::lock_guard lock(mutex_);
    broken = std::exchange(sink_, std::move(opened).value());
    ++counters_.reopened;
  }
  // Goes here, outside the lock: it answers those it still owes.
}

std::optional<Gateway::Waiting> Gateway::next_waiting() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  Waiting first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

void Gateway::hand_over() {
  while (auto next = next_waiting()) {
    const std::size_t bytes = bytes_of(next->event);
    const Status taken = sink_->publish(next->event.topic, next->event.message,
                                        [this, submission = next->submission, index = next->index,
                                         bytes](Result<EventSink::Delivered> outcome) {
                                          settle(submission, index, bytes, std::move(outcome));
                                        });
    if (taken.ok()) continue;
    if (taken.error().code == "busy" || sink_->broken()) {
      const std::lock_guard lock(mutex_);
      waiting_.push_front(std::move(*next));
      return;
    }
    settle(next->submission, next->index, bytes, taken.error());
  }
}

void Gateway::settle(const std::shared_ptr<Submission>& submission, std::size_t index,
                     std::size_t bytes, Result<EventSink::Delivered> outcome) {
  {
    const std::lock_guard lock(mutex_);
    --counters_.in_flight;
    counters_.in_flight_bytes -= bytes;
    count(outcome);
  }
  submission->sent[index].outcome = std::move(outcome);
  if (--submission->owed == 0) submission->answer(std::move(submission->sent));
}

void Gateway::count(const Result<EventSink::Delivered>& outcome) {
  if (outcome.ok()) {
    ++counters_.accepted;
    trouble_.clear();
    return;
  }
  ++(outcome.error().code == "unknown_outcome" ? counters_.unknown : counters_.refused);
  if (is_trouble(outcome.error())) trouble_ = outcome.error().message;
}

}  // namespace tiendo

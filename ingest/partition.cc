#include "ingest/partition.h"

#include <algorithm>

namespace tiendo {
namespace {

// One answer may come from a leader that has just taken over and does not know its end yet.
constexpr int answers_before_diverged = 2;

int64_t delay_after(int failures) {
  const int doublings = std::min(failures - 1, 10);
  return std::min(retry_delay_first_ms << doublings, retry_delay_max_ms);
}

}  // namespace

Partition::Partition(const ResumePoint& from, TrustedTime trusted)
    : status_{from.stream}, trusted_(trusted), fresh_(!from.next_offset) {
  status_.next_offset = status_.reached_offset = from.next_offset.value_or(0);
}

bool Partition::admit(int64_t offset, TimestampType type) {
  if (!reads()) return false;
  const bool trusted =
      type == TimestampType::log_append_time || trusted_ == TrustedTime::create_time_too;
  if (!trusted) {
    stop(StreamState::untrusted_time,
         "the record at offset " + std::to_string(offset) +
             " bears its producer's time; set message.timestamp.type=LogAppendTime on the topic "
             "(for records to come), or declare the topic create_time here");
    return false;
  }
  status_.next_offset = std::max(status_.next_offset, offset + 1);
  status_.reached_offset = std::max(status_.reached_offset, status_.next_offset);
  run_again();
  return true;
}

void Partition::end_reached(int64_t offset) {
  if (!reads()) return;
  status_.reached_offset = std::max(status_.reached_offset, offset);
  run_again();
}

void Partition::failed(FailureKind kind, const std::string& what, Instant now) {
  if (!reads()) return;  // of a read given up already
  equal_failures_ = what == last_failure_ ? equal_failures_ + 1 : 1;
  last_failure_ = what;
  if (kind != FailureKind::environment && equal_failures_ >= equal_failures_max) {
    stop(StreamState::poison, "the record at offset " + std::to_string(status_.next_offset) +
                                  " could not be read " + std::to_string(equal_failures_) +
                                  " times: " + what);
    return;
  }
  status_.state = StreamState::retry;
  status_.message = what;
  wants_answer_ = kind == FailureKind::out_of_range;
  seek_wanted_ = true;
  seek_asked_ = now;
  seek_delay_ms_ = delay_after(equal_failures_);
}

void Partition::answered(const Watermarks& marks, Instant now) {
  if (stopped()) return;
  status_.end_offset = marks.high;
  status_.end_asked_at = marks.asked_at;
  const bool probing = status_.state == StreamState::probing;
  if (fresh_ && probing) {
    fresh_ = false;
    status_.next_offset = status_.reached_offset = marks.low;
    if (marks.low > 0) {
      status_.message =
          "begins at offset " + std::to_string(marks.low) + ", the oldest the broker still holds";
    }
  } else if (marks.high < marks.next_when_asked) {
    if (++ends_before_us_ < answers_before_diverged) return;
    stop(StreamState::diverged, "the broker's partition ends at offset " +
                                    std::to_string(marks.high) + ", before our next offset " +
                                    std::to_string(marks.next_when_asked) +
                                    ": it was truncated or made anew");
    return;
  }
  ends_before_us_ = 0;
  if (!wants_answer_) return;
  if (marks.low > status_.next_offset) {
    stop(StreamState::gap, "the broker holds nothing before offset " + std::to_string(marks.low) +
                               "; we have read up to offset " +
                               std::to_string(status_.next_offset) + ", what lies between is lost");
    return;
  }
  wants_answer_ = false;
  if (!probing) return;  // the seek that failed() asked for can go on
  status_.state = StreamState::running;
  seek_wanted_ = true;
  seek_asked_ = now;
  seek_delay_ms_ = 0;
}

bool Partition::seek_due(Instant now) const {
  if (stopped() || wants_answer_ || !seek_wanted_) return false;
  // A clock that was set back must not hold the seek up.
  return now < seek_asked_ || now.ms - seek_asked_.ms >= seek_delay_ms_;
}

void Partition::stop(StreamState state, std::string message) {
  status_.state = state;
  status_.message = std::move(message);
  seek_wanted_ = false;
}

void Partition::run_again() {
  equal_failures_ = 0;
  if (status_.state == StreamState::running) return;
  status_.state = StreamState::running;
  status_.message.clear();
}

}  // namespace tiendo

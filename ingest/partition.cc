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

std::string next_step(std::string_view command, StreamName stream) {
  return "`tiendo stream " + std::string(command) + " " + stream.text() + "`";
}

}  // namespace

Partition::Partition(const ResumePoint& from, TrustedTime trusted)
    : status_{from.stream},
      trusted_(trusted),
      fresh_(!from.next_offset),
      overlap_due_(from.next_offset.has_value()),
      verified_offset_(from.next_offset.value_or(0)),
      mark_(from.newest_ms) {
  status_.next_offset = status_.reached_offset = verified_offset_;
  status_.cluster = from.cluster;
  status_.has_producer_time = trusted == TrustedTime::create_time_too;
}

bool Partition::admit(const Message& record) {
  if (!reads()) return false;
  if (!overlap_.done()) {
    compare(record);
    const bool goes_on = reads() && overlap_.done() && record.offset >= status_.next_offset;
    if (!goes_on) return false;
  }
  const bool trusted = record.timestamp_type == TimestampType::log_append_time ||
                       trusted_ == TrustedTime::create_time_too;
  if (!trusted) {
    stop(StreamState::untrusted_time,
         "the record at offset " + std::to_string(record.offset) +
             " bears its producer's time. Set message.timestamp.type=LogAppendTime on the topic "
             "for the records to come; those that are there keep their time: start with "
             "--create-time-topics to take them, or pass them over with " +
             next_step("accept-gap", status_.stream));
    return false;
  }
  if (record.offset >= status_.next_offset) mark_.read(record, status_.next_offset);
  status_.next_offset = std::max(status_.next_offset, record.offset + 1);
  status_.reached_offset = std::max(status_.reached_offset, status_.next_offset);
  run_again();
  return true;
}

void Partition::compare(const Message& record) {
  const std::string wrong = overlap_.take(record);
  if (!wrong.empty()) return diverge(wrong);
  if (!overlap_.done()) return;
  compared();
  // What was read already behind the compared ones is not read again.
  if (record.offset + 1 < status_.next_offset) seek_at_once();
}

// The broker's partition is the one that the log knows, and so is all that was read of it. But its
// last records may have been lost and others come in their place: those are compared too.
void Partition::compared() {
  const bool all = overlap_before() >= status_.next_offset;
  verified_offset_ = status_.next_offset;
  if (!all) {
    overlap_due_ = true;
    return seek_at_once();
  }
  // After a failure only a record, or the end, shows that it is over.
  if (equal_failures_ == 0) status_.state = StreamState::running;
}

void Partition::end_reached(int64_t offset) {
  if (!reads()) return;
  if (!overlap_.done()) {
    const std::string wrong = overlap_.take_end();
    if (wrong.empty()) return compared();
    // A new leader may not know its end yet; it is asked once more.
    if (++ends_before_us_ >= answers_before_diverged) return diverge(wrong);
    overlap_due_ = true;
    wants_answer_ = true;
    return seek_at_once();
  }
  status_.reached_offset = std::max(status_.reached_offset, offset);
  run_again();
}

void Partition::failed(FailureKind kind, const std::string& what, Instant now) {
  if (!reads()) return;  // of a read given up already
  equal_failures_ = what == last_failure_ ? equal_failures_ + 1 : 1;
  last_failure_ = what;
  seek_wanted_ = true;
  seek_asked_ = now;
  seek_delay_ms_ = delay_after(equal_failures_);
  const bool given_up = kind != FailureKind::environment && equal_failures_ >= equal_failures_max;
  if (given_up && kind == FailureKind::record && !overlap_.done()) {
    // What was read once and is spoilt now cannot be compared; what comes next can be read.
    overlap_ = Overlap();
    overlap_due_ = false;
    equal_failures_ = 0;
    return;
  }
  if (given_up) {
    stop(StreamState::poison, "the record at offset " + std::to_string(status_.next_offset) +
                                  " could not be read " + std::to_string(equal_failures_) +
                                  " times: " + what +
                                  ". Mend it at the broker and start again, or pass it over with " +
                                  next_step("accept-gap", status_.stream));
    return;
  }
  status_.state = StreamState::retry;
  status_.message = what;
  wants_answer_ = kind == FailureKind::out_of_range;
  // Whatever the broker was or had meanwhile, it may come back as another.
  overlap_due_ = overlap_due_ || !overlap_.done() || kind != FailureKind::record;
}

bool Partition::is_of_cluster(const Watermarks& marks) {
  if (marks.cluster.empty()) return true;
  if (status_.cluster.empty()) status_.cluster = marks.cluster;
  if (status_.cluster == marks.cluster) return true;
  diverge("the brokers are of the cluster " + marks.cluster + ", and the stream was read from " +
          status_.cluster);
  return false;
}

bool Partition::end_is_plausible(const Watermarks& marks) {
  if (marks.high >= marks.next_when_asked) {
    ends_before_us_ = overlap_.done() ? 0 : ends_before_us_;
    return true;
  }
  if (++ends_before_us_ >= answers_before_diverged) {
    diverge("the broker's partition ends at offset " + std::to_string(marks.high) +
            ", before our next offset " + std::to_string(marks.next_when_asked));
  }
  return false;
}

void Partition::answered(const Watermarks& marks, Instant now) {
  status_.is_absent = false;
  status_.low_offset = marks.low;
  status_.end_offset = std::max(marks.high, marks.written_end);
  status_.end_asked_at = marks.asked_at;
  if (stopped() || !is_of_cluster(marks)) return;
  compacted_ = marks.compacted;
  const bool probing = status_.state == StreamState::probing;
  if (fresh_ && probing) {
    fresh_ = false;
    status_.next_offset = status_.reached_offset = verified_offset_ = marks.low;
    if (marks.low > 0) {
      status_.message =
          "begins at offset " + std::to_string(marks.low) + ", the oldest the broker still holds";
    }
  } else if (!end_is_plausible(marks)) {
    return;
  }
  check_mark(marks, now);
  if (!wants_answer_) return;
  if (marks.low > status_.next_offset) {
    stop(StreamState::gap, "the broker holds nothing before offset " + std::to_string(marks.low) +
                               "; we have read up to offset " +
                               std::to_string(status_.next_offset) +
                               ", what lies between is lost. To go on behind it: " +
                               next_step("accept-gap", status_.stream));
    return;
  }
  wants_answer_ = false;
  if (!probing) return;  // the seek that was asked for can go on
  status_.state = overlap_due_ ? StreamState::overlap : StreamState::running;
  seek_wanted_ = true;
  seek_asked_ = now;
  seek_delay_ms_ = 0;
}

void Partition::vanished(int32_t partitions, Instant now) {
  if (stopped()) return;
  const std::string what =
      "the topic has " + std::to_string(partitions) + " partitions at the broker, not this one";
  if (fresh_) {  // nothing was read of it, and nothing comes until it is made
    status_.message = what;
    status_.is_absent = true;
    status_.end_offset = status_.next_offset;
    status_.end_asked_at = now;
    return;
  }
  if (++ends_before_us_ >= answers_before_diverged) diverge(what);
}

void Partition::check_mark(const Watermarks& marks, Instant now) {
  if (!marks.mark_ms) return;
  verified_offset_ = overlap_before();
  const auto holds =
      mark_.holds(*marks.mark_ms, marks.mark_offset, marks.low, marks.next_when_asked);
  if (!holds) return;
  if (*holds) {
    verified_offset_ = std::max(verified_offset_, marks.next_when_asked);
  } else {
    mark_.forget();
    suspect(now);
  }
}

void Partition::suspect(Instant now) {
  if (stopped() || overlap_due_ || fresh_) return;
  overlap_due_ = true;
  if (!reads()) return;  // a seek is on its way
  status_.state = StreamState::overlap;
  seek_asked_ = now;
  seek_at_once();
}

// The same as a restart would make of it: StreamDecisions.
void Partition::decide(const StreamDecision& decision) {
  if (decision.what == StreamDecision::What::gap_accepted) {
    const bool fits = stopped() && status_.state != StreamState::diverged &&
                      decision.stream == status_.stream && decision.from == status_.next_offset &&
                      decision.to > decision.from;
    if (fits) skip_to(decision.to);
    return;
  }
  const auto now = parse_partition_name(status_.stream.text());
  const auto next = parse_partition_name(decision.stream.text());
  const bool fits = now && next && now->topic == next->topic && now->partition == next->partition &&
                    now->epoch < next->epoch;
  if (fits) *this = Partition({.stream = decision.stream}, trusted_);
}

void Partition::skip_to(int64_t offset) {
  status_.next_offset = status_.reached_offset = offset;
  status_.state = StreamState::probing;
  status_.message.clear();
  fresh_ = false;
  wants_answer_ = true;
  overlap_due_ = true;
  overlap_ = Overlap();
  equal_failures_ = ends_before_us_ = 0;
}

void Partition::compare_with(std::vector<Message> logged) {
  overlap_due_ = false;
  mark_.begin(logged);
  overlap_ = Overlap(std::move(logged), status_.low_offset.value_or(0), compacted_);
  if (overlap_.done()) compared();
}

int64_t Partition::read_offset() const {
  return overlap_.done() ? status_.next_offset : overlap_.begin_offset();
}

bool Partition::seek_due(Instant now) const {
  if (stopped() || wants_answer_ || !seek_wanted_) return false;
  // A clock that was set back must not hold the seek up.
  return now < seek_asked_ || now.ms - seek_asked_.ms >= seek_delay_ms_;
}

void Partition::seek_at_once() {
  seek_wanted_ = true;
  seek_delay_ms_ = 0;
}

void Partition::diverge(const std::string& what) {
  std::string since;
  if (overlap_before() < status_.next_offset) {
    since = " Records from offset " + std::to_string(overlap_before()) +
            " on were read since the two were last known to be one, and may be of either.";
  }
  stop(StreamState::diverged, what + ": the topic was truncated or made anew." + since +
                                  " To read what is there now as a stream of its own: " +
                                  next_step("new-epoch", status_.stream));
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

Result<std::vector<Message>> logged_before(const LogReader& log, const Partition& partition) {
  const StreamName stream = partition.status().stream;
  TRY_ASSIGN(heads, log.heads());
  const auto head = heads.find(stream);
  if (head == heads.end()) return std::vector<Message>();
  return records_before(log, stream, head->second.next_position, partition.overlap_before());
}

}  // namespace tiendo

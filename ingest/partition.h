// What becomes of one partition, whatever delivers it: decides of each record, failure and answer
// of the broker whether to deliver, to read again or to stop. Plain state without I/O or clock.
//
//   probing ──the broker said its first and last offset──> running <──a record, or the end── retry
//      │                                                      │ a failed read                  ^
//      │                                                      └──── wait, seek to next_offset ─┘
//      └── gap, diverged                  untrusted_time (a record), poison (five equal failures)
#pragma once

#include "ingest/source.h"

namespace tiendo {

inline constexpr int equal_failures_max = 5;  // of reads at one offset
inline constexpr int64_t retry_delay_first_ms = 100;
inline constexpr int64_t retry_delay_max_ms = 5'000;

// What of the broker's partition can be read, [low, high), as answered after `asked_at`.
struct Watermarks {
  int64_t low = 0;
  int64_t high = 0;
  Instant asked_at;
  int64_t next_when_asked = 0;  // our own next offset at that moment
};

enum class FailureKind {
  record,        // the bytes at our offset could not be read
  out_of_range,  // the broker says that it has no such offset
  environment,   // not allowed, not there, not answering: tried without end, it says nothing of
                 // the record
};

enum class TrustedTime { append_time, create_time_too };

class Partition {
 public:
  Partition(const ResumePoint& from, TrustedTime trusted);

  // Whether this record is to be delivered; the records of a partition that waits for its seek or
  // was stopped are not.
  bool admit(int64_t offset, TimestampType type);
  void end_reached(int64_t offset);
  void failed(FailureKind kind, const std::string& what, Instant now);
  void answered(const Watermarks& marks, Instant now);

  // The reader must be set (back) to status().next_offset, now.
  [[nodiscard]] bool seek_due(Instant now) const;
  void sought() { seek_wanted_ = false; }
  // Records are taken now: neither stopped nor waiting for a seek or an answer.
  [[nodiscard]] bool reads() const { return !stopped() && !seek_wanted_ && !wants_answer_; }
  // Only an answer about the watermarks brings this partition on.
  [[nodiscard]] bool wants_answer() const { return !stopped() && wants_answer_; }
  [[nodiscard]] bool stopped() const { return is_stopped(status_.state); }
  [[nodiscard]] const StreamStatus& status() const { return status_; }

 private:
  void stop(StreamState state, std::string message);
  void run_again();

  StreamStatus status_;
  TrustedTime trusted_;
  bool fresh_;  // nothing of it is in the log
  bool wants_answer_ = true;
  bool seek_wanted_ = false;
  Instant seek_asked_;
  int64_t seek_delay_ms_ = 0;
  std::string last_failure_;
  int equal_failures_ = 0;
  int ends_before_us_ = 0;  // consecutive answers that said so
};

}  // namespace tiendo

// What becomes of one partition, whatever delivers it: decides of each record, failure and answer
// of the broker whether to deliver, to read again or to stop. Plain state without I/O or clock.
// README.md shows its states.
#pragma once

#include <algorithm>

#include "ingest/overlap.h"
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
  int64_t written_end = 0;      // behind all records, those of open transactions too, if known
  std::string cluster{};        // whose answer it is; empty: the brokers do not say
  bool compacted = false;       // records may go missing between others
  // Asked beside it: the first record of Partition::mark_ms() or later.
  std::optional<int64_t> mark_ms{};
  std::optional<int64_t> mark_offset{};  // none: there is no such record
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

  // Whether this record is to be delivered; those of a partition that compares, waits for its seek
  // or was stopped are not.
  bool admit(const Message& record);
  void end_reached(int64_t offset);
  void failed(FailureKind kind, const std::string& what, Instant now);
  void answered(const Watermarks& marks, Instant now);
  // The broker's topic has only so many partitions, and this is none of them.
  void vanished(int32_t partitions, Instant now);
  // Something happened after which the broker's partition may be another one: it is compared with
  // the log before anything more of it is delivered.
  void suspect(Instant now);
  // What a person decides: to pass over what it stopped at, or to begin a new epoch. Without effect
  // where it does not fit the state.
  void decide(const StreamDecision& decision);

  // The reader must be set (back) to read_offset(), now; before that, while overlap_due(), the
  // partition must be given the log's last records below overlap_before().
  [[nodiscard]] bool seek_due(Instant now) const;
  [[nodiscard]] bool overlap_due() const { return overlap_due_; }
  [[nodiscard]] int64_t overlap_before() const {
    return std::max(verified_offset_, mark_.known_below());
  }
  void compare_with(std::vector<Message> logged);
  [[nodiscard]] int64_t read_offset() const;
  void sought() { seek_wanted_ = false; }

  // Records are taken now: neither stopped nor waiting for a seek or an answer.
  [[nodiscard]] bool reads() const { return !stopped() && !seek_wanted_ && !wants_answer_; }
  // Only an answer about the watermarks brings this partition on.
  [[nodiscard]] bool wants_answer() const { return !stopped() && wants_answer_; }
  // The time to be asked for beside the watermarks.
  [[nodiscard]] std::optional<int64_t> mark_ms() const { return mark_.asks_ms(); }
  [[nodiscard]] bool stopped() const { return is_stopped(status_.state); }
  [[nodiscard]] const StreamStatus& status() const { return status_; }

 private:
  [[nodiscard]] bool is_of_cluster(const Watermarks& marks);
  // Whether the broker's end is where our own reading allows it.
  [[nodiscard]] bool end_is_plausible(const Watermarks& marks);
  void check_mark(const Watermarks& marks, Instant now);
  void compare(const Message& record);
  void compared();
  void seek_at_once();
  void diverge(const std::string& what);
  void skip_to(int64_t offset);
  void stop(StreamState state, std::string message);
  void run_again();

  StreamStatus status_;
  TrustedTime trusted_;
  bool fresh_;  // nothing of it is in the log, and nothing was passed over
  bool wants_answer_ = true;
  bool seek_wanted_ = false;
  Instant seek_asked_;
  int64_t seek_delay_ms_ = 0;
  std::string last_failure_;
  int equal_failures_ = 0;
  int ends_before_us_ = 0;  // consecutive answers that said so

  bool overlap_due_;  // before the next record is delivered
  Overlap overlap_;
  int64_t verified_offset_;  // all below was read of the partition that the log knows
  bool compacted_ = false;
  TimeMark mark_;
};

// The records of the log that the partition is to be compared with.
[[nodiscard]] Result<std::vector<Message>> logged_before(const LogReader& log,
                                                         const Partition& partition);

}  // namespace tiendo

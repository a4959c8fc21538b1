// Whether a broker's partition is still the one that the log was read from: the records it holds
// before our next offset must be those of the log. A topic that was deleted and made anew, or one
// that was truncated and written to again, has others there. Plain state without I/O or clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "events/log.h"
#include "events/message.h"
#include "events/result.h"

namespace tiendo {

inline constexpr std::size_t overlap_records = 64;  // as many are compared

// The last records of the stream below `offset`, at most overlap_records, the oldest first.
[[nodiscard]] Result<std::vector<Message>> records_before(const LogReader& log, StreamName stream,
                                                          uint64_t next_position, int64_t offset);

// The comparison of some records of the log with those of the broker.
class Overlap {
 public:
  // Nothing is compared.
  Overlap() = default;
  // Records that lie below `low`, the broker's oldest offset, cannot be compared. In a compacted
  // topic any may be missing.
  Overlap(std::vector<Message> logged, int64_t low, bool compacted);

  [[nodiscard]] bool done() const { return next_ == logged_.size(); }
  // Of the first record to be read for it, and behind the last. Only while it is not done().
  [[nodiscard]] int64_t begin_offset() const { return logged_[next_].offset; }
  [[nodiscard]] int64_t end_offset() const { return logged_.back().offset + 1; }

  // The next record that the broker delivers. What is wrong with it, in words; empty: nothing.
  [[nodiscard]] std::string take(const Message& delivered);
  // The broker has no more records. What is wrong with that.
  [[nodiscard]] std::string take_end();

 private:
  [[nodiscard]] std::string miss_before(int64_t offset);

  std::vector<Message> logged_;
  std::size_t next_ = 0;
  bool compacted_ = false;
};

// What differs between two records of one offset, for people; empty where nothing does.
[[nodiscard]] std::string difference_of(const Message& logged, const Message& delivered);

// A broker tells cheaply which record of a partition is the first with a time T or a later one. In
// a topic whose broker stamps the records that never changes, but a topic made anew has it
// elsewhere. So the answer is asked for again and again; it raises a suspicion, no more.
class TimeMark {
 public:
  // The records of the log are not later than `newest_ms`.
  explicit TimeMark(int64_t newest_ms) : newest_ms_(newest_ms) {}

  // Begins with a record of the log, if these last ones of it have a fitting one. Has effect once.
  void begin(const std::vector<Message>& logged);
  // A record is read; `after` is the offset behind the one before it.
  void read(const Message& record, int64_t after);
  [[nodiscard]] std::optional<int64_t> asks_ms() const;
  // Behind the record that is asked for: it was read of the partition that the log knows.
  [[nodiscard]] int64_t known_below() const { return asked_ ? asked_->to + 1 : 0; }
  // The answer, `offset` (none: no record is as late) to the question for `ms`, asked when our own
  // next offset was `next_when_asked`. True: all that was read until then is of one partition.
  // False: the broker's may be another one. None: it tells nothing.
  [[nodiscard]] std::optional<bool> holds(int64_t ms, std::optional<int64_t> offset, int64_t low,
                                          int64_t next_when_asked);
  // What was suspected was compared: another mark is taken.
  void forget();

 private:
  struct Mark {
    int64_t ms = 0;
    int64_t from = 0;  // the first record of that time lies here
    int64_t to = 0;    // or behind, up to here
  };
  int64_t newest_ms_;
  bool begun_ = false;
  std::optional<Mark> asked_;  // known to be of this partition as long as it holds
  std::optional<Mark> next_;   // to be asked for once an answer vouches for it
};

}  // namespace tiendo

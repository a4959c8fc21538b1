#include "ingest/overlap.h"

#include <algorithm>
#include <utility>

namespace tiendo {
namespace {

std::string at(int64_t offset) { return "the record at offset " + std::to_string(offset); }

}  // namespace

Result<std::vector<Message>> records_before(const LogReader& log, StreamName stream,
                                            uint64_t next_position, int64_t offset) {
  std::vector<Message> records;
  const auto lies_below = [&](const Record& record) { return record.message.offset < offset; };
  TRY_ASSIGN(end, log.count_before(stream, next_position, lies_below));
  const uint64_t begin = end - std::min<uint64_t>(end, overlap_records);
  TRY_DO(log.scan(stream, begin, end, [&](const Record& record) {
    records.push_back(record.message);
    return true;
  }));
  return records;
}

Overlap::Overlap(std::vector<Message> logged, int64_t low, bool compacted)
    : logged_(std::move(logged)), compacted_(compacted) {
  const auto gone = std::find_if(logged_.begin(), logged_.end(),
                                 [&](const Message& record) { return record.offset >= low; });
  logged_.erase(logged_.begin(), gone);
}

std::string Overlap::miss_before(int64_t offset) {
  for (; !done() && logged_[next_].offset < offset; ++next_) {
    if (!compacted_) return at(logged_[next_].offset) + " is in the log and not at the broker";
  }
  return "";
}

std::string Overlap::take(const Message& delivered) {
  std::string wrong = miss_before(delivered.offset);
  // One that the log does not have was left out by a person's decision.
  if (!wrong.empty() || done() || logged_[next_].offset != delivered.offset) return wrong;
  wrong = difference_of(logged_[next_], delivered);
  ++next_;
  return wrong;
}

std::string Overlap::take_end() { return done() ? "" : miss_before(end_offset()); }

std::string difference_of(const Message& logged, const Message& delivered) {
  std::string parts;
  const auto add = [&](bool differs, const char* part) {
    if (differs) parts += (parts.empty() ? "" : ", ") + std::string(part);
  };
  add(logged.timestamp_type != delivered.timestamp_type ||
          logged.timestamp_ms != delivered.timestamp_ms,
      "timestamp");
  add(logged.key != delivered.key, "key");
  add(logged.headers != delivered.headers, "headers");
  add(logged.value != delivered.value, "value");
  if (parts.empty()) return "";
  return at(delivered.offset) + " is another one at the broker than in the log (" + parts + ")";
}

void TimeMark::begin(const std::vector<Message>& logged) {
  if (std::exchange(begun_, true) || asked_) return;
  for (std::size_t i = 1; i < logged.size(); ++i) {
    const bool newest = logged[i].timestamp_type == TimestampType::log_append_time &&
                        logged[i].timestamp_ms == newest_ms_;
    if (!newest) continue;
    // Where even the first of them is as late, others before it may be.
    if (logged[i - 1].timestamp_ms < newest_ms_) {
      asked_ = Mark{newest_ms_, logged[i - 1].offset + 1, logged[i].offset};
    }
    return;
  }
}

void TimeMark::read(const Message& record, int64_t after) {
  const bool later =
      record.timestamp_type == TimestampType::log_append_time && record.timestamp_ms > newest_ms_;
  if (!later) return;
  newest_ms_ = record.timestamp_ms;
  const Mark mark{newest_ms_, after, record.offset};
  if (!asked_) {
    asked_ = mark;
  } else if (!next_) {
    next_ = mark;
  }
}

std::optional<int64_t> TimeMark::asks_ms() const {
  if (!asked_) return std::nullopt;
  return asked_->ms;
}

std::optional<bool> TimeMark::holds(int64_t ms, std::optional<int64_t> offset, int64_t low,
                                    int64_t next_when_asked) {
  if (!asked_ || asked_->ms != ms) return std::nullopt;  // a question of before
  const Mark mark = *asked_;
  // A partition made anew has its first record at `low` too; an older one is gone by age.
  const bool tells = low < mark.from;
  const bool fits = offset && *offset >= mark.from && *offset <= mark.to;
  if (tells && !fits) return false;
  if (next_ && next_->to < next_when_asked) asked_ = std::exchange(next_, std::nullopt);
  if (!tells) return std::nullopt;
  return true;
}

void TimeMark::forget() {
  asked_.reset();
  next_.reset();
}

}  // namespace tiendo

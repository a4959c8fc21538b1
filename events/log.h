// The event log: the truth. Streams of messages at dense positions 0, 1, 2 ..., each with the
// verdict it was given; nothing received is skipped and nothing is ever changed. README.md shows
// the bytes.
//
// One EventLog writes; it belongs to one thread. LogReaders read, each on its own thread, and see
// only what is durable.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/calendar.h"
#include "events/event.h"
#include "events/message.h"
#include "events/result.h"
#include "events/store.h"

namespace tiendo {

// The name of a stream, interned for the life of the process: one pointer wide, equal names share
// one. Names: TOPIC:PARTITION:EPOCH, intake, import:NAME, control.
class StreamName {
 public:
  StreamName() = default;  // of no stream
  explicit StreamName(std::string_view name);
  [[nodiscard]] const std::string& text() const { return *name_; }
  friend bool operator==(StreamName, StreamName) = default;
  friend std::strong_ordering operator<=>(StreamName a, StreamName b) {
    if (a.name_ == b.name_) return std::strong_ordering::equal;
    return a.name_->compare(*b.name_) <=> 0;
  }

 private:
  static const std::string no_name;
  const std::string* name_ = &no_name;
};

// Whether a stream is one import's: its records bear the events' own times.
[[nodiscard]] bool is_import(StreamName stream);

// K: the one order of all records (semantics 0).
struct OrderKey {
  Instant recorded_at;
  StreamName stream;
  uint64_t position = 0;
  friend std::strong_ordering operator<=>(const OrderKey&, const OrderKey&) = default;
  friend bool operator==(const OrderKey&, const OrderKey&) = default;
};
// Bytes that sort as the keys do: recorded_at (u64, sign flipped) | name 00 | position (u64).
void append_order_key(std::string& out, const OrderKey& key);
[[nodiscard]] std::optional<OrderKey> take_order_key(std::string_view& bytes);

enum class Verdict : uint8_t {
  accepted = 0,
  duplicate = 1,
  rejected = 2
};  // stored, never renumber
[[nodiscard]] std::string_view name_of(Verdict verdict);

inline constexpr uint16_t rules_version = 2;  // of the judge; stored with each verdict

struct Judgement {
  Verdict verdict = Verdict::accepted;
  bool conflict = false;  // a duplicate with other content
  uint16_t rules = rules_version;
  Refusal refusal;  // where rejected
  friend bool operator==(const Judgement&, const Judgement&) = default;
};

// A message judged on its own, on its way into the log. The log settles identity: an accepted one
// becomes a duplicate if its stream holds an accepted one of the same identity.
struct Admission {
  Message message;
  std::optional<Instant> stamp;    // none: the recorded_at of the record before it
  std::optional<Refusal> refusal;  // none: accepted as far as it goes
  Hash16 identity;                 // of an accepted one
};

struct Placed {
  StreamName stream;
  uint64_t position = 0;
  Judgement judgement;
};

struct Counters {
  uint64_t accepted = 0;
  uint64_t duplicate = 0;
  uint64_t conflict = 0;                          // among the duplicates
  std::array<uint64_t, reason_count> rejected{};  // by reason
  void add(const Judgement& judgement);
  [[nodiscard]] uint64_t rejected_total() const;
  [[nodiscard]] uint64_t received() const { return accepted + duplicate + rejected_total(); }
  friend bool operator==(const Counters&, const Counters&) = default;
};

struct StreamHead {
  uint64_t next_position = 0;
  int64_t next_offset = 0;  // of the source: the last record's offset + 1 (0 where it has none)
  Instant recorded_at;      // of the last record; 1970 before the first
  Counters counters;
};
using StreamHeads = std::map<StreamName, StreamHead>;

// Where the records of a stream come from, as far as its source tells. Written once, when the
// source had shown that it is the stream's; beside the head and in no hash.
struct StreamOrigin {
  std::string cluster;  // id of the Kafka cluster
  friend bool operator==(const StreamOrigin&, const StreamOrigin&) = default;
};
using StreamOrigins = std::map<StreamName, StreamOrigin>;

// One record as it lies in the log.
struct Record {
  StreamName stream;
  uint64_t position = 0;
  Instant recorded_at;
  Message message;
  Judgement judgement;
  [[nodiscard]] OrderKey key() const { return {recorded_at, stream, position}; }
};

// The part of a record that is hashed: RocksDB's key, then the value up to the judgement.
[[nodiscard]] std::string entry_bytes(StreamName stream, uint64_t position, const Message& message);

inline constexpr uint32_t log_format_version = 1;
namespace log_family {
enum : Family { records = 0, identities = 1, meta = 2 };
}  // namespace log_family
[[nodiscard]] std::vector<FamilySpec> log_families();

class LogReader {
 public:
  explicit LogReader(const KvStore& store) : store_(&store) {}

  [[nodiscard]] Result<StreamHeads> heads() const;
  // Of the streams whose origin is known; those of older logs may not be.
  [[nodiscard]] Result<StreamOrigins> origins() const;
  // Error `not_found` where there is no such record.
  [[nodiscard]] Result<Record> read(StreamName stream, uint64_t position) const;
  // The records [from, to) in order; `visit` returns false to stop. Checks that positions are dense
  // and, when not stopped, that the last one is `to - 1`: an end that comes too early is `corrupt`.
  // The Record is reused between calls.
  Status scan(StreamName stream, uint64_t from, uint64_t to,
              const std::function<bool(const Record&)>& visit) const;
  // Of the first `count` records of a stream, how many lie before the first for which `is_before`
  // is false; it must be true of a beginning of them only (offsets and recorded_at never fall).
  // Quick where all or nearly all do.
  [[nodiscard]] Result<uint64_t> count_before(
      StreamName stream, uint64_t count, const std::function<bool(const Record&)>& is_before) const;
  // The position of the accepted record with this identity in the stream.
  [[nodiscard]] Result<std::optional<uint64_t>> find(StreamName stream, Hash16 identity) const;
  // For what is kept beside the records.
  [[nodiscard]] const KvStore& store() const { return *store_; }

 private:
  const KvStore* store_;
};

class EventLog {
 public:
  // Checks the format, and that each stream ends where its head says. Error `format` for a log of
  // a newer version.
  static Result<std::unique_ptr<EventLog>> open(KvStore& store);

  struct Batch {
    StreamName stream;
    std::vector<Admission> admissions;
  };
  // Appends all in one synced step: records, verdicts, identities, heads. On an error nothing of it
  // is in the log and the store must not be used again.
  Result<std::vector<Placed>> append(std::vector<Batch> batches);
  // Of a stream that has none yet; one synced step. On an error as append().
  Status set_origin(StreamName stream, StreamOrigin origin);

  [[nodiscard]] const StreamHeads& heads() const { return heads_; }
  [[nodiscard]] const StreamOrigins& origins() const { return origins_; }
  [[nodiscard]] LogReader reader() const { return LogReader(*store_); }

 private:
  explicit EventLog(KvStore& store) : store_(&store) {}

  KvStore* store_;
  StreamHeads heads_;
  StreamOrigins origins_;
  WriteBatch batch_;
};

}  // namespace tiendo

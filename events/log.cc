#include "events/log.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <unordered_map>

#include "events/bytes.h"
#include "events/record.h"
#include "events/scan_end.h"

namespace tiendo {
namespace {

using log_family::identities;
using log_family::meta;
using log_family::records;

constexpr std::string_view format_key = "format";
constexpr std::string_view head_prefix = "head/";
constexpr std::string_view origin_prefix = "origin/";

std::string head_key(StreamName stream) { return std::string(head_prefix) + stream.text(); }

// By stream first, so that one stream's identities can be dropped or listed together.
std::string identity_key(StreamName stream, Hash16 identity) {
  std::string key;
  bytes::put(key, static_cast<uint16_t>(stream.text().size()));
  key.append(stream.text());
  key.append(identity.view());
  return key;
}

Error corrupt(StreamName stream, uint64_t position, std::string_view what) {
  return {"corrupt", "the log is damaged: stream " + stream.text() + ", position " +
                         std::to_string(position) + ": " + std::string(what) +
                         "; restore a backup, or let the ingester read the source again into a new "
                         "data folder"};
}

std::string position_bytes(uint64_t position) {
  std::string out;
  bytes::put(out, position);
  return out;
}

}  // namespace

const std::string StreamName::no_name;

bool is_import(StreamName stream) {
  static constexpr std::string_view prefix = "import:";
  return stream.text().size() > prefix.size() && stream.text().starts_with(prefix);
}

StreamName::StreamName(std::string_view name) {
  if (name.empty()) return;
  // Rows of one stream mostly follow each other.
  thread_local const std::string* last = &no_name;
  if (*last == name) {
    name_ = last;
    return;
  }
  static std::mutex mutex;
  static std::set<std::string, std::less<>> names;
  const std::lock_guard lock(mutex);
  auto found = names.find(name);
  if (found == names.end()) found = names.emplace(name).first;
  name_ = last = &*found;
}

void append_order_key(std::string& out, const OrderKey& key) {
  bytes::put_i64(out, key.recorded_at.ms);
  bytes::put_key_text(out, key.stream.text());
  bytes::put(out, key.position);
}

std::optional<OrderKey> take_order_key(std::string_view& raw) {
  bytes::Taker taker(raw);
  const Instant recorded_at{taker.take_i64()};
  const std::string_view name = taker.take_key_text();
  const auto position = taker.take<uint64_t>();
  if (!taker.ok()) return std::nullopt;
  raw = taker.rest();
  return OrderKey{recorded_at, StreamName(name), position};
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted:
      return "accepted";
    case Verdict::duplicate:
      return "duplicate";
    case Verdict::rejected:
      return "rejected";
  }
  return "";
}

void Counters::add(const Judgement& judgement) {
  switch (judgement.verdict) {
    case Verdict::accepted:
      ++accepted;
      break;
    case Verdict::duplicate:
      ++duplicate;
      if (judgement.conflict) ++conflict;
      break;
    case Verdict::rejected:
      ++rejected[static_cast<std::size_t>(judgement.refusal.reason)];
      break;
  }
}

uint64_t Counters::rejected_total() const {
  uint64_t total = 0;
  for (const uint64_t count : rejected) total += count;
  return total;
}

std::string entry_bytes(StreamName stream, uint64_t position, const Message& message) {
  return record_key(stream, position) + message_bytes(message);
}

std::vector<FamilySpec> log_families() {
  return {{.name = "records"}, {.name = "identities", .point_lookups = true}, {.name = "meta"}};
}

Result<StreamHeads> LogReader::heads() const {
  StreamHeads heads;
  const auto cursor = store_->cursor(meta);
  std::string last(head_prefix);
  for (cursor->seek(head_prefix); cursor->valid(); cursor->next()) {
    if (!cursor->key().starts_with(head_prefix)) break;
    const StreamName stream(cursor->key().substr(head_prefix.size()));
    const auto head = parse_head(cursor->value());
    if (!head || head->counters.received() != head->next_position) {
      return corrupt(stream, 0, "its head cannot be read");
    }
    heads.emplace(stream, *head);
    last = cursor->key();
  }
  // A stream whose head was missed would be begun again over its own records.
  TRY_DO(scan_end(*cursor, last));
  return heads;
}

Result<StreamOrigins> LogReader::origins() const {
  StreamOrigins origins;
  const auto cursor = store_->cursor(meta);
  std::string last(origin_prefix);
  for (cursor->seek(origin_prefix); cursor->valid(); cursor->next()) {
    if (!cursor->key().starts_with(origin_prefix)) break;
    const StreamName stream(cursor->key().substr(origin_prefix.size()));
    auto origin = parse_origin(cursor->value());
    if (!origin) return corrupt(stream, 0, "its origin cannot be read");
    origins.emplace(stream, std::move(*origin));
    last = cursor->key();
  }
  // A stream whose origin was missed would take another cluster's records for its own.
  TRY_DO(scan_end(*cursor, last));
  return origins;
}

Result<Record> LogReader::read(StreamName stream, uint64_t position) const {
  TRY_ASSIGN(row, store_->get(records, record_key(stream, position)));
  if (!row) {
    return Error{"not_found",
                 "stream " + stream.text() + " has no position " + std::to_string(position)};
  }
  Record record{.stream = stream, .position = position};
  if (!parse_record(*row, record)) return corrupt(stream, position, "the record cannot be read");
  return record;
}

Status LogReader::scan(StreamName stream, uint64_t from, uint64_t to,
                       const std::function<bool(const Record&)>& visit) const {
  if (from >= to) return Done{};
  const auto cursor = store_->cursor(records);
  Record record{.stream = stream};
  std::string expected = record_key(stream, from);
  cursor->seek(expected);
  for (uint64_t position = from; position < to; ++position, cursor->next()) {
    set_position(expected, position);
    if (!cursor->valid()) {
      TRY_DO(cursor->status());
      return corrupt(stream, position, "the scan ended before the stream does");
    }
    if (cursor->key() != expected) {
      return corrupt(stream, position, "the record is missing");
    }
    record.position = position;
    if (!parse_record(cursor->value(), record)) {
      return corrupt(stream, position, "the record cannot be read");
    }
    if (!visit(record)) return Done{};
  }
  return cursor->status();
}

Result<uint64_t> LogReader::count_before(
    StreamName stream, uint64_t count, const std::function<bool(const Record&)>& is_before) const {
  uint64_t low = 0;
  uint64_t high = count;
  uint64_t probe = count == 0 ? 0 : count - 1;  // mostly all of them do
  while (low < high) {
    TRY_ASSIGN(record, read(stream, probe));
    if (is_before(record)) {
      low = probe + 1;
    } else {
      high = probe;
    }
    probe = low + (high - low) / 2;
  }
  return low;
}

Result<std::optional<uint64_t>> LogReader::find(StreamName stream, Hash16 identity) const {
  TRY_ASSIGN(row, store_->get(identities, identity_key(stream, identity)));
  if (!row) return std::optional<uint64_t>();
  bytes::Taker taker(*row);
  const auto position = taker.take<uint64_t>();
  if (!taker.finished()) return corrupt(stream, 0, "an identity cannot be read");
  return std::optional<uint64_t>(position);
}

Result<std::unique_ptr<EventLog>> EventLog::open(KvStore& store) {
  std::unique_ptr<EventLog> log(new EventLog(store));
  TRY_ASSIGN(format, store.get(meta, format_key));
  if (!format) {
    std::string version;
    bytes::put(version, log_format_version);
    WriteBatch batch;
    batch.put(meta, format_key, version);
    TRY_DO(store.commit(batch, Durability::synced));
  } else if (const auto version = bytes::Taker(*format).take<uint32_t>();
             version > log_format_version) {
    return Error{"format", "the log has format " + std::to_string(version) +
                               " and this program reads up to " +
                               std::to_string(log_format_version) + "; use a newer tiendo"};
  }
  TRY_ASSIGN(heads, log->reader().heads());
  log->heads_ = std::move(heads);
  TRY_ASSIGN(origins, log->reader().origins());
  log->origins_ = std::move(origins);
  for (const auto& [stream, head] : log->heads_) {
    if (head.next_position > 0) TRY_DO(log->reader().read(stream, head.next_position - 1));
    TRY_ASSIGN(beyond, store.get(records, record_key(stream, head.next_position)));
    if (beyond) return corrupt(stream, head.next_position, "a record lies beyond the head");
  }
  return log;
}

namespace {

// Settles, for one append, which admissions repeat an identity of their stream.
class IdentityCheck {
 public:
  IdentityCheck(const KvStore& store, const LogReader& reader) : store_(&store), reader_(reader) {}

  // Looks up at once every identity that the batches bring.
  Status prefetch(const std::vector<EventLog::Batch>& batches) {
    std::vector<std::string> keys;
    for (const auto& batch : batches) {
      for (const auto& admission : batch.admissions) {
        if (!admission.refusal) keys.push_back(identity_key(batch.stream, admission.identity));
      }
    }
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    TRY_ASSIGN(rows, store_->get_many(identities, views));
    stored_ = std::move(rows);
    return Done{};
  }

  // Of the next accepted admission, in the order of prefetch(): the verdict, and whether the
  // identity is new in its stream.
  Result<Judgement> settle(StreamName stream, const Admission& admission) {
    const auto& stored = stored_[next_++];
    if (stored) {
      bytes::Taker position(*stored);
      const auto first_position = position.take<uint64_t>();
      if (!position.finished()) return corrupt(stream, 0, "an identity cannot be read");
      TRY_ASSIGN(first, reader_.read(stream, first_position));
      return duplicate(first.message, admission.message);
    }
    const auto [first, inserted] =
        fresh_.emplace(identity_key(stream, admission.identity), &admission.message);
    if (!inserted) return duplicate(*first->second, admission.message);
    return Judgement{};
  }

 private:
  static Judgement duplicate(const Message& first, const Message& again) {
    return {.verdict = Verdict::duplicate, .conflict = !same_content(first, again)};
  }

  const KvStore* store_;
  LogReader reader_;
  std::vector<std::optional<std::string>> stored_;
  std::size_t next_ = 0;
  std::unordered_map<std::string, const Message*> fresh_;
};

}  // namespace

Result<std::vector<Placed>> EventLog::append(std::vector<Batch> batches) {
  IdentityCheck identity_check(*store_, reader());
  TRY_DO(identity_check.prefetch(batches));
  batch_.clear();
  StreamHeads heads = heads_;
  std::vector<Placed> placed;
  std::vector<std::pair<std::string, uint64_t>> fresh;  // identity keys and their positions
  for (Batch& batch : batches) {
    StreamHead& head = heads[batch.stream];
    for (Admission& admission : batch.admissions) {
      Judgement judgement;
      if (admission.refusal) {
        judgement = {.verdict = Verdict::rejected, .refusal = std::move(*admission.refusal)};
      } else {
        TRY_ASSIGN(settled, identity_check.settle(batch.stream, admission));
        judgement = settled;
      }
      if (admission.stamp) head.recorded_at = std::max(head.recorded_at, *admission.stamp);
      std::string value = message_bytes(admission.message);
      append_judgement(value, head.recorded_at, judgement);
      batch_.put(records, record_key(batch.stream, head.next_position), value);
      if (judgement.verdict == Verdict::accepted) {
        fresh.emplace_back(identity_key(batch.stream, admission.identity), head.next_position);
      }
      head.counters.add(judgement);
      if (admission.message.offset >= 0) head.next_offset = admission.message.offset + 1;
      placed.push_back({batch.stream, head.next_position, std::move(judgement)});
      ++head.next_position;
    }
    batch_.put(meta, head_key(batch.stream), head_bytes(head));
  }
  // Neighbours in the store are written one after the other: a fifth less work for random ids.
  std::sort(fresh.begin(), fresh.end());
  for (const auto& [key, position] : fresh) batch_.put(identities, key, position_bytes(position));
  TRY_DO(store_->commit(batch_, Durability::synced));
  heads_ = std::move(heads);
  return placed;
}

Status EventLog::set_origin(StreamName stream, StreamOrigin origin) {
  ENSURE(!origins_.contains(stream), "the origin of a stream is said once");
  batch_.clear();
  batch_.put(meta, std::string(origin_prefix) + stream.text(), origin_bytes(origin));
  TRY_DO(store_->commit(batch_, Durability::synced));
  origins_.emplace(stream, std::move(origin));
  return Done{};
}

}  // namespace tiendo

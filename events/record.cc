#include "events/record.h"

#include "events/bytes.h"

namespace tiendo {
namespace {

constexpr uint8_t message_version = 1;
constexpr uint8_t origin_version = 1;
constexpr uint32_t absent_length = 0xffff'ffff;

void put_optional(std::string& out, const std::optional<std::string>& text) {
  if (text) {
    bytes::put_text(out, *text);
  } else {
    bytes::put(out, absent_length);
  }
}

void take_optional(bytes::Taker& taker, std::optional<std::string>& text) {
  const auto length = taker.take<uint32_t>();
  if (length == absent_length) {
    text.reset();
    return;
  }
  const std::string_view raw = taker.raw_bytes(length);
  if (text) {
    text->assign(raw);
  } else {
    text.emplace(raw);
  }
}

void take_message(bytes::Taker& taker, Message& message) {
  message.offset = taker.take_i64();
  message.timestamp_type = static_cast<TimestampType>(taker.take<uint8_t>());
  message.timestamp_ms = taker.take_i64();
  take_optional(taker, message.key);
  const auto header_count = taker.take<uint32_t>();
  message.headers.clear();
  for (uint32_t i = 0; i < header_count && taker.ok(); ++i) {
    Header& header = message.headers.emplace_back();
    header.name = taker.take_text();
    take_optional(taker, header.value);
  }
  take_optional(taker, message.value);
}

// False: not written by us, whatever else the bytes may mean. One record has one form.
bool take_judgement(bytes::Taker& taker, Instant& recorded_at, Judgement& judgement) {
  recorded_at = {taker.take_i64()};
  judgement.verdict = static_cast<Verdict>(taker.take<uint8_t>());
  const auto conflict = taker.take<uint8_t>();
  judgement.conflict = conflict == 1;
  judgement.rules = taker.take<uint16_t>();
  judgement.refusal = {};
  if (judgement.verdict == Verdict::rejected) {
    judgement.refusal.reason = static_cast<Reason>(taker.take<uint8_t>());
    judgement.refusal.field = taker.take_text();
    judgement.refusal.found = taker.take_text();
    judgement.refusal.expected = taker.take_text();
  }
  return conflict <= 1 && judgement.verdict <= Verdict::rejected;
}

}  // namespace

std::string record_key(StreamName stream, uint64_t position) {
  const std::string& name = stream.text();
  std::string key;
  key.reserve(2 + name.size() + 8);
  bytes::put(key, static_cast<uint16_t>(name.size()));
  key.append(name);
  bytes::put(key, position);
  return key;
}

void set_position(std::string& record_key, uint64_t position) {
  record_key.resize(record_key.size() - sizeof position);
  bytes::put(record_key, position);
}

std::string message_bytes(const Message& message) {
  std::string out;
  out.reserve(64 + (message.value ? message.value->size() : 0));
  bytes::put(out, message_version);
  bytes::put_i64(out, message.offset);
  bytes::put(out, static_cast<uint8_t>(message.timestamp_type));
  bytes::put_i64(out, message.timestamp_ms);
  put_optional(out, message.key);
  bytes::put(out, static_cast<uint32_t>(message.headers.size()));
  for (const Header& header : message.headers) {
    bytes::put_text(out, header.name);
    put_optional(out, header.value);
  }
  put_optional(out, message.value);
  return out;
}

void append_judgement(std::string& out, Instant recorded_at, const Judgement& judgement) {
  bytes::put_i64(out, recorded_at.ms);
  bytes::put(out, static_cast<uint8_t>(judgement.verdict));
  bytes::put(out, static_cast<uint8_t>(judgement.conflict ? 1 : 0));
  bytes::put(out, judgement.rules);
  if (judgement.verdict == Verdict::rejected) {
    bytes::put(out, static_cast<uint8_t>(judgement.refusal.reason));
    bytes::put_text(out, judgement.refusal.field);
    bytes::put_text(out, judgement.refusal.found);
    bytes::put_text(out, judgement.refusal.expected);
  }
}

bool parse_record(std::string_view value, Record& record) {
  bytes::Taker taker(value);
  if (taker.take<uint8_t>() != message_version) return false;
  take_message(taker, record.message);
  const bool judged = take_judgement(taker, record.recorded_at, record.judgement);
  const auto reason = static_cast<uint8_t>(record.judgement.refusal.reason);
  return judged && record.message.timestamp_type <= TimestampType::event_time &&
         reason < reason_count && taker.finished();
}

std::string head_bytes(const StreamHead& head) {
  std::string out;
  bytes::put(out, head.next_position);
  bytes::put_i64(out, head.next_offset);
  bytes::put_i64(out, head.recorded_at.ms);
  bytes::put(out, head.counters.accepted);
  bytes::put(out, head.counters.duplicate);
  bytes::put(out, head.counters.conflict);
  for (uint8_t reason = 0; reason < reason_count; ++reason) {
    if (head.counters.rejected[reason] == 0) continue;
    bytes::put(out, reason);
    bytes::put(out, head.counters.rejected[reason]);
  }
  return out;
}

std::optional<StreamHead> parse_head(std::string_view raw) {
  bytes::Taker taker(raw);
  StreamHead head;
  head.next_position = taker.take<uint64_t>();
  head.next_offset = taker.take_i64();
  head.recorded_at = {taker.take_i64()};
  head.counters.accepted = taker.take<uint64_t>();
  head.counters.duplicate = taker.take<uint64_t>();
  head.counters.conflict = taker.take<uint64_t>();
  int last = -1;  // reasons are counted in their order, each once
  while (taker.ok() && !taker.rest().empty()) {
    const auto reason = taker.take<uint8_t>();
    const auto count = taker.take<uint64_t>();
    if (reason >= reason_count || reason <= last || count == 0) return std::nullopt;
    head.counters.rejected[reason] = count;
    last = reason;
  }
  if (!taker.finished()) return std::nullopt;
  return head;
}

std::string origin_bytes(const StreamOrigin& origin) {
  std::string out;
  bytes::put(out, origin_version);
  bytes::put_text(out, origin.cluster);
  return out;
}

std::optional<StreamOrigin> parse_origin(std::string_view raw) {
  bytes::Taker taker(raw);
  if (taker.take<uint8_t>() != origin_version) return std::nullopt;
  StreamOrigin origin{std::string(taker.take_text())};
  if (!taker.finished()) return std::nullopt;
  return origin;
}

}  // namespace tiendo

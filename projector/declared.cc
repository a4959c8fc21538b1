#include "projector/declared.h"

#include "events/bytes.h"
#include "projector/row_bytes.h"

namespace tiendo {
namespace {

// Which of the three a row is of; the first byte of its key.
constexpr char entity_row = 'e';
constexpr char statistic_row = 's';
constexpr char money_row = 'm';

// Of a value's first byte, beside a small number: a record follows.
constexpr uint8_t other_record_flag = 128;

// The first byte of a value, and the record behind it where it is another one than the key's.
void put_head(std::string& out, uint8_t number, const std::optional<OrderKey>& other) {
  bytes::put(out, static_cast<uint8_t>(number | (other ? other_record_flag : 0)));
  if (other) put_order_key_text(out, *other);
}

// None: cannot be read.
std::optional<uint8_t> take_head(bytes::Taker& taker, std::optional<OrderKey>& other) {
  const auto head = taker.take<uint8_t>();
  if ((head & other_record_flag) != 0) {
    std::string_view record = taker.take_text();
    other = take_order_key(record);
    if (!other) return std::nullopt;
  }
  return head & static_cast<uint8_t>(~other_record_flag);
}

std::string prefix_of(char kind, std::string_view name) {
  std::string key(1, kind);
  bytes::put_key_text(key, name);
  return key;
}

std::string prefix_of(char kind, std::string_view name, std::string_view unit) {
  std::string key = prefix_of(kind, name);
  bytes::put_key_text(key, unit);
  return key;
}

void put_scalar(std::string& out, const Scalar& scalar) {
  bytes::put(out, static_cast<uint8_t>(scalar.kind));
  bytes::put_text(out, scalar.text);
}

Scalar take_scalar(bytes::Taker& taker) {
  const auto kind = static_cast<Scalar::Kind>(taker.take<uint8_t>());
  return {kind, std::string(taker.take_text())};
}

}  // namespace

std::string entities_prefix(std::string_view reg) { return prefix_of(entity_row, reg); }

std::string entity_key(const EntityRow& row) {
  std::string key = entities_prefix(row.what.reg);
  put_subject_and_key(key, row.subject, row.said);
  return key;
}

std::string entity_value(const EntityRow& row) {
  std::string value;
  put_head(value, static_cast<uint8_t>(row.what.what),
           row.from == row.said ? std::nullopt : std::optional(row.from));
  bytes::put_i32(value, row.what.effective.number);
  bytes::put_text(value, row.what.entity);
  bytes::put_text(value, row.what.unit);
  bytes::put(value, static_cast<uint32_t>(row.what.flags.size()));
  for (const auto& [flag, scalar] : row.what.flags) {
    bytes::put_text(value, flag);
    put_scalar(value, scalar);
  }
  for (const OrderKey& turn : row.turns) append_order_key(value, turn);
  return value;
}

std::optional<EntityRow> parse_entity(std::string_view key, std::string_view value) {
  const auto place = parse_subject_and_key(key);
  if (!place) return std::nullopt;
  EntityRow row{.subject = place->subject, .said = place->key, .from = place->key};
  bytes::Taker taker(value);
  std::optional<OrderKey> released_by;
  const auto what = take_head(taker, released_by);
  if (!what) return std::nullopt;
  row.what.what = static_cast<EntitySaid::What>(*what);
  if (released_by) row.from = *released_by;
  row.what.effective.number = taker.take_i32();
  row.what.entity = taker.take_text();
  row.what.unit = taker.take_text();
  for (auto count = taker.take<uint32_t>(); count > 0 && taker.ok(); --count) {
    std::string flag(taker.take_text());
    row.what.flags.emplace_back(std::move(flag), take_scalar(taker));
  }
  if (!taker.ok()) return std::nullopt;
  for (std::string_view rest = taker.rest(); !rest.empty();) {
    const auto turn = take_order_key(rest);
    if (!turn) return std::nullopt;
    row.turns.push_back(*turn);
  }
  return row;
}

std::string statistics_prefix(std::string_view statistic, std::string_view unit) {
  return prefix_of(statistic_row, statistic, unit);
}

std::string statistic_key(std::string_view statistic, const StatisticStanding& row) {
  std::string key = statistics_prefix(statistic, row.unit);
  bytes::put_i32(key, row.as_at.number);
  put_subject_and_key(key, row.subject, row.from);
  return key;
}

std::string statistic_value(const StatisticStanding& row) {
  std::string value;
  put_head(value, 0, row.said_by);
  put_optional_decimal(value, row.value);
  return value;
}

std::optional<StatisticStanding> parse_statistic(std::string_view key, std::string_view value) {
  bytes::Taker from_key(key);
  const Day as_at{from_key.take_i32()};
  const auto place = parse_subject_and_key(from_key.rest());
  if (!place) return std::nullopt;
  StatisticStanding row{.from = place->key, .subject = place->subject, .as_at = as_at};
  bytes::Taker taker(value);
  if (!take_head(taker, row.said_by)) return std::nullopt;
  row.value = take_optional_decimal(taker);
  if (!taker.finished()) return std::nullopt;
  return row;
}

std::string money_prefix(std::string_view plan, std::string_view unit) {
  return prefix_of(money_row, plan, unit);
}

std::string money_key(std::string_view plan, const MoneyStanding& row) {
  std::string key = money_prefix(plan, row.unit);
  put_subject_and_key(key, row.subject, row.from);
  return key;
}

std::string money_value(const MoneyStanding& row) {
  std::string value;
  put_head(value, static_cast<uint8_t>(row.is_spent), row.said_by);
  bytes::put_text(value, row.line);
  bytes::put_i32(value, row.year);
  bytes::put_i32(value, row.day.number);
  put_optional_decimal(value, row.amount);
  return value;
}

std::optional<MoneyStanding> parse_money(std::string_view key, std::string_view value) {
  const auto place = parse_subject_and_key(key);
  if (!place) return std::nullopt;
  MoneyStanding row{.from = place->key, .subject = place->subject};
  bytes::Taker taker(value);
  const auto is_spent = take_head(taker, row.said_by);
  if (!is_spent) return std::nullopt;
  row.is_spent = *is_spent != 0;
  row.line = taker.take_text();
  row.year = taker.take_i32();
  row.day.number = taker.take_i32();
  row.amount = take_optional_decimal(taker);
  if (!taker.finished()) return std::nullopt;
  return row;
}

}  // namespace tiendo

// Bytes that rows of several kinds share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "events/bytes.h"
#include "events/ensure.h"
#include "projector/statement.h"

namespace tiendo {

inline void put_order_key_text(std::string& out, const OrderKey& key) {
  std::string text;
  append_order_key(text, key);
  bytes::put_text(out, text);
}

inline OrderKey take_order_key_text(bytes::Taker& taker) {
  std::string_view text = taker.take_text();
  const auto key = take_order_key(text);
  ENSURE(key.has_value(), "a stored order key can be read");
  return *key;
}

inline void put_optional_decimal(std::string& out, const std::optional<Decimal>& value) {
  bytes::put(out, static_cast<uint8_t>(value.has_value()));
  if (value) bytes::put_decimal(out, *value);
}

inline std::optional<Decimal> take_optional_decimal(bytes::Taker& taker) {
  if (taker.take<uint8_t>() == 0) return std::nullopt;
  return taker.take_decimal();
}

// How the keys of most rows end: a subject, then a place in the order of K.
struct SubjectAndKey {
  SubjectKey subject;
  OrderKey key;
};

inline void put_subject_and_key(std::string& out, const SubjectKey& subject, const OrderKey& key) {
  out += subject.bytes();
  append_order_key(out, key);
}

inline std::optional<SubjectAndKey> parse_subject_and_key(std::string_view bytes) {
  if (bytes.size() < 17) return std::nullopt;
  const auto subject = parse_subject_key(bytes.substr(0, 17));
  bytes.remove_prefix(17);
  const auto key = take_order_key(bytes);
  if (!subject || !key || !bytes.empty()) return std::nullopt;
  return SubjectAndKey{*subject, *key};
}

}  // namespace tiendo

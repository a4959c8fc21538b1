// Big-endian bytes of stored rows. Whole numbers with a sign are stored with the sign bit flipped,
// so that rows sort as their numbers do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "events/decimal.h"

namespace tiendo::bytes {

template <class Unsigned>
void put(std::string& out, Unsigned number) {
  for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<uint8_t>(number >> shift)));
  }
}
inline void put_i64(std::string& out, int64_t number) {
  put(out, static_cast<uint64_t>(number) ^ (uint64_t{1} << 63));
}
inline void put_i32(std::string& out, int32_t number) {
  put(out, static_cast<uint32_t>(number) ^ (uint32_t{1} << 31));
}
inline void put_decimal(std::string& out, Decimal value) {
  put(out, static_cast<uint128>(value.units()) ^ (uint128{1} << 127));
}
// The length (u32), then the bytes.
inline void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<uint32_t>(text.size()));
  out.append(text);
}
// For keys: the bytes and a 00 behind them. Ids hold no control characters, so rows sort as the
// ids do and no id is the beginning of another row's.
inline void put_key_text(std::string& out, std::string_view text) {
  out.append(text);
  out.push_back('\0');
}

// Takes numbers and texts off the front of a row. Once something was missing, ok() stays false and
// everything taken is empty.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }

  template <class Unsigned>
  Unsigned take() {
    const std::string_view raw = raw_bytes(sizeof(Unsigned));
    Unsigned number = 0;
    for (const char byte : raw) {
      number = static_cast<Unsigned>((number << (sizeof(Unsigned) > 1 ? 8 : 0)) |
                                     static_cast<uint8_t>(byte));
    }
    return number;
  }
  int64_t take_i64() { return static_cast<int64_t>(take<uint64_t>() ^ (uint64_t{1} << 63)); }
  int32_t take_i32() { return static_cast<int32_t>(take<uint32_t>() ^ (uint32_t{1} << 31)); }
  Decimal take_decimal() {
    return Decimal::from_units(static_cast<int128>(take<uint128>() ^ (uint128{1} << 127)));
  }
  std::string_view take_text() { return raw_bytes(take<uint32_t>()); }
  std::string_view take_key_text() {
    const std::size_t end = rest_.find('\0');
    if (end == std::string_view::npos) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }
  std::string_view raw_bytes(std::size_t count) {
    if (rest_.size() < count) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view raw = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return raw;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace tiendo::bytes

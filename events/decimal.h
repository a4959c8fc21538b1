// Exact decimals: a signed 128-bit whole number of units of 10^-12. Twelve places, so that the
// shares of a split unit stay exact. Nothing here rounds, except the functions whose name says so.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiendo {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

class Decimal {
 public:
  static constexpr int places = 12;
  static constexpr int64_t one_units = 1'000'000'000'000;

  constexpr Decimal() = default;
  static constexpr Decimal from_units(int128 units) { return Decimal(units); }
  static constexpr Decimal whole(int64_t value) { return Decimal(int128{value} * one_units); }

  [[nodiscard]] constexpr int128 units() const { return units_; }
  [[nodiscard]] constexpr bool is_zero() const { return units_ == 0; }

  // The result must be a Decimal, as it always is of amounts of one record; Sum is for more.
  constexpr Decimal& operator+=(Decimal other) {
    units_ += other.units_;
    return *this;
  }
  constexpr Decimal& operator-=(Decimal other) {
    units_ -= other.units_;
    return *this;
  }
  friend constexpr Decimal operator+(Decimal a, Decimal b) { return a += b; }
  friend constexpr Decimal operator-(Decimal a, Decimal b) { return a -= b; }
  friend constexpr Decimal operator-(Decimal a) { return Decimal(-a.units_); }
  friend constexpr auto operator<=>(Decimal, Decimal) = default;

  // The exact text: no trailing zeros, no point where whole ("12.5", "-3", "0").
  [[nodiscard]] std::string text() const;

 private:
  explicit constexpr Decimal(int128 units) : units_(units) {}
  int128 units_ = 0;
};

// A sum of Decimals, however many: 192 bits. The order of adding and taking away makes no
// difference, and a sum that no Decimal holds says so.
class Sum {
 public:
  constexpr Sum() = default;
  constexpr Sum(Decimal value)  // NOLINT(google-explicit-constructor): a sum of one
      : low_(static_cast<uint128>(value.units())), high_(value.units() < 0 ? -1 : 0) {}
  static constexpr Sum from_parts(int64_t high, uint128 low) { return {high, low}; }

  constexpr Sum& operator+=(const Sum& other) {
    low_ += other.low_;
    high_ += other.high_ + (low_ < other.low_ ? 1 : 0);
    return *this;
  }
  constexpr Sum& operator-=(const Sum& other) {
    const bool borrow = low_ < other.low_;
    low_ -= other.low_;
    high_ -= other.high_ + (borrow ? 1 : 0);
    return *this;
  }
  // None: an overflow.
  [[nodiscard]] constexpr std::optional<Decimal> decimal() const {
    const auto units = static_cast<int128>(low_);
    if (high_ != (units < 0 ? -1 : 0)) return std::nullopt;
    return Decimal::from_units(units);
  }
  [[nodiscard]] constexpr bool is_zero() const { return low_ == 0 && high_ == 0; }
  [[nodiscard]] constexpr int64_t high() const { return high_; }
  [[nodiscard]] constexpr uint128 low() const { return low_; }
  friend constexpr bool operator==(const Sum&, const Sum&) = default;

 private:
  constexpr Sum(int64_t high, uint128 low) : low_(low), high_(high) {}
  uint128 low_ = 0;  // two's complement over both
  int64_t high_ = 0;
};

// Why a printed number is no decimal of ours; the names are refusal codes.
enum class NumberFault { none, number_invalid, number_range, number_precision };

struct ParsedDecimal {
  Decimal value;
  NumberFault fault = NumberFault::none;
  bool has_point = false;
};

// Grammar: -?(0|[1-9][0-9]*)(\.[0-9]+)?, not -0; at most 18 digits before and 6 after the point.
// The first fault in the order of the enum is named; `value` is 0 then, and `has_point` is right
// for every text of the grammar.
[[nodiscard]] ParsedDecimal parse_decimal(std::string_view text);

// The sign of a*b - c*d, exactly (256-bit products). Ratios are compared so, never divided.
[[nodiscard]] int compare_products(int128 a, int128 b, int128 c, int128 d);

// 100*n/d for show: two decimals, half away from zero, but never 100.00 for less than 100 and never
// 0.00 for more than 0. When `threshold` (a percentage) is given and n/d does not reach it (or, for
// a `strict` one, pass it), a rounding that would is cut instead, or, for <= and =, where the cut
// one would too, goes up. What no Decimal holds is shown as the largest. d must not be 0.
struct ShownThreshold {
  std::string_view comparator;  // ">=", ">", "<=", "<", "="
  Decimal value;
};
[[nodiscard]] Decimal shown_percentage(Decimal n, Decimal d,
                                       const std::optional<ShownThreshold>& threshold = {});

// A JSON number, or, beyond 15 significant digits, a JSON string of the same text.
[[nodiscard]] std::string json_number(Decimal value);

}  // namespace tiendo

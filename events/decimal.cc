#include "events/decimal.h"

#include <algorithm>
#include <array>
#include <limits>

#include "events/ensure.h"
#include "events/limits.h"

namespace tiendo {
namespace {

constexpr int128 greatest_units = static_cast<int128>(~uint128{0} >> 1);

constexpr uint128 magnitude(int128 value) {
  return value < 0 ? uint128{0} - static_cast<uint128>(value) : static_cast<uint128>(value);
}

constexpr int sign_of(int128 value) { return value < 0 ? -1 : value > 0 ? 1 : 0; }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The length of the run of digits at the start of `text`.
std::size_t digits_at_start(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

struct Wide {
  uint128 high;
  uint128 low;
  friend constexpr auto operator<=>(const Wide&, const Wide&) = default;
};

// 128 x 128 bits in four products of 64 x 64.
constexpr Wide multiply(uint128 a, uint128 b) {
  constexpr uint128 low_half = std::numeric_limits<uint64_t>::max();
  const uint128 low = (a & low_half) * (b & low_half);
  const uint128 left = (a >> 64) * (b & low_half) + (low >> 64);
  const uint128 right = (a & low_half) * (b >> 64) + (left & low_half);
  return {(a >> 64) * (b >> 64) + (left >> 64) + (right >> 64), (right << 64) | (low & low_half)};
}

bool fits_64_bits(int128 value) { return value == static_cast<int64_t>(value); }

// Moves the next decimal digit of rest / divisor out of `rest`. Doubling and adding never leave
// 128 bits, because rest < divisor <= 2^127.
int next_digit(uint128& rest, uint128 divisor) {
  constexpr std::array<bool, 4> ten_in_bits = {true, false, true, false};
  int digit = 0;
  uint128 left = 0;
  for (const bool bit : ten_in_bits) {
    digit *= 2;
    for (const uint128 addend : {left, bit ? rest : uint128{0}}) {
      left += addend;
      if (left >= divisor) {
        left -= divisor;
        ++digit;
      }
    }
  }
  rest = left;
  return digit;
}

// The size of 100*n/d in hundredths, cut, and what was cut off.
struct Hundredths {
  int128 cut = 0;
  bool exact = true;
  bool half_or_more = false;
};

constexpr int128 units_in_a_hundredth = Decimal::one_units / 100;
constexpr int128 hundredths_max = greatest_units / units_in_a_hundredth - 1;

Hundredths hundredths_of(uint128 n, uint128 d) {
  uint128 cut = n / d;
  uint128 rest = n % d;
  if (cut >= static_cast<uint128>(hundredths_max) / 10'000) return {hundredths_max};
  for (int place = 0; place < 4; ++place) {
    cut = cut * 10 + static_cast<uint128>(next_digit(rest, d));
  }
  return {static_cast<int128>(cut), rest == 0, rest >= d - rest};
}

// Whether a comparison that came out as `order` (-1, 0, 1) is what `comparator` asks for.
bool satisfies(int order, std::string_view comparator) {
  if (comparator == ">=") return order >= 0;
  if (comparator == ">") return order > 0;
  if (comparator == "<=") return order <= 0;
  if (comparator == "<") return order < 0;
  ENSURE(comparator == "=", "a threshold has one of the five comparators");
  return order == 0;
}

int compare(Decimal a, Decimal b) { return a < b ? -1 : a > b ? 1 : 0; }

// 100*n/d against `percentage`.
int compare_percentage(Decimal n, Decimal d, Decimal percentage) {
  constexpr int128 hundred = int128{100} * Decimal::one_units;
  const int order = compare_products(n.units(), hundred, percentage.units(), d.units());
  return d.units() < 0 ? -order : order;
}

}  // namespace

std::string Decimal::text() const {
  std::array<char, 48> buffer;
  char* const end = buffer.data() + buffer.size();
  char* start = end;
  uint128 rest = magnitude(units_);
  for (int place = 0; place < places; ++place, rest /= 10) {
    const auto digit = static_cast<int>(rest % 10);
    if (digit != 0 || start != end) *--start = static_cast<char>('0' + digit);
  }
  if (start != end) *--start = '.';
  do {
    *--start = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  if (units_ < 0) *--start = '-';
  return {start, end};
}

ParsedDecimal parse_decimal(std::string_view text) {
  ParsedDecimal parsed;
  parsed.fault = NumberFault::number_invalid;
  const bool negative = text.starts_with('-');
  std::string_view rest = text.substr(negative ? 1 : 0);
  const std::string_view whole = rest.substr(0, digits_at_start(rest));
  if (whole.empty() || (whole.size() > 1 && whole[0] == '0') || text == "-0") return parsed;
  rest.remove_prefix(whole.size());

  const bool has_point = rest.starts_with('.');
  const std::string_view fraction = has_point ? rest.substr(1) : std::string_view();
  if (digits_at_start(fraction) != fraction.size() || has_point == fraction.empty()) return parsed;
  if (!has_point && !rest.empty()) return parsed;

  parsed.has_point = has_point;
  if (whole.size() > limits::decimal_whole_digits_max) {
    parsed.fault = NumberFault::number_range;
    return parsed;
  }
  if (fraction.size() > limits::decimal_fraction_digits_max) {
    parsed.fault = NumberFault::number_precision;
    return parsed;
  }
  int64_t whole_value = 0;
  for (const char c : whole) whole_value = whole_value * 10 + (c - '0');
  int64_t fraction_units = 0;
  for (const char c : fraction) fraction_units = fraction_units * 10 + (c - '0');
  for (auto place = fraction.size(); place < Decimal::places; ++place) fraction_units *= 10;
  const int128 units = int128{whole_value} * Decimal::one_units + fraction_units;
  parsed.value = Decimal::from_units(negative ? -units : units);
  parsed.fault = NumberFault::none;
  return parsed;
}

int compare_products(int128 a, int128 b, int128 c, int128 d) {
  if (fits_64_bits(a) && fits_64_bits(b) && fits_64_bits(c) && fits_64_bits(d)) {
    const int128 left = a * b;
    const int128 right = c * d;
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const int left_sign = sign_of(a) * sign_of(b);
  const int right_sign = sign_of(c) * sign_of(d);
  if (left_sign != right_sign) return left_sign < right_sign ? -1 : 1;
  const Wide left = multiply(magnitude(a), magnitude(b));
  const Wide right = multiply(magnitude(c), magnitude(d));
  if (left == right) return 0;
  return left < right ? -left_sign : left_sign;
}

Decimal shown_percentage(Decimal n, Decimal d, const std::optional<ShownThreshold>& threshold) {
  ENSURE(!d.is_zero(), "a percentage needs a denominator other than 0");
  const int sign = sign_of(n.units()) * sign_of(d.units());
  const Hundredths size = hundredths_of(magnitude(n.units()), magnitude(d.units()));
  const auto shown = [sign](int128 hundredths) {
    return Decimal::from_units(sign * hundredths * units_in_a_hundredth);
  };
  const Decimal cut = shown(size.cut);
  if (size.exact) return cut;

  const Decimal away = shown(size.cut + 1);
  const bool under_hundred = compare_percentage(n, d, Decimal::whole(100)) < 0;
  const bool meets =
      !threshold || satisfies(compare_percentage(n, d, threshold->value), threshold->comparator);
  const auto misleads = [&](Decimal candidate) {
    if (candidate == Decimal::whole(100) && under_hundred) return true;
    if (candidate.is_zero() && sign > 0) return true;
    return !meets && satisfies(compare(candidate, threshold->value), threshold->comparator);
  };
  const Decimal rounded = size.half_or_more ? away : cut;
  if (!misleads(rounded)) return rounded;
  const Decimal other = size.half_or_more ? cut : away;
  // Where both neighbours would mislead (0.004 against >= 0.01), the smaller one claims less.
  return misleads(other) ? cut : other;
}

std::string json_number(Decimal value) {
  // The 0 of 0.5 is no significant digit, but with 12 places it can never be the one too many.
  constexpr int significant_digits_max = 15;
  std::string text = value.text();
  const auto printed_digits = std::count_if(text.begin(), text.end(), is_digit);
  return printed_digits > significant_digits_max ? '"' + text + '"' : text;
}

}  // namespace tiendo

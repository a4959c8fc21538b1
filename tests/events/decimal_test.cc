#include "events/decimal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <random>
#include <string>
#include <vector>

namespace tiendo {
namespace {

// The obvious model: integers without end. Written in decimal, so that no code is shared.
using Big = boost::multiprecision::cpp_int;

constexpr int128 greatest = static_cast<int128>(~uint128{0} >> 1);
constexpr int128 least = -greatest - 1;

Big big(int128 value) {
  const bool negative = value < 0;
  uint128 rest = negative ? uint128{0} - static_cast<uint128>(value) : static_cast<uint128>(value);
  Big result = 0;
  Big weight = 1;
  for (; rest != 0; rest >>= 32, weight *= Big(4'294'967'296)) {
    result += weight * static_cast<uint32_t>(rest & 0xFFFFFFFF);
  }
  return negative ? -result : result;
}

int sign_of(const Big& value) { return value < 0 ? -1 : value > 0 ? 1 : 0; }

Decimal decimal(std::string_view text) {
  const auto parsed = parse_decimal(text);
  EXPECT_EQ(parsed.fault, NumberFault::none) << text;
  return parsed.value;
}

// Numbers of every size, with the edges among them more often than chance would have it.
int128 some_int128(std::mt19937_64& random) {
  constexpr std::array<int128, 9> edges = {
      0, 1, -1, greatest, least, greatest - 1, least + 1, int128{1} << 64, -(int128{1} << 63)};
  if (random() % 4 == 0) return edges[random() % edges.size()];
  const auto bits = static_cast<int>(random() % 128);
  const uint128 wide = (uint128{random()} << 64) | random();
  return static_cast<int128>(wide) >> bits;
}

TEST(Decimal, PrintsExactlyWithoutTrailingZeros) {
  EXPECT_EQ(Decimal().text(), "0");
  EXPECT_EQ(Decimal::whole(-3).text(), "-3");
  EXPECT_EQ(Decimal::whole(1'000).text(), "1000");
  EXPECT_EQ(decimal("12.50").text(), "12.5");
  EXPECT_EQ(decimal("-0.000001").text(), "-0.000001");
  EXPECT_EQ(Decimal::from_units(1).text(), "0.000000000001");
  EXPECT_EQ(Decimal::from_units(-Decimal::one_units - 1).text(), "-1.000000000001");
  EXPECT_EQ(Decimal::from_units(greatest).text(), "170141183460469231731687303.715884105727");
  EXPECT_EQ(Decimal::from_units(least).text(), "-170141183460469231731687303.715884105728");
}

TEST(Decimal, AddsWithoutRounding) { EXPECT_EQ(decimal("0.1") + decimal("0.2"), decimal("0.3")); }

TEST(ParseDecimal, ReadsTheGrammar) {
  EXPECT_EQ(decimal("0").units(), 0);
  EXPECT_EQ(decimal("-1"), Decimal::whole(-1));
  EXPECT_EQ(decimal("2.5").units(), int128{2'500'000'000'000});
  EXPECT_EQ(decimal("-0.25").units(), int128{-250'000'000'000});
  EXPECT_EQ(decimal("1.000"), Decimal::whole(1));
  EXPECT_EQ(decimal("0.0"), Decimal());
  EXPECT_EQ(decimal("-0.0"), Decimal());  // only -0 itself is refused
}

TEST(ParseDecimal, RefusesWhatIsOutsideTheGrammar) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv,           "-"sv,
                          "+1"sv,         "-0"sv,
                          "00"sv,         "007"sv,
                          "-01"sv,        ".5"sv,
                          "1."sv,         "-.5"sv,
                          "1,5"sv,        "1e3"sv,
                          "1E3"sv,        "1.5e1"sv,
                          " 1"sv,         "1 "sv,
                          "1.2.3"sv,      "1.-2"sv,
                          "--1"sv,        "0x1"sv,
                          "NaN"sv,        "1\0"sv,
                          "1_000"sv,      "\u0661"sv,
                          "01.1234567"sv, "1234567890123456789."sv}) {
    EXPECT_EQ(parse_decimal(text).fault, NumberFault::number_invalid) << text;
  }
}

TEST(ParseDecimal, TakesEighteenDigitsBeforeThePointAndNotNineteen) {
  EXPECT_EQ(decimal("999999999999999999.999999").text(), "999999999999999999.999999");
  EXPECT_EQ(decimal("-999999999999999999.999999").text(), "-999999999999999999.999999");
  EXPECT_EQ(parse_decimal("1000000000000000000").fault, NumberFault::number_range);
  EXPECT_EQ(parse_decimal("-1000000000000000000").fault, NumberFault::number_range);
}

TEST(ParseDecimal, TakesSixDigitsAfterThePointAndNotSeven) {
  EXPECT_EQ(decimal("0.000001").units(), 1'000'000);
  EXPECT_EQ(parse_decimal("0.0000001").fault, NumberFault::number_precision);
  EXPECT_EQ(parse_decimal("1.0000000").fault, NumberFault::number_precision);
}

TEST(ParseDecimal, NamesRangeBeforePrecision) {
  EXPECT_EQ(parse_decimal("1234567890123456789.1234567").fault, NumberFault::number_range);
}

TEST(ParseDecimal, SaysWhetherThereIsAPointWheneverTheGrammarHolds) {
  EXPECT_FALSE(parse_decimal("1000").has_point);
  EXPECT_TRUE(parse_decimal("1.000").has_point);
  EXPECT_TRUE(parse_decimal("1.0000000").has_point);
  EXPECT_TRUE(parse_decimal("1234567890123456789.5").has_point);
  EXPECT_FALSE(parse_decimal("1,5").has_point);
}

TEST(ParseDecimal, AgreesWithTheModelOnRandomNumbers) {
  constexpr uint64_t seed = 20'241'101;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 50'000; ++round) {
    const auto whole = random() % 1'000'000'000'000'000'000 >> random() % 60;
    auto fraction = std::to_string(random() % 1'000'000);
    fraction.insert(0, 6 - fraction.size(), '0');
    fraction.resize(random() % 7);
    const bool negative = random() % 2 == 0 && whole != 0;
    const auto text = std::string(negative ? "-" : "") + std::to_string(whole) +
                      (fraction.empty() ? fraction : std::string(".") + fraction);
    auto padded = fraction;
    padded.resize(Decimal::places, '0');
    Big units = Big(whole) * Decimal::one_units + std::stoll(padded);
    if (negative) units = -units;
    const Decimal value = decimal(text);
    ASSERT_EQ(big(value.units()), units) << text;
    auto trimmed = text;
    if (!fraction.empty()) {
      trimmed.erase(trimmed.find_last_not_of('0') + 1);
      if (trimmed.back() == '.') trimmed.pop_back();
    }
    ASSERT_EQ(value.text(), trimmed) << text;
  }
}

TEST(CompareProducts, IsExactAtTheExtremes) {
  EXPECT_EQ(compare_products(least, least, greatest, greatest), 1);
  EXPECT_EQ(compare_products(least, greatest, greatest, least), 0);
  EXPECT_EQ(compare_products(greatest, greatest, greatest, greatest - 1), 1);
  EXPECT_EQ(compare_products(greatest, least, least, least), -1);
  EXPECT_EQ(compare_products(0, least, greatest, 0), 0);
  EXPECT_EQ(compare_products(-1, greatest, 0, least), -1);
  // 2^64 * 2^64 against (2^64 - 1) * (2^64 + 1): they differ by one.
  constexpr int128 two_64 = int128{1} << 64;
  EXPECT_EQ(compare_products(two_64, two_64, two_64 - 1, two_64 + 1), 1);
}

TEST(CompareProducts, AgreesWithTheModelOnRandomNumbers) {
  constexpr uint64_t seed = 77;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  int equal = 0;
  for (int round = 0; round < 100'000; ++round) {
    const int128 a = some_int128(random);
    const int128 b = some_int128(random);
    const int128 c = random() % 8 == 0 ? b : some_int128(random);
    const int128 d = c == b && random() % 2 == 0 ? a : some_int128(random);
    const int expected = sign_of(big(a) * big(b) - big(c) * big(d));
    ASSERT_EQ(compare_products(a, b, c, d), expected) << round;
    equal += expected == 0 ? 1 : 0;
  }
  EXPECT_GT(equal, 1'000);
}

std::string shown(std::string_view n, std::string_view d) {
  return shown_percentage(decimal(n), decimal(d)).text();
}

std::string shown(std::string_view n, std::string_view d, std::string_view comparator,
                  std::string_view target) {
  return shown_percentage(decimal(n), decimal(d), ShownThreshold{comparator, decimal(target)})
      .text();
}

TEST(ShownPercentage, RoundsHalfAwayFromZero) {
  EXPECT_EQ(shown("2", "3"), "66.67");
  EXPECT_EQ(shown("1", "3"), "33.33");
  EXPECT_EQ(shown("1", "2"), "50");
  EXPECT_EQ(shown("12345", "100000"), "12.35");
  EXPECT_EQ(shown("-12345", "100000"), "-12.35");
  EXPECT_EQ(shown("12345", "-100000"), "-12.35");
  EXPECT_EQ(shown("60", "400"), "15");
  EXPECT_EQ(shown("0", "7"), "0");
  EXPECT_EQ(shown("3", "2"), "150");
}

TEST(ShownPercentage, NeverShowsHundredForLess) {
  EXPECT_EQ(shown("25000", "25000"), "100");
  EXPECT_EQ(shown("24999", "25000"), "99.99");
  EXPECT_EQ(shown("249999", "250000"), "99.99");
  EXPECT_EQ(shown("999999999999999998", "999999999999999999"), "99.99");
  EXPECT_EQ(shown("100001", "100000"), "100");
}

TEST(ShownPercentage, NeverShowsZeroForMore) {
  EXPECT_EQ(shown("1", "999999999999999999"), "0.01");
  EXPECT_EQ(shown("-1", "999999999999999999"), "0");
}

TEST(ShownPercentage, NeverMeetsATargetThatTheExactFigureMisses) {
  EXPECT_EQ(shown("79996", "100000"), "80");
  EXPECT_EQ(shown("79996", "100000", ">=", "80"), "79.99");
  EXPECT_EQ(shown("80006", "100000", ">=", "80"), "80.01");
  EXPECT_EQ(shown("79996", "100000", "=", "80"), "79.99");
  EXPECT_EQ(shown("80004", "100000", "=", "80"), "80.01");
  EXPECT_EQ(shown("80004", "100000", "<=", "80"), "80.01");
  EXPECT_EQ(shown("79996", "100000", ">", "79.999"), "79.99");
  EXPECT_EQ(shown("5", "100", "<", "5"), "5");
  EXPECT_EQ(shown("-79996", "-100000", ">=", "80"), "79.99");
  EXPECT_EQ(shown("80006", "-100000", "<=", "80"), "-80.01");
  // No two decimals tell the truth about 0.004 against 0.01: the smaller claims less.
  EXPECT_EQ(shown("4", "100000", ">=", "0.01"), "0");
}

TEST(ShownPercentage, StopsAtTheLargestDecimal) {
  const Decimal top = shown_percentage(Decimal::from_units(greatest), Decimal::from_units(1));
  EXPECT_GT(top, Decimal::whole(100));
  EXPECT_EQ(shown_percentage(Decimal::from_units(least), Decimal::from_units(1)), -top);
  EXPECT_EQ(shown_percentage(Decimal::from_units(1), Decimal::from_units(least)).text(), "0");
  EXPECT_EQ(shown_percentage(Decimal::from_units(greatest - 1), Decimal::from_units(greatest)),
            decimal("99.99"));
}

bool satisfies(const Big& order, std::string_view comparator) {
  if (comparator == ">=") return order >= 0;
  if (comparator == ">") return order > 0;
  if (comparator == "<=") return order <= 0;
  return comparator == "<" ? order < 0 : order == 0;
}

// The rules of the page, each for itself, on integers without end.
TEST(ShownPercentage, KeepsEveryRuleOnRandomFigures) {
  constexpr uint64_t seed = 4'242;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> comparators = {">=", ">", "<=", "<", "="};
  int moved = 0;
  for (int round = 0; round < 50'000; ++round) {
    const auto factor = [&random] { return int128{random() >> (1 + random() % 62)}; };
    const int128 d = factor() * factor() / 10'000 + 2;
    const auto near = static_cast<int64_t>(random() % 10'001);
    const int128 n = d / 10'000 * near + static_cast<int64_t>(random() % 5) - 2;
    const auto target = Decimal::from_units(int128{near} * (Decimal::one_units / 100));
    const std::string& comparator = comparators[random() % comparators.size()];
    const Decimal figure = shown_percentage(Decimal::from_units(n), Decimal::from_units(d),
                                            ShownThreshold{comparator, target});

    const Big scaled = big(n) * 100 * Decimal::one_units;  // exact figure x d, in units
    const Big error = big(figure.units()) * big(d) - scaled;
    const Big hundredth = Big(Decimal::one_units) / 100 * big(d);
    const bool exact_meets = satisfies(scaled - big(target.units()) * big(d), comparator);
    const bool shown_meets = satisfies(big(figure.units()) - big(target.units()), comparator);
    const bool is_nearest = 2 * abs(error) <= hundredth;
    ASSERT_EQ(figure.units() % (Decimal::one_units / 100), 0);
    ASSERT_LT(abs(error), hundredth);
    ASSERT_FALSE(shown_meets && !exact_meets && near > 1 && near < 9'999);
    ASSERT_FALSE(figure == Decimal::whole(100) && n < d);
    moved += is_nearest ? 0 : 1;
    if (is_nearest) continue;
    const Decimal plain = figure + Decimal::from_units(error < 0 ? Decimal::one_units / 100
                                                                 : -Decimal::one_units / 100);
    const bool plain_meets = satisfies(big(plain.units()) - big(target.units()), comparator);
    const bool plain_misleads = (plain_meets && !exact_meets) || (plain.is_zero() && n > 0) ||
                                (plain == Decimal::whole(100) && n < d);
    ASSERT_TRUE(plain_misleads);
  }
  EXPECT_GT(moved, 1'000);
}

TEST(SumTest, HoldsWhatNoDecimalHoldsAndComesBackExactly) {
  const Decimal largest = Decimal::from_units(greatest);
  const Decimal unit = Decimal::from_units(1);
  Sum sum = largest;
  EXPECT_EQ(sum.decimal(), largest);
  sum += unit;
  EXPECT_EQ(sum.decimal(), std::nullopt);
  for (int i = 0; i < 1'000; ++i) sum += largest;
  EXPECT_EQ(sum.decimal(), std::nullopt);
  for (int i = 0; i < 1'000; ++i) sum -= largest;
  sum -= unit;
  EXPECT_EQ(sum.decimal(), largest);
  sum -= largest;
  EXPECT_TRUE(sum.is_zero());
}

TEST(SumTest, HoldsTheSmallestDecimalAndNoSmallerOne) {
  const Decimal smallest = Decimal::from_units(-greatest - 1);
  Sum sum = smallest;
  EXPECT_EQ(sum.decimal(), smallest);
  sum -= Decimal::from_units(1);
  EXPECT_EQ(sum.decimal(), std::nullopt);
  sum += Decimal::from_units(1);
  EXPECT_EQ(sum.decimal(), smallest);
}

TEST(SumTest, IsTheSameInAnyOrder) {
  std::mt19937_64 random(7);
  std::vector<Decimal> amounts;
  for (int i = 0; i < 200; ++i) {
    const auto high = static_cast<int128>(static_cast<int64_t>(random()));
    amounts.push_back(Decimal::from_units(high << 63));
  }
  const auto total = [&] {
    Sum sum;
    for (const Decimal amount : amounts) sum += amount;
    return sum;
  };
  const Sum first = total();
  std::shuffle(amounts.begin(), amounts.end(), random);
  EXPECT_EQ(total(), first);
  Sum back = first;
  for (const Decimal amount : amounts) back -= amount;
  EXPECT_TRUE(back.is_zero());
}

TEST(JsonNumber, IsATextBeyondFifteenSignificantDigits) {
  EXPECT_EQ(json_number(decimal("123456789012345")), "123456789012345");
  EXPECT_EQ(json_number(decimal("1234567890123456")), "\"1234567890123456\"");
  EXPECT_EQ(json_number(decimal("-123456789.012345")), "-123456789.012345");
  EXPECT_EQ(json_number(decimal("-1234567890.012345")), "\"-1234567890.012345\"");
  EXPECT_EQ(json_number(Decimal::from_units(1)), "0.000000000001");
  EXPECT_EQ(json_number(Decimal::from_units(123'456'789'012)), "0.123456789012");
  EXPECT_EQ(json_number(Decimal()), "0");
  EXPECT_EQ(json_number(Decimal::from_units(greatest)),
            "\"170141183460469231731687303.715884105727\"");
}

}  // namespace
}  // namespace tiendo

// Parts of an amount that is divided by shares.
#include "projector/portion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace tiendo {
namespace {

// "0.4 0.6*": a division, and which of its parts count.
Portion portion(const std::string& text) {
  auto shares = std::make_shared<Shares>();
  std::vector<bool> counted;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    std::string one = text.substr(at, end - at);
    counted.push_back(one.back() == '*');
    if (counted.back()) one.pop_back();
    shares->push_back(parse_decimal(one).value);
    at = end + 1;
  }
  return Portion(std::move(shares), std::move(counted));
}

TEST(Portion, PartsAddUpAndTheLargestRestsGetWhatIsLeft) {
  const auto shares = std::vector<Decimal>{parse_decimal("0.5").value, parse_decimal("0.3").value,
                                           parse_decimal("0.2").value};
  const auto text = [](const std::vector<Decimal>& parts) {
    std::string all;
    for (const Decimal part : parts) all += part.text() + " ";
    return all;
  };
  EXPECT_EQ(text(divide(Decimal::whole(9), shares)), "4.5 2.7 1.8 ");  // E14
  EXPECT_EQ(text(divide(Decimal::from_units(3), shares)),
            "0.000000000001 0.000000000001 0.000000000001 ");
  EXPECT_EQ(text(divide(Decimal::from_units(-3), shares)),
            "-0.000000000001 -0.000000000001 -0.000000000001 ");
  std::mt19937_64 dice(7);
  for (int i = 0; i < 1000; ++i) {
    const auto amount = Decimal::from_units(static_cast<int128>(dice()) * 1'000'003 - 7);
    const auto first = Decimal::from_units(static_cast<int64_t>(dice() % 1'000'000'000'000));
    const auto parts = divide(amount, {first, Decimal::whole(1) - first});
    ASSERT_EQ(parts[0] + parts[1], amount) << i;
  }
}

TEST(Portion, OfOneDivisionWhatCountsOfBothAndOfEitherIsPartByPart) {
  const Portion first = portion("0.2* 0.3* 0.5");
  const Portion second = portion("0.2 0.3* 0.5*");
  EXPECT_EQ(first.met(second), portion("0.2 0.3* 0.5"));
  EXPECT_TRUE(first.joined(second).is_whole());
  EXPECT_TRUE(portion("0.2* 0.3 0.5").met(portion("0.2 0.3 0.5*")).is_nothing());
}

// A later division divides parts of the earlier one further, in their order.
TEST(Portion, ADivisionThatGoesFurtherIsLaidOverTheOther) {
  const Portion early = portion("0.4 0.6*");
  EXPECT_EQ(early.met(portion("0.4 0.3* 0.3")).of(Decimal::whole(5)).text(), "1.5");
  EXPECT_EQ(early.met(portion("0.1 0.3* 0.6*")).share().text(), "0.6");
  EXPECT_EQ(early.met(portion("0.1 0.3* 0.6")).share().text(), "0");
  EXPECT_EQ(early.joined(portion("0.1 0.3* 0.6")).share().text(), "0.9");
  EXPECT_EQ(early.met(portion("0.5* 0.5")).share().text(), "0.1") << "not made of those parts";
}

TEST(Portion, TheWholeAndNothingLeaveTheOtherAsItIs) {
  const Portion some = portion("0.4 0.6*");
  EXPECT_EQ(Portion().met(some), some);
  EXPECT_EQ(some.met(Portion()), some);
  EXPECT_EQ(some.joined(Portion::nothing()), some);
  EXPECT_EQ(Portion::nothing().joined(some), some);
  EXPECT_TRUE(some.joined(Portion()).is_whole());
  EXPECT_TRUE(some.met(Portion::nothing()).is_nothing());
  EXPECT_EQ(Portion::nothing().of(Decimal::whole(7)), Decimal());
}

}  // namespace
}  // namespace tiendo

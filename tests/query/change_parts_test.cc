#include "query/change_parts.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

Figure ratio(int64_t n, int64_t d) {
  return {.numerator = Decimal::whole(n), .denominator = Decimal::whole(d)};
}
Figure amount(int64_t value) { return {.value = Decimal::whole(value)}; }
Figure nothing() { return {.no_data = "nothing_said"}; }

// "late 33.34 (100/3) 1/0, registration -16.67 (-50/3) 0/1"
std::string text(const ChangeParts& parts) {
  const auto number = [](const std::optional<Decimal>& one) { return one ? one->text() : "-"; };
  std::string out;
  for (const ChangePart& part : parts.parts) {
    const FigureDifference& difference = part.difference;
    out += (out.empty() ? "" : ", ") + std::string(part.cause) + " " + number(difference.shown);
    if (!difference.exact.empty()) out += " (" + difference.exact + ")";
    if (!difference.numerator) continue;
    out += " " + number(difference.numerator) + "/" + number(difference.denominator);
  }
  return out;
}

TEST(ChangeParts, OfASumAreItsMarginalChangesByCause) {
  const ChangeParts parts =
      parts_of(amount(150),
               {{"correction", amount(180)}, {"late", amount(190)}, {"correction", amount(185)}});
  EXPECT_EQ(text(parts), "correction 25, late 10");
  EXPECT_EQ(parts.parts[0].steps, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(parts.whole.shown, Decimal::whole(35));
}

// E43: 33.34 (exact 33 1/3) and -16.67 (exact -16 2/3) of 16.67; the rests are equal, to the first.
TEST(ChangeParts, OfAPercentageAreSharedOutByLargestRemainder) {
  const ChangeParts parts =
      parts_of(ratio(1, 3), {{"late", ratio(2, 3)}, {"registration", ratio(2, 4)}});
  EXPECT_EQ(text(parts), "late 33.34 (100/3) 1/0, registration -16.67 (-50/3) 0/1");
  EXPECT_EQ(parts.whole.shown->text(), "16.67");
  EXPECT_EQ(parts.whole.exact, "50/3");
}

// 99,999 of 100,000 is shown as 99.99 and 1 of 100,000 as 0.01: 99.98, though it is 99.998 exactly.
TEST(ChangeParts, AddUpToWhatIsShownWhereShowingCuts) {
  const ChangeParts parts = parts_of(ratio(1, 100'000), {{"late", ratio(99'999, 100'000)}});
  EXPECT_EQ(text(parts), "late 99.98 (49999/500) 99998/0");
}

TEST(ChangeParts, CountNoDataBetweenDataAsNothing) {
  EXPECT_EQ(text(parts_of(amount(40), {{"returned", nothing()}, {"again", amount(45)}})),
            "returned -40, again 45");
  EXPECT_EQ(text(parts_of(ratio(40, 50), {{"returned", nothing()}, {"again", ratio(45, 60)}})),
            "returned -80 (-80) -40/-50, again 75 (75) 45/60");
}

TEST(ChangeParts, AreNotSplitWhereAnEndHasNoData) {
  EXPECT_EQ(text(parts_of(nothing(), {{"new", ratio(40, 50)}})), "new - 40/50");
  EXPECT_EQ(text(parts_of(amount(3), {{"returned", nothing()}})), "returned -");
  EXPECT_EQ(text(parts_of(amount(3), {{"definition", ratio(1, 2)}})), "definition - 1/2");
}

TEST(ChangeParts, OfNothingAreNone) {
  const ChangeParts parts = parts_of(ratio(1, 3), {});
  EXPECT_TRUE(parts.parts.empty());
  EXPECT_EQ(parts.whole.shown, Decimal());
}

// 2,000 steps over denominators that share nothing: exact all the same.
TEST(ChangeParts, StayExactOverManyDenominators) {
  std::vector<CausedStep> steps;
  for (int64_t i = 0; i < 2'000; ++i) {
    steps.push_back({i % 2 == 0 ? "even" : "odd", ratio(i, 1'000'003 + 2 * i)});
  }
  const ChangeParts parts = parts_of(ratio(1, 3), steps);
  EXPECT_EQ(*parts.parts[0].difference.shown + *parts.parts[1].difference.shown,
            *parts.whole.shown);
  EXPECT_EQ(parts.parts[0].difference.exact, "");
}

}  // namespace
}  // namespace tiendo

#include "query/breakdown.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

constexpr unsigned seed = 20240310;

// Goal: rows of counts, sums and shares add up to the figure, whatever the tree and the breakdown.
// Method: random activities of units that move and begin late.
class RandomBreakdown : public ::testing::Test {
 protected:
  RandomBreakdown() : random_(seed) {
    world_.unit("N", "commune", "D2", "2024-03-15");
    world_.say("ref", "2024-01-02T08:00:00+07:00", "unit.moved",
               R"({"unit":"C2","parent":"D2","effective":"2024-03-10"})");
    world_.say("ref", "2024-01-02T08:00:00+07:00", "unit.moved",
               R"({"unit":"C1","parent":"C3","effective":"2024-03-20"})");
    for (int i = 0; i < 200; ++i) {
      const char* units[] = {"P", "D1", "D2", "C1", "C2", "C3", "N"};
      const char* more[] = {"", R"(,"topics":["green"])", R"(,"pillar":"x","topics":["green"])",
                            R"(,"pillar":"y")"};
      world_.record(
          "2024-06-01T08:00:00+07:00", "a" + std::to_string(i), units[random_() % 7],
          to_text(Day{parse_day("2024-02-20")->number + static_cast<int>(random_() % 60)}),
          static_cast<int>(random_() % 9), more[random_() % 4]);
    }
  }

  void expect_sum(const Answer& answer, const char* part, const std::string& target) {
    if (answer.json[part].is_null()) return;
    int64_t sum = 0;
    for (const auto& row : answer.json["rows"]) {
      if (!row[part].is_null()) sum += row[part].get<int64_t>();
    }
    EXPECT_EQ(sum, answer.json[part].get<int64_t>()) << part << " of " << target;
  }

  std::mt19937 random_;
  SmallWorld world_;
};

TEST_F(RandomBreakdown, AddsUp) {
  for (const char* indicator : {"acts", "visits", "green", "at_district"}) {
    for (const char* unit : {"P", "D1", "D2", "C3"}) {
      for (const char* by : {"unit", "level", "period", "pillar"}) {
        for (const char* more : {"", "&of=own", "&tree=current", "&tree=2024-03-01",
                                 "&tree=2024-03-12", "&as_of=ref@7"}) {
          const std::string target =
              std::string("/v1/rollups?plan=p&period=2024-02-25..2024-04-02") +
              "&indicator=" + indicator + "&unit=" + unit + "&by=" + by + more;
          const Answer answer = world_.get(target);
          ASSERT_EQ(answer.status, 200) << answer.body;
          // The value of a ratio is a percentage; its parts are what adds up.
          if (std::string_view(indicator) != "green") expect_sum(answer, "value", target);
          expect_sum(answer, "numerator", target);
          expect_sum(answer, "denominator", target);
        }
      }
    }
  }
}

TEST(Breakdown, OfANameItKnows) {
  for (const auto by :
       {BreakdownBy::unit, BreakdownBy::level, BreakdownBy::period, BreakdownBy::pillar}) {
    EXPECT_EQ(parse_breakdown(name_of(by)), by);
  }
  EXPECT_EQ(parse_breakdown("Unit"), std::nullopt);
}

}  // namespace
}  // namespace tiendo

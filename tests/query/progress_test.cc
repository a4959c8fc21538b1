#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

nlohmann::json target(const Answer& answer, std::string_view id) {
  for (const auto& one : answer.json["targets"]) {
    if (one["target_id"] == id) return one;
  }
  return {};
}

TEST(Progress, ListsEveryTargetWithItsFigure) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
  world.record("2024-03-12T08:00:00+07:00", "a2", "C1", "2024-03-11", 50);
  const Answer answer = world.get("/v1/plans/p/progress?period=2024");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json["unit"], "P");
  EXPECT_EQ(answer.json["last"], "2024-12-31");
  ASSERT_EQ(answer.json["targets"].size(), 4U);
  const auto visits = target(answer, "T1");
  EXPECT_EQ(visits["value"], 750);
  EXPECT_EQ(visits["target"], 9000);
  EXPECT_EQ(visits["status"], "not_met");
  EXPECT_EQ(visits["met"], false);
  EXPECT_EQ(visits["unit_of_measure"], "visits");
  EXPECT_EQ(visits["contributors"], 2);
  EXPECT_EQ(visits["ref"], "I.1");
}

// E31: the sum of 6 does not help the district that has one.
TEST(Progress, CountsTheUnitsThatMeetATargetAskedAboveItsLevel) {
  SmallWorld world;
  for (int i = 0; i < 5; ++i) {
    world.record("2024-03-11T08:00:00+07:00", "a" + std::to_string(i), "D1", "2024-03-10", 1);
  }
  world.record("2024-03-11T08:00:00+07:00", "b", "D2", "2024-03-10", 1);
  const auto above = target(world.get("/v1/plans/p/progress?period=2024"), "T2");
  EXPECT_TRUE(above["value"].is_null());
  EXPECT_EQ(above["numerator"], 1);
  EXPECT_EQ(above["denominator"], 2);
  EXPECT_EQ(above["status"], "not_met");
  EXPECT_TRUE(above["contributors"].is_null());
  const auto at_level = target(world.get("/v1/plans/p/progress?period=2024&unit=D1"), "T2");
  EXPECT_EQ(at_level["value"], 5);
  EXPECT_EQ(at_level["met"], true);
  const auto below = target(world.get("/v1/plans/p/progress?period=2024&unit=C1"), "T2");
  EXPECT_EQ(below["status"], "not_applicable");
}

// 2/3 is 66.67 rounded, which would seem to meet 66.67: cut to 66.66.
TEST(Progress, NeverShowsAPercentageThatSeemsToMeetTheTarget) {
  SmallWorld world;
  const char* green = R"(,"topics":["green"])";
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 1, green);
  world.record("2024-03-11T08:00:00+07:00", "a2", "D1", "2024-03-10", 1, green);
  world.record("2024-03-11T08:00:00+07:00", "a3", "D1", "2024-03-10", 1);
  const Answer answer = world.get("/v1/plans/p/progress?period=2024");
  const auto share = target(answer, "T3");
  EXPECT_EQ(share["met"], false);
  EXPECT_EQ(share["numerator"], 2);
  EXPECT_EQ(share["denominator"], 3);
  EXPECT_NE(answer.body.find(R"("value":66.66,"numerator":2)"), std::string::npos) << answer.body;
  EXPECT_NE(
      world.get("/v1/rollups?plan=p&indicator=green&period=2024").body.find(R"("value":66.67,)"),
      std::string::npos);
}

TEST(Progress, SaysWhyThereIsNoData) {
  SmallWorld world;
  const auto share = target(world.get("/v1/plans/p/progress?period=2024"), "T3");
  EXPECT_TRUE(share["value"].is_null());
  EXPECT_TRUE(share["met"].is_null());
  EXPECT_EQ(share["status"], "no_data");
  EXPECT_EQ(share["reason"], "denominator_zero");
}

// E39.
TEST(Progress, TellsAMilestoneInTimeFromALateOne) {
  SmallWorld in_time;
  const std::string launch = R"({"activity":"l","unit":"P","type":"launch","form":"online",)";
  in_time.say("intake", "2024-05-20T08:00:00+07:00", "activity.recorded",
              launch + R"("starts":"2024-05-14","ends":"2024-05-14"})");
  const auto met = target(in_time.get("/v1/plans/p/progress?period=2024"), "T4");
  EXPECT_EQ(met["status"], "met");
  EXPECT_EQ(met["done_on"], "2024-05-14");
  SmallWorld late;
  late.say("intake", "2024-05-20T08:00:00+07:00", "activity.recorded",
           launch + R"("starts":"2024-05-15","ends":"2024-05-15"})");
  EXPECT_EQ(target(late.get("/v1/plans/p/progress?period=2024"), "T4")["status"], "late");
  EXPECT_EQ(target(late.get("/v1/plans/p/progress?period=2024-04"), "T4")["status"], "not_yet_due");
}

TEST(Progress, ReadsTheYearOfTheMomentWithoutAPeriod) {
  SmallWorld world("2025-03-01T08:00:00+07:00");
  const Answer now = world.get("/v1/plans/p/progress");
  EXPECT_EQ(now.json["period"], "2025");
  EXPECT_EQ(target(now, "T2")["status"], "not_applicable");
  EXPECT_EQ(world.get("/v1/plans/p/progress?as_of=2024-06-30").json["period"], "2024");
}

TEST(Progress, TakesTheVersionThatServesThePeriod) {
  SmallWorld world;
  world.say("ref", "2024-06-01T08:00:00+07:00", "plan.amended",
            SmallWorld::plan_text(2, "2025-01-01"));
  EXPECT_EQ(world.get("/v1/plans/p/progress?period=2024").json["version"], 1);
  EXPECT_EQ(world.get("/v1/plans/p/progress?period=2025").json["version"], 2);
  EXPECT_EQ(world.get("/v1/plans/p/progress?period=2025&as_of=2024-05-31").json["version"], 1);
  EXPECT_EQ(world.get("/v1/plans/p/progress?period=spring").json["version"], 1);
}

}  // namespace
}  // namespace tiendo

#include <gtest/gtest.h>

#include "query/breakdown.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

// The value of a row: by the id under `by`, or by its kind.
nlohmann::json row(const Answer& answer, std::string_view id) {
  const std::string by = answer.json["by"];
  for (const auto& one : answer.json["rows"]) {
    if (one[by] == id || (one[by].is_null() && one.value("kind", "") == id)) return one;
  }
  return {};
}

class RollupsTest : public ::testing::Test {
 protected:
  Answer visits(const std::string& more) {
    return world_.get("/v1/rollups?plan=p&indicator=visits&period=2024" + more);
  }
  SmallWorld world_;
};

TEST_F(RollupsTest, TellsOwnFromSubtree) {
  world_.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
  world_.record("2024-03-11T08:00:00+07:00", "a2", "C1", "2024-03-10", 30);
  EXPECT_EQ(visits("&unit=D1").json["value"], 730);
  EXPECT_EQ(visits("&unit=D1&of=own").json["value"], 700);
  EXPECT_EQ(visits("&unit=D1").json["contributors"], 2);
}

// E21: C2 moves from D1 to D2 on 05-01.
TEST_F(RollupsTest, CountsAMovedUnitWhereItStood) {
  world_.say("ref", "2024-05-02T08:00:00+07:00", "unit.moved",
             R"({"unit":"C2","parent":"D2","effective":"2024-05-01"})");
  world_.record("2024-02-03T08:00:00+07:00", "a1", "C2", "2024-02-02", 6);
  world_.record("2024-09-10T08:00:00+07:00", "a2", "C2", "2024-09-09", 8);
  EXPECT_EQ(visits("&unit=D1").json["value"], 6);
  EXPECT_EQ(visits("&unit=D2").json["value"], 8);
  EXPECT_EQ(visits("&unit=D1&tree=current").json["value"], 0);
  EXPECT_EQ(visits("&unit=D2&tree=current").json["value"], 14);
  EXPECT_EQ(visits("&unit=D1&tree=2024-04-30").json["value"], 14);
  const Answer rows = visits("&by=unit");
  EXPECT_EQ(row(rows, "D1")["value"], 6);
  EXPECT_EQ(row(rows, "D2")["value"], 8);
  const Answer below = visits("&unit=D1&by=unit");
  EXPECT_EQ(row(below, "C2")["value"], 6) << "only the days on which it stood there";
  EXPECT_EQ(row(below, "D1")["value"], 0);
  EXPECT_EQ(row(below, "unplaced")["value"], 0);
}

TEST_F(RollupsTest, AddsUpByUnitLevelPeriodAndPillar) {
  world_.record("2024-03-11T08:00:00+07:00", "a1", "P", "2024-01-10", 1, R"(,"pillar":"x")");
  world_.record("2024-03-11T08:00:00+07:00", "a2", "D1", "2024-01-31", 20, R"(,"pillar":"y")");
  world_.record("2024-03-11T08:00:00+07:00", "a3", "C1", "2024-02-01", 300, R"(,"pillar":"x")");
  world_.record("2024-03-11T08:00:00+07:00", "a4", "C3", "2024-12-31", 4000);
  const Answer by_unit = visits("&by=unit");
  EXPECT_EQ(by_unit.json["value"], 4321);
  EXPECT_EQ(row(by_unit, "P")["value"], 1);
  EXPECT_EQ(row(by_unit, "P")["kind"], "own");
  EXPECT_EQ(row(by_unit, "D1")["value"], 320);
  EXPECT_EQ(row(by_unit, "D1")["kind"], "child");
  EXPECT_EQ(row(by_unit, "D2")["value"], 4000);
  EXPECT_EQ(row(by_unit, "unplaced")["value"], 0);
  const Answer by_level = visits("&by=level");
  EXPECT_EQ(row(by_level, "province")["value"], 1);
  EXPECT_EQ(row(by_level, "district")["value"], 20);
  EXPECT_EQ(row(by_level, "commune")["value"], 4300);
  const Answer by_period = visits("&by=period");
  EXPECT_EQ(by_period.json["rows"].size(), 12U);
  EXPECT_EQ(row(by_period, "2024-01")["value"], 21);
  EXPECT_EQ(row(by_period, "2024-02")["value"], 300);
  EXPECT_EQ(row(by_period, "2024-02")["last"], "2024-02-29");
  EXPECT_EQ(row(by_period, "2024-12")["value"], 4000);
  const Answer by_pillar = visits("&by=pillar");
  ASSERT_EQ(by_pillar.json["rows"].size(), 3U);
  EXPECT_EQ(row(by_pillar, "x")["value"], 301);
  EXPECT_EQ(row(by_pillar, "y")["value"], 20);
  EXPECT_EQ(by_pillar.json["rows"][0]["value"], 4000) << "not said: first, and null";
}

TEST_F(RollupsTest, CutsTheFirstAndLastMonthToThePeriod) {
  world_.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-02-09", 1);
  world_.record("2024-03-11T08:00:00+07:00", "a2", "D1", "2024-02-10", 2);
  world_.record("2024-03-11T08:00:00+07:00", "a3", "D1", "2024-03-05", 4);
  const Answer answer =
      world_.get("/v1/rollups?plan=p&indicator=visits&period=2024-02-10..2024-03-04&by=period");
  EXPECT_EQ(row(answer, "2024-02")["value"], 2);
  EXPECT_EQ(row(answer, "2024-02")["first"], "2024-02-10");
  EXPECT_EQ(row(answer, "2024-03")["value"], 0);
  EXPECT_EQ(row(answer, "2024-03")["last"], "2024-03-04");
}

// A unit that begins later stands with its parent in an earlier tree, in nobody's own figure.
TEST_F(RollupsTest, ShowsWhatTheTreeOfADayDoesNotPlace) {
  world_.unit("N", "commune", "D1", "2024-07-01");
  world_.record("2024-08-11T08:00:00+07:00", "a1", "N", "2024-08-10", 5);
  world_.record("2024-08-11T08:00:00+07:00", "a2", "C1", "2024-08-10", 2);
  const Answer answer = visits("&unit=D1&tree=2024-06-30&by=unit");
  EXPECT_EQ(answer.json["value"], 7);
  EXPECT_EQ(row(answer, "C1")["value"], 2);
  EXPECT_EQ(row(answer, "D1")["value"], 0);
  EXPECT_EQ(row(answer, "unplaced")["value"], 5);
  const Answer by_level = visits("&unit=D1&tree=2024-06-30&by=level");
  EXPECT_EQ(row(by_level, "commune")["value"], 2);
  EXPECT_EQ(row(by_level, "unplaced")["value"], 5);
}

// E23.
TEST_F(RollupsTest, CountsAnActivityOfSeveralOrganisersOnceAbove) {
  world_.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 60, R"(,"co_units":["D2"])");
  const auto joint = [&](const char* unit) {
    return world_.get(std::string("/v1/rollups?plan=p&indicator=joint&period=2024&by=unit&unit=") +
                      unit);
  };
  EXPECT_EQ(joint("D1").json["value"], 1);
  EXPECT_EQ(joint("D2").json["value"], 1);
  EXPECT_EQ(joint("P").json["value"], 1);
  EXPECT_EQ(row(joint("P"), "D1")["value"], 1);
  EXPECT_EQ(row(joint("P"), "D2")["value"], 1);
}

TEST_F(RollupsTest, AddsUpNumeratorsAndDenominatorsOfShares) {
  const char* green = R"(,"topics":["green"])";
  world_.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 1, green);
  world_.record("2024-03-11T08:00:00+07:00", "a2", "D1", "2024-03-10", 1);
  world_.record("2024-03-11T08:00:00+07:00", "a3", "D2", "2024-03-10", 1);
  const Answer answer = world_.get("/v1/rollups?plan=p&indicator=green&period=2024&by=unit");
  EXPECT_EQ(answer.json["numerator"], 1);
  EXPECT_EQ(answer.json["denominator"], 3);
  EXPECT_NE(answer.body.find(R"("value":33.33,)"), std::string::npos);
  EXPECT_EQ(row(answer, "D1")["numerator"], 1);
  EXPECT_EQ(row(answer, "D1")["denominator"], 2);
  EXPECT_EQ(row(answer, "D2")["value"], 0);
  EXPECT_TRUE(row(answer, "P")["value"].is_null());
  EXPECT_EQ(row(answer, "P")["reason"], "denominator_zero");
}

TEST_F(RollupsTest, RefusesPillarsOfACoverage) {
  const Answer answer = world_.get("/v1/rollups?plan=p&indicator=reach&period=2024&by=pillar");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json["code"], "by_invalid");
}

// E32, as far as it speaks of one launch.
TEST_F(RollupsTest, FiguresACoverage) {
  world_.record("2024-03-11T08:00:00+07:00", "a1", "P", "2024-03-10", 1,
                R"(,"reached_units":["D1"])");
  const Answer answer = world_.get("/v1/rollups?plan=p&indicator=reach&period=2024&by=level");
  EXPECT_EQ(answer.json["numerator"], 1);
  EXPECT_EQ(answer.json["denominator"], 2);
  EXPECT_EQ(answer.json["value"], 50);
  EXPECT_EQ(answer.json["unit_of_measure"], "percent");
  EXPECT_EQ(row(answer, "district")["denominator"], 2);
}

// E6.
TEST_F(RollupsTest, FollowsAnActivityThroughItsCorrections) {
  const auto say = [&](const char* type, const std::string& data) {
    world_.say("intake", "2024-04-01T08:00:00+07:00", type, data);
  };
  say("activity.recorded", SmallWorld::activity("a1", "D1", "2024-03-10", 100));
  say("activity.corrected", SmallWorld::activity("a1", "D1", "2024-03-10", 70, R"(,"reason":"r")"));
  say("activity.cancelled", R"({"activity":"a1","reason":"r"})");
  say("activity.corrected", SmallWorld::activity("a1", "D1", "2024-03-10", 90, R"(,"reason":"r")"));
  EXPECT_EQ(visits("&as_of=intake@0").json["value"], 100);
  EXPECT_EQ(visits("&as_of=intake@1").json["value"], 70);
  EXPECT_EQ(visits("&as_of=intake@2").json["value"], 0);
  EXPECT_EQ(visits("&as_of=intake@3").json["value"], 90);
  EXPECT_EQ(visits("").json["value"], 90);
}

// E18, with the unit closed instead of merged.
TEST_F(RollupsTest, WhatIsDatedAfterAUnitsEndIsARowOfItsOwn) {
  world_.say("ref", "2024-07-02T08:00:00+07:00", "unit.closed",
             R"({"unit":"D2","effective":"2024-06-01"})");
  world_.record("2024-07-03T08:00:00+07:00", "late", "D2", "2024-06-06", 50);
  const std::string asked = "/v1/rollups?plan=p&indicator=visits&period=2024-06&unit=P&by=";
  const Answer by_unit = world_.get(asked + "unit");
  EXPECT_EQ(by_unit.json["value"], 50);
  ASSERT_FALSE(by_unit.json["rows"].empty());
  const auto& unplaced = by_unit.json["rows"].back();
  EXPECT_EQ(unplaced["kind"], "unplaced") << by_unit.body;
  EXPECT_EQ(unplaced["value"], 50) << by_unit.body;
  const Answer by_level = world_.get(asked + "level");
  ASSERT_FALSE(by_level.json["rows"].empty());
  EXPECT_EQ(by_level.json["rows"].back()["value"], 50) << "at no level: " << by_level.body;
  const Answer event = world_.get("/v1/events/intake/0");
  EXPECT_NE(event.body.find("unit_not_in_force"), std::string::npos) << event.body;
}

}  // namespace
}  // namespace tiendo

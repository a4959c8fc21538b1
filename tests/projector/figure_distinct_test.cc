// Sets of things: counted once over units and days, and what is only counted.
#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

std::string sites(std::string_view id, std::string_view unit, std::string_view day,
                  std::string_view items) {
  return activity_data(id, unit, day, 0, R"(,"outputs":[)" + std::string(items) + "]");
}
std::string site(std::string_view id) { return R"({"kind":"site","id":)" + in_quotes(id) + "}"; }
std::string sites_only_counted(int count) {
  return R"({"kind":"site","count":)" + std::to_string(count) + "}";
}

constexpr std::string_view all_sites = R"({"kind":"distinct","of":"outputs","output":"site"})";

TEST(Distinct, E12CountsOnceInItsWindow) {
  History history;
  std::string plan_long(all_sites);
  plan_long.insert(1, R"("window":"plan",)");
  begin_with(history, {{"y", all_sites}, {"all", plan_long}});
  history.say("activity.recorded", sites("a1", "C1", "2024-02-01", site("s1") + "," + site("s2")));
  history.say("activity.recorded", sites("a2", "C3", "2025-02-01", site("s2") + "," + site("s3")));
  EXPECT_EQ(figure_text(history.now(), "y", "P"), "2");
  EXPECT_EQ(figure_text(history.now(), "y", "P", "2025"), "2");
  EXPECT_EQ(figure_text(history.now(), "all", "P", "2025"), "3");
  EXPECT_EQ(figure_text(history.now(), "all", "D1", "2025"), "2");
  EXPECT_EQ(own_text(history.now(), "all", "D1", "2025"), "0");
}

TEST(Distinct, E24WhatIsOnlyCountedMakesAnUpperBound) {
  History history;
  const auto with = [](std::string_view counts) {
    std::string formula(all_sites);
    return formula.insert(1, R"("counts":")" + std::string(counts) + R"(",)");
  };
  begin_with(history,
             {{"upper", all_sites}, {"distinct", with("distinct")}, {"ignore", with("ignore")}});
  history.say("activity.recorded",
              sites("a1", "C1", "2024-02-01", site("x") + "," + site("y") + "," + site("z")));
  EXPECT_FALSE(figure_of_plan(history.now(), "upper", "P").lower.has_value());
  history.say("activity.recorded", sites("a2", "D2", "2024-02-01", sites_only_counted(9000)));
  const Figure figure = figure_of_plan(history.now(), "upper", "P");
  EXPECT_EQ(figure.value->text(), "9003");
  EXPECT_EQ(figure.lower->text(), "3");
  EXPECT_TRUE(figure.findings.contains("upper_bound"));
  EXPECT_EQ(figure_text(history.now(), "distinct", "P"), "9003");
  EXPECT_FALSE(figure_of_plan(history.now(), "distinct", "P").lower.has_value());
  EXPECT_EQ(figure_text(history.now(), "ignore", "P"), "3");
}

TEST(Distinct, EachIdBelongsToTheFirstRecordThatNamesIt) {
  History history;
  begin_with(history, {{"y", all_sites}});
  history.say("activity.recorded", sites("a1", "C1", "2024-05-01", site("s1") + "," + site("s2")));
  history.say("activity.recorded", sites("a2", "C3", "2024-02-01", site("s2") + "," + site("s3")));
  history.say("activity.recorded", sites("a3", "D2", "2024-02-01", site("s3")));
  EXPECT_EQ(contributions(history.now(), "y", "P"), "amount C1 2; amount C3 1");
  EXPECT_EQ(figure_of_plan(history.now(), "y", "P").contributors, 2U);
}

TEST(Distinct, OnlyThingsThatMeetAFilterOnTheLastDayCount) {
  History history;
  std::string pilot(all_sites);
  pilot.insert(1, R"("only":{"flag.pilot":true},"subset_of":"all",)");
  std::string few(all_sites);
  few.insert(1, R"("where":{"topics":"x"},)");
  begin_with(history, {{"pilot", pilot}, {"all", few}});
  history.say("activity.recorded", sites("a1", "C1", "2024-02-01", site("s1") + "," + site("s2")));
  EXPECT_EQ(figure_text(history.now(), "pilot", "P"), "0");
  history.say("entity.registered",
              thing_data("site", "s1", "C1", "2024-01-10", R"({"pilot":true})"));
  EXPECT_EQ(figure_text(history.now(), "pilot", "P"), "1");
  EXPECT_TRUE(figure_of_plan(history.now(), "pilot", "P").findings.contains("subset_exceeds"))
      << "more than those it is a part of, which are none";
  history.say("entity.updated", thing_data("site", "s1", "C1", "2024-06-01", R"({"pilot":false})"));
  EXPECT_EQ(figure_text(history.now(), "pilot", "P", "2024-Q1"), "1");
  EXPECT_EQ(figure_text(history.now(), "pilot", "P"), "0");
}

TEST(Distinct, UnitsReachedCountOnceTheyAreKnown) {
  History history;
  begin_with(history, {{"u", R"({"kind":"distinct","of":"reached_units"})"}});
  history.say("activity.recorded",
              activity_data("a1", "P", "2024-02-02", 0, R"(,"reached_units":["D1","D9"])"));
  history.say("activity.recorded",
              activity_data("a2", "C3", "2024-02-03", 0, R"(,"reached_units":["D1","D2"])"));
  EXPECT_EQ(figure_text(history.now(), "u", "P"), "2");
  history.say("unit.registered", unit_data("D9", "district", "P"));
  EXPECT_EQ(figure_text(history.now(), "u", "P"), "3");
}

}  // namespace
}  // namespace tiendo

// What answers say of figures of every kind beside the value.
#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

using nlohmann::json;

constexpr std::string_view recorded = "2024-07-01T08:00:00+07:00";

// The small world with plan `q`: an indicator `i`, and a target on it for a unit of any level.
class PlanQ : public SmallWorld {
 public:
  explicit PlanQ(std::string_view formula, std::string_view target_of = "subtree",
                 std::string_view more = "") {
    const bool is_reported = formula.find(R"("of":"reported")") != std::string_view::npos;
    const Placed placed =
        say("ref", reference_time, "plan.published",
            R"({"plan":"q","version":1,"valid_from":"2024-01-01","first":"2024-01-01",
"last":"2025-12-31","title":{"vi":"t"},"indicators":[{"id":"i","name":{"vi":"i"},"formula":)" +
                std::string(formula) + (is_reported ? R"(,"why_reported":{"vi":"w"})" : "") +
                R"(}],"targets":[{"id":"t","indicator":"i","comparator":">=","value":5000,
"for":{"scope":"unit","level":"any","of":")" +
                std::string(target_of) + R"("},"when":{"kind":"each_year","years":[2024]}}])" +
                std::string(more) + "}");
    EXPECT_EQ(placed.judgement.verdict, Verdict::accepted);
  }
  json progress(std::string_view unit = "P", std::string_view period = "2024") {
    return get("/v1/plans/q/progress?unit=" + std::string(unit) + "&period=" + std::string(period))
        .json["targets"][0];
  }
  json rollups(std::string_view by = "", std::string_view unit = "P") {
    return get("/v1/rollups?plan=q&indicator=i&period=2024&unit=" + std::string(unit) +
               (by.empty() ? "" : "&by=" + std::string(by)))
        .json;
  }
  void entity(std::string_view type, std::string_view id, std::string_view unit,
              std::string_view day, std::string_view flags = "{}",
              std::string_view time = recorded) {
    say("intake", time, type,
        R"({"register":"team","entity":")" + std::string(id) + R"(","unit":")" + std::string(unit) +
            R"(","effective":")" + std::string(day) + R"(","flags":)" + std::string(flags) + "}");
  }
  void report(std::string_view id, std::string_view unit, std::string_view figure,
              std::string_view time = recorded) {
    say("intake", time, "report.submitted",
        R"({"report":")" + std::string(id) + R"(","unit":")" + std::string(unit) +
            R"(","plan":"q","period":"2024","figures":[)" + std::string(figure) + "]}");
  }
};

TEST(FigureDetails, AnUpperBoundShowsItsLowerOne) {
  PlanQ world(R"({"kind":"distinct","of":"outputs","output":"site"})");
  world.record(recorded, "a1", "C1", "2024-03-10", 0,
               R"(,"outputs":[{"kind":"site","id":"x"},{"kind":"site","count":9000}])");
  const json target = world.progress();
  EXPECT_EQ(target["value"], 9001);
  EXPECT_EQ(target["bound"], "upper");
  EXPECT_EQ(target["lower"], 1);
  EXPECT_EQ(target["status"], "no_data");
  EXPECT_EQ(target["reason"], "only_upper_bound");
  EXPECT_EQ(target["findings"], json::parse(R"(["upper_bound"])"));
  EXPECT_EQ(world.rollups()["bound"], "upper");
  const json why = world.get("/v1/explain?plan=q&indicator=i&unit=P&period=2024").json;
  EXPECT_EQ(why["bound"], "upper");
  EXPECT_EQ(why["lower"], target["lower"]);
}

TEST(FigureDetails, WhatIsLeftOutIsNamed) {
  PlanQ world(R"({"kind":"ratio","numerator":{"kind":"count"},)"
              R"("denominator":{"kind":"statistic","statistic":"n"}})");
  world.record(recorded, "a1", "D1", "2024-03-10", 0);
  EXPECT_EQ(world.progress()["reason"], "denominator_missing");
  world.say("intake", recorded, "statistic.declared",
            R"({"statistic":"n","unit":"D1","as_at":"2024-06-30","value":4})");
  const json target = world.progress();
  EXPECT_EQ(target["value"], 25);
  EXPECT_EQ(target["missing"], json::parse(R"(["D2"])"));
  EXPECT_TRUE(target["bound"].is_null());
  EXPECT_EQ(target["contributors"], 2);
}

TEST(FigureDetails, WhatAReportSaysOfADerivedFigureStandsBesideIt) {
  PlanQ world(R"({"kind":"count"})", "own");
  world.record(recorded, "a1", "D1", "2024-03-10", 0);
  world.report("r1", "D1", R"({"indicator":"i","value":7})");
  const json target = world.progress("D1");
  EXPECT_EQ(target["value"], 1);
  EXPECT_EQ(target["reported"], 7);
  EXPECT_EQ(target["difference"], 6);
  EXPECT_FALSE(world.progress("P").contains("reported"));
  EXPECT_EQ(world.rollups("", "D1")["reported"], 7);
}

TEST(FigureDetails, KeptSaysItsWorstDay) {
  PlanQ world(R"({"kind":"kept","of":{"kind":"gauge","register":"team"}})");
  world.entity("entity.registered", "t1", "C1", "2023-12-01");
  world.entity("entity.removed", "t1", "C1", "2024-05-05");
  const json target = world.progress();
  EXPECT_EQ(target["value"], 0);
  EXPECT_EQ(target["worst_day"], "2024-05-05");
}

TEST(FigureDetails, MoneyShowsPlannedAndSpentAndExplainsBoth) {
  PlanQ world(R"({"kind":"money","line":"9"})", "subtree",
              R"(,"budget":[{"line":"9","name":"l","unit_of_measure":"million_vnd",)"
              R"("years":{"2024":300}}])");
  world.say("intake", recorded, "money.allocated",
            R"({"plan":"q","line":"9","unit":"D1","year":2024,"amount":100})");
  for (const char* amount : {"120", "-15"}) {
    world.say(
        "intake", recorded, "money.spent",
        R"({"plan":"q","line":"9","unit":"D1","year":2024,"amount":)" + std::string(amount) + "}");
  }
  const json target = world.progress();
  EXPECT_EQ(target["value"], 100);
  EXPECT_EQ(target["planned"], 300);
  EXPECT_EQ(target["spent"], 105);
  EXPECT_EQ(target["findings"], json::parse(R"(["over_spent"])"));
  EXPECT_EQ(target["unit_of_measure"], "million_vnd");
  const json why = world.get("/v1/explain?plan=q&indicator=i&unit=P&period=2024").json;
  EXPECT_EQ(why["sums"], json::parse(R"({"amount":100,"spent":105})"));
  EXPECT_EQ(why["total"], 3);
}

TEST(FigureDetails, AGaugeBreaksDownByTheUnitsItStandsUnder) {
  PlanQ world(R"({"kind":"gauge","register":"team"})");
  world.entity("entity.registered", "t1", "C1", "2024-01-10");
  world.entity("entity.registered", "t2", "D1", "2024-02-10");
  world.entity("entity.registered", "t3", "P", "2024-02-10");
  const json rows = world.rollups("unit")["rows"];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["kind"], "own");
  EXPECT_EQ(rows[0]["value"], 1);
  EXPECT_EQ(rows[1]["unit"], "D1");
  EXPECT_EQ(rows[1]["value"], 2);
  const json levels = world.rollups("level")["rows"];
  EXPECT_EQ(levels.size(), 3U);
  const json months = world.rollups("period")["rows"];
  EXPECT_EQ(months[0]["value"], 1) << "on the last day of January";
  EXPECT_EQ(months[1]["value"], 3);
}

TEST(FigureDetails, AReportedFlowBreaksDownByUnitAndDay) {
  PlanQ world(R"({"kind":"sum","of":"reported"})");
  world.report("r1", "D1", R"({"indicator":"i","value":7,"as_at":"2024-05-31"})");
  world.report("r2", "C3", R"({"indicator":"i","value":2,"as_at":"2024-06-30"})");
  const json units = world.rollups("unit")["rows"];
  ASSERT_EQ(units.size(), 2U);
  EXPECT_EQ(units[0]["unit"], "D1");
  EXPECT_EQ(units[1]["unit"], "D2");
  EXPECT_EQ(units[1]["value"], 2);
  const json months = world.rollups("period")["rows"];
  EXPECT_EQ(months[0]["period"], "2024-05");
  EXPECT_EQ(months[0]["value"], 7);
}

// Every record that changed the figure, and the day on which one said before began to count.
TEST(FigureDetails, HistoryShowsRecordsAndDaysOfEveryKind) {
  PlanQ world(R"({"kind":"gauge","register":"team","only":{"flag.on":true}})");
  world.entity("entity.registered", "t1", "C1", "2024-03-01", R"({"on":true})",
               "2024-02-01T08:00:00+07:00");
  world.entity("entity.registered", "t2", "C1", "2024-03-01", "{}", "2024-03-02T08:00:00+07:00");
  world.entity("entity.updated", "t2", "C1", "2024-03-03", R"({"on":true})",
               "2024-03-05T08:00:00+07:00");
  world.entity("entity.updated", "t2", "C1", "2024-03-03", R"({"on":false})",
               "2024-03-06T08:00:00+07:00");
  const json entries = world.get("/v1/figures/q/i/P/2024/history").json["entries"];
  ASSERT_EQ(entries.size(), 3U) << entries;
  EXPECT_EQ(entries[0]["cause"], "time_passed");
  EXPECT_EQ(entries[0]["recorded_at"], "2024-03-01T00:00:00.000+07:00");
  EXPECT_EQ(entries[0]["value"], 1);
  EXPECT_EQ(entries[1]["cause"], "new_report");
  EXPECT_EQ(entries[1]["value"], 2);
  EXPECT_EQ(entries[2]["cause"], "correction");
  EXPECT_EQ(entries[2]["value"], 1);
}

TEST(FigureDetails, HistoryTellsNoDataFromNothing) {
  PlanQ world(R"({"kind":"state","attribute":"app","is":true})", "own");
  world.say("intake", "2024-05-01T08:00:00+07:00", "unit.attributes_set",
            R"({"unit":"C1","effective":"2024-04-01","attributes":{"app":false}})");
  const json entries = world.get("/v1/figures/q/i/C1/2024/history").json["entries"];
  ASSERT_EQ(entries.size(), 1U) << entries;
  EXPECT_EQ(entries[0]["value"], 0);
  EXPECT_EQ(entries[0]["cause"], "new_report");
}

}  // namespace
}  // namespace tiendo

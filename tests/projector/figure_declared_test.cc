// Entities, attributes, ranks, money, and the coverages that rest on them.
#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

std::string money_of(std::string_view unit, int year, std::string_view amount,
                     std::string_view more = "") {
  return R"({"plan":"p","line":"9","unit":)" + in_quotes(unit) + R"(,"year":)" +
         std::to_string(year) + R"(,"amount":)" + std::string(amount) + std::string(more) + "}";
}

TEST(Declared, AGaugeCountsWhatExistsOnTheLastDay) {
  History history;
  begin_with(history, {{"g", R"({"kind":"gauge","register":"team"})"},
                       {"on", R"({"kind":"gauge","register":"team","only":{"flag.on":true}})"},
                       {"far", R"({"kind":"gauge","register":"team",)"
                               R"("only":{"unit.level":"commune","unit.attr.far":true}})"}});
  EXPECT_EQ(figure_text(history.now(), "g", "P"), "0");
  history.say("entity.registered", thing_data("team", "t1", "C1", "2024-01-10", R"({"on":true})"));
  history.say("entity.registered", thing_data("team", "t2", "C3", "2024-02-10"));
  history.say("entity.updated", thing_data("team", "t2", "C3", "2024-06-01", R"({"on":true})"));
  history.say("entity.removed", thing_data("team", "t1", "C1", "2024-09-01"));
  history.say("unit.attributes_set", attributes_data("C3", "2024-07-01", R"({"far":true})"));
  EXPECT_EQ(figure_text(history.now(), "g", "P", "2024-Q1"), "2");
  EXPECT_EQ(figure_text(history.now(), "on", "P", "2024-Q1"), "1");
  EXPECT_EQ(figure_text(history.now(), "on", "P", "2024-H1"), "2");
  EXPECT_EQ(figure_text(history.now(), "far", "P", "2024-H1"), "0");
  EXPECT_EQ(figure_text(history.now(), "far", "P", "2024-Q3"), "1");
  EXPECT_EQ(figure_text(history.now(), "g", "P"), "1");
  EXPECT_EQ(figure_text(history.now(), "g", "D1"), "0");
  EXPECT_EQ(own_text(history.now(), "g", "C3"), "1");
  EXPECT_EQ(own_text(history.now(), "g", "D2"), "0");
  EXPECT_EQ(contributions(history.now(), "g", "P"), "amount C3 1");
}

TEST(Declared, AnEntityIsUnderTheUnitWhoseOwnItIsOnTheDay) {
  History history;
  begin_with(history, {{"g", R"({"kind":"gauge","register":"team"})"}});
  history.say("entity.registered", thing_data("team", "t1", "C1", "2024-01-10"));
  history.say("entity.updated", thing_data("team", "t1", "C3", "2024-06-01"));
  EXPECT_EQ(figure_text(history.now(), "g", "D1", "2024-Q1"), "1");
  EXPECT_EQ(figure_text(history.now(), "g", "D1"), "0");
  EXPECT_EQ(figure_text(history.now(), "g", "D2"), "1");
}

TEST(Declared, AStateIsOneZeroOrNeverSaid) {
  History history;
  begin_with(history, {{"app", R"({"kind":"state","attribute":"app","is":true})"},
                       {"team", R"({"kind":"state","register":"team"})"}});
  EXPECT_EQ(figure_text(history.now(), "app", "C1"), "nothing_said");
  EXPECT_EQ(figure_text(history.now(), "team", "C1"), "0");
  history.say("unit.attributes_set", attributes_data("C1", "2024-03-01", R"({"app":true})"));
  history.say("unit.attributes_set", attributes_data("C1", "2024-05-01", R"({"app":"true"})"));
  history.say("entity.registered", thing_data("team", "t1", "C1", "2024-04-01"));
  EXPECT_EQ(figure_text(history.now(), "app", "C1", "2024-02"), "nothing_said");
  EXPECT_EQ(figure_text(history.now(), "app", "C1", "2024-03"), "1");
  EXPECT_EQ(figure_text(history.now(), "app", "C1", "2024-05"), "0") << "true is not \"true\"";
  EXPECT_EQ(figure_text(history.now(), "app", "D1"), "nothing_said") << "of the unit itself";
  EXPECT_EQ(figure_text(history.now(), "team", "C1", "2024-03"), "0");
  EXPECT_EQ(figure_text(history.now(), "team", "C1"), "1");
  EXPECT_EQ(figure_text(history.now(), "team", "D1"), "0");
}

TEST(Declared, E35ARankIsTheLastOfExactlyThisUnit) {
  History history;
  begin_with(history, {{"rank", R"({"kind":"rank","statistic":"dti"})"}});
  history.say("statistic.declared", statistic_data("dti", "P", "2024-12-31", "12"));
  history.say("statistic.declared", statistic_data("dti", "P", "2023-12-31", "20"));
  history.say("statistic.declared", statistic_data("dti", "D1", "2024-12-31", "3"));
  EXPECT_EQ(figure_text(history.now(), "rank", "P", "2024-11"), "20");
  EXPECT_EQ(figure_text(history.now(), "rank", "P"), "12");
  EXPECT_EQ(figure_text(history.now(), "rank", "D2"), "nothing_said");
}

TEST(Declared, E36MoneyIsWhatWasAllocatedInItsYears) {
  History history;
  history.units(worked_example_units());
  history.say(
      "plan.published",
      plan_data(indicator_data("m", R"({"kind":"money","line":"9"})") + "," +
                    indicator_data("d", R"({"kind":"money","line":"9","level":"district"})"),
                "", "", 1, "2024-01-01",
                R"("first":"2024-01-01","last":"2025-12-31","budget":[)"
                R"({"line":"9","name":"l","level":"district",)"
                R"("unit_of_measure":"million_vnd","years":{"2024":300,"2025":60}}])"));
  EXPECT_EQ(figure_text(history.now(), "m", "P"), "nothing_said");
  history.say("money.allocated", money_of("D1", 2024, "100"));
  history.say("money.allocated", money_of("D2", 2024, "150"));
  history.say("money.allocated", money_of("D2", 2024, "140"));
  history.say("money.allocated", money_of("P", 2024, "5"));
  history.say("money.allocated", money_of("D1", 2025, "7"));
  for (const char* amount : {"60", "200", "-15"}) {
    history.say("money.spent", money_of("D1", 2024, amount));
  }
  const Figure figure = figure_of_plan(history.now(), "d", "P");
  EXPECT_EQ(figure.value->text(), "240");
  EXPECT_EQ(figure.spent->text(), "245");
  EXPECT_EQ(figure.planned->text(), "300");
  EXPECT_TRUE(figure.findings.contains("over_spent"));
  EXPECT_EQ(figure_text(history.now(), "m", "P"), "245");
  EXPECT_EQ(own_text(history.now(), "m", "P"), "5");
  EXPECT_EQ(figure_text(history.now(), "m", "P", "2024-Q2"), "245") << "a year is a whole";
  EXPECT_EQ(figure_text(history.now(), "m", "P", "2024-01-01..2025-12-31"), "252");
  EXPECT_EQ(contributions(history.now(), "d", "P"),
            "amount D1 100; amount D2 140; spent D1 -15; spent D1 200; spent D1 60");
}

TEST(Declared, E30CoverageByAttributeListsWhatWasNeverSaid) {
  History history;
  constexpr std::string_view software =
      R"({"kind":"coverage","units":{"level":"commune","where":{"not":{"attr.army":true}}},)"
      R"("have":{"attribute":"software","is":true}})";
  begin_with(history, {{"c", software}});
  history.say("unit.attributes_set", attributes_data("C1", "2024-03-01", R"({"software":true})"));
  history.say("unit.attributes_set", attributes_data("C2", "2024-03-01", R"({"software":false})"));
  EXPECT_EQ(figure_text(history.now(), "c", "P"), "1/3");
  EXPECT_EQ(figure_of_plan(history.now(), "c", "P").unknown, std::vector<std::string>{"C3"});
  history.say("unit.attributes_set", attributes_data("C3", "2024-03-01", R"({"army":true})"));
  EXPECT_EQ(figure_text(history.now(), "c", "P"), "1/2");
  EXPECT_TRUE(figure_of_plan(history.now(), "c", "P").unknown.empty());
  EXPECT_EQ(figure_text(history.now(), "c", "D2"), "no_units");
}

TEST(Declared, CoverageByEntityOrThresholdOfAnyKind) {
  History history;
  begin_with(
      history,
      {{"team", R"({"kind":"coverage","units":{"level":"commune"},"have":{"register":"team"}})"},
       {"half", R"({"kind":"coverage","units":{"level":"commune"},"have":{"formula":)"
                R"({"kind":"ratio","of":"reported"},"of":"own","comparator":">=","value":50}})"}});
  history.at("2025-01-05");
  history.say("entity.registered", thing_data("team", "t1", "C1", "2024-04-01"));
  history.say("entity.registered", thing_data("team", "t2", "D2", "2024-04-01"));
  history.say("report.submitted",
              report_data("r1", "C1", "p", "2024", pair_data("half", "1", "2")));
  history.say("report.submitted",
              report_data("r2", "C2", "p", "2024", pair_data("half", "1", "3")));
  EXPECT_EQ(figure_text(history.now(), "team", "P"), "1/3");
  EXPECT_EQ(figure_text(history.now(), "half", "P"), "1/3") << "no data is not having it";
  EXPECT_EQ(figure_text(history.now(), "half", "D1"), "1/2");
}

TEST(Declared, E33TeamsNamedByActivitiesWhoeverHeldThem) {
  History history;
  begin_with(history, {{"c", R"({"kind":"coverage","register":"team",)"
                             R"("have":{"named_by":{"form":"in_person"}}})"},
                       {"f", R"({"kind":"coverage","register":"team","have":{"flag.on":true}})"}});
  EXPECT_EQ(figure_text(history.now(), "c", "P"), "no_units");
  for (const auto& [team, unit] : {std::pair("t1", "C1"), {"t2", "C1"}, {"t3", "C3"}}) {
    history.say("entity.registered", thing_data("team", team, unit, "2024-01-10"));
  }
  const auto named = [](std::string_view id, std::string_view form, std::string_view team) {
    std::string data = activity_data(
        id, "D2", "2024-03-01", 0, R"(,"outputs":[{"kind":"team","id":)" + in_quotes(team) + "}]");
    return data.replace(data.find("online"), 6, form);
  };
  history.say("activity.recorded", named("a1", "in_person", "t1"));
  history.say("activity.recorded", named("a2", "hybrid", "t3"));
  EXPECT_EQ(figure_text(history.now(), "c", "P"), "1/3");
  EXPECT_EQ(figure_text(history.now(), "c", "D1"), "1/2");
  EXPECT_EQ(figure_text(history.now(), "c", "P", "2025"), "0/3");
  EXPECT_EQ(figure_text(history.now(), "f", "P"), "0/3");
  history.say("entity.updated", thing_data("team", "t3", "C3", "2024-06-01", R"({"on":true})"));
  EXPECT_EQ(figure_text(history.now(), "f", "P"), "1/3");
}

}  // namespace
}  // namespace tiendo

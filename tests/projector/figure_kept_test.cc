// What is kept: the least over all days, though only days of change are figured.
#include <gtest/gtest.h>

#include <random>

#include "events/ensure.h"
#include "projector/figure_parts.h"
#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

constexpr std::string_view app =
    R"({"kind":"kept","of":{"kind":"state","attribute":"app","is":true}})";
constexpr std::string_view teams =
    R"({"kind":"kept","since":4,"of":{"kind":"gauge","register":"team"}})";

TEST(Kept, E34TheWorstDayDecidesForEver) {
  History history;
  begin_with(history, {{"app", app}});
  history.say("unit.attributes_set", attributes_data("P", "2023-01-01", R"({"app":true})"));
  history.say("unit.attributes_set", attributes_data("P", "2024-07-05", R"({"app":false})"));
  history.say("unit.attributes_set", attributes_data("P", "2024-07-12", R"({"app":true})"));
  EXPECT_EQ(own_text(history.now(), "app", "P", "2024-H1"), "1");
  EXPECT_EQ(own_text(history.now(), "app", "P", "2024-01-01..2024-09-30"), "0");
  EXPECT_EQ(own_text(history.now(), "app", "P"), "0");
  EXPECT_EQ(figure_of_plan(history.now(), "app", "P").worst_day, parse_day("2024-07-05"));
}

TEST(Kept, DaysWithoutDataAreSkippedAndCounted) {
  History history;
  begin_with(history, {{"app", app}});
  EXPECT_EQ(own_text(history.now(), "app", "P"), "nothing_said");
  history.say("unit.attributes_set", attributes_data("P", "2024-02-01", R"({"app":true})"));
  EXPECT_EQ(own_text(history.now(), "app", "P"), "1");
  EXPECT_EQ(figure_of_plan(history.now(), "app", "P").days_without_data, 31);
}

TEST(Kept, E34SinceItWasFirstEstablished) {
  History history;
  begin_with(history, {{"teams", teams}});
  const auto add = [&](std::string_view team, std::string_view day) {
    history.say("entity.registered", thing_data("team", team, "C1", day));
  };
  add("t1", "2024-01-10");
  add("t2", "2024-01-10");
  add("t3", "2024-05-01");
  add("t4", "2024-05-01");
  history.say("entity.removed", thing_data("team", "t1", "C1", "2024-10-01"));
  const Figure first = figure_of_plan(history.now(), "teams", "P", "2024-Q1");
  EXPECT_EQ(first.value->text(), "2");
  EXPECT_FALSE(first.established);
  const Figure half = figure_of_plan(history.now(), "teams", "P", "2024-H1");
  EXPECT_EQ(half.value->text(), "4");
  EXPECT_TRUE(half.established);
  EXPECT_EQ(figure_text(history.now(), "teams", "P"), "3");
  EXPECT_EQ(figure_of_plan(history.now(), "teams", "P").worst_day, parse_day("2024-10-01"));
}

TEST(Kept, TheLeastOfSeveralNeedsThemAll) {
  History history;
  begin_with(history, {{"a", R"({"kind":"ratio","of":"reported"})"},
                       {"b", R"({"kind":"survey"})"},
                       {"least", R"({"kind":"least","of":[)"
                                 R"({"kind":"ratio","of":"reported","indicator":"a"},)"
                                 R"({"kind":"survey","indicator":"b"}]})"}})
      .at("2025-01-05");
  history.say("report.submitted", report_data("r1", "D1", "p", "2024", pair_data("a", "2", "3")));
  EXPECT_EQ(figure_text(history.now(), "least", "P"), "nothing_said");
  history.say("report.submitted",
              report_data("r2", "D1", "p", "2024",
                          pair_data("b", "65", "100", R"(,"survey":{"day":"2024-11-01"})")));
  EXPECT_EQ(figure_text(history.now(), "least", "P"), "65/100") << "65% is less than two thirds";
  EXPECT_EQ(contributions(history.now(), "least", "P"), "denominator D1 100; numerator D1 65");
}

// Every kind of inner formula, figured on every day of a year: nothing changes on a day that
// days_of_change() leaves out.
TEST(Kept, NothingChangesOnADayThatIsLeftOut) {
  constexpr std::string_view formulas[] = {
      R"({"kind":"state","attribute":"app","is":true})",
      R"({"kind":"state","register":"team"})",
      R"({"kind":"gauge","register":"team","only":{"unit.attr.app":true}})",
      R"({"kind":"gauge","of":"reported"})",
      R"({"kind":"gauge","of":"reported","covers":"subtree"})",
      R"({"kind":"ratio","of":"reported","fresh":"period"})",
      R"({"kind":"coverage","units":{"level":"commune"},"have":{"any":[)"
      R"({"attribute":"app","is":true},{"register":"team"}]}})",
      R"({"kind":"coverage","units":{"level":"commune"},"have":{"formula":)"
      R"({"kind":"count"},"of":"own","comparator":">=","value":2}})",
      R"({"kind":"coverage","units":{"level":"district"},"have":{"reached_by":{},"by":"any"}})",
      R"({"kind":"coverage","register":"team","have":{"named_by":{}}})",
      R"({"kind":"ratio","numerator":{"kind":"count"},)"
      R"("denominator":{"kind":"statistic","statistic":"n"}})",
      R"({"kind":"rank","statistic":"n"})",
      R"({"kind":"count","where":{"unit.attr.app":true}})",
  };
  const unsigned seed = 20240705;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto any = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const auto day = [&] { return to_text(Day{parse_day("2024-01-01")->number + any(366)}); };
  constexpr std::string_view units[] = {"P", "D1", "D2", "C1", "C2", "C3"};
  History history;
  history.units(worked_example_units());
  std::string indicators;
  for (std::size_t i = 0; i < std::size(formulas); ++i) {
    indicators += (i == 0 ? "" : ",") + indicator_data("i" + std::to_string(i), formulas[i]);
  }
  history.say("plan.published", plan_data(indicators)).at("2025-01-05");
  for (int i = 0; i < 60; ++i) {
    const std::string unit(units[any(6)]);
    const std::string n = std::to_string(any(9));
    switch (any(7)) {
      case 0:
        history.say("unit.attributes_set",
                    attributes_data(unit, day(), any(2) ? R"({"app":true})" : R"({"app":false})"));
        break;
      case 1:
        history.say("entity.registered", thing_data("team", "t" + n, unit, day()));
        break;
      case 2:
        history.say("entity.removed", thing_data("team", "t" + n, unit, day()));
        break;
      case 3:
        history.say(
            "report.submitted",
            report_data("r" + std::to_string(i), unit, "p", "2024-0" + std::to_string(1 + any(9)),
                        figure_data("i3", n) + "," + figure_data("i4", n) + "," +
                            pair_data("i5", n, "9", R"(,"as_at":")" + day() + '"')));
        break;
      case 4:
        history.say("statistic.declared", statistic_data("n", unit, day(), n));
        break;
      case 5:
        history.say("unit.moved", moved_data("C2", any(2) ? "D1" : "D2", day()));
        break;
      default:
        history.say("activity.recorded",
                    activity_data("a" + std::to_string(i), unit, day(), 1,
                                  R"(,"reached_units":["D1"],"outputs":[{"kind":"team","id":"t)" +
                                      n + R"("}])"));
    }
  }
  const Question now = history.now();
  const auto plan = now.knowledge().plan("p", *parse_day("2024-12-31"));
  const Window year = *parse_period("2024");
  for (const Indicator& indicator : plan->indicators) {
    for (const Extent extent : {Extent::own, Extent::subtree}) {
      FigureOf of{.plan = *plan,
                  .formula = *indicator.formula,
                  .unit = *now.tree().find("D1"),
                  .window = year,
                  .extent = extent};
      const ContributorSink none;
      const auto days = days_of_change(call_of(now, of, none), year).value();
      EXPECT_LT(days.size(), 200U);
      std::string before;
      for (Day one = year.first; one <= year.last; one = one.next()) {
        of.window.last = one;
        const Figure figure = tiendo::figure(now, of).value();
        std::string text = figure.no_data;
        if (figure.value) text += figure.value->text();
        if (figure.numerator) text += figure.numerator->text() + "/" + figure.denominator->text();
        const bool figured = std::find(days.begin(), days.end(), one) != days.end();
        EXPECT_TRUE(figured || text == before)
            << indicator.id << " changes on " << to_text(one) << ": " << before << " to " << text;
        before = text;
      }
    }
  }
}

}  // namespace
}  // namespace tiendo

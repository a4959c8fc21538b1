// The worked examples of semantics 12 that are figures of activities.
#include "projector/figure.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

constexpr std::string_view visits = R"({"kind":"sum","of":"participants"})";

// Indicators by their ids, in plan p.
std::string plan(std::initializer_list<std::pair<std::string_view, std::string_view>> formulas) {
  std::string indicators;
  for (const auto& [id, formula] : formulas) {
    indicators += (indicators.empty() ? "" : ",") + indicator_data(id, formula);
  }
  return plan_data(indicators);
}

History& begin(History& history,
               std::initializer_list<std::pair<std::string_view, std::string_view>> formulas) {
  return history.units(worked_example_units()).say("plan.published", plan(formulas));
}

std::string contribution_texts(const Question& question, std::string_view indicator,
                               std::string_view unit) {
  const Window window = *parse_period("2024");
  const auto plan = question.knowledge().plan("p", window.last);
  std::multimap<std::string, std::string> sorted;
  std::map<std::string, Decimal> sums;
  const auto figure = tiendo::figure(question,
                                     {.plan = *plan,
                                      .formula = *plan->indicator(indicator)->formula,
                                      .unit = *question.tree().find(unit),
                                      .window = window},
                                     [&](const Contributor& one) {
                                       sorted.emplace(std::string(name_of(one.role)),
                                                      one.unit + " " + one.amount.text());
                                       sums[std::string(name_of(one.role))] += one.amount;
                                     });
  EXPECT_TRUE(figure.ok());
  if (figure->value) {
    EXPECT_EQ(sums["amount"], *figure->value);
  } else {
    EXPECT_EQ(sums["numerator"], *figure->numerator);
    EXPECT_EQ(sums["denominator"], *figure->denominator);
  }
  std::string out;
  for (const auto& [role, text] : sorted) out += (out.empty() ? "" : "; ") + role + " " + text;
  return out;
}

TEST(Figure, E2ACorrectionOlderThanItsRecordHolds) {
  History history;
  begin(history, {{"v", visits}});
  history.say("activity.corrected", activity_data("a1", "D1", "2024-04-01", 60));
  EXPECT_EQ(figure_text(history.now(), "v", "P"), "0");
  history.say("activity.recorded", activity_data("a1", "D1", "2024-04-01", 70));
  EXPECT_EQ(figure_text(history.now(), "v", "P"), "60");
  history.say("activity.cancelled", cancelled_data("a2"));
  history.say("activity.recorded", activity_data("a2", "D1", "2024-04-02", 40));
  EXPECT_EQ(figure_text(history.now(), "v", "P"), "60");
}

TEST(Figure, E4OfOneIdentityInTwoStreamsTheFirstInOrderCounts) {
  History history;
  begin(history, {{"v", visits}});
  history.in("t:0:0").at("2024-03-01T10:00:00+07:00");
  history.say("activity.recorded", activity_data("a1", "D1", "2024-03-01", 30), "same");
  const uint64_t first = history.last().position;
  EXPECT_EQ(figure_text(history.now(), "v", "P"), "30");
  history.in("t:1:0").at("2024-03-01T09:59:00+07:00");
  history.say("activity.recorded", activity_data("a1", "D1", "2024-03-01", 31), "same");
  EXPECT_EQ(figure_text(history.now(), "v", "P"), "31");
  EXPECT_EQ(figure_text(history.as_of_record(first), "v", "P"), "31");
  EXPECT_EQ(figure_text(history.as_of_record(0, "t:1:0"), "v", "P"), "31");
}

TEST(Figure, E6EveryRecordIsAMoment) {
  History history;
  begin(history, {{"v", visits}});
  const uint64_t before = history.last().position;
  history.say("activity.recorded", activity_data("a1", "D1", "2024-01-01", 100))
      .say("activity.corrected", activity_data("a1", "D1", "2024-01-01", 70))
      .say("activity.cancelled", cancelled_data("a1"))
      .say("activity.corrected", activity_data("a1", "D1", "2024-01-01", 90));
  const std::vector<std::string> values = {"0", "100", "70", "0", "90"};
  for (uint64_t step = 0; step < values.size(); ++step) {
    EXPECT_EQ(figure_text(history.as_of_record(before + step), "v", "P"), values[step]) << step;
  }
}

TEST(Figure, E7WhatAUnitsRegistrationReleasesIsKnownFromItOn) {
  History history;
  begin(history, {{"v", visits}});
  history.at("2024-03-01").say("activity.recorded", activity_data("a1", "U9", "2024-03-01", 40));
  history.at("2024-03-05").say("unit.registered", unit_data("U9", "district", "P"));
  EXPECT_EQ(figure_text(history.as_of_day("2024-03-03"), "v", "P"), "0");
  EXPECT_EQ(figure_text(history.as_of_day("2024-03-05"), "v", "P"), "40");
  EXPECT_EQ(figure_text(history.now(), "v", "P"), "40");
}

std::string dated(std::string_view unit, std::string_view effective, std::string_view more = "") {
  return R"({"unit":)" + in_quotes(unit) + R"(,"effective":)" + in_quotes(effective) +
         std::string(more) + "}";
}

// Semantics 4, rule 2 of place(), as in E18.
TEST(Figure, AfterTheEndOfAUnitWhatItDidIsUnplacedAtItsParent) {
  History history;
  begin(history, {{"v", visits}});
  history.at("2024-06-10");
  history.say("activity.recorded", activity_data("a1", "C2", "2024-02-02", 6));
  history.say("activity.recorded", activity_data("a2", "C2", "2024-06-06", 50));
  history.say("activity.recorded", activity_data("a3", "C1", "2024-06-06", 1));
  const uint64_t before = history.last().position;
  EXPECT_EQ(own_text(history.now(), "v", "C2"), "56");
  // The rollups follow a closing that is said late.
  history.say("unit.closed", dated("C2", "2024-06-01"));
  for (const bool from_rollups : {true, false}) {
    const Question question =
        from_rollups ? history.now() : history.as_of_record(history.last().position);
    EXPECT_EQ(own_text(question, "v", "C2"), "6");
    EXPECT_EQ(figure_text(question, "v", "C2"), "6");
    EXPECT_EQ(figure_text(question, "v", "D1"), "57");
    EXPECT_EQ(own_text(question, "v", "D1"), "0") << "in nobody's own figure";
    EXPECT_EQ(figure_text(question, "v", "P"), "57");
  }
  EXPECT_EQ(own_text(history.as_of_record(before), "v", "C2"), "56");
  EXPECT_EQ(own_text(history.now("2030-01-01", tree_of("2024-05-31")), "v", "C2"), "56");
  EXPECT_EQ(own_text(history.now("2030-01-01", tree_of("2024-06-01")), "v", "C2"), "0");
  EXPECT_EQ(figure_text(history.now("2030-01-01", tree_of("2024-06-01")), "v", "D1"), "57");
  history.say("unit.reopened", dated("C2", "2024-06-01"));
  EXPECT_EQ(own_text(history.now(), "v", "C2"), "56") << "the closing is taken back";
}

TEST(Figure, ACoverageCountsTheUnitsThatExistOnItsLastDay) {
  History history;
  begin(
      history,
      {{"c",
        R"({"kind":"coverage","units":{"level":"commune"},"have":{"reached_by":{},"by":"any"}})"}});
  history.say("activity.recorded",
              activity_data("a1", "D1", "2024-02-02", 6, R"(,"reached_units":["C1","C2"])"));
  history.say("unit.closed", dated("C2", "2024-07-01"));
  EXPECT_EQ(figure_text(history.now(), "c", "D1", "2024-H1"), "2/2");
  EXPECT_EQ(figure_text(history.now(), "c", "D1"), "1/1");
  const Question later = history.now("2030-01-01", tree_of("2024-12-31"));
  EXPECT_EQ(figure_text(later, "c", "D1", "2024-H1"), "2/2") << "under D1, as facts of that day";
}

TEST(Figure, AConditionOnAnAttributeSeesTheUnitAsOnTheActivitysDay) {
  History history;
  begin(history, {{"n", R"({"kind":"count","where":{"unit.attr.far":true}})"}});
  history.say("activity.recorded", activity_data("a1", "C1", "2024-02-02"));
  history.say("activity.recorded", activity_data("a2", "C1", "2024-05-02"));
  history.say("activity.recorded", activity_data("a3", "C1", "2024-08-02"));
  EXPECT_EQ(figure_text(history.now(), "n", "P"), "0");
  history.say("unit.attributes_set", dated("C1", "2024-03-01", R"(,"attributes":{"far":true})"));
  EXPECT_EQ(figure_text(history.now(), "n", "P"), "2");
  history.say("unit.attributes_set", dated("C1", "2024-08-01", R"(,"attributes":{"far":false})"));
  EXPECT_EQ(figure_text(history.now(), "n", "P"), "1");
}

TEST(Figure, E10AnActivityBelongsToTheLocalDayOfItsEnd) {
  History history;
  begin(history, {{"n", R"({"kind":"count"})"}});
  const auto ends = [](std::string_view activity, std::string_view end) {
    std::string data = activity_data(activity, "D1", "2024-09-28");
    return data.replace(data.find(R"("ends":"2024-09-28")"), 19,
                        R"("ends":")" + std::string(end) + "\"");
  };
  history.say("activity.recorded", ends("a1", "2024-10-03"));
  history.say("activity.recorded", ends("a2", "2024-10-10T16:59:59Z"));
  history.say("activity.recorded", ends("a3", "2024-10-10T17:00:00Z"));
  EXPECT_EQ(figure_text(history.now(), "n", "P", "2024-09"), "0");
  EXPECT_EQ(figure_text(history.now(), "n", "P", "2024-10-01..2024-10-10"), "2");
  EXPECT_EQ(figure_text(history.now(), "n", "P", "2024-10-11"), "1");
}

TEST(Figure, E11CalendarAndStatutoryPeriods) {
  History history;
  begin(history, {{"n", R"({"kind":"count"})"}});
  history.say("activity.recorded", activity_data("a1", "D1", "2024-12-14"));
  history.say("activity.recorded", activity_data("a2", "D1", "2024-12-15"));
  const Question now = history.now();
  for (const auto& [period, count] : std::map<std::string, std::string>{{"2024", "2"},
                                                                        {"2024s", "1"},
                                                                        {"2025s", "1"},
                                                                        {"2024-12", "2"},
                                                                        {"2025s-01", "1"},
                                                                        {"2024s-12", "1"}}) {
    EXPECT_EQ(figure_text(now, "n", "P", period), count) << period;
  }
}

TEST(Figure, FactsAfterTodayDoNotCountYet) {
  History history;
  begin(history, {{"n", R"({"kind":"count"})"}});
  history.say("activity.recorded", activity_data("a1", "D1", "2024-06-15"));
  EXPECT_EQ(figure_text(history.now("2024-06-14T23:59:59.999+07:00"), "n", "P"), "0");
  EXPECT_EQ(figure_text(history.now("2024-06-15"), "n", "P"), "1");
}

TEST(Figure, E21AUnitThatMovesTakesOnlyItsLaterFactsAlong) {
  History history;
  begin(history, {{"v", visits},
                  {"c", R"({"kind":"coverage","units":{"level":"commune"},)"
                        R"("have":{"formula":{"kind":"count"},"comparator":">=","value":1}})"}});
  history.say("activity.recorded", activity_data("a1", "C2", "2024-02-02", 6));
  history.say("activity.recorded", activity_data("a2", "C2", "2024-09-09", 8));
  EXPECT_EQ(figure_text(history.now(), "v", "D1"), "14");
  history.say("unit.moved", moved_data("C2", "D2", "2024-05-01"));
  const Question reported = history.now();
  EXPECT_EQ(figure_text(reported, "v", "D1"), "6");
  EXPECT_EQ(figure_text(reported, "v", "D2"), "8");
  EXPECT_EQ(figure_text(reported, "v", "P"), "14");
  EXPECT_EQ(figure_text(reported, "c", "D1"), "0/1");
  EXPECT_EQ(figure_text(reported, "c", "D2"), "1/2");
  const Question current = history.now("2024-12-31", tree_of("2024-12-31"));
  EXPECT_EQ(figure_text(current, "v", "D1"), "0");
  EXPECT_EQ(figure_text(current, "v", "D2"), "14");
  EXPECT_EQ(figure_text(history.now("2030-01-01", tree_of("2024-04-30")), "v", "D1"), "14");
}

TEST(Figure, E22FormsAndSharesOfForms) {
  History history;
  begin(history,
        {{"online", R"({"kind":"count","where":{"form":"online"}})"},
         {"online_share", R"({"kind":"share","where":{"form":"online"},"among":{}})"},
         {"digital_share", R"({"kind":"share","where":{"form":["online","hybrid"]}})"},
         {"no_topic", R"({"kind":"count","where":{"not":{"topics":"x"}}})"},
         {"nothing", R"({"kind":"share","where":{"form":"online"},"among":{"type":"other"}})"}});
  for (int i = 0; i < 10; ++i) {
    std::string data = activity_data("a" + std::to_string(i), "D1", "2024-02-02");
    data.replace(data.find("online"), 6, i < 3 ? "online" : i < 5 ? "hybrid" : "in_person");
    history.say("activity.recorded", data);
  }
  const Question now = history.now();
  EXPECT_EQ(figure_text(now, "online", "P"), "3");
  EXPECT_EQ(figure_text(now, "online_share", "P"), "3/10");
  EXPECT_EQ(figure_text(now, "digital_share", "P"), "5/10");
  EXPECT_EQ(figure_text(now, "no_topic", "P"), "10");
  EXPECT_EQ(figure_text(now, "nothing", "P"), "denominator_zero");
}

TEST(Figure, E23CreditAllCountsForEachOrganiserAndOnceAbove) {
  History history;
  begin(history, {{"own", R"({"kind":"count"})"},
                  {"all", R"({"kind":"count","credit":"all"})"},
                  {"v", visits}});
  history.say("activity.recorded",
              activity_data("a1", "D1", "2024-02-02", 60, R"(,"co_units":["D2","nobody"])"));
  const Question now = history.now();
  for (const auto& [indicator, texts] :
       std::map<std::string, std::string>{{"own", "1 0 1"}, {"v", "60 0 60"}, {"all", "1 1 1"}}) {
    EXPECT_EQ(figure_text(now, indicator, "D1") + " " + figure_text(now, indicator, "D2") + " " +
                  figure_text(now, indicator, "P"),
              texts)
        << indicator;
  }
}

TEST(Figure, E31EachDistrictByItsOwnFigure) {
  History history;
  begin(history, {{"c", R"({"kind":"coverage","units":{"level":"district"},)"
                        R"("have":{"formula":{"kind":"count"},"comparator":">=","value":2}})"}});
  for (int i = 0; i < 6; ++i) {
    history.say("activity.recorded",
                activity_data("a" + std::to_string(i), i < 5 ? "D1" : "D2", "2024-02-02"));
  }
  EXPECT_EQ(figure_text(history.now(), "c", "P"), "1/2");
  EXPECT_EQ(figure_text(history.now(), "c", "C1"), "no_units");
}

TEST(Figure, E32ReachedByOneOfThemOrByEach) {
  History history;
  const std::string_view units =
      R"({"kind":"coverage","units":{"level":"district"},"have":{"reached_by":{})";
  const std::string one = std::string(units) + R"(,"mode":"union"}})";
  const std::string each = std::string(units) + R"(,"mode":"each"}})";
  const std::string by_any = std::string(units) + R"(,"by":"any"}})";
  begin(history, {{"union", one}, {"each", each}, {"any", by_any}});
  EXPECT_EQ(figure_text(history.now(), "each", "P"), "0/2") << "none held: not reached";
  history.say("activity.recorded",
              activity_data("a1", "P", "2024-02-02", 0, R"(,"reached_units":["D1"])"));
  history.say("activity.recorded",
              activity_data("a2", "P", "2024-02-03", 0, R"(,"reached_units":["D1","D2"])"));
  history.say("activity.recorded",
              activity_data("a3", "D2", "2024-02-03", 0, R"(,"reached_units":["C3"])"));
  EXPECT_EQ(figure_text(history.now(), "union", "P"), "2/2");
  EXPECT_EQ(figure_text(history.now(), "each", "P"), "1/2");
  EXPECT_EQ(figure_text(history.now(), "union", "D2"), "0/1")
      << "its own activities do not name it";
  EXPECT_EQ(figure_text(history.now(), "any", "D2"), "1/1");
}

TEST(Figure, E41DecimalsAreExact) {
  History history;
  begin(history, {{"cost", R"({"kind":"sum","of":"cost"})"}});
  history.say("activity.recorded", activity_data("a1", "D1", "2024-02-02", 0, R"(,"cost":"0.1")"));
  history.say("activity.recorded", activity_data("a2", "D1", "2024-02-02", 0, R"(,"cost":"0.2")"));
  EXPECT_EQ(figure_text(history.now(), "cost", "P"), "0.3");
}

TEST(Figure, ConditionsOnTheUnitAreThoseOfTheActivitysDay) {
  History history;
  begin(history, {{"commune", R"({"kind":"count","where":{"unit.level":"commune"}})"},
                  {"below_d2", R"({"kind":"count","where":{"unit.parent_level":"province"}})"}});
  history.say("activity.recorded", activity_data("a1", "C1", "2024-02-02"));
  history.say("activity.recorded", activity_data("a2", "C1", "2024-08-02"));
  history.say("activity.recorded", activity_data("a3", "D1", "2024-08-02"));
  history.say("unit.moved", moved_data("C1", "P", "2024-05-01"));
  EXPECT_EQ(figure_text(history.now(), "commune", "P"), "2");
  EXPECT_EQ(figure_text(history.now(), "below_d2", "P"), "2");
  EXPECT_EQ(figure_text(history.now(), "below_d2", "P", "2024-02"), "0");
}

// An attribute has no value before the day from which it holds, and a missing field never matches.
TEST(Figure, AttributesHoldFromTheUnitsFirstDayOn) {
  History history;
  history.say("unit.registered", unit_data("P", "province", ""));
  history.say("unit.registered",
              unit_data("D1", "district", "P", "2024-03-01", R"(,"attributes":{"far":true})"));
  history.say("plan.published",
              plan({{"far", R"({"kind":"count","where":{"unit.attr.far":true}})"},
                    {"near", R"({"kind":"count","where":{"not":{"unit.attr.far":true}}})"}}));
  history.say("activity.recorded", activity_data("a1", "D1", "2024-02-29"));
  history.say("activity.recorded", activity_data("a2", "D1", "2024-03-01"));
  EXPECT_EQ(figure_text(history.now(), "far", "P"), "1");
  EXPECT_EQ(figure_text(history.now(), "near", "P"), "1");
  EXPECT_EQ(figure_text(history.now(), "near", "P", "2024-02"), "1");
}

TEST(Figure, ContributorsAddUpToTheFigure) {
  History history;
  begin(
      history,
      {{"v", visits},
       {"share", R"({"kind":"share","where":{"form":"online"}})"},
       {"c",
        R"({"kind":"coverage","units":{"level":"district"},)"
        R"("have":{"any":[{"reached_by":{}},{"formula":{"kind":"count"},"comparator":">","value":1}]}})"},
       {"m", R"({"kind":"milestone","where":{}})"}});
  history.say("activity.recorded", activity_data("a1", "D1", "2024-02-02", 6));
  history.say("activity.recorded", activity_data("a2", "C3", "2024-02-01", 0));
  history.say("activity.corrected", activity_data("a1", "D1", "2024-02-02", 9));
  history.say("activity.recorded",
              activity_data("a3", "P", "2024-02-03", 1, R"(,"reached_units":["D2"])"));
  const Question now = history.now();
  EXPECT_EQ(contribution_texts(now, "v", "P"), "amount D1 9; amount P 1");
  EXPECT_EQ(contribution_texts(now, "share", "P"),
            "denominator C3 1; denominator D1 1; denominator P 1; numerator C3 1; numerator D1 1; "
            "numerator P 1");
  EXPECT_EQ(contribution_texts(now, "c", "P"),
            "denominator D1 1; denominator D2 1; numerator D2 1");
  EXPECT_EQ(contribution_texts(now, "m", "P"), "amount C3 1");
}

TEST(Figure, UnitsOfMeasureFollowFromTheFormula) {
  const auto measure = [](std::string_view formula, std::string_view said = "") {
    std::string indicator = indicator_data("i", formula);
    if (!said.empty()) indicator.insert(1, R"("measure":)" + in_quotes(said) + ",");
    json::Document document;
    EXPECT_TRUE(document.parse(plan_data(indicator)).ok());
    return measure_of(std::get<Plan>(parse_plan(document.root())).indicators.front());
  };
  EXPECT_EQ(measure(R"({"kind":"count"})"), "activities");
  EXPECT_EQ(measure(R"({"kind":"sum","of":"participants"})"), "visits");
  EXPECT_EQ(measure(R"({"kind":"sum","of":"cost"})"), "million_vnd");
  EXPECT_EQ(measure(R"({"kind":"sum","of":"outputs","output":"x"})", "classes"), "classes");
  EXPECT_EQ(measure(R"({"kind":"share","where":{}})"), "percent");
}

// As the absurd reports of years could leave it; through the log it would take gigabytes.
void write_subtree_cell(History& history, std::string_view indicator, std::string_view day,
                        Sum amount) {
  const Question question = history.now();
  const auto plan = question.knowledge().plan("p", *parse_day("2024-12-31"));
  const auto& formula = std::get<SumFormula>(plan->indicator(indicator)->formula->of);
  WriteBatch batch;
  batch.put(view_family::rollups,
            cell_key(RollupScope::subtree, sum_term(formula).ids.front(), "P",
                     half_month_of(*parse_day(day))),
            cell_value({amount, 1}));
  ASSERT_TRUE(history.view_store().commit(batch, Durability::unsynced).ok());
  history.reopen();
}

TEST(Figure, ThatNoDecimalHoldsIsNoDataAndNeverAWrappedNumber) {
  History history;
  begin(history, {{"v", visits}});
  const Decimal largest = Decimal::from_units(static_cast<int128>(~uint128{0} >> 1));
  write_subtree_cell(history, "v", "2024-03-01", largest);
  EXPECT_EQ(figure_text(history.now(), "v", "P"), largest.text());
  write_subtree_cell(history, "v", "2024-06-01", Decimal::whole(1));
  EXPECT_EQ(figure_text(history.now(), "v", "P"), "overflow");
  EXPECT_EQ(figure_text(history.now(), "v", "P", "2024-06"), "1");
}

}  // namespace
}  // namespace tiendo

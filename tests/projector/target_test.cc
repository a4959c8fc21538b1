#include "projector/target.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

std::string target_data(std::string_view whom, std::string_view when,
                        std::string_view value = R"(">=","value":2)", std::string_view more = "") {
  return R"({"id":"t","indicator":"i","comparator":)" + std::string(value) + R"(,"for":)" +
         std::string(whom) + R"(,"when":)" + std::string(when) + std::string(more) + "}";
}

constexpr std::string_view count = R"({"kind":"count"})";
constexpr std::string_view visits = R"({"kind":"sum","of":"participants"})";
constexpr std::string_view year_2024 = R"({"kind":"each_year","years":[2024]})";

History& begin(History& history, std::string_view formula, std::string_view target,
               std::string_view head = R"("first":"2024-01-01","last":"2024-12-31")") {
  history.units(worked_example_units());
  return history.say("plan.published",
                     plan_data(indicator_data("i", formula), target, "", 1, "2024-01-01", head));
}

// "12 5/10 on_track null": value, numerator/denominator, status, met.
std::string reading(const Question& question, std::string_view unit, std::string_view day) {
  const auto plan = question.knowledge().plan("p", *parse_day(day));
  const auto read = read_target(question, *plan, plan->targets.front(), *question.tree().find(unit),
                                *parse_day(day));
  if (!read.ok()) return read.error().code;
  const Figure& figure = read->figure;
  std::string out;
  if (figure.value && read->value_is_shown) out += figure.value->text() + " ";
  if (figure.numerator) out += figure.numerator->text() + "/" + figure.denominator->text() + " ";
  return out + std::string(name_of(read->status)) +
         (read->met ? *read->met ? " true" : " false" : " null");
}

TEST(Target, E31EachDistrictAskedAboveItsLevel) {
  History history;
  begin(history, count, target_data(R"({"scope":"each","level":"district"})", year_2024));
  for (int i = 0; i < 6; ++i) {
    history.say("activity.recorded",
                activity_data("a" + std::to_string(i), i < 5 ? "D1" : "D2", "2024-02-02"));
  }
  const Question later = history.now("2025-06-01");
  EXPECT_EQ(reading(later, "P", "2024-12-31"), "1/2 not_met false");
  EXPECT_EQ(reading(later, "D1", "2024-12-31"), "5 met true");
  EXPECT_EQ(reading(later, "D2", "2024-12-31"), "1 not_met false");
  EXPECT_EQ(reading(later, "C1", "2024-12-31"), "not_applicable null");
  EXPECT_EQ(reading(later, "P", "2025-12-31"), "not_applicable null");
}

TEST(Target, E37IsOnTrackAsFarAsTheDaysHaveCome) {
  History history;
  begin(history, visits,
        target_data(R"({"scope":"unit","level":"district"})",
                    R"({"kind":"each_year","years":[2025]})", R"(">=","value":9000)"),
        R"("first":"2024-01-01","last":"2025-12-31")");
  history.at("2025-07-01").say("activity.recorded", activity_data("a1", "D1", "2025-06-30", 4'500));
  const Question later = history.now("2026-06-01");
  EXPECT_EQ(reading(later, "D1", "2025-06-30"), "4500 on_track null");
  EXPECT_EQ(reading(later, "D1", "2025-07-31"), "4500 behind null");
  EXPECT_EQ(reading(later, "D1", "2025-12-31"), "4500 not_met false");
  const Question then = history.now("2025-12-31");
  EXPECT_EQ(reading(then, "D1", "2025-12-31"), "4500 behind null") << "N is not past L yet";
}

TEST(Target, OnTrackIsExactToTheLastVisit) {
  // 181 of 365 days: 365 x 181 / 365 = 181 exactly.
  for (const int said : {180, 181}) {
    History history;
    begin(history, visits,
          target_data(R"({"scope":"unit","level":"district"})",
                      R"({"kind":"each_year","years":[2025]})", R"(">=","value":365)"),
          R"("first":"2024-01-01","last":"2025-12-31")");
    history.say("activity.recorded", activity_data("a1", "D1", "2025-06-30", said));
    EXPECT_EQ(reading(history.now("2026-06-01"), "D1", "2025-06-30"),
              std::to_string(said) + (said == 181 ? " on_track null" : " behind null"));
  }
}

TEST(Target, E39AMilestoneIsMetLateOrNotMet) {
  const std::string target =
      target_data(R"({"scope":"unit","level":"district"})",
                  R"({"kind":"before","day":"2022-05-15"})", R"(">=","value":1)");
  const std::string_view head = R"("first":"2022-01-01","last":"2022-12-31")";
  const auto read = [&](std::string_view done, std::string_view day) {
    History history;
    begin(history, R"({"kind":"milestone","where":{}})", target, head);
    if (!done.empty()) history.say("activity.recorded", activity_data("a1", "D1", done));
    return reading(history.now("2023-06-01"), "D1", day);
  };
  EXPECT_EQ(read("2022-05-14", "2022-12-31"), "1 met true");
  EXPECT_EQ(read("2022-05-15", "2022-12-31"), "1 late false");
  EXPECT_EQ(read("", "2022-04-30"), "0 not_yet_due null");
  EXPECT_EQ(read("", "2022-12-31"), "0 not_met false");
}

TEST(Target, AMilestoneByObligationConcernsThoseWhoOweTheReport) {
  History history;
  history.units(worked_example_units());
  const std::string obligation =
      R"({"id":"o","from":{"level":"district"},"instances":[{"period":"2024-9M","due":{"before":"2024-09-01"}}]})";
  history.say("plan.published",
              plan_data(indicator_data("i", R"({"kind":"milestone","obligation":"o"})"),
                        target_data(R"({"scope":"unit","level":"any"})",
                                    R"({"kind":"before","day":"2024-09-01"})", R"(">=","value":1)"),
                        obligation));
  history.at("2024-09-01").say("report.submitted", report_data("r1", "D1", "p", "2024-9M", ""));
  const Question later = history.now("2025-06-01");
  EXPECT_EQ(reading(later, "D1", "2024-12-31"), "1 late false");
  EXPECT_EQ(reading(later, "D2", "2024-12-31"), "0 not_met false");
  EXPECT_EQ(reading(later, "P", "2024-12-31"), "0 not_applicable null");
}

TEST(Target, AFigureStaysJudgedByWhatWasSoAtTheDeadline) {
  History history;
  begin(
      history, count,
      target_data(R"({"scope":"unit","level":"district"})", R"({"kind":"by","day":"2024-06-30"})"));
  history.say("activity.recorded", activity_data("a1", "D1", "2024-06-30"));
  history.say("activity.recorded", activity_data("a2", "D1", "2024-07-01"));
  EXPECT_EQ(reading(history.now("2025-01-01"), "D1", "2024-12-31"), "1 not_met false");
}

TEST(Target, TheRollupAndTheShareOfUnits) {
  const auto read = [](std::string_view target) {
    History history;
    begin(history, count, target);
    for (const char* unit : {"C1", "C2", "D2"}) {
      history.say("activity.recorded", activity_data(std::string("a") + unit, unit, "2024-02-02"));
    }
    return reading(history.now("2025-06-01"), "P", "2024-12-31");
  };
  EXPECT_EQ(read(target_data(R"({"scope":"rollup","level":"province"})", year_2024)), "3 met true");
  EXPECT_EQ(read(target_data(R"({"scope":"unit","level":"province"})", year_2024)),
            "0 not_met false");
  EXPECT_EQ(read(target_data(R"({"scope":"share","level":"commune"})", year_2024,
                             R"(">=","value":66.67)", R"(,"inner":{"comparator":">=","value":1})")),
            "2/3 not_met false");
  EXPECT_EQ(read(target_data(R"({"scope":"share","level":"commune"})", year_2024,
                             R"(">=","value":66.66)", R"(,"inner":{"comparator":">=","value":1})")),
            "2/3 met true");
}

TEST(Target, ExactlyMayMeanOrMore) {
  const auto read = [](std::string_view more, int activities) {
    History history;
    begin(
        history, count,
        target_data(R"({"scope":"unit","level":"district"})", year_2024, R"("=","value":2)", more));
    for (int i = 0; i < activities; ++i) {
      history.say("activity.recorded", activity_data("a" + std::to_string(i), "D1", "2024-02-02"));
    }
    return reading(history.now("2025-06-01"), "D1", "2024-12-31");
  };
  EXPECT_EQ(read("", 2), "2 met true");
  EXPECT_EQ(read("", 3), "3 not_met false");
  EXPECT_EQ(read(R"(,"or_more":true)", 3), "3 met true");
}

TEST(Target, BeforeItsWindowAndWithoutDataNothingIsJudged) {
  History history;
  begin(history, R"({"kind":"share","where":{"form":"online"}})",
        target_data(R"({"scope":"unit","level":"district"})",
                    R"({"kind":"by","day":"2024-06-30","first":"2024-03-01"})",
                    R"(">=","value":50)"));
  EXPECT_EQ(reading(history.now("2025-06-01"), "D1", "2024-02-29"), "0/0 not_yet_due null");
  EXPECT_EQ(reading(history.now("2025-06-01"), "D1", "2024-12-31"), "0/0 no_data null");
}

// --- targets on all dates ---

constexpr std::string_view app = R"({"kind":"state","attribute":"app","is":true})";

TEST(Target, E34KeptIsJudgedByItsWorstDay) {
  const auto read = [](std::string_view formula, std::string_view when, std::string_view day) {
    History history;
    begin(history, formula,
          target_data(R"({"scope":"unit","level":"province"})", when, R"(">=","value":1)"));
    history.say("unit.attributes_set", attributes_data("P", "2023-01-01", R"({"app":true})"));
    history.say("unit.attributes_set", attributes_data("P", "2024-07-05", R"({"app":false})"));
    history.say("unit.attributes_set", attributes_data("P", "2024-07-12", R"({"app":true})"));
    return reading(history.now("2025-06-01"), "P", day);
  };
  const std::string kept = R"({"kind":"kept","of":)" + std::string(app) + "}";
  const std::string_view all_dates = R"({"kind":"throughout","last":"2024-12-31"})";
  for (const auto& [formula, when] :
       {std::pair<std::string, std::string_view>{kept, year_2024}, {std::string(app), all_dates}}) {
    EXPECT_EQ(read(formula, when, "2024-06-30"), "1 on_track null");
    EXPECT_EQ(read(formula, when, "2024-09-30"), "0 not_met false");
    EXPECT_EQ(read(formula, when, "2024-12-31"), "0 not_met false");
  }
  EXPECT_EQ(read(app, year_2024, "2024-12-31"), "1 met true") << "without it the last day decides";
}

TEST(Target, E34WhatIsNotEstablishedYetIsNotYetDue) {
  History history;
  begin(history, R"({"kind":"kept","since":4,"of":{"kind":"gauge","register":"team"}})",
        target_data(R"({"scope":"rollup","level":"province"})", year_2024, R"("=","value":4)",
                    R"(,"or_more":true)"));
  const auto add = [&](std::string_view team, std::string_view day) {
    history.say("entity.registered", thing_data("team", team, "C1", day));
  };
  for (const char* team : {"t1", "t2"}) add(team, "2024-01-10");
  EXPECT_EQ(reading(history.now("2025-06-01"), "P", "2024-12-31"), "2 not_met false");
  for (const char* team : {"t3", "t4"}) add(team, "2024-05-01");
  history.say("entity.removed", thing_data("team", "t1", "C1", "2024-10-01"));
  EXPECT_EQ(reading(history.now("2025-06-01"), "P", "2024-03-31"), "2 not_yet_due null");
  EXPECT_EQ(reading(history.now("2025-06-01"), "P", "2024-06-30"), "4 on_track null");
  EXPECT_EQ(reading(history.now("2025-06-01"), "P", "2024-12-31"), "3 not_met false");
}

TEST(Target, HeldAfterItsYearUntilTheNextOfItsSeriesBegins) {
  History history;
  history.units(worked_example_units());
  const auto target = [](std::string_view id, std::string_view when, std::string_view value,
                         std::string_view more) {
    return R"({"id":)" + in_quotes(id) +
           R"(,"indicator":"i","comparator":">=","for":{"scope":"rollup","level":"province"},)" +
           R"("series":"s","value":)" + std::string(value) + R"(,"when":)" + std::string(when) +
           std::string(more) + "}";
  };
  history.say(
      "plan.published",
      plan_data(
          indicator_data("i", R"({"kind":"gauge","register":"team"})"),
          target("t", R"({"kind":"by","day":"2024-12-31"})", "2", R"(,"then":"hold")") + "," +
              target("u", R"({"kind":"by","day":"2027-12-31","first":"2026-01-01"})", "3", ""),
          "", 1, "2024-01-01", R"("first":"2024-01-01","last":"2027-12-31")"));
  for (const char* team : {"t1", "t2"}) {
    history.say("entity.registered", thing_data("team", team, "C1", "2024-05-01"));
  }
  history.say("entity.removed", thing_data("team", "t1", "C1", "2026-02-01"));
  const Question later = history.now("2028-06-01");
  const auto read = [&](std::string_view day) {
    std::string out = reading(later, "P", day);
    const auto plan = later.knowledge().plan("p", *parse_day(day));
    const auto window =
        read_target(later, *plan, plan->targets.front(), *later.tree().find("P"), *parse_day(day))
            ->window;
    return out + " " + to_text(window->first) + " " + to_text(window->last);
  };
  EXPECT_EQ(read("2024-12-31"), "2 met true 2024-01-01 2024-12-31");
  EXPECT_EQ(read("2025-06-30"), "2 on_track null 2025-01-01 2025-12-31");
  EXPECT_EQ(read("2027-06-30"), "2 met true 2025-01-01 2025-12-31");
}

// --- what cannot be decided, and what is spent ---

TEST(Target, E24AnUpperBoundDecidesOnlyWhatItsIdsDo) {
  const auto read = [](std::string_view wanted, std::string_view day) {
    History history;
    begin(history, R"({"kind":"distinct","of":"outputs","output":"site"})",
          target_data(R"({"scope":"unit","level":"district"})", year_2024, wanted));
    history.say("activity.recorded",
                activity_data("a1", "D1", "2024-02-02", 0,
                              R"(,"outputs":[{"kind":"site","id":"x"},{"kind":"site","id":"y"},)"
                              R"({"kind":"site","id":"z"},{"kind":"site","count":9000}])"));
    return reading(history.now("2025-06-01"), "D1", day);
  };
  EXPECT_EQ(read(R"(">=","value":10000)", "2024-12-31"), "9003 not_met false");
  EXPECT_EQ(read(R"(">=","value":10000)", "2024-06-30"), "9003 on_track null");
  EXPECT_EQ(read(R"(">=","value":5000)", "2024-12-31"), "9003 no_data null");
  EXPECT_EQ(read(R"(">=","value":3)", "2024-12-31"), "9003 met true");
}

TEST(Target, E36MoneyMustBeAllocatedAndNotOverspent) {
  const auto read = [](std::string_view spent, std::string_view day) {
    History history;
    begin(history, R"({"kind":"money","line":"9"})",
          target_data(R"({"scope":"rollup","level":"province"})", year_2024, R"("=","value":240)"),
          R"("first":"2024-01-01","last":"2024-12-31","budget":[{"line":"9","name":"l",)"
          R"("unit_of_measure":"million_vnd","years":{"2024":240}}])");
    const auto money = [&](std::string_view type, std::string_view unit, std::string_view amount) {
      history.say(type, R"({"plan":"p","line":"9","unit":)" + in_quotes(unit) +
                            R"(,"year":2024,"amount":)" + std::string(amount) + "}");
    };
    if (spent.empty()) return reading(history.now("2025-06-01"), "P", day);
    money("money.allocated", "D1", "100");
    money("money.allocated", "D2", "140");
    money("money.spent", "D1", spent);
    return reading(history.now("2025-06-01"), "P", day);
  };
  EXPECT_EQ(read("240", "2024-12-31"), "240 met true");
  EXPECT_EQ(read("245", "2024-12-31"), "240 not_met false");
  EXPECT_EQ(read("245", "2024-06-30"), "240 not_yet_due null");
  EXPECT_EQ(read("", "2024-12-31"), "no_data null");
}

TEST(Target, E38ARatioIsReadAtItsDeadlineAndExpectedByItsDays) {
  const auto read = [](std::string_view by, std::string_view wanted, std::string_view day) {
    History history;
    history.units(worked_example_units());
    history.say("plan.published",
                plan_data(indicator_data("i", R"({"kind":"ratio","of":"reported"})"),
                          target_data(R"({"scope":"unit","level":"district"})",
                                      R"({"kind":"by","day":)" + in_quotes(by) + "}",
                                      R"(">=","value":)" + std::string(wanted)),
                          "", 1, "2024-07-01", R"("first":"2024-07-01","last":"2030-12-31")"));
    history.at("2028-01-01");
    const auto said = [](std::string_view n, std::string_view as_at) {
      return pair_data("i", n, "100", R"(,"as_at":)" + in_quotes(as_at));
    };
    history.say("report.submitted", report_data("r1", "D1", "p", "2025", said("85", "2025-12-01")));
    history.say("report.submitted", report_data("r2", "D1", "p", "2027", said("70", "2027-06-01")));
    return reading(history.now("2028-06-01"), "D1", day);
  };
  EXPECT_EQ(read("2025-12-31", "80", "2027-12-31"), "85/100 met true");
  EXPECT_EQ(read("2030-12-31", "90", "2027-12-31"), "70/100 on_track null");
  EXPECT_EQ(read("2030-12-31", "90", "2025-11-30"), "no_data null");
}

TEST(Target, EveryTargetOfThePlanIsRead) {
  History history;
  begin(history, count, target_data(R"({"scope":"unit","level":"district"})", year_2024));
  const Question now = history.now("2025-06-01");
  const auto plan = now.knowledge().plan("p", *parse_day("2024-12-31"));
  const auto readings = read_targets(now, *plan, *now.tree().find("D1"), *parse_day("2024-12-31"));
  ASSERT_TRUE(readings.ok());
  ASSERT_EQ(readings->size(), 1U);
  EXPECT_EQ(readings->front().target->id, "t");
}

}  // namespace
}  // namespace tiendo

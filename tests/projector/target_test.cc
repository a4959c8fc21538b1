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

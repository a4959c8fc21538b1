#include "projector/obligation.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

std::string plan_with(
    std::string_view more = "", std::string_view from = R"({"level":"district"})",
    std::string_view instances = R"([{"period":"2024-9M","due":{"before":"2024-09-01"}}])") {
  const std::string obligation = R"({"id":"o","from":)" + std::string(from) + R"(,"instances":)" +
                                 std::string(instances) + std::string(more) + "}";
  const std::string indicators =
      indicator_data("f", R"({"kind":"count"})") + "," + indicator_data("g", R"({"kind":"count"})");
  return plan_data(indicators, "", obligation);
}

History& submit(History& history, std::string_view report, std::string_view unit,
                std::string_view at, std::string_view figures = R"({"indicator":"f","value":0})",
                std::string_view period = "2024-9M") {
  return history.at(at).say("report.submitted", report_data(report, unit, "p", period, figures));
}

std::string slot_text(const Question& question, const Slot& slot) {
  return question.tree().unit(slot.unit).id + " " + std::string(name_of(slot.state)) +
         (slot.complete ? " complete" : "");
}

// "D1 on_time complete; D2 late | extra D5 late"
std::string slots_text(const Question& question, std::string_view node = "P") {
  const auto plan = question.knowledge().plan("p", *parse_day("2024-12-31"));
  const auto found =
      slots(question, *plan, plan->obligations.front(), "", *question.tree().find(node));
  EXPECT_TRUE(found.ok());
  std::string out;
  for (const Slot& one : found->owed) out += (out.empty() ? "" : "; ") + slot_text(question, one);
  for (const Slot& one : found->extra) out += " | extra " + question.tree().unit(one.unit).id;
  return out;
}

TEST(Obligation, E40OnTimeLateMissingAndExtra) {
  History history;
  history.units(worked_example_units());
  history.say("unit.registered", unit_data("D3", "district", "P"));
  history.say("unit.registered", unit_data("D5", "district", "P", "2024-09-05"));
  history.say("plan.published", plan_with(R"(,"requires":["f"])"));
  submit(history, "r1", "D1", "2024-08-31T23:59:59+07:00");
  submit(history, "r2", "D2", "2024-09-01T00:00:00+07:00");
  submit(history, "r5", "D5", "2024-09-06");
  EXPECT_EQ(slots_text(history.now("2024-10-01")),
            "D1 on_time complete; D2 late complete; D3 missing | extra D5");
  EXPECT_EQ(slots_text(history.now("2024-10-01"), "D2"), "D2 late complete");
  EXPECT_EQ(slots_text(history.as_of_day("2024-08-30")),
            "D1 not_yet_due; D2 not_yet_due; D3 not_yet_due");
  EXPECT_EQ(slots_text(history.as_of_day("2024-08-31")),
            "D1 on_time complete; D2 not_yet_due; D3 not_yet_due");
}

TEST(Obligation, TheDueInstantItselfIsLateAndMissing) {
  History history;
  history.units(worked_example_units()).say("plan.published", plan_with());
  submit(history, "r1", "D1", "2024-09-01");
  EXPECT_EQ(slots_text(history.now("2024-08-31T23:59:59.999+07:00")),
            "D1 late complete; D2 not_yet_due");
  EXPECT_EQ(slots_text(history.now("2024-09-01")), "D1 late complete; D2 missing");
}

TEST(Obligation, E5ReturnedIsNotInForceAndWithdrawnIsNothing) {
  History history;
  history.units(worked_example_units()).say("plan.published", plan_with());
  submit(history, "r1", "D1", "2024-08-01").say("report.returned", of_report("r1"));
  submit(history, "r2", "D2", "2024-08-01").say("report.withdrawn", of_report("r2"));
  EXPECT_EQ(slots_text(history.now("2024-10-01")), "D1 returned; D2 missing");
  // The correction comes after the due day; what was first sent in time stays in time.
  history.at("2024-09-20").say("report.corrected", of_report("r1", figure_data("f", "3")));
  submit(history, "r2", "D2", "2024-09-21");
  EXPECT_EQ(slots_text(history.now("2024-10-01")), "D1 on_time complete; D2 late complete");
}

TEST(Obligation, CompleteIsInForceAndEveryRequiredIndicatorSaid) {
  const auto complete = [](std::string_view figures) {
    History history;
    history.units(worked_example_units())
        .say("plan.published", plan_with(R"(,"requires":["f","g"])"));
    submit(history, "r1", "D1", "2024-08-01", figures);
    return slots_text(history.now("2024-10-01")).find("D1 on_time complete") == 0;
  };
  EXPECT_TRUE(complete(R"({"indicator":"f","value":0},{"indicator":"g","value":"0"})"));
  EXPECT_FALSE(complete(R"({"indicator":"f","value":0})"));
  EXPECT_FALSE(complete(R"({"indicator":"f","value":0},{"indicator":"g","value":null})"));
  EXPECT_TRUE(
      complete(R"({"indicator":"f","value":0},{"indicator":"g","numerator":1,"denominator":2})"));
  EXPECT_FALSE(
      complete(R"({"indicator":"f","value":0},{"indicator":"g","numerator":1,"denominator":null})"))
      << "null is not said";
}

// A later partial report leaves the rest alone (E3).
TEST(Obligation, ReportsUnderTwoIdsCompleteEachOther) {
  History history;
  history.units(worked_example_units())
      .say("plan.published", plan_with(R"(,"requires":["f","g"])"));
  submit(history, "r1", "D1", "2024-08-01", R"({"indicator":"f","value":1})");
  submit(history, "r2", "D1", "2024-08-02", R"({"indicator":"g","value":1})");
  EXPECT_EQ(slots_text(history.now("2024-10-01"), "D1"), "D1 on_time complete");
  history.say("report.withdrawn", of_report("r2"));
  EXPECT_EQ(slots_text(history.now("2024-10-01"), "D1"), "D1 on_time");
}

TEST(Obligation, WhatIsSaidOfTheSendingCountsUnlessTheReceivingIsJudged) {
  for (const bool received : {false, true}) {
    History history;
    history.units(worked_example_units());
    history.say("plan.published", plan_with(received ? R"(,"judged_by":"received")" : ""));
    const std::string data = report_data("r1", "D1", "p", "2024-9M", "");
    history.append(
        {"t:0:0", instant("2024-09-10"),
         event_text("report.submitted", data, "x", "urn:a", "2024-08-20T08:00:00+07:00")});
    EXPECT_EQ(slots_text(history.now("2024-10-01"), "D1"),
              received ? "D1 late complete" : "D1 on_time complete");
  }
}

// First sent counts any report of the slot not withdrawn, in whatever order they came here.
TEST(Obligation, AnEarlierSendingThatArrivesLaterCounts) {
  History history;
  history.units(worked_example_units()).say("plan.published", plan_with());
  const std::string data = report_data("r1", "D1", "p", "2024-9M", "");
  history.append({"t:0:0", instant("2024-09-10"),
                  event_text("report.submitted", data, "x", "urn:a", "2024-09-05T08:00:00+07:00")});
  EXPECT_EQ(slots_text(history.now("2024-10-01"), "D1"), "D1 late complete");
  history.append({"t:0:0", instant("2024-09-11"),
                  event_text("report.submitted", data, "y", "urn:a", "2024-08-20T08:00:00+07:00")});
  EXPECT_EQ(slots_text(history.now("2024-10-01"), "D1"), "D1 on_time complete");
}

TEST(Obligation, AReportThatNamesAnotherObligationIsNotOfThisOne) {
  History history;
  history.units(worked_example_units()).say("plan.published", plan_with());
  const auto named = [](std::string_view report, std::string_view unit,
                        std::string_view obligation) {
    std::string data = report_data(report, unit, "p", "2024-9M", "");
    return data.insert(1, R"("obligation":)" + in_quotes(obligation) + ",");
  };
  history.at("2024-08-01").say("report.submitted", named("r1", "D1", "other"));
  history.say("report.submitted", named("r2", "D2", "o"));
  EXPECT_EQ(slots_text(history.now("2024-10-01")), "D1 missing; D2 on_time complete");
}

TEST(Obligation, WhoOwesGoesByTheReferenceDay) {
  History history;
  history.units(worked_example_units());
  history.say("unit.registered", unit_data("D3", "district", "P", "2024-08-31"));
  history.say("unit.registered", unit_data("D4", "district", "P", "2024-09-01"));
  history.say("plan.published",
              plan_with("", R"({"level":"district","where":{"not":{"attr.far":true}}})"));
  history.say("unit.registered",
              unit_data("D2", "district", "P", "2020-01-01", R"(,"attributes":{"far":true})"));
  EXPECT_EQ(slots_text(history.now("2024-10-01")), "D1 missing; D3 missing");
  EXPECT_EQ(slots_text(history.now("2024-08-01")), "D1 not_yet_due") << "D3 has not begun yet";
}

TEST(Obligation, WithoutADueDayNothingIsMissing) {
  History history;
  history.units(worked_example_units());
  history.say("plan.published",
              plan_with("", R"({"level":"district"})", R"([{"period":"2024-Q1"}])"));
  submit(history, "r1", "D1", "2026-01-01", "", "2024-Q1");
  EXPECT_EQ(slots_text(history.now("2029-01-01")), "D1 on_time complete; D2 not_yet_due");
}

}  // namespace
}  // namespace tiendo

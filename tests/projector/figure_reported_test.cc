// Figures that only reports hold: flows by period, states by day, pairs, surveys.
#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

constexpr std::string_view flow = R"({"kind":"sum","of":"reported","measure":"million_vnd"})";
constexpr std::string_view state = R"({"kind":"gauge","of":"reported"})";
constexpr std::string_view topmost = R"({"kind":"gauge","of":"reported","covers":"subtree"})";
constexpr std::string_view ratio = R"({"kind":"ratio","of":"reported"})";
constexpr std::string_view survey = R"({"kind":"survey"})";

History& report(History& history, std::string_view id, std::string_view unit,
                std::string_view period, std::string_view figures) {
  return history.say("report.submitted", report_data(id, unit, "p", period, figures));
}

TEST(Reported, AFlowIsThePeriodAskedForElseTheLongestInside) {
  History history;
  begin_with(history, {{"f", flow}}).at("2025-03-01");
  report(history, "r1", "D1", "2024-Q1", figure_data("f", "1"));
  report(history, "r2", "D1", "2024-02", figure_data("f", "100"));
  report(history, "r3", "D1", "2024-H1", figure_data("f", "10"));
  report(history, "r4", "D1", "2024-Q3", figure_data("f", "5"));
  report(history, "r5", "D2", "2024-Q2", figure_data("f", "0"));
  EXPECT_EQ(figure_text(history.now(), "f", "P"), "15");
  EXPECT_TRUE(figure_of_plan(history.now(), "f", "P").partial);
  EXPECT_EQ(figure_text(history.now(), "f", "P", "2024-Q1"), "1");
  EXPECT_FALSE(figure_of_plan(history.now(), "f", "P", "2024-Q1").partial);
  EXPECT_EQ(figure_text(history.now(), "f", "D2"), "0") << "0 is said";
  EXPECT_EQ(figure_text(history.now(), "f", "C3"), "nothing_said");
  EXPECT_EQ(own_text(history.now(), "f", "D1"), "15");
  EXPECT_EQ(own_text(history.now(), "f", "P"), "nothing_said");
  report(history, "r6", "D1", "2024", figure_data("f", "12"));
  EXPECT_EQ(figure_text(history.now(), "f", "P"), "12") << "exactly the window";
}

TEST(Reported, OfOverlappingPeriodsOfOneLengthTheEarlierCounts) {
  History history;
  begin_with(history, {{"f", flow}}).at("2025-03-01");
  report(history, "r1", "D1", "2024-02-05..2024-02-14", figure_data("f", "7"));
  report(history, "r2", "D1", "2024-02-01..2024-02-10", figure_data("f", "3"));
  EXPECT_EQ(figure_text(history.now(), "f", "D1"), "3");
}

TEST(Reported, AFlowSaidEarlyCountsOnceItsDayHasCome) {
  History history;
  begin_with(history, {{"f", flow}}).at("2024-08-20");
  report(history, "r1", "D1", "2024-9M", figure_data("f", "9"));
  EXPECT_EQ(figure_text(history.now("2024-08-20T23:00:00+07:00"), "f", "P"), "9")
      << "said in August for nine months, it counts in August";
  EXPECT_EQ(figure_text(history.now("2024-08-20T23:00:00+07:00"), "f", "P", "2024-Q3"),
            "nothing_said");
}

TEST(Reported, E3EachFigureIsTheLastSaidOfReportsInForce) {
  History history;
  begin_with(history, {{"f", state}, {"g", state}}).at("2025-01-05");
  report(history, "r1", "D1", "2024", figure_data("f", "10") + "," + figure_data("g", "4"));
  report(history, "r2", "D1", "2024", figure_data("f", "12"));
  EXPECT_EQ(figure_text(history.now(), "f", "D1"), "12");
  history.say("report.withdrawn", of_report("r2"));
  EXPECT_EQ(figure_text(history.now(), "f", "D1"), "10");
  history.say("report.corrected", of_report("r1", figure_data("g", "5")));
  EXPECT_EQ(figure_text(history.now(), "g", "D1"), "5");
  EXPECT_EQ(figure_text(history.now(), "f", "D1"), "10");
}

TEST(Reported, AStateIsTheLastByItsDayAndAddsUpOverUnits) {
  History history;
  begin_with(history, {{"s", state}}).at("2024-07-05");
  report(history, "r1", "D1", "2024-H1", figure_data("s", "20"));
  report(history, "r2", "D1", "2024-Q1", figure_data("s", "30"));
  report(history, "r3", "C1", "2024-Q1", figure_data("s", "4"));
  EXPECT_EQ(figure_text(history.now(), "s", "P"), "24");
  EXPECT_EQ(figure_text(history.now(), "s", "P", "2024-Q1"), "34");
  EXPECT_EQ(own_text(history.now(), "s", "D1"), "20");
  EXPECT_EQ(figure_text(history.now(), "s", "P", "2024-01"), "nothing_said");
  EXPECT_TRUE(figure_of_plan(history.now(), "s", "P", "2025").findings.contains("stale"));
}

TEST(Reported, WhereOneSpeaksForAllBelowTheTopmostStands) {
  History history;
  begin_with(history, {{"s", topmost}}).at("2025-01-05");
  report(history, "r1", "C1", "2024", figure_data("s", "4"));
  report(history, "r2", "D2", "2024", figure_data("s", "6"));
  report(history, "r3", "C3", "2024", figure_data("s", "100"));
  EXPECT_EQ(figure_text(history.now(), "s", "P"), "10");
  report(history, "r4", "P", "2024", figure_data("s", "50"));
  EXPECT_EQ(figure_text(history.now(), "s", "P"), "50");
  EXPECT_EQ(figure_text(history.now(), "s", "D2"), "6");
}

TEST(Reported, E25PairsAreSummedAndHalfAPairIsLeftOutAndNamed) {
  History history;
  begin_with(history, {{"r", ratio}}).at("2025-01-05");
  history.say("unit.registered", unit_data("D3", "district", "P"));
  report(history, "r1", "D1", "2024", pair_data("r", "99", "100"));
  report(history, "r2", "D2", "2024", pair_data("r", "1", "900"));
  report(history, "r3", "D3", "2024", pair_data("r", "7", "null"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "100/1000");
  EXPECT_EQ(figure_of_plan(history.now(), "r", "P").missing, std::vector<std::string>{"D3"});
  EXPECT_EQ(contributions(history.now(), "r", "P"),
            "denominator D1 100; denominator D2 900; numerator D1 99; numerator D2 1");
  EXPECT_EQ(figure_text(history.now(), "r", "D3"), "denominator_missing");
  EXPECT_EQ(figure_text(history.now(), "r", "C1"), "nothing_said");
  report(history, "r4", "C1", "2024", pair_data("r", "0", "0"));
  EXPECT_EQ(figure_text(history.now(), "r", "C1"), "denominator_zero");
}

TEST(Reported, OnlyPairsOfTheUnitsNamedCount) {
  History history;
  begin_with(history, {{"r", R"({"kind":"ratio","of":"reported","units":{"level":"commune"}})"}})
      .at("2025-01-05");
  report(history, "r1", "D1", "2024", pair_data("r", "99", "100"));
  report(history, "r2", "C1", "2024", pair_data("r", "1", "2"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "1/2");
}

TEST(Reported, WhatMustBeFreshWasSaidForADayOfTheWindow) {
  History history;
  begin_with(history,
             {{"any", ratio}, {"fresh", R"({"kind":"ratio","of":"reported","fresh":"period"})"}})
      .at("2025-01-05");
  report(history, "r1", "D1", "2024",
         pair_data("any", "1", "2") + "," + pair_data("fresh", "1", "2"));
  EXPECT_EQ(figure_text(history.now(), "any", "P", "2025"), "1/2");
  EXPECT_EQ(figure_text(history.now(), "fresh", "P", "2025"), "nothing_said");
  EXPECT_EQ(figure_text(history.now(), "fresh", "P"), "1/2");
}

TEST(Reported, AFigureOfAShapeTheFormulaCannotUseDoesNotCount) {
  History history;
  begin_with(history, {{"r", ratio}, {"s", state}}).at("2025-01-05");
  report(history, "r1", "D1", "2024", figure_data("r", "99") + "," + figure_data("s", "\"1.5\""));
  report(history, "r2", "D2", "2024",
         pair_data("r", "1", "2", R"(,"scope":"subtree")") + "," + pair_data("s", "1", "2"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "nothing_said");
  EXPECT_TRUE(figure_of_plan(history.now(), "r", "P").findings.contains("figure_unusable"));
  EXPECT_EQ(figure_text(history.now(), "s", "P"), "nothing_said");
}

TEST(Reported, OneFigureOfTwoSourcesIsRemarkable) {
  History history;
  begin_with(history, {{"s", state}}).at("2025-01-05");
  report(history, "r1", "D1", "2024", figure_data("s", "4"));
  history.from("urn:b");
  report(history, "r1", "D1", "2024", figure_data("s", "5"));
  EXPECT_EQ(figure_text(history.now(), "s", "P"), "5");
  EXPECT_TRUE(figure_of_plan(history.now(), "s", "P").findings.contains("several_sources"));
}

TEST(Reported, E29SurveysAreSummedUnlessOneAboveSpeaksForAll) {
  History history;
  begin_with(history, {{"q", survey}}).at("2025-01-05");
  constexpr std::string_view day = R"(,"survey":{"day":"2024-11-01"})";
  report(history, "r1", "D1", "2024", pair_data("q", "18", "20", day));
  report(history, "r2", "D2", "2024", pair_data("q", "40", "80", day));
  report(history, "r3", "C1", "2024", pair_data("q", "1", "1", day));
  EXPECT_EQ(figure_text(history.now(), "q", "P"), "58/100");
  report(history, "r4", "P", "2024", pair_data("q", "84", "120"));
  EXPECT_EQ(figure_text(history.now(), "q", "P"), "58/100") << "without a survey's day: unusable";
  report(history, "r5", "P", "2024", pair_data("q", "84", "120", day));
  EXPECT_EQ(figure_text(history.now(), "q", "P"), "84/120");
}

}  // namespace
}  // namespace tiendo

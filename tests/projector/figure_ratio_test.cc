// One term over another: who is included, what is missing, and more than all.
#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

constexpr std::string_view dossiers =
    R"({"kind":"ratio","numerator":{"kind":"sum","of":"outputs","output":"dossier"},)"
    R"("denominator":{"kind":"statistic","statistic":"dossiers"}})";
constexpr std::string_view trained =
    R"({"kind":"ratio","numerator":{"kind":"distinct","of":"people","audiences":["members"]},)"
    R"("denominator":{"kind":"statistic","statistic":"members"}})";

std::string supported(std::string_view id, std::string_view unit, int count,
                      std::string_view day = "2024-03-01") {
  return activity_data(id, unit, day, 0,
                       R"(,"outputs":[{"kind":"dossier","count":)" + std::to_string(count) + "}]");
}

std::string training(std::string_view id, std::string_view unit, std::string_view day,
                     std::string_view people) {
  return activity_data(id, unit, day, 0, R"(,"people":{"members":)" + std::string(people) + "}");
}

TEST(Ratio, E27DescendsToThoseWhoHaveADenominator) {
  History history;
  begin_with(history, {{"r", dossiers}});
  history.say("activity.recorded", supported("a1", "D1", 30));
  history.say("activity.recorded", supported("a2", "D2", 20));
  history.say("activity.recorded", supported("a3", "P", 10));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "denominator_missing");
  history.say("statistic.declared", statistic_data("dossiers", "D1", "2024-06-30", "100"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "40/100");
  EXPECT_EQ(figure_of_plan(history.now(), "r", "P").missing, std::vector<std::string>{"D2"});
  EXPECT_EQ(contributions(history.now(), "r", "P"),
            "denominator D1 100; numerator D1 30; numerator P 10");
  EXPECT_EQ(figure_text(history.now(), "r", "D2"), "denominator_missing");
  EXPECT_EQ(figure_text(history.now(), "r", "P", "2024-Q1"), "denominator_missing")
      << "it is said for June";
  history.say("statistic.declared", statistic_data("dossiers", "P", "2024-06-30", "400"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "60/400");
  history.say("statistic.declared", statistic_data("dossiers", "P", "2024-06-30", "null"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "40/100") << "null takes it back";
}

TEST(Ratio, E28PersonsAreCountedOnceAndMayPassAll) {
  History history;
  std::string cumulative(trained);
  cumulative.insert(1, R"("window":"plan",)");
  begin_with(history, {{"year", trained}, {"all", cumulative}});
  history.say("statistic.declared", statistic_data("members", "P", "2023-12-31", "4"));
  history.say("activity.recorded", training("a1", "D1", "2024-02-01", R"(["p1","p2"])"));
  history.say("activity.recorded", training("a2", "D2", "2024-03-01", R"(["p2","p3"])"));
  history.say("activity.recorded", training("a3", "D2", "2025-03-01", R"(["p1"])"));
  EXPECT_EQ(figure_text(history.now(), "year", "P"), "3/4");
  EXPECT_EQ(figure_text(history.now(), "year", "P", "2025"), "1/4");
  EXPECT_EQ(figure_text(history.now(), "all", "P", "2025"), "3/4");
  history.say("activity.recorded", training("a4", "D2", "2025-04-01", R"(["p4","p5"])"));
  EXPECT_EQ(figure_text(history.now(), "all", "P", "2025"), "5/4");
  EXPECT_TRUE(figure_of_plan(history.now(), "all", "P", "2025").over_one());
}

// C2 stood under D2 when it supported 5; D2's whole subtree is included, and so is C2 since it
// stands under C1's district: each dossier once.
TEST(Ratio, AFactIsCountedOnceThoughItsUnitMovedBetweenThoseIncluded) {
  History history;
  begin_with(history, {{"r", dossiers}});
  history.say("unit.moved", moved_data("C2", "D2", "2024-05-01"));
  history.say("activity.recorded", supported("a1", "C2", 5, "2024-03-01"));
  history.say("activity.recorded", supported("a2", "C2", 7, "2024-06-01"));
  history.say("statistic.declared", statistic_data("dossiers", "D1", "2024-06-30", "100"));
  history.say("statistic.declared", statistic_data("dossiers", "D2", "2024-06-30", "50"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "12/150");
  EXPECT_EQ(figure_text(history.now(), "r", "D1"), "5/100");
  EXPECT_EQ(figure_text(history.now("2030-01-01", tree_of("2024-12-31")), "r", "D2"), "12/50");
}

// C1 declared 100 and has ended by the day of the tree: it is unplaced there, and whole all the
// same.
TEST(Ratio, AUnitThatDeclaredIsIncludedWholeThoughItIsGoneFromTheTree) {
  History history;
  begin_with(history, {{"r", dossiers}});
  history.say("activity.recorded", supported("a1", "C1", 8, "2024-01-31"));
  history.say("activity.recorded", supported("a2", "D1", 6, "2024-02-01"));
  history.say("activity.recorded", supported("a3", "C2", 4, "2024-02-02"));
  history.say("statistic.declared", statistic_data("dossiers", "C1", "2024-02-17", "100"));
  EXPECT_EQ(figure_text(history.now(), "r", "D1", "2024"), "14/100");
  history.say("unit.closed", R"({"unit":"C1","effective":"2025-08-19"})");
  EXPECT_EQ(figure_text(history.now(), "r", "D1", "2024"), "14/100");
  const auto later = history.now("2030-01-01", tree_of("2025-12-31"));
  EXPECT_EQ(figure_text(later, "r", "D1", "2024"), "14/100") << "the tree changes not what counts";
  EXPECT_EQ(figure_text(later, "r", "P", "2024"), "14/100");
  EXPECT_EQ(figure_of_plan(later, "r", "P", "2024").missing,
            (std::vector<std::string>{"C2", "D2"}));
}

TEST(Ratio, WhereEachSpeaksForItselfOnlyThoseWithADenominatorAreIncluded) {
  History history;
  std::string own(dossiers);
  own.insert(own.find(R"("statistic":"dossiers")"), R"("covers":"own",)");
  begin_with(history, {{"r", own}});
  history.say("activity.recorded", supported("a1", "D1", 30));
  history.say("activity.recorded", supported("a2", "C1", 3));
  history.say("statistic.declared", statistic_data("dossiers", "D1", "2024-06-30", "100"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "30/100");
  history.say("statistic.declared", statistic_data("dossiers", "C1", "2024-06-30", "10"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "33/110");
  EXPECT_EQ(figure_text(history.now(), "r", "D2"), "denominator_missing");
}

TEST(Ratio, OfTwoTermsOfActivitiesIsOverTheSubtree) {
  History history;
  begin_with(history,
             {{"r", R"({"kind":"ratio","numerator":{"kind":"count","where":{"topics":"x"}},)"
                    R"("denominator":{"kind":"count"}})"}});
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "denominator_zero");
  history.say("activity.recorded",
              activity_data("a1", "C1", "2024-03-01", 0, R"(,"topics":["x"])"));
  history.say("activity.recorded", activity_data("a2", "D1", "2024-03-01"));
  EXPECT_EQ(figure_text(history.now(), "r", "P"), "1/2");
  EXPECT_EQ(own_text(history.now(), "r", "D1"), "1/2") << "always of the subtree";
}

}  // namespace
}  // namespace tiendo

#include "projector/guard.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo::testing {
namespace {

constexpr std::string_view visits =
    R"({"id":"v","name":{"vi":"v"},"formula":{"kind":"sum","of":"participants","audiences":["members"]}})";

std::string grant(std::string_view source, std::string_view units, std::string_view more = "") {
  return R"({"source":)" + in_quotes(source) +
         (units.empty() ? "" : R"(,"units":[)" + std::string(units) + "]") + std::string(more) +
         "}";
}

class GuardTest : public ::testing::Test {
 public:
  GuardTest() { history_.units(worked_example_units()).say("plan.published", plan_data(visits)); }
  GuardTest& says(std::string_view source, std::string_view type, std::string_view data) {
    history_.from(source).say(type, data);
    return *this;
  }
  GuardTest& act(std::string_view source, std::string_view id, std::string_view unit, int members) {
    return says(source, "activity.recorded", activity_data(id, unit, "2024-01-01", members));
  }
  GuardTest& granted(std::string_view source, std::string_view units, std::string_view more = "") {
    return says("registry", "source.granted", grant(source, units, more));
  }
  GuardTest& revoked(std::string_view source, std::string_view units = "",
                     std::string_view more = "") {
    return says("registry", "source.revoked", grant(source, units, more));
  }
  std::string sum(std::string_view unit = "P") { return figure_text(history_.now(), "v", unit); }
  std::string sum_as_of(uint64_t position) {
    return figure_text(history_.as_of_record(position), "v", "P");
  }
  // Of the records that wait for a grant now, source and position, by source.
  std::string waiting() {
    std::string all;
    history_.catch_up();
    const auto status =
        ViewReader(*history_.state()->rows).held("g", [&](std::string_view, const Held& held) {
          if (held.what != HeldFor::grant) return true;
          if (held.code.empty()) return true;
          EXPECT_EQ(held.code, "not_granted");
          all += held.name + "@" + std::to_string(held.record.position) + " ";
          return true;
        });
    EXPECT_TRUE(status.ok());
    return all;
  }

  History history_;
};

TEST_F(GuardTest, E9ASourceSpeaksFromItsGrantOn) {
  act("a", "a1", "D1", 10);
  granted("a", R"("D1")").act("a", "a2", "D1", 20).act("a", "a3", "D2", 40);
  act("b", "a4", "D1", 80);
  EXPECT_EQ(sum(), "30");
  EXPECT_EQ(waiting(), "a@10 b@11 ");
  granted("a", R"("D2")");
  EXPECT_EQ(sum(), "70");
  EXPECT_EQ(sum_as_of(11), "30") << "released from the grant's record on";
  revoked("a").act("a", "a5", "D1", 160);
  EXPECT_EQ(sum(), "70");
  EXPECT_EQ(waiting(), "a@14 b@11 ");
  granted("a", R"("P")");
  EXPECT_EQ(sum(), "230") << "a5 is after the revocation";
}

TEST_F(GuardTest, AGrantDoesNotReachOverARevocation) {
  granted("b", R"("*")").act("a", "a1", "D1", 10);
  revoked("a").granted("a", R"("*")");
  EXPECT_EQ(sum(), "0");
  act("a", "a2", "D1", 20);
  EXPECT_EQ(sum(), "20");
}

TEST_F(GuardTest, ARevocationEndsWhatItNames) {
  granted("a", R"("P")").revoked("a", R"("D1")");
  act("a", "a1", "C1", 1).act("a", "a2", "C3", 10);
  EXPECT_EQ(sum(), "10") << "C1 is below D1";
  revoked("a", R"("*")", R"(,"types":["activity.corrected"])");
  act("a", "a3", "C3", 100);
  EXPECT_EQ(sum(), "110") << "another type";
  revoked("a", "", R"(,"types":["vn.tiendo.activity.recorded.v1"])");
  act("a", "a4", "C3", 1000);
  EXPECT_EQ(sum(), "110") << "the full name is taken too";
}

TEST_F(GuardTest, AGrantIsForItsTypes) {
  granted("a", R"("P")", R"(,"types":["activity.recorded"])");
  act("a", "a1", "C1", 1);
  says("a", "activity.cancelled", cancelled_data("a1"));
  EXPECT_EQ(sum(), "1") << "the cancellation waits";
  granted("a", R"("P")", R"(,"types":["activity.cancelled"])");
  EXPECT_EQ(sum(), "0");
}

// A correction is about the unit it names and about the unit of the thing.
TEST_F(GuardTest, WhatCorrectsAThingIsAboutItsUnitToo) {
  granted("a", R"("D1")").granted("b", R"("D2")").granted("c", R"("D1","D2")");
  act("a", "a1", "C1", 10);
  const std::string moved = activity_data("a1", "C3", "2024-01-01", 70, R"(,"of_source":"a")");
  says("b", "activity.corrected", moved);
  EXPECT_EQ(sum(), "10") << "C1 is not b's";
  says("c", "activity.corrected", moved);
  EXPECT_EQ(sum("D2"), "70");
  says("b", "activity.corrected",
       activity_data("a1", "C3", "2024-01-01", 80, R"(,"of_source":"a")"));
  EXPECT_EQ(sum("D2"), "80") << "it is of D2 by now";
  says("a", "activity.cancelled", cancelled_data("a1"));
  EXPECT_EQ(sum("D2"), "80") << "and no longer of D1";
}

TEST_F(GuardTest, TheTreeIsThatOfTheDayOfTheRecordAsKnown) {
  granted("a", R"("D1")");
  act("a", "a1", "C2", 10);
  EXPECT_EQ(sum(), "10");
  const uint64_t before = history_.last().position;
  // Said later, of a day before: C2 was not under D1 when a spoke.
  granted("registry", R"("*")");
  says("registry", "unit.moved", moved_data("C2", "D2", "2023-05-01"));
  EXPECT_EQ(sum(), "0");
  EXPECT_EQ(sum_as_of(before), "10");
  EXPECT_EQ(waiting(), "a@8 ");
  says("registry", "unit.moved", moved_data("C2", "D1", "2023-05-01"));
  EXPECT_EQ(sum(), "10") << "and that was wrong";
}

TEST_F(GuardTest, UnitsComeIntoBeingWhereTheirSourceMaySpeak) {
  granted("a", R"("D1")");
  says("a", "unit.registered", unit_data("N1", "commune", "D1"));
  says("a", "unit.registered", unit_data("N2", "commune", "D2"));
  act("a", "a1", "N1", 1).act("a", "a2", "N2", 10);
  EXPECT_EQ(sum(), "1");
  EXPECT_FALSE(history_.now().tree().find("N2"));
  granted("a", R"("D2")");
  EXPECT_EQ(sum(), "11");
  EXPECT_TRUE(history_.now().tree().find("N2"));
  EXPECT_FALSE(history_.as_of_record(10).tree().find("N2")) << "known from the grant on";
}

TEST_F(GuardTest, AUnitIsReleasedByTheRegistrationOfTheOneAboveIt) {
  granted("a", R"("N","D2")").granted("registry", R"("*")");
  says("a", "unit.registered", unit_data("M", "group", "N"));
  EXPECT_TRUE(history_.now().tree().find("M")) << "put under N, which it may speak for";
  says("a", "unit.registered", unit_data("K", "group", "L"));
  EXPECT_FALSE(history_.now().tree().find("K"));
  says("registry", "unit.registered", unit_data("L", "group", "D2"));
  EXPECT_TRUE(history_.now().tree().find("K")) << "L is under D2";
}

TEST_F(GuardTest, DeclarationsAndReportsWaitAsActivitiesDo) {
  granted("a", R"("D1")");
  const auto declare = [&](std::string_view source, std::string_view unit) {
    says(source, "entity.registered",
         R"({"register":"site","entity":"s)" + std::string(unit) + R"(","unit":)" +
             in_quotes(unit) + R"(,"effective":"2024-01-01"})");
    says(source, "statistic.declared",
         R"({"statistic":"pop","unit":)" + in_quotes(unit) + R"(,"as_at":"2024-01-01","value":5})");
    says(source, "money.allocated",
         R"({"plan":"p","line":"1","unit":)" + in_quotes(unit) + R"(,"year":2024,"amount":7})");
    says(source, "report.submitted",
         report_data("r" + std::string(unit), unit, "p", "2024", figure_data("v", "1")));
  };
  const auto count = [&](std::string_view unit) {
    const Question now = history_.now();
    const ViewReader& rows = now.rows();
    int all = 0;
    EXPECT_TRUE(rows.entities("site", now.moment(),
                              [&](const EntityStanding& one) {
                                all += one.units.back().value == unit ? 1 : 0;
                              })
                    .ok());
    EXPECT_TRUE(rows.statistics("pop", unit, now.moment(), [&](const auto&) { all += 10; }).ok());
    EXPECT_TRUE(rows.money("p", unit, now.moment(), [&](const auto&) { all += 100; }).ok());
    EXPECT_TRUE(
        rows.reports_of("p", unit, now.moment(), [&](auto, const auto&) { all += 1000; }).ok());
    return all;
  };
  declare("a", "C1");
  declare("a", "C3");
  EXPECT_EQ(count("C1"), 1111);
  EXPECT_EQ(count("C3"), 0);
  granted("a", R"("C3")");
  EXPECT_EQ(count("C3"), 1111);
  // What is learnt of the tree takes the effect away from then on.
  granted("registry", R"("*")");
  says("registry", "unit.moved", moved_data("C1", "D2", "2023-01-01"));
  EXPECT_EQ(count("C1"), 0);
  says("registry", "unit.moved", moved_data("C1", "D1", "2023-01-01"));
  EXPECT_EQ(count("C1"), 1111);
}

TEST_F(GuardTest, AFirstGrantThatComesLateLimitsTheRecordsAfterIt) {
  history_.in("t:1:0").at("2024-02-01");
  act("a", "a1", "D1", 10).act("b", "a2", "D1", 20);
  EXPECT_EQ(sum(), "30");
  history_.in("t:2:0").at("2024-01-15");
  granted("a", R"("D1")");
  EXPECT_EQ(sum(), "10");
  history_.in("t:3:0").at("2024-01-20");
  granted("b", R"("D1")");
  EXPECT_EQ(sum(), "30");
  history_.in("t:4:0").at("2024-01-25");
  revoked("b");
  EXPECT_EQ(sum(), "10");
}

}  // namespace
}  // namespace tiendo::testing

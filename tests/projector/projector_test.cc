#include "projector/projector.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

std::string plan_of(std::string_view formula, int version = 1) {
  return plan_data(indicator_data("i", formula), "", "", version);
}
constexpr std::string_view count = R"({"kind":"count"})";
constexpr std::string_view visits = R"({"kind":"sum","of":"participants"})";

History& say_activities(History& history, int activities) {
  for (int i = 0; i < activities; ++i) {
    history.say("activity.recorded", activity_data("a" + std::to_string(i), "D1", "2024-02-02", 1));
  }
  return history;
}

TEST(Projector, IsIdleOnceItHasReadEverything) {
  History history;
  EXPECT_FALSE(history.step());
  history.units(worked_example_units());
  EXPECT_TRUE(history.step());
  EXPECT_FALSE(history.step());
  EXPECT_EQ(history.state()->checkpoint.at(StreamName("t:0:0")), 6U);
}

TEST(Projector, TakesAtMostTheRecordsOfAStep) {
  History history({.step_records = 4});
  history.units(worked_example_units());
  history.step();
  EXPECT_EQ(history.state()->checkpoint.at(StreamName("t:0:0")), 4U);
  history.in("t:1:0").say("unit.registered", unit_data("D7", "district", "P"));
  history.step();
  EXPECT_EQ(history.state()->checkpoint.at(StreamName("t:0:0")), 6U) << "each stream has its share";
  EXPECT_EQ(history.state()->checkpoint.at(StreamName("t:1:0")), 1U);
}

TEST(Projector, AStepTooSmallForOneRecordStillTakesOne) {
  History history({.step_records = 1, .step_bytes = 1});
  history.units(worked_example_units()).in("t:1:0").units(worked_example_units());
  history.catch_up();
  EXPECT_EQ(history.state()->checkpoint.at(StreamName("t:1:0")), 6U);
}

TEST(Projector, PassesOverWhatWasNotAccepted) {
  History history;
  history.append({"t:0:0", instant("2024-01-01"), "garbage"});
  history.units(worked_example_units());
  EXPECT_EQ(history.now().tree().size(), 6U);
  EXPECT_EQ(history.state()->checkpoint.at(StreamName("t:0:0")), 7U);
}

TEST(Projector, ReadersSeeOneUnmovingState) {
  History history;
  history.units(worked_example_units()).say("plan.published", plan_of(count));
  say_activities(history, 3).catch_up();
  const Question before = history.now();
  say_activities(history.at("2024-06-01").in("t:1:0").from("urn:b"), 5);
  EXPECT_EQ(figure_text(history.now(), "i", "P"), "8");
  EXPECT_EQ(figure_text(before, "i", "P"), "3");
}

TEST(Projector, ANewTermIsBuildingUntilItIsComplete) {
  History history({.backfill_subjects = 3});
  history.units(worked_example_units());
  say_activities(history, 10).catch_up();
  history.say("plan.published", plan_of(count));
  std::vector<std::string> seen;
  while (history.step()) {
    const Question now(history.state(), Moment{.at = instant("2030-01-01")}, {});
    const std::string text = figure_text(now, "i", "P");
    if (seen.empty() || seen.back() != text) seen.push_back(text);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"building", "10"}));
  EXPECT_TRUE(history.state()->unfinished.empty());
}

// A plan while another's terms are filled, records of filled and unfilled subjects in between, and
// a restart at every step.
TEST(Projector, FillingGoesOnBesideNewRecordsPlansAndRestarts) {
  History plain;
  History troubled({.step_records = 1, .backfill_subjects = 2});
  for (History* history : {&plain, &troubled}) {
    history->units(worked_example_units());
    say_activities(*history, 9).catch_up();
    const auto pause = [&] {
      for (int steps = 0; steps < 2; ++steps) {
        if (history == &troubled) {
          history->step();
          history->reopen();
        }
      }
    };
    history->say("plan.published", plan_of(count));
    pause();
    history->say("activity.corrected", activity_data("a1", "D2", "2024-03-03", 7));
    pause();
    history->say("plan.published", plan_of(visits, 2));
    pause();
    for (int i = 0; i < 9; i += 2) {
      history->say("activity.cancelled", cancelled_data("a" + std::to_string(i)));
      pause();
    }
    history->say("activity.recorded", activity_data("b1", "C1", "2024-03-03", 4)).catch_up();
  }
  EXPECT_EQ(plain.digest(), troubled.digest());
  EXPECT_EQ(figure_text(troubled.now(), "i", "P"), "14");
}

// The id of a term must be the same after opening again, also where its filter says a thing twice.
TEST(Projector, TermsKeepTheirIdsWhenTheViewsAreOpenedAgain) {
  History history({.backfill_subjects = 2});
  history.units(worked_example_units());
  say_activities(history, 5).catch_up();
  history.say("plan.published",
              plan_of(R"({"kind":"share","where":{"form":"online"},"among":{"form":"online"}})"));
  history.step();
  history.reopen();
  history.step();
  history.reopen();
  EXPECT_EQ(figure_text(history.now(), "i", "P"), "5/5");
  history.reopen();
  history.say("activity.recorded", activity_data("b1", "D1", "2024-03-03"));
  EXPECT_EQ(figure_text(history.now(), "i", "P"), "6/6");
}

// Which terms there are does not depend on whether a void plan came before what makes it void.
TEST(Projector, APlanThatLosesItsEffectLeavesTheSameViewsWheneverItCame) {
  const Said early{"a:0:0", instant("2024-01-02"),
                   event_text("plan.published", plan_of(count), "same")};
  const Said late{"b:0:0", instant("2024-01-03"),
                  event_text("plan.published", plan_of(visits), "same")};
  std::vector<std::string> digests;
  for (const bool early_first : {true, false}) {
    History history;
    history.units(worked_example_units());
    say_activities(history, 3).catch_up();
    history.append(early_first ? early : late);
    history.catch_up();
    history.append(early_first ? late : early);
    history.catch_up();
    digests.push_back(history.digest());
    EXPECT_EQ(figure_text(history.now(), "i", "P"), "3");
  }
  EXPECT_EQ(digests[0], digests[1]);
}

TEST(Projector, AUnitThatLosesItsRegistrationHoldsItsActivitiesAgain) {
  History history;
  history.say("unit.registered", unit_data("P", "province", ""))
      .say("plan.published", plan_of(count));
  history.in("b:0:0")
      .at("2024-01-10")
      .say("unit.registered", unit_data("D1", "district", "P"), "same");
  say_activities(history, 2);
  EXPECT_EQ(figure_text(history.now(), "i", "P"), "2");
  history.in("a:0:0")
      .at("2024-01-09")
      .say("unit.renamed", R"({"unit":"P","effective":"2024-01-01","name":{"vi":"x"}})", "same");
  EXPECT_EQ(figure_text(history.now(), "i", "P"), "0");
  EXPECT_EQ(figure_text(history.now(), "i", "D1"), "unit_unknown");
}

TEST(Projector, ARegistrationFoundToBeEarlierIsKnownFromThenOn) {
  History history;
  history.say("unit.registered", unit_data("P", "province", ""))
      .say("plan.published", plan_of(count));
  history.at("2024-03-01").say("activity.recorded", activity_data("a1", "D1", "2024-03-01"));
  history.at("2024-03-09").say("unit.registered", unit_data("D1", "district", "P"));
  EXPECT_EQ(figure_text(history.as_of_day("2024-03-05"), "i", "P"), "0");
  history.in("b:0:0").at("2024-03-04").say("unit.registered", unit_data("D1", "district", "P"));
  EXPECT_EQ(figure_text(history.as_of_day("2024-03-03"), "i", "P"), "0");
  EXPECT_EQ(figure_text(history.as_of_day("2024-03-05"), "i", "P"), "1");
}

TEST(Projector, RefusesViewsOfAnotherFormat) {
  History history;
  WriteBatch other;
  other.put(view_family::meta, "format", "x");
  ASSERT_TRUE(history.view_store().commit(other, Durability::synced).ok());
  const auto opened = Projector::open(history.view_store(), history.log().reader(), {});
  EXPECT_EQ(opened.error().code, "rebuild");
}

TEST(Projector, RefusesViewsAheadOfTheLog) {
  History history;
  history.units(worked_example_units()).catch_up();
  const auto other_logs = make_memory_store(log_families());
  const auto other = EventLog::open(*other_logs).value();
  EXPECT_EQ(Projector::open(history.view_store(), other->reader(), {}).error().code, "rebuild");
}

TEST(Projector, RefusesATermItCannotRead) {
  for (const char* text : {"{", R"({"kind":"visits","where":{}})"}) {
    History history;
    WriteBatch damage;
    damage.put(view_family::terms, std::string(16, 'x'), text);
    ASSERT_TRUE(history.view_store().commit(damage, Durability::synced).ok());
    EXPECT_EQ(Projector::open(history.view_store(), history.log().reader(), {}).error().code,
              "rebuild");
  }
}

// Whichever read, scan or write fails, the views opened again go on to the same rows.
TEST(Projector, EveryFaultIsAnErrorAndLosesNothing) {
  History history;
  history.units(worked_example_units());
  say_activities(history, 6);
  history.say("plan.published", plan_of(visits));
  history.say("activity.recorded", activity_data("w", "U9", "2024-02-02", 3));
  history.say("unit.registered", unit_data("U9", "district", "P"));
  const std::string wanted = history.catch_up().digest();
  const ProjectorOptions options{.step_records = 4, .backfill_subjects = 2};
  int faults = 0;
  for (int kind = 0; kind < 3; ++kind) {
    for (int64_t nth = 0; nth < 80; nth += kind == 0 ? 1 : 3) {
      auto views = make_faulty_store(views_families());
      views->plan(kind == 0   ? FaultPlan{.fail_commit = nth}
                  : kind == 1 ? FaultPlan{.fail_read = nth}
                              : FaultPlan{.cut_scan = nth});
      bool failed = false;
      if (auto projector = Projector::open(*views, history.log().reader(), options);
          projector.ok()) {
        for (int steps = 0; steps < 40 && !failed; ++steps) failed = !(*projector)->step().ok();
      } else {
        failed = true;
      }
      faults += failed ? 1 : 0;
      const auto after = views->crash(nth % 2 == 0 ? 0 : SIZE_MAX);
      auto projector = Projector::open(*after, history.log().reader(), options);
      ASSERT_TRUE(projector.ok()) << projector.error().message;
      for (bool more = true; more;) {
        const auto step = (*projector)->step();
        ASSERT_TRUE(step.ok()) << step.error().message;
        more = !step->idle();
      }
      ASSERT_EQ(to_hex(*ViewReader(*(*projector)->state()->rows).digest()), wanted)
          << "fault " << kind << ", the " << nth << "th";
    }
  }
  EXPECT_GT(faults, 20);
}

}  // namespace
}  // namespace tiendo

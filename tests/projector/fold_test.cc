#include "projector/fold.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

const std::vector<TermSlot>& slots() {
  static const std::vector<TermSlot> all = [] {
    std::vector<TermSlot> made;
    for (Term term : {Term{.kind = Term::Kind::visits}, Term{.kind = Term::Kind::credited}}) {
      const TermId id = id_of(term);
      made.push_back({id, std::move(term)});
    }
    return made;
  }();
  return all;
}

// Statements of one subject, a minute apart; the position is the minute.
class Subject {
 public:
  Subject& say(std::string_view type, std::string_view data) {
    return say_at(static_cast<int64_t>(statements_.size()), type, data);
  }
  Subject& say_at(int64_t minute, std::string_view type, std::string_view data) {
    statements_.push_back(read(minute, type, data));
    return *this;
  }
  Subject& know(int64_t minute, std::string_view type, std::string_view data) {
    known_.push_back(std::make_shared<const Statement>(read(minute, type, data)));
    return *this;
  }

  [[nodiscard]] Derived folded(std::vector<bool> wanted = {true, true}) const {
    std::vector<const Statement*> all;
    for (const Statement& one : statements_) all.push_back(&one);
    return fold(statements_.front().subjects.front(), all, slots(), wanted, Reference(known_));
  }

  // The amounts as they stand after each minute: "0 100 70".
  [[nodiscard]] std::string history(std::string_view unit, std::size_t slot = 0) const {
    auto store = filled();
    const auto snapshot = store->snapshot();
    std::string out;
    for (int64_t minute = 0; minute <= last_minute_; ++minute) {
      Moment moment{.at = at(minute), .everything = false};
      Decimal sum;
      EXPECT_TRUE(ViewReader(*snapshot)
                      .facts(slots()[slot].id, unit, {day_min, day_max}, moment,
                             [&](const Fact& fact) { sum += fact.amount; })
                      .ok());
      out += (out.empty() ? "" : " ") + sum.text();
    }
    return out;
  }

  // What the reports of a slot of plan p say of f and g after each minute.
  [[nodiscard]] std::string reports(std::string_view unit, std::string_view period = "2024") const {
    auto store = filled();
    const auto snapshot = store->snapshot();
    std::string out;
    for (int64_t minute = 0; minute <= last_minute_; ++minute) {
      const auto reports = ViewReader(*snapshot)
                               .reports("p", unit, period, {.at = at(minute), .everything = false})
                               .value();
      out += minute == 0 ? "" : " | ";
      for (const ReportStanding& report : reports) {
        out += std::string(name_of(report.state));
        for (const auto& [indicator, said] : report.figures) {
          out += " " + indicator + "=" + said.figure.value->text();
        }
      }
    }
    return out;
  }

  // The codes of what waits, in key order; "-" for what no longer does.
  [[nodiscard]] std::string waits() const {
    auto store = filled();
    const auto snapshot = store->snapshot();
    std::string out;
    EXPECT_TRUE(ViewReader(*snapshot)
                    .held("",
                          [&](std::string_view, const Held& held) {
                            out += (out.empty() ? "" : " ") + held.name + ":" +
                                   (held.code.empty() ? "-" : held.code);
                            return true;
                          })
                    .ok());
    return out;
  }

 private:
  static Instant at(int64_t minute) { return {instant("2024-06-01").ms + minute * 60'000}; }

  Statement read(int64_t minute, std::string_view type, std::string_view data) {
    last_minute_ = std::max(last_minute_, minute);
    Record record{.stream = StreamName("t"),
                  .position = static_cast<uint64_t>(minute),
                  .recorded_at = at(minute)};
    record.message.value = event_text(type, data, "e" + std::to_string(minute));
    const std::vector<const Term*> terms = {&slots()[0].term, &slots()[1].term};
    return StatementReader().read(record, terms);
  }
  [[nodiscard]] std::unique_ptr<KvStore> filled() const {
    auto store = make_memory_store(views_families());
    WriteBatch batch;
    for (const ViewRow& row : folded().rows) batch.put(row.family, row.key, row.value);
    EXPECT_TRUE(store->commit_sorted_run(batch).ok()) << "keys of rows are unique";
    return store;
  }

  std::vector<Statement> statements_;
  std::vector<std::shared_ptr<const Statement>> known_;
  int64_t last_minute_ = 0;
};

Subject of_known_units() {
  Subject subject;
  for (const char* unit : {"D1", "D2"}) {
    subject.know(-1, "unit.registered", unit_data(unit, "district", ""));
  }
  return subject.know(-1, "plan.published", plan_data(""));
}

std::string a1(int members, std::string_view unit = "D1", std::string_view day = "2024-03-10") {
  return activity_data("a1", unit, day, members);
}

TEST(ActivityFold, ACorrectionBeforeItsRecordWaitsAndThenHolds) {  // E2
  Subject a = of_known_units();
  a.say("activity.corrected", a1(60));
  EXPECT_EQ(a.history("D1"), "0");
  EXPECT_EQ(a.waits(), "a1:activity_unknown");
  a.say("activity.recorded", a1(70));
  EXPECT_EQ(a.history("D1"), "0 60");
  EXPECT_EQ(a.waits(), "");
  EXPECT_EQ(of_known_units()
                .say("activity.cancelled", cancelled_data("a1"))
                .say("activity.recorded", a1(40))
                .history("D1"),
            "0 0");
}

TEST(ActivityFold, TheLastWordHoldsAndACorrectionRevives) {  // E6
  EXPECT_EQ(of_known_units()
                .say("activity.recorded", a1(100))
                .say("activity.corrected", a1(70))
                .say("activity.cancelled", cancelled_data("a1"))
                .say("activity.corrected", a1(90))
                .say("activity.recorded", a1(80))
                .history("D1"),
            "100 70 0 90 80");
}

TEST(ActivityFold, ACorrectionMovesUnitAndDay) {
  Subject a = of_known_units();
  a.say("activity.recorded", a1(100))
      .say("activity.corrected", a1(100, "D2"))
      .say("activity.corrected", a1(100, "D2", "2024-04-01"));
  EXPECT_EQ(a.history("D1"), "100 0 0");
  EXPECT_EQ(a.history("D2"), "0 100 100");
  ASSERT_EQ(a.folded().amounts.size(), 1U);
  EXPECT_EQ(to_text(a.folded().amounts[0].day), "2024-04-01");
}

TEST(ActivityFold, AnActivityWaitsForItsUnit) {  // E7
  Subject a;
  a.say_at(0, "activity.recorded", activity_data("a1", "U9", "2024-03-01", 40));
  EXPECT_EQ(a.history("U9"), "0");
  EXPECT_EQ(a.waits(), "U9:unit_unknown");
  a.know(3, "unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(a.history("U9"), "0 0 0 40");
  EXPECT_EQ(a.waits(), "U9:-");
}

TEST(ActivityFold, WhatIsSaidWhileAnActivityWaitsIsKnownOnlyOnceItsUnitIs) {
  Subject a;
  a.say_at(0, "activity.recorded", a1(40, "U9")).say_at(1, "activity.corrected", a1(50, "U9"));
  a.say_at(4, "activity.corrected", a1(60, "U9"));
  a.know(3, "unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(a.history("U9"), "0 0 0 50 60");
}

TEST(ActivityFold, AnActivityCorrectedToAnUnknownUnitCountsNowhereUntilItIsKnown) {
  Subject a = of_known_units();
  a.say_at(0, "activity.recorded", a1(40)).say_at(1, "activity.corrected", a1(50, "U9"));
  a.know(3, "unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(a.history("D1"), "40 0 0 0");
  EXPECT_EQ(a.history("U9"), "0 0 0 50");
}

TEST(ActivityFold, ACancellationWhileItWaitsLeavesNothingToRelease) {
  Subject a;
  a.say_at(0, "activity.recorded", a1(40, "U9"))
      .say_at(1, "activity.cancelled", cancelled_data("a1"));
  a.know(3, "unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(a.history("U9"), "0 0 0 0");
}

TEST(ActivityFold, CreditGoesToEachOrganiserAndAmountsToOne) {  // E23
  Subject a = of_known_units();
  a.say("activity.recorded",
        activity_data("a1", "D1", "2024-03-10", 60, R"(,"co_units":["D2","D1"])"));
  EXPECT_EQ(a.history("D1", 0), "60");
  EXPECT_EQ(a.history("D2", 0), "0");
  EXPECT_EQ(a.history("D1", 1), "1");
  EXPECT_EQ(a.history("D2", 1), "1");
}

TEST(ActivityFold, OnlyTheWantedTermsAreFolded) {
  Subject a = of_known_units();
  a.say("activity.recorded", a1(60));
  EXPECT_EQ(a.folded({false, false}).rows.size(), 0U);
  EXPECT_EQ(a.folded({true, false}).rows.size(), 1U);
  EXPECT_EQ(a.folded({true, false}).amounts.size(), 1U);
  EXPECT_EQ(a.folded({false, true}).amounts.size(), 0U) << "credited has no rollups";
}

// A subject with very many statements is folded in one pass over them.
TEST(ActivityFold, ManyStatementsOfOneSubjectAreFoldedInOnePass) {
  Subject a = of_known_units();
  for (int i = 0; i < 20'000; ++i) a.say("activity.cancelled", cancelled_data("a1"));
  a.say("activity.recorded", a1(60));
  EXPECT_TRUE(a.folded().amounts.empty());
}

std::string figures(std::string_view f, std::string_view g) {
  return figure_data("f", f) + "," + figure_data("g", g);
}

TEST(ReportFold, EachFigureIsTheLastSaid) {  // E3, of one report
  Subject r = of_known_units();
  r.say("report.submitted", report_data("r1", "D1", "p", "2024", figures("10", "4")))
      .say("report.corrected", of_report("r1", figure_data("g", "5")))
      .say("report.corrected", of_report("r1", figure_data("f", "null")))
      .say("report.submitted", report_data("r1", "D1", "p", "2024", figure_data("f", "0")));
  EXPECT_EQ(r.reports("D1"),
            "submitted f=10 g=4 | submitted f=10 g=5 | submitted g=5 | submitted f=0");
}

TEST(ReportFold, StatesFollowEachOther) {  // E5
  Subject r = of_known_units();
  const std::string submission = report_data("r1", "D1", "p", "2024", figure_data("f", "1"));
  r.say("report.submitted", submission)
      .say("report.approved", of_report("r1"))
      .say("report.corrected", of_report("r1", figure_data("f", "2")))
      .say("report.approved", of_report("r1"))
      .say("report.submitted", submission)
      .say("report.returned", of_report("r1"))
      .say("report.approved", of_report("r1"))
      .say("report.corrected", of_report("r1", figure_data("f", "3")))
      .say("report.withdrawn", of_report("r1"))
      .say("report.returned", of_report("r1"))
      .say("report.corrected", of_report("r1", figure_data("f", "4")))
      .say("report.submitted", submission);
  EXPECT_EQ(r.reports("D1"),
            "submitted f=1 | approved f=1 | reopened f=2 | approved f=2 | reopened f=1 | "
            "returned f=1 | returned f=1 | submitted f=3 | withdrawn f=3 | withdrawn f=3 | "
            "withdrawn f=4 | submitted f=1");
}

TEST(ReportFold, ACorrectionBeforeItsSubmissionWaitsAndThenHolds) {
  Subject r = of_known_units();
  r.say("report.corrected", of_report("r1", figure_data("f", "7")));
  EXPECT_EQ(r.reports("D1"), "");
  EXPECT_EQ(r.waits(), "r1:report_unknown");
  r.say("report.submitted", report_data("r1", "D1", "p", "2024", figures("1", "2")));
  EXPECT_EQ(r.reports("D1"), " | submitted f=7 g=2");
}

TEST(ReportFold, WaitsForUnitPlanAndPeriod) {
  Subject r;
  r.say_at(0, "report.submitted", report_data("r1", "D1", "p", "q", figure_data("f", "1")));
  EXPECT_EQ(r.waits(), "p:plan_unknown D1:unit_unknown");
  r.know(1, "unit.registered", unit_data("D1", "district", ""));
  r.know(2, "plan.published", plan_data(""));
  EXPECT_EQ(r.waits(), "p:period_unknown D1:-");
  r.know(4, "plan.published",
         plan_data("", "", "", 2, "2024-01-01",
                   R"("first":"2024-01-01","last":"2024-12-31","periods":[)"
                   R"({"id":"q","first":"2024-01-01","last":"2024-01-31"}])"));
  EXPECT_EQ(r.waits(), "p:indicator_unknown D1:-");
  EXPECT_EQ(r.reports("D1", "q"), " |  |  |  | submitted f=1") << "the other figures count";
  r.know(5, "plan.published", plan_data(indicator_data("f", R"({"kind":"count"})"), "", "", 3));
  EXPECT_EQ(r.waits(), "p:- D1:-");
}

TEST(ReportFold, AReportThatMovesLeavesItsOldPlace) {
  Subject r = of_known_units();
  r.say("report.submitted", report_data("r1", "D1", "p", "2024", figure_data("f", "1")))
      .say("report.submitted", report_data("r1", "D2", "p", "2024", figure_data("f", "2")))
      .say("report.submitted", report_data("r1", "D1", "p", "2024", figure_data("f", "3")));
  EXPECT_EQ(r.reports("D1"), "submitted f=1 |  | submitted f=3");
  EXPECT_EQ(r.reports("D2"), " | submitted f=2 | ");
}

// A row holds the whole report, so what is written grows with the square of what is said; what is
// folded must not.
TEST(ReportFold, ManyStatementsOfOneSubjectAreFoldedInOnePass) {
  Subject r = of_known_units();
  for (int i = 0; i < 5'000; ++i) r.say("report.approved", of_report("r1"));
  r.say("report.submitted", report_data("r1", "D1", "p", "2024", figure_data("f", "1")));
  for (int i = 0; i < 5'000; ++i) r.say("report.approved", of_report("r1"));
  EXPECT_EQ(r.folded().rows.size(), 5'002U) << "one says that the plan has no indicator f";
}

}  // namespace
}  // namespace tiendo

#include "projector/views.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

Day day(std::string_view text) { return *parse_day(text); }

OrderKey key(int64_t ms, uint64_t position = 0, std::string_view stream = "t:0:0") {
  return {{ms}, StreamName(stream), position};
}

const TermId term = hash16("term");
const TermId other_term = hash16("other");

class Views {
 public:
  Views& put(Family family, const std::string& row_key, const std::string& value) {
    WriteBatch batch;
    batch.put(family, row_key, value);
    EXPECT_TRUE(store_->commit(batch, Durability::synced).ok());
    return *this;
  }
  Views& fact(std::string_view unit, const Fact& fact, const TermId& of = term) {
    return put(view_family::facts, fact_key(of, unit, fact), fact_value(fact));
  }
  [[nodiscard]] FaultyStore& store() { return *store_; }

  [[nodiscard]] std::string facts(std::string_view unit, Window window,
                                  const Moment& moment) const {
    const auto snapshot = store_->snapshot();
    std::string out;
    const Status status = ViewReader(*snapshot).facts(
        term, unit, window, moment,
        [&](const Fact& one) { out += (out.empty() ? "" : " ") + one.amount.text(); });
    return status.ok() ? out : status.error().code;
  }

 private:
  std::unique_ptr<FaultyStore> store_ = make_faulty_store(views_families());
};

const Window all_days{day_min, day_max};

Fact fact(std::string_view on, int64_t from_ms, int amount, std::string_view activity = "a1") {
  return {.day = day(on),
          .subject = activity_key("urn:a", activity),
          .from = key(from_ms),
          .amount = Decimal::whole(amount)};
}

TEST(Views, FactsAreThoseTheMomentKnows) {
  Fact gone = fact("2024-03-10", 30, 0);
  gone.retracted = true;
  Views views;
  views.fact("D1", fact("2024-03-10", 10, 100))
      .fact("D1", fact("2024-03-10", 20, 70))
      .fact("D1", gone);
  views.fact("D1", fact("2024-03-11", 15, 1, "a2")).fact("D1", fact("2024-03-10", 12, 5, "a3"));
  const auto at = [&](int64_t ms) {
    return views.facts("D1", all_days, {.at = {ms}, .everything = false});
  };
  EXPECT_EQ(at(9), "");
  EXPECT_EQ(at(10), "100");
  EXPECT_TRUE(at(20) == "70 5 1" || at(20) == "5 70 1") << at(20);
  EXPECT_EQ(at(30), "5 1");
  EXPECT_EQ(views.facts("D1", all_days, {}), "5 1");
  const Moment record{.at = {20}, .everything = false, .record = key(20, 0, "a:0:0")};
  EXPECT_TRUE(views.facts("D1", all_days, record).find("100") != std::string::npos)
      << "t:0:0 at the same instant comes after a:0:0";
}

TEST(Views, FactsOfOtherTermsUnitsAndDaysStayOut) {
  Views views;
  views.fact("D1", fact("2024-03-10", 1, 1)).fact("D12", fact("2024-03-10", 1, 2));
  views.fact("D1", fact("2024-03-10", 1, 4), other_term).fact("D1", fact("2024-03-12", 1, 8));
  views.fact("D1", fact("1969-12-31", 1, 16));
  EXPECT_EQ(views.facts("D1", {day("2024-03-10"), day("2024-03-11")}, {}), "1");
  EXPECT_EQ(views.facts("D1", {day("2024-03-10"), day("2024-03-12")}, {}), "1 8");
  EXPECT_EQ(views.facts("D1", all_days, {}), "16 1 8");
  EXPECT_EQ(views.facts("D1", {day("2024-03-12"), day("2024-03-10")}, {}), "");
}

TEST(Views, AFactReadsBackAsItWasWritten) {
  Fact whole = fact("2024-03-10", 20, 3);
  whole.said_by = key(5, 9, "u:0:0");
  whole.elements = {"C1", "C2"};
  Views views;
  views.fact("D1", whole);
  const auto snapshot = views.store().snapshot();
  int read = 0;
  ASSERT_TRUE(ViewReader(*snapshot)
                  .fact_rows(term, "D1", all_days,
                             [&](const Fact& one) {
                               ++read;
                               EXPECT_EQ(one.day, whole.day);
                               EXPECT_EQ(one.subject, whole.subject);
                               EXPECT_EQ(one.from, whole.from);
                               EXPECT_EQ(one.origin(), *whole.said_by);
                               EXPECT_EQ(one.amount, whole.amount);
                               EXPECT_EQ(one.elements, whole.elements);
                               EXPECT_FALSE(one.retracted);
                             })
                  .ok());
  EXPECT_EQ(read, 1);
}

TEST(Views, AFactThatCannotBeReadIsAnError) {
  Views views;
  const Fact one = fact("2024-03-10", 20, 3);
  views.put(view_family::facts, fact_key(term, "D1", one), "x");
  EXPECT_EQ(views.facts("D1", all_days, {}), "corrupt");
}

// RocksDB 7.8.3 can end a scan early with status OK: half a sum is no figure.
TEST(Views, AScanCutShortIsNeverAnAnswer) {
  for (int64_t cut = 0; cut < 3; ++cut) {
    Views views;
    for (const char* on : {"2024-03-10", "2024-03-11", "2024-03-12", "2024-03-13"}) {
      views.fact("D1", fact(on, 1, 1));
      views.put(view_family::rollups, cell_key(RollupScope::own, term, on, half_month_of(day(on))),
                cell_value({Decimal::whole(1), 1}));
      views.put(view_family::meta, checkpoint_key(StreamName(on)), std::string(8, '\1'));
    }
    views.store().plan({.cut_scan = cut});
    EXPECT_EQ(views.facts("D1", all_days, {}), "corrupt");
    const auto snapshot = views.store().snapshot();
    views.store().plan({.cut_scan = cut});
    EXPECT_FALSE(ViewReader(*snapshot).digest().ok());
    views.store().plan({.cut_scan = cut});
    EXPECT_FALSE(ViewReader(*snapshot).checkpoint().ok());
  }
}

TEST(Views, CellsAddUpOverHalfMonths) {
  Views views;
  const auto put = [&](std::string_view unit, std::string_view on, int amount,
                       const TermId& of = term) {
    views.put(view_family::rollups,
              cell_key(RollupScope::subtree, of, unit, half_month_of(day(on))),
              cell_value({Decimal::whole(amount), 1}));
  };
  put("D1", "2024-03-01", 1);
  put("D1", "2024-03-15", 2);
  put("D1", "2024-04-01", 4);
  put("D12", "2024-03-15", 8);
  put("D1", "2024-03-15", 16, other_term);
  const auto snapshot = views.store().snapshot();
  const auto sum = [&](std::string_view first, std::string_view last) {
    return ViewReader(*snapshot)
        .cells(RollupScope::subtree, term, "D1", half_month_of(day(first)),
               half_month_of(day(last)))
        ->amount.decimal()
        ->text();
  };
  EXPECT_EQ(sum("2024-03-01", "2024-03-31"), "3");
  EXPECT_EQ(sum("2024-03-15", "2024-04-14"), "6");
  EXPECT_EQ(sum("2024-05-01", "2024-06-01"), "0");
}

ReportStanding standing(std::string_view report, int64_t from_ms, int f,
                        ReportStanding::State state = ReportStanding::State::submitted) {
  ReportStanding one{.from = key(from_ms),
                     .subject = report_key("urn:a", report),
                     .state = state,
                     .source = "urn:a",
                     .report = std::string(report),
                     .obligation = "o",
                     .sent = {{1}, {2}, {3}, {4}, key(5)}};
  one.figures.emplace(
      "f", ReportStanding::Said{
               {.indicator = "f", .value = Decimal::whole(f)}, key(from_ms), day("2024-03-10")});
  one.figures.emplace("r", ReportStanding::Said{{.indicator = "r",
                                                 .numerator = Decimal::whole(1),
                                                 .denominator = Decimal::whole(2),
                                                 .with_point = true,
                                                 .scope = Covers::subtree,
                                                 .as_at = day("1969-06-30"),
                                                 .surveyed = true},
                                                key(from_ms),
                                                day("2024-03-11")});
  return one;
}

TEST(Views, ReportsOfASlotAreThoseTheMomentKnows) {
  Views views;
  const auto put = [&](std::string_view period, const ReportStanding& one) {
    views.put(view_family::reports, report_key("p", "D1", period, one), report_value(one));
  };
  put("2024", standing("r1", 10, 1));
  put("2024", standing("r1", 20, 2, ReportStanding::State::withdrawn));
  put("2024", standing("r2", 15, 3));
  put("2024", standing("r2", 30, 3, ReportStanding::State::moved));
  put("2024-9M", standing("r1", 10, 9));
  const auto snapshot = views.store().snapshot();
  const auto at = [&](int64_t ms) {
    std::multiset<std::string> out;
    const Moment moment{.at = {ms}, .everything = false};
    const auto reports = ViewReader(*snapshot).reports("p", "D1", "2024", moment);
    for (const ReportStanding& one : *reports) {
      out.insert(one.report + "=" + one.figures.at("f").figure.value->text());
    }
    return out;
  };
  using Set = std::multiset<std::string>;
  EXPECT_EQ(at(9), Set{});
  EXPECT_EQ(at(15), (Set{"r1=1", "r2=3"}));
  EXPECT_EQ(at(20), (Set{"r1=2", "r2=3"}));
  EXPECT_EQ(at(30), (Set{"r1=2"}));
  const auto read = ViewReader(*snapshot).reports("p", "D1", "2024-9M", {}).value().at(0);
  EXPECT_EQ(read.obligation, "o");
  EXPECT_EQ(read.sent, (ReportStanding::Sent{{1}, {2}, {3}, {4}, key(5)}));
  EXPECT_EQ(read.figures.at("r").figure.denominator, Decimal::whole(2));
  EXPECT_FALSE(read.figures.at("r").figure.value);
  EXPECT_TRUE(read.figures.at("r").figure.with_point);
  EXPECT_EQ(read.figures.at("r").figure.scope, Covers::subtree);
  EXPECT_EQ(read.figures.at("r").figure.as_at, day("1969-06-30"));
  EXPECT_TRUE(read.figures.at("r").figure.surveyed);
  EXPECT_EQ(read.figures.at("r").said_on, day("2024-03-11"));
  EXPECT_FALSE(read.figures.at("f").figure.with_point);
  EXPECT_FALSE(read.figures.at("f").figure.scope);
  EXPECT_FALSE(read.figures.at("f").figure.as_at);
  EXPECT_FALSE(read.figures.at("f").figure.surveyed);
}

TEST(Views, ReportsOfAUnitAreThoseOfAllPeriodsButTheOnesThatMovedAway) {
  Views views;
  const auto put = [&](std::string_view unit, std::string_view period, const ReportStanding& one) {
    views.put(view_family::reports, report_key("p", unit, period, one), report_value(one));
  };
  put("D1", "2024", standing("r1", 10, 1));
  put("D1", "2024", standing("r1", 20, 2, ReportStanding::State::returned));
  put("D1", "2024", standing("r2", 30, 3));
  put("D1", "2024-9M", standing("r1", 10, 4));
  put("D1", "2024-9M", standing("r1", 20, 4, ReportStanding::State::moved));
  put("D12", "2024", standing("r1", 10, 9));
  const auto snapshot = views.store().snapshot();
  const auto at = [&](int64_t ms) {
    std::multiset<std::string> out;
    EXPECT_TRUE(ViewReader(*snapshot)
                    .reports_of("p", "D1", {.at = {ms}, .everything = false},
                                [&](std::string_view period, const ReportStanding& one) {
                                  out.insert(std::string(period) + " " + one.report + "=" +
                                             one.figures.at("f").figure.value->text());
                                })
                    .ok());
    return out;
  };
  using Set = std::multiset<std::string>;
  EXPECT_EQ(at(10), (Set{"2024 r1=1", "2024-9M r1=4"}));
  EXPECT_EQ(at(20), (Set{"2024 r1=2"}));
  EXPECT_EQ(at(30), (Set{"2024 r1=2", "2024 r2=3"}));
}

TEST(Views, HeldMarksAndBackfillReadBack) {
  const SubjectKey subject = report_key("urn:a", "r1");
  const auto held = parse_held(held_key(HeldFor::plan, "p", subject, key(7, 3)), "plan_unknown");
  ASSERT_TRUE(held);
  EXPECT_EQ(held->what, HeldFor::plan);
  EXPECT_EQ(held->name, "p");
  EXPECT_EQ(held->subject, subject);
  EXPECT_EQ(held->record, key(7, 3));
  EXPECT_EQ(held->code, "plan_unknown");

  const std::vector<RecordMark> marks = {{key(1), true}, {key(2, 5, "import:x"), false}};
  EXPECT_EQ(parse_marks(marks_value(marks)), marks);
  EXPECT_TRUE(parse_marks("").empty());

  const Backfill backfill{
      .building = {term}, .cursor = std::string("a\0b", 3), .queued = {other_term}};
  const Backfill read = parse_backfill(backfill_value(backfill));
  EXPECT_EQ(read.building, backfill.building);
  EXPECT_EQ(read.cursor, backfill.cursor);
  EXPECT_EQ(read.queued, backfill.queued);
}

TEST(Views, TheDigestIsOfTheRowsAndNotOfHowFarTheFillingIs) {
  const auto digest = [](Views& views) {
    const auto snapshot = views.store().snapshot();
    return *ViewReader(*snapshot).digest();
  };
  Views one;
  one.fact("D1", fact("2024-03-10", 1, 1));
  Views two;
  two.fact("D1", fact("2024-03-10", 1, 1));
  EXPECT_EQ(digest(one), digest(two));
  two.put(view_family::meta, std::string(backfill_key), "x");
  EXPECT_EQ(digest(one), digest(two));
  two.put(view_family::facts, "k", "v");
  one.put(view_family::rollups, "k", "v");
  EXPECT_NE(digest(one), digest(two)) << "the family of a row is part of it";
}

}  // namespace
}  // namespace tiendo

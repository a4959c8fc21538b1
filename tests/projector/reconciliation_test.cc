// Goal: what is not what the log comes to is found within one cycle, and nothing else is ever told.
// Method: rows are damaged one by one, by a digit or away, each kind of row that there is; and
// random histories are taken in while slices of a reconciliation lie between the steps.
// TIENDO_SEED runs one seed; seeds are printed.
#include "projector/reconciliation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "tests/support/random_history.h"

namespace tiendo::testing {
namespace {

// A whole cycle over what the views are now.
ReconciliationReport cycle(History& history, std::size_t slice = 7) {
  Reconciliation reconciliation(history.log().reader(), {.slice = slice});
  for (;;) {
    const auto ended = reconciliation.step(history.state());
    EXPECT_TRUE(ended.ok()) << ended.error().message;
    if (!ended.ok() || *ended) return reconciliation.report();
  }
}

// Writes behind everybody's back; none: takes the row away.
void tamper(History& history, Family family, const std::string& key,
            const std::optional<std::string>& value) {
  WriteBatch batch;
  if (value) {
    batch.put(family, key, *value);
  } else {
    batch.erase(family, key);
  }
  ASSERT_TRUE(history.view_store().commit(batch, Durability::unsynced).ok());
  history.reopen();
}

std::vector<ViewRow> rows_of(const History& history, Family family) {
  std::vector<ViewRow> rows;
  const auto cursor = history.state()->rows->cursor(family);
  for (cursor->seek(""); cursor->valid(); cursor->next()) {
    rows.push_back({family, std::string(cursor->key()), std::string(cursor->value())});
  }
  return rows;
}

std::string flipped(std::string value, std::size_t at) {
  value[at] = static_cast<char>(value[at] ^ 1);
  return value;
}

// Two activities of C1 and D1 in the first half of March, told by the positions 7 and 8.
History& two_activities(History& history) {
  begin_with(history, {{"visits", R"({"kind":"sum","of":"participants","where":{}})"}});
  history.say("activity.recorded", activity_data("a1", "C1", "2024-03-10", 70));
  history.say("activity.recorded", activity_data("a2", "D1", "2024-03-05", 30));
  return history.catch_up();
}

std::string place(const Difference& difference) {
  return difference.record
             ? difference.record->stream.text() + "@" + std::to_string(difference.record->position)
             : "no record";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Reconciliation, GoesThroughEverythingAndFindsNothingInGoodViews) {
  History history;
  const ReconciliationReport report = cycle(two_activities(history));
  EXPECT_EQ(report.cycles, 1u);
  EXPECT_EQ(report.differences, 0u);
  EXPECT_EQ(report.records_checked, 9u);
  EXPECT_EQ(report.subjects_checked, rows_of(history, view_family::subjects).size());
  EXPECT_EQ(report.cells_checked, rows_of(history, view_family::rollups).size());
  EXPECT_EQ(report.cells_checked, 5u) << "own of C1 and D1, below C1, D1 and P";
}

TEST(Reconciliation, EmptyViewsAreACycle) {
  History history;
  EXPECT_EQ(cycle(history).cycles, 1u);
}

TEST(Reconciliation, AFlippedDigitInARollupRowIsNamedWithTheFirstRecordBehindIt) {
  History history;
  two_activities(history);
  for (const ViewRow& row : rows_of(history, view_family::rollups)) {
    Cell cell = parse_cell(row.value);
    cell.amount += Sum(Decimal::whole(1));
    tamper(history, row.family, row.key, cell_value(cell));
    const ReconciliationReport report = cycle(history);
    ASSERT_EQ(report.differences, 1u);
    const Difference& found = report.first.front();
    EXPECT_EQ(found.family, view_family::rollups);
    EXPECT_EQ(found.key, row.key);
    const bool of_d1_alone = holds(found.row, " of D1, ");
    EXPECT_EQ(place(found), of_d1_alone ? "t:0:0@8" : "t:0:0@7") << found.in_words();
    EXPECT_TRUE(holds(found.in_words(), "2024-03-01 to 2024-03-14")) << found.in_words();
    tamper(history, row.family, row.key, row.value);
  }
}

TEST(Reconciliation, TellsWhatASumIsAndWhatItMustBe) {
  History history;
  two_activities(history);
  const ViewRow row = rows_of(history, view_family::rollups).back();  // below P
  Cell cell = parse_cell(row.value);
  cell.amount += Sum(Decimal::whole(8));
  tamper(history, row.family, row.key, cell_value(cell));
  const std::string words = cycle(history).first.at(0).in_words();
  EXPECT_TRUE(holds(words,
                    "below and in P, 2024-03-01 to 2024-03-14: the views hold 108 from 2, "
                    "the facts come to 100 from 2; first record t:0:0@7"))
      << words;
}

TEST(Reconciliation, AFlippedDigitInAFactRowIsNamedFirstWithItsRecord) {
  History history;
  two_activities(history);
  for (const ViewRow& row : rows_of(history, view_family::facts)) {
    tamper(history, row.family, row.key, flipped(row.value, row.value.size() - 1));
    const ReconciliationReport report = cycle(history);
    const Difference& found = report.first.at(0);
    EXPECT_EQ(found.family, view_family::facts);
    EXPECT_EQ(found.key, row.key);
    const bool is_of_c1 = holds(found.row, " of C1 on 2024-03-10 ");
    EXPECT_EQ(place(found), is_of_c1 ? "t:0:0@7" : "t:0:0@8") << found.in_words();
    EXPECT_TRUE(holds(found.in_words(), is_of_c1 ? "the log gives 70" : "the log gives 30"));
    tamper(history, row.family, row.key, row.value);
  }
}

TEST(Reconciliation, ACellThatNoFactGivesHasNoRecord) {
  History history;
  two_activities(history);
  ViewRow row = rows_of(history, view_family::rollups).back();
  row.key.back() = static_cast<char>(row.key.back() + 1);  // the second half of March
  tamper(history, row.family, row.key, row.value);
  const ReconciliationReport report = cycle(history);
  ASSERT_EQ(report.differences, 1u);
  EXPECT_EQ(place(report.first[0]), "no record");
  EXPECT_EQ(report.first[0].derived, "nothing");
}

TEST(Reconciliation, ACellOfATermThatThereIsNotIsTold) {
  History history;
  two_activities(history);
  ViewRow row = rows_of(history, view_family::rollups).back();
  tamper(history, row.family, flipped(row.key, 1), row.value);
  EXPECT_EQ(cycle(history).differences, 1u);
}

TEST(Reconciliation, ARecordThatTheIndexForgotIsNamed) {
  History history;
  two_activities(history);
  const ViewRow row = rows_of(history, view_family::subjects).front();  // of an activity
  tamper(history, row.family, row.key, std::nullopt);
  const ReconciliationReport report = cycle(history);
  ASSERT_GE(report.differences, 1u);
  EXPECT_EQ(report.first[0].key, row.key);
  EXPECT_TRUE(place(report.first[0]) == "t:0:0@7" || place(report.first[0]) == "t:0:0@8");
}

TEST(Reconciliation, WhatWasFoundStaysAndIsCountedOnce) {
  History history;
  two_activities(history);
  const ViewRow row = rows_of(history, view_family::facts).front();
  Reconciliation reconciliation(history.log().reader(), {.slice = 3});
  const auto go_round = [&] {
    while (!reconciliation.step(history.state()).value()) {
    }
    return reconciliation.report();
  };
  EXPECT_EQ(go_round().differences, 0u);
  tamper(history, row.family, row.key, flipped(row.value, row.value.size() - 1));
  const uint64_t found = go_round().differences;
  EXPECT_EQ(found, 5u) << "the fact of C1, its own sum, and those below C1, D1 and P";
  EXPECT_EQ(go_round().differences, found);
  tamper(history, row.family, row.key, row.value);
  const ReconciliationReport report = go_round();
  EXPECT_EQ(report.cycles, 4u);
  EXPECT_EQ(report.differences, found);
  EXPECT_EQ(report.first.front().key, row.key);
}

TEST(Reconciliation, ProgressGoesFromNothingToTheEnd) {
  History history;
  two_activities(history);
  Reconciliation reconciliation(history.log().reader(), {.slice = 1});
  double before = 0;
  while (!reconciliation.step(history.state()).value()) {
    const double now = reconciliation.report().progress;
    EXPECT_GE(now, before);
    EXPECT_LE(now, 1.0);
    before = now;
  }
  EXPECT_GT(before, 0.9);
  EXPECT_EQ(reconciliation.report().progress, 0);
}

TEST(Reconciliation, AfterAReadThatFailedTheCycleBeginsAnew) {
  History history;
  two_activities(history);
  const auto faulty = make_faulty_store(views_families());
  WriteBatch all;
  for (Family family = 0; family < views_families().size(); ++family) {
    for (const ViewRow& row : rows_of(history, family)) all.put(family, row.key, row.value);
  }
  ASSERT_TRUE(faulty->commit(all, Durability::synced).ok());
  Reconciliation reconciliation(history.log().reader(), {.slice = 2});
  const auto projector = Projector::open(*faulty, history.log().reader(), {}).value();
  uint64_t failed = 0;
  for (int64_t read = 0; reconciliation.report().cycles == 0; ++read) {
    faulty->plan({.fail_read = read});
    for (;;) {
      const auto ended = reconciliation.step(projector->state());
      if (!ended.ok()) ++failed;
      if (!ended.ok() || *ended) break;
    }
  }
  EXPECT_GT(failed, 10u);
  EXPECT_EQ(reconciliation.report().differences, 0u);
}

std::vector<uint64_t> seeds(uint64_t count) {
  if (const char* one = std::getenv("TIENDO_SEED")) return {std::strtoull(one, nullptr, 10)};
  std::vector<uint64_t> all;
  for (uint64_t seed = 1; seed <= count; ++seed) all.push_back(seed);
  return all;
}

std::unique_ptr<History> taken_in(const Streams& streams) {
  auto history = std::make_unique<History>();
  for (const auto& [name, all] : streams) {
    if (name == "control") continue;
    for (const Said& said : all) history->append(said);
  }
  if (streams.contains("control")) {
    for (const Said& said : streams.at("control")) history->append(said);
  }
  history->catch_up();
  return history;
}

// Of terms and checkpoints the projector itself reads at opening what there is.
constexpr std::array damaged_families = {
    view_family::facts,   view_family::rollups,  view_family::subjects, view_family::identities,
    view_family::reports, view_family::declared, view_family::held,     view_family::references};

TEST(ReconciliationRandom, EveryRowThatIsDamagedOrGoneIsFoundInOneCycle) {
  for (const uint64_t seed : seeds(2)) {
    const auto history = taken_in(Generator(seed).history(60));
    Dice dice(seed);
    for (const Family family : damaged_families) {
      const std::vector<ViewRow> rows = rows_of(*history, family);
      for (const ViewRow& row : rows) {
        if (rows.size() > 12 && !dice.chance(1'200 / static_cast<int>(rows.size()))) continue;
        std::vector<std::optional<std::string>> damages = {std::nullopt};
        if (!row.value.empty()) damages.emplace_back(flipped(row.value, 0));
        if (!row.value.empty()) damages.emplace_back(flipped(row.value, row.value.size() - 1));
        for (const auto& damage : damages) {
          // What the projector needs for opening it also needs whole.
          const auto state = std::make_shared<ViewState>(*history->state());
          WriteBatch batch;
          if (damage) {
            batch.put(row.family, row.key, *damage);
          } else {
            batch.erase(row.family, row.key);
          }
          ASSERT_TRUE(history->view_store().commit(batch, Durability::unsynced).ok());
          state->rows = history->view_store().snapshot();
          Reconciliation reconciliation(history->log().reader(), {.slice = 50});
          while (!reconciliation.step(state).value()) {
          }
          const ReconciliationReport report = reconciliation.report();
          ASSERT_GE(report.differences, 1u)
              << "TIENDO_SEED=" << seed << " " << views_families()[family].name
              << (damage ? " damaged" : " gone");
          const bool is_named = std::any_of(
              report.first.begin(), report.first.end(),
              [&](const Difference& one) { return one.family == family && one.key == row.key; });
          ASSERT_TRUE(is_named) << "TIENDO_SEED=" << seed << " " << report.first[0].in_words();
          WriteBatch mended;
          mended.put(row.family, row.key, row.value);
          ASSERT_TRUE(history->view_store().commit(mended, Durability::unsynced).ok());
        }
      }
    }
  }
}

TEST(ReconciliationRandom, NothingFalseIsFoundWhileHistoriesAreTakenIn) {
  uint64_t cycles = 0;
  for (const uint64_t seed : seeds(6)) {
    const Streams streams = Generator(seed).history(150);
    Dice dice(seed);
    History history({.step_records = dice.one_of<std::size_t>({1, 7, 1000}),
                     .sorted_run_records = dice.one_of<std::size_t>({1, 1'000'000}),
                     .backfill_subjects = dice.one_of<std::size_t>({1, 5, 1'000'000})});
    Reconciliation reconciliation(history.log().reader(),
                                  {.slice = dice.one_of<std::size_t>({1, 10, 1000})});
    const auto reconcile = [&](int slices) {
      for (; slices > 0; --slices) {
        const auto ended = reconciliation.step(history.state());
        ASSERT_TRUE(ended.ok()) << ended.error().message;
      }
      const ReconciliationReport report = reconciliation.report();
      ASSERT_EQ(report.differences, 0u)
          << "TIENDO_SEED=" << seed << " " << report.first[0].in_words();
    };
    std::map<std::string, std::size_t> next;
    std::vector<std::string> open;
    for (const auto& [name, all] : streams) open.push_back(name);
    while (!open.empty()) {
      const std::string name = dice.one_of(open);
      const auto& all = streams.at(name);
      for (int run = dice.below(10); run > 0 && next[name] < all.size(); --run) {
        if (name == "control" && !can_be_written(all[next[name]], streams, next)) break;
        history.append(all[next[name]++]);
      }
      if (next[name] == all.size()) open.erase(std::find(open.begin(), open.end(), name));
      if (dice.chance(60)) history.step();
      ASSERT_NO_FATAL_FAILURE(reconcile(dice.below(30)));
      if (dice.chance(4)) history.reopen();
    }
    while (history.step()) ASSERT_NO_FATAL_FAILURE(reconcile(dice.below(30)));
    const uint64_t before = reconciliation.report().cycles;
    while (reconciliation.report().cycles < before + 2) ASSERT_NO_FATAL_FAILURE(reconcile(1));
    cycles += before;
  }
  EXPECT_GT(cycles, 6u) << "cycles that lay wholly among the steps";
}

}  // namespace
}  // namespace tiendo::testing

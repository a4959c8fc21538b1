#include "projector/rollup.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

Day day(std::string_view text) { return *parse_day(text); }

std::vector<TermSlot> slots(std::size_t count) {
  std::vector<TermSlot> made;
  for (std::size_t i = 0; i < count; ++i) {
    Term term{.kind = Term::Kind::outputs, .output = "o" + std::to_string(i)};
    const TermId id = id_of(term);
    made.push_back({id, std::move(term)});
  }
  return made;
}

class Cells {
 public:
  Cells& add(const RollupDelta& delta) {
    RollupDelta::Cells cells;
    delta.spread(cells);
    WriteBatch batch;
    EXPECT_TRUE(write_cells(cells, *store_->snapshot(), batch).ok());
    EXPECT_TRUE(store_->commit_sorted_run(batch).ok());
    return *this;
  }
  [[nodiscard]] std::string sum(RollupScope scope, const TermId& term, std::string_view unit,
                                std::string_view first, std::string_view last) const {
    const auto snapshot = store_->snapshot();
    const Cell cell =
        ViewReader(*snapshot)
            .cells(scope, term, unit, half_month_of(day(first)), half_month_of(day(last)))
            .value();
    return (cell.amount.decimal() ? cell.amount.decimal()->text() : "overflow") + "/" +
           std::to_string(cell.contributions);
  }
  [[nodiscard]] bool empty() const {
    const auto cursor = store_->cursor(view_family::rollups);
    cursor->seek("");
    return !cursor->valid();
  }

 private:
  std::unique_ptr<KvStore> store_ = make_memory_store(views_families());
};

std::shared_ptr<const Knowledge> knowledge(std::string_view moved_to = "") {
  std::vector<std::shared_ptr<const Statement>> statements;
  const auto say = [&](std::string_view type, std::string_view data) {
    Record record{.stream = StreamName("t"), .position = statements.size()};
    record.message.value = event_text(type, data, "e");
    statements.push_back(std::make_shared<const Statement>(StatementReader().read(record, {})));
  };
  for (const std::string& unit : worked_example_units()) say("unit.registered", unit);
  if (!moved_to.empty()) say("unit.moved", moved_data("C2", moved_to, "2024-05-01"));
  return Reference(statements).all();
}

constexpr auto own = RollupScope::own;
constexpr auto subtree = RollupScope::subtree;

TEST(Rollup, SumsByHalfMonthForTheUnitAndAllAboveIt) {
  const auto known = knowledge();
  const auto terms = slots(1);
  const TermId& term = terms[0].id;
  RollupDelta delta(known->tree, terms);
  delta.add({0, "C1", day("2024-03-14"), Decimal::whole(5)}, 1);
  delta.add({0, "C1", day("2024-03-15"), Decimal::whole(7)}, 1);
  delta.add({0, "C3", day("2024-03-31"), Decimal::whole(1)}, 1);
  Cells cells;
  cells.add(delta);
  EXPECT_EQ(cells.sum(own, term, "C1", "2024-03-01", "2024-03-01"), "5/1");
  EXPECT_EQ(cells.sum(own, term, "C1", "2024-03-15", "2024-03-31"), "7/1");
  EXPECT_EQ(cells.sum(own, term, "D1", "2024-01-01", "2024-12-31"), "0/0");
  EXPECT_EQ(cells.sum(subtree, term, "D1", "2024-01-01", "2024-12-31"), "12/2");
  EXPECT_EQ(cells.sum(subtree, term, "P", "2024-01-01", "2024-12-31"), "13/3");
  EXPECT_EQ(cells.sum(subtree, term, "P", "2024-03-01", "2024-03-14"), "5/1");
}

TEST(Rollup, ACellThatComesToNothingIsErased) {
  const auto known = knowledge();
  const auto terms = slots(1);
  const Amount amount{0, "C1", day("2024-03-14"), Decimal::whole(5)};
  RollupDelta more(known->tree, terms);
  more.add(amount, 1);
  RollupDelta less(known->tree, terms);
  less.add(amount, -1);
  Cells cells;
  EXPECT_FALSE(cells.add(more).empty());
  EXPECT_TRUE(cells.add(less).empty());
}

TEST(Rollup, AFactFollowsItsUnitToAnotherParent) {
  const auto before = knowledge();
  const auto after = knowledge("D2");
  const auto terms = slots(1);
  const TermId& term = terms[0].id;
  EXPECT_EQ(moved_units(before->tree, after->tree), (std::vector<std::string>{"C2"}));
  EXPECT_TRUE(moved_units(after->tree, knowledge("D2")->tree).empty());
  const Amount spring{0, "C2", day("2024-04-30"), Decimal::whole(6)};
  const Amount autumn{0, "C2", day("2024-09-09"), Decimal::whole(8)};
  Cells cells;
  RollupDelta first(before->tree, terms);
  RollupDelta leaving(before->tree, terms);
  RollupDelta arriving(after->tree, terms);
  for (const Amount& amount : {spring, autumn}) {
    first.add(amount, 1);
    leaving.add(amount, -1);
    arriving.add(amount, 1);
  }
  cells.add(first).add(leaving).add(arriving);
  EXPECT_EQ(cells.sum(subtree, term, "D1", "2024-01-01", "2024-12-31"), "6/1");
  EXPECT_EQ(cells.sum(subtree, term, "D2", "2024-01-01", "2024-12-31"), "8/1");
  EXPECT_EQ(cells.sum(subtree, term, "P", "2024-01-01", "2024-12-31"), "14/2");
  EXPECT_EQ(cells.sum(own, term, "C2", "2024-01-01", "2024-12-31"), "14/2");
}

TEST(Rollup, AUnitThatTheTreeDoesNotKnowHasOnlyItsOwnSums) {
  const auto known = knowledge();
  const auto terms = slots(1);
  RollupDelta delta(known->tree, terms);
  delta.add({0, "U9", day("2024-03-14"), Decimal::whole(5)}, 1);
  Cells cells;
  cells.add(delta);
  EXPECT_EQ(cells.sum(own, terms[0].id, "U9", "2024-03-01", "2024-03-31"), "5/1");
  EXPECT_EQ(cells.sum(subtree, terms[0].id, "U9", "2024-03-01", "2024-03-31"), "0/0");
}

// Plans may hold thousands of terms: 64 for each filter with six conditions on the unit.
TEST(Rollup, TermsAreKeptApartHoweverManyThereAre) {
  const auto known = knowledge();
  const auto terms = slots(20'000);
  RollupDelta delta(known->tree, terms);
  for (uint32_t slot = 0; slot < terms.size(); ++slot) {
    delta.add({slot, "C1", day("2024-03-14"), Decimal::whole(slot + 1)}, 1);
  }
  Cells cells;
  cells.add(delta);
  for (const std::size_t slot : {0U, 4'095U, 4'096U, 16'383U, 16'384U, 19'999U}) {
    EXPECT_EQ(cells.sum(subtree, terms[slot].id, "P", "2024-03-01", "2024-03-31"),
              std::to_string(slot + 1) + "/1");
  }
}

TEST(Rollup, TheFirstAndTheLastDayHaveTheirPlace) {
  const auto known = knowledge();
  const auto terms = slots(1);
  RollupDelta delta(known->tree, terms);
  delta.add({0, "C1", day("1900-01-01"), Decimal::whole(1)}, 1);
  delta.add({0, "C1", day("2199-12-31"), Decimal::whole(2)}, 1);
  Cells cells;
  cells.add(delta);
  EXPECT_EQ(cells.sum(subtree, terms[0].id, "P", "1900-01-01", "1900-01-14"), "1/1");
  EXPECT_EQ(cells.sum(subtree, terms[0].id, "P", "2199-12-15", "2199-12-31"), "2/1");
  EXPECT_EQ(cells.sum(subtree, terms[0].id, "P", "1900-01-15", "2199-12-14"), "0/0");
}

}  // namespace
}  // namespace tiendo

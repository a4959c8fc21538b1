#include "projector/declared.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

Day day(std::string_view text) { return *parse_day(text); }

OrderKey key(int64_t ms, uint64_t position = 0, std::string_view stream = "t:0:0") {
  return {{ms}, StreamName(stream), position};
}

void put(KvStore& store, const std::string& row_key, const std::string& value) {
  WriteBatch batch;
  batch.put(view_family::declared, row_key, value);
  EXPECT_TRUE(store.commit(batch, Durability::synced).ok());
}

std::vector<Since<int>> said(std::initializer_list<std::pair<std::string_view, int64_t>> all) {
  std::vector<Since<int>> history;
  int value = 0;
  for (const auto& [on, ms] : all) say(history, {day(on), key(ms), ++value});
  return history;
}

TEST(Declared, AValueHoldsFromItsDayUntilTheNext) {
  const auto history = said({{"2024-03-01", 1}, {"2024-02-01", 2}, {"2024-04-01", 3}});
  EXPECT_EQ(holding(history, day("2024-01-31")), nullptr);
  EXPECT_EQ(holding(history, day("2024-02-01"))->value, 2);
  EXPECT_EQ(holding(history, day("2024-02-29"))->value, 2);
  EXPECT_EQ(holding(history, day("2024-03-01"))->value, 1);
  EXPECT_EQ(holding(history, day("2025-01-01"))->value, 3);
}

TEST(Declared, OfOneDayTheLastSaidHoldsInWhateverOrderItComes) {
  EXPECT_EQ(holding(said({{"2024-03-01", 1}, {"2024-03-01", 2}}), day("2024-03-01"))->value, 2);
  EXPECT_EQ(holding(said({{"2024-03-01", 2}, {"2024-03-01", 1}}), day("2024-03-01"))->value, 1);
}

EntityRow entity_row() {
  return {.subject = activity_key("urn:a", "e1"),
          .said = key(5, 9, "u:0:0"),
          .from = key(20),
          .what = {.what = EntitySaid::What::removed,
                   .reg = "site",
                   .entity = "e1",
                   .unit = "D1",
                   .effective = day("2024-03-10"),
                   .flags = {{"a", {Scalar::Kind::truth, "false"}},
                             {"b", {Scalar::Kind::number, "1.5"}}}}};
}

TEST(Declared, ARowOfAnEntityReadsBackAsItWasWritten) {
  const EntityRow whole = entity_row();
  const std::string row_key = entity_key(whole);
  const std::string prefix = entities_prefix("site");
  ASSERT_TRUE(row_key.starts_with(prefix));
  const auto read = parse_entity(row_key.substr(prefix.size()), entity_value(whole));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->subject, whole.subject);
  EXPECT_EQ(read->said, whole.said);
  EXPECT_EQ(read->from, whole.from);
  EXPECT_EQ(read->what.what, whole.what.what);
  EXPECT_EQ(read->what.entity, "e1");
  EXPECT_EQ(read->what.unit, "D1");
  EXPECT_EQ(read->what.effective, whole.what.effective);
  EXPECT_EQ(read->what.flags, whole.what.flags);
  EntityRow at_once = whole;
  at_once.from = at_once.said;
  EXPECT_LT(entity_value(at_once).size(), entity_value(whole).size());
  EXPECT_EQ(parse_entity(row_key.substr(prefix.size()), entity_value(at_once))->from, whole.said);
}

TEST(Declared, RowsOfStatisticsAndMoneyReadBackAsTheyWereWritten) {
  const auto store = make_faulty_store(views_families());
  const StatisticStanding statistic{.from = key(20),
                                    .said_by = key(5, 9, "u:0:0"),
                                    .subject = activity_key("urn:a", "s"),
                                    .unit = "D1",
                                    .as_at = day("1969-12-31"),
                                    .value = Decimal::whole(7)};
  put(*store, statistic_key("pop", statistic), statistic_value(statistic));
  const MoneyStanding money{.from = key(20),
                            .said_by = key(5, 9, "u:0:0"),
                            .subject = activity_key("urn:a", "m"),
                            .is_spent = true,
                            .unit = "D1",
                            .line = "9",
                            .year = 2024,
                            .day = day("2024-05-01"),
                            .amount = Decimal::whole(-3)};
  put(*store, money_key("p", money), money_value(money));
  const auto snapshot = store->snapshot();
  const ViewReader reader(*snapshot);
  int read = 0;
  const auto see_statistic = [&](const StatisticStanding& one) {
    ++read;
    EXPECT_EQ(one.from, statistic.from);
    EXPECT_EQ(one.said_by, statistic.said_by);
    EXPECT_EQ(one.subject, statistic.subject);
    EXPECT_EQ(one.unit, "D1");
    EXPECT_EQ(one.as_at, statistic.as_at);
    EXPECT_EQ(one.value, statistic.value);
  };
  ASSERT_TRUE(reader.statistics("pop", "D1", {}, see_statistic).ok());
  const auto see_money = [&](const MoneyStanding& one) {
    ++read;
    EXPECT_EQ(one.from, money.from);
    EXPECT_EQ(one.said_by, money.said_by);
    EXPECT_EQ(one.subject, money.subject);
    EXPECT_TRUE(one.is_spent);
    EXPECT_EQ(one.unit, "D1");
    EXPECT_EQ(one.line, "9");
    EXPECT_EQ(one.year, 2024);
    EXPECT_EQ(one.day, money.day);
    EXPECT_EQ(one.amount, money.amount);
  };
  ASSERT_TRUE(reader.money("p", "D1", {}, see_money).ok());
  ASSERT_TRUE(reader.money("p", "D12", {}, see_money).ok());
  EXPECT_EQ(read, 2);
}

TEST(Declared, WhatIsDeclaredIsNeverReadInPart) {
  const auto store = make_faulty_store(views_families());
  for (const char* entity : {"e1", "e2", "e3"}) {
    EntityRow row = entity_row();
    row.subject = activity_key("urn:a", entity);
    put(*store, entity_key(row), entity_value(row));
  }
  const auto entities = [&] {
    const auto snapshot = store->snapshot();
    const Status status = ViewReader(*snapshot).entities("site", {}, [](const auto&) {});
    return status.ok() ? std::string("read") : status.error().code;
  };
  EXPECT_EQ(entities(), "read");
  store->plan({.cut_scan = 1});
  EXPECT_EQ(entities(), "corrupt");
  const std::string value = entity_value(entity_row());
  for (std::size_t size = 0; size < value.size(); ++size) {
    put(*store, entity_key(entity_row()), value.substr(0, size));
    EXPECT_EQ(entities(), "corrupt") << size;
  }
}

}  // namespace
}  // namespace tiendo

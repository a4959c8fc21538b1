#include <gtest/gtest.h>

#include <set>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using namespace tiendo::testing;  // NOLINT: the words of a history

// Units U0 and U1 are known from the first two records on, so what is said begins at t:0:0@2.
History of_known_units() {
  return std::move(
      History().units({unit_data("U0", "district", ""), unit_data("U1", "district", "")}));
}

// The sites that exist on a day, with their unit and flags: "s1@U0 digital=true".
std::string sites(const Question& question, std::string_view on) {
  const Day day = *parse_day(on);
  std::set<std::string> found;
  const auto visit = [&](const EntityStanding& site) {
    if (!site.exists(day)) return;
    std::string text = site.entity + "@" + holding(site.units, day)->value;
    for (const auto& [flag, history] : site.flags) {
      const auto* now = holding(history, day);
      if (now != nullptr) text += " " + flag + "=" + now->value.text;
    }
    found.insert(text);
  };
  EXPECT_TRUE(question.rows().entities("site", question.moment(), visit).ok());
  std::string out;
  for (const std::string& one : found) out += (out.empty() ? "" : ", ") + one;
  return out;
}

std::string statistics(const Question& question, std::string_view unit) {
  std::string out;
  const auto visit = [&](const StatisticStanding& row) {
    out += (out.empty() ? "" : " ") + to_text(row.as_at) + ":" + row.value->text();
  };
  EXPECT_TRUE(question.rows().statistics("pop", unit, question.moment(), visit).ok());
  return out;
}

// "allocated 150 spent 60", lines where they are not 9.
std::string money(const Question& question, std::string_view unit) {
  std::multiset<std::string> found;
  const auto visit = [&](const MoneyStanding& row) {
    EXPECT_EQ(row.unit, unit);
    found.insert((row.is_spent ? "spent " : "allocated ") + row.amount->text() +
                 (row.line == "9" ? "" : " on " + row.line));
  };
  EXPECT_TRUE(question.rows().money("p", unit, question.moment(), visit).ok());
  std::string out;
  for (const std::string& one : found) out += (out.empty() ? "" : " ") + one;
  return out;
}

// The codes of what waits now, in key order; "-" for what no longer does.
std::string waits(History& history) {
  std::string out;
  const Question question = history.now();
  const auto visit = [&](std::string_view, const Held& held) {
    out += (out.empty() ? "" : " ") + held.name + ":" + (held.code.empty() ? "-" : held.code);
    return true;
  };
  EXPECT_TRUE(question.rows().held("", visit).ok());
  return out;
}

TEST(EntityFold, ExistsFromItsRegistrationUntilItsRemovalAndAgainFromTheNext) {
  History history = of_known_units();
  history.say("entity.registered", entity_data("s1", "U0", "2024-02-01"))
      .say("entity.removed", entity_data("s1", "U0", "2024-05-01"))
      .say("entity.registered", entity_data("s1", "U1", "2024-07-01"));
  const Question now = history.now();
  EXPECT_EQ(sites(now, "2024-01-31"), "");
  EXPECT_EQ(sites(now, "2024-02-01"), "s1@U0");
  EXPECT_EQ(sites(now, "2024-04-30"), "s1@U0");
  EXPECT_EQ(sites(now, "2024-05-01"), "");
  EXPECT_EQ(sites(now, "2024-07-01"), "s1@U1");
  EXPECT_EQ(sites(history.as_of_record(3), "2024-08-01"), "");
  EXPECT_EQ(sites(history.as_of_record(2), "2024-08-01"), "s1@U0");
  EXPECT_EQ(sites(history.as_of_record(1), "2024-08-01"), "");
}

TEST(EntityFold, FlagsMergeKeyByKeyFromTheirEffectiveDayAndTheUnitMoves) {
  History history = of_known_units();
  history.say("entity.registered", entity_data("s1", "U0", "2024-01-01", R"({"a":true,"b":1})"))
      .say("entity.updated", entity_data("s1", "U1", "2024-03-01", R"({"a":false})"))
      .say("entity.updated", entity_data("s1", "U1", "2024-02-01", R"({"c":"x","b":null})"));
  const Question now = history.now();
  EXPECT_EQ(sites(now, "2024-01-15"), "s1@U0 a=true b=1");
  EXPECT_EQ(sites(now, "2024-02-15"), "s1@U1 a=true b=1 c=x");
  EXPECT_EQ(sites(now, "2024-03-15"), "s1@U1 a=false b=1 c=x");
}

TEST(EntityFold, OfOneDayTheLastSaidHolds) {
  History history = of_known_units();
  history.say("entity.registered", entity_data("s1", "U0", "2024-01-01", R"({"a":1})"))
      .say("entity.updated", entity_data("s1", "U0", "2024-01-01", R"({"a":2})"))
      .say("entity.removed", entity_data("s1", "U0", "2024-01-01"))
      .say("entity.registered", entity_data("s1", "U0", "2024-01-01"));
  EXPECT_EQ(sites(history.as_of_record(3), "2024-06-01"), "s1@U0 a=2");
  EXPECT_EQ(sites(history.as_of_record(4), "2024-06-01"), "");
  EXPECT_EQ(sites(history.as_of_record(5), "2024-06-01"), "s1@U0 a=2");
}

TEST(EntityFold, WhatIsSaidOfAnEntityBeforeItIsRegisteredWaits) {
  History history = of_known_units();
  history.say("entity.updated", entity_data("s1", "U0", "2024-03-01", R"({"a":true})"));
  EXPECT_EQ(waits(history), "s1:entity_unknown");
  EXPECT_EQ(sites(history.now(), "2024-06-01"), "");
  history.say("entity.registered", entity_data("s1", "U0", "2024-01-01", R"({"a":false})"));
  EXPECT_EQ(waits(history), "");
  EXPECT_EQ(sites(history.now(), "2024-02-01"), "s1@U0 a=false");
  EXPECT_EQ(sites(history.now(), "2024-06-01"), "s1@U0 a=true");
  EXPECT_EQ(sites(history.as_of_record(2), "2024-06-01"), "");
}

TEST(EntityFold, ARecordThatWaitsForItsUnitWaitsAloneAndIsKnownFromItsRelease) {
  History history = of_known_units();
  history.say("entity.registered", entity_data("s1", "U0", "2024-01-01"))
      .say("entity.updated", entity_data("s1", "U9", "2024-02-01", R"({"a":1})"))
      .say("entity.updated", entity_data("s1", "U1", "2024-02-01", R"({"a":2})"))
      .say("entity.updated", entity_data("s1", "U9", "2024-03-01", R"({"b":3})"));
  EXPECT_EQ(waits(history), "U9:unit_unknown U9:unit_unknown");
  EXPECT_EQ(sites(history.now(), "2024-06-01"), "s1@U1 a=2");
  history.say("unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(waits(history), "U9:- U9:-");
  EXPECT_EQ(sites(history.now(), "2024-06-01"), "s1@U9 a=2 b=3") << "the last said, not released";
  EXPECT_EQ(sites(history.as_of_record(5), "2024-06-01"), "s1@U1 a=2");
}

TEST(EntityFold, ARegistrationOfAnUnknownUnitIsNoEntityYet) {
  History history = of_known_units();
  history.say("entity.registered", entity_data("s1", "U9", "2024-01-01"))
      .say("entity.updated", entity_data("s1", "U0", "2024-02-01"));
  EXPECT_EQ(sites(history.now(), "2024-06-01"), "");
  history.say("unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(sites(history.now(), "2024-06-01"), "s1@U0");
}

TEST(EntityFold, RegistersAreKeptApartAndSharedByAllSources) {
  History history = of_known_units();
  history.say("entity.registered", entity_data("s1", "U0", "2024-01-01"))
      .from("urn:b")
      .say("entity.updated", entity_data("s1", "U1", "2024-02-01"));
  std::string team = entity_data("t1", "U0", "2024-01-01");
  history.say("entity.registered", team.replace(team.find("site"), 4, "sitex"));
  EXPECT_EQ(sites(history.now(), "2024-06-01"), "s1@U1");
}

TEST(EntityFold, ItsHistoryIsAStandingFromEachRecordThatChangesIt) {
  History history = of_known_units();
  history.say("entity.updated", entity_data("s1", "U9", "2024-02-01", R"({"a":1})"))
      .say("entity.registered", entity_data("s1", "U9", "2024-01-01"))
      .say("entity.updated", entity_data("s1", "U0", "2024-03-01"))
      .say("unit.registered", unit_data("U9", "district", ""))
      .say("entity.removed", entity_data("s1", "U0", "2024-05-01"));
  std::string out;
  ASSERT_TRUE(history.now()
                  .rows()
                  .entity_rows("site",
                               [&](const EntityStanding& site) {
                                 out += std::to_string(site.from.position) + ":" +
                                        std::to_string(site.registration.position) + ":" +
                                        std::to_string(site.existence.size()) + ":" +
                                        std::to_string(site.units.size()) + " ";
                               })
                  .ok());
  EXPECT_EQ(out, "5:3:1:3 6:3:2:4 ");
}

TEST(EntityFold, ItsHistoryHoldsTheLastSaidAndNotTheLastReleased) {
  History history = of_known_units();
  history.say("entity.registered", entity_data("s1", "U0", "2024-01-01"))
      .say("entity.updated", entity_data("s1", "U9", "2024-02-01", R"({"a":1})"))
      .say("entity.updated", entity_data("s1", "U1", "2024-02-01", R"({"a":2})"))
      .say("unit.registered", unit_data("U9", "district", ""));
  std::string out;
  const auto visit = [&](const EntityStanding& site) {
    const auto flag = site.flags.find("a");
    out += std::to_string(site.from.position) + site.units.back().value;
    out += (flag == site.flags.end() ? "-" : flag->second.back().value.text) + " ";
  };
  ASSERT_TRUE(history.now().rows().entity_rows("site", visit).ok());
  EXPECT_EQ(out, "2U0- 4U12 5U12 ");
}

// A flag that changes each day must not make rows that grow.
TEST(EntityFold, ManyRecordsOfOneEntityAreAsManySmallRows) {
  History history = of_known_units();
  history.say("entity.registered", entity_data("s1", "U0", "2020-01-01"));
  const int count = 2'000;
  for (int i = 0; i < count; ++i) {
    const std::string day = to_text(Day{parse_day("2020-01-01")->number + i});
    history.say("entity.updated",
                entity_data("s1", "U0", day, R"({"seats":)" + std::to_string(i) + "}"));
  }
  const Question now = history.now();
  EXPECT_EQ(sites(now, "2020-01-11"), "s1@U0 seats=10");
  const auto cursor = now.state().rows->cursor(view_family::declared);
  int rows = 0;
  for (cursor->seek(""); cursor->valid(); cursor->next(), ++rows) {
    EXPECT_LT(cursor->key().size() + cursor->value().size(), 100U);
  }
  EXPECT_EQ(rows, count + 1);
}

TEST(StatisticFold, TheLastSaidOfADayHoldsAndNullTakesItBack) {
  History history = of_known_units();
  history.say("statistic.declared", statistic_data("pop", "U0", "2023-12-31", "100"))
      .say("statistic.declared", statistic_data("pop", "U0", "2023-06-30", "90"))
      .say("statistic.declared", statistic_data("pop", "U0", "2023-12-31", "110"))
      .say("statistic.declared", statistic_data("pop", "U0", "2023-12-31", "null"))
      .say("statistic.declared", statistic_data("pop", "U0", "2023-12-31", "0"))
      .say("statistic.declared", statistic_data("rank", "U0", "2023-12-31", "5"));
  EXPECT_EQ(statistics(history.as_of_record(3), "U0"), "2023-06-30:90 2023-12-31:100");
  EXPECT_EQ(statistics(history.as_of_record(4), "U0"), "2023-06-30:90 2023-12-31:110");
  EXPECT_EQ(statistics(history.as_of_record(5), "U0"), "2023-06-30:90");
  EXPECT_EQ(statistics(history.now(), "U0"), "2023-06-30:90 2023-12-31:0");
  EXPECT_EQ(statistics(history.now(), "U1"), "");
}

TEST(StatisticFold, WaitsForItsUnitAndKeepsTheRecordThatSaidIt) {
  History history = of_known_units();
  history.say("statistic.declared", statistic_data("pop", "U9", "2023-12-31", "100"))
      .say("statistic.declared", statistic_data("pop", "U9", "2023-12-31", "120"));
  EXPECT_EQ(waits(history), "U9:unit_unknown U9:unit_unknown");
  EXPECT_EQ(statistics(history.now(), "U9"), "");
  history.say("unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(statistics(history.now(), "U9"), "2023-12-31:120");
  EXPECT_EQ(statistics(history.as_of_record(3), "U9"), "");
  ASSERT_TRUE(history.now()
                  .rows()
                  .statistic_rows("pop", "U9",
                                  [](const StatisticStanding& row) {
                                    EXPECT_EQ(row.from.position, 4U);
                                    EXPECT_EQ(row.origin().position, 3U);
                                  })
                  .ok());
}

TEST(MoneyFold, AllocationsSetAndExpensesAdd) {  // E36
  History history = of_known_units();
  history.say("money.allocated", money_data("9", "U0", "100"))
      .say("money.allocated", money_data("9", "U1", "150"))
      .say("money.allocated", money_data("9", "U1", "140"))
      .say("money.spent", money_data("9", "U1", "60"))
      .say("money.spent", money_data("9", "U1", "200"))
      .say("money.spent", money_data("9", "U1", "-15"))
      .say("money.allocated", money_data("10", "U1", "7"));
  EXPECT_EQ(money(history.now(), "U0"), "allocated 100");
  EXPECT_EQ(money(history.now(), "U1"),
            "allocated 140 allocated 7 on 10 spent -15 spent 200 spent 60");
  EXPECT_EQ(money(history.as_of_record(3), "U1"), "allocated 150");
}

TEST(MoneyFold, OfAnEntryTheLastSaidHoldsAndACorrectionRestatesItAll) {
  const auto entry = [](std::string_view line, std::string_view unit, std::string_view amount) {
    return money_data(line, unit, amount, R"(,"entry":"x1")");
  };
  History history = of_known_units();
  history.say("money.spent", entry("9", "U0", "60"))
      .say("money.spent", entry("9", "U0", "70"))
      .say("money.corrected", entry("10", "U1", "65"))
      .say("money.corrected", entry("9", "U0", "0"));
  EXPECT_EQ(money(history.as_of_record(2), "U0"), "spent 60");
  EXPECT_EQ(money(history.as_of_record(3), "U0"), "spent 70");
  EXPECT_EQ(money(history.as_of_record(4), "U0"), "");
  EXPECT_EQ(money(history.as_of_record(4), "U1"), "spent 65 on 10");
  EXPECT_EQ(money(history.now(), "U0"), "spent 0");
  EXPECT_EQ(money(history.now(), "U1"), "");
}

TEST(MoneyFold, ACorrectionBeforeItsExpenseWaitsAndThenHolds) {
  const std::string entry = R"(,"entry":"x1")";
  History history = of_known_units();
  history.say("money.corrected", money_data("9", "U0", "65", entry));
  EXPECT_EQ(waits(history), "x1:expense_unknown");
  EXPECT_EQ(money(history.now(), "U0"), "");
  history.say("money.spent", money_data("9", "U0", "60", entry));
  EXPECT_EQ(waits(history), "");
  EXPECT_EQ(money(history.now(), "U0"), "spent 65");
  history.say("money.spent", money_data("9", "U0", "50", entry));
  EXPECT_EQ(money(history.now(), "U0"), "spent 50");
}

TEST(MoneyFold, ACorrectionToAnUnknownUnitWaitsAlone) {
  const std::string entry = R"(,"entry":"x1")";
  History history = of_known_units();
  history.say("money.spent", money_data("9", "U0", "60", entry))
      .say("money.corrected", money_data("9", "U9", "65", entry));
  EXPECT_EQ(money(history.now(), "U0"), "spent 60");
  history.say("unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(money(history.now(), "U0"), "");
  EXPECT_EQ(money(history.now(), "U9"), "spent 65");
  EXPECT_EQ(money(history.as_of_record(3), "U0"), "spent 60");
}

TEST(MoneyFold, OfWhatIsReleasedTheLastSaidHolds) {
  const std::string entry = R"(,"entry":"x1")";
  History history = of_known_units();
  history.say("money.spent", money_data("9", "U0", "60", entry))
      .say("money.corrected", money_data("9", "U9", "65", entry))
      .say("money.corrected", money_data("9", "U1", "70", entry))
      .say("unit.registered", unit_data("U9", "district", ""));
  EXPECT_EQ(money(history.now(), "U9"), "");
  EXPECT_EQ(money(history.now(), "U1"), "spent 70");
}

TEST(MoneyFold, EachExpenseWithoutAnEntryIsItsOwn) {
  History history = of_known_units();
  history.say("money.spent", money_data("9", "U0", "60"), "one")
      .say("money.spent", money_data("9", "U0", "60"), "two")
      .from("urn:b")
      .say("money.spent", money_data("9", "U0", "60"), "one");
  EXPECT_EQ(money(history.now(), "U0"), "spent 60 spent 60 spent 60");
}

}  // namespace
}  // namespace tiendo

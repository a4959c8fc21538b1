// GET /v1/changes: how many records it tries, and how many it lists. What the parts are is asked in
// figure_changes_test.cc, change_parts_test.cc and the scenarios.
#include <gtest/gtest.h>

#include "events/limits.h"
#include "query/figure_changes.h"
#include "query/target_changes.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

using nlohmann::json;

constexpr std::string_view before_all = "2024-01-05T08:00:00+07:00";

std::string changes(std::string_view plan, std::string_view indicator, std::string_view unit) {
  return "/v1/changes?plan=" + std::string(plan) + "&indicator=" + std::string(indicator) +
         "&unit=" + std::string(unit) + "&period=2024&from=2024-01-06";
}

// A rank is no sum, so each record that can touch it is tried.
class RankedWorld : public SmallWorld {
 public:
  RankedWorld() {
    say("ref", before_all, "plan.published",
        R"({"plan":"r","version":1,"valid_from":"2024-01-01","first":"2024-01-01","last":"2024-12-31",
"unit":"P","calendar":"calendar","title":{"vi":"Xếp hạng"},
"indicators":[{"id":"rank","name":{"vi":"Hạng"},"measure":"rank","formula":{"kind":"rank","statistic":"pci"}}],
"targets":[{"id":"R1","indicator":"rank","comparator":"<=","value":15,"for":{"scope":"unit","level":"commune"},"when":{"kind":"each_year","years":[2024]}}],
"obligations":[],"tasks":[],"budget":[]})");
  }
  // `count` more, each of the day before the one before it.
  void declare(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      say("intake", "2024-06-01T08:00:00+07:00", "statistic.declared",
          R"({"statistic":"pci","unit":"C1","as_at":")" + to_text(day_) + R"(","value":12})");
      day_ = day_.previous();
    }
  }

 private:
  Day day_ = *parse_day("2024-05-31");
};

TEST(ChangesAnswer, TriesAsManyRecordsAsItMayAndRefusesOneMore) {
  constexpr std::size_t few = 7;
  RankedWorld world;
  world.declare(few);
  world.project();
  const auto tried = [&](const ChangePatience& patience) {
    const auto state = world.projector().state();
    const HistoryQuestion question{.views = state,
                                   .until = {.at = *parse_instant("2024-12-31T08:00:00+07:00")},
                                   .plan = "r",
                                   .indicator = "rank",
                                   .unit = "C1",
                                   .period = "2024"};
    return figure_changes(question, {.at = *parse_instant(before_all), .everything = false},
                          patience);
  };
  EXPECT_TRUE(tried({.records_max = few}).ok());
  EXPECT_EQ(tried({.records_max = few - 1}).error().code, "too_many_records");
  std::size_t asked = 0;
  EXPECT_EQ(tried({.gives_up = [&] { return ++asked == few - 1; }}).error().code,
            "too_many_records");
  EXPECT_EQ(asked, few - 1);
}

TEST(ChangesAnswer, SaysThatThereAreTooManyRecordsAndAnAmendmentIsMadeAllTheSame) {
  RankedWorld world;
  world.say("intake", "2024-01-07T08:00:00+07:00", "publication.closed",
            R"({"publication":"b","plan":"r","period":"2024","unit":"C1","reason":"r"})");
  world.project();
  world.declare(limits::change_records_max + 1);
  const Answer refused = world.get(changes("r", "rank", "C1"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.json["code"], "too_many_records");
  world.say("intake", "2024-06-02T08:00:00+07:00", "publication.amended",
            R"({"publication":"b","reason":"late"})");
  const json changed =
      world.get("/v1/publications?publication=b").json["editions"][1]["changed"][0];
  EXPECT_EQ(changed["after"]["value"], 12);
  EXPECT_TRUE(changed["parts"].is_null());
  EXPECT_EQ(changed["reason"], "too_many_records");
}

TEST(ChangesOfTargets, AreToldInTheirOrderWhileReadingsAreLeft) {
  RankedWorld world;
  world.declare(3);
  world.project();
  const auto refused = [&](std::size_t readings_max) {
    const auto all = target_changes(
        {.views = world.projector().state(), .plan = "r", .period = "2024", .tree = ""},
        {{"R1", "C1"}, {"R1", "C1"}}, {.at = *parse_instant(before_all), .everything = false},
        {.at = *parse_instant("2024-12-31T08:00:00+07:00"), .everything = false}, readings_max);
    return std::vector<std::string>{std::string((*all)[0].refused), std::string((*all)[1].refused)};
  };
  const std::string too_many = "too_many_records";
  EXPECT_EQ(refused(6), (std::vector<std::string>{"", ""}));
  EXPECT_EQ(refused(5), (std::vector<std::string>{"", too_many}));
  EXPECT_EQ(refused(2), (std::vector<std::string>{too_many, too_many}));
}

TEST(ChangesAnswer, ListsAsManyRecordsOfAPartAsItMayAndCountsAllOfThem) {
  SmallWorld world;
  for (std::size_t i = 0; i < limits::change_records_listed_max; ++i) {
    world.record("2024-06-01T08:00:00+07:00", "a" + std::to_string(i), "C1", "2024-05-05", 2);
  }
  const json whole = world.get(changes("p", "visits", "P")).json["parts"][0];
  EXPECT_EQ(whole["records"].size(), limits::change_records_listed_max);
  EXPECT_FALSE(whole.contains("records_total"));
  world.record("2024-06-01T08:00:00+07:00", "last", "C1", "2024-05-05", 2);
  const json cut = world.get(changes("p", "visits", "P")).json["parts"][0];
  EXPECT_EQ(cut["records"].size(), limits::change_records_listed_max);
  EXPECT_EQ(cut["records_total"], limits::change_records_listed_max + 1);
  EXPECT_EQ(cut["difference"], 2 * (limits::change_records_listed_max + 1));
}

}  // namespace
}  // namespace tiendo

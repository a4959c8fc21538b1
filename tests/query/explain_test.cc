#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

constexpr const char* visits = "/v1/explain?plan=p&indicator=visits&period=2024";

TEST(Explain, NamesTheRecordsThatFoldToTheValue) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
  world.record("2024-03-12T08:00:00+07:00", "a2", "C3", "2024-03-11", 50);
  world.say("intake", "2024-03-13T08:00:00+07:00", "activity.corrected",
            SmallWorld::activity("a1", "D1", "2024-03-09", 30, R"(,"reason":"r")"));
  const Answer answer = world.get(visits);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json["value"], 80);
  EXPECT_EQ(answer.json["total"], 2);
  EXPECT_EQ(answer.json["sums"]["amount"], 80);
  EXPECT_TRUE(answer.json["next"].is_null());
  const auto& rows = answer.json["contributions"];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["position"], 1);
  EXPECT_EQ(rows[0]["thing"], "a2");
  EXPECT_EQ(rows[0]["unit"], "C3");
  EXPECT_EQ(rows[0]["amount"], 50);
  EXPECT_EQ(rows[1]["stream"], "intake");
  EXPECT_EQ(rows[1]["position"], 2) << "the record that said the amount in force";
  EXPECT_EQ(rows[1]["thing"], "a1");
  EXPECT_EQ(rows[1]["day"], "2024-03-09");
  EXPECT_EQ(rows[1]["role"], "amount");
  EXPECT_EQ(rows[1]["source"], "s");
  EXPECT_EQ(rows[1]["placed"], "D1");
}

TEST(Explain, PagesThroughEveryContributionOnce) {
  SmallWorld world;
  for (int i = 0; i < 25; ++i) {
    world.record("2024-03-11T08:00:00+07:00", "a" + std::to_string(i), "D1", "2024-03-10", i + 1);
  }
  int64_t sum = 0;
  std::set<uint64_t> positions;
  std::string cursor;
  int pages = 0;
  while (true) {
    const Answer answer =
        world.get(std::string(visits) + "&limit=10" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ++pages;
    EXPECT_EQ(answer.json["sums"]["amount"], 325) << "of all pages";
    EXPECT_EQ(answer.json["total"], 25);
    for (const auto& row : answer.json["contributions"]) {
      sum += row["amount"].get<int64_t>();
      EXPECT_TRUE(positions.insert(row["position"].get<uint64_t>()).second);
    }
    if (answer.json["next"].is_null()) break;
    cursor = answer.json["next"];
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(sum, 325);
  EXPECT_EQ(positions.size(), 25U);
}

TEST(Explain, TellsTheRolesOfARatio) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 1, R"(,"topics":["green"])");
  world.record("2024-03-11T08:00:00+07:00", "a2", "D1", "2024-03-10", 1);
  const Answer answer = world.get("/v1/explain?plan=p&indicator=green&period=2024");
  EXPECT_EQ(answer.json["value"], 50);
  EXPECT_EQ(answer.json["sums"], nlohmann::json::parse(R"({"numerator":1,"denominator":2})"));
  EXPECT_EQ(answer.json["contributions"].size(), 3U);
}

TEST(Explain, ExplainsACoverageByItsUnits) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "P", "2024-03-10", 1,
               R"(,"reached_units":["D1"])");
  const Answer answer = world.get("/v1/explain?plan=p&indicator=reach&period=2024");
  EXPECT_EQ(answer.json["sums"], nlohmann::json::parse(R"({"numerator":1,"denominator":2})"));
  ASSERT_EQ(answer.json["contributions"].size(), 3U);
  const auto& last = answer.json["contributions"][0];
  EXPECT_EQ(last["stream"], "ref") << "registrations come first in the order of records";
  EXPECT_EQ(answer.json["contributions"][2]["thing"], "a1");
  EXPECT_EQ(answer.json["contributions"][2]["unit"], "D1");
}

TEST(Explain, SaysWhereAFactStandsInAnotherTree) {
  SmallWorld world;
  world.unit("N", "commune", "D1", "2024-07-01");
  world.record("2024-08-11T08:00:00+07:00", "a1", "N", "2024-08-10", 5);
  const Answer answer = world.get(std::string(visits) + "&tree=2024-06-30");
  ASSERT_EQ(answer.json["contributions"].size(), 1U);
  EXPECT_EQ(answer.json["contributions"][0]["unit"], "N");
  EXPECT_EQ(answer.json["contributions"][0]["placed"], "D1");
}

}  // namespace
}  // namespace tiendo

#include "query/answer.h"

#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

constexpr const char* acts = "/v1/rollups?plan=p&indicator=acts&period=2024";

class AnswerTest : public ::testing::Test {
 protected:
  AnswerTest() {
    world_.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
    world_.record("2024-04-11T08:00:00+07:00", "a2", "D1", "2024-04-10", 50);
  }
  std::string url(const char* more) const { return std::string(acts) + more; }
  SmallWorld world_;
};

TEST_F(AnswerTest, SaysWhichRecordsItRestsOn) {
  const Answer now = world_.get(acts);
  EXPECT_EQ(now.json["as_of"]["moment"], "2026-01-15T08:00:00.000+07:00");
  EXPECT_EQ(now.json["as_of"]["streams"], nlohmann::json::parse(R"({"intake":1,"ref":6})"));
  EXPECT_EQ(now.json["final"], false);
  EXPECT_EQ(now.json["lag_ms"], 0);
  EXPECT_EQ(now.json["state"], "current");
  const Answer before = world_.get(url("&as_of=2024-04-10"));
  EXPECT_EQ(before.json["as_of"]["moment"], "2024-04-10T23:59:59.999+07:00");
  EXPECT_EQ(before.json["as_of"]["streams"], nlohmann::json::parse(R"({"intake":0,"ref":6})"));
  EXPECT_EQ(before.json["final"], true);
}

TEST_F(AnswerTest, SaysWhichStreamsDoNotBearTheMomentTheyCame) {
  EXPECT_FALSE(world_.get(acts).json["as_of"].contains("times"));
  const std::string activity = SmallWorld::activity("a9", "D1", "2024-05-10", 1);
  world_.say("import:old", "2025-01-01T08:00:00+07:00", "activity.recorded", activity);
  world_.say("t:0:0", "2025-01-01T08:00:00+07:00", "activity.recorded", activity);
  world_.set_reach({.stream = StreamName("t:0:0"), .has_producer_time = true});
  EXPECT_EQ(world_.get(acts).json["as_of"]["times"],
            nlohmann::json::parse(R"({"import:old":"event_time","t:0:0":"producer_time"})"));
}

TEST_F(AnswerTest, IsFinalOnlyOnceEveryStreamIsPastTheMoment) {
  const StreamName slow("t:0:0");
  world_.set_reach({.stream = slow});
  EXPECT_EQ(world_.get(url("&as_of=2024-03-20")).json["final"], false);
  world_.set_reach(
      {.stream = slow, .settled_until = parse_instant("2024-03-20T23:59:59.999+07:00")});
  EXPECT_EQ(world_.get(url("&as_of=2024-03-20")).json["final"], false);
  world_.set_reach({.stream = slow, .settled_until = parse_instant("2024-03-21T00:00:00+07:00")});
  EXPECT_EQ(world_.get(url("&as_of=2024-03-20")).json["final"], true);
}

TEST_F(AnswerTest, SaysWhatKeepsItFromBeingCurrent) {
  const StreamName slow("t:0:0");
  world_.set_reach({.stream = slow, .state = "gap", .stopped = true});
  EXPECT_EQ(world_.get(acts).json["state"], "incomplete");
  EXPECT_EQ(world_.get(url("&as_of=2024-03-20")).json["state"], "incomplete");
  world_.set_reach({.stream = slow, .lag = 3});
  EXPECT_EQ(world_.get(acts).json["state"], "behind");
  world_.set_reach({.stream = slow, .unheard = true});
  EXPECT_EQ(world_.get(acts).json["state"], "behind");
  world_.set_reach({.stream = slow,
                    .settled_until = parse_instant("2025-01-01T00:00:00+07:00"),
                    .state = "gap",
                    .stopped = true});
  EXPECT_EQ(world_.get(url("&as_of=2024-03-20")).json["state"], "current")
      << "what is missing lies after the moment";
}

TEST_F(AnswerTest, CountsTheRecordsTheViewsLack) {
  world_.project();
  world_.hold_projector(true);
  world_.record("2026-01-15T07:59:30+07:00", "a3", "D1", "2024-05-10", 1);
  const Answer now = world_.get(acts);
  EXPECT_EQ(now.json["value"], 2);
  EXPECT_EQ(now.json["state"], "behind");
  EXPECT_EQ(now.json["lag_ms"], 30'000);
  EXPECT_EQ(world_.get(url("&as_of=2026-01-15T07:59:30%2B07:00")).json["final"], false);
  EXPECT_EQ(world_.get(url("&as_of=2026-01-15T07:59:29%2B07:00")).json["final"], true);
}

TEST_F(AnswerTest, KnowsMomentsInstantsAndRecords) {
  const auto value = [&](const char* as_of) {
    return world_.get(url((std::string("&as_of=") + as_of).c_str())).json["value"];
  };
  EXPECT_EQ(value("2024-03-11T07:59:59Z"), 1);
  EXPECT_EQ(value("2024-03-11T08:00:00+07:00"), 1) << "a plus that came as a space";
  EXPECT_EQ(value("2024-03-11T07:59:59%2B07:00"), 0);
  EXPECT_EQ(value("intake@0"), 1);
  EXPECT_EQ(value("intake@1"), 2);
  EXPECT_EQ(value("ref@6"), 0);
}

TEST_F(AnswerTest, TakesAFutureMomentAsNow) {
  const Answer answer = world_.get(url("&as_of=2030-01-01"));
  EXPECT_EQ(answer.json["as_of"]["moment"], "2026-01-15T08:00:00.000+07:00");
  EXPECT_EQ(answer.json["value"], 2);
  EXPECT_EQ(answer.json["final"], false);
}

TEST_F(AnswerTest, IsNotSentAgainWhereNothingChanged) {
  const Answer first = world_.get(acts);
  const std::string etag(find_header(first.headers, "ETag").value());
  const Answer again = world_.get(acts, {{"If-None-Match", etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(find_header(again.headers, "ETag"), etag);
  world_.record("2024-06-11T08:00:00+07:00", "a9", "D1", "2024-06-10", 1);
  EXPECT_EQ(world_.get(acts, {{"If-None-Match", etag}}).status, 200);
}

TEST_F(AnswerTest, HasAnotherTagForAnotherQuestionOrDay) {
  const auto tag = [&](const std::string& target) {
    return std::string(find_header(world_.get(target).headers, "ETag").value());
  };
  const std::string first = tag(acts);
  EXPECT_NE(first, tag(url("&of=own")));
  EXPECT_EQ(first, tag("/v1/rollups?period=2024&indicator=acts&plan=p"));
  world_.set_now("2026-01-16T08:00:00+07:00");
  EXPECT_NE(first, tag(acts));
}

TEST_F(AnswerTest, KeepsTheTagOfAPastMomentWhileLaterRecordsCome) {
  const std::string past = url("&as_of=2024-03-20");
  const std::string etag(find_header(world_.get(past).headers, "ETag").value());
  world_.record("2024-06-11T08:00:00+07:00", "a9", "D1", "2024-03-10", 1);
  EXPECT_EQ(world_.get(past, {{"If-None-Match", "\"x\", " + etag}}).status, 304);
}

TEST_F(AnswerTest, RaisesTheAlarmForAFigureTooLargeToTell) {
  int alarms = 0;
  world_.context().overflowed = [&] { ++alarms; };
  world_.project();
  Sum beyond = Decimal::from_units(static_cast<int128>(~uint128{0} >> 1));
  beyond += Decimal::whole(1);
  WriteBatch batch;
  batch.put(view_family::rollups,
            cell_key(RollupScope::subtree, count_term(CountFormula{}).ids.front(), "P",
                     half_month_of(*parse_day("2024-06-01"))),
            cell_value({beyond, 1}));
  ASSERT_TRUE(world_.views_store().commit(batch, Durability::unsynced).ok());
  world_.record("2024-05-11T08:00:00+07:00", "a3", "D1", "2024-05-10", 1);
  const Answer answer = world_.get("/v1/rollups?plan=p&indicator=acts&period=2024&unit=P");
  EXPECT_EQ(answer.json["value"], nullptr);
  EXPECT_EQ(answer.json["reason"], "overflow");
  EXPECT_EQ(alarms, 1);
  EXPECT_EQ(world_.get("/v1/rollups?plan=p&indicator=acts&period=2024-03&unit=P").json["value"], 1);
  EXPECT_EQ(alarms, 1);
}

}  // namespace
}  // namespace tiendo

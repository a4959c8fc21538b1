#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "query/figure_history.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

std::string path(std::string_view indicator, std::string_view unit = "P",
                 std::string_view period = "2024") {
  return "/v1/figures/p/" + std::string(indicator) + "/" + std::string(unit) + "/" +
         std::string(period) + "/history";
}

// "700 new_report, 730 late_report"
std::string summary(const Answer& answer) {
  std::string all;
  for (const auto& entry : answer.json["entries"]) {
    all +=
        (all.empty() ? "" : ", ") + entry["value"].dump() + " " + entry["cause"].get<std::string>();
  }
  return all;
}

TEST(History, TellsEveryValueWithItsCauseAndAuthor) {
  SmallWorld world;
  const std::string a1 = SmallWorld::activity("a1", "D1", "2024-03-10", 700);
  world.say("intake", "2024-03-11T08:00:00+07:00", "activity.recorded", a1, R"(,"actor":"lan")");
  world.record("2024-03-12T08:00:00+07:00", "a2", "C1", "2024-03-12", 30);
  world.record("2024-03-13T08:00:00+07:00", "a3", "C1", "2024-03-01", 5);
  world.say("intake", "2024-03-14T08:00:00+07:00", "activity.corrected",
            SmallWorld::activity("a1", "D1", "2024-03-10", 60, R"(,"reason":"miscounted")"),
            R"(,"actor":"minh")");
  world.say("intake", "2024-03-15T08:00:00+07:00", "activity.cancelled",
            R"({"activity":"a2","reason":"never held"})");
  world.say("intake", "2024-03-16T08:00:00+07:00", "activity.cancelled",
            R"({"activity":"a3","reason":"twice","duplicate_of":"a1"})");
  const Answer answer = world.get(path("visits"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(summary(answer),
            "700 new_report, 730 new_report, 735 late_report, 95 correction, 65 cancellation, "
            "60 duplicate");
  const auto& entries = answer.json["entries"];
  EXPECT_EQ(entries[0]["stream"], "intake");
  EXPECT_EQ(entries[0]["position"], 0);
  EXPECT_EQ(entries[0]["actor"], "lan");
  EXPECT_TRUE(entries[0]["reason"].is_null());
  EXPECT_EQ(entries[3]["reason"], "miscounted");
  EXPECT_EQ(entries[3]["actor"], "minh");
  EXPECT_EQ(entries[3]["recorded_at"], "2024-03-14T08:00:00.000+07:00");
  EXPECT_EQ(summary(world.get(path("visits", "C1"))),
            "30 new_report, 35 late_report, 5 cancellation, 0 duplicate");
  EXPECT_EQ(summary(world.get(path("visits", "D1") + "?of=own")), "700 new_report, 60 correction");
  EXPECT_EQ(summary(world.get(path("visits") + "?as_of=2024-03-12")),
            "700 new_report, 730 new_report");
}

TEST(History, LeavesOutRecordsThatChangedNothing) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
  world.say("intake", "2024-03-12T08:00:00+07:00", "activity.corrected",
            SmallWorld::activity("a1", "D1", "2024-03-09", 700, R"(,"reason":"another day")"));
  world.record("2024-03-13T08:00:00+07:00", "a2", "D1", "2023-12-31", 9);
  EXPECT_EQ(summary(world.get(path("visits"))), "700 new_report");
}

TEST(History, SaysWhenTimeAloneMadeSomethingCount) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-20", 700);
  world.record("2024-03-12T08:00:00+07:00", "a2", "D1", "2024-03-12", 1);
  const Answer answer = world.get(path("visits"));
  EXPECT_EQ(summary(answer), "1 new_report, 701 time_passed");
  EXPECT_TRUE(answer.json["entries"][1]["stream"].is_null());
  EXPECT_EQ(answer.json["entries"][1]["recorded_at"], "2024-03-20T00:00:00.000+07:00");
}

TEST(History, KnowsReleasesMovesAndDefinitions) {
  SmallWorld world;
  world.record("2024-03-01T08:00:00+07:00", "a1", "U9", "2024-03-01", 40);
  world.unit("U9", "commune", "D1", "2020-01-01", "", "2024-03-05T08:00:00+07:00");
  world.say("ref", "2024-03-06T08:00:00+07:00", "unit.moved",
            R"({"unit":"U9","parent":"D2","effective":"2024-02-01"})");
  std::string amended = SmallWorld::plan_text(2, "2024-01-01");
  const std::string before = R"("audiences":["members"],"where":{})";
  amended.replace(amended.find(before), before.size(),
                  R"("audiences":["members"],"where":{"form":"in_person"})");
  world.say("ref", "2024-03-07T08:00:00+07:00", "plan.amended", amended);
  EXPECT_EQ(summary(world.get(path("visits", "D1"))), "40 registration, 0 reorganisation");
  EXPECT_EQ(summary(world.get(path("visits", "D2"))), "40 reorganisation, 0 definition");
  EXPECT_EQ(summary(world.get(path("visits", "P"))), "40 registration, 0 definition");
}

TEST(History, IsPaged) {
  SmallWorld world;
  for (int i = 0; i < 7; ++i) {
    world.record("2024-03-11T08:00:00+07:00", "a" + std::to_string(i), "D1", "2024-03-10", 1);
  }
  for (const char* indicator : {"visits", "two"}) {
    const std::string all = summary(world.get(path(indicator)));
    std::string paged;
    std::string cursor;
    for (int page = 0; page < 20; ++page) {
      const Answer answer =
          world.get(path(indicator) + "?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
      const std::string part = summary(answer);
      paged += (paged.empty() || part.empty() ? "" : ", ") + part;
      if (answer.json["next"].is_null()) break;
      cursor = answer.json["next"];
    }
    EXPECT_EQ(paged, all) << indicator;
  }
  EXPECT_EQ(world.get(path("visits") + "?cursor=00").json["code"], "cursor_invalid");
}

// Goal: a history is the figure asked for at every record and every midnight. Method: random small
// worlds with late, corrected and cancelled activities, two streams, moved and late units and a
// second definition; the figure as of each point, one by one, against the history.
class RandomHistory : public ::testing::Test {
 protected:
  explicit RandomHistory() {
    const char* said = std::getenv("TIENDO_TEST_SEED");
    seed_ = said != nullptr ? static_cast<unsigned>(std::atoi(said)) : 20240310U;
  }

  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  std::string any(std::initializer_list<const char*> list) {
    return *(list.begin() + pick(static_cast<int>(list.size())));
  }
  std::string day(int from, int to) {
    const int number = from + pick(to - from + 1);
    return std::string("2024-03-") + (number < 10 ? "0" : "") + std::to_string(number);
  }

  void fill(SmallWorld& world, int records) {
    int minute[2] = {0, 0};  // of each stream, from 1 March, 06:01
    for (int i = 0; i < records; ++i) {
      const int stream = pick(2);
      minute[stream] += 30 + pick(1200);
      const Instant at{parse_instant("2024-03-01T06:01:00.500+07:00")->ms +
                       minute[stream] * 60'000 + stream};
      say_something(world, stream == 0 ? "t:0:0" : "t:1:0", to_text(at));
      last_ = std::max(last_, at);
    }
  }

  void say_something(SmallWorld& world, const std::string& stream, const std::string& at) {
    const std::string id = "a" + std::to_string(pick(6));
    const std::string unit = any({"P", "D1", "D2", "C1", "C2", "C3", "N"});
    std::string more = any({"", R"(,"topics":["green"])", R"(,"co_units":["D2","C1"])",
                            R"(,"reached_units":["D1"])", R"(,"reached_units":["D1","D2"])"});
    const std::string content =
        SmallWorld::activity(id, unit, day(1, 28), 1 + pick(9), more + R"(,"reason":"r")");
    switch (pick(10)) {
      case 0:
        world.say(stream, at, "activity.cancelled", R"({"activity":")" + id + R"(","reason":"r"})");
        break;
      case 1:
      case 2:
        world.say(stream, at, "activity.corrected", content);
        break;
      case 3:
        world.say(stream, at, "unit.moved",
                  R"({"unit":")" + any({"C1", "C2", "D2", "N"}) + R"(","parent":")" +
                      any({"D1", "D2", "C3"}) + R"(","effective":")" + day(1, 28) + R"("})");
        break;
      case 4:
        world.say(
            stream, at, "unit.registered",
            R"({"unit":"N","kind":"local","level":"commune","name":{"vi":"N"},"parent":"D2","effective":")" +
                day(1, 28) + R"("})");
        break;
      case 5: {
        std::string plan = SmallWorld::plan_text(1 + pick(2), day(1, 28));
        const std::string before = R"("audiences":["members"],"where":{})";
        if (pick(2) == 0) {
          plan.replace(plan.find(before), before.size(),
                       R"("audiences":["members"],"where":{"topics":"green"})");
        }
        world.say(stream, at, "plan.amended", plan);
        break;
      }
      default:
        world.say(stream, at, "activity.recorded", content);
    }
  }

  // Every record and every midnight, as parameters as_of.
  std::vector<std::pair<HistoryPoint, std::string>> points(SmallWorld& world) {
    std::map<HistoryPoint, std::string> all;
    for (const auto& [stream, head] : world.log().heads()) {
      for (uint64_t i = 0; i < head.next_position; ++i) {
        const Record record = world.log().reader().read(stream, i).value();
        all.emplace(HistoryPoint{record.recorded_at, record.key()},
                    stream.text() + "@" + std::to_string(i));
      }
    }
    for (Day one = *parse_day("2024-03-02");
         start_of(one) <= parse_instant("2024-04-02T00:00:00+07:00"); one = one.next()) {
      std::string text = to_text(start_of(one));
      text.replace(text.find('+'), 1, "%2B");
      all.emplace(HistoryPoint{start_of(one), {}}, text);
    }
    return {all.begin(), all.end()};
  }

  void compare(SmallWorld& world, const std::string& indicator, const std::string& unit,
               const std::string& more) {
    std::string expected;
    std::string last = "0 null null";
    for (const auto& [point, as_of] : points(world)) {
      const Answer answer = world.get("/v1/rollups?plan=p&period=2024-03&indicator=" + indicator +
                                      "&unit=" + unit + more + "&as_of=" + as_of);
      std::string now = "0 null null";
      if (answer.status == 200) now = shown(answer.json);
      if (now == last) continue;
      expected += (point.record ? as_of : "midnight " + as_of.substr(0, 10)) + ": " + now + "\n";
      last = now;
    }
    std::string told;
    const Answer history = world.get(path(indicator, unit, "2024-03") + "?" + more.substr(1));
    if (history.status != 200) {  // of a unit that is not there there is none
      EXPECT_EQ(world
                    .get("/v1/rollups?plan=p&period=2024-03&indicator=" + indicator +
                         "&unit=" + unit + more)
                    .status,
                history.status);
      return;
    }
    for (const auto& entry : history.json["entries"]) {
      told += entry["stream"].is_null()
                  ? "midnight " + entry["recorded_at"].get<std::string>().substr(0, 10)
                  : entry["stream"].get<std::string>() + "@" + entry["position"].dump();
      told += ": " + shown(entry) + "\n";
    }
    EXPECT_EQ(told, expected) << indicator << " of " << unit << more << ", seed " << seed_;
  }

  // Nothing of nothing is what a ratio is before it is known, too.
  static std::string shown(const nlohmann::json& figure) {
    const auto& denominator = figure["denominator"];
    const bool ratio = !denominator.is_null();
    const std::string value = ratio || figure["value"].is_null() ? "0" : figure["value"].dump();
    if (!ratio || denominator == 0) return value + " null null";
    return value + " " + figure["numerator"].dump() + " " + denominator.dump();
  }

  unsigned seed_ = 0;
  std::mt19937 random_;
  Instant last_;
};

TEST_F(RandomHistory, IsTheFigureAtEveryPoint) {
  for (int round = 0; round < 6; ++round, ++seed_) {
    random_.seed(seed_);
    SmallWorld world;
    fill(world, 40);
    for (const char* indicator :
         {"acts", "visits", "green", "joint", "at_district", "reach", "two", "launch"}) {
      compare(world, indicator, any({"P", "D1", "D2", "N"}),
              any({"&of=subtree", "&of=own", "&tree=current", "&tree=2024-03-10"}));
    }
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace tiendo

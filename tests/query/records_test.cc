// GET /v1/events/{stream}/{position}, /v1/rejected and /v1/waiting.
#include <gtest/gtest.h>

#include "query/waiting_codes.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

TEST(EventRecord, IsShownAsItCame) {
  SmallWorld world;
  const std::string text = SmallWorld::text("e1", "activity.recorded",
                                            SmallWorld::activity("a1", "D1", "2024-03-10", 700),
                                            R"(,"actor":"lan","time":"2024-03-11T07:59:00+07:00")");
  world.event("intake", "2024-03-11T08:00:00+07:00", text);
  const Answer answer = world.get("/v1/events/intake/0");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json["stream"], "intake");
  EXPECT_EQ(answer.json["position"], 0);
  EXPECT_EQ(answer.json["recorded_at"], "2024-03-11T08:00:00.000+07:00");
  EXPECT_EQ(answer.json["timestamp_type"], "admission");
  EXPECT_EQ(answer.json["value"], text);
  EXPECT_EQ(answer.json["verdict"], "accepted");
  EXPECT_EQ(answer.json["conflict"], false);
  EXPECT_EQ(answer.json["event"]["id"], "e1");
  EXPECT_EQ(answer.json["event"]["actor"], "lan");
  EXPECT_EQ(answer.json["event"]["type"], "vn.tiendo.activity.recorded.v1");
  EXPECT_EQ(answer.json["event"]["data"]["participants"]["members"], 700);
  EXPECT_FALSE(answer.json.contains("waiting"));
  EXPECT_FALSE(answer.json.contains("void"));
  EXPECT_FALSE(answer.json.contains("findings"));
}

TEST(EventRecord, KeepsBytesThatAreNoText) {
  SmallWorld world;
  Message message;
  message.key = "k";
  message.headers = {{"x", "\xff\x01"}, {"y", std::nullopt}};
  message.value = std::string("\xfe\xff", 2);
  world.message("t:0:0", "2024-03-11T08:00:00+07:00", std::move(message));
  const Answer answer = world.get("/v1/events/t:0:0/0");
  EXPECT_EQ(answer.json["verdict"], "rejected");
  EXPECT_EQ(answer.json["code"], "not_utf8");
  EXPECT_EQ(answer.json["key"], "k");
  EXPECT_EQ(answer.json["value_base64"], "/v8=");
  EXPECT_EQ(answer.json["headers"][0]["value_base64"], "/wE=");
  EXPECT_TRUE(answer.json["headers"][1]["value"].is_null());
  EXPECT_FALSE(answer.json["message"]["vi"].get<std::string>().empty());
}

TEST(EventRecord, IsUnknownBeyondTheEnd) {
  SmallWorld world;
  for (const char* path :
       {"/v1/events/intake/0", "/v1/events/ref/7", "/v1/events/ref/x", "/v1/events/ref/-1"}) {
    const Answer answer = world.get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.json["code"], "record_unknown") << path;
  }
}

// E1.
TEST(EventRecord, TellsADuplicateFromAConflict) {
  SmallWorld world;
  const auto text = [](int members) {
    return SmallWorld::text("e1", "activity.recorded",
                            SmallWorld::activity("a1", "D1", "2024-03-10", members));
  };
  for (const int members : {700, 700, 800}) {
    world.event("intake", "2024-03-11T08:00:00+07:00", text(members));
  }
  EXPECT_EQ(world.get("/v1/events/intake/1").json["verdict"], "duplicate");
  EXPECT_EQ(world.get("/v1/events/intake/1").json["conflict"], false);
  EXPECT_EQ(world.get("/v1/events/intake/2").json["verdict"], "duplicate");
  EXPECT_EQ(world.get("/v1/events/intake/2").json["conflict"], true);
}

// E4.
TEST(EventRecord, IsVoidWhereAnotherStreamSaidItBefore) {
  SmallWorld world;
  const auto say = [&](const char* stream, const char* time, int members) {
    world.event(stream, time,
                SmallWorld::text("e1", "activity.recorded",
                                 SmallWorld::activity("a1", "D1", "2024-03-10", members)));
  };
  say("t:0:0", "2024-03-11T10:00:00+07:00", 30);
  EXPECT_FALSE(world.get("/v1/events/t:0:0/0").json.contains("void"));
  say("t:1:0", "2024-03-11T09:59:00+07:00", 31);
  EXPECT_EQ(world.get("/v1/events/t:0:0/0").json["verdict"], "accepted");
  EXPECT_EQ(world.get("/v1/events/t:0:0/0").json["void"], "duplicate_across");
  EXPECT_FALSE(world.get("/v1/events/t:1:0/0").json.contains("void"));
  EXPECT_EQ(world.get("/v1/rollups?plan=p&indicator=visits&period=2024").json["value"], 31);
}

TEST(EventRecord, ShowsWhatIsRemarkable) {
  SmallWorld world;
  world.unit("N", "commune", "D9", "2024-07-01");
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 1);
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-12", 2);
  world.record("2024-08-11T08:00:00+07:00", "a2", "N", "2024-06-30", 1);
  const auto findings = [&](const char* path) {
    return world.get(path).json.value("findings", nlohmann::json::array()).dump();
  };
  EXPECT_EQ(findings("/v1/events/ref/7"), R"(["parent_unknown"])");
  EXPECT_EQ(findings("/v1/events/intake/0"), "[]");
  EXPECT_EQ(findings("/v1/events/intake/1"), R"(["future_dated","implicit_correction"])");
  EXPECT_EQ(findings("/v1/events/intake/2"), R"(["unit_not_in_force"])");
  world.unit("N", "commune", "D1", "2024-07-01");
  EXPECT_EQ(findings("/v1/events/ref/8"), R"(["restated"])");
}

TEST(Rejected, ListsWhatWasRefusedInBothLanguages) {
  SmallWorld world;
  world.event("intake", "2024-03-11T08:00:00+07:00", "{");
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 1);
  world.record("2024-03-11T08:00:00+07:00", "a2", "D1", "2024-02-30", 1);
  world.event("t:0:0", "2024-03-11T08:00:00+07:00", "");
  const Answer answer = world.get("/v1/rejected");
  EXPECT_EQ(answer.json["total"], 3);
  ASSERT_EQ(answer.json["rows"].size(), 3U);
  const auto& second = answer.json["rows"][1];
  EXPECT_EQ(second["stream"], "intake");
  EXPECT_EQ(second["position"], 2);
  EXPECT_EQ(second["code"], "date_invalid");
  EXPECT_EQ(second["field"], "data.starts");
  EXPECT_EQ(second["found"], "\"2024-02-30\"") << "as it stands in the document";
  EXPECT_FALSE(second["message"]["vi"].get<std::string>().empty());
  EXPECT_FALSE(second["message"]["en"].get<std::string>().empty());
  EXPECT_EQ(answer.json["rows"][2]["stream"], "t:0:0");
  EXPECT_EQ(world.get("/v1/rejected?stream=intake").json["rows"].size(), 2U);
  EXPECT_EQ(world.get("/v1/rejected?code=not_json").json["rows"].size(), 1U);
}

TEST(Rejected, IsPagedOverStreams) {
  SmallWorld world;
  for (const char* stream : {"a:0:0", "b:0:0"}) {
    for (int i = 0; i < 3; ++i) world.event(stream, "2024-03-11T08:00:00+07:00", "{");
  }
  std::string all;
  std::string cursor;
  for (int page = 0; page < 10; ++page) {
    const Answer answer =
        world.get("/v1/rejected?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& row : answer.json["rows"]) {
      all += row["stream"].get<std::string>() + std::to_string(row["position"].get<int>()) + " ";
    }
    if (answer.json["next"].is_null()) break;
    cursor = answer.json["next"];
  }
  EXPECT_EQ(all, "a:0:00 a:0:01 a:0:02 b:0:00 b:0:01 b:0:02 ");
}

// E7 and E2.
TEST(Waiting, SaysWhatForAndEndsWithIt) {
  SmallWorld world;
  world.record("2024-03-01T08:00:00+07:00", "a1", "U9", "2024-03-01", 40);
  world.say("intake", "2024-03-01T08:00:00+07:00", "activity.cancelled",
            R"({"activity":"a2","reason":"r"})");
  world.say(
      "intake", "2024-03-01T08:00:00+07:00", "report.submitted",
      R"({"report":"r1","unit":"D1","plan":"p","period":"autumn","figures":[{"indicator":"acts","value":1}]})");
  world.say(
      "intake", "2024-03-01T08:00:00+07:00", "report.submitted",
      R"({"report":"r2","unit":"D1","plan":"q","period":"2024","figures":[{"indicator":"acts","value":1}]})");
  const Answer answer = world.get("/v1/waiting");
  std::map<std::string, std::string> waits;
  for (const auto& row : answer.json["rows"]) {
    waits[row["code"]] = row["waits_for"];
    EXPECT_FALSE(row["message"]["vi"].get<std::string>().empty());
    EXPECT_EQ(row["stream"], "intake");
    EXPECT_EQ(row["source"], "s");
  }
  EXPECT_EQ(waits, (std::map<std::string, std::string>{{"unit_unknown", "U9"},
                                                       {"activity_unknown", "a2"},
                                                       {"period_unknown", "autumn"},
                                                       {"plan_unknown", "q"}}));
  EXPECT_EQ(world.get("/v1/waiting?code=plan_unknown").json["rows"].size(), 1U);
  const Answer one = world.get("/v1/events/intake/0");
  EXPECT_EQ(one.json["waiting"][0]["code"], "unit_unknown");
  EXPECT_EQ(one.json["waiting"][0]["waits_for"], "U9");
  EXPECT_EQ(world.get("/v1/events/intake/1").json["waiting"][0]["code"], "activity_unknown");
  EXPECT_EQ(world.get("/v1/events/intake/2").json["waiting"][0]["waits_for"], "autumn");
  world.unit("U9", "commune", "D1", "2020-01-01", "", "2024-03-05T08:00:00+07:00");
  EXPECT_FALSE(world.get("/v1/events/intake/0").json.contains("waiting"));
  EXPECT_EQ(world.get("/v1/waiting").json["rows"].size(), 3U);
  const std::string visits = "/v1/rollups?plan=p&indicator=visits&period=2024&as_of=";
  EXPECT_EQ(world.get(visits + "2024-03-03").json["value"], 0);
  EXPECT_EQ(world.get(visits + "2024-03-05").json["value"], 40);
}

TEST(Waiting, EntitiesStatisticsAndMoneyWaitForTheirUnitAndCorrectionsForTheirBase) {
  SmallWorld world;
  const std::string at = "2024-03-01T08:00:00+07:00";
  world.say("intake", at, "entity.updated",
            R"({"register":"site","entity":"s1","unit":"D1","effective":"2024-02-01"})");
  world.say("intake", at, "entity.registered",
            R"({"register":"site","entity":"s2","unit":"U7","effective":"2024-04-01"})");
  world.say("intake", at, "statistic.declared",
            R"({"statistic":"pop","unit":"U8","as_at":"2023-12-31","value":3})");
  world.say(
      "intake", at, "money.corrected",
      R"({"entry":"x1","plan":"p","line":"9","unit":"D1","year":2024,"amount":1,"reason":"r"})");
  world.say("intake", at, "money.allocated",
            R"({"plan":"p","line":"9","unit":"U9","year":2024,"amount":1})");
  std::map<int, std::string> listed;
  const Answer waiting = world.get("/v1/waiting");
  for (const auto& row : waiting.json["rows"]) {
    listed[row["position"]] =
        row["code"].get<std::string>() + " " + row["waits_for"].get<std::string>();
  }
  const std::map<int, std::string> expected = {{0, "entity_unknown s1"},
                                               {1, "unit_unknown U7"},
                                               {2, "unit_unknown U8"},
                                               {3, "expense_unknown x1"},
                                               {4, "unit_unknown U9"}};
  EXPECT_EQ(listed, expected);
  for (const auto& [position, wait] : expected) {
    const Answer one = world.get("/v1/events/intake/" + std::to_string(position));
    ASSERT_EQ(one.json["waiting"].size(), 1U) << one.body;
    EXPECT_EQ(one.json["waiting"][0]["code"].get<std::string>() + " " +
                  one.json["waiting"][0]["waits_for"].get<std::string>(),
              wait);
  }
  EXPECT_EQ(world.get("/v1/events/intake/1").json["findings"].dump(), R"(["future_dated"])");
  world.unit("U8", "commune", "D1", "2024-01-01", "", "2024-03-05T08:00:00+07:00");
  const Answer declared = world.get("/v1/events/intake/2");
  EXPECT_FALSE(declared.json.contains("waiting"));
  EXPECT_EQ(declared.json["findings"].dump(), R"(["unit_not_in_force"])");
}

TEST(Waiting, NamesTheIndicatorsThatNoVersionOfThePlanHas) {
  SmallWorld world;
  world.say(
      "intake", "2024-03-01T08:00:00+07:00", "report.submitted",
      R"({"report":"r1","unit":"D1","plan":"p","period":"2024","figures":[{"indicator":"acts","value":1},{"indicator":"x","value":1},{"indicator":"y","value":1}]})");
  const Answer answer = world.get("/v1/waiting");
  ASSERT_EQ(answer.json["rows"].size(), 1U) << answer.body;
  EXPECT_EQ(answer.json["rows"][0]["code"], "indicator_unknown");
  EXPECT_EQ(answer.json["rows"][0]["waits_for"], "x, y");
  const Answer one = world.get("/v1/events/intake/0");
  ASSERT_EQ(one.json["waiting"].size(), 2U) << one.body;
  EXPECT_EQ(one.json["waiting"][1]["waits_for"], "y");
  std::string version = SmallWorld::plan_text(2, "2024-06-01");
  const std::string formula = R"(,"name":{"vi":"i"},"formula":{"kind":"count"}},)";
  version.insert(version.find(R"({"id":"acts")"),
                 R"({"id":"x")" + formula + R"({"id":"y")" + formula);
  world.say("ref", "2024-04-01T08:00:00+07:00", "plan.published", version);
  EXPECT_EQ(world.get("/v1/waiting").json["rows"].size(), 0U);
  EXPECT_FALSE(world.get("/v1/events/intake/0").json.contains("waiting"));
}

TEST(Waiting, IsPaged) {
  SmallWorld world;
  for (int i = 0; i < 5; ++i) {
    world.record("2024-03-01T08:00:00+07:00", "a" + std::to_string(i), "U9", "2024-03-01", 1);
  }
  std::set<int> positions;
  std::string cursor;
  for (int page = 0; page < 10; ++page) {
    const Answer answer =
        world.get("/v1/waiting?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& row : answer.json["rows"]) positions.insert(row["position"].get<int>());
    if (answer.json["next"].is_null()) break;
    cursor = answer.json["next"];
  }
  EXPECT_EQ(positions, (std::set<int>{0, 1, 2, 3, 4}));
}

TEST(Waiting, HasASentenceForEveryCode) {
  for (const char* code :
       {"unit_unknown", "plan_unknown", "period_unknown", "indicator_unknown", "activity_unknown",
        "report_unknown", "entity_unknown", "expense_unknown", "publication_unknown",
        "streams_behind", "not_granted"}) {
    const Sentence sentence = sentence_of_waiting(code, "THING");
    EXPECT_NE(sentence.vi.find("THING"), std::string::npos) << code;
    EXPECT_NE(sentence.en.find("THING"), std::string::npos) << code;
  }
}

TEST(Remark, HasASentenceForEveryCodeOfVoidAndOfFindings) {
  std::set<std::string> said;
  const auto codes = {"duplicate_across",
                      "tree_loop",
                      "succession_loop",
                      "already_closed",
                      "restated",
                      "implicit_correction",
                      "several_sources",
                      "future_dated",
                      "unit_not_in_force",
                      "parent_unknown",
                      "reached_unknown",
                      "ratio_over_one",
                      "subset_exceeds",
                      "upper_bound",
                      "entity_not_registered",
                      "figure_unusable",
                      "reopened",
                      "backdated",
                      "over_spent",
                      "stale"};
  for (const char* code : codes) {
    const Sentence sentence = sentence_of_remark(code);
    EXPECT_EQ(sentence.vi.back(), '.') << code;
    EXPECT_EQ(sentence.en.back(), '.') << code;
    said.insert(sentence.vi);
    said.insert(sentence.en);
  }
  EXPECT_EQ(said.size(), 2 * codes.size());
}

TEST(EventRecord, SaysInWordsWhatIsRemarkable) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-12", 2);
  const Answer answer = world.get("/v1/events/intake/0");
  ASSERT_EQ(answer.json["remarks"].size(), 1U) << answer.body;
  EXPECT_EQ(answer.json["remarks"][0]["code"], "future_dated");
  EXPECT_FALSE(answer.json["remarks"][0]["message"]["vi"].get<std::string>().empty());
  EXPECT_FALSE(answer.json["remarks"][0]["message"]["en"].get<std::string>().empty());
}

// E9: B has no grant, and A none for D2.
TEST(Waiting, ForAGrantIsListedWithItsSource) {
  SmallWorld world;
  const auto say = [&](std::string_view source, std::string_view type, std::string_view data) {
    return world.event("intake", "2024-03-11T08:00:00+07:00",
                       R"({"specversion":"1.0","id":")" + std::string(source) +
                           std::to_string(data.size()) + R"(","source":")" + std::string(source) +
                           R"(","type":"vn.tiendo.)" + std::string(type) + R"(.v1","data":)" +
                           std::string(data) + "}");
  };
  say("registry", "source.granted", R"({"source":"A","units":["D1"]})");
  say("A", "activity.recorded", SmallWorld::activity("a2", "D1", "2024-03-10", 20));
  say("A", "activity.recorded", SmallWorld::activity("a3", "D2", "2024-03-10", 400));
  say("B", "activity.recorded", SmallWorld::activity("a4", "D1", "2024-03-10", 8000));
  say("B", "unit.closed", R"({"unit":"D2","effective":"2024-03-01"})");
  const auto sum = [&]() -> nlohmann::json {
    return world.get("/v1/rollups?plan=p&indicator=visits&unit=P&period=2024").json["value"];
  };
  EXPECT_EQ(sum(), 20);
  const Answer waiting = world.get("/v1/waiting?code=not_granted");
  ASSERT_EQ(waiting.json["rows"].size(), 3U) << waiting.body;
  EXPECT_EQ(waiting.json["rows"][0]["position"], 4) << "what is said of units comes first";
  EXPECT_EQ(waiting.json["rows"][1]["waits_for"], "A");
  EXPECT_EQ(waiting.json["rows"][2]["source"], "B");
  for (const auto& row : waiting.json["rows"]) {
    EXPECT_NE(row["message"]["en"].get<std::string>().find("source.granted"), std::string::npos);
  }
  EXPECT_TRUE(world.get("/v1/units/D2?at=2024-03-02").json["exists"]);
  for (const char* record : {"2", "3", "4"}) {
    const Answer one = world.get("/v1/events/intake/" + std::string(record));
    ASSERT_EQ(one.json["waiting"].size(), 1U) << one.body;
    EXPECT_EQ(one.json["waiting"][0]["code"], "not_granted");
  }
  say("registry", "source.granted", R"({"source":"B","units":["D1","D2"]})");
  EXPECT_EQ(sum(), 8020);
  EXPECT_FALSE(world.get("/v1/units/D2?at=2024-03-02").json["exists"]);
  const Answer history = world.get("/v1/figures/p/visits/P/2024/history");
  EXPECT_EQ(history.json["entries"].back()["cause"], "grant") << history.body;
  EXPECT_EQ(history.json["entries"].back()["position"], 5);
  EXPECT_EQ(world.get("/v1/waiting?code=not_granted").json["rows"].size(), 1U);
}

}  // namespace
}  // namespace tiendo

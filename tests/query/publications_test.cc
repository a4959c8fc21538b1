// Publications: editions as they are asked for, and how they are closed and amended over HTTP.
#include <gtest/gtest.h>

#include "events/edition.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

using nlohmann::json;

const json& row_of(const json& list, std::string_view member, std::string_view id,
                   std::string_view unit = "") {
  for (const json& row : list) {
    if (row[std::string(member)] == id && (unit.empty() || row["unit"] == unit)) return row;
  }
  static const json none;
  return none;
}

class PublicationsTest : public ::testing::Test {
 protected:
  PublicationsTest() { world_.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700); }

  Placed close(std::string_view time = "2025-01-10T08:00:00+07:00", std::string_view more = "",
               std::string_view stream = "intake") {
    return world_.say(stream, time, "publication.closed",
                      R"({"publication":"b","plan":"p","period":"2024","unit":"P","reason":"r")" +
                          std::string(more) + "}");
  }
  Placed amend(std::string_view time, std::string_view more = "") {
    return world_.say(
        "intake", time, "publication.amended",
        R"({"publication":"b","reason":"late","decision":"12/QĐ")" + std::string(more) + "}");
  }
  json published() { return world_.get("/v1/publications?publication=b").json; }
  json edition(int number) { return published()["editions"][number - 1]; }
  std::string bytes(int number) {
    return world_.get("/v1/publications?publication=b&edition=" + std::to_string(number)).body;
  }
  json act(std::size_t place = 0) { return published()["publications"][0]["acts"][place]; }
  Answer post(const json& body) { return world_.post("/v1/publications", body.dump()); }
  static json closing() {
    return {{"publication", "b"}, {"plan", "p"},     {"period", "2024"},
            {"unit", "P"},        {"author", "lan"}, {"reason", "cuối năm"}};
  }

  SmallWorld world_;
};

TEST_F(PublicationsTest, AnEditionHoldsEveryTargetAndSlotOfTheUnitAndAllBelow) {
  close();
  const json one = edition(1);
  EXPECT_EQ(one["figures"].size(), 6U * 4U);
  EXPECT_EQ(row_of(one["figures"], "target_id", "T1", "P")["value"], 700);
  EXPECT_EQ(row_of(one["figures"], "target_id", "T2", "D1")["value"], 1);
  EXPECT_EQ(one["slots"].size(), 2U);
  EXPECT_EQ(row_of(one["slots"], "unit", "D2")["state"], "missing");
  EXPECT_EQ(one["as_of"]["record"], "intake@1");
  EXPECT_EQ(one["as_of"]["streams"], json({{"intake", 1}, {"ref", 6}}));
  EXPECT_EQ(one["version"], 1);
  EXPECT_EQ(one["tree"], "as_reported");
  EXPECT_EQ(one["changed"], json::array());
}

TEST_F(PublicationsTest, AnEditionIsWhatAQuestionAsOfItsMomentAnswers) {
  close();
  world_.record("2025-02-01T08:00:00+07:00", "a2", "D1", "2024-05-05", 20);
  const json one = edition(1);
  for (const char* unit : {"P", "D1", "C3"}) {
    const json asked =
        world_.get(std::string("/v1/plans/p/progress?period=2024&unit=") + unit + "&as_of=intake@1")
            .json["targets"];
    for (const json& target : asked) {
      const json& row =
          row_of(one["figures"], "target_id", target["target_id"].get<std::string>(), unit);
      for (const auto& [name, value] : row.items()) {
        if (name == "unit") continue;
        EXPECT_EQ(value, target[name]) << unit << " " << name;
      }
    }
  }
}

TEST_F(PublicationsTest, LaterDataABackDatedMoveAndARebuildLeaveItsBytes) {
  close();
  const std::string before = bytes(1);
  world_.record("2025-02-01T08:00:00+07:00", "a2", "D1", "2024-05-05", 20);
  world_.say("ref", "2025-02-02T08:00:00+07:00", "unit.moved",
             R"({"unit":"D1","parent":"D2","effective":"2024-01-01"})");
  world_.say("ref", "2025-02-03T08:00:00+07:00", "plan.amended",
             SmallWorld::plan_text(2, "2024-01-01"));
  EXPECT_EQ(bytes(1), before);
  world_.rebuild();
  EXPECT_EQ(bytes(1), before);
  EXPECT_EQ(published()["editions"].size(), 1U);
}

TEST_F(PublicationsTest, ItsDigestIsOfItsBytesAndItsETag) {
  close();
  const Answer answer = world_.get("/v1/publications?publication=b&edition=1");
  const std::string digest = to_hex(sha256(answer.body));
  EXPECT_EQ(find_header(answer.headers, "ETag"), "\"" + digest + "\"");
  json one = edition(1);
  EXPECT_EQ(one["digest"], digest);
  one.erase("digest");
  EXPECT_EQ(one, answer.json);
  EXPECT_EQ(world_
                .get("/v1/publications?publication=b&edition=1",
                     {{"If-None-Match", "\"" + digest + "\""}})
                .status,
            304);
  EXPECT_EQ(world_.get("/v1/publications?publication=b&edition=2").json["code"], "edition_unknown");
  EXPECT_EQ(world_.get("/v1/publications?publication=c").json["code"], "publication_unknown");
}

TEST_F(PublicationsTest, AnAmendmentMakesTheNextEditionAndNamesWhatChanged) {
  close();
  static_cast<void>(published());
  world_.record("2025-02-01T08:00:00+07:00", "a2", "D1", "2024-05-05", 20);
  amend("2025-02-02T08:00:00+07:00");
  const json two = edition(2);
  EXPECT_EQ(two["edition"], 2);
  EXPECT_EQ(two["reason"], "late");
  EXPECT_EQ(two["decision"], "12/QĐ");
  EXPECT_EQ(row_of(edition(1)["figures"], "target_id", "T1", "P")["value"], 700);
  EXPECT_EQ(row_of(two["figures"], "target_id", "T1", "P")["value"], 720);
  const json& changed = row_of(two["changed"], "target_id", "T1", "P");
  EXPECT_EQ(changed["before"]["value"], 700);
  EXPECT_EQ(changed["after"]["value"], 720);
  EXPECT_EQ(changed["difference"], 20);
  ASSERT_EQ(changed["parts"].size(), 1U);
  EXPECT_EQ(changed["parts"][0]["cause"], "late_report");
  EXPECT_EQ(changed["parts"][0]["difference"], 20);
  EXPECT_EQ(changed["parts"][0]["records"][0]["position"], 2);
  const json& each = row_of(two["changed"], "target_id", "T2", "D1");
  EXPECT_EQ(each["parts"][0]["cause"], "late_report") << each;
  const json& above = row_of(two["changed"], "target_id", "T2", "P");
  EXPECT_EQ(above["parts"][0]["numerator"], 1) << above;
  EXPECT_TRUE(row_of(two["changed"], "target_id", "T1", "D2").is_null());
}

TEST_F(PublicationsTest, WhatCameLaterIntoThePastIsInTheDifferenceAndTheReasonSaysSo) {
  close();
  static_cast<void>(published());
  world_.say("import:late", "2025-01-09T08:00:00+07:00", "activity.recorded",
             SmallWorld::activity("a2", "D1", "2024-05-05", 20),
             R"(,"time":"2025-01-09T08:00:00+07:00")");
  amend("2025-01-11T08:00:00+07:00");
  const json two = edition(2);
  const json& changed = row_of(two["changed"], "target_id", "T1", "P");
  EXPECT_EQ(changed["difference"], 20);
  EXPECT_EQ(changed["parts"], json::array()) << "today both moments know it";
  EXPECT_EQ(changed["reason"], "past_changed");
}

TEST_F(PublicationsTest, AnEditionThatKnowsLessTellsNoCausesAndSaysWhy) {
  close();
  static_cast<void>(published());
  amend("2025-01-11T08:00:00+07:00", R"(,"moment":"2024-03-01T08:00:00+07:00")");
  const json two = edition(2);
  const json& changed = row_of(two["changed"], "target_id", "T1", "P");
  EXPECT_EQ(changed["after"]["value"], 0);
  EXPECT_TRUE(changed["parts"].is_null());
  EXPECT_EQ(changed["reason"], "knows_less");
}

TEST_F(PublicationsTest, WherePartsAddUpThereIsNoReason) {
  close();
  static_cast<void>(published());
  world_.record("2025-02-01T08:00:00+07:00", "a2", "D1", "2024-05-05", 20);
  amend("2025-02-02T08:00:00+07:00");
  EXPECT_TRUE(row_of(edition(2)["changed"], "target_id", "T1", "P")["reason"].is_null());
}

TEST_F(PublicationsTest, OneThatCannotBeKeptKeepsNoneOfTheOthers) {
  close();
  world_.say("intake", "2025-01-10T09:00:00+07:00", "publication.closed",
             R"({"publication":"c","plan":"p","period":"2024","unit":"D1","reason":"r"})");
  while (!world_.projector().step().value().idle()) {
  }
  std::vector<std::string> kept;
  EditionMaker maker({.views = [this] { return world_.projector().state(); },
                      .log = LogReader(world_.log_store()),
                      .streams = [this] { return world_.context().streams(); },
                      .keep = [&](const Edition& edition) -> Status {
                        if (edition.head.publication == "b") return Error{"unreachable", "no"};
                        kept.push_back(edition.head.publication);
                        return keep_edition(world_.log_store(), edition);
                      }});
  EXPECT_TRUE(maker.step().value());
  EXPECT_EQ(kept, std::vector<std::string>{"c"});
  EXPECT_EQ(maker.step().error().code, "unreachable");
  EXPECT_TRUE(maker.waiting().empty());
}

TEST_F(PublicationsTest, TheMakerCountsWhatWaitsByWhatFor) {
  world_.set_reach(
      {.stream = StreamName("t:0:0"), .settled_until = parse_instant("2025-01-09T00:00:00+07:00")});
  close();
  world_.say("intake", "2025-01-10T09:00:00+07:00", "publication.amended",
             R"({"publication":"never","reason":"r"})");
  while (!world_.projector().step().value().idle()) {
  }
  EditionMaker maker({.views = [this] { return world_.projector().state(); },
                      .log = LogReader(world_.log_store()),
                      .streams = [this] { return world_.context().streams(); },
                      .keep = [](const Edition&) -> Status { return Done{}; }});
  EXPECT_FALSE(maker.step().value());
  EXPECT_EQ(maker.waiting(),
            (std::map<std::string, uint64_t>{{"publication_unknown", 1}, {"streams_behind", 1}}));
}

TEST_F(PublicationsTest, ItWaitsForEveryStreamAndNamesThoseThatLag) {
  world_.set_reach(
      {.stream = StreamName("t:0:0"), .settled_until = parse_instant("2025-01-09T00:00:00+07:00")});
  close();
  EXPECT_EQ(published()["editions"], json::array());
  EXPECT_EQ(act()["state"], "waiting");
  EXPECT_EQ(act()["code"], "streams_behind");
  EXPECT_EQ(act()["streams"], json({"t:0:0"}));
  const json waiting = world_.get("/v1/waiting").json["rows"];
  EXPECT_EQ(row_of(waiting, "code", "streams_behind")["waits_for"], "t:0:0");
  world_.set_reach(
      {.stream = StreamName("t:0:0"), .settled_until = parse_instant("2025-01-11T00:00:00+07:00")});
  EXPECT_EQ(edition(1)["without"], json::array());
  EXPECT_EQ(act()["state"], "made");
  EXPECT_EQ(world_.get("/v1/waiting").json["rows"], json::array());
}

TEST_F(PublicationsTest, AnOperatorClosesWithoutAStreamAndTheEditionSaysSo) {
  world_.set_reach({.stream = StreamName("t:0:0")});
  close();
  EXPECT_EQ(published()["editions"], json::array());
  EXPECT_EQ(post(closing()).json["code"], "already_closed");
  json without = closing();
  without["without"] = {"t:7:0"};
  EXPECT_EQ(post(without).json["code"], "body_invalid");
  without["without"] = {"t:0:0"};
  EXPECT_EQ(post(without).status, 202);
  EXPECT_EQ(edition(1)["without"], json({"t:0:0"}));
  EXPECT_EQ(edition(1)["as_of"]["record"], "intake@1");
  EXPECT_EQ(act(1)["code"], "already_closed");
}

TEST_F(PublicationsTest, ItsMomentMayBeBeforeItsRecord) {
  world_.record("2024-12-01T08:00:00+07:00", "a2", "D1", "2024-05-05", 20);
  close("2025-01-10T08:00:00+07:00", R"(,"moment":"2024-11-30T00:00:00+07:00")");
  const json one = edition(1);
  EXPECT_EQ(row_of(one["figures"], "target_id", "T1", "P")["value"], 700);
  EXPECT_EQ(one["as_of"]["moment"], "2024-11-30T00:00:00.000+07:00");
  EXPECT_EQ(one["as_of"]["record"], nullptr);
}

TEST_F(PublicationsTest, ASecondCloseIsVoid) {
  close();
  const Placed second = close("2025-01-11T08:00:00+07:00");
  EXPECT_EQ(published()["editions"].size(), 1U);
  EXPECT_EQ(act(1)["state"], "void");
  const json event = world_.get("/v1/events/intake/" + std::to_string(second.position)).json;
  EXPECT_EQ(event["void"], "already_closed");
}

TEST_F(PublicationsTest, WhatWasMadeStaysThoughAStreamThatComesLateClosesItEarlier) {
  close();
  const std::string before = bytes(1);
  close("2025-01-01T08:00:00+07:00", "", "t:0:0");
  EXPECT_EQ(bytes(1), before);
  EXPECT_EQ(act(0)["state"], "void");
  EXPECT_EQ(act(1)["state"], "made");
}

TEST_F(PublicationsTest, AnAmendmentWaitsForItsClosing) {
  const Placed early = amend("2025-01-05T08:00:00+07:00");
  const std::string path = "/v1/events/intake/" + std::to_string(early.position);
  EXPECT_EQ(world_.get(path).json["waiting"][0]["code"], "publication_unknown");
  EXPECT_EQ(
      row_of(world_.get("/v1/waiting").json["rows"], "code", "publication_unknown")["waits_for"],
      "b");
  close();
  EXPECT_EQ(published()["editions"].size(), 2U);
  EXPECT_EQ(edition(2)["as_of"]["record"], "intake@2");
  EXPECT_FALSE(world_.get(path).json.contains("waiting"));
}

TEST_F(PublicationsTest, ASourceClosesForUnitsItWasGranted) {
  world_.say("ref", "2024-06-01T08:00:00+07:00", "source.granted",
             R"({"source":"s","units":["D1"],"types":["publication.closed"]})");
  const Placed held = close();
  const std::string path = "/v1/events/intake/" + std::to_string(held.position);
  EXPECT_EQ(published()["editions"], json::array());
  EXPECT_EQ(world_.get(path).json["waiting"][0]["code"], "not_granted");
  world_.say("ref", "2025-02-01T08:00:00+07:00", "source.granted",
             R"({"source":"s","units":["P"]})");
  EXPECT_EQ(edition(1)["as_of"]["record"], "ref@8");
}

TEST_F(PublicationsTest, WhatIsNotKnownAtItsMomentIsNotMade) {
  close("2025-01-10T08:00:00+07:00", R"(,"moment":"2019-01-01T00:00:00+07:00")");
  EXPECT_EQ(act()["state"], "unmade");
  EXPECT_EQ(act()["code"], "plan_unknown");
  amend("2025-01-11T08:00:00+07:00");
  EXPECT_EQ(edition(1)["as_of"]["record"], "intake@2");
}

TEST_F(PublicationsTest, ATreeOfADayHoldsTheUnitsOfThatDay) {
  world_.unit("D3", "district", "P", "2024-07-01");
  close("2025-01-10T08:00:00+07:00", R"(,"tree":"2024-06-30")");
  const json one = edition(1);
  EXPECT_EQ(one["tree"], "2024-06-30");
  EXPECT_TRUE(row_of(one["figures"], "unit", "D3").is_null());
  EXPECT_FALSE(row_of(one["figures"], "unit", "D2").is_null());
}

TEST_F(PublicationsTest, APersonClosesAndAmendsOverHttp) {
  EXPECT_EQ(post(closing()).json,
            json({{"stream", "control"}, {"position", 0}, {"verdict", "accepted"}}));
  EXPECT_EQ(act()["streams"], json({"control", "intake", "ref"})) << "the clock is not past it";
  world_.set_now("2026-01-16T08:00:00+07:00");
  EXPECT_EQ(edition(1)["actor"], "lan");
  EXPECT_EQ(edition(1)["source"], "urn:tiendo:control");
  EXPECT_EQ(post(closing()).json["code"], "already_closed");
  const Answer amended = post({{"act", "amend"},
                               {"publication", "b"},
                               {"author", "lan"},
                               {"reason", "bổ sung"},
                               {"decision", "7/QĐ"}});
  EXPECT_EQ(amended.status, 202);
  world_.set_now("2026-01-17T08:00:00+07:00");
  EXPECT_EQ(edition(2)["decision"], "7/QĐ");
}

TEST_F(PublicationsTest, WhatCannotBeClosedIsRefusedAndNotWritten) {
  const auto code = [&](json body, const json& change) {
    body.update(change);
    return post(body).json["code"].get<std::string>();
  };
  EXPECT_EQ(code(closing(), {{"plan", "q"}}), "plan_unknown");
  EXPECT_EQ(code(closing(), {{"period", "autumn"}}), "period_invalid");
  EXPECT_EQ(code(closing(), {{"unit", "X"}}), "unit_unknown");
  EXPECT_EQ(code(closing(), {{"tree", "of old"}}), "tree_invalid");
  EXPECT_EQ(code(closing(), {{"moment", "yesterday"}}), "refused");
  EXPECT_EQ(code(closing(), {{"author", ""}}), "parameter_missing");
  EXPECT_EQ(code(closing(), {{"plan", nullptr}}), "body_invalid");
  EXPECT_EQ(code(closing(), {{"act", "open"}}), "body_invalid");
  EXPECT_EQ(code(closing(), {{"act", "amend"}}), "publication_unknown");
  EXPECT_EQ(post(json::array()).json["code"], "body_invalid");
  EXPECT_FALSE(world_.log().heads().contains(StreamName("control")));
}

TEST_F(PublicationsTest, AreListed) {
  EXPECT_EQ(world_.get("/v1/publications").json["publications"], json::array());
  close();
  const json listed = world_.get("/v1/publications").json;
  ASSERT_EQ(listed["publications"].size(), 1U);
  const json& one = listed["publications"][0];
  EXPECT_EQ(one["publication"], "b");
  EXPECT_EQ(one["period"], "2024");
  EXPECT_EQ(one["edition"], 1);
  EXPECT_EQ(one["digest"], edition(1)["digest"]);
  EXPECT_EQ(listed["editions"], json::array());
}

TEST_F(PublicationsTest, WhatIsStillBeingFilledIsNotPublished) {
  SmallWorld world("2026-01-15T08:00:00+07:00", {.backfill_subjects = 1});
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
  world.project();
  world.hold_projector(true);
  std::string plan = SmallWorld::plan_text(2, "2024-01-01");
  plan.replace(plan.find(R"("audiences":["members"])"), 23, R"("audiences":["youth"])");
  world.say("ref", "2025-01-09T08:00:00+07:00", "plan.amended", plan);
  world.say("intake", "2025-01-10T08:00:00+07:00", "publication.closed",
            R"({"publication":"b","plan":"p","period":"2024","unit":"P","reason":"r"})");
  static_cast<void>(world.projector().step().value());
  EXPECT_EQ(world.get("/v1/plans/p/progress?unit=P&period=2024").json["state"], "building");
  EXPECT_EQ(world.get("/v1/publications?publication=b").json["editions"], json::array());
  world.hold_projector(false);
  const json made = world.get("/v1/publications?publication=b").json["editions"];
  EXPECT_EQ(row_of(made[0]["figures"], "target_id", "T1", "P")["value"], 0);
}

}  // namespace
}  // namespace tiendo

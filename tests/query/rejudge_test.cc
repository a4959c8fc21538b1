// POST /v1/rejected/{stream}/{position}/rejudge, and what a re-judged record does to the answers.
#include <gtest/gtest.h>

#include "ingest/operator_act.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

const std::string act = R"({"author":"chi-lan","reason":"sau khi nâng cấp"})";

// Its control stream stamps with the clock of the world.
class RejudgeTest : public ::testing::Test {
 protected:
  RejudgeTest() {
    world_.context().judge = [](const Message& message) { return Judge().judge(message).refusal; };
    world_.context().rejudge = [this](const RejudgeAct& asked) -> Result<Placed> {
      TRY_ASSIGN(record, control_record({.type = EventType::control_rejudged,
                                         .stream = asked.stream.text(),
                                         .position = asked.position,
                                         .author = asked.author,
                                         .reason = asked.reason},
                                        *parse_instant(now_)));
      return write(std::move(record));
    };
    now("2024-06-01T08:00:00+07:00");
  }

  void now(std::string_view moment) {
    now_ = moment;
    world_.set_now(moment);
  }

  Result<Placed> write(Message record) {
    const Judged judged = Judge().judge(record, Speaker::control);
    EXPECT_FALSE(judged.refusal.has_value());
    std::vector<EventLog::Batch> batches;
    batches.push_back(
        {StreamName("control"),
         {{std::move(record), parse_instant(now_), judged.refusal, judged.identity}}});
    TRY_ASSIGN(placed, world_.log().append(std::move(batches)));
    return placed.front();
  }

  // An activity of D1 with 30 members that was refused in March.
  void refused_activity(std::string_view stream = "t:0:0", std::string_view id = "e1") {
    world_.refused(stream, "2024-03-11T08:00:00+07:00",
                   SmallWorld::text(id, "activity.recorded",
                                    SmallWorld::activity("a1", "D1", "2024-03-10", 30)));
  }

  Answer rejudge(std::string_view record, std::string_view body = act) {
    return world_.post("/v1/rejected/" + std::string(record) + "/rejudge", body);
  }
  nlohmann::json visits(const std::string& as_of = "") {
    return world_
        .get("/v1/rollups?plan=p&indicator=visits&period=2024" +
             (as_of.empty() ? "" : "&as_of=" + as_of))
        .json["value"];
  }
  std::string digest() {
    world_.project();
    return to_hex(ViewReader(*world_.projector().state()->rows).digest().value());
  }
  // That of views filled in one go.
  std::string digest_of_a_rebuild() {
    const auto store = make_memory_store(views_families());
    auto projector = Projector::open(*store, world_.log().reader(), {}).value();
    while (!projector->step().value().idle()) {
    }
    return to_hex(ViewReader(*projector->state()->rows).digest().value());
  }

  std::string now_;
  SmallWorld world_;
};

TEST_F(RejudgeTest, TheMessageTakesEffectAtTheControlRecordAndNeverEarlier) {
  refused_activity();
  EXPECT_EQ(visits(), 0);
  const Answer answer = rejudge("t:0:0/0");
  ASSERT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(answer.json["stream"], "control");
  EXPECT_EQ(answer.json["position"], 0);
  EXPECT_EQ(visits(), 30);
  EXPECT_EQ(visits("2024-05-31"), 0) << "not known before the act";
  EXPECT_EQ(visits("2024-06-01"), 30);
  EXPECT_EQ(visits("t:0:0@0"), 0);
  EXPECT_EQ(visits("control@0"), 30);
  EXPECT_EQ(digest(), digest_of_a_rebuild());
}

TEST_F(RejudgeTest, TheFirstVerdictAndItsCounterStay) {
  refused_activity();
  EXPECT_FALSE(world_.get("/v1/events/t:0:0/0").json.contains("rejudged"));
  ASSERT_EQ(rejudge("t:0:0/0").status, 202);
  const Answer record = world_.get("/v1/events/t:0:0/0");
  EXPECT_EQ(record.json["verdict"], "rejected");
  EXPECT_EQ(record.json["code"], "type_unknown");
  EXPECT_EQ(record.json["rejudged"].dump(),
            R"({"code":null,"position":0,"stream":"control","verdict":"accepted"})");
  const Answer list = world_.get("/v1/rejected");
  EXPECT_EQ(list.json["total"], 1);
  EXPECT_EQ(list.json["rows"][0]["rejudged"]["verdict"], "accepted");
}

TEST_F(RejudgeTest, TheHistoryNamesThePersonAndTheReason) {
  refused_activity();
  ASSERT_EQ(rejudge("t:0:0/0").status, 202);
  const Answer history = world_.get("/v1/figures/p/visits/D1/2024/history");
  const auto& entry = history.json["entries"].back();
  EXPECT_EQ(entry["cause"], "rejudged") << history.body;
  EXPECT_EQ(entry["stream"], "control");
  EXPECT_EQ(entry["actor"], "chi-lan");
  EXPECT_EQ(entry["reason"], "sau khi nâng cấp");
  EXPECT_EQ(entry["value"], 30);
  const Answer why = world_.get("/v1/explain?plan=p&indicator=visits&unit=D1&period=2024");
  const auto& part = why.json["contributions"][0];
  EXPECT_EQ(part["stream"], "control") << why.body;
  EXPECT_EQ(part["source"], "s");
  EXPECT_EQ(part["id"], "e1");
  EXPECT_EQ(part["thing"], "a1");
  EXPECT_EQ(part["amount"], 30);
}

TEST_F(RejudgeTest, AnIdentityThatWasAcceptedBeforeIsVoid) {
  refused_activity();
  world_.event("t:1:0", "2024-04-01T08:00:00+07:00",
               SmallWorld::text("e1", "activity.recorded",
                                SmallWorld::activity("a1", "D1", "2024-03-10", 31)));
  ASSERT_EQ(rejudge("t:0:0/0").status, 202);
  EXPECT_EQ(visits(), 31);
  EXPECT_EQ(world_.get("/v1/events/t:0:0/0").json["rejudged"]["code"], "duplicate_across");
  EXPECT_EQ(world_.get("/v1/events/control/0").json["void"], "duplicate_across");
  EXPECT_EQ(digest(), digest_of_a_rebuild());
}

TEST_F(RejudgeTest, AnIdentityThatIsAcceptedLaterIsVoidItself) {
  refused_activity();
  ASSERT_EQ(rejudge("t:0:0/0").status, 202);
  world_.event("t:1:0", "2024-07-01T08:00:00+07:00",
               SmallWorld::text("e1", "activity.recorded",
                                SmallWorld::activity("a1", "D1", "2024-03-10", 31)));
  EXPECT_EQ(visits(), 30);
  EXPECT_EQ(world_.get("/v1/events/t:1:0/0").json["void"], "duplicate_across");
}

TEST_F(RejudgeTest, TheActCanBeProjectedBeforeTheStreamOfTheRecord) {
  for (int i = 0; i < 5; ++i) {
    world_.event("t:0:0", "2024-03-01T08:00:00+07:00", "garbage " + std::to_string(i));
  }
  refused_activity();
  world_.hold_projector(true);
  ASSERT_EQ(rejudge("t:0:0/5").status, 202);
  world_.hold_projector(false);
  const auto store = make_memory_store(views_families());
  auto slow =
      Projector::open(*store, world_.log().reader(), {.step_records = 1, .parallel = sequential()})
          .value();
  while (slow->state()->checkpoint.count(StreamName("control")) == 0) {
    ASSERT_FALSE(slow->step().value().idle());
  }
  EXPECT_LT(slow->state()->checkpoint.at(StreamName("t:0:0")), 6U) << "the act came first";
  while (!slow->step().value().idle()) {
  }
  EXPECT_EQ(to_hex(ViewReader(*slow->state()->rows).digest().value()), digest());
  EXPECT_EQ(visits(), 30);
}

TEST_F(RejudgeTest, PlansAndUnitsTakeEffectToo) {
  world_.refused("t:0:0", "2024-03-11T08:00:00+07:00",
                 SmallWorld::text("u", "unit.registered",
                                  R"({"unit":"N","kind":"k","level":"commune","name":{"vi":"n"},)"
                                  R"("parent":"D1","effective":"2020-01-01"})"));
  world_.record("2024-03-12T08:00:00+07:00", "a9", "N", "2024-03-10", 7);
  EXPECT_EQ(visits(), 0);
  ASSERT_EQ(rejudge("t:0:0/0").status, 202);
  EXPECT_EQ(visits(), 7);
  EXPECT_EQ(visits("2024-05-31"), 0);
  EXPECT_EQ(digest(), digest_of_a_rebuild());
}

TEST_F(RejudgeTest, RefusesWhatCannotBeJudgedAgainAndSaysWhy) {
  refused_activity();
  world_.record("2024-03-12T08:00:00+07:00", "a2", "D1", "2024-03-10", 1);
  world_.event("t:0:0", "2024-03-12T08:00:00+07:00", "{");
  const auto code = [](const Answer& answer) {
    return std::to_string(answer.status) + " " + answer.json.value("code", "");
  };
  EXPECT_EQ(code(rejudge("intake/0")), "409 not_rejected");
  EXPECT_EQ(code(rejudge("t:0:0/1")), "409 still_rejected");
  EXPECT_NE(rejudge("t:0:0/1").json["detail"].get<std::string>().find("not_json"),
            std::string::npos);
  EXPECT_EQ(code(rejudge("t:0:0/7")), "404 record_unknown");
  EXPECT_EQ(code(rejudge("t:0:0/x")), "404 record_unknown");
  EXPECT_EQ(code(rejudge("t:0:0/0", "")), "400 body_invalid");
  EXPECT_EQ(code(rejudge("t:0:0/0", "[]")), "400 body_invalid");
  EXPECT_EQ(code(rejudge("t:0:0/0", R"({"author":"a"})")), "400 parameter_missing");
  EXPECT_EQ(code(rejudge("t:0:0/0", R"({"author":"","reason":"r"})")), "400 parameter_missing");
  EXPECT_EQ(code(rejudge("t:0:0/0", R"({"author":"a","reason":" "})")), "400 refused");
  now("2024-03-11T08:00:00+07:00");
  EXPECT_EQ(code(rejudge("t:0:0/0")), "503 clock_behind");
  now("2024-06-01T08:00:00+07:00");
  EXPECT_TRUE(world_.log().heads().find(StreamName("control")) == world_.log().heads().end())
      << "nothing was written";
  ASSERT_EQ(rejudge("t:0:0/0").status, 202);
  EXPECT_EQ(code(rejudge("t:0:0/0")), "409 already_rejudged");
}

TEST_F(RejudgeTest, OfTwoPersonsAtTheSameTimeOneLearnsThatTheOtherWasFirst) {
  refused_activity();
  world_.context().rejudge = [](const RejudgeAct&) -> Result<Placed> {
    return Placed{StreamName("control"), 1, {.verdict = Verdict::duplicate}};
  };
  const Answer second = rejudge("t:0:0/0");
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(second.json["code"], "already_rejudged") << second.body;
}

TEST_F(RejudgeTest, AnActThatNamesNothingThatWasRefusedIsWithoutEffect) {
  world_.record("2024-03-12T08:00:00+07:00", "a2", "D1", "2024-03-10", 5);
  for (const uint64_t position : {0, 99}) {
    ASSERT_TRUE(write(control_record(
                          {.stream = "intake", .position = position, .author = "a", .reason = "r"},
                          *parse_instant(now_))
                          .value())
                    .ok());
  }
  EXPECT_EQ(visits(), 5);
  EXPECT_EQ(digest(), digest_of_a_rebuild());
}

}  // namespace
}  // namespace tiendo

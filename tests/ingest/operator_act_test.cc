#include "ingest/operator_act.h"

#include <gtest/gtest.h>

#include "events/event.h"
#include "ingest/judge.h"

namespace tiendo {
namespace {

constexpr Instant noon{1'700'000'000'000};

OperatorAct rejudging() {
  return {.type = EventType::control_rejudged,
          .stream = "tiendo.events:0:0",
          .position = 7,
          .author = "Lê Thị \"B\"",
          .reason = "the rules know this type now"};
}

TEST(OperatorActTest, IsAnAcceptedEventOfTheControlStreamAlone) {
  const auto message = control_record(rejudging(), noon);
  ASSERT_TRUE(message.ok()) << message.error().message;
  Judge judge;
  const Judged judged = judge.judge(*message, Speaker::control);
  EXPECT_FALSE(judged.refusal);
  EXPECT_EQ(judge.event().type, EventType::control_rejudged);
  EXPECT_EQ(judge.event().actor, "Lê Thị \"B\"");
  EXPECT_EQ(judge.event().data["position"].text(), "7");
  EXPECT_EQ(judged.time, noon);
  EXPECT_TRUE(judge.judge(*message).refusal) << "from a source";
}

TEST(OperatorActTest, OfAGapSaysFromWhereToWhere) {
  const auto message = control_record({.type = EventType::control_gap_accepted,
                                       .stream = "tiendo.events:0:0",
                                       .from = 10,
                                       .to = 25,
                                       .author = "op",
                                       .reason = "retention"},
                                      noon);
  ASSERT_TRUE(message.ok()) << message.error().message;
  json::Document document;
  const auto decoded = decode(*message, document);
  const json::Value data = std::get<Event>(decoded).data;
  EXPECT_EQ(data["from"].text(), "10");
  EXPECT_EQ(data["to"].text(), "25");
}

TEST(OperatorActTest, WithoutAuthorOrReasonIsRefusedWithWords) {
  OperatorAct act = rejudging();
  act.author.clear();
  auto refused = control_record(act, noon);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "refused");
  EXPECT_NE(refused.error().message.find("actor"), std::string::npos) << refused.error().message;
  act.author = "  ";
  EXPECT_FALSE(control_record(act, noon).ok());
  act = rejudging();
  act.reason = "  ";
  refused = control_record(act, noon);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("reason"), std::string::npos) << refused.error().message;
}

Hash16 identity(const OperatorAct& act, Instant said_at) {
  Judge judge;
  return judge.judge(*control_record(act, said_at), Speaker::control).identity;
}

TEST(OperatorActTest, JudgesARecordAgainOnceAndAcceptsGapsAsOftenAsThereAreSome) {
  const Instant later{noon.ms + 1};
  OperatorAct another = rejudging();
  another.author = "somebody else";
  EXPECT_EQ(identity(rejudging(), noon), identity(another, later));
  another.position = 8;
  EXPECT_NE(identity(rejudging(), noon), identity(another, noon));
  const OperatorAct gap{.type = EventType::control_gap_accepted,
                        .stream = "tiendo.events:0:0",
                        .from = 10,
                        .to = 25,
                        .author = "op",
                        .reason = "retention"};
  EXPECT_NE(identity(gap, noon), identity(gap, later));
}

}  // namespace
}  // namespace tiendo

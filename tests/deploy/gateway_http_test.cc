#include "deploy/gateway_http.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "events/json.h"
#include "tests/deploy/small_log.h"

namespace tiendo {
namespace {

using testing::SmallLog;

// A broker that keeps nothing: it answers as it is told, in the order of publishing.
struct Broker {
  std::vector<EventSink::Answer> owed;
  std::vector<Outgoing> published;

  void deliver(std::size_t index, int32_t partition, int64_t offset) {
    owed.at(index)(EventSink::Delivered{partition, offset});
  }
  void fail(std::size_t index, const std::string& code) { owed.at(index)(Error{code, "why"}); }
};

class BrokerSink final : public EventSink {
 public:
  explicit BrokerSink(Broker& broker) : broker_(broker) {}
  Status publish(const std::string& topic, const Message& message, Answer answer) override {
    broker_.published.push_back({topic, message});
    broker_.owed.push_back(std::move(answer));
    return Done{};
  }
  void poll(std::chrono::milliseconds) override {}
  void wake() override {}
  [[nodiscard]] std::optional<Error> broken() const override { return std::nullopt; }

 private:
  Broker& broker_;
};

class GatewayHttpTest : public ::testing::Test {
 protected:
  GatewayHttpTest() {
    auto gateway = Gateway::create(
        [this]() -> Result<std::unique_ptr<EventSink>> {
          return std::unique_ptr<EventSink>(std::make_unique<BrokerSink>(broker_));
        },
        4'096);
    EXPECT_TRUE(gateway.ok());
    gateway_ = std::move(gateway).value();
    http_.emplace(GatewayHttp::Parts{.gateway = *gateway_,
                                     .topics = {"e", "r"},
                                     .read_topics = {"e"},
                                     .log = log_.reader(),
                                     .clock = clock_,
                                     .run = [](const std::function<void()>& work) { work(); }});
  }

  void post(std::string media, std::string body, std::vector<QueryParameter> parameters = {}) {
    answer_.reset();
    const HttpRequest request{.method = "POST",
                              .path = "/v1/events",
                              .parameters = std::move(parameters),
                              .headers = {{"content-type", std::move(media)}},
                              .body = std::move(body)};
    http_->take(request,
                HttpReply([this](HttpResponse response) { answer_ = std::move(response); }));
    gateway_->step(std::chrono::milliseconds(0));
  }
  void post_batch(std::string body, std::vector<QueryParameter> parameters = {}) {
    post("application/cloudevents-batch+json", std::move(body), std::move(parameters));
  }
  // What the ingester does: the record of a partition with this offset.
  void append(const std::string& stream, int64_t offset, std::optional<Refusal> refusal = {}) {
    Message message;
    message.offset = offset;
    message.value = "{}";
    const std::string id = stream + std::to_string(offset);
    EventLog::Batch batch{StreamName(stream), {}};
    batch.admissions.push_back(
        {std::move(message), Instant{1}, std::move(refusal), identity_of("s", id)});
    std::vector<EventLog::Batch> batches;
    batches.push_back(std::move(batch));
    ASSERT_TRUE(log_.log().append(std::move(batches)).ok());
    http_->look_after_waiting();
  }
  [[nodiscard]] int status() const { return answer_ ? answer_->status : 0; }
  [[nodiscard]] std::string body() const { return answer_ ? answer_->body : ""; }

  static inline const std::vector<QueryParameter> applied{{"wait", "applied"}};

  Broker broker_;
  SmallLog log_;
  ManualClock clock_{Instant{0}};
  std::unique_ptr<Gateway> gateway_;
  std::optional<GatewayHttp> http_;
  std::optional<HttpResponse> answer_;
};

TEST_F(GatewayHttpTest, AnswersOnceKafkaHasTheEvents) {
  post_batch(R"([{"a":1},nonsense])");
  EXPECT_EQ(status(), 0);
  ASSERT_EQ(broker_.published.size(), 2U);
  EXPECT_EQ(broker_.published[1].message.value, "nonsense");
  broker_.deliver(1, 3, 8);
  EXPECT_EQ(status(), 0);
  broker_.deliver(0, 2, 7);
  EXPECT_EQ(status(), 202);
  EXPECT_EQ(body(), R"({"events":[{"topic":"e","partition":2,"offset":7},)"
                    R"({"topic":"e","partition":3,"offset":8}]})");
}

TEST_F(GatewayHttpTest, WaitsForTheVerdictWhereItIsAskedTo) {
  post("application/cloudevents+json", "{}", applied);
  broker_.deliver(0, 0, 5);
  EXPECT_EQ(status(), 0);
  append("e:0:0", 3);
  append("e:1:0", 9);
  EXPECT_EQ(status(), 0) << "another partition";
  append("e:0:0", 4);
  EXPECT_EQ(status(), 0) << "an offset before it";
  append("e:0:0", 5);
  EXPECT_EQ(status(), 202);
  EXPECT_EQ(body(), R"({"events":[{"topic":"e","partition":0,"offset":5,"stream":"e:0:0",)"
                    R"("position":2,"verdict":"accepted","conflict":false}]})");
}

TEST_F(GatewayHttpTest, TellsTheVerdictsInTheOrderSent) {
  post_batch("[1,2,3]", applied);
  append("e:0:0", 1, Refusal{Reason::not_json, "", "x", "JSON"});
  append("e:0:0", 4);
  append("e:1:0", 0);
  broker_.deliver(0, 0, 4);
  broker_.deliver(1, 1, 0);
  broker_.deliver(2, 0, 1);
  ASSERT_EQ(status(), 202);
  json::Document document;
  ASSERT_TRUE(document.parse(body()).ok());
  std::string said;
  for (const json::Value event : document.root()["events"]) {
    said += std::string(event["stream"].text()) + "@" + std::string(event["position"].text()) +
            " " + std::string(event["verdict"].text()) + std::string(event["code"].text()) + "; ";
  }
  EXPECT_EQ(said, "e:0:0@1 accepted; e:1:0@0 accepted; e:0:0@0 rejectednot_json; ");
}

TEST_F(GatewayHttpTest, LooksInTheNewestEpoch) {
  append("e:0:0", 50);
  post("application/cloudevents+json", "{}", applied);
  append("e:0:1", 7);
  broker_.deliver(0, 0, 7);
  EXPECT_NE(body().find(R"("stream":"e:0:1","position":0)"), std::string::npos) << body();
}

TEST_F(GatewayHttpTest, TakesNoRecordOfATopicBeforeItWasMadeAnewForTheEvent) {
  for (int64_t offset = 0; offset < 9; ++offset) append("e:0:0", offset);
  post("application/cloudevents+json", "{}", applied);
  broker_.deliver(0, 0, 5);
  EXPECT_EQ(body(), R"({"events":[{"topic":"e","partition":0,"offset":5}]})");
}

TEST_F(GatewayHttpTest, DoesNotWaitForWhatThisNodeDoesNotRead) {
  post("application/cloudevents+json", R"({"type":"vn.tiendo.plan.published.v1"})", applied);
  broker_.deliver(0, 0, 5);
  EXPECT_EQ(status(), 202);
  EXPECT_EQ(body(), R"({"events":[{"topic":"r","partition":0,"offset":5}]})");
}

TEST_F(GatewayHttpTest, WaitsTenSecondsForTheVerdictAndTellsThenWhatIsKnown) {
  post_batch("[1,2]", applied);
  broker_.deliver(0, 0, 0);
  broker_.deliver(1, 1, 0);
  append("e:1:0", 0);
  clock_.set(Instant{9'999});
  http_->look_after_waiting();
  EXPECT_EQ(status(), 0);
  clock_.set(Instant{10'000});
  http_->look_after_waiting();
  EXPECT_EQ(status(), 202);
  EXPECT_EQ(body(), R"({"events":[{"topic":"e","partition":0,"offset":0},{"topic":"e",)"
                    R"("partition":1,"offset":0,"stream":"e:1:0","position":0,)"
                    R"("verdict":"accepted","conflict":false}]})");
}

TEST_F(GatewayHttpTest, AnUnknownOutcomeIsSaidToBeWithWhatIsKnownOfTheOthers) {
  post_batch("[1,2,3]");
  broker_.deliver(0, 0, 4);
  broker_.fail(1, "too_large");
  broker_.fail(2, "unknown_outcome");
  EXPECT_EQ(status(), 503);
  EXPECT_NE(body().find(R"("code":"unknown_outcome")"), std::string::npos) << body();
  EXPECT_NE(body().find("1 of 3 events are in Kafka, 1 were refused, of 1 it is not known"),
            std::string::npos);
  EXPECT_NE(body().find(R"("events":[{"topic":"e","partition":0,"offset":4},)"
                        R"({"topic":"e","code":"too_large","detail":"why"},)"
                        R"({"topic":"e","code":"unknown_outcome","detail":"why"}])"),
            std::string::npos);
  EXPECT_NE(find_header(answer_->headers, "Retry-After"), std::nullopt);
}

TEST(GatewayAnswer, IsInVietnameseWhereThatIsAskedFor) {
  const std::vector<Gateway::Sent> sent{{"e", EventSink::Delivered{0, 4}},
                                        {"e", Error{"unknown_outcome", "why"}}};
  const std::string body = gateway_answer(sent, {}, Language::vi).body;
  EXPECT_NE(body.find("Trong 2 sự kiện, 1 đã vào Kafka, 0 bị từ chối, 1 chưa rõ"),
            std::string::npos)
      << body;
}

TEST_F(GatewayHttpTest, ACleanRefusalIsToldAsSuch) {
  const std::vector<std::pair<std::string, int>> refusals = {
      {"too_large", 413}, {"not_authorized", 503}, {"topic_unknown", 503}, {"refused", 503}};
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    post("application/cloudevents+json", "{}");
    broker_.fail(i, refusals[i].first);
    EXPECT_EQ(status(), refusals[i].second) << refusals[i].first;
    EXPECT_NE(body().find("\"code\":\"" + refusals[i].first + "\",\"events\""), std::string::npos)
        << body();
  }
}

TEST_F(GatewayHttpTest, WhatIsNoEventNeverReachesTheBroker) {
  post("text/plain", "x");
  EXPECT_EQ(status(), 415);
  post_batch("{}");
  EXPECT_EQ(status(), 400);
  post("application/cloudevents+json", "{}", {{"wait", "for me"}});
  EXPECT_EQ(status(), 400);
  post_batch("[" + std::string(5'000, '1') + "]");
  EXPECT_EQ(status(), 413);
  EXPECT_TRUE(broker_.published.empty());
}

TEST_F(GatewayHttpTest, AFullGatewayIsTooManyRequests) {
  post("application/cloudevents+json", std::string(3'000, ' '));
  EXPECT_EQ(status(), 0);
  post("application/cloudevents+json", std::string(3'000, ' '));
  EXPECT_EQ(status(), 429);
  EXPECT_NE(find_header(answer_->headers, "Retry-After"), std::nullopt);
}

TEST_F(GatewayHttpTest, AnEmptyBatchIsAnsweredAtOnce) {
  post_batch("[]");
  EXPECT_EQ(status(), 202);
  EXPECT_EQ(body(), R"({"events":[]})");
}

TEST_F(GatewayHttpTest, AnEndingGatewayAnswersWhomItOwes) {
  post("application/cloudevents+json", "{}");
  gateway_->close();
  post("application/cloudevents+json", "{}");
  EXPECT_EQ(status(), 503);
}

// Offsets with holes of every size, asked for one by one and together.
TEST_F(GatewayHttpTest, FindsEveryOffsetAmongHoles) {
  std::vector<int64_t> offsets;
  for (int64_t i = 0, offset = 0; i < 40; ++i, offset += 1 + i % 5) {
    append("e:0:0", offset);
    offsets.push_back(offset);
  }
  std::vector<Gateway::Sent> all;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const Gateway::Sent one{"e", EventSink::Delivered{0, offsets[i]}};
    all.push_back(one);
    const auto places = places_of(log_.reader(), {}, {one});
    ASSERT_TRUE(places[0]) << offsets[i];
    EXPECT_EQ(places[0]->position, i);
  }
  const auto together = places_of(log_.reader(), {}, all);
  for (std::size_t i = 0; i < offsets.size(); ++i) EXPECT_EQ(together[i]->position, i);
  const Gateway::Sent hole{"e", EventSink::Delivered{0, offsets[7] + 1}};
  const Gateway::Sent ahead{"e", EventSink::Delivered{0, offsets.back() + 1}};
  const Gateway::Sent elsewhere{"e", EventSink::Delivered{1, 0}};
  for (const Gateway::Sent& none : {hole, ahead, elsewhere}) {
    EXPECT_FALSE(places_of(log_.reader(), {}, {none})[0]);
  }
}

}  // namespace
}  // namespace tiendo

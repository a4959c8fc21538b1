// The gateway's producer against a broker that refuses, forbids and breaks it. The broker is the
// client library's own mock.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <chrono>

#include "ingest/gateway.h"
#include "ingest/kafka.h"

namespace tiendo {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;
constexpr int16_t produce = 0;  // request keys of Kafka's protocol
constexpr int16_t init_producer_id = 22;

class KafkaGatewayTest : public testing::Test {
 protected:
  KafkaGatewayTest() {
    std::array<char, 512> why{};
    owner_ = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why.data(), why.size());
    cluster_ = rd_kafka_mock_cluster_new(owner_, 1);
    rd_kafka_mock_topic_create(cluster_, "events", 1, 1);
  }
  ~KafkaGatewayTest() override {
    gateway_.reset();
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(owner_);
  }

  void begin(std::chrono::milliseconds delivery_timeout = 20s) {
    KafkaProducerOptions options;
    options.connection.brokers = rd_kafka_mock_cluster_bootstraps(cluster_);
    options.connection.properties = {{"reconnect.backoff.max.ms", "100"},
                                     {"retry.backoff.ms", "10"}};
    options.delivery_timeout = delivery_timeout;
    auto gateway = Gateway::create([options]() -> Result<std::unique_ptr<EventSink>> {
      TRY_ASSIGN(producer, KafkaProducer::open(options));
      return std::unique_ptr<EventSink>(std::move(producer));
    });
    ASSERT_TRUE(gateway.ok());
    gateway_ = std::move(*gateway);
  }
  void push_error(int16_t request, rd_kafka_resp_err_t error) {
    rd_kafka_mock_push_request_errors(cluster_, request, 1, error);
  }
  // What becomes of one event: "OFFSET", or a code.
  std::string send(const std::string& topic = "events", std::string value = "x") {
    std::optional<std::string> outcome;
    Message message;
    message.value = std::move(value);
    std::vector<Outgoing> events;
    events.push_back({topic, std::move(message)});
    const Status sent = gateway_->submit(std::move(events), [&](std::vector<Gateway::Sent> said) {
      const auto& one = said.at(0).outcome;
      outcome = one.ok() ? std::to_string(one->offset) : one.error().code;
      text_ = one.ok() ? "" : one.error().message;
    });
    EXPECT_TRUE(sent.ok());
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!outcome && std::chrono::steady_clock::now() < end) gateway_->step(50ms);
    return outcome.value_or("(no answer)");
  }

  // The library may hold on to a refusal until it has asked for the topic again.
  std::string send_until_taken() {
    std::string outcome = send();
    const auto end = std::chrono::steady_clock::now() + patience;
    while (outcome.size() > 2 && std::chrono::steady_clock::now() < end) {
      gateway_->step(50ms);
      outcome = send();
    }
    return outcome;
  }

  rd_kafka_t* owner_;
  rd_kafka_mock_cluster_t* cluster_;
  std::unique_ptr<Gateway> gateway_;
  std::string text_;  // of the last failure
};

TEST_F(KafkaGatewayTest, PublishesAndSaysTheOffset) {
  begin();
  EXPECT_EQ(send(), "0");
  EXPECT_EQ(send(), "1");
}

TEST_F(KafkaGatewayTest, PassingTroublesAreGotOver) {
  begin();
  for (const auto error :
       {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
        RD_KAFKA_RESP_ERR__TRANSPORT}) {
    push_error(produce, error);
    const std::string outcome = send();
    EXPECT_TRUE(outcome.size() < 3) << rd_kafka_err2name(error) << " " << outcome;
  }
}

TEST_F(KafkaGatewayTest, ARefusalIsToldWithTheNextStep) {
  begin();
  push_error(produce, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  EXPECT_EQ(send(), "too_large");
  EXPECT_NE(text_.find("raise max.message.bytes of topic events"), std::string::npos) << text_;
  push_error(produce, RD_KAFKA_RESP_ERR_INVALID_RECORD);
  EXPECT_EQ(send(), "refused");
  push_error(produce, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  EXPECT_EQ(send(), "not_authorized");
  EXPECT_NE(text_.find("allow it Write there"), std::string::npos) << text_;
  EXPECT_EQ(gateway_->counters().refused, 3U);
  EXPECT_LT(send_until_taken().size(), 3U);
}

TEST_F(KafkaGatewayTest, WhatIsTooLargeForTheLibraryIsRefusedWithoutTheBroker) {
  begin();
  EXPECT_EQ(send("events", std::string(18u << 20, 'x')), "too_large");
  EXPECT_EQ(send(), "0");
}

TEST_F(KafkaGatewayTest, ABrokerThatIsAwayLeavesTheOutcomeUnknown) {
  begin(4s);  // the first message also waits for a producer's id, at times a second
  EXPECT_EQ(send(), "0");
  rd_kafka_mock_broker_set_down(cluster_, 1);
  EXPECT_EQ(send(), "unknown_outcome");
  EXPECT_NE(gateway_->trouble(), "");
  rd_kafka_mock_broker_set_up(cluster_, 1);
  EXPECT_LT(send_until_taken().size(), 3U);
  EXPECT_EQ(gateway_->trouble(), "");
}

// An idempotent producer can be broken for good; tiendo need not be started again for that.
TEST_F(KafkaGatewayTest, AProducerThatIsBrokenForGoodIsReplaced) {
  begin();
  EXPECT_EQ(send(), "0");
  push_error(produce, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  EXPECT_EQ(send(), "unknown_outcome");
  EXPECT_LT(send().size(), 3U) << text_;
  EXPECT_EQ(gateway_->counters().reopened, 1U);
}

TEST_F(KafkaGatewayTest, AnAccountThatMayNotWriteIsToldSoUntilItMay) {
  push_error(init_producer_id, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
  begin();
  EXPECT_EQ(send(), "not_authorized");
  EXPECT_NE(text_.find("IdempotentWrite"), std::string::npos) << text_;
  EXPECT_EQ(send(), "0") << text_;
  EXPECT_EQ(gateway_->counters().reopened, 1U);
}

TEST_F(KafkaGatewayTest, AnEndAnswersWhatTheBrokerNeverConfirmed) {
  begin();
  rd_kafka_mock_broker_set_down(cluster_, 1);
  std::string outcome;
  Message message;
  message.value = "x";
  std::vector<Outgoing> events;
  events.push_back({"events", message});
  ASSERT_TRUE(gateway_
                  ->submit(std::move(events),
                           [&](std::vector<Gateway::Sent> said) {
                             outcome = said.at(0).outcome.error().code;
                           })
                  .ok());
  gateway_->step(10ms);
  EXPECT_EQ(outcome, "");
  gateway_.reset();
  EXPECT_EQ(outcome, "unknown_outcome");
}

}  // namespace
}  // namespace tiendo

#include "ingest/gateway.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "ingest/source.h"

namespace tiendo {
namespace {

using namespace std::chrono_literals;

// A broker in memory, which answers when it is told to.
struct Broker {
  std::vector<std::pair<Message, EventSink::Answer>> held;
  std::vector<std::string> values;  // what is there
  std::size_t room = SIZE_MAX;      // of the sink's own queue
  std::optional<Error> refuses;     // at once
  bool answers_at_once = false;
  int opened = 0;
  int broken = 0;  // so many of the sinks opened, the first ones

  void answer_all() {
    for (auto& [message, answer] : std::exchange(held, {})) {
      values.push_back(*message.value);
      answer(EventSink::Delivered{0, static_cast<int64_t>(values.size()) - 1});
    }
  }
  void fail_all(const Error& error) {
    for (auto& [message, answer] : std::exchange(held, {})) answer(error);
  }
};

class MemorySink final : public EventSink {
 public:
  explicit MemorySink(Broker& broker) : broker_(broker), number_(++broker.opened) {}
  ~MemorySink() override { broker_.fail_all({"unknown_outcome", "purged"}); }
  Status publish(const std::string&, const Message& message, Answer answer) override {
    if (broken()) return *broken();
    if (broker_.refuses) return *broker_.refuses;
    if (broker_.held.size() >= broker_.room) return Error{"busy", "full"};
    broker_.held.emplace_back(message, std::move(answer));
    return Done{};
  }
  void poll(std::chrono::milliseconds) override {
    if (broker_.answers_at_once) broker_.answer_all();
  }
  void wake() override {}
  [[nodiscard]] std::optional<Error> broken() const override {
    if (number_ > broker_.broken) return std::nullopt;
    return Error{"broken", "fatal"};
  }

 private:
  Broker& broker_;
  int number_;  // from 1
};

std::vector<Outgoing> events(std::initializer_list<std::string> values) {
  std::vector<Outgoing> made;
  for (const std::string& value : values) {
    Message message;
    message.value = value;
    made.push_back({"t", std::move(message)});
  }
  return made;
}

class GatewayTest : public ::testing::Test {
 protected:
  void begin(std::size_t bytes_max = 10'000) {
    auto gateway = Gateway::create(
        [this]() -> Result<std::unique_ptr<EventSink>> {
          if (open_fails_) return *open_fails_;
          return std::unique_ptr<EventSink>(std::make_unique<MemorySink>(broker_));
        },
        bytes_max);
    ASSERT_TRUE(gateway.ok());
    gateway_ = std::move(*gateway);
  }
  Status submit(std::vector<Outgoing> sent) {
    return gateway_->submit(std::move(sent), [this](std::vector<Gateway::Sent> outcomes) {
      answers_.push_back(std::move(outcomes));
    });
  }
  std::string code_of(std::vector<Outgoing> sent) {
    const Status status = submit(std::move(sent));
    return status.ok() ? "" : status.error().code;
  }

  Broker broker_;
  std::optional<Error> open_fails_;
  std::vector<std::vector<Gateway::Sent>> answers_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(GatewayTest, AnswersOnceAllOfASubmissionAreDelivered) {
  begin();
  ASSERT_TRUE(submit(events({"a", "b"})).ok());
  gateway_->step(0ms);
  EXPECT_TRUE(answers_.empty());
  EXPECT_EQ(gateway_->counters().in_flight, 2U);
  broker_.answer_all();
  ASSERT_EQ(answers_.size(), 1U);
  ASSERT_EQ(answers_[0].size(), 2U);
  EXPECT_EQ(answers_[0][0].topic, "t");
  EXPECT_EQ(answers_[0][0].outcome->offset, 0);
  EXPECT_EQ(answers_[0][1].outcome->offset, 1);
  EXPECT_EQ(gateway_->counters(), (GatewayCounters{.accepted = 2}));
}

TEST_F(GatewayTest, AnEmptySubmissionIsAnsweredAtOnce) {
  begin();
  ASSERT_TRUE(submit({}).ok());
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_TRUE(answers_[0].empty());
}

TEST_F(GatewayTest, KeepsTheOrderWhereTheSinkIsFull) {
  begin();
  broker_.room = 2;
  broker_.answers_at_once = true;
  ASSERT_TRUE(submit(events({"a", "b", "c"})).ok());
  ASSERT_TRUE(submit(events({"d", "e"})).ok());
  for (int i = 0; i < 3; ++i) gateway_->step(0ms);
  EXPECT_EQ(broker_.values, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(answers_.size(), 2U);
}

TEST_F(GatewayTest, TakesAsMuchAsItsMemoryAndNotOneByteMore) {
  const std::size_t one = bytes_of(events({"a"})[0]);
  begin(3 * one);
  ASSERT_TRUE(submit(events({"a", "b"})).ok());
  EXPECT_EQ(code_of(events({"cc"})), "busy");
  EXPECT_EQ(code_of(events({"c"})), "");
  EXPECT_EQ(code_of(events({""})), "busy");
  EXPECT_EQ(gateway_->counters().turned_away, 2U);
  gateway_->step(0ms);
  EXPECT_EQ(code_of(events({"d"})), "busy") << "given to the sink is not yet confirmed";
  broker_.answer_all();
  EXPECT_EQ(code_of(events({"d", "e", "f"})), "");
}

TEST_F(GatewayTest, WhatWillNeverFitIsToldApart) {
  const std::size_t one = bytes_of(events({"a"})[0]);
  begin(2 * one);
  EXPECT_EQ(code_of(events({"a", "bb"})), "batch_too_large");
  EXPECT_EQ(code_of(events({"a", "b"})), "");
}

TEST_F(GatewayTest, TellsOfEachEventWhatIsKnown) {
  begin();
  ASSERT_TRUE(submit(events({"a", "b"})).ok());
  gateway_->step(0ms);
  auto held = std::exchange(broker_.held, {});
  held[0].second(EventSink::Delivered{3, 7});
  EXPECT_TRUE(answers_.empty());
  held[1].second(Error{"unknown_outcome", "timed out"});
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0][0].outcome->partition, 3);
  EXPECT_EQ(answers_[0][1].outcome.error().code, "unknown_outcome");
  EXPECT_EQ(gateway_->counters(), (GatewayCounters{.accepted = 1, .unknown = 1}));
  EXPECT_EQ(gateway_->trouble(), "timed out");
}

TEST_F(GatewayTest, TroubleIsOverWithTheNextSuccess) {
  begin();
  ASSERT_TRUE(submit(events({"a"})).ok());
  gateway_->step(0ms);
  broker_.fail_all({"not_authorized", "no Write"});
  EXPECT_EQ(gateway_->trouble(), "no Write");
  ASSERT_TRUE(submit(events({"a"})).ok());
  gateway_->step(0ms);
  broker_.fail_all({"too_large", "1 MB"});
  EXPECT_EQ(gateway_->trouble(), "no Write") << "a large event is no trouble of the brokers";
  ASSERT_TRUE(submit(events({"a"})).ok());
  gateway_->step(0ms);
  broker_.answer_all();
  EXPECT_EQ(gateway_->trouble(), "");
}

TEST_F(GatewayTest, ARefusalAtOnceIsTheEventsOwn) {
  begin();
  broker_.refuses = Error{"too_large", "too large"};
  ASSERT_TRUE(submit(events({"a"})).ok());
  gateway_->step(0ms);
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_EQ(answers_[0][0].outcome.error().code, "too_large");
  EXPECT_EQ(gateway_->counters(), (GatewayCounters{.refused = 1}));
}

TEST_F(GatewayTest, ABrokenSinkIsReplacedAndWhatWaitedGoesOn) {
  begin();
  broker_.room = 1;
  ASSERT_TRUE(submit(events({"a"})).ok());
  ASSERT_TRUE(submit(events({"b"})).ok());
  gateway_->step(0ms);
  broker_.broken = 1;
  gateway_->step(0ms);
  EXPECT_EQ(broker_.opened, 2);
  ASSERT_EQ(answers_.size(), 1U) << "what the broken one had";
  EXPECT_EQ(answers_[0][0].outcome.error().code, "unknown_outcome");
  broker_.answer_all();
  EXPECT_EQ(broker_.values, (std::vector<std::string>{"b"}));
  EXPECT_EQ(gateway_->counters(), (GatewayCounters{.accepted = 1, .unknown = 1, .reopened = 1}));
}

TEST_F(GatewayTest, ABrokenSinkIsNotReplacedForNothing) {
  begin();
  broker_.broken = 1;
  for (int i = 0; i < 5; ++i) gateway_->step(0ms);
  EXPECT_EQ(broker_.opened, 1);
}

TEST_F(GatewayTest, WaitsWhereNoOtherSinkCanBeOpened) {
  begin();
  broker_.broken = 1;
  open_fails_ = Error{"wrong_use", "no such file"};
  ASSERT_TRUE(submit(events({"a"})).ok());
  gateway_->step(0ms);
  EXPECT_EQ(gateway_->trouble(), "no such file");
  EXPECT_TRUE(answers_.empty());
  open_fails_.reset();
  broker_.answers_at_once = true;
  gateway_->step(0ms);
  EXPECT_EQ(answers_.size(), 1U);
}

TEST_F(GatewayTest, SaysAtOnceThatItsSettingsAreWrong) {
  auto gateway = Gateway::create([]() -> Result<std::unique_ptr<EventSink>> {
    return Error{"wrong_use", "acks=0"};
  });
  ASSERT_FALSE(gateway.ok());
  EXPECT_EQ(gateway.error().code, "wrong_use");
}

TEST_F(GatewayTest, AnEndingGatewayRefusesAndItsEndAnswersTheOthers) {
  begin();
  broker_.room = 1;
  ASSERT_TRUE(submit(events({"a"})).ok());
  ASSERT_TRUE(submit(events({"b"})).ok());
  gateway_->step(0ms);
  gateway_->close();
  EXPECT_EQ(code_of(events({"c"})), "closing");
  gateway_.reset();
  ASSERT_EQ(answers_.size(), 2U);
  for (const auto& answer : answers_) {
    EXPECT_EQ(answer[0].outcome.error().code, "unknown_outcome");
  }
}

// Whatever the sink does, each submission is answered once, and what it was told is true.
TEST_F(GatewayTest, EverySubmissionIsAnsweredOnceAndTruly) {
  const auto seed = static_cast<unsigned>(::testing::UnitTest::GetInstance()->random_seed()) + 1;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance(seed);
  begin();
  broker_.room = 3;
  std::size_t taken = 0;
  int next = 0;
  for (int round = 0; round < 3'000; ++round) {
    switch (chance() % 5) {
      case 0: {
        std::vector<Outgoing> sent;
        for (std::size_t i = chance() % 4; i > 0; --i) {
          sent.push_back(events({std::to_string(next++)})[0]);
        }
        if (submit(std::move(sent)).ok()) ++taken;
        break;
      }
      case 1:
        broker_.answer_all();
        break;
      case 2:
        if (chance() % 4 == 0) broker_.fail_all({"unknown_outcome", "x"});
        break;
      case 3:
        if (chance() % 8 == 0) broker_.broken = broker_.opened;
        break;
      default:
        gateway_->step(0ms);
    }
  }
  gateway_.reset();
  EXPECT_EQ(answers_.size(), taken);
  std::size_t delivered = 0;
  for (const auto& answer : answers_) {
    for (const auto& one : answer) delivered += one.outcome.ok() ? 1U : 0U;
  }
  EXPECT_EQ(delivered, broker_.values.size());
}

TEST_F(GatewayTest, ManyMaySubmitWhileOneSteps) {
  constexpr int each = 200;
  begin(1'000'000);
  broker_.answers_at_once = true;
  std::vector<std::thread> senders;
  for (int s = 0; s < 3; ++s) {
    senders.emplace_back([this] {
      for (int i = 0; i < each; ++i) ASSERT_TRUE(submit(events({"x", "y"})).ok());
    });
  }
  while (answers_.size() < 3 * each) gateway_->step(0ms);
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(gateway_->counters(), (GatewayCounters{.accepted = 6 * each}));
}

}  // namespace
}  // namespace tiendo

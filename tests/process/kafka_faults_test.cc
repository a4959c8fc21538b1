// The Kafka source against the faults of brokers and wires. The broker is the client library's own
// mock, so nothing has to be started; it stamps no records, so the topic is declared create_time.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <string_view>

#include "ingest/ingester.h"
#include "ingest/kafka.h"

namespace {

constexpr std::string_view flip_mark = "FLIP-HERE";
std::atomic<int> flips_left = 0;
std::atomic<int> cuts_left = 0;  // of connections, each in the middle of what is received
std::atomic<unsigned> received_parts = 0;
std::array<std::atomic<bool>, 4096> is_cut;  // by socket

bool is_to_be_cut(int socket) {
  constexpr unsigned parts_between = 7;  // of which some bring a whole answer
  const auto slot = static_cast<std::size_t>(socket);
  if (slot >= is_cut.size() || ++received_parts % parts_between != 0) return false;
  if (cuts_left.fetch_sub(1) <= 0) return false;
  is_cut[slot] = true;
  return true;
}

void flip_in(char* bytes, std::size_t size) {
  const std::size_t found = std::string_view(bytes, size).find(flip_mark);
  if (found == std::string_view::npos || flips_left.fetch_sub(1) <= 0) return;
  bytes[found] = static_cast<char>(bytes[found] ^ 1);
}

}  // namespace

// Stands before the C library's: a socket that is used again is whole.
extern "C" int close(int socket) {
  using Close = int (*)(int);
  static const auto close_it = reinterpret_cast<Close>(::dlsym(RTLD_NEXT, "close"));
  if (socket >= 0 && static_cast<std::size_t>(socket) < is_cut.size()) {
    is_cut[static_cast<std::size_t>(socket)] = false;
  }
  return close_it(socket);
}

// The wire of this program flips a bit in what it receives, or ends in the middle of it.
extern "C" ssize_t recvmsg(int socket, msghdr* message, int flags) {
  using Receive = ssize_t (*)(int, msghdr*, int);
  static const auto receive = reinterpret_cast<Receive>(::dlsym(RTLD_NEXT, "recvmsg"));
  if (static_cast<std::size_t>(socket) < is_cut.size() &&
      is_cut[static_cast<std::size_t>(socket)]) {
    errno = ECONNRESET;
    return -1;
  }
  const ssize_t received = receive(socket, message, flags);
  if (received > 1 && cuts_left > 0 && is_to_be_cut(socket)) return received / 2;
  if (received <= 0 || flips_left <= 0) return received;
  auto left = static_cast<std::size_t>(received);
  for (std::size_t i = 0; i < message->msg_iovlen && left > 0; ++i) {
    const std::size_t part = std::min(left, message->msg_iov[i].iov_len);
    flip_in(static_cast<char*>(message->msg_iov[i].iov_base), part);
    left -= part;
  }
  return received;
}

namespace tiendo {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;
constexpr int16_t fetch = 1;  // request keys of Kafka's protocol
constexpr int16_t list_offsets = 2;
constexpr int16_t metadata = 3;

class KafkaFaultsTest : public testing::Test {
 protected:
  KafkaFaultsTest() {
    std::array<char, 512> why{};
    owner_ = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why.data(), why.size());
    cluster_ = rd_kafka_mock_cluster_new(owner_, 1);
    rd_kafka_mock_topic_create(cluster_, "events", 1, 1);
  }
  ~KafkaFaultsTest() override {
    flips_left = 0;
    cuts_left = 0;
    ingester_.reset();
    source_.reset();
    producer_.reset();
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(owner_);
  }

  KafkaConnection connection() const {
    return {.brokers = rd_kafka_mock_cluster_bootstraps(cluster_),
            .properties = {{"reconnect.backoff.max.ms", "200"}},
            .log = {}};
  }
  void publish(int count, std::string_view mark = "value") {
    if (!producer_) {
      auto producer = KafkaProducer::open({.connection = connection()});
      ASSERT_TRUE(producer.ok());
      producer_ = std::move(*producer);
    }
    for (int i = 0; i < count; ++i) {
      Message message;
      message.value = std::string(mark) + " " + std::to_string(published_++);
      ASSERT_TRUE(producer_
                      ->publish("events", message,
                                [](const auto& delivered) { EXPECT_TRUE(delivered.ok()); })
                      .ok());
    }
    ASSERT_TRUE(producer_->flush(patience).ok());
  }
  void begin(std::chrono::milliseconds ask_interval = 200ms) {
    auto log = EventLog::open(*store_);
    ASSERT_TRUE(log.ok());
    log_ = std::move(*log);
    KafkaSourceOptions options;
    options.connection = connection();
    options.connection.properties["retry.backoff.ms"] = "10";
    options.connection.properties["fetch.error.backoff.ms"] = "10";
    options.connection.properties["topic.metadata.refresh.fast.interval.ms"] = "10";
    options.topics = {"events"};
    options.create_time_topics = {"events"};
    options.ask_interval = ask_interval;
    auto source = open_kafka_source(options, clock_);
    ASSERT_TRUE(source.ok()) << source.error().message;
    source_ = std::move(*source);
    ingester_.emplace(*log_, intake_, source_.get());
    ASSERT_TRUE(ingester_->start().ok());
  }
  template <class Reached>
  [[nodiscard]] bool step_until(const Reached& reached) {
    const auto give_up = std::chrono::steady_clock::now() + patience;
    while (!reached()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      if (!ingester_->step(50ms).ok()) return false;
    }
    return true;
  }
  uint64_t received() const {
    const auto head = log_->heads().find(stream_);
    return head == log_->heads().end() ? 0 : head->second.counters.received();
  }
  StreamState state() const {
    const IngestStatus status = ingester_->status();
    return status.streams.empty() ? StreamState::probing : status.streams[0].state;
  }
  // When the end was asked for that is known now.
  Instant asked() const {
    const IngestStatus status = ingester_->status();
    if (status.streams.empty()) return Instant{};
    return status.streams[0].end_asked_at.value_or(Instant{});
  }
  // Every published value lies in the log once, in order.
  void expect_all() {
    ASSERT_TRUE(step_until([&] { return received() >= static_cast<uint64_t>(published_); }))
        << received() << " of " << published_ << ", " << name_of(state());
    int next = 0;
    const Status scanned = log_->reader().scan(stream_, 0, received(), [&](const Record& record) {
      EXPECT_TRUE(record.message.value->ends_with(" " + std::to_string(next)));
      EXPECT_EQ(record.message.offset, next);
      ++next;
      return true;
    });
    EXPECT_TRUE(scanned.ok());
    EXPECT_EQ(next, published_);
  }

  const StreamName stream_{"events:0:0"};
  rd_kafka_t* owner_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  std::unique_ptr<KafkaProducer> producer_;
  int published_ = 0;
  SystemClock clock_;
  std::unique_ptr<KvStore> store_ = make_memory_store(log_families());
  Intake intake_{clock_};
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<EventSource> source_;
  std::optional<Ingester> ingester_;
};

// Every error code that Kafka's protocol knows, answered to one request each.
class KafkaErrorCodesTest : public KafkaFaultsTest, public testing::WithParamInterface<int16_t> {};

TEST_P(KafkaErrorCodesTest, NoneLosesOrRepeatsARecord) {
  constexpr int last_code = 110;
  publish(20);
  begin(20ms);
  ASSERT_TRUE(step_until([&] { return received() == 20; }));
  for (int code = -1; code <= last_code; ++code) {
    if (code == 0) continue;
    const auto error = static_cast<rd_kafka_resp_err_t>(code);
    SCOPED_TRACE(std::to_string(GetParam()) + " " + rd_kafka_err2name(error));
    rd_kafka_mock_push_request_errors(cluster_, GetParam(), 1, error);
    // The producer would be given the error of its own metadata request.
    if (GetParam() != metadata) publish(1);
    const Instant asked_before = asked();
    // Some of them in a row, but never as many equal ones as stop a partition.
    if (code % 4 != 0 && code != last_code) continue;
    ASSERT_TRUE(step_until([&] {
      return received() >= static_cast<uint64_t>(published_) && asked() > asked_before &&
             state() == StreamState::running;
    })) << received()
        << " of " << published_ << ", " << name_of(state());
  }
  rd_kafka_mock_clear_request_errors(cluster_, GetParam());
  publish(3);
  expect_all();
}

std::string request_name(const testing::TestParamInfo<int16_t>& request) {
  if (request.param == fetch) return "Fetch";
  return request.param == metadata ? "Metadata" : "ListOffsets";
}
INSTANTIATE_TEST_SUITE_P(Of, KafkaErrorCodesTest, testing::Values(fetch, list_offsets, metadata),
                         request_name);

TEST_F(KafkaFaultsTest, ConnectionsThatEndInTheMiddleOfAnAnswerLoseAndRepeatNothing) {
  publish(3'000);
  cuts_left = 40;
  begin();
  expect_all();
  publish(200);
  expect_all();
  ASSERT_TRUE(step_until([&] { return cuts_left <= 0; })) << "the test cut too little";
  publish(10);
  expect_all();
  EXPECT_EQ(state(), StreamState::running);
}

TEST_F(KafkaFaultsTest, ABrokerThatIsGoneForAWhileIsWaitedFor) {
  publish(5);
  begin();
  ASSERT_TRUE(step_until([&] { return received() == 5; }));
  rd_kafka_mock_broker_set_down(cluster_, 1);
  ASSERT_TRUE(step_until([&] { return !ingester_->status().notices.empty(); }));
  rd_kafka_mock_broker_set_up(cluster_, 1);
  publish(5);
  expect_all();
  ASSERT_TRUE(step_until([&] { return ingester_->status().notices.empty(); }));
}

TEST_F(KafkaFaultsTest, AByteFlippedOnTheWireIsReadAgain) {
  publish(50);
  publish(1, flip_mark);
  publish(50);
  flips_left = 2;
  begin();
  expect_all();
  EXPECT_LE(flips_left, 0) << "the bytes were received as they are: the test flipped nothing";
  EXPECT_EQ(state(), StreamState::running);
}

TEST_F(KafkaFaultsTest, ARecordThatNeverArrivesWholeStopsItsPartition) {
  publish(10);
  publish(1, flip_mark);
  publish(10);
  flips_left = 1'000'000;
  begin();
  ASSERT_TRUE(step_until([&] { return state() == StreamState::poison; }));
  EXPECT_EQ(received(), 10u) << "nothing behind it is passed over";
}

TEST_F(KafkaFaultsTest, SettingsThatVouchForTheEventsCannotBeChanged) {
  for (const char* name : {"check.crcs", "auto.offset.reset", "enable.auto.commit",
                           "isolation.level", "allow.auto.create.topics"}) {
    KafkaSourceOptions options;
    options.connection = connection();
    options.connection.properties = {{name, "false"}};
    const auto source = open_kafka_source(options, clock_);
    ASSERT_FALSE(source.ok()) << name;
    EXPECT_EQ(source.error().code, "wrong_use");
    EXPECT_NE(source.error().message.find(name), std::string::npos);
  }
  KafkaSourceOptions options;
  options.connection = connection();
  options.connection.properties = {{"no.such.setting", "1"}};
  EXPECT_EQ(open_kafka_source(options, clock_).error().code, "wrong_use");
  KafkaProducerOptions producer{.connection = connection()};
  producer.connection.properties = {{"acks", "0"}};
  EXPECT_EQ(KafkaProducer::open(producer).error().code, "wrong_use");
}

TEST_F(KafkaFaultsTest, WhatNeverReachedABrokerIsOfUnknownOutcome) {
  KafkaProducerOptions options{.connection = connection(), .delivery_timeout = 1s};
  auto producer = KafkaProducer::open(options);
  ASSERT_TRUE(producer.ok());
  rd_kafka_mock_broker_set_down(cluster_, 1);
  std::string error;
  Message message;
  message.value = "value";
  ASSERT_TRUE((*producer)
                  ->publish("events", message,
                            [&](const Result<KafkaProducer::Delivered>& delivered) {
                              error = delivered.error().code;
                            })
                  .ok());
  ASSERT_TRUE((*producer)->flush(patience).ok());
  EXPECT_EQ(error, "unknown_outcome");
}

}  // namespace
}  // namespace tiendo

// The Kafka source and producer against a real broker, whose address is in TIENDO_TEST_BROKERS:
//
//   TIENDO_TEST_BROKERS=$(deploy/kafka/start --data DIR --port 0 | sed -n 's/^bootstrap //p')
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "events/store_folder.h"
#include "ingest/ingester.h"
#include "ingest/kafka.h"
#include "tests/process/kafka_topics.h"

namespace tiendo {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;  // until a test gives up on what it waits for

std::string event(int id) {
  return R"({"specversion":"1.0","id":")" + std::to_string(id) +
         R"(","source":"urn:test","type":"vn.tiendo.statistic.declared.v1","data":{)"
         R"("statistic":"population","unit":"u1","as_at":"2024-01-01","value":5}})";
}

Message message(std::string value) {
  Message made;
  made.value = std::move(value);
  return made;
}

class KafkaTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* brokers = std::getenv("TIENDO_TEST_BROKERS");
    if (brokers == nullptr) GTEST_SKIP() << "TIENDO_TEST_BROKERS names no broker";
    brokers_ = brokers;
    topics_.emplace(brokers_);
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    topic_ = "test-" + std::to_string(::getpid()) + "-" + std::to_string(now);
  }

  StreamName stream(int32_t partition) const {
    return PartitionName{topic_, partition, 0}.stream();
  }
  KafkaSourceOptions source_options() const {
    KafkaSourceOptions options;
    options.connection.brokers = brokers_;
    options.topics = {topic_};
    options.ask_interval = 300ms;
    return options;
  }
  void publish(const std::vector<Message>& messages) const {
    KafkaProducerOptions options;
    options.connection.brokers = brokers_;
    auto producer = KafkaProducer::open(options);
    ASSERT_TRUE(producer.ok());
    for (const Message& out : messages) {
      ASSERT_TRUE((*producer)
                      ->publish(topic_, out,
                                [](const auto& delivered) {
                                  EXPECT_TRUE(delivered.ok()) << delivered.error().message;
                                })
                      .ok());
    }
    ASSERT_TRUE((*producer)->flush(patience).ok());
  }

  // A source as after a start, its ingester and their log.
  void begin(KafkaSourceOptions options) {
    end();
    auto log = EventLog::open(*store_);
    ASSERT_TRUE(log.ok());
    log_ = std::move(*log);
    auto source = open_kafka_source(std::move(options), clock_);
    ASSERT_TRUE(source.ok()) << source.error().message;
    source_ = std::move(*source);
    ingester_.emplace(*log_, intake_, source_.get(), IngesterOptions{.batch_events_max = 1'000});
    ASSERT_TRUE(ingester_->start().ok());
  }
  void end() {
    ingester_.reset();
    source_.reset();
    log_.reset();
  }
  template <class Reached>
  [[nodiscard]] bool step_until(const Reached& reached) {
    const auto give_up = std::chrono::steady_clock::now() + patience;
    while (!reached()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      const auto stepped = ingester_->step(50ms);
      if (!stepped.ok()) return false;
    }
    return true;
  }
  uint64_t received(int32_t partition = 0) const {
    const auto head = log_->heads().find(stream(partition));
    return head == log_->heads().end() ? 0 : head->second.counters.received();
  }
  StreamStatus status(int32_t partition = 0) const {
    for (StreamStatus& status : ingester_->status().streams) {
      if (status.stream == stream(partition)) return status;
    }
    return StreamStatus{stream(partition)};
  }
  std::vector<Record> records(int32_t partition = 0) const {
    std::vector<Record> read;
    const Status scanned =
        log_->reader().scan(stream(partition), 0, received(partition), [&](const Record& record) {
          read.push_back(record);
          return true;
        });
    EXPECT_TRUE(scanned.ok());
    return read;
  }

  std::string brokers_;
  std::string topic_;
  std::optional<KafkaTopics> topics_;
  SystemClock clock_;
  std::unique_ptr<KvStore> store_ = make_memory_store(log_families());
  Intake intake_{clock_};
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<EventSource> source_;
  std::optional<Ingester> ingester_;
};

TEST_F(KafkaTest, BringsEveryPartOfARecordAsItWasSent) {
  topics_->create(topic_, 1);
  std::vector<Message> sent(4);
  sent[0].key = "key";
  sent[0].value = event(1);
  sent[0].headers = {{"content-type", "application/cloudevents+json"},
                     {"none", std::nullopt},
                     {"twice", "1"},
                     {"twice", std::string("\0\xFF", 2)},
                     {"empty", ""}};
  sent[1].key = "tombstone";
  sent[2].key = "";
  sent[2].value = "";
  sent[3].value = std::string("\0\x01\xFF", 3);
  const Instant before = clock_.now();
  publish(sent);
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 4; }));
  const auto read = records();
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(read[i].message.key, sent[i].key) << i;
    EXPECT_EQ(read[i].message.value, sent[i].value) << i;
    EXPECT_EQ(read[i].message.headers, sent[i].headers) << i;
    EXPECT_EQ(read[i].message.offset, static_cast<int64_t>(i));
    EXPECT_EQ(read[i].message.timestamp_type, TimestampType::log_append_time);
    EXPECT_EQ(read[i].recorded_at.ms, read[i].message.timestamp_ms);
    EXPECT_GE(read[i].recorded_at.ms, before.ms - 1'000);
  }
  EXPECT_EQ(read[0].judgement.verdict, Verdict::accepted);
  EXPECT_EQ(read[1].judgement.refusal.reason, Reason::empty);
  ASSERT_TRUE(step_until([&] { return status().caught_up(); }));
  EXPECT_EQ(status().end_offset, 4);
  EXPECT_EQ(status().message, "");
}

TEST_F(KafkaTest, GoesOnAfterEveryEndWithoutLossOrRepetition) {
  constexpr int events = 20'000;
  constexpr int32_t partitions = 2;
  topics_->create(topic_, partitions);
  std::vector<Message> sent;
  for (int i = 0; i < events; ++i) {
    sent.push_back(message(event(i)));
    sent.back().key = std::to_string(i);
  }
  std::jthread publisher([&] { publish(sent); });

  auto folder = TemporaryFolder::make("kafka-test");
  ASSERT_TRUE(folder.ok());
  uint64_t total = 0;
  int starts = 0;
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (total < events && std::chrono::steady_clock::now() < give_up) {
    end();
    store_.reset();
    auto store = open_rocks_store({.path = folder->path() / "log", .families = log_families()});
    ASSERT_TRUE(store.ok()) << store.error().message;
    store_ = std::move(*store);
    begin(source_options());
    const uint64_t until = std::min<uint64_t>(total + 4'000, events);
    ASSERT_TRUE(step_until([&] {
      total = received(0) + received(1);
      return total >= until;
    }));
    ++starts;
  }
  EXPECT_GT(starts, 1);
  ASSERT_EQ(received(0) + received(1), uint64_t{events});
  std::vector<bool> seen(events);
  for (int32_t partition = 0; partition < partitions; ++partition) {
    int64_t offset = 0;
    for (const Record& record : records(partition)) {
      EXPECT_EQ(record.judgement.verdict, Verdict::accepted);
      EXPECT_EQ(record.message.offset, offset++);
      seen[static_cast<std::size_t>(std::stoi(*record.message.key))] = true;
    }
  }
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), events);
  EXPECT_EQ(ingester_->status().counters.offset_gaps, 0u);
  end();
  store_.reset();
}

TEST_F(KafkaTest, WaitsForATopicAndDoesNotMakeIt) {
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return !ingester_->status().notices.empty(); }));
  EXPECT_NE(ingester_->status().notices[0].find(topic_ + " does not exist"), std::string::npos)
      << ingester_->status().notices[0];
  EXPECT_FALSE(topics_->exists(topic_));
  topics_->create(topic_, 1);
  publish({message(event(1))});
  ASSERT_TRUE(step_until([&] { return received() == 1; }));
  EXPECT_TRUE(ingester_->status().notices.empty());
}

TEST_F(KafkaTest, PicksUpPartitionsThatAreAdded) {
  topics_->create(topic_, 1);
  begin(source_options());
  publish({message(event(1))});
  ASSERT_TRUE(step_until([&] { return received(0) == 1; }));
  topics_->grow(topic_, 2);
  int id = 2;
  ASSERT_TRUE(step_until([&] {
    if (id < 2'000) publish({message(event(id++))});
    return received(1) > 0;
  }));
  ASSERT_TRUE(
      step_until([&] { return received(0) + received(1) == static_cast<uint64_t>(id) - 1; }));
  EXPECT_EQ(records(1)[0].message.offset, 0);
}

TEST_F(KafkaTest, StopsBeforeARecordWithItsProducersTime) {
  topics_->create(topic_, 1, {{"message.timestamp.type", "CreateTime"}});
  publish({message(event(1))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return status().state == StreamState::untrusted_time; }));
  EXPECT_EQ(received(), 0u);

  KafkaSourceOptions declared = source_options();
  declared.create_time_topics = {topic_};
  begin(declared);
  ASSERT_TRUE(step_until([&] { return received() == 1; }));
  EXPECT_EQ(records()[0].message.timestamp_type, TimestampType::create_time);
}

TEST_F(KafkaTest, RetentionThatPassedUsIsAGap) {
  topics_->create(topic_, 1);
  publish({message(event(1)), message(event(2))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 2; }));
  end();
  publish({message(event(3)), message(event(4)), message(event(5))});
  topics_->drop_before(topic_, 0, 4);
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return status().state == StreamState::gap; }));
  EXPECT_EQ(received(), 2u);
}

TEST_F(KafkaTest, RetentionThatPassesUsWhileReadingIsAGap) {
  topics_->create(topic_, 1);
  publish({message(event(1))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 1 && status().caught_up(); }));
  // The next records are gone before the source can read them: nobody steps meanwhile, but the
  // library may have fetched some; those are taken.
  std::vector<Message> more;
  for (int i = 2; i < 1'000; ++i) more.push_back(message(event(i)));
  publish(more);
  topics_->drop_before(topic_, 0, 999);
  publish({message(event(1'000))});
  ASSERT_TRUE(
      step_until([&] { return status().state == StreamState::gap || received() == 1'000; }));
}

TEST_F(KafkaTest, BeginsLateInAnOldTopicAndSaysSo) {
  topics_->create(topic_, 1);
  publish({message(event(1)), message(event(2)), message(event(3))});
  topics_->drop_before(topic_, 0, 2);
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 1; }));
  EXPECT_EQ(records()[0].message.offset, 2);
  EXPECT_NE(status().message.find("offset 2"), std::string::npos) << status().message;
}

TEST_F(KafkaTest, ATopicMadeAnewAndShorterDiverges) {
  topics_->create(topic_, 1);
  publish({message(event(1)), message(event(2)), message(event(3))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 3; }));
  end();
  topics_->remove(topic_);
  topics_->create(topic_, 1);
  publish({message(event(4))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return status().state == StreamState::diverged; }));
  EXPECT_EQ(received(), 3u);
}

TEST_F(KafkaTest, ATopicMadeAnewWhileReadingDiverges) {
  topics_->create(topic_, 1);
  publish({message(event(1)), message(event(2)), message(event(3))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 3; }));
  topics_->remove(topic_);
  topics_->create(topic_, 1);
  ASSERT_TRUE(step_until([&] { return status().state == StreamState::diverged; }));
  EXPECT_EQ(received(), 3u);
}

TEST_F(KafkaTest, ReadsOnlyWhatWasCommittedAndReachesTheEnd) {
  topics_->create(topic_, 1);
  topics_->produce_in_transaction(topic_, 0, event(1), true);
  topics_->produce_in_transaction(topic_, 0, event(2), false);
  topics_->produce_in_transaction(topic_, 0, event(3), true);
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 2 && status().caught_up(); }));
  EXPECT_EQ(status().end_offset, 6) << "three records and a mark for each";
  const auto read = records();
  EXPECT_EQ(read[0].message.offset, 0);
  EXPECT_EQ(read[1].message.offset, 4);
  EXPECT_EQ(*read[1].message.value, event(3));
}

TEST_F(KafkaTest, AnOpenTransactionHoldsBackAndIsShownAsLag) {
  topics_->create(topic_, 1);
  publish({message(event(1))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 1 && status().caught_up(); }));
  const auto transaction = topics_->begin_transaction(topic_, 0, event(2));
  publish({message(event(3))});
  ASSERT_TRUE(step_until([&] { return status().end_offset == 3; }));
  EXPECT_FALSE(status().caught_up()) << "what comes of it bears an earlier time";
  EXPECT_EQ(received(), 1u);
  EXPECT_EQ(status().state, StreamState::running);
  transaction->commit();
  ASSERT_TRUE(step_until([&] { return received() == 3 && status().caught_up(); }));
  EXPECT_EQ(*records()[1].message.value, event(2));
}

TEST_F(KafkaTest, EveryCompressionBringsTheSameRecords) {
  topics_->create(topic_, 1);
  std::vector<Message> all;
  for (const char* codec : {"none", "gzip", "snappy", "lz4", "zstd"}) {
    KafkaProducerOptions options;
    options.connection.brokers = brokers_;
    options.connection.properties = {{"compression.codec", codec}, {"linger.ms", "20"}};
    auto producer = KafkaProducer::open(options);
    ASSERT_TRUE(producer.ok());
    for (int i = 0; i < 200; ++i) {
      all.push_back(message(event(static_cast<int>(all.size()))));
      all.back().headers = {{"codec", codec}};
      ASSERT_TRUE((*producer)->publish(topic_, all.back(), [](const auto&) {}).ok());
    }
    ASSERT_TRUE((*producer)->flush(patience).ok());
  }
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == all.size(); }));
  const auto read = records();
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(read[i].message.value, all[i].value) << i;
    ASSERT_EQ(read[i].message.headers, all[i].headers) << i;
  }
}

TEST_F(KafkaTest, AHugeRecordIsKeptAndRefused) {
  topics_->create(topic_, 1,
                  {{"message.timestamp.type", "LogAppendTime"}, {"max.message.bytes", "9000000"}});
  const std::string huge(6 << 20, 'x');
  publish({message(event(1)), message(huge), message(event(2))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return received() == 3; }));
  const auto read = records();
  EXPECT_EQ(read[1].judgement.refusal.reason, Reason::too_large);
  EXPECT_EQ(*read[1].message.value, huge);
  EXPECT_EQ(read[2].judgement.verdict, Verdict::accepted);
}

TEST_F(KafkaTest, TheClusterIsKeptBesideTheStream) {
  topics_->create(topic_, 1);
  publish({message(event(1))});
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return log_->origins().contains(stream(0)); }));
  EXPECT_EQ(log_->origins().at(stream(0)).cluster, status().cluster);
  EXPECT_FALSE(status().cluster.empty());
}

TEST_F(KafkaTest, ASubmissionEndsALongWait) {
  topics_->create(topic_, 1);
  begin(source_options());
  ASSERT_TRUE(step_until([&] { return status().caught_up(); }));
  std::atomic<bool> answered = false;
  std::jthread sender([&] {
    EXPECT_TRUE(intake_
                    .submit(StreamName("intake"), {message(event(1))},
                            [&](const auto& placed) { answered = placed.ok(); })
                    .ok());
  });
  // A step that slept through it would wait for its whole hour.
  while (!answered) ASSERT_TRUE(ingester_->step(1h).ok());
}

TEST_F(KafkaTest, CommittedOffsetsAreOnlyAHint) {
  topics_->create(topic_, 1);
  publish({message(event(1)), message(event(2))});
  KafkaSourceOptions options = source_options();
  options.commit_hints = true;
  options.group = topic_;
  begin(options);
  ASSERT_TRUE(step_until([&] { return received() == 2; }));
  end();
  store_ = make_memory_store(log_families());
  begin(options);
  ASSERT_TRUE(step_until([&] { return received() == 2; })) << "the log alone says where to begin";
}

TEST_F(KafkaTest, AProducerIsToldWhereItsMessagesLie) {
  topics_->create(topic_, 1);
  KafkaProducerOptions options;
  options.connection.brokers = brokers_;
  auto producer = KafkaProducer::open(options);
  ASSERT_TRUE(producer.ok());
  std::vector<int64_t> offsets;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE((*producer)
                    ->publish(topic_, message(event(i)),
                              [&](const Result<KafkaProducer::Delivered>& delivered) {
                                ASSERT_TRUE(delivered.ok());
                                EXPECT_EQ(delivered->partition, 0);
                                offsets.push_back(delivered->offset);
                              })
                    .ok());
  }
  ASSERT_TRUE((*producer)->flush(patience).ok());
  EXPECT_EQ((*producer)->unanswered(), 0u);
  EXPECT_EQ(offsets, (std::vector<int64_t>{0, 1, 2}));
}

TEST_F(KafkaTest, AProducerMakesNoTopic) {
  KafkaProducerOptions options;
  options.connection.brokers = brokers_;
  options.connection.properties = {{"topic.metadata.propagation.max.ms", "200"}};
  auto producer = KafkaProducer::open(options);
  ASSERT_TRUE(producer.ok());
  std::string error;
  const Status refused_now = (*producer)->publish(
      topic_, message(event(1)),
      [&](const Result<KafkaProducer::Delivered>& delivered) { error = delivered.error().code; });
  if (refused_now.ok()) {
    ASSERT_TRUE((*producer)->flush(patience).ok());
    EXPECT_EQ(error, "topic_unknown");
  } else {
    EXPECT_EQ(refused_now.error().code, "topic_unknown");
  }
  EXPECT_FALSE(topics_->exists(topic_));
}

}  // namespace
}  // namespace tiendo

#include "ingest/memory_source.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

class MemorySourceTest : public testing::Test {
 protected:
  MemorySourceTest() {
    source_.add_partition("events", 0);
    auto log = EventLog::open(*store_);
    log_ = std::move(log).value();
  }

  void produce(int count, int32_t partition = 0) {
    for (int i = 0; i < count; ++i) {
      Message message;
      message.value = "value";
      source_.produce("events", partition, message);
    }
  }
  std::vector<int64_t> poll(std::size_t events_max = 1000, std::size_t bytes_max = 1 << 20) {
    const auto batches = source_.poll({.events_max = events_max, .bytes_max = bytes_max});
    EXPECT_TRUE(batches.ok());
    std::vector<int64_t> offsets;
    for (const SourceBatch& batch : *batches) {
      for (const Message& message : batch.messages) offsets.push_back(message.offset);
    }
    return offsets;
  }
  Status start() { return source_.start(log_->reader()); }
  // The log holds the records [from, to) as they were produced.
  void log(int64_t from, int64_t to) {
    EventLog::Batch batch{StreamName("events:0:0"), {}};
    for (int64_t offset = from; offset < to; ++offset) {
      const Message& record = source_.record("events", 0, offset);
      Admission admission{record, Instant{record.timestamp_ms}, Refusal{Reason::not_json}, {}};
      batch.admissions.push_back(std::move(admission));
    }
    ASSERT_TRUE(log_->append({batch}).ok());
  }
  StreamStatus status() { return source_.status().streams.at(0); }

  ManualClock clock_{Instant{1'000'000}};
  std::unique_ptr<KvStore> store_ = make_memory_store(log_families());
  std::unique_ptr<EventLog> log_;
  MemorySource source_{clock_};
};

using Offsets = std::vector<int64_t>;

TEST_F(MemorySourceTest, DeliversInOrderWithinTheBounds) {
  produce(5);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(2), (Offsets{0, 1}));
  EXPECT_EQ(poll(1000, 1), (Offsets{2}));
  EXPECT_EQ(poll(), (Offsets{3, 4}));
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_TRUE(status().caught_up());
}

TEST_F(MemorySourceTest, StampsWithTheBrokersTime) {
  produce(1);
  ASSERT_TRUE(start().ok());
  const auto batches = source_.poll({.events_max = 9, .bytes_max = 999});
  const Message& message = batches->at(0).messages.at(0);
  EXPECT_EQ(message.timestamp_type, TimestampType::log_append_time);
  EXPECT_EQ(message.timestamp_ms, 1'000'000);
}

TEST_F(MemorySourceTest, GoesOnAfterTheHeadOfTheLog) {
  produce(5);
  log(0, 3);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(), (Offsets{3, 4}));
}

TEST_F(MemorySourceTest, ComparesWithTheLogBeforeItGoesOn) {
  produce(5);
  log(0, 3);
  source_.recreate("events", 0);
  clock_.set(Instant{2'000'000});
  produce(9);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(status().state, StreamState::diverged);
}

TEST_F(MemorySourceTest, ComparesAgainAfterAReconnection) {
  produce(5);
  log(0, 5);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(), Offsets{});
  source_.reconnect();
  produce(1);
  EXPECT_EQ(poll(), Offsets{5});
  source_.recreate("events", 0);
  clock_.set(Instant{2'000'000});
  produce(9);
  source_.reconnect();
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(status().state, StreamState::diverged);
}

TEST_F(MemorySourceTest, NoticesATopicMadeAnewAndLongerByItsTimes) {
  produce(3);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll().size(), 3u);
  clock_.set(Instant{1'000'500});
  produce(3);
  EXPECT_EQ(poll().size(), 3u);
  log(0, 6);
  EXPECT_EQ(poll(), Offsets{});
  source_.recreate("events", 0);
  clock_.set(Instant{2'000'000});
  produce(20);
  EXPECT_EQ(poll(), Offsets{}) << "nothing of the new topic is taken for the old one's";
  EXPECT_EQ(status().state, StreamState::diverged);
}

TEST_F(MemorySourceTest, AnotherClusterDiverges) {
  produce(2);
  source_.set_cluster("A");
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll().size(), 2u);
  EXPECT_EQ(status().cluster, "A");
  source_.set_cluster("B");
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(status().state, StreamState::diverged);
}

TEST_F(MemorySourceTest, GoesOnAsAPersonDecides) {
  produce(10);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(3), (Offsets{0, 1, 2}));
  source_.drop_before("events", 0, 5);
  poll();
  poll();
  ASSERT_EQ(status().state, StreamState::gap);
  source_.decide({StreamDecision::What::gap_accepted, StreamName("events:0:0"), 3, 5});
  EXPECT_EQ(poll(), (Offsets{5, 6, 7, 8, 9}));
  source_.recreate("events", 0);
  produce(2);
  poll();
  poll();
  ASSERT_EQ(status().state, StreamState::diverged);
  source_.decide({StreamDecision::What::epoch_begun, StreamName("events:0:1")});
  EXPECT_EQ(poll(), (Offsets{0, 1}));
  EXPECT_EQ(status().stream.text(), "events:0:1");
}

TEST_F(MemorySourceTest, PicksUpAPartitionThatComesLater) {
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(), Offsets{});
  source_.add_partition("events", 1);
  produce(2, 1);
  EXPECT_EQ(poll(), (Offsets{0, 1}));
}

TEST_F(MemorySourceTest, LeavesOutOffsetsAsMarksDo) {
  produce(1);
  source_.skip_offsets("events", 0, 2);
  produce(1);
  source_.skip_offsets("events", 0, 1);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(), (Offsets{0, 3}));
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_TRUE(status().caught_up());
}

TEST_F(MemorySourceTest, ReadsOnAfterFailuresAndLosesNothing) {
  produce(4);
  source_.fail_reads("events", 0, 2, FailureKind::record, 3);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(), (Offsets{0, 1}));
  EXPECT_EQ(status().state, StreamState::retry);
  EXPECT_EQ(poll(), Offsets{}) << "it is not time yet";
  Offsets later;
  for (int i = 0; i < 4; ++i) {
    clock_.set(Instant{clock_.now().ms + retry_delay_max_ms});
    for (const int64_t offset : poll()) later.push_back(offset);
  }
  EXPECT_EQ(later, (Offsets{2, 3}));
  EXPECT_EQ(status().state, StreamState::running);
}

TEST_F(MemorySourceTest, PoisonStopsItsPartitionAlone) {
  source_.add_partition("events", 1);
  produce(3, 0);
  produce(3, 1);
  source_.fail_reads("events", 0, 1, FailureKind::record, 1000);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(), (Offsets{0, 0, 1, 2}));
  for (int i = 0; i < 10; ++i) {
    clock_.set(Instant{clock_.now().ms + retry_delay_max_ms});
    EXPECT_EQ(poll(), Offsets{});
  }
  EXPECT_EQ(status().state, StreamState::poison);
  produce(1, 1);
  EXPECT_EQ(poll(), Offsets{3});
}

TEST_F(MemorySourceTest, RetentionThatPassesUsIsAGap) {
  produce(10);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(3), (Offsets{0, 1, 2}));
  source_.drop_before("events", 0, 5);
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(status().state, StreamState::gap);
}

TEST_F(MemorySourceTest, APartitionMadeAnewDiverges) {
  produce(10);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll().size(), 10u);
  source_.recreate("events", 0);
  produce(3);
  poll();
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(status().state, StreamState::diverged);
}

TEST_F(MemorySourceTest, WaitsForABrokerOutOfReach) {
  produce(2);
  source_.set_reachable(false);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(status().state, StreamState::probing);
  source_.set_reachable(true);
  EXPECT_EQ(poll(), (Offsets{0, 1}));
}

}  // namespace
}  // namespace tiendo

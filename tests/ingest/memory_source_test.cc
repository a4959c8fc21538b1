#include "ingest/memory_source.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

class MemorySourceTest : public testing::Test {
 protected:
  MemorySourceTest() { source_.add_partition("events", 0); }

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
  StreamStatus status() { return source_.status().streams.at(0); }

  ManualClock clock_{Instant{1'000'000}};
  MemorySource source_{clock_};
};

using Offsets = std::vector<int64_t>;

TEST_F(MemorySourceTest, DeliversInOrderWithinTheBounds) {
  produce(5);
  ASSERT_TRUE(source_.start({}).ok());
  EXPECT_EQ(poll(2), (Offsets{0, 1}));
  EXPECT_EQ(poll(1000, 1), (Offsets{2}));
  EXPECT_EQ(poll(), (Offsets{3, 4}));
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_TRUE(status().caught_up());
}

TEST_F(MemorySourceTest, StampsWithTheBrokersTime) {
  produce(1);
  ASSERT_TRUE(source_.start({}).ok());
  const auto batches = source_.poll({.events_max = 9, .bytes_max = 999});
  const Message& message = batches->at(0).messages.at(0);
  EXPECT_EQ(message.timestamp_type, TimestampType::log_append_time);
  EXPECT_EQ(message.timestamp_ms, 1'000'000);
}

TEST_F(MemorySourceTest, GoesOnAfterTheHeadOfTheLog) {
  produce(5);
  StreamHead head;
  head.next_position = 3;
  head.next_offset = 3;
  ASSERT_TRUE(source_.start({{StreamName("events:0:0"), head}}).ok());
  EXPECT_EQ(poll(), (Offsets{3, 4}));
}

TEST_F(MemorySourceTest, PicksUpAPartitionThatComesLater) {
  ASSERT_TRUE(source_.start({}).ok());
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
  ASSERT_TRUE(source_.start({}).ok());
  EXPECT_EQ(poll(), (Offsets{0, 3}));
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_TRUE(status().caught_up());
}

TEST_F(MemorySourceTest, ReadsOnAfterFailuresAndLosesNothing) {
  produce(4);
  source_.fail_reads("events", 0, 2, FailureKind::record, 3);
  ASSERT_TRUE(source_.start({}).ok());
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
  ASSERT_TRUE(source_.start({}).ok());
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
  ASSERT_TRUE(source_.start({}).ok());
  EXPECT_EQ(poll(3), (Offsets{0, 1, 2}));
  source_.drop_before("events", 0, 5);
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(status().state, StreamState::gap);
}

TEST_F(MemorySourceTest, APartitionMadeAnewDiverges) {
  produce(10);
  ASSERT_TRUE(source_.start({}).ok());
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
  ASSERT_TRUE(source_.start({}).ok());
  EXPECT_EQ(poll(), Offsets{});
  EXPECT_EQ(status().state, StreamState::probing);
  source_.set_reachable(true);
  EXPECT_EQ(poll(), (Offsets{0, 1}));
}

}  // namespace
}  // namespace tiendo

#include "ingest/partition.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

constexpr auto by_broker = TimestampType::log_append_time;

class PartitionTest : public testing::Test {
 protected:
  static Partition fresh(TrustedTime trusted = TrustedTime::append_time) {
    return Partition({StreamName("events:0:0"), std::nullopt}, trusted);
  }
  static Partition after(int64_t next_offset) {
    return Partition({StreamName("events:0:0"), next_offset}, TrustedTime::append_time);
  }
  void answer(Partition& partition, int64_t low, int64_t high) const {
    partition.answered({.low = low,
                        .high = high,
                        .asked_at = now_,
                        .next_when_asked = partition.status().next_offset},
                       now_);
  }
  // Answered, and set to where it is to be read from.
  void begin(Partition& partition, int64_t low, int64_t high) const {
    answer(partition, low, high);
    ASSERT_TRUE(partition.seek_due(now_));
    partition.sought();
  }

  Instant now_{1'000'000};
};

TEST_F(PartitionTest, ReadsNothingBeforeTheBrokerHasAnswered) {
  Partition partition = fresh();
  EXPECT_EQ(partition.status().state, StreamState::probing);
  EXPECT_TRUE(partition.wants_answer());
  EXPECT_FALSE(partition.seek_due(now_));
  EXPECT_FALSE(partition.admit(0, by_broker));
}

TEST_F(PartitionTest, BeginsWithTheOldestRecordAndSaysSo) {
  Partition partition = fresh();
  begin(partition, 500, 900);
  EXPECT_EQ(partition.status().state, StreamState::running);
  EXPECT_EQ(partition.status().next_offset, 500);
  EXPECT_NE(partition.status().message.find("500"), std::string::npos);
  EXPECT_TRUE(partition.admit(500, by_broker));
  EXPECT_EQ(partition.status().next_offset, 501);
}

TEST_F(PartitionTest, IsCaughtUpOnceTheEndAskedForIsReached) {
  Partition partition = after(10);
  EXPECT_FALSE(partition.status().caught_up());
  begin(partition, 0, 13);
  EXPECT_TRUE(partition.admit(10, by_broker));
  EXPECT_FALSE(partition.status().caught_up());
  partition.end_reached(13);  // 11 and 12 are marks of a transaction
  EXPECT_TRUE(partition.status().caught_up());
  EXPECT_EQ(partition.status().next_offset, 11);
  answer(partition, 0, 20);
  EXPECT_FALSE(partition.status().caught_up());
}

TEST_F(PartitionTest, StopsAtAGap) {
  Partition partition = after(10);
  answer(partition, 11, 20);
  EXPECT_EQ(partition.status().state, StreamState::gap);
  EXPECT_FALSE(partition.admit(11, by_broker));
  EXPECT_FALSE(partition.wants_answer());
}

TEST_F(PartitionTest, GoesOnWhereTheOldestRecordIsTheNext) {
  Partition partition = after(10);
  begin(partition, 10, 20);
  EXPECT_TRUE(partition.admit(10, by_broker));
}

TEST_F(PartitionTest, DivergesOnceTwoAnswersEndBeforeUs) {
  Partition partition = after(10);
  answer(partition, 0, 9);
  EXPECT_EQ(partition.status().state, StreamState::probing);
  answer(partition, 0, 9);
  EXPECT_EQ(partition.status().state, StreamState::diverged);
}

TEST_F(PartitionTest, ForgivesOneAnswerOfALeaderThatDoesNotKnowItsEnd) {
  Partition partition = after(10);
  answer(partition, 0, 9);
  begin(partition, 0, 10);
  answer(partition, 0, 9);
  answer(partition, 0, 10);
  answer(partition, 0, 9);
  EXPECT_EQ(partition.status().state, StreamState::running);
}

TEST_F(PartitionTest, TakesNoAnswerForAnEndThatWasAskedForEarlier) {
  Partition partition = after(10);
  begin(partition, 0, 10);
  const Watermarks asked_before{.low = 0, .high = 10, .asked_at = now_, .next_when_asked = 10};
  for (int64_t offset = 10; offset < 15; ++offset) partition.admit(offset, by_broker);
  partition.answered(asked_before, now_);
  partition.answered(asked_before, now_);
  EXPECT_EQ(partition.status().state, StreamState::running);
}

TEST_F(PartitionTest, ReadsAgainFromItsOwnNextOffsetAfterAFailure) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  EXPECT_TRUE(partition.admit(10, by_broker));
  partition.failed(FailureKind::record, "bad", now_);
  EXPECT_EQ(partition.status().state, StreamState::retry);
  EXPECT_FALSE(partition.admit(12, by_broker)) << "the broker's position cannot be trusted now";
  EXPECT_FALSE(partition.seek_due(now_));
  now_.ms += retry_delay_first_ms;
  ASSERT_TRUE(partition.seek_due(now_));
  partition.sought();
  EXPECT_EQ(partition.status().next_offset, 11);
  EXPECT_TRUE(partition.admit(11, by_broker));
  EXPECT_EQ(partition.status().state, StreamState::running);
  EXPECT_EQ(partition.status().message, "");
}

TEST_F(PartitionTest, StopsAfterFiveEqualFailuresAtOneOffset) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  int64_t waited = 0;
  for (int i = 1; i < equal_failures_max; ++i) {
    partition.failed(FailureKind::record, "bad", now_);
    ASSERT_EQ(partition.status().state, StreamState::retry) << i;
    while (!partition.seek_due(now_)) {
      now_.ms += 50;
      waited += 50;
    }
    partition.sought();
  }
  EXPECT_EQ(waited, 100 + 200 + 400 + 800);
  partition.failed(FailureKind::record, "bad", now_);
  EXPECT_EQ(partition.status().state, StreamState::poison);
  EXPECT_FALSE(partition.seek_due(Instant{now_.ms + 1'000'000}));
}

TEST_F(PartitionTest, CountsOnlyEqualFailuresAtOneOffset) {
  Partition partition = after(10);
  begin(partition, 0, 200);
  for (int i = 0; i < 20; ++i) {
    partition.failed(FailureKind::record, i % 2 == 0 ? "bad" : "worse", now_);
    now_.ms += retry_delay_max_ms;
    partition.sought();
  }
  EXPECT_EQ(partition.status().state, StreamState::retry);
  for (int i = 0; i < 20; ++i) {
    partition.failed(FailureKind::record, "bad", now_);
    now_.ms += retry_delay_max_ms;
    partition.sought();
    EXPECT_TRUE(partition.admit(10 + i, by_broker));
  }
  EXPECT_EQ(partition.status().state, StreamState::running);
}

TEST_F(PartitionTest, NeverGivesUpOnTheEnvironment) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  for (int i = 0; i < 100; ++i) {
    partition.failed(FailureKind::environment, "not allowed", now_);
    ASSERT_EQ(partition.status().state, StreamState::retry);
    now_.ms += retry_delay_max_ms;
    ASSERT_TRUE(partition.seek_due(now_)) << "the delay is bounded";
    partition.sought();
  }
  EXPECT_TRUE(partition.admit(10, by_broker));
}

TEST_F(PartitionTest, AsksBeforeItReadsAgainOutOfRange) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  partition.failed(FailureKind::out_of_range, "out of range", now_);
  now_.ms += retry_delay_max_ms;
  EXPECT_TRUE(partition.wants_answer());
  EXPECT_FALSE(partition.seek_due(now_));
  Partition lost = partition;
  answer(lost, 15, 20);
  EXPECT_EQ(lost.status().state, StreamState::gap);
  answer(partition, 5, 20);
  EXPECT_TRUE(partition.seek_due(now_));
}

TEST_F(PartitionTest, ClockSetBackDoesNotHoldUpARetry) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  partition.failed(FailureKind::record, "bad", now_);
  EXPECT_TRUE(partition.seek_due(Instant{now_.ms - 3'600'000}));
}

TEST_F(PartitionTest, StopsBeforeTheFirstRecordWithItsProducersTime) {
  Partition partition = fresh();
  begin(partition, 0, 20);
  EXPECT_TRUE(partition.admit(0, by_broker));
  EXPECT_FALSE(partition.admit(1, TimestampType::create_time));
  EXPECT_EQ(partition.status().state, StreamState::untrusted_time);
  EXPECT_EQ(partition.status().next_offset, 1);
  EXPECT_FALSE(partition.admit(2, by_broker)) << "nothing behind it is passed over";
}

TEST_F(PartitionTest, TakesARecordWithoutTimeForUntrusted) {
  Partition partition = fresh();
  begin(partition, 0, 20);
  EXPECT_FALSE(partition.admit(0, TimestampType::none));
  EXPECT_EQ(partition.status().state, StreamState::untrusted_time);
}

TEST_F(PartitionTest, TakesProducersTimesWhereDeclared) {
  Partition partition = fresh(TrustedTime::create_time_too);
  begin(partition, 0, 20);
  EXPECT_TRUE(partition.admit(0, TimestampType::create_time));
  EXPECT_TRUE(partition.admit(1, TimestampType::none));
  EXPECT_TRUE(partition.admit(2, by_broker));
}

TEST_F(PartitionTest, GoesNotBackForADeliveryThatComesAgain) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  EXPECT_TRUE(partition.admit(3, by_broker)) << "the ingester drops and counts it";
  EXPECT_EQ(partition.status().next_offset, 10);
}

}  // namespace
}  // namespace tiendo

#include "ingest/partition.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

constexpr auto by_broker = TimestampType::log_append_time;

class PartitionTest : public testing::Test {
 protected:
  static Partition fresh(TrustedTime trusted = TrustedTime::append_time) {
    return Partition({.stream = StreamName("events:0:0")}, trusted);
  }
  static Partition after(int64_t next_offset) {
    return Partition({.stream = StreamName("events:0:0"), .next_offset = next_offset},
                     TrustedTime::append_time);
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
    seek(partition);
  }
  // As a source does it; what the log holds before is not compared, unless it is given.
  void seek(Partition& partition, const std::vector<Message>& logged = {}) const {
    ASSERT_TRUE(partition.seek_due(now_));
    while (partition.overlap_due()) partition.compare_with(logged);
    partition.sought();
  }
  static Message record(int64_t offset, TimestampType type = by_broker) {
    Message made;
    made.offset = offset;
    made.timestamp_type = type;
    made.timestamp_ms = type == TimestampType::none ? 0 : 1'000 + offset;
    made.value = std::to_string(offset);
    return made;
  }
  static bool read(Partition& partition, int64_t offset, TimestampType type) {
    return partition.admit(record(offset, type));
  }

  Instant now_{1'000'000};
};

TEST_F(PartitionTest, ReadsNothingBeforeTheBrokerHasAnswered) {
  Partition partition = fresh();
  EXPECT_EQ(partition.status().state, StreamState::probing);
  EXPECT_TRUE(partition.wants_answer());
  EXPECT_FALSE(partition.seek_due(now_));
  EXPECT_FALSE(read(partition, 0, by_broker));
}

TEST_F(PartitionTest, BeginsWithTheOldestRecordAndSaysSo) {
  Partition partition = fresh();
  begin(partition, 500, 900);
  EXPECT_EQ(partition.status().state, StreamState::running);
  EXPECT_EQ(partition.status().next_offset, 500);
  EXPECT_NE(partition.status().message.find("500"), std::string::npos);
  EXPECT_TRUE(read(partition, 500, by_broker));
  EXPECT_EQ(partition.status().next_offset, 501);
}

TEST_F(PartitionTest, IsCaughtUpOnceTheEndAskedForIsReached) {
  Partition partition = after(10);
  EXPECT_FALSE(partition.status().caught_up());
  begin(partition, 0, 13);
  EXPECT_TRUE(read(partition, 10, by_broker));
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
  EXPECT_FALSE(read(partition, 11, by_broker));
  EXPECT_FALSE(partition.wants_answer());
}

TEST_F(PartitionTest, GoesOnWhereTheOldestRecordIsTheNext) {
  Partition partition = after(10);
  begin(partition, 10, 20);
  EXPECT_TRUE(read(partition, 10, by_broker));
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
  for (int64_t offset = 10; offset < 15; ++offset) {
    EXPECT_TRUE(read(partition, offset, by_broker));
  }
  partition.answered(asked_before, now_);
  partition.answered(asked_before, now_);
  EXPECT_EQ(partition.status().state, StreamState::running);
}

TEST_F(PartitionTest, DivergesOnceItsTopicNoLongerHasIt) {
  Partition partition = after(10);
  partition.vanished(1, now_);
  EXPECT_FALSE(partition.stopped()) << "one answer may be of a broker that does not know yet";
  partition.vanished(1, now_);
  EXPECT_EQ(partition.status().state, StreamState::diverged);
  Partition unread = fresh();
  for (int i = 0; i < 3; ++i) unread.vanished(1, now_);
  EXPECT_FALSE(unread.stopped()) << "nothing of it can be lost";
  EXPECT_TRUE(unread.status().caught_up());
  EXPECT_NE(unread.status().message.find("1 partitions"), std::string::npos);
}

TEST_F(PartitionTest, ReadsAgainFromItsOwnNextOffsetAfterAFailure) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  EXPECT_TRUE(read(partition, 10, by_broker));
  partition.failed(FailureKind::record, "bad", now_);
  EXPECT_EQ(partition.status().state, StreamState::retry);
  EXPECT_FALSE(read(partition, 12, by_broker)) << "the broker's position cannot be trusted now";
  EXPECT_FALSE(partition.seek_due(now_));
  now_.ms += retry_delay_first_ms;
  seek(partition);
  EXPECT_EQ(partition.status().next_offset, 11);
  EXPECT_TRUE(read(partition, 11, by_broker));
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
    EXPECT_TRUE(read(partition, 10 + i, by_broker));
  }
  EXPECT_EQ(partition.status().state, StreamState::running);
}

TEST_F(PartitionTest, NeverGivesUpOnTheEnvironment) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  for (int i = 0; i < 100; ++i) {
    partition.failed(FailureKind::environment, "not allowed", now_);
    ASSERT_EQ(partition.status().state, StreamState::retry);
    now_.ms += retry_delay_max_ms;  // the delay is bounded
    seek(partition);
  }
  EXPECT_TRUE(read(partition, 10, by_broker));
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
  EXPECT_TRUE(read(partition, 0, by_broker));
  EXPECT_FALSE(read(partition, 1, TimestampType::create_time));
  EXPECT_EQ(partition.status().state, StreamState::untrusted_time);
  EXPECT_EQ(partition.status().next_offset, 1);
  EXPECT_FALSE(read(partition, 2, by_broker)) << "nothing behind it is passed over";
}

TEST_F(PartitionTest, TakesARecordWithoutTimeForUntrusted) {
  Partition partition = fresh();
  begin(partition, 0, 20);
  EXPECT_FALSE(read(partition, 0, TimestampType::none));
  EXPECT_EQ(partition.status().state, StreamState::untrusted_time);
}

TEST_F(PartitionTest, TakesProducersTimesWhereDeclared) {
  Partition partition = fresh(TrustedTime::create_time_too);
  begin(partition, 0, 20);
  EXPECT_TRUE(read(partition, 0, TimestampType::create_time));
  EXPECT_TRUE(read(partition, 1, TimestampType::none));
  EXPECT_TRUE(read(partition, 2, by_broker));
}

TEST_F(PartitionTest, GoesNotBackForADeliveryThatComesAgain) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  EXPECT_TRUE(read(partition, 3, by_broker)) << "the ingester drops and counts it";
  EXPECT_EQ(partition.status().next_offset, 10);
}

// Partitions that are compared with the log: it holds the records 5 to 9, of 0 to 9.
class OverlapTest : public PartitionTest {
 protected:
  OverlapTest() {
    for (int64_t offset = 5; offset < 10; ++offset) logged_.push_back(record(offset));
  }
  Partition compared(int64_t low = 0) {
    Partition partition = after(10);
    answer(partition, low, 20);
    EXPECT_EQ(partition.status().state, StreamState::overlap);
    EXPECT_TRUE(partition.overlap_due());
    EXPECT_EQ(partition.overlap_before(), 10);
    seek(partition, logged_);
    return partition;
  }
  void deliver(Partition& partition, int64_t from, int64_t to) {
    for (int64_t offset = from; offset < to; ++offset) {
      EXPECT_FALSE(read(partition, offset, by_broker)) << "what the log holds is not delivered";
    }
  }

  std::vector<Message> logged_;
};

TEST_F(OverlapTest, GoesOnBehindTheRecordsThatTheLogHolds) {
  Partition partition = compared();
  EXPECT_EQ(partition.read_offset(), 5);
  deliver(partition, 5, 10);
  EXPECT_EQ(partition.status().state, StreamState::running);
  EXPECT_TRUE(partition.reads()) << "the reader stands where it has to";
  EXPECT_TRUE(read(partition, 10, by_broker));
}

TEST_F(OverlapTest, ARecordThatIsAnotherDiverges) {
  Partition partition = compared();
  deliver(partition, 5, 8);
  Message other = record(8);
  other.value = "other";
  other.headers = {{"h", std::nullopt}};
  EXPECT_FALSE(partition.admit(other));
  EXPECT_EQ(partition.status().state, StreamState::diverged);
  const std::string& message = partition.status().message;
  EXPECT_NE(message.find("offset 8"), std::string::npos) << message;
  EXPECT_NE(message.find("headers, value"), std::string::npos) << message;
  EXPECT_NE(message.find("tiendo stream new-epoch events:0:0"), std::string::npos) << message;
  EXPECT_EQ(partition.status().next_offset, 10);
}

TEST_F(OverlapTest, EveryPartOfARecordIsCompared) {
  const std::vector<void (*)(Message&)> changes = {
      [](Message& m) { ++m.timestamp_ms; },
      [](Message& m) { m.timestamp_type = TimestampType::create_time; },
      [](Message& m) { m.key = ""; },
      [](Message& m) {
        m.headers.push_back({"h", ""});
      },
      [](Message& m) { m.value = std::nullopt; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Partition partition = compared();
    Message other = record(5);
    changes[i](other);
    EXPECT_FALSE(partition.admit(other));
    EXPECT_EQ(partition.status().state, StreamState::diverged) << i;
  }
}

TEST_F(OverlapTest, AMissingRecordDivergesUnlessTheTopicIsCompacted) {
  Partition partition = compared();
  deliver(partition, 5, 7);
  EXPECT_FALSE(read(partition, 8, by_broker));
  EXPECT_EQ(partition.status().state, StreamState::diverged);

  Partition compacted = after(10);
  compacted.answered({.high = 20, .asked_at = now_, .next_when_asked = 10, .compacted = true},
                     now_);
  seek(compacted, logged_);
  EXPECT_FALSE(read(compacted, 8, by_broker));
  EXPECT_TRUE(read(compacted, 12, by_broker)) << "9, 10 and 11 are compacted away";
  EXPECT_EQ(compacted.status().state, StreamState::running);
}

TEST_F(OverlapTest, AnEndTooEarlyIsBelievedTheSecondTime) {
  Partition partition = compared();
  deliver(partition, 5, 7);
  partition.end_reached(7);
  EXPECT_TRUE(partition.wants_answer());
  answer(partition, 0, 20);
  seek(partition, logged_);
  EXPECT_EQ(partition.read_offset(), 5);
  deliver(partition, 5, 7);
  partition.end_reached(7);
  EXPECT_EQ(partition.status().state, StreamState::diverged);
}

TEST_F(OverlapTest, WhatTheBrokerHoldsNoLongerIsNotCompared) {
  Partition partition = compared(8);
  EXPECT_EQ(partition.read_offset(), 8);
  deliver(partition, 8, 10);
  EXPECT_TRUE(read(partition, 10, by_broker));
  Partition none = compared(10);
  EXPECT_EQ(none.read_offset(), 10);
  EXPECT_TRUE(read(none, 10, by_broker));
}

TEST_F(OverlapTest, IsComparedAgainAfterTroubleBeforeAnythingIsDelivered) {
  Partition partition = compared();
  deliver(partition, 5, 10);
  EXPECT_TRUE(read(partition, 10, by_broker));
  partition.failed(FailureKind::environment, "no leader", now_);
  now_.ms += retry_delay_max_ms;
  EXPECT_TRUE(partition.overlap_due());
  seek(partition, logged_);
  EXPECT_EQ(partition.read_offset(), 5);
  deliver(partition, 5, 10);
  EXPECT_FALSE(partition.reads()) << "the reader goes on to what is not read yet";
  seek(partition);
  EXPECT_EQ(partition.read_offset(), 11);
  EXPECT_EQ(partition.status().state, StreamState::retry) << "until something arrives";
  EXPECT_TRUE(read(partition, 11, by_broker));
  EXPECT_EQ(partition.status().state, StreamState::running);
}

TEST_F(OverlapTest, AFailedReadOfTheNextRecordNeedsNoComparison) {
  Partition partition = compared();
  deliver(partition, 5, 10);
  partition.failed(FailureKind::record, "bad", now_);
  EXPECT_FALSE(partition.overlap_due());
}

TEST_F(OverlapTest, SaysFromWhereOnRecordsMayBeOfEither) {
  Partition partition = compared();
  deliver(partition, 5, 10);
  for (int64_t offset = 10; offset < 14; ++offset) EXPECT_TRUE(read(partition, offset, by_broker));
  partition.suspect(now_);
  EXPECT_EQ(partition.status().state, StreamState::overlap);
  EXPECT_FALSE(partition.status().caught_up());
  EXPECT_EQ(partition.overlap_before(), 11) << "up to the first that was read behind them";
  seek(partition, logged_);
  Message other = record(5);
  other.key = "other";
  EXPECT_FALSE(partition.admit(other));
  EXPECT_NE(partition.status().message.find("from offset 11 on"), std::string::npos)
      << partition.status().message;
}

TEST_F(OverlapTest, LastRecordsThatWereLostAndReplacedDiverge) {
  Partition partition = compared();
  deliver(partition, 5, 10);
  for (int64_t offset = 10; offset < 14; ++offset) EXPECT_TRUE(read(partition, offset, by_broker));
  partition.suspect(now_);
  seek(partition, logged_);
  deliver(partition, 5, 10);
  EXPECT_TRUE(partition.overlap_due()) << "the records up to 13 are compared too";
  EXPECT_EQ(partition.overlap_before(), 14);
  std::vector<Message> later;
  for (int64_t offset = 10; offset < 14; ++offset) later.push_back(record(offset));
  seek(partition, later);
  deliver(partition, 10, 13);
  Message other = record(13);
  other.value = "other";
  EXPECT_FALSE(partition.admit(other));
  EXPECT_EQ(partition.status().state, StreamState::diverged);
}

TEST_F(OverlapTest, SpoiltRecordsOfThePastDoNotStopTheStream) {
  Partition partition = compared();
  for (int i = 1; i < equal_failures_max; ++i) {
    partition.failed(FailureKind::record, "bad", now_);
    now_.ms += retry_delay_max_ms;
    seek(partition, logged_);
  }
  partition.failed(FailureKind::record, "bad", now_);
  now_.ms += retry_delay_max_ms;
  seek(partition);
  EXPECT_EQ(partition.read_offset(), 10);
  EXPECT_TRUE(read(partition, 10, by_broker));
}

TEST_F(OverlapTest, AnotherClusterDiverges) {
  Partition partition({.stream = StreamName("events:0:0"), .next_offset = 10, .cluster = "A"},
                      TrustedTime::append_time);
  partition.answered({.high = 20, .asked_at = now_, .next_when_asked = 10, .cluster = "A"}, now_);
  EXPECT_EQ(partition.status().state, StreamState::overlap);
  partition.answered({.high = 20, .asked_at = now_, .next_when_asked = 10}, now_);
  EXPECT_EQ(partition.status().state, StreamState::overlap) << "not every broker says";
  partition.answered({.high = 20, .asked_at = now_, .next_when_asked = 10, .cluster = "B"}, now_);
  EXPECT_EQ(partition.status().state, StreamState::diverged);
}

TEST_F(OverlapTest, AMarkThatLiesElsewhereRaisesASuspicion) {
  Partition partition({.stream = StreamName("events:0:0"), .next_offset = 10, .newest_ms = 1'009},
                      TrustedTime::append_time);
  answer(partition, 0, 20);
  seek(partition, logged_);
  deliver(partition, 5, 10);
  ASSERT_EQ(partition.mark_ms(), 1'009);
  EXPECT_TRUE(read(partition, 10, by_broker));
  Watermarks marks{
      .high = 20, .asked_at = now_, .next_when_asked = 11, .mark_ms = 1'009, .mark_offset = 9};
  partition.answered(marks, now_);
  EXPECT_EQ(partition.status().state, StreamState::running);
  EXPECT_EQ(partition.overlap_before(), 11) << "all until then is vouched for";
  ASSERT_EQ(partition.mark_ms(), 1'010);
  marks.mark_ms = 1'010;
  marks.mark_offset = 0;
  partition.answered(marks, now_);
  EXPECT_EQ(partition.status().state, StreamState::overlap);
  EXPECT_TRUE(partition.overlap_due());
}

class DecisionTest : public PartitionTest {
 protected:
  static StreamDecision pass_over(int64_t to, const char* stream = "events:0:0",
                                  int64_t from = 10) {
    return {StreamDecision::What::gap_accepted, StreamName(stream), from, to};
  }
  static StreamDecision begin_epoch(const char* stream) {
    return {StreamDecision::What::epoch_begun, StreamName(stream)};
  }
  Partition with_gap() {
    Partition partition = after(10);
    answer(partition, 15, 20);
    EXPECT_EQ(partition.status().state, StreamState::gap);
    return partition;
  }
};

TEST_F(DecisionTest, AnAcceptedGapIsPassedOver) {
  Partition partition = with_gap();
  EXPECT_NE(partition.status().message.find("tiendo stream accept-gap events:0:0"),
            std::string::npos);
  partition.decide(pass_over(15));
  EXPECT_EQ(partition.status().state, StreamState::probing);
  begin(partition, 15, 20);
  EXPECT_TRUE(read(partition, 15, by_broker));
}

TEST_F(DecisionTest, AGapThatHasGrownMeanwhileStopsAgain) {
  Partition partition = with_gap();
  partition.decide(pass_over(15));
  answer(partition, 17, 20);
  EXPECT_EQ(partition.status().state, StreamState::gap);
}

TEST_F(DecisionTest, WhatDoesNotFitHasNoEffect) {
  Partition partition = with_gap();
  partition.decide(pass_over(10));
  partition.decide(pass_over(15, "events:0:1"));
  partition.decide(pass_over(15, "events:0:0", 9));
  partition.decide(begin_epoch("events:0:0"));
  partition.decide(begin_epoch("events:1:1"));
  EXPECT_EQ(partition.status().state, StreamState::gap);
  Partition running = after(10);
  begin(running, 0, 20);
  running.decide(pass_over(15));
  EXPECT_EQ(running.status().stream.text(), "events:0:0");
  EXPECT_EQ(running.status().next_offset, 10);
}

TEST_F(DecisionTest, ANewEpochBeginsWithTheOldestRecord) {
  Partition partition = after(10);
  answer(partition, 0, 5);
  answer(partition, 0, 5);
  ASSERT_EQ(partition.status().state, StreamState::diverged);
  partition.decide(pass_over(15));
  EXPECT_EQ(partition.status().state, StreamState::diverged) << "it is no gap";
  partition.decide(begin_epoch("events:0:1"));
  EXPECT_EQ(partition.status().stream.text(), "events:0:1");
  begin(partition, 2, 5);
  EXPECT_TRUE(read(partition, 2, by_broker));
}

TEST_F(DecisionTest, PoisonIsPassedOver) {
  Partition partition = after(10);
  begin(partition, 0, 20);
  for (int i = 0; i < equal_failures_max; ++i) {
    partition.failed(FailureKind::record, "bad", now_);
    now_.ms += retry_delay_max_ms;
    partition.sought();
  }
  ASSERT_EQ(partition.status().state, StreamState::poison);
  partition.decide(pass_over(11));
  begin(partition, 0, 20);
  EXPECT_TRUE(read(partition, 11, by_broker));
}

}  // namespace
}  // namespace tiendo

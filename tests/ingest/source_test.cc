#include "ingest/source.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

StreamHead head(uint64_t position, int64_t offset) {
  StreamHead head;
  head.next_position = position;
  head.next_offset = offset;
  return head;
}

TEST(PartitionNameTest, ReadsWhatItPrints) {
  const PartitionName name{"tiendo.events", 12, 3};
  EXPECT_EQ(name.stream().text(), "tiendo.events:12:3");
  const auto read = parse_partition_name(name.stream().text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->topic, "tiendo.events");
  EXPECT_EQ(read->partition, 12);
  EXPECT_EQ(read->epoch, 3u);
}

TEST(PartitionNameTest, RefusesOtherStreams) {
  for (const char* stream : {"intake", "control", "import:2024", "", ":", "::", "t:1", ":1:0",
                             "t:x:0", "t:1:", "t::0", "t:-1:0", "t:1:0x", "t:99999999999:0"}) {
    EXPECT_FALSE(parse_partition_name(stream)) << stream;
  }
}

TEST(ResumePointTest, BeginsEpochZeroOfAPartitionThatIsNotInTheLog) {
  LoggedStreams streams;
  StreamHeads& heads = streams.heads;
  heads[StreamName("events:1:0")] = head(5, 9);
  heads[StreamName("intake")] = head(2, 0);
  const ResumePoint point = resume_point(streams, "events", 0);
  EXPECT_EQ(point.stream.text(), "events:0:0");
  EXPECT_FALSE(point.next_offset);
}

TEST(ResumePointTest, GoesOnInTheLatestEpoch) {
  LoggedStreams streams;
  StreamHeads& heads = streams.heads;
  heads[StreamName("events:0:2")] = head(7, 70);
  heads[StreamName("events:0:10")] = head(3, 30);
  heads[StreamName("events:0:9")] = head(8, 80);
  const ResumePoint point = resume_point(streams, "events", 0);
  EXPECT_EQ(point.stream.text(), "events:0:10");
  EXPECT_EQ(point.next_offset, 30);
}

TEST(ResumePointTest, TakesAHeadWithoutRecordsForUnread) {
  LoggedStreams streams;
  StreamHeads& heads = streams.heads;
  heads[StreamName("events:0:0")] = head(0, 0);
  EXPECT_FALSE(resume_point(streams, "events", 0).next_offset);
}

TEST(ResumePointTest, KnowsTheNewestTimeAndTheCluster) {
  LoggedStreams streams;
  streams.heads[StreamName("events:0:0")] = head(5, 9);
  streams.heads[StreamName("events:0:0")].recorded_at = Instant{77};
  streams.origins[StreamName("events:0:0")] = {"cluster-a"};
  const ResumePoint point = resume_point(streams, "events", 0);
  EXPECT_EQ(point.newest_ms, 77);
  EXPECT_EQ(point.cluster, "cluster-a");
}

TEST(ResumePointTest, GoesOnBehindWhatWasPassedOver) {
  LoggedStreams streams;
  streams.heads[StreamName("events:0:0")] = head(5, 9);
  streams.decisions.add({StreamDecision::What::gap_accepted, StreamName("events:0:0"), 9, 20});
  streams.decisions.add({StreamDecision::What::gap_accepted, StreamName("events:1:0"), 0, 7});
  EXPECT_EQ(resume_point(streams, "events", 0).next_offset, 20);
  EXPECT_EQ(resume_point(streams, "events", 1).next_offset, 7) << "its first record was spoilt";
  streams.heads[StreamName("events:0:0")] = head(6, 21);
  EXPECT_EQ(resume_point(streams, "events", 0).next_offset, 21);
}

TEST(ResumePointTest, BeginsTheEpochThatWasDecided) {
  LoggedStreams streams;
  streams.heads[StreamName("events:0:0")] = head(5, 9);
  streams.decisions.add({StreamDecision::What::epoch_begun, StreamName("events:0:1")});
  const ResumePoint point = resume_point(streams, "events", 0);
  EXPECT_EQ(point.stream.text(), "events:0:1");
  EXPECT_FALSE(point.next_offset);
}

TEST(BytesOfTest, CountsEveryPartOfAMessage) {
  Message message;
  EXPECT_EQ(bytes_of(message), message_overhead_bytes);
  message.key = "key";
  message.value = "value";
  message.headers = {{"name", "text"}, {"none", std::nullopt}};
  EXPECT_EQ(bytes_of(message), message_overhead_bytes + 3 + 5 + 8 + 4);
}

}  // namespace
}  // namespace tiendo

#include "deploy/reach.h"

#include <gtest/gtest.h>

#include "deploy/asked_reach.h"
#include "deploy/control.h"

namespace tiendo {
namespace {

StreamHead head_at(int64_t recorded_ms) {
  return {.next_position = 3, .next_offset = 3, .recorded_at = {recorded_ms}};
}

const StreamReach& of(const std::vector<StreamReach>& reaches, std::string_view stream) {
  for (const StreamReach& reach : reaches) {
    if (reach.stream.text() == stream) return reach;
  }
  static const StreamReach none{.stream = StreamName("none")};
  ADD_FAILURE() << "no " << stream;
  return none;
}

TEST(ReachesOf, TheIntakeIsSettledAsFarAsTheIngesterSays) {
  IngestKnowledge ingest;
  ingest.status.intake_settled_at = {500};
  const auto reaches = reaches_of({{StreamName("intake"), head_at(100)}}, &ingest);
  EXPECT_EQ(of(reaches, "intake").settled_until, Instant{500});
}

TEST(ReachesOf, AnImportIsSettledUnlessItRuns) {
  ManualClock clock(Instant{1'000});
  RunningImports imports(clock);
  IngestKnowledge ingest{.imports = &imports};
  const StreamName stream("import:x");
  const StreamHeads heads{{stream, head_at(100)}};
  EXPECT_GT(of(reaches_of(heads, &ingest), "import:x").settled_until, Instant{1'000'000'000'000});
  imports.touch(stream);
  EXPECT_EQ(of(reaches_of(heads, &ingest), "import:x").settled_until, Instant{100});
  EXPECT_EQ(of(reaches_of(heads, &ingest), "import:x").state, "running");
  imports.end(stream);
  EXPECT_EQ(of(reaches_of(heads, &ingest), "import:x").state, "ended");
}

TEST(ReachesOf, AnImportThatFallsSilentIsOver) {
  ManualClock clock(Instant{0});
  RunningImports imports(clock);
  imports.touch(StreamName("import:x"));
  clock.set(Instant{59'999});
  EXPECT_TRUE(imports.running(StreamName("import:x")));
  clock.set(Instant{60'000});
  EXPECT_FALSE(imports.running(StreamName("import:x")));
}

TEST(ReachesOf, APartitionIsSettledByALaterRecord) {
  IngestKnowledge ingest;
  ingest.status.streams.push_back({.stream = StreamName("t:0:0"),
                                   .state = StreamState::running,
                                   .next_offset = 3,
                                   .reached_offset = 3,
                                   .end_offset = 10,
                                   .end_asked_at = Instant{900}});
  const auto reaches = reaches_of({{StreamName("t:0:0"), head_at(100)}}, &ingest);
  EXPECT_EQ(of(reaches, "t:0:0").settled_until, Instant{100});
  EXPECT_EQ(of(reaches, "t:0:0").lag, 7);
}

TEST(ReachesOf, APartitionReadToItsEndIsSettledUntilTheEndWasAskedFor) {
  IngestKnowledge ingest;
  ingest.status.streams.push_back({.stream = StreamName("t:0:0"),
                                   .state = StreamState::running,
                                   .next_offset = 9,
                                   .reached_offset = 10,  // the last was a transaction mark
                                   .end_offset = 10,
                                   .end_asked_at = Instant{900}});
  const auto reaches = reaches_of({{StreamName("t:0:0"), head_at(100)}}, &ingest);
  EXPECT_EQ(of(reaches, "t:0:0").settled_until, Instant{900});
  EXPECT_EQ(of(reaches, "t:0:0").lag, 0);
}

TEST(ReachesOf, APartitionWithoutARecordIsListedToo) {
  IngestKnowledge ingest;
  ingest.status.streams.push_back(
      {.stream = StreamName("t:1:0"), .state = StreamState::gap, .message = "gone"});
  const auto reaches = reaches_of({}, &ingest);
  EXPECT_TRUE(of(reaches, "t:1:0").stopped);
  EXPECT_EQ(of(reaches, "t:1:0").settled_until, std::nullopt);
}

TEST(ReachesOf, AnEarlierEpochIsClosed) {
  IngestKnowledge ingest;
  const auto reaches = reaches_of(
      {{StreamName("t:0:0"), head_at(100)}, {StreamName("t:0:1"), head_at(200)}}, &ingest);
  EXPECT_EQ(of(reaches, "t:0:0").state, "closed");
  EXPECT_EQ(of(reaches, "t:0:1").state, "not_read");
  EXPECT_EQ(of(reaches, "t:0:1").settled_until, Instant{200});
}

TEST(ReachesOf, AnEpochBegunWithoutARecordClosesTheOneBefore) {
  IngestKnowledge ingest;
  ingest.status.streams.push_back({.stream = StreamName("t:0:1"), .cluster = "c"});
  const auto reaches = reaches_of({{StreamName("t:0:0"), head_at(100)}}, &ingest);
  EXPECT_EQ(of(reaches, "t:0:0").state, "closed");
  EXPECT_EQ(of(reaches, "t:0:1").state, "probing");
  EXPECT_EQ(of(reaches, "t:0:1").cluster, "c");
}

TEST(ReachesOf, TheEndOfAPartitionThatStoppedSettlesNothing) {
  IngestKnowledge ingest;
  ingest.status.streams.push_back({.stream = StreamName("t:0:0"),
                                   .state = StreamState::diverged,
                                   .next_offset = 10,
                                   .reached_offset = 10,
                                   .end_offset = 5,
                                   .end_asked_at = Instant{900}});
  const auto reaches = reaches_of({{StreamName("t:0:0"), head_at(100)}}, &ingest);
  EXPECT_EQ(of(reaches, "t:0:0").settled_until, Instant{100});
}

TEST(ReachesOf, AStreamIsUnheardOnceItsBrokerIsSilentForAWhile) {
  IngestKnowledge ingest;
  ingest.status.streams.push_back({.stream = StreamName("t:0:0"),
                                   .state = StreamState::running,
                                   .next_offset = 5,
                                   .reached_offset = 5,
                                   .end_offset = 5});
  const auto unheard = [&] { return of(reaches_of({}, &ingest), "t:0:0").unheard; };
  ingest.now = Instant{100'000};
  EXPECT_TRUE(unheard()) << "nobody has said its end yet";
  ingest.status.streams[0].end_asked_at = Instant{100'000 - unheard_after_ms};
  EXPECT_FALSE(unheard());
  ingest.now.ms += 1;
  EXPECT_TRUE(unheard());
}

TEST(ReachesOf, WithoutTheWriterOnlyRecordsTell) {
  const auto reaches = reaches_of({{StreamName("import:x"), head_at(100)}}, nullptr);
  EXPECT_EQ(of(reaches, "import:x").settled_until, Instant{100});
  EXPECT_EQ(of(reaches, "import:x").state, "followed");
  EXPECT_TRUE(of(reaches, "import:x").unheard);
}

TEST(ReachesFromJson, HearsWhatWasSaid) {
  const std::vector<StreamReach> said{{.stream = StreamName("t:0:0"),
                                       .settled_until = Instant{-5},
                                       .state = "gap",
                                       .message = "một \"khoảng\"",
                                       .stopped = true,
                                       .lag = 12,
                                       .cluster = "c1"},
                                      {.stream = StreamName("intake")}};
  const auto heard = reaches_from_json(streams_json({}, said));
  ASSERT_TRUE(heard.ok());
  ASSERT_EQ(heard->size(), 2u);
  EXPECT_EQ((*heard)[0].stream.text(), "t:0:0");
  EXPECT_EQ((*heard)[0].settled_until, Instant{-5});
  EXPECT_EQ((*heard)[0].state, "gap");
  EXPECT_EQ((*heard)[0].message, said[0].message);
  EXPECT_TRUE((*heard)[0].stopped);
  EXPECT_EQ((*heard)[0].lag, 12);
  EXPECT_EQ((*heard)[0].cluster, "c1");
  EXPECT_EQ((*heard)[1].settled_until, std::nullopt);
}

}  // namespace
}  // namespace tiendo

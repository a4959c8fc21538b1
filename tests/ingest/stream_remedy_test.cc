#include "ingest/stream_remedy.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

// Read up to offset 10; the broker holds 30 to 99.
std::vector<StreamStatus> stream_in(StreamState state) {
  return {{.stream = StreamName("t:0:4"),
           .state = state,
           .next_offset = 10,
           .low_offset = 30,
           .end_offset = 100}};
}

Result<RemedyPlan> gap(StreamState state, std::optional<int64_t> to = {}) {
  return plan_remedy(Remedy::accept_gap, stream_in(state), "t:0:4", to);
}

Result<RemedyPlan> epoch(StreamState state) {
  return plan_remedy(Remedy::new_epoch, stream_in(state), "t:0:4", {});
}

TEST(AcceptGap, EndsWhereTheNextRecordCanBeHad) {
  const std::vector<std::pair<StreamState, int64_t>> ends = {
      {StreamState::gap, 30}, {StreamState::poison, 11}, {StreamState::untrusted_time, 100}};
  for (const auto& [state, end] : ends) {
    const auto plan = gap(state);
    ASSERT_TRUE(plan.ok()) << name_of(state) << plan.error().message;
    EXPECT_EQ(plan->act.type, EventType::control_gap_accepted);
    EXPECT_EQ(plan->act.stream, "t:0:4");
    EXPECT_EQ(plan->act.from, 10);
    EXPECT_EQ(plan->act.to, end) << name_of(state);
    EXPECT_EQ(plan->goes_on_at, end);
  }
}

TEST(AcceptGap, EndsWhereAPersonSaysWithinBounds) {
  EXPECT_EQ(gap(StreamState::poison, 15)->act.to, 15);
  EXPECT_EQ(gap(StreamState::poison, 100)->act.to, 100);
  EXPECT_EQ(gap(StreamState::poison, 101).error().code, "refused");
  EXPECT_EQ(gap(StreamState::poison, 10).error().code, "refused");
  EXPECT_EQ(gap(StreamState::gap, 29).error().code, "refused") << "that is not there either";
  EXPECT_EQ(gap(StreamState::gap, 31).error().code, "refused") << "that is there yet";
}

TEST(AcceptGap, IsRefusedWithTheNextStepWhereItHelpsNothing) {
  const auto diverged = gap(StreamState::diverged);
  EXPECT_EQ(diverged.error().code, "refused");
  EXPECT_NE(diverged.error().message.find("new-epoch"), std::string::npos);
  for (const StreamState state :
       {StreamState::running, StreamState::retry, StreamState::probing, StreamState::overlap}) {
    EXPECT_EQ(gap(state).error().code, "refused") << name_of(state);
  }
}

TEST(NewEpoch, IsTheNextOne) {
  for (const StreamState state : {StreamState::diverged, StreamState::gap}) {
    const auto plan = epoch(state);
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(plan->act.type, EventType::control_epoch_begun);
    EXPECT_EQ(plan->act.stream, "t:0:5");
    EXPECT_EQ(plan->goes_on_as.text(), "t:0:5");
    EXPECT_EQ(plan->goes_on_at, 30);
  }
}

TEST(NewEpoch, IsRefusedForATopicThatIsTheSame) {
  for (const StreamState state : {StreamState::poison, StreamState::untrusted_time}) {
    EXPECT_NE(epoch(state).error().message.find("accept-gap"), std::string::npos);
  }
  EXPECT_EQ(epoch(StreamState::running).error().code, "refused");
}

TEST(PlanRemedy, NamesTheStreamsWhereThereIsNoSuch) {
  const auto plan = plan_remedy(Remedy::accept_gap, stream_in(StreamState::gap), "t:0:3", {});
  EXPECT_EQ(plan.error().code, "not_found");
  EXPECT_NE(plan.error().message.find("t:0:4"), std::string::npos);
}

}  // namespace
}  // namespace tiendo

#include "ingest/stream_act.h"

#include <gtest/gtest.h>

#include "ingest/ingester.h"
#include "ingest/operator_act.h"

namespace tiendo {
namespace {

using namespace std::chrono_literals;

TEST(StreamDecisions, AreReadBackFromTheControlStream) {
  ManualClock clock(Instant{1'700'000'000'000});
  const auto store = make_memory_store(log_families());
  auto log = EventLog::open(*store);
  ASSERT_TRUE(log.ok());
  Intake intake(clock);
  Ingester ingester(**log, intake, nullptr);
  const auto say = [&](OperatorAct act) {
    act.author = "op";
    act.reason = "why";
    auto record = control_record(act, clock.now());
    ASSERT_TRUE(record.ok()) << record.error().message;
    clock.set(Instant{clock.now().ms + 1});
    std::vector<Message> one;
    one.push_back(std::move(*record));
    ASSERT_TRUE(intake.submit(StreamName("control"), std::move(one), nullptr).ok());
  };
  const auto gap = [](const char* stream, int64_t from, int64_t to) {
    return OperatorAct{
        .type = EventType::control_gap_accepted, .stream = stream, .from = from, .to = to};
  };
  say(gap("t:0:0", 10, 25));
  say(gap("t:0:0", 3, 5));
  say(gap("t:3:0", 3, 5));
  say(gap("t:3:0", 5, 9));
  say({.type = EventType::control_epoch_begun, .stream = "t:1:2"});
  say({.type = EventType::control_epoch_begun, .stream = "t:1:1"});
  say({.type = EventType::control_rejudged, .stream = "t:2:0", .position = 7});
  say(gap("intake", 1, 2));
  ASSERT_TRUE(ingester.step(0ms).ok());
  const LogReader reader = (*log)->reader();
  const auto decisions =
      decisions_in(reader, (*log)->heads().at(StreamName("control")).next_position);
  ASSERT_TRUE(decisions.ok());
  EXPECT_EQ(decisions->next_offset(StreamName("t:0:0"), 10), 25);
  EXPECT_EQ(decisions->next_offset(StreamName("t:0:0"), 12), 12) << "it came too late";
  EXPECT_EQ(decisions->next_offset(StreamName("t:0:0"), 30), 30);
  EXPECT_EQ(decisions->next_offset(StreamName("t:3:0"), 3), 9) << "one gap behind the other";
  EXPECT_EQ(decisions->epoch_of("t", 1), 2u);
  EXPECT_EQ(decisions->epoch_of("t", 0), 0u);
  EXPECT_EQ(decisions->next_offset(StreamName("t:2:0"), std::nullopt), std::nullopt);
  EXPECT_EQ(decisions->next_offset(StreamName("intake"), 1), 1);
}

}  // namespace
}  // namespace tiendo

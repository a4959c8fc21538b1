#include "ingest/intake.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "ingest/source.h"

namespace tiendo {
namespace {

const StreamName intake_stream("intake");

std::vector<Message> messages(std::size_t count, std::size_t bytes_each = 10) {
  std::vector<Message> made(count);
  for (Message& message : made) message.value = std::string(bytes_each, 'x');
  return made;
}

std::vector<Placed> places(const Intake::Drained& drained, uint64_t from) {
  std::vector<Placed> placed;
  for (const Intake::Taken& part : drained.parts) {
    for (std::size_t i = 0; i < part.count; ++i) placed.push_back({part.stream, from++, {}});
  }
  return placed;
}

// Remembers what it was answered.
struct Asker {
  std::vector<uint64_t> positions;
  std::string error;
  int answers = 0;

  Intake::Answer answer() {
    return [this](Result<std::vector<Placed>> placed) {
      ++answers;
      if (!placed.ok()) {
        error = placed.error().code;
        return;
      }
      for (const Placed& place : *placed) positions.push_back(place.position);
    };
  }
};

class IntakeTest : public testing::Test {
 protected:
  ManualClock clock_{Instant{1'000}};
};

TEST(IntakeStreamTest, KnowsItsStreams) {
  for (const char* name : {"intake", "control", "import:2024"}) {
    EXPECT_TRUE(is_intake_stream(StreamName(name))) << name;
  }
  for (const char* name : {"import:", "events:0:0", "intakes"}) {
    EXPECT_FALSE(is_intake_stream(StreamName(name))) << name;
  }
}

TEST_F(IntakeTest, AnswersEachSubmissionWithItsOwnPlaces) {
  Intake intake(clock_);
  Asker first, second;
  ASSERT_TRUE(intake.submit(intake_stream, messages(2), first.answer()).ok());
  ASSERT_TRUE(intake.submit(StreamName("import:a"), messages(1), second.answer()).ok());
  const auto drained = intake.take(100, 1 << 20);
  ASSERT_EQ(drained.parts.size(), 2u);
  EXPECT_EQ(first.answers, 0) << "nothing is durable yet";
  intake.answer(drained, places(drained, 7));
  EXPECT_EQ(first.positions, (std::vector<uint64_t>{7, 8}));
  EXPECT_EQ(second.positions, (std::vector<uint64_t>{9}));
  EXPECT_FALSE(intake.waiting());
}

TEST_F(IntakeTest, TakesASubmissionOfAllTheRoomThereIsAndNotOneByteMore) {
  const std::size_t one = [&] {
    Intake probe(clock_, 1 << 20);
    Asker asker;
    EXPECT_TRUE(probe.submit(intake_stream, messages(1, 100), asker.answer()).ok());
    return probe.take(1, 1 << 20).parts.front().bytes;
  }();
  Asker asker;
  Intake just(clock_, one);
  EXPECT_TRUE(just.submit(intake_stream, messages(1, 100), asker.answer()).ok());
  Intake small(clock_, one - 1);
  const auto refused = small.submit(intake_stream, messages(1, 100), asker.answer());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "batch_too_large");
}

TEST_F(IntakeTest, AnswersALargeSubmissionOnceAfterItsLastPart) {
  Intake intake(clock_);
  Asker asker;
  ASSERT_TRUE(intake.submit(intake_stream, messages(5), asker.answer()).ok());
  uint64_t position = 0;
  for (const std::size_t expected : {2u, 2u, 1u}) {
    EXPECT_EQ(asker.answers, 0);
    const auto drained = intake.take(2, 1 << 20);
    ASSERT_EQ(drained.parts.size(), 1u);
    EXPECT_EQ(drained.parts[0].count, expected);
    intake.answer(drained, places(drained, position));
    position += expected;
  }
  EXPECT_EQ(asker.answers, 1);
  EXPECT_EQ(asker.positions, (std::vector<uint64_t>{0, 1, 2, 3, 4}));
}

TEST_F(IntakeTest, TakesAtLeastOneMessageWhateverItsSize) {
  Intake intake(clock_);
  Asker asker;
  ASSERT_TRUE(intake.submit(intake_stream, messages(2, 5000), asker.answer()).ok());
  EXPECT_EQ(intake.take(100, 1).parts.at(0).count, 1u);
  EXPECT_TRUE(intake.take(0, 1 << 20).parts.empty());
  EXPECT_TRUE(intake.take(100, 0).parts.empty());
}

TEST_F(IntakeTest, HoldsAsMuchAsItMayAndRefusesOneByteMore) {
  const std::size_t each = message_overhead_bytes + 10;
  Intake intake(clock_, 3 * each);
  Asker asker;
  ASSERT_TRUE(intake.submit(intake_stream, messages(2), asker.answer()).ok());
  const Status refused = intake.submit(intake_stream, messages(1, 11), asker.answer());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "busy");
  ASSERT_TRUE(intake.submit(intake_stream, messages(1), asker.answer()).ok());
  EXPECT_FALSE(intake.submit(intake_stream, messages(1, 0), asker.answer()).ok());

  const auto drained = intake.take(2, 1 << 20);
  EXPECT_FALSE(intake.submit(intake_stream, messages(1), asker.answer()).ok())
      << "what is taken still takes room";
  intake.answer(drained, places(drained, 0));
  EXPECT_TRUE(intake.submit(intake_stream, messages(2), asker.answer()).ok());
  EXPECT_EQ(asker.answers, 1) << "the refused were not answered besides";
}

TEST_F(IntakeTest, AnswersAnEmptySubmissionAtOnce) {
  Intake intake(clock_);
  Asker asker;
  ASSERT_TRUE(intake.submit(intake_stream, {}, asker.answer()).ok());
  EXPECT_EQ(asker.answers, 1);
  EXPECT_FALSE(intake.waiting());
}

TEST_F(IntakeTest, AdmitsNeverBeforeAnEarlierAdmission) {
  Intake intake(clock_);
  EXPECT_EQ(intake.take(1, 1).admitted_at, Instant{1'000});
  clock_.set(Instant{500});
  EXPECT_EQ(intake.take(1, 1).admitted_at, Instant{1'000});
  clock_.set(Instant{2'000});
  EXPECT_EQ(intake.take(1, 1).admitted_at, Instant{2'000});
}

TEST_F(IntakeTest, RefusedPartsAreAnsweredWithTheErrorOnce) {
  Intake intake(clock_);
  Asker asker;
  ASSERT_TRUE(intake.submit(intake_stream, messages(3), asker.answer()).ok());
  intake.refuse(intake.take(2, 1 << 20), Error{"io", "disk full"});
  EXPECT_EQ(asker.error, "io");
  intake.refuse(intake.take(2, 1 << 20), Error{"io", "disk full"});
  EXPECT_EQ(asker.answers, 1);
}

TEST_F(IntakeTest, ClosingAnswersWhatNobodyTookAndRefusesTheRest) {
  Asker taken, partly, untouched, late;
  {
    Intake intake(clock_);
    ASSERT_TRUE(intake.submit(intake_stream, messages(1), taken.answer()).ok());
    ASSERT_TRUE(intake.submit(intake_stream, messages(2), partly.answer()).ok());
    ASSERT_TRUE(intake.submit(intake_stream, messages(1), untouched.answer()).ok());
    const auto drained = intake.take(2, 1 << 20);
    intake.close();
    EXPECT_EQ(untouched.error, "closing");
    EXPECT_EQ(intake.submit(intake_stream, messages(1), late.answer()).error().code, "closing");
    intake.answer(drained, places(drained, 0));
    EXPECT_EQ(taken.positions, std::vector<uint64_t>{0});
    EXPECT_TRUE(intake.waiting()) << "what was begun can be ended";
  }
  EXPECT_EQ(partly.error, "closing");
  EXPECT_EQ(late.answers, 0);
}

TEST_F(IntakeTest, SubmissionsOfManyThreadsAreAllPlacedOnce) {
  Intake intake(clock_);
  std::atomic<int> wakes = 0;
  intake.on_submit([&] { ++wakes; });
  constexpr int threads = 4, submissions = 200;
  std::atomic<int> placed = 0;
  std::vector<std::jthread> senders;
  for (int t = 0; t < threads; ++t) {
    senders.emplace_back([&] {
      for (int i = 0; i < submissions; ++i) {
        const Status sent = intake.submit(intake_stream, messages(3), [&](const auto& answer) {
          placed += static_cast<int>(answer->size());
        });
        ASSERT_TRUE(sent.ok());
      }
    });
  }
  uint64_t position = 0;
  while (placed < threads * submissions * 3) {
    intake.wait(std::chrono::milliseconds(100));
    const auto drained = intake.take(7, 1 << 20);
    intake.answer(drained, places(drained, position));
    for (const auto& part : drained.parts) position += part.count;
  }
  EXPECT_EQ(position, uint64_t{threads * submissions * 3});
  EXPECT_EQ(wakes, threads * submissions);
}

}  // namespace
}  // namespace tiendo

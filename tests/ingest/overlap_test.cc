#include "ingest/overlap.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

Message record(int64_t offset, int64_t ms = 0) {
  Message made;
  made.offset = offset;
  made.timestamp_type = TimestampType::log_append_time;
  made.timestamp_ms = ms != 0 ? ms : 1'000 + offset;
  made.value = std::to_string(offset);
  return made;
}

class RecordsBeforeTest : public testing::Test {
 protected:
  RecordsBeforeTest() {
    auto log = EventLog::open(*store_);
    log_ = std::move(log).value();
  }
  // Records at every third offset.
  void append(int64_t count) {
    EventLog::Batch batch{stream_, {}};
    for (int64_t i = 0; i < count; ++i) {
      batch.admissions.push_back({record(3 * i), std::nullopt, Refusal{Reason::not_json}, {}});
    }
    std::vector<EventLog::Batch> batches;
    batches.push_back(std::move(batch));
    ASSERT_TRUE(log_->append(std::move(batches)).ok());
  }
  std::vector<int64_t> before(int64_t offset) const {
    const auto head = log_->heads().find(stream_);
    const uint64_t end = head == log_->heads().end() ? 0 : head->second.next_position;
    const auto records = records_before(log_->reader(), stream_, end, offset);
    EXPECT_TRUE(records.ok());
    std::vector<int64_t> offsets;
    for (const Message& one : *records) offsets.push_back(one.offset);
    return offsets;
  }

  const StreamName stream_{"t:0:0"};
  std::unique_ptr<KvStore> store_ = make_memory_store(log_families());
  std::unique_ptr<EventLog> log_;
};

TEST_F(RecordsBeforeTest, AreTheLastOnesBelowTheOffset) {
  EXPECT_TRUE(before(100).empty());
  append(200);
  for (const int64_t offset : {1, 2, 3, 4, 191, 192, 193, 194, 400, 598, 599, 10'000}) {
    const auto found = before(offset);
    const int64_t below = std::min<int64_t>((offset + 2) / 3, 200);
    ASSERT_EQ(found.size(), static_cast<std::size_t>(std::min<int64_t>(below, 64))) << offset;
    EXPECT_EQ(found.back(), 3 * (below - 1)) << offset;
    EXPECT_EQ(found.front(), 3 * (below - static_cast<int64_t>(found.size()))) << offset;
  }
  EXPECT_TRUE(before(0).empty());
}

TEST(OverlapOfRecords, IsDoneWithTheLastOne) {
  Overlap overlap({record(3), record(5)}, 0, false);
  EXPECT_EQ(overlap.begin_offset(), 3);
  EXPECT_EQ(overlap.end_offset(), 6);
  EXPECT_EQ(overlap.take(record(3)), "");
  EXPECT_EQ(overlap.take(record(4)), "") << "one that a person passed over";
  EXPECT_FALSE(overlap.done());
  EXPECT_EQ(overlap.take(record(5)), "");
  EXPECT_TRUE(overlap.done());
}

TEST(OverlapOfRecords, SaysWhichOneIsMissing) {
  Overlap overlap({record(3), record(5)}, 0, false);
  EXPECT_NE(overlap.take(record(4)).find("offset 3"), std::string::npos);
  Overlap cut({record(3), record(5)}, 0, false);
  EXPECT_EQ(cut.take(record(3)), "");
  EXPECT_NE(cut.take_end().find("offset 5"), std::string::npos);
  Overlap compacted({record(3), record(5)}, 0, true);
  EXPECT_EQ(compacted.take_end(), "");
  EXPECT_TRUE(compacted.done());
}

TEST(DifferenceOf, NamesTheParts) {
  Message other = record(1);
  EXPECT_EQ(difference_of(record(1), other), "");
  other.key = "k";
  other.timestamp_ms = 9;
  EXPECT_NE(difference_of(record(1), other).find("(timestamp, key)"), std::string::npos);
}

TEST(TimeMarkTest, OfTheLogIsTheFirstRecordOfTheNewestTime) {
  TimeMark mark(50);
  mark.begin({record(1, 20), record(2, 50), record(3, 50)});
  ASSERT_EQ(mark.asks_ms(), 50);
  EXPECT_EQ(mark.holds(50, 2, 0, 4), true);
  EXPECT_EQ(mark.holds(50, 0, 0, 4), false);
  EXPECT_EQ(mark.holds(50, 3, 0, 4), false);
  EXPECT_EQ(mark.holds(50, std::nullopt, 0, 4), false);
  EXPECT_EQ(mark.holds(50, 9, 9, 4), std::nullopt) << "gone by age";
  EXPECT_EQ(mark.holds(49, 0, 0, 4), std::nullopt) << "an answer to a question of before";
}

TEST(TimeMarkTest, NoneOfTheLogWhereOthersBeforeMayBeAsLate) {
  TimeMark of_one_batch(50);
  of_one_batch.begin({record(1, 50), record(2, 50)});
  EXPECT_FALSE(of_one_batch.asks_ms());
  TimeMark after_a_clock_went_back(90);
  after_a_clock_went_back.begin({record(1, 20), record(2, 50)});
  EXPECT_FALSE(after_a_clock_went_back.asks_ms());
  after_a_clock_went_back.read(record(3, 80), 3);
  EXPECT_FALSE(after_a_clock_went_back.asks_ms());
  after_a_clock_went_back.read(record(5, 91), 4);
  EXPECT_EQ(after_a_clock_went_back.asks_ms(), 91);
  EXPECT_EQ(after_a_clock_went_back.holds(91, 4, 0, 6), true) << "a mark of a transaction";
}

TEST(TimeMarkTest, MovesOnlyToWhatAnAnswerVouchesFor) {
  TimeMark mark(0);
  mark.read(record(4, 10), 4);
  mark.read(record(6, 20), 5);
  EXPECT_EQ(mark.holds(10, 4, 0, 6), true) << "asked before 6 was read";
  EXPECT_EQ(mark.asks_ms(), 10);
  EXPECT_EQ(mark.holds(10, 4, 0, 7), true);
  EXPECT_EQ(mark.asks_ms(), 20);
}

}  // namespace
}  // namespace tiendo

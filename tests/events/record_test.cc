#include "events/record.h"

#include <gtest/gtest.h>

#include <string>

#include "events/bytes.h"

namespace tiendo {
namespace {

Message message() {
  return {.offset = 7,
          .timestamp_type = TimestampType::log_append_time,
          .timestamp_ms = 1'700'000'000'000,
          .key = "k",
          .headers = {{"ce_id", "1"}, {"empty", std::nullopt}},
          .value = "{}"};
}

Judgement rejection() {
  return {.verdict = Verdict::rejected,
          .rules = 1,
          .refusal = {Reason::not_json, "value", "{", "one JSON value"}};
}

std::string row(const Message& message, const Judgement& judgement) {
  std::string out = message_bytes(message);
  append_judgement(out, Instant{1'700'000'000'001}, judgement);
  return out;
}

std::string hex(std::string_view bytes) {
  return to_hex({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

// The hashed part of a record and its row. What is stored never changes: should one of these fail,
// a new version of the layout is wanted beside the old one.
TEST(Record, BytesAreWhatTheyEverWere) {
  EXPECT_EQ(hex(record_key(StreamName("t:0:0"), 258)), "0005743a303a300000000000000102");
  EXPECT_EQ(hex(message_bytes(message())),
            "01"                // version
            "8000000000000007"  // offset
            "02"
            "8000018bcfe56800"  // log append time
            "00000001"
            "6b"        // key
            "00000002"  // headers
            "00000005"
            "63655f6964"
            "00000001"
            "31"
            "00000005"
            "656d707479"
            "ffffffff"
            "00000002"
            "7b7d");  // value
  EXPECT_EQ(hex(row(message(), {.rules = 1})).substr(hex(message_bytes(message())).size()),
            "8000018bcfe56801"
            "00"
            "00"
            "0001");
  EXPECT_EQ(hex(row(message(), rejection())).substr(hex(message_bytes(message())).size()),
            "8000018bcfe56801"
            "02"
            "00"
            "0001"
            "06"
            "00000005"
            "76616c7565"
            "00000001"
            "7b"
            "0000000e"
            "6f6e65204a534f4e2076616c7565");
}

TEST(Record, IsReadAsItWasWritten) {
  Message tombstone;
  for (const Message& one : {message(), tombstone}) {
    for (const Judgement& judgement :
         {Judgement{}, Judgement{.verdict = Verdict::duplicate, .conflict = true}, rejection()}) {
      Record record{.stream = StreamName("t:0:0")};
      ASSERT_TRUE(parse_record(row(one, judgement), record));
      EXPECT_EQ(record.message, one);
      EXPECT_EQ(record.judgement, judgement);
      EXPECT_EQ(record.recorded_at.ms, 1'700'000'000'001);
    }
  }
}

TEST(Record, NothingOfTheRecordBeforeStaysInOneThatIsUsedAgain) {
  Record record{.stream = StreamName("t:0:0")};
  ASSERT_TRUE(parse_record(row(message(), rejection()), record));
  ASSERT_TRUE(parse_record(row(Message{}, {}), record));
  EXPECT_EQ(record.message, Message{});
  EXPECT_EQ(record.judgement, Judgement{});
}

TEST(Record, RejectsEveryRowThatIsCutOrLonger) {
  const std::string whole = row(message(), rejection());
  Record record{.stream = StreamName("t:0:0")};
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_record(whole.substr(0, size), record)) << size;
  }
  EXPECT_FALSE(parse_record(whole + '\0', record));
}

TEST(Record, RejectsNumbersThatStandForNothing) {
  Record record{.stream = StreamName("t:0:0")};
  const std::string accepted = row(message(), {.rules = 1});
  const auto with = [](std::string bytes, std::size_t at, char value) {
    bytes[at] = value;
    return bytes;
  };
  EXPECT_FALSE(parse_record(with(accepted, 0, 2), record)) << "version";
  EXPECT_FALSE(parse_record(with(accepted, 9, 5), record)) << "timestamp type";
  EXPECT_FALSE(parse_record(with(accepted, accepted.size() - 4, 3), record)) << "verdict";
  EXPECT_FALSE(parse_record(with(accepted, accepted.size() - 3, 2), record)) << "conflict";
  const std::string rejected = row(message(), rejection());
  const std::size_t reason = accepted.size();
  EXPECT_FALSE(parse_record(with(rejected, reason, static_cast<char>(reason_count)), record));
  EXPECT_TRUE(parse_record(with(rejected, reason, static_cast<char>(reason_count - 1)), record));
}

// Hostile lengths must neither be believed nor waited for.
TEST(Record, SurvivesEveryFlippedBit) {
  const std::string whole = row(message(), rejection());
  Record record{.stream = StreamName("t:0:0")};
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    if (!parse_record(flipped, record)) continue;
    EXPECT_NE(record.message == message() && record.judgement == rejection() &&
                  record.recorded_at.ms == 1'700'000'000'001,
              true)
        << "bit " << bit << " is stored and means nothing";
  }
}

TEST(StreamHead, IsReadAsItWasWritten) {
  StreamHead head{.next_position = 6, .next_offset = -1, .recorded_at = {-5}};
  head.counters.accepted = 3;
  head.counters.duplicate = 1;
  head.counters.conflict = 1;
  head.counters.rejected[6] = 1;
  head.counters.rejected[reason_count - 1] = 1;
  const auto read = parse_head(head_bytes(head));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->next_position, 6U);
  EXPECT_EQ(read->next_offset, -1);
  EXPECT_EQ(read->recorded_at.ms, -5);
  EXPECT_EQ(read->counters, head.counters);
  EXPECT_EQ(read->counters.received(), 6U);
  std::string unknown_reason = head_bytes(head);
  bytes::put(unknown_reason, reason_count);
  bytes::put(unknown_reason, uint64_t{1});
  EXPECT_FALSE(parse_head(unknown_reason));
  EXPECT_FALSE(parse_head(head_bytes(head).substr(1)));
  std::string again = head_bytes(head);
  bytes::put(again, static_cast<uint8_t>(reason_count - 1));
  bytes::put(again, uint64_t{1});
  EXPECT_FALSE(parse_head(again)) << "a reason counted twice";
}

}  // namespace
}  // namespace tiendo

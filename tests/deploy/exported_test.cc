#include "deploy/exported.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

Record record() {
  Record record{.stream = StreamName("t:0:0"), .position = 7, .recorded_at = {1'000}};
  record.message.offset = 9;
  record.message.timestamp_type = TimestampType::log_append_time;
  record.message.timestamp_ms = 900;
  record.message.value = "{\"a\":\"ế\"}";
  return record;
}

TEST(ExportedLine, HasTheValueAsText) {
  EXPECT_EQ(exported_line(record()),
            R"({"stream":"t:0:0","position":7,"offset":9,"stamp_ms":900,)"
            R"("timestamp_type":"log_append_time","recorded_at_ms":1000,"verdict":"accepted",)"
            R"("value":"{\"a\":\"ế\"}"})"
            "\n");
}

TEST(ExportedLine, HasBytesThatAreNoTextInBase64) {
  Record one = record();
  one.message.value = "\xff\xfe\xfd";
  one.message.key = "\xff";
  const std::string line = exported_line(one);
  EXPECT_NE(line.find(R"("value_base64":"//79")"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("key_base64":"/w==")"), std::string::npos) << line;
  EXPECT_EQ(line.find(R"("value":)"), std::string::npos);
}

TEST(ExportedLine, ATombstoneHasNoValue) {
  Record one = record();
  one.message.value.reset();
  EXPECT_EQ(exported_line(one).find("value"), std::string::npos);
}

TEST(ExportedLine, SaysWhyARecordWasRejected) {
  Record one = record();
  one.judgement = {.verdict = Verdict::rejected, .refusal = {Reason::not_json, "", "x", "JSON"}};
  one.message.headers = {{"ce_id", "1"}};
  const std::string line = exported_line(one);
  EXPECT_NE(line.find(R"("verdict":"rejected","code":"not_json")"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("headers":{"ce_id":"1"})"), std::string::npos) << line;
}

TEST(ExportedLine, StaysOneLine) {
  Record one = record();
  one.message.value = "a\nb";
  const std::string line = exported_line(one);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

}  // namespace
}  // namespace tiendo

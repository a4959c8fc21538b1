#include "ingest/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tiendo {
namespace {

class LineReaderTest : public testing::Test {
 protected:
  ~LineReaderTest() override { std::filesystem::remove(path_); }

  void write(std::string_view bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  // The values of the whole file; how it ended is in error_.
  std::vector<std::string> read(std::size_t line_bytes_max = 1000, std::size_t events_max = 3) {
    auto reader = LineReader::open(path_, line_bytes_max);
    EXPECT_TRUE(reader.ok());
    std::vector<std::string> values;
    for (;;) {
      auto messages = (*reader)->next({.events_max = events_max, .bytes_max = 1 << 20});
      progress_ = (*reader)->progress();
      if (!messages.ok()) {
        error_ = messages.error();
        return values;
      }
      if (messages->empty()) return values;
      EXPECT_LE(messages->size(), events_max);
      for (const Message& message : *messages) {
        EXPECT_EQ(message.offset, -1);
        EXPECT_TRUE(message.headers.empty());
        values.push_back(*message.value);
      }
    }
  }

  const std::string path_ = testing::TempDir() + "lines-" + std::to_string(::getpid());
  ReadProgress progress_;
  std::optional<Error> error_;
};

using Values = std::vector<std::string>;

TEST_F(LineReaderTest, ReadsLinesAsTheyAre) {
  write("{\"a\": 1}\n  {}\t\nnot json\n\xFF\xFE\n");
  EXPECT_EQ(read(), (Values{"{\"a\": 1}", "  {}\t", "not json", "\xFF\xFE"}));
  EXPECT_EQ(progress_.lines, 4u);
}

TEST_F(LineReaderTest, ToleratesLineEndsOfWindowsAndAnUnendedLastLine) {
  write("a\r\nb\r\r\nc");
  EXPECT_EQ(read(), (Values{"a", "b\r", "c"}));
}

TEST_F(LineReaderTest, CountsBlankLinesAndSkipsThem) {
  write("\n\r\na\n \t\n\nb\n\n");
  EXPECT_EQ(read(), (Values{"a", "b"}));
  EXPECT_EQ(progress_.blank_lines, 5u);
  EXPECT_EQ(progress_.lines, 7u);
}

TEST_F(LineReaderTest, EndsAtOnceOnAnEmptyFile) {
  write("");
  EXPECT_EQ(read(), Values{});
  EXPECT_FALSE(error_);
}

TEST_F(LineReaderTest, ProgressReachesTheSizeOfTheFile) {
  write("first\nsecond\r\n\nlast");
  EXPECT_EQ(read().size(), 3u);
  EXPECT_EQ(progress_.bytes_done, 19u);
  EXPECT_EQ(progress_.bytes_total, 19u);
}

TEST_F(LineReaderTest, TakesALineAtTheLimitAndRefusesOneByteMore) {
  const std::string full(100, 'x');
  write(full + "\n" + full + "\r\n" + full);
  EXPECT_EQ(read(100), (Values{full, full, full}));
  EXPECT_FALSE(error_);
  EXPECT_EQ(progress_.lines, 3u);
  write("ok\n" + full + "y\n");
  EXPECT_EQ(read(100, 1), Values{"ok"});
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->code, "line_too_long");
  EXPECT_NE(error_->message.find("line 2"), std::string::npos) << error_->message;
}

TEST_F(LineReaderTest, ReadsLinesLongerThanItsBuffer) {
  const std::string line(700'000, 'x');
  write(line + "\n" + line + "\nend");
  EXPECT_EQ(read(1 << 20), (Values{line, line, "end"}));
}

TEST_F(LineReaderTest, HoldsToTheBoundOfBytes) {
  write("aaaa\nbbbb\ncccc\n");
  auto reader = LineReader::open(path_);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ((*reader)->next({.events_max = 10, .bytes_max = 5})->size(), 2u);
  EXPECT_EQ((*reader)->next({.events_max = 10, .bytes_max = 5})->size(), 1u);
}

TEST_F(LineReaderTest, SaysThatThereIsNoSuchFile) {
  const auto reader = LineReader::open(path_ + "-absent");
  ASSERT_FALSE(reader.ok());
  EXPECT_EQ(reader.error().code, "not_found");
  EXPECT_EQ(LineReader::open(testing::TempDir()).error().code, "io");
}

Values split(std::string_view body) {
  const auto elements = split_array(body);
  if (!elements.ok()) return {"error: " + elements.error().code};
  return {elements->begin(), elements->end()};
}

TEST(SplitArrayTest, GivesTheBytesOfEachElement) {
  EXPECT_EQ(split(R"([{"a":[1,2],"b":"],}"},  [] ,"x,y" ])"),
            (Values{R"({"a":[1,2],"b":"],}"})", "[]", R"("x,y")"}));
  EXPECT_EQ(split(" \r\n\t[1]\n"), Values{"1"});
  EXPECT_EQ(split("[]"), Values{});
  EXPECT_EQ(split("[ \n ]"), Values{});
}

TEST(SplitArrayTest, KeepsWhatStandsBetweenTheBytesOfAnElement) {
  EXPECT_EQ(split("[ { \"a\" :\n1 } ]"), Values{"{ \"a\" :\n1 }"});
  EXPECT_EQ(split(R"(["\"\\", "\\"])"), (Values{R"("\"\\")", R"("\\")"}));
}

TEST(SplitArrayTest, LeavesElementsThatAreNoJsonToTheJudge) {
  EXPECT_EQ(split("[{a:1}, nul, 01, {\"k\" 1}, {,}, \"\xFF\", \"\n\"]"),
            (Values{"{a:1}", "nul", "01", "{\"k\" 1}", "{,}", "\"\xFF\"", "\"\n\""}));
}

TEST(SplitArrayTest, RefusesWhatCannotBeSplit) {
  for (const char* body :
       {"",     " ",    "{}",         "1",      "\xEF\xBB\xBF[1]", "[",      "[1",   "[1,",
        "[1,]", "[,1]", "[,]",        "[1,,2]", "[1] 2",           "[1]]",   "[{]",  "[{]}",
        "[}]",  "[[1)", "[{\"a\":1]", "[\"a]",  "[\"a\\\"]",       "[\"a\\", "[1 }", "[]["}) {
    EXPECT_EQ(split(body), Values{"error: not_an_array"}) << body;
  }
}

TEST(SplitArrayTest, BearsAnyDepth) {
  const std::string deep = std::string(1 << 20, '[') + std::string(1 << 20, ']');
  EXPECT_EQ(split("[" + deep + "]"), Values{deep});
}

}  // namespace
}  // namespace tiendo

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

  // The lines of the whole file that are not blank.
  std::vector<std::string> read(std::size_t line_bytes_max = 1000, std::size_t lines_max = 3) {
    auto reader = LineReader::open(path_, line_bytes_max);
    EXPECT_TRUE(reader.ok());
    std::vector<std::string> values;
    for (;;) {
      auto lines = (*reader)->next({.lines_max = lines_max, .bytes_max = 1 << 20});
      progress_ = (*reader)->progress();
      EXPECT_TRUE(lines.ok());
      if (!lines.ok() || lines->empty()) return values;
      EXPECT_LE(lines->size(), lines_max);
      for (const Line& line : *lines) {
        numbers_.push_back(line.number);
        if (line.text) {
          EXPECT_EQ(line.bytes, line.text->size());
        }
        values.push_back(line.text ? *line.text : "passed over: " + std::to_string(line.bytes));
      }
    }
  }

  const std::string path_ = testing::TempDir() + "lines-" + std::to_string(::getpid());
  ReadProgress progress_;
  std::vector<uint64_t> numbers_;  // of the lines read
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
}

TEST_F(LineReaderTest, ProgressReachesTheSizeOfTheFile) {
  write("first\nsecond\r\n\nlast");
  EXPECT_EQ(read().size(), 3u);
  EXPECT_EQ(progress_.bytes_done, 19u);
  EXPECT_EQ(progress_.bytes_total, 19u);
}

TEST_F(LineReaderTest, TakesALineAtTheLimitAndPassesOverOneByteMore) {
  const std::string full(100, 'x');
  write(full + "\n" + full + "\r\n" + full);
  EXPECT_EQ(read(100), (Values{full, full, full}));
  EXPECT_EQ(progress_.lines, 3u);
  for (const char* end : {"\n", "\r\n"}) {
    write("ok\n\n" + full + "y" + end + "more\n");
    numbers_.clear();
    EXPECT_EQ(read(100, 1), (Values{"ok", "passed over: 101", "more"}));
    EXPECT_EQ(numbers_, (std::vector<uint64_t>{1, 3, 4}));
    EXPECT_EQ(progress_.bytes_done, progress_.bytes_total);
  }
}

TEST_F(LineReaderTest, PassesOverALineManyTimesAsLongAsItsBuffer) {
  const std::string line(3'000'000, 'x');
  write(line + "\nend");
  EXPECT_EQ(read(1000), (Values{"passed over: 3000000", "end"}));
  write("begin\n" + line);
  EXPECT_EQ(read(1000), (Values{"begin", "passed over: 3000000"}));
  EXPECT_EQ(progress_.bytes_done, progress_.bytes_total);
}

TEST_F(LineReaderTest, ReadsLinesLongerThanItsBuffer) {
  const std::string line(700'000, 'x');
  write(line + "\n" + line + "\nend");
  EXPECT_EQ(read(1 << 20), (Values{line, line, "end"}));
}

TEST_F(LineReaderTest, HoldsToTheBoundOfBytes) {
  write("aaaa\nbbbb\ncccccccccc\nd\n");
  auto reader = LineReader::open(path_);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ((*reader)->next({.lines_max = 10, .bytes_max = 9})->size(), 2u);
  EXPECT_EQ((*reader)->next({.lines_max = 10, .bytes_max = 9})->size(), 1u) << "alone";
  EXPECT_EQ((*reader)->next({.lines_max = 10, .bytes_max = 9})->size(), 1u);
  EXPECT_TRUE((*reader)->next({.lines_max = 10, .bytes_max = 9})->empty());
}

TEST_F(LineReaderTest, TellsWhatThePersonWhoNamedTheFileCanMend) {
  const auto absent = LineReader::open(path_ + "-absent");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().code, "not_found");
  const auto folder = LineReader::open(testing::TempDir());
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().code, "wrong_use");
  EXPECT_NE(folder.error().message.find("name the files in it"), std::string::npos);
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  write("x");
  std::filesystem::permissions(path_, std::filesystem::perms::none);
  const auto closed = LineReader::open(path_);
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(closed.error().code, "wrong_use");
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

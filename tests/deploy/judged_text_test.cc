#include "deploy/judged_text.h"

#include <gtest/gtest.h>

#include <fstream>

#include "events/limits.h"
#include "events/store_folder.h"

namespace tiendo {
namespace {

const std::string event = R"({"specversion":"1.0","id":"1"})";

class JudgedTextTest : public ::testing::Test {
 protected:
  // "LINE TEXT" of each; a document printed over many lines has a * before it.
  std::vector<std::string> texts(const std::string& content) {
    const std::string path = (folder_.path() / "file").string();
    std::ofstream(path, std::ios::binary) << content;
    auto texts = JudgedTexts::open(path);
    EXPECT_TRUE(texts.ok());
    std::vector<std::string> found;
    for (;;) {
      const auto text = texts->next();
      EXPECT_TRUE(text.ok());
      if (!text.ok() || !*text) return found;
      const Line& line = (*text)->line;
      found.push_back(std::string((*text)->is_printed ? "*" : "") + std::to_string(line.number) +
                      " " + line.text.value_or("too large: " + std::to_string(line.bytes)));
    }
  }

  TemporaryFolder folder_ = TemporaryFolder::make("judged-text-").value();
};

using Found = std::vector<std::string>;

TEST_F(JudgedTextTest, TheLinesOfAFileAreTextsOfTheirOwn) {
  EXPECT_EQ(texts(event + "\n\nnot json\n" + event + "\n"),
            (Found{"1 " + event, "3 not json", "4 " + event}));
  EXPECT_EQ(texts("not json\n{\n}\n"), (Found{"1 not json", "2 {", "3 }"}));
  EXPECT_EQ(texts(""), Found{});
  EXPECT_EQ(texts("{\n"), Found{"1 {"});
}

TEST_F(JudgedTextTest, ADocumentPrintedOverManyLinesIsOneText) {
  EXPECT_EQ(texts("{\n  \"a\": 1,\n\n  \"b\": []\n}\n\n"),
            Found{"*1 {\n  \"a\": 1,\n\n  \"b\": []\n}"});
  EXPECT_EQ(texts("\r\n{\r\n\"a\": 1}\r\n"), Found{"*2 {\n\"a\": 1}"});
  EXPECT_EQ(texts("{ \"a\": 1,\n  \"b\": 2,\n}"), Found{"*1 { \"a\": 1,\n  \"b\": 2,\n}"})
      << "one comma too many";
  EXPECT_EQ(texts("\xEF\xBB\xBF{\n\"a\": 1}"), Found{"*1 \xEF\xBB\xBF{\n\"a\": 1}"});
  EXPECT_EQ(texts("[\n" + event + "\n]"), Found{"*1 [\n" + event + "\n]"});
  EXPECT_EQ(texts("{\"list\": [\n{\"a\": 1}\n]}"), Found{"*1 {\"list\": [\n{\"a\": 1}\n]}"});
}

TEST_F(JudgedTextTest, ASpoiltEventAmongOthersIsNoBeginningOfADocument) {
  const std::string cut = event.substr(0, 10);
  EXPECT_EQ(texts(cut + "\n" + event), (Found{"1 " + cut, "2 " + event}));
  EXPECT_EQ(texts(cut + "\n" + cut + "\n" + event), (Found{"1 " + cut, "2 " + cut, "3 " + event}));
  EXPECT_EQ(texts("{\nnot json\n" + event), (Found{"1 {", "2 not json", "3 " + event}));
  EXPECT_EQ(texts("\xEF\xBB\xBF" + event + "\n" + event),
            (Found{"1 \xEF\xBB\xBF" + event, "2 " + event}));
}

TEST_F(JudgedTextTest, ADocumentMayHaveAsManyBytesAsAnEvent) {
  const std::string begin = "{\n\"a\":1";
  const std::string full = begin + std::string(limits::event_bytes_max - begin.size() - 1, ' ');
  EXPECT_EQ(texts(full + "}"), Found{"*1 " + full + "}"});
  const Found over{"*1 too large: " + std::to_string(limits::event_bytes_max + 1)};
  EXPECT_EQ(texts(full + " }"), over);
  EXPECT_EQ(texts(full + "\n}"), over) << "whatever lies in its last line";
}

TEST(PlaceInTest, CountsLinesAndCharacters) {
  EXPECT_EQ(place_in("abc", 0), (TextPlace{1, 1}));
  EXPECT_EQ(place_in("a\nbc", 3), (TextPlace{2, 2}));
  EXPECT_EQ(place_in("a\n\n", 3), (TextPlace{3, 1}));
  EXPECT_EQ(place_in("\"ổ\"x", 5), (TextPlace{1, 4}));
  EXPECT_EQ(place_in("ab", 99), (TextPlace{1, 3}));
}

}  // namespace
}  // namespace tiendo

#include "events/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tiendo {
namespace {

using ::testing::HasSubstr;

TEST(Message, FindsHeadersWithoutCaseAndTakesTheFirst) {
  Message message;
  message.headers = {{"Content-Type", "a/b"}, {"content-type", "c/d"}, {"x", std::nullopt}};
  const auto* const type = message.header("CONTENT-type");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(*type, "a/b");
  ASSERT_NE(message.header("X"), nullptr);
  EXPECT_FALSE(message.header("X")->has_value());
  EXPECT_EQ(message.header("content-typ"), nullptr);
}

TEST(Reason, NamesStandInTheOrderOfTheTableOfCodes) {
  EXPECT_EQ(name_of(Reason::none), "none");
  EXPECT_EQ(name_of(Reason::empty), "empty");
  EXPECT_EQ(name_of(Reason::data_binary), "data_binary");
  EXPECT_EQ(name_of(Reason::field_missing), "field_missing");
  EXPECT_EQ(name_of(Reason::number_not_whole), "number_not_whole");
  EXPECT_EQ(name_of(Reason::moment_invalid), "moment_invalid");
  EXPECT_EQ(name_of(Reason::plan_schema), "plan_schema");
  EXPECT_EQ(name_of(Reason::plan_budget), "plan_budget");
}

TEST(Reason, EveryNameIsThereOnce) {
  std::set<std::string_view> names;
  for (uint8_t i = 0; i < reason_count; ++i) names.insert(name_of(Reason{i}));
  EXPECT_EQ(names.size(), reason_count);
  EXPECT_EQ(names.count(""), 0u);
}

TEST(Sentence, NamesFieldFoundExpectedAndHowToMendInBothLanguages) {
  std::set<std::string> vietnamese;
  std::set<std::string> english;
  for (uint8_t i = 1; i < reason_count; ++i) {
    const Refusal refusal{Reason{i}, "data.FIELD", "FOUND", "EXPECTED"};
    const Sentence sentence = sentence_of(refusal);
    for (const std::string& text : {sentence.vi, sentence.en}) {
      EXPECT_THAT(text, HasSubstr("data.FIELD"));
      EXPECT_THAT(text, HasSubstr("FOUND"));
      EXPECT_THAT(text, HasSubstr("EXPECTED. "));
      EXPECT_EQ(text.back(), '.') << text;
    }
    EXPECT_NE(sentence.vi, sentence.en);
    vietnamese.insert(sentence.vi);
    english.insert(sentence.en);
  }
  EXPECT_EQ(vietnamese.size(), reason_count - 1u);
  EXPECT_EQ(english.size(), reason_count - 1u);
}

TEST(Sentence, SpeaksOfTheMessageWhereThereIsNoField) {
  const Sentence sentence = sentence_of({Reason::empty, "", "", ">= 1"});
  EXPECT_THAT(sentence.en, ::testing::StartsWith("The message: "));
  EXPECT_THAT(sentence.en, HasSubstr("Found: (nothing)"));
  EXPECT_THAT(sentence.vi, ::testing::StartsWith("Thông điệp: "));
}

}  // namespace
}  // namespace tiendo

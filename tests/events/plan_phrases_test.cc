#include "events/plan_phrases.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

TEST(PlanPhrases, EachIsFoundAgainInVietnameseWithWhatFillsIt) {
  for (uint8_t i = 0; i < phrase_count; ++i) {
    const auto phrase = static_cast<Phrase>(i);
    const std::vector<std::string_view> all = {"6", "7", "8", "9"};
    const std::vector<std::string_view> args(all.begin(),
                                             all.begin() + static_cast<long>(holes_of(phrase)));
    const std::string english = in_english(phrase, args);
    const auto vietnamese = in_vietnamese(english);
    ASSERT_TRUE(vietnamese) << english;
    for (const std::string_view arg : args) {
      EXPECT_NE(vietnamese->find(arg), std::string::npos) << english;
    }
    EXPECT_EQ(vietnamese->find("{}") != std::string::npos, english.find("{}") != std::string::npos);
    EXPECT_NE(*vietnamese, english);
  }
}

TEST(PlanPhrases, WhatFollowsAPhraseIsTranslatedToo) {
  const std::string english = in_english(Phrase::whole_number) + did_you_mean("5") +
                              belonging_to(Owner::target, "TN-003 (a)");
  EXPECT_EQ(in_vietnamese(english), "một số nguyên; có phải ý là `5`? (mục tiêu TN-003 (a))");
}

TEST(PlanPhrases, OtherTextsAreNone) {
  EXPECT_EQ(in_vietnamese(""), std::nullopt);
  EXPECT_EQ(in_vietnamese("a moon"), std::nullopt);
}

}  // namespace
}  // namespace tiendo

#include "projector/reference.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using testing::event_text;
using testing::instant;
using testing::plan_data;
using testing::unit_data;

// Statements a day apart, from 2024-01-01 on.
class Said {
 public:
  Said& say(std::string_view type, std::string_view data) {
    Record record{.stream = StreamName("t"),
                  .position = said_.size(),
                  .recorded_at = {instant("2024-01-01").ms +
                                  static_cast<int64_t>(said_.size()) * 86'400'000}};
    record.message.value = event_text(type, data, "e" + std::to_string(said_.size()));
    said_.push_back(std::make_shared<const Statement>(StatementReader().read(record, {})));
    return *this;
  }
  [[nodiscard]] const std::vector<std::shared_ptr<const Statement>>& statements() const {
    return said_;
  }

 private:
  std::vector<std::shared_ptr<const Statement>> said_;
};

std::string plan(int version, std::string_view valid_from, std::string_view more = "") {
  return plan_data("", "", "", version, valid_from,
                   R"("first":"2024-01-01","last":"2024-12-31")" + std::string(more));
}

Moment as_of(std::string_view when) { return {.at = instant(when), .everything = false}; }

TEST(Reference, TheOrderInWhichStatementsComeDoesNotMatter) {
  Said said;
  said.say("unit.registered", unit_data("D1", "district", ""))
      .say("unit.registered", unit_data("D1", "province", ""))
      .say("plan.published", plan(1, "2024-01-01"));
  auto reversed = said.statements();
  std::reverse(reversed.begin(), reversed.end());
  const Reference reference(reversed);
  EXPECT_EQ(reference.unit_known_from("D1")->position, 0U);
  const auto all = reference.all();
  EXPECT_EQ(all->tree.unit(*all->tree.find("D1")).level, "province");
  EXPECT_EQ(reference.unit_known_from("D2"), std::nullopt);
}

TEST(Reference, AMomentKnowsOnlyWhatWasSaidByThen) {
  Said said;
  said.say("unit.registered", unit_data("D1", "district", ""))
      .say("unit.registered", unit_data("D2", "district", ""))
      .say("plan.published", plan(1, "2024-01-01"));
  const Reference reference(said.statements());
  EXPECT_FALSE(reference.known(as_of("2023-12-31"))->tree.find("D1"));
  EXPECT_TRUE(reference.known(as_of("2024-01-01"))->tree.find("D1"));
  EXPECT_FALSE(reference.known(as_of("2024-01-01"))->tree.find("D2"));
  EXPECT_EQ(reference.known(as_of("2024-01-02"))->plan("p", *parse_day("2024-06-01")), nullptr);
  EXPECT_NE(reference.all()->plan("p", *parse_day("2024-06-01")), nullptr);
  const Moment at_record{.at = {}, .everything = false, .record = said.statements()[1]->key};
  EXPECT_TRUE(reference.known(at_record)->tree.find("D2"));
}

TEST(Reference, EqualKnowledgeIsBuiltOnceAndOldKnowledgeIsForgotten) {
  Said said;
  for (int i = 0; i < 40; ++i)
    said.say("unit.registered", unit_data("D" + std::to_string(i), "district", ""));
  const Reference reference(said.statements());
  const auto all = reference.all();
  EXPECT_EQ(all, reference.known(as_of("2030-01-01")));
  for (int day = 1; day <= 31; ++day) {
    const std::string text = "2024-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    EXPECT_EQ(reference.known(as_of(text))->tree.size(), static_cast<std::size_t>(day));
  }
  EXPECT_EQ(all, reference.all()) << "the knowledge of all records stays";
}

TEST(Reference, OfThePlansVersionsTheOneThatBeganLastServes) {
  Said said;
  said.say("plan.published", plan(1, "2024-01-01")).say("plan.amended", plan(2, "2024-07-01"));
  const auto version = [&](std::string_view day) {
    return Reference(said.statements()).all()->plan("p", *parse_day(day))->version;
  };
  EXPECT_EQ(version("2024-06-30"), 1);
  EXPECT_EQ(version("2024-07-01"), 2);
  EXPECT_EQ(version("2023-01-01"), 1) << "if all begin later, the one that begins first";
  said.say("plan.amended", plan(3, "2024-07-01"));
  EXPECT_EQ(version("2024-07-01"), 3) << "ties go to the last in order";
  said.say("plan.published", plan(2, "2024-07-01"));
  EXPECT_EQ(version("2024-07-01"), 2) << "taking a switch back is publishing again";
  said.say("plan.published", plan(1, "2024-09-01"));
  EXPECT_EQ(version("2024-06-30"), 2) << "restated: version 1 no longer begins in January";
  EXPECT_EQ(version("2024-09-01"), 1);
}

TEST(Reference, APeriodIsKnownFromTheFirstDocumentThatNamesIt) {
  const std::string with_q = R"(,"periods":[{"id":"q","first":"2024-01-01","last":"2024-01-31"}])";
  Said said;
  said.say("plan.published", plan(1, "2024-01-01"))
      .say("plan.published", plan(1, "2024-01-01", with_q))
      .say("plan.published", plan(1, "2024-01-01"));
  const Reference reference(said.statements());
  EXPECT_EQ(reference.plan_known_from("p")->position, 0U);
  EXPECT_EQ(reference.period_known_from("p", "2024-Q1")->position, 0U);
  EXPECT_EQ(reference.period_known_from("p", "q")->position, 1U);
  EXPECT_EQ(reference.period_known_from("p", "nothing"), std::nullopt);
  EXPECT_EQ(reference.period_known_from("z", "2024"), std::nullopt);
  EXPECT_EQ(reference.plan_known_from("z"), std::nullopt);
  EXPECT_EQ(reference.documents().size(), 3U);
}

}  // namespace
}  // namespace tiendo

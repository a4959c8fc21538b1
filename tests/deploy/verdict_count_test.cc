#include "deploy/verdict_count.h"

#include <gtest/gtest.h>

#include "deploy/intake_http.h"

namespace tiendo {
namespace {

Placed placed(uint64_t position, Judgement judgement) {
  return {StreamName("import:x"), position, std::move(judgement)};
}
Judgement rejected() {
  return {.verdict = Verdict::rejected,
          .refusal = {Reason::text_empty, "data.name.vi", "", "text"}};
}
std::vector<Placed> one_of_each() {
  return {placed(0, {}), placed(1, {.verdict = Verdict::duplicate}),
          placed(2, {.verdict = Verdict::duplicate, .conflict = true}), placed(3, rejected())};
}

void expect_one_of_each(const VerdictCount& count) {
  EXPECT_EQ(count.received(), 4u);
  EXPECT_EQ(count.accepted, 1u);
  EXPECT_EQ(count.duplicate, 2u);
  EXPECT_EQ(count.conflict, 1u);
  EXPECT_EQ(count.rejected, 1u);
  ASSERT_EQ(count.refusals.size(), 1u);
  EXPECT_EQ(count.refusals[0].position, 3u);
  EXPECT_EQ(count.refusals[0].code, "text_empty");
  EXPECT_NE(count.refusals[0].sentence.vi, "");
}

TEST(VerdictCount, CountsPlaces) {
  VerdictCount count;
  count.add(one_of_each());
  expect_one_of_each(count);
}

TEST(VerdictCount, IsTheSameAfterItsJson) {
  VerdictCount count;
  count.add(one_of_each());
  const auto read = VerdictCount::from_json(count.to_json());
  ASSERT_TRUE(read.ok());
  expect_one_of_each(*read);
}

TEST(VerdictCount, TellsWhatIsInKafkaWithoutAVerdictApart) {
  const auto read = VerdictCount::from_json(
      R"({"events":[{"topic":"e","partition":0,"offset":5},{"topic":"e","partition":0,"offset":6,)"
      R"("stream":"e:0:0","position":6,"verdict":"accepted","conflict":false}]})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->accepted, 1u);
  EXPECT_EQ(read->waiting, 1u);
  EXPECT_EQ(read->rejected, 0u);
  EXPECT_EQ(read->received(), 2u);
  EXPECT_NE(read->summary(Language::en).find("1 are in Kafka and have no verdict yet"),
            std::string::npos);
}

TEST(VerdictCount, ReadsTheAnswerOfTheIntake) {
  const auto read = VerdictCount::from_json(placed_json(one_of_each()));
  ASSERT_TRUE(read.ok());
  expect_one_of_each(*read);
}

TEST(VerdictCount, RefusesOtherJson) {
  EXPECT_EQ(VerdictCount::from_json("{}").error().code, "protocol");
  EXPECT_EQ(VerdictCount::from_json("<html>").error().code, "protocol");
}

TEST(VerdictCount, KeepsTheFirstRefusalsAndCountsAll) {
  VerdictCount count;
  for (uint64_t i = 0; i < 9; ++i) count.add(std::vector{placed(i, rejected())});
  VerdictCount more;
  more.add(std::vector{placed(9, rejected())});
  count.add(more);
  EXPECT_EQ(count.rejected, 10u);
  ASSERT_EQ(count.refusals.size(), 5u);
  EXPECT_EQ(count.refusals[4].position, 4u);
  EXPECT_NE(count.summary(Language::en).find("and 5 more"), std::string::npos);
}

TEST(VerdictCount, NamesWhereRefusedEventsStand) {
  const std::vector<LinePlace> places{{"a", 1}, {"a", 3}, {"b", 1}, {"b", 2}};
  VerdictCount alone;
  alone.add(one_of_each());
  const VerdictCount sent = VerdictCount::from_json(alone.to_json()).value();
  const VerdictCount over_http = VerdictCount::from_json(placed_json(one_of_each())).value();
  for (VerdictCount count : {alone, sent, over_http}) {
    count.locate(places);
    const std::string said = count.summary(Language::en);
    EXPECT_NE(said.find("\n  b:2: rejected text_empty: "), std::string::npos) << said;
    EXPECT_NE(said.find("(import:x@3)"), std::string::npos) << said;
  }
  EXPECT_NE(alone.summary(Language::en).find("\n  import:x@3: rejected text_empty: "),
            std::string::npos)
      << "nobody knows where it stood";
}

TEST(VerdictCount, PlacesAreThoseOfAllEventsOneAfterTheOther) {
  VerdictCount both;
  both.add(one_of_each());
  VerdictCount second;
  second.add(one_of_each());
  both.add(second);
  std::vector<LinePlace> places;
  for (uint64_t line = 1; line <= 8; ++line) places.push_back({"f", line});
  both.locate(places);
  ASSERT_EQ(both.refusals.size(), 2u);
  EXPECT_EQ(both.refusals[0].place, "f:4");
  EXPECT_EQ(both.refusals[1].place, "f:8");
}

TEST(VerdictCount, SpeaksBothLanguages) {
  VerdictCount count;
  count.add(one_of_each());
  EXPECT_NE(count.summary(Language::en).find("1 accepted, 2 duplicate, 1 rejected"),
            std::string::npos);
  EXPECT_NE(count.summary(Language::vi).find("1 được nhận, 2 trùng, 1 bị từ chối"),
            std::string::npos);
}

}  // namespace
}  // namespace tiendo

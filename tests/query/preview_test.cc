#include <gtest/gtest.h>

#include "events/limits.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

TEST(PreviewAnswer, SaysEveryFaultOfTheDocumentInTheLanguageAsked) {
  SmallWorld world;
  std::string document = SmallWorld::plan_text(2, "");
  document.replace(document.find(R"("indicator":"visits")"), 20, R"("indicator":"nobody")");
  document.replace(document.find(R"("indicator":"green")"), 19, R"("indicator":"nothing")");
  const Answer answer =
      *world.ask("POST", "/v1/plans/p/preview", {{"Accept-Language", "vi"}}, document);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json["code"], "plan_reference");
  ASSERT_EQ(answer.json["faults"].size(), 2U) << answer.body;
  EXPECT_EQ(answer.json["faults"][0]["found"], "\"nobody\"");
  EXPECT_TRUE(answer.json["faults"][1]["message"].contains("vi"));
  EXPECT_NE(answer.json["detail"].get<std::string>().find(
                answer.json["faults"][0]["message"]["vi"].get<std::string>()),
            std::string::npos);
}

TEST(PreviewAnswer, RefusesADocumentThatNoEventCouldHold) {
  SmallWorld world;
  const std::string document = SmallWorld::plan_text(2, "");
  const std::string padding(limits::event_bytes_max - document.size(), ' ');
  EXPECT_EQ(world.post("/v1/plans/p/preview", document + padding).status, 200);
  const Answer answer = world.post("/v1/plans/p/preview", document + padding + " ");
  EXPECT_EQ(answer.json["code"], "too_large");
}

// What no event could hold must not come so far as to be read as one.
TEST(PreviewAnswer, RefusesWhatCannotBeDecoded) {
  SmallWorld world;
  std::string deep = SmallWorld::plan_text(2, "");
  deep.insert(1, R"("note":)" + std::string(31, '[') + std::string(31, ']') + ",");
  EXPECT_NE(world.post("/v1/plans/p/preview", deep).json["code"], "too_deep");
  std::string deeper = SmallWorld::plan_text(2, "");
  deeper.insert(1, R"("note":)" + std::string(32, '[') + std::string(32, ']') + ",");
  EXPECT_EQ(world.post("/v1/plans/p/preview", deeper).json["code"], "too_deep");
  EXPECT_EQ(world.post("/v1/plans/p/preview", "").json["status"], 400);
  EXPECT_EQ(world.post("/v1/plans/p/preview", "null").json["code"], "not_object");
  EXPECT_EQ(world.post("/v1/plans/p/preview", "\xff").json["code"], "not_utf8");
}

TEST(PreviewAnswer, LeavesTheLogAndTheViewsAsTheyAre) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
  world.project();
  const auto digest = [&] {
    return to_hex(ViewReader(*world.projector().state()->rows).digest().value());
  };
  const std::string before = digest();
  const auto heads = world.log().heads().size();
  std::string document = SmallWorld::plan_text(2, "");
  document.replace(document.find(R"("where":{"type":"launch"})"), 25,
                   R"("where":{"type":"start"})");
  const Answer answer = world.post("/v1/plans/p/preview?period=2024", document);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json["state"], "current");
  EXPECT_EQ(digest(), before);
  EXPECT_EQ(world.log().heads().size(), heads);
}

}  // namespace
}  // namespace tiendo

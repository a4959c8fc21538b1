#include "projector/preview.h"

#include <gtest/gtest.h>

#include "events/limits.h"
#include "query/previews.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

using nlohmann::json;

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

TEST(PreviewAnswer, SaysWhatIsDoubtfulInTheDocument) {
  SmallWorld world;
  const Answer plain = world.post("/v1/plans/p/preview?period=2024", SmallWorld::plan_text(2, ""));
  EXPECT_EQ(plain.json["warnings"], json::array()) << plain.body;
  std::string document = SmallWorld::plan_text(2, "");
  const std::string years = R"("years":[2024,2025])";
  document.replace(document.find(years), years.size(), R"("years":[2024,2052])");
  const Answer answer = world.post("/v1/plans/p/preview?period=2024", document);
  EXPECT_EQ(answer.status, 200);
  ASSERT_EQ(answer.json["warnings"].size(), 1U) << answer.body;
  EXPECT_EQ(answer.json["warnings"][0]["field"], "data.targets[0].when.years[1]");
  EXPECT_TRUE(answer.json["warnings"][0]["message"].contains("vi"));
}

// A request for a preview, as the interface hands it on.
class Asking {
 public:
  explicit Asking(SmallWorld& world) : world_(world) { world_.project(); }
  Result<Previews::Held> take(Previews& previews, int version) {
    const Call call{.request = request_,
                    .context = world_.context(),
                    .now = *parse_instant("2026-01-15T08:00:00+07:00"),
                    .views = world_.projector().state(),
                    .previews = &previews};
    std::string document = SmallWorld::plan_text(version, "");
    document.replace(document.find(R"("where":{"type":"launch"})"), 25,
                     R"("where":{"type":"start"})");
    return previews.take(call, document);
  }

 private:
  SmallWorld& world_;
  HttpRequest request_;
};

TEST(PreviewLimits, OneRequestAtATimeFillsADocumentAndOthersAreNotHeldUp) {
  SmallWorld world;
  Asking asking(world);
  Previews previews;
  {
    const auto held = asking.take(previews, 2);
    ASSERT_TRUE(held.ok()) << held.error().message;
    EXPECT_EQ(asking.take(previews, 2).error().code, "busy");
    EXPECT_TRUE(asking.take(previews, 3).ok());
  }
  EXPECT_TRUE(asking.take(previews, 2).ok());
}

TEST(PreviewLimits, AsManyDocumentsAreKeptAsMayBeAndTheOneUsedLongestAgoGoes) {
  SmallWorld world;
  Asking asking(world);
  Previews previews;
  const auto first = asking.take(previews, 2);
  const int last = 2 + static_cast<int>(limits::previews_kept_max) - 1;
  for (int version = 3; version <= last; ++version) {
    EXPECT_TRUE(asking.take(previews, version).ok());
  }
  EXPECT_EQ(asking.take(previews, 2).error().code, "busy") << "it is kept, and in use";
  for (int version = 3; version <= last + 1; ++version) {
    EXPECT_TRUE(asking.take(previews, version).ok());
  }
  EXPECT_TRUE(asking.take(previews, 2).ok()) << "it was let go, and is made anew";
}

TEST(PreviewLimits, APreviewMayTakeItsBytesAndNotOneMore) {
  SmallWorld world;
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
  Asking asking(world);
  Previews unbound;
  const std::size_t bytes = asking.take(unbound, 2)->preview().bytes();
  ASSERT_GT(bytes, 0U);
  Previews just_enough(Previews::Limits{.bytes_max = bytes});
  EXPECT_TRUE(asking.take(just_enough, 2).ok());
  Previews too_little(Previews::Limits{.bytes_max = bytes - 1});
  EXPECT_EQ(asking.take(too_little, 2).error().code, "preview_too_large");
}

TEST(PreviewLimits, ARequestGoesThroughItsSubjectsAndTheNextOneThroughTheRest) {
  SmallWorld world;
  for (int i = 0; i < 5; ++i) {
    world.record("2024-03-11T08:00:00+07:00", "a" + std::to_string(i), "D1", "2024-03-10", 700);
  }
  Asking asking(world);
  Previews enough(Previews::Limits{.subjects_max = 5});
  EXPECT_TRUE(asking.take(enough, 2)->preview().is_filled());
  Previews too_few(Previews::Limits{.subjects_max = 4});
  EXPECT_FALSE(asking.take(too_few, 2)->preview().is_filled());
  EXPECT_TRUE(asking.take(too_few, 2)->preview().is_filled());
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

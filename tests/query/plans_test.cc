#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

TEST(Plans, AreListedWithTheirVersions) {
  SmallWorld world;
  world.say("ref", "2024-06-01T08:00:00+07:00", "plan.amended",
            SmallWorld::plan_text(2, "2025-01-01"));
  const Answer answer = world.get("/v1/plans");
  ASSERT_EQ(answer.json["plans"].size(), 1U);
  const auto& plan = answer.json["plans"][0];
  EXPECT_EQ(plan["plan"], "p");
  EXPECT_EQ(plan["version"], 2);
  ASSERT_EQ(plan["versions"].size(), 2U);
  EXPECT_EQ(plan["versions"][1]["valid_from"], "2025-01-01");
  EXPECT_EQ(plan["versions"][1]["position"], 7);
  EXPECT_EQ(world.get("/v1/plans?as_of=2024-05-31").json["plans"][0]["version"], 1);
}

TEST(Plans, AreGivenAsTheyWerePublished) {
  SmallWorld world;
  world.say("ref", "2024-06-01T08:00:00+07:00", "plan.amended",
            SmallWorld::plan_text(2, "2025-01-01"));
  const auto published = nlohmann::json::parse(SmallWorld::plan_text(1, ""));
  EXPECT_EQ(world.get("/v1/plans/p?version=1").json["document"], published);
  EXPECT_EQ(world.get("/v1/plans/p").json["document"]["version"], 2);
  EXPECT_EQ(world.get("/v1/plans/p?as_of=2024-08-01").json["version"], 1)
      << "on that day the second one was known but not yet valid";
  EXPECT_NE(world.get("/v1/plans/p?version=1").body.find("66.67"), std::string::npos);
}

}  // namespace
}  // namespace tiendo

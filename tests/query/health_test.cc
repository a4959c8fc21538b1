#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

TEST(Health, IsPlainUnlessAskedForMore) {
  SmallWorld world;
  EXPECT_EQ(world.get("/healthz").body, "ok\n");
  EXPECT_EQ(world.get("/readyz").body, "ready\n");
  world.set_reach({.stream = StreamName("t:0:0"),
                   .state = "gap",
                   .message = "what is missing",
                   .stopped = true});
  EXPECT_EQ(world.get("/readyz").status, 200);
  const Answer verbose = world.get("/readyz?verbose");
  EXPECT_EQ(verbose.json["ok"], true);
  EXPECT_NE(verbose.body.find(R"("state":"gap","message":"what is missing")"), std::string::npos);
}

TEST(Health, NamesThePartThatIsNotReady) {
  SmallWorld world;
  world.context().health = [] {
    return std::vector<HealthCheck>{{"projector", false, "the views are damaged"}};
  };
  const Answer answer = world.get("/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "not ready\nprojector: the views are damaged\n");
  EXPECT_EQ(world.get("/readyz?verbose").status, 503);
  EXPECT_EQ(world.get("/healthz").status, 200);
}

TEST(Metrics, AreHandedThrough) {
  SmallWorld world;
  world.context().metrics = [] { return std::string("tiendo_up 1\n"); };
  const Answer answer = world.get("/metrics");
  EXPECT_EQ(answer.body, "tiendo_up 1\n");
  EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace
}  // namespace tiendo

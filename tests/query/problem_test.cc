#include "query/problem.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

TEST(Problem, HasTheMembersOfRfc9457AndACode) {
  const HttpResponse response = problem(404, "unit_unknown", "Unit unknown", "There is no unit x.");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"urn:tiendo:problem:unit_unknown","title":"Unit unknown","status":404,)"
            R"("detail":"There is no unit x.","code":"unit_unknown"})");
}

TEST(Problem, EscapesWhatItQuotes) {
  const HttpResponse response = problem(400, "c", "t", "found \"a\\b\"\n, \xe1\xba\xbf");
  EXPECT_NE(response.body.find(R"("detail":"found \"a\\b\"\n, )"), std::string::npos)
      << response.body;
}

TEST(Problem, TakesOneMoreMember) {
  const HttpResponse response = with_member(problem(503, "c", "t", "d"), "events", "[1]");
  EXPECT_TRUE(response.body.ends_with(R"("code":"c","events":[1]})")) << response.body;
}

TEST(ProblemDeathTest, IsNoSuccess) {
  EXPECT_DEATH(static_cast<void>(problem(200, "c", "t", "d")), "a problem is an error");
}

}  // namespace
}  // namespace tiendo

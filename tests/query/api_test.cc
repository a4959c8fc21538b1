#include "query/api.h"

#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

std::string code_of(const Answer& answer) { return answer.json.value("code", ""); }

TEST(Api, RefusesUnknownParametersNamingTheKnownOnes) {
  SmallWorld world;
  const Answer answer = world.get("/v1/plans/p/progress?unti=P");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(code_of(answer), "parameter_unknown");
  EXPECT_EQ(answer.content_type, "application/problem+json");
  EXPECT_NE(answer.body.find("unit, period, tree, as_of, after"), std::string::npos);
}

TEST(Api, RefusesRepeatedAndMissingParameters) {
  SmallWorld world;
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?unit=P&unit=D1")), "parameter_repeated");
  EXPECT_EQ(code_of(world.get("/v1/rollups?plan=p")), "parameter_missing");
}

TEST(Api, SpeaksTheLanguageThatIsPreferred) {
  SmallWorld world;
  const auto detail = [&](std::string_view languages) {
    return world.get("/v1/plans/none", {{"Accept-Language", std::string(languages)}})
        .json["detail"]
        .get<std::string>();
  };
  EXPECT_EQ(detail("vi"), "Không có kế hoạch \"none\"; xem /v1/plans.");
  EXPECT_EQ(detail("vi-VN,vi;q=0.9,en;q=0.8"), "Không có kế hoạch \"none\"; xem /v1/plans.");
  EXPECT_EQ(detail("en;q=0.5, vi;q=0.7"), "Không có kế hoạch \"none\"; xem /v1/plans.");
  EXPECT_EQ(detail("fr, en;q=0.1"), "There is no plan \"none\"; see /v1/plans.");
  EXPECT_EQ(detail("vie"), "There is no plan \"none\"; see /v1/plans.");
}

TEST(Api, NamesNearPathsWhereThereIsNothing) {
  SmallWorld world;
  const Answer answer = world.get("/v1/rollup");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(code_of(answer), "not_found");
  EXPECT_NE(answer.body.find("/v1/rollups"), std::string::npos);
  EXPECT_EQ(world.get("/v1/units/P/").status, 404);
  EXPECT_EQ(world.get("/v1/plans//progress").status, 404);
}

TEST(Api, NamesTheMethodsOfAPath) {
  SmallWorld world;
  const Answer answer = world.request("DELETE", "/v1/units");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(code_of(answer), "method_not_allowed");
  EXPECT_EQ(find_header(answer.headers, "Allow"), "GET, HEAD");
}

TEST(Api, RefusesWhatIsUnknownWithItsOwnCode) {
  SmallWorld world;
  EXPECT_EQ(code_of(world.get("/v1/plans/q/progress")), "plan_unknown");
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?unit=X")), "unit_unknown");
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?period=2024-13")), "period_invalid");
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?tree=old")), "tree_invalid");
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?as_of=yesterday")), "as_of_invalid");
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?as_of=intake@0")), "as_of_invalid");
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?as_of=2019-12-31")), "plan_unknown");
  EXPECT_EQ(code_of(world.get("/v1/rollups?plan=p&indicator=x")), "indicator_unknown");
  EXPECT_EQ(code_of(world.get("/v1/rollups?plan=p&indicator=acts&by=day")), "by_invalid");
  EXPECT_EQ(code_of(world.get("/v1/rollups?plan=p&indicator=acts&of=all")), "parameter_invalid");
  EXPECT_EQ(code_of(world.get("/v1/explain?plan=p&indicator=acts&limit=1001")),
            "parameter_invalid");
  EXPECT_EQ(world.get("/v1/explain?plan=p&indicator=acts&limit=1000").status, 200);
  EXPECT_EQ(code_of(world.get("/v1/explain?plan=p&indicator=acts&limit=0")), "parameter_invalid");
  EXPECT_EQ(code_of(world.get("/v1/units?cursor=zz")), "cursor_invalid");
  EXPECT_EQ(code_of(world.get("/v1/reports?plan=p&obligation=x")), "obligation_unknown");
  EXPECT_EQ(code_of(world.get("/v1/plans/p?version=7")), "version_unknown");
}

TEST(Api, NamesTheUnitThatStandsForOneThatIsNotInTheTree) {
  SmallWorld world;
  world.unit("N", "commune", "D2", "2024-07-01");
  const Answer answer = world.get("/v1/plans/p/progress?unit=N&tree=2024-06-30");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(code_of(answer), "unit_not_in_tree");
  EXPECT_NE(answer.body.find("D2"), std::string::npos);
  EXPECT_EQ(world.get("/v1/plans/p/progress?unit=N&tree=2024-07-01").status, 200);
}

TEST(Api, WaitsForARecordWithoutAnsweringBeforeItIsThere) {
  SmallWorld world;
  world.project();
  world.hold_projector(true);
  const auto answer =
      world.ask("GET", "/v1/rollups?plan=p&indicator=acts&period=2024&after=intake@0");
  EXPECT_EQ(answer->status, 0);
  EXPECT_EQ(world.api().waiting(), 1U);
  world.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 7);
  world.api().on_views_changed();
  EXPECT_EQ(answer->status, 0) << "the log has it, the views have not";
  world.project();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->json["value"], 1);
  EXPECT_EQ(world.api().waiting(), 0U);
}

TEST(Api, GivesUpAfterTenSeconds) {
  SmallWorld world("2026-01-15T08:00:00+07:00");
  world.project();
  const auto answer = world.ask("GET", "/v1/plans/p/progress?after=intake@5");
  world.set_now("2026-01-15T08:00:09.999+07:00");
  world.api().tick();
  EXPECT_EQ(answer->status, 0);
  world.set_now("2026-01-15T08:00:10+07:00");
  world.api().tick();
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(code_of(*answer), "behind");
}

TEST(Api, RefusesAMalformedAfterAtOnce) {
  SmallWorld world;
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?after=intake")), "parameter_invalid");
  EXPECT_EQ(code_of(world.get("/v1/plans/p/progress?after=intake@-1")), "parameter_invalid");
}

TEST(Api, HandsEventsToTheIntakeOrSaysThatThereIsNone) {
  SmallWorld without;
  const Answer refused = without.request("POST", "/v1/events");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(code_of(refused), "takes_no_events");
  SmallWorld with;
  with.context().intake = [](HttpRequest request, HttpReply reply) {
    reply({.status = 202, .body = request.path});
  };
  EXPECT_EQ(with.request("POST", "/v1/events").body, "/v1/events");
}

TEST(Api, ServesPagesOnlyWhereTheInterfaceHasNoPath) {
  SmallWorld world;
  world.context().page = [](std::string_view path) -> std::optional<HttpResponse> {
    if (path != "/" && path != "/v1/units") return std::nullopt;
    return HttpResponse{.content_type = "text/html", .body = "page"};
  };
  EXPECT_EQ(world.get("/").body, "page");
  EXPECT_EQ(world.get("/v1/units").content_type, "application/json");
  EXPECT_EQ(world.get("/nothing").status, 404);
}

TEST(Api, SaysThatThereAreNoViewsYet) {
  SmallWorld world;
  world.context().views = [] { return std::shared_ptr<const ViewState>(); };
  EXPECT_EQ(code_of(world.get("/v1/units")), "not_ready");
  EXPECT_EQ(world.get("/healthz").status, 200);
  EXPECT_EQ(world.get("/readyz").status, 503);
  EXPECT_EQ(world.get("/v1/rejected").status, 200);
}

}  // namespace
}  // namespace tiendo

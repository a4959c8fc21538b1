#include "deploy/metrics.h"

#include <gtest/gtest.h>

#include <optional>

namespace tiendo {
namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

MetricsInput input() {
  StreamHead head{.next_position = 10};
  head.counters.accepted = 6;
  head.counters.duplicate = 3;
  head.counters.conflict = 1;
  head.counters.rejected[static_cast<std::size_t>(Reason::not_json)] = 1;
  MetricsInput input;
  input.heads.emplace(StreamName("intake"), head);
  input.reaches.push_back({.stream = StreamName("intake"), .lag = 4});
  input.checkpoint = Checkpoint{{StreamName("intake"), 8}};
  return input;
}

TEST(MetricsText, CountsTheLog) {
  const std::string text = metrics_text(input());
  EXPECT_TRUE(has_line(text, R"(tiendo_events_received_total{stream="intake"} 10)")) << text;
  EXPECT_TRUE(has_line(text, R"(tiendo_events_accepted_total{stream="intake"} 6)"));
  EXPECT_TRUE(has_line(text, R"(tiendo_events_duplicate_total{stream="intake"} 3)"));
  EXPECT_TRUE(
      has_line(text, R"(tiendo_events_rejected_total{stream="intake",reason="not_json"} 1)"));
  EXPECT_TRUE(has_line(text, R"(tiendo_stream_state{stream="intake",state="running"} 1)"));
  EXPECT_TRUE(has_line(text, R"(tiendo_stream_lag_messages{stream="intake"} 4)"));
}

TEST(MetricsText, SaysHowFarTheViewsAre) {
  const std::string text = metrics_text(input());
  EXPECT_TRUE(has_line(text, R"(tiendo_projector_position{stream="intake"} 8)"));
  EXPECT_TRUE(has_line(text, R"(tiendo_projector_lag_events{stream="intake"} 2)"));
  EXPECT_TRUE(has_line(text, "tiendo_projector_stopped 0"));
}

TEST(MetricsText, SaysNothingOfViewsThatAreNotHere) {
  MetricsInput without = input();
  without.checkpoint.reset();
  EXPECT_EQ(metrics_text(without).find("tiendo_projector"), std::string::npos);
}

TEST(MetricsText, CumulatesDurations) {
  RequestMetrics requests;
  requests.observe("/v1/plans", 200, std::chrono::milliseconds(1));  // on the bound: within
  requests.observe("/v1/plans", 204, std::chrono::milliseconds(30));
  requests.observe("/v1/plans", 200, std::chrono::seconds(60));
  MetricsInput with = input();
  with.requests = requests.series();
  const std::string text = metrics_text(with);
  const std::string name = R"(tiendo_http_request_duration_seconds_bucket{route="/v1/plans",)"
                           R"(status="2xx",le=)";
  EXPECT_TRUE(has_line(text, name + R"("0.001"} 1)")) << text;
  EXPECT_TRUE(has_line(text, name + R"("0.05"} 2)"));
  EXPECT_TRUE(has_line(text, name + R"("5"} 2)"));
  EXPECT_TRUE(has_line(text, name + R"("+Inf"} 3)"));
}

TEST(RouteOf, HasFewValuesWhateverIsAskedFor) {
  const auto route = [](std::vector<std::string> segments) {
    return route_of({.segments = std::move(segments)});
  };
  EXPECT_EQ(route({}), "/");
  EXPECT_EQ(route({"v1", "plans", "any", "progress"}), "/v1/plans");
  EXPECT_EQ(route({"v1", "x1"}), "other");
  EXPECT_EQ(route({"v1"}), "other");
  EXPECT_EQ(route({"healthz"}), "/healthz");
  EXPECT_EQ(route({"wp-login.php"}), "other");
}

TEST(Observed, PassesTheAnswerOnAndCountsIt) {
  RequestMetrics metrics;
  const HttpHandler handler =
      observed([](HttpRequest, HttpReply reply) { reply({.status = 404, .body = "x"}); }, metrics);
  std::optional<HttpResponse> answer;
  handler({.method = "GET", .segments = {"v1", "units"}},
          HttpReply([&](HttpResponse response) { answer = std::move(response); }));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "x");
  EXPECT_EQ(metrics.series().at({"/v1/units", "4xx"}).count, 1u);
}

}  // namespace
}  // namespace tiendo

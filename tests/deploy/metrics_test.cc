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

TEST(MetricsText, SaysTheStateOfEachPartition) {
  MetricsInput with = input();
  with.reaches.push_back({.stream = StreamName("t:3:1"), .state = "gap", .stopped = true});
  with.reaches.push_back({.stream = StreamName("t:3:0"), .state = "closed"});
  const std::string text = metrics_text(with);
  const std::string name = R"(tiendo_partition_state{topic="t",partition="3",state=")";
  EXPECT_TRUE(has_line(text, name + R"(gap"} 1)")) << text;
  EXPECT_TRUE(has_line(text, name + R"(running"} 0)"));
  EXPECT_TRUE(has_line(text, name + R"(diverged"} 0)"));
  EXPECT_FALSE(has_line(text, name + R"(closed"} 1)")) << "an epoch that is over";
}

TEST(MetricsText, SaysHowFarTheViewsAre) {
  const std::string text = metrics_text(input());
  EXPECT_TRUE(has_line(text, R"(tiendo_projector_position{stream="intake"} 8)"));
  EXPECT_TRUE(has_line(text, R"(tiendo_projector_lag_events{stream="intake"} 2)"));
  EXPECT_TRUE(has_line(text, "tiendo_projector_stopped 0"));
}

TEST(MetricsText, SaysWhatIsPublishedAndWhatWaits) {
  MetricsInput with = input();
  with.editions_kept = 3;
  EXPECT_TRUE(has_line(metrics_text(with), "tiendo_editions_kept 3"));
  EXPECT_EQ(metrics_text(with).find("tiendo_publications_waiting"), std::string::npos)
      << "they are not made here";
  with.editions = EditionsStatus{
      .made = 2, .making_s = 1.5, .waiting = {{"streams_behind", 4}}, .trouble = "disk full"};
  const std::string text = metrics_text(with);
  EXPECT_TRUE(has_line(text, "tiendo_editions_made_total 2")) << text;
  EXPECT_TRUE(has_line(text, "tiendo_edition_making_seconds_total 1.5"));
  EXPECT_TRUE(has_line(text, R"(tiendo_publications_waiting{for="streams_behind"} 4)"));
  EXPECT_TRUE(has_line(text, R"(tiendo_publications_waiting{for="not_granted"} 0)"));
  EXPECT_TRUE(has_line(text, "tiendo_edition_trouble 1"));
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

TEST(MetricsText, CountsWhatTheGatewayDidWhereThereIsOne) {
  EXPECT_EQ(metrics_text({}).find("tiendo_gateway"), std::string::npos);
  MetricsInput input;
  input.gateway = GatewayCounters{.accepted = 5,
                                  .refused = 4,
                                  .unknown = 3,
                                  .turned_away = 2,
                                  .in_flight = 1,
                                  .in_flight_bytes = 9,
                                  .reopened = 8};
  const std::string text = metrics_text(input);
  EXPECT_TRUE(has_line(text, R"(tiendo_gateway_events_total{outcome="accepted"} 5)")) << text;
  EXPECT_TRUE(has_line(text, R"(tiendo_gateway_events_total{outcome="refused"} 4)"));
  EXPECT_TRUE(has_line(text, R"(tiendo_gateway_events_total{outcome="unknown"} 3)"));
  EXPECT_TRUE(has_line(text, R"(tiendo_gateway_events_total{outcome="turned_away"} 2)"));
  EXPECT_TRUE(has_line(text, "tiendo_gateway_in_flight_events 1"));
  EXPECT_TRUE(has_line(text, "tiendo_gateway_in_flight_bytes 9"));
  EXPECT_TRUE(has_line(text, "tiendo_gateway_reopened_total 8"));
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

// GET /healthz, /readyz and /metrics: operations.
#include <algorithm>

#include "query/answer.h"
#include "query/routes.h"

namespace tiendo {
namespace {

HttpResponse plain_text(int status, std::string body) {
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .headers = {{"Cache-Control", "no-store"}},
          .body = std::move(body)};
}

std::vector<HealthCheck> checks_of(const Call& call) {
  if (call.context.health) return call.context.health();
  const bool views = call.context.views() != nullptr;
  return {{"views", views, views ? "" : "there are no views yet"}};
}

bool all_ok(const std::vector<HealthCheck>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const HealthCheck& one) { return one.ok; });
}

std::string verbose_text(const Call& call, const std::vector<HealthCheck>& checks) {
  JsonWriter json;
  json.begin_object();
  json.field("ok", all_ok(checks));
  json.begin_array("checks");
  for (const HealthCheck& check : checks) {
    json.begin_object();
    json.field("name", check.name);
    json.field("ok", check.ok);
    json.field("message", check.message);
    json.end_object();
  }
  json.end_array();
  json.begin_array("streams");
  for (const StreamReach& reach : call.context.streams()) {
    json.begin_object();
    json.field("stream", reach.stream.text());
    json.field("state", reach.state);
    json.field("message", reach.message);
    json.field("lag", reach.lag);
    json.field_unless_empty("cluster", reach.cluster);
    json.field("settled_until", reach.settled_until);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return std::move(json).text();
}

HttpResponse verbose(const Call& call, int status, const std::vector<HealthCheck>& checks) {
  HttpResponse response = plain_json(verbose_text(call, checks));
  response.status = status;
  return response;
}

bool wants_verbose(const Call& call) { return call.request.query("verbose").has_value(); }

}  // namespace

// Whether the process is alive: it is, if it answers at all.
Result<HttpResponse> answer_healthz(const Call& call) {
  if (wants_verbose(call)) return verbose(call, 200, checks_of(call));
  return plain_text(200, "ok\n");
}

// Whether all of it serves: 503 names the parts that do not, a stopped stream among them. Figures
// are answered all the same, and say what they rest on.
Result<HttpResponse> answer_readyz(const Call& call) {
  const std::vector<HealthCheck> checks = checks_of(call);
  const int status = all_ok(checks) ? 200 : 503;
  if (wants_verbose(call)) return verbose(call, status, checks);
  if (status == 200) return plain_text(200, "ready\n");
  std::string body = "not ready\n";
  for (const HealthCheck& check : checks) {
    if (!check.ok) body += check.name + ": " + check.message + "\n";
  }
  return plain_text(503, std::move(body));
}

Result<HttpResponse> answer_metrics(const Call& call) {
  if (!call.context.metrics) {
    return refuse(call, "not_found", {"Nút này không có số đo.", "This node has no metrics."});
  }
  HttpResponse response = plain_text(200, call.context.metrics());
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace tiendo

// The routes of the interface, as one table: requests are told apart by it, and /openapi.json is
// made from it.
#pragma once

#include <span>
#include <string_view>

#include "query/parameters.h"

namespace tiendo {

// One field of an answer, for the document of the interface. `type` is that of JSON: string,
// number, boolean, array, object; a '?' behind it: or null.
struct AnswerField {
  std::string_view name;
  std::string_view type;
  std::string_view description;
};

struct Route {
  std::string_view method;
  std::string_view path;  // /v1/plans/{plan}/progress
  std::string_view summary;
  std::span<const ParameterSpec> parameters;
  std::span<const AnswerField> answer;  // of a JSON object; empty: text
  bool has_basis = false;               // as_of, final, lag_ms and state too
  bool needs_views = false;
  Result<HttpResponse> (*handle)(const Call& call) = nullptr;  // none: handed on by Api
};
[[nodiscard]] std::span<const Route> routes();

// One file each.
[[nodiscard]] Result<HttpResponse> answer_schemas(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_schema(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_rejudge(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_publications(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_publish(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_progress(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_rollups(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_explain(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_history(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_changes(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_preview(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_reports(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_units(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_unit(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_bridge(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_plans(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_plan(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_event(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_rejected(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_waiting(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_healthz(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_readyz(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_metrics(const Call& call);
[[nodiscard]] Result<HttpResponse> answer_openapi(const Call& call);

}  // namespace tiendo

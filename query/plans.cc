// GET /v1/plans and /v1/plans/{plan}: the plans, their versions and documents.
#include <algorithm>

#include "events/whole_number.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/routes.h"

namespace tiendo {
namespace {

void write_plan(JsonWriter& json, const Plan& plan) {
  json.field("plan", plan.id);
  json.field("version", plan.version);
  json.field("title", plan.title);
  json.field("valid_from", plan.valid_from);
  json.field("first", plan.first);
  json.field("last", plan.last);
  json.field("unit", plan.unit);
  json.field("calendar", plan.statutory ? "statutory" : "calendar");
}

using Versions = std::map<int64_t, Knowledge::Version>;

void write_versions(JsonWriter& json, const Versions& versions) {
  json.begin_array("versions");
  for (const auto& [number, version] : versions) {
    json.begin_object();
    json.field("version", number);
    json.field("valid_from", version.plan->valid_from);
    json.field("recorded_at", version.said.recorded_at);
    json.field("stream", version.said.stream.text());
    json.field("position", version.said.position);
    json.end_object();
  }
  json.end_array();
}

// The asked version, else the one that serves questions about today.
Result<std::shared_ptr<const Plan>> version_of(const Call& call, const Knowledge& knowledge,
                                               const Versions& versions, const std::string& id,
                                               Day today) {
  const auto text = text_of(call, "version");
  if (!text) return knowledge.plan(id, today);
  const auto number = whole_number<int64_t>(*text);
  const auto found = number ? versions.find(*number) : versions.end();
  if (found != versions.end()) return found->second.plan;
  std::string known;
  for (const auto& [one, version] : versions) {
    known += (known.empty() ? "" : ", ") + std::to_string(one);
  }
  return refuse(call, "version_unknown",
                {"Kế hoạch " + id + " không có phiên bản " + *text + ". Có: " + known + ".",
                 "Plan " + id + " has no version " + *text + ". It has: " + known + "."});
}

}  // namespace

Result<HttpResponse> answer_plans(const Call& call) {
  TRY_ASSIGN(moment, moment_of(call));
  const auto knowledge = call.views->reference->known(moment);
  TRY_ASSIGN(basis, basis_of(call, moment));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    json.begin_array("plans");
    for (const auto& [id, versions] : knowledge->plans) {
      json.begin_object();
      write_plan(json, *knowledge->plan(id, moment.today()));
      write_versions(json, versions);
      json.end_object();
    }
    json.end_array();
    return false;
  });
}

Result<HttpResponse> answer_plan(const Call& call) {
  TRY_ASSIGN(moment, moment_of(call));
  const auto knowledge = call.views->reference->known(moment);
  const std::string& id = call.ids[0];
  const auto versions = knowledge->plans.find(id);
  if (versions == knowledge->plans.end()) {
    return refuse(call, "plan_unknown",
                  {"Không có kế hoạch \"" + id + "\"; xem /v1/plans.",
                   "There is no plan \"" + id + "\"; see /v1/plans."});
  }
  TRY_ASSIGN(plan, version_of(call, *knowledge, versions->second, id, moment.today()));
  TRY_ASSIGN(basis, basis_of(call, moment));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    write_plan(json, *plan);
    write_versions(json, versions->second);
    json.key("document");
    json.raw(plan->document);
    return false;
  });
}

}  // namespace tiendo

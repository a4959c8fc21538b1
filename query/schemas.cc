// GET /v1/schemas and /v1/schemas/{type}: what an event of each type looks like.
#include "query/answer.h"
#include "query/routes.h"
#include "query/schema.h"

namespace tiendo {

Result<HttpResponse> answer_schemas(const Call&) {
  JsonWriter json;
  json.begin_object();
  json.begin_array("schemas");
  for (const TypeSpec& spec : vocabulary()) {
    if (spec.is_control) continue;
    json.begin_object();
    json.field("type", std::string(type_prefix) + std::string(spec.name) + ".v1");
    json.field("schema", "/v1/schemas/" + std::string(spec.name));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return plain_json(std::move(json).text());
}

// The type by its name in the contract or its full one.
Result<HttpResponse> answer_schema(const Call& call) {
  for (const TypeSpec& spec : vocabulary()) {
    const std::string full = std::string(type_prefix) + std::string(spec.name) + ".v1";
    if (spec.is_control || (call.ids[0] != spec.name && call.ids[0] != full)) continue;
    return plain_json(schema_of(spec));
  }
  return refuse(call, "type_unknown",
                {"Không có loại sự kiện " + call.ids[0] + "; xem /v1/schemas.",
                 "There is no event type " + call.ids[0] + "; see /v1/schemas."});
}

}  // namespace tiendo

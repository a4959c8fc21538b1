// GET /openapi.json: the interface described, from the table of routes.
#include <map>

#include "query/answer.h"
#include "query/routes.h"

namespace tiendo {
namespace {

void write_type(JsonWriter& json, std::string_view type) {
  const bool or_null = type.ends_with('?');
  if (or_null) type.remove_suffix(1);
  // A number beyond 15 significant digits is a string of the same text.
  const bool decimal = type == "decimal";
  if (!or_null && !decimal) {
    json.field("type", type);
    return;
  }
  json.begin_array("type");
  json.value(decimal ? "number" : type);
  if (decimal) json.value("string");
  if (or_null) json.value("null");
  json.end_array();
}

constexpr AnswerField basis_fields[] = {
    {"final", "boolean", "every known stream is read past the moment: the answer stays"},
    {"lag_ms", "number", "how long the oldest record that the views lack has been in the log"},
    {"state", "string", "current, behind, incomplete or building"},
};

void write_property(JsonWriter& json, const AnswerField& field) {
  json.begin_object(field.name);
  write_type(json, field.type);
  json.field_unless_empty("description", field.description);
  json.end_object();
}

void write_schema(JsonWriter& json, const Route& route) {
  json.begin_object("schema");
  json.field("type", "object");
  json.begin_object("properties");
  for (const AnswerField& field : route.answer) write_property(json, field);
  if (route.has_basis) {
    json.begin_object("as_of");
    json.field("$ref", "#/components/schemas/AsOf");
    json.end_object();
    for (const AnswerField& field : basis_fields) write_property(json, field);
  }
  json.end_object();
  json.begin_array("required");
  for (const AnswerField& field : route.answer) json.value(field.name);
  if (route.has_basis) {
    json.value("as_of");
    for (const AnswerField& field : basis_fields) json.value(field.name);
  }
  json.end_array();
  json.end_object();
}

void write_parameter(JsonWriter& json, std::string_view name, std::string_view in,
                     std::string_view description, bool required) {
  json.begin_object();
  json.field("name", name);
  json.field("in", in);
  json.field_unless_empty("description", description);
  if (required) json.field("required", true);
  json.begin_object("schema");
  json.field("type", "string");
  json.end_object();
  json.end_object();
}

void write_parameters(JsonWriter& json, const Route& route) {
  json.begin_array("parameters");
  std::string_view rest = route.path;
  for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    const std::size_t close = rest.find('}');
    write_parameter(json, rest.substr(open + 1, close - open - 1), "path", "", true);
    rest.remove_prefix(close + 1);
  }
  for (const ParameterSpec& one : route.parameters) {
    write_parameter(json, one.name, "query", one.description, one.required);
  }
  json.end_array();
}

void write_content(JsonWriter& json, std::string_view media, const Route* route) {
  json.begin_object("content");
  json.begin_object(media);
  if (route != nullptr) write_schema(json, *route);
  json.end_object();
  json.end_object();
}

// {author, reason}: who decides, and why.
void write_act_body(JsonWriter& json) {
  json.begin_object("application/json");
  json.begin_object("schema");
  json.field("type", "object");
  json.begin_object("properties");
  for (const char* name : {"author", "reason"}) {
    json.begin_object(name);
    json.field("type", "string");
    json.end_object();
  }
  json.end_object();
  json.begin_array("required");
  json.value("author");
  json.value("reason");
  json.end_array();
  json.end_object();
  json.end_object();
}

void write_request_body(JsonWriter& json, const Route& route) {
  json.begin_object("requestBody");
  json.field("required", true);
  json.begin_object("content");
  if (route.has_basis) {
    json.begin_object("application/json");
    json.end_object();
    json.end_object();
    json.end_object();
    return;
  }
  if (route.handle != nullptr) {
    write_act_body(json);
    json.end_object();
    json.end_object();
    return;
  }
  for (const char* media :
       {"application/cloudevents+json", "application/cloudevents-batch+json", "application/json"}) {
    json.begin_object(media);
    json.end_object();
  }
  json.end_object();
  json.end_object();
}

void write_operation(JsonWriter& json, const Route& route) {
  const bool post = route.method == "POST";
  json.begin_object(post ? "post" : "get");
  json.field("summary", route.summary);
  write_parameters(json, route);
  if (post) write_request_body(json, route);
  json.begin_object("responses");
  json.begin_object(post && !route.has_basis ? "202" : "200");  // one that only asks writes nothing
  json.field("description", route.summary);
  const bool is_json = !route.answer.empty() || route.path.ends_with(".json");
  write_content(json, is_json ? "application/json" : "text/plain",
                route.answer.empty() ? nullptr : &route);
  json.end_object();
  if (route.has_basis && !post) {
    json.begin_object("304");
    json.field("description", "as If-None-Match has it");
    json.end_object();
  }
  json.begin_object("default");
  json.field("$ref", "#/components/responses/Problem");
  json.end_object();
  json.end_object();
  json.end_object();
}

constexpr std::string_view components = R"({
"responses":{"Problem":{"description":"a refusal (RFC 9457); code is stable","content":{
"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}},
"schemas":{
"Problem":{"type":"object","required":["type","title","status","detail","code"],"properties":{
"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
"detail":{"type":"string"},"code":{"type":"string"}}},
"AsOf":{"type":"object","required":["moment","streams"],"properties":{
"moment":{"type":"string","format":"date-time"},
"streams":{"type":"object","description":"by stream, the last position known",
"additionalProperties":{"type":"integer"}},
"times":{"type":"object","description":"streams whose records do not bear the moment they came",
"additionalProperties":{"enum":["event_time","producer_time"]}}}}}})";

std::string document() {
  std::map<std::string_view, std::vector<const Route*>> by_path;
  for (const Route& route : routes()) by_path[route.path].push_back(&route);
  JsonWriter json;
  json.begin_object();
  json.field("openapi", "3.1.0");
  json.begin_object("info");
  json.field("title", "tiendo");
  json.field("version", "1");
  json.field("description",
             "The book of record for reported figures. Days are days in Asia/Ho_Chi_Minh. "
             "Parameters that a path does not name are refused.");
  json.end_object();
  json.begin_object("paths");
  for (const auto& [path, of_path] : by_path) {
    json.begin_object(path);
    for (const Route* route : of_path) write_operation(json, *route);
    json.end_object();
  }
  json.end_object();
  json.key("components");
  json.raw(components);
  json.end_object();
  return std::move(json).text();
}

}  // namespace

Result<HttpResponse> answer_openapi(const Call&) {
  static const std::string text = document();
  return plain_json(text);
}

}  // namespace tiendo

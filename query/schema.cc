#include "query/schema.h"

#include "events/limits.h"
#include "query/json_writer.h"

namespace tiendo {
namespace {

// Texts of numbers, as semantics 8 has them; a zero may have a minus only before a point.
constexpr std::string_view whole_pattern = "^(0|[1-9][0-9]{0,17})$";
constexpr std::string_view amount_pattern = "^(-0\\.0{1,6}|(0|[1-9][0-9]{0,17})(\\.[0-9]{1,6})?)$";
constexpr std::string_view signed_pattern =
    "^(-?[1-9][0-9]{0,17}(\\.[0-9]{1,6})?|-?0\\.[0-9]{1,6}|0)$";
constexpr std::string_view date_pattern = "^(19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}$";
constexpr std::string_view moment_pattern =
    "^(19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}"
    "([Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2}))?$";
constexpr std::string_view instant_pattern =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})$";
constexpr std::string_view period_pattern =
    "^([0-9]{4}s?(-(H[12]|Q[1-4]|9M|0[1-9]|1[0-2]))?"
    "|([0-9]{4}-[0-9]{2}-[0-9]{2})?(\\.\\.)?[0-9]{4}-[0-9]{2}-[0-9]{2}|[a-z][a-z0-9_-]*)$";
constexpr std::string_view id_pattern = "^\\S(.*\\S)?$";

// What can be said of a plan document in a schema; the judge reads it all.
constexpr std::string_view plan_schema = R"({"type":"object",
"required":["plan","version","valid_from","first","last","title","indicators","targets"],
"properties":{
"plan":{"$ref":"#/$defs/word"},"version":{"type":["integer","string"]},
"valid_from":{"$ref":"#/$defs/day"},"first":{"$ref":"#/$defs/day"},"last":{"$ref":"#/$defs/day"},
"title":{"$ref":"#/$defs/name"},"calendar":{"enum":["calendar","statutory",null]},
"periods":{"type":["array","null"],"items":{"type":"object","required":["id","first","last"],
"properties":{"id":{"$ref":"#/$defs/word"},"first":{"$ref":"#/$defs/day"},"last":{"$ref":"#/$defs/day"}}}},
"indicators":{"type":"array","items":{"type":"object","required":["id","name","formula"],
"properties":{"id":{"$ref":"#/$defs/word"},"name":{"$ref":"#/$defs/name"},
"measure":{"enum":["activities","visits","people","households","enterprises","accounts","products","sites","teams","dossiers","models","classes","documents","units","rank","million_vnd","percent",null]},
"formula":{"type":"object","required":["kind"],"properties":{
"kind":{"enum":["count","sum","distinct","gauge","state","rank","kept","ratio","survey","coverage","share","least","milestone","money","reference"]},
"covers":{"enum":["own","subtree",null]}}}}}},
"targets":{"type":"array","items":{"type":"object",
"required":["id","indicator","comparator","value","for","when"],
"properties":{"id":{"$ref":"#/$defs/word"},"indicator":{"$ref":"#/$defs/word"},
"comparator":{"enum":[">=",">","<=","<","="]},"value":{"type":["number","string"]},
"for":{"type":"object","required":["scope","level"],"properties":{
"scope":{"enum":["unit","each","rollup","share"]},"of":{"enum":["own","subtree",null]}}},
"when":{"type":"object","required":["kind"],"properties":{
"kind":{"enum":["each_year","by","before","throughout","in"]}}}}}},
"obligations":{"type":["array","null"],"items":{"type":"object","required":["id","from","instances"],
"properties":{"id":{"$ref":"#/$defs/word"},"judged_by":{"enum":["said","received",null]}}}}}})";
constexpr std::string_view plan_definitions = R"({"word":{"type":"string","minLength":1},
"day":{"type":"string","pattern":"^(19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}$"},
"name":{"anyOf":[{"type":"string","minLength":1},
{"type":"object","required":["vi"],"properties":{"vi":{"type":"string","minLength":1},"en":{"type":["string","null"]}}}]}})";

bool null_says_something(Shape shape) {
  return shape == Shape::id_or_null || shape == Shape::value;
}

class SchemaWriter {
 public:
  explicit SchemaWriter(JsonWriter& json) : json_(json) {}

  // `required` and `properties` of an object that has an open end.
  void fields(std::span<const FieldSpec> specs) {
    json_.field("type", "object");
    json_.begin_array("required");
    for (const FieldSpec& spec : specs) {
      if (spec.presence == Presence::required) json_.value(spec.name);
    }
    json_.end_array();
    json_.begin_object("properties");
    for (const FieldSpec& spec : specs) {
      json_.begin_object(spec.name);
      const bool may_be_null =
          spec.presence == Presence::optional || null_says_something(spec.shape);
      if (may_be_null) {
        or_null([&] { value(spec); });
      } else {
        value(spec);
      }
      json_.end_object();
    }
    json_.end_object();
  }

  void text(std::size_t shortest, std::size_t longest, std::string_view pattern = "") {
    json_.field("type", "string");
    if (shortest > 0) json_.field("minLength", static_cast<uint64_t>(shortest));
    json_.field("maxLength", static_cast<uint64_t>(longest));
    json_.field_unless_empty("pattern", pattern);
  }
  void id() { text(1, limits::id_bytes_max, id_pattern); }

  template <class Write>
  void or_null(Write write) {
    json_.begin_array("anyOf");
    json_.begin_object();
    write();
    json_.end_object();
    json_.begin_object();
    json_.field("type", "null");
    json_.end_object();
    json_.end_array();
  }

 private:
  void pattern(std::string_view what) {
    json_.field("type", "string");
    json_.field("pattern", what);
  }
  void one_of(std::initializer_list<std::string_view> words) {
    json_.begin_array("enum");
    for (const std::string_view word : words) json_.value(word);
    json_.end_array();
  }
  // A JSON number, or a text of the same grammar.
  void number(std::string_view type, std::string_view text_pattern, bool may_be_negative) {
    json_.begin_array("anyOf");
    json_.begin_object();
    json_.field("type", type);
    if (!may_be_negative) json_.field("minimum", 0);
    json_.end_object();
    json_.begin_object();
    pattern(text_pattern);
    json_.end_object();
    json_.end_array();
  }
  template <class Write>
  void list(const FieldSpec& spec, bool unique, Write element) {
    json_.field("type", "array");
    if (spec.at_least_one) json_.field("minItems", 1);
    json_.field("maxItems", static_cast<uint64_t>(limits::list_elements_max));
    if (unique && spec.no_repeats) json_.field("uniqueItems", true);
    json_.begin_object("items");
    element();
    json_.end_object();
  }
  template <class Write>
  void map(Write value) {
    json_.field("type", "object");
    json_.begin_object("additionalProperties");
    value();
    json_.end_object();
  }
  void whole() { number("integer", whole_pattern, false); }

  // An object that says `names` and none of `others`, where null may say nothing.
  void says(std::initializer_list<std::string_view> names,
            std::initializer_list<std::string_view> others, bool null_is_said) {
    json_.begin_object();
    json_.begin_array("required");
    for (const std::string_view name : names) json_.value(name);
    json_.end_array();
    json_.begin_object("properties");
    if (!null_is_said) {
      for (const std::string_view name : names) {
        json_.begin_object(name);
        json_.begin_object("not");
        json_.field("type", "null");
        json_.end_object();
        json_.end_object();
      }
    }
    for (const std::string_view name : others) {
      if (null_is_said) {
        json_.field(name, false);
        continue;
      }
      json_.begin_object(name);
      json_.field("type", "null");
      json_.end_object();
    }
    json_.end_object();
    json_.end_object();
  }

  void element(Shape shape) {
    fields(inner_fields(shape));
    if (shape == Shape::outputs) {
      json_.begin_array("oneOf");
      says({"id"}, {"count"}, false);
      says({"count"}, {"id"}, false);
      json_.end_array();
    } else if (shape == Shape::figures) {
      json_.begin_array("oneOf");
      says({"value"}, {"numerator", "denominator"}, true);
      says({"numerator", "denominator"}, {"value"}, true);
      json_.end_array();
    } else if (shape == Shape::codes) {
      json_.begin_array("allOf");
      says({"catalogue"}, {}, false);
      json_.end_array();
    }
  }

  void value(const FieldSpec& spec) {
    switch (spec.shape) {
      case Shape::id:
      case Shape::id_or_null:
        return id();
      case Shape::word:
        return text(0, limits::text_bytes_max);
      case Shape::text:
        return text(1, limits::text_bytes_max, "\\S");
      case Shape::name:
      case Shape::survey:
        return fields(inner_fields(spec.shape));
      case Shape::date:
        return pattern(date_pattern);
      case Shape::moment:
        return pattern(moment_pattern);
      case Shape::instant:
        return pattern(instant_pattern);
      case Shape::period:
        return pattern(period_pattern);
      case Shape::year:
        json_.field("type", "integer");
        json_.field("minimum", limits::year_min);
        json_.field("maximum", limits::year_max);
        return;
      case Shape::whole:
        return whole();
      case Shape::amount:
      case Shape::share:
      case Shape::value:
        return number("number", amount_pattern, false);
      case Shape::signed_amount:
        return number("number", signed_pattern, true);
      case Shape::ids:
        return list(spec, true, [&] { id(); });
      case Shape::words:
        return list(spec, true, [&] { text(0, limits::text_bytes_max); });
      case Shape::flags:
        return map([&] {
          json_.begin_array("type");
          for (const char* type : {"boolean", "string", "number", "null"}) json_.value(type);
          json_.end_array();
        });
      case Shape::form:
        return one_of({"in_person", "online", "hybrid"});
      case Shape::organisation:
        return one_of({"doan", "hoi", "doi"});
      case Shape::scope:
        return one_of({"own", "subtree"});
      case Shape::visits:
        return map([&] { whole(); });
      case Shape::people:
        return map([&] {
          json_.begin_array("anyOf");
          json_.begin_object();
          whole();
          json_.end_object();
          json_.begin_object();
          list(spec, false, [&] { id(); });
          json_.end_object();
          json_.end_array();
        });
      case Shape::outputs:
      case Shape::codes:
      case Shape::figures:
      case Shape::shares:
        return list(spec, false, [&] { element(spec.shape); });
      case Shape::any:
        return;
    }
  }

  JsonWriter& json_;
};

void write_attributes(JsonWriter& json, std::string_view type) {
  SchemaWriter schema(json);
  json.begin_object("specversion");
  json.field("const", "1.0");
  json.end_object();
  json.begin_object("type");
  json.field("const", type);
  json.end_object();
  for (const char* name : {"id", "source"}) {
    json.begin_object(name);
    schema.text(1, limits::id_bytes_max);
    json.end_object();
  }
  for (const char* name : {"subject", "actor"}) {
    json.begin_object(name);
    schema.or_null([&] { schema.text(1, limits::id_bytes_max); });
    json.end_object();
  }
  json.begin_object("time");
  schema.or_null([&] {
    json.field("type", "string");
    json.field("pattern", instant_pattern);
  });
  json.end_object();
  json.begin_object("data_base64");
  json.field("type", "null");
  json.end_object();
}

}  // namespace

std::string schema_of(const TypeSpec& spec) {
  const std::string type = std::string(type_prefix) + std::string(spec.name) + ".v1";
  JsonWriter json;
  json.begin_object();
  json.field("$schema", "https://json-schema.org/draft/2020-12/schema");
  json.field("$id", "/v1/schemas/" + std::string(spec.name));
  json.field("title", type);
  json.field("type", "object");
  json.begin_array("required");
  for (const char* name : {"specversion", "id", "source", "type", "data"}) json.value(name);
  json.end_array();
  json.begin_object("properties");
  write_attributes(json, type);
  json.key("data");
  if (spec.is_plan) {
    json.raw(plan_schema);
  } else {
    json.begin_object();
    SchemaWriter(json).fields(spec.fields);
    json.end_object();
  }
  json.end_object();
  if (spec.is_plan) {
    json.key("$defs");
    json.raw(plan_definitions);
  }
  json.end_object();
  return std::move(json).text();
}

}  // namespace tiendo

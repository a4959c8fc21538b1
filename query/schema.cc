#include "query/schema.h"

#include "events/json.h"
#include "events/limits.h"
#include "events/plan_words.h"
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

// What can be said of a plan document in a schema; the judge reads it all. A list of words in
// @…@ is one of events/plan_words.h.
constexpr std::string_view plan_schema = R"({"type":"object",
"required":["plan","version","valid_from","first","last","title","indicators","targets"],
"additionalProperties":false,
"properties":{
"plan":{"$ref":"#/$defs/word"},"version":{"type":["integer","string"]},
"valid_from":{"$ref":"#/$defs/day"},"first":{"$ref":"#/$defs/day"},"last":{"$ref":"#/$defs/day"},
"title":{"$ref":"#/$defs/name"},"calendar":{"enum":@calendars@},
"unit":{"type":["string","null"]},"note":{"$ref":"#/$defs/may_name"},"decision":{"type":["string","null"]},
"periods":{"type":["array","null"],"items":{"type":"object","required":["id","first","last"],"additionalProperties":false,
"properties":{"id":{"$ref":"#/$defs/word"},"name":{"$ref":"#/$defs/may_name"},"first":{"$ref":"#/$defs/day"},"last":{"$ref":"#/$defs/day"}}}},
"indicators":{"type":"array","items":{"type":"object","required":["id","name","formula"],"additionalProperties":false,
"properties":{"id":{"$ref":"#/$defs/word"},"name":{"$ref":"#/$defs/name"},"note":{"$ref":"#/$defs/may_name"},
"why_reported":{"$ref":"#/$defs/may_name"},"measure":{"enum":@measures@},
"formula":{"$ref":"#/$defs/formula"}}}},
"targets":{"type":"array","items":{"type":"object","additionalProperties":false,
"required":["id","indicator","comparator","value","for","when"],
"properties":{"id":{"$ref":"#/$defs/word"},"ref":{"type":["string","null"]},"indicator":{"$ref":"#/$defs/word"},
"comparator":{"enum":@comparators@},"value":{"$ref":"#/$defs/number"},"or_more":{"type":["boolean","null"]},
"series":{"type":["string","null"]},"then":{"enum":["hold",null]},"note":{"$ref":"#/$defs/may_name"},
"inner":{"anyOf":[{"type":"null"},{"type":"object","required":["comparator","value"],"additionalProperties":false,
"properties":{"comparator":{"enum":@comparators@},"value":{"$ref":"#/$defs/number"}}}]},
"for":{"type":"object","required":["scope","level"],"additionalProperties":false,"properties":{
"scope":{"enum":@scopes@},"level":{"$ref":"#/$defs/words"},"where":{"type":["object","null"]},"of":{"enum":@extents_or_null@}}},
"when":{"type":"object","required":["kind"],"additionalProperties":false,"properties":{"kind":{"enum":@when_kinds@},
"years":{"type":["array","null"],"items":{"type":["integer","string"]}},"calendar":{"enum":@calendars@},
"until":{"type":["string","null"]},"first":{"$ref":"#/$defs/may_day"},"day":{"$ref":"#/$defs/may_day"},"last":{"$ref":"#/$defs/may_day"},
"period":{"type":["string","null"]}}}}}},
"obligations":{"type":["array","null"],"items":{"type":"object","required":["id","from","instances"],"additionalProperties":false,
"properties":{"id":{"$ref":"#/$defs/word"},"name":{"$ref":"#/$defs/may_name"},"note":{"$ref":"#/$defs/may_name"},
"from":{"type":"object","additionalProperties":false,"properties":{"level":{"$ref":"#/$defs/may_words"},"where":{"type":["object","null"]}}},
"to":{"type":["string","null"]},"requires":{"$ref":"#/$defs/may_words"},"judged_by":{"enum":@judged_by@},
"instances":{"type":"array","items":{"type":"object","required":["period"],"additionalProperties":false,
"properties":{"period":{"$ref":"#/$defs/word"},"due":{"type":["object","string","null"]}}}}}}},
"tasks":{"type":["array","null"],"items":{"type":"object","required":["id","name"],"additionalProperties":false,
"properties":{"id":{"$ref":"#/$defs/word"},"ref":{"type":["string","null"]},"name":{"$ref":"#/$defs/name"},
"leads":{"$ref":"#/$defs/may_words"},"with":{"$ref":"#/$defs/may_words"},"time":{"type":["object","string","null"]},
"lines":{"$ref":"#/$defs/may_words"},"note":{"$ref":"#/$defs/may_name"}}}},
"budget":{"type":["array","null"],"items":{"type":"object","required":["line","years"],"additionalProperties":false,
"properties":{"line":{"$ref":"#/$defs/word"},"name":{"$ref":"#/$defs/may_name"},"level":{"type":["string","null"]},
"unit_of_measure":{"enum":@measures@},"years":{"$ref":"#/$defs/years"},"total":{"$ref":"#/$defs/may_number"},
"note":{"$ref":"#/$defs/may_name"}}}},
"budget_totals":{"type":["array","null"],"items":{"type":"object","required":["total"],"additionalProperties":false,
"properties":{"level":{"type":["string","null"]},"years":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/years"}]},
"total":{"$ref":"#/$defs/number"}}}}}})";
constexpr std::string_view plan_definitions = R"({"word":{"type":"string","minLength":1},
"words":{"anyOf":[{"$ref":"#/$defs/word"},{"type":"array","items":{"$ref":"#/$defs/word"}}]},
"may_words":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/words"}]},
"number":{"type":["number","string"]},"may_number":{"type":["number","string","null"]},
"day":{"type":"string","pattern":"^(19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}$"},
"may_day":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/day"}]},
"name":{"anyOf":[{"type":"string","minLength":1},
{"type":"object","required":["vi"],"additionalProperties":false,"properties":{"vi":{"type":"string","minLength":1},"en":{"type":["string","null"]}}}]},
"may_name":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/name"}]},
"years":{"type":"object","propertyNames":{"pattern":"^(19|2[01])[0-9]{2}$"},"additionalProperties":{"$ref":"#/$defs/may_number"}},
"formula":{"type":"object","required":["kind"],"properties":{"kind":{"enum":@formula_kinds@},
"measure":{"enum":@measures@},"covers":{"enum":@extents_or_null@},"window":{"enum":["target","plan",null]},
"where":{"type":["object","null"]},"only":{"type":["object","null"]},"credit":{"enum":["own","all",null]},
"fresh":{"enum":["any","period",null]},"counts":{"enum":["upper_bound","distinct","ignore",null]},
"numerator":{"$ref":"#/$defs/formula"},"denominator":{"$ref":"#/$defs/formula"}}}})";

// The schema with the lists of words in their places; those that may be left out hold null too.
std::string with_words(std::string_view schema) {
  struct List {
    std::string_view name;
    std::span<const std::string_view> words;
    bool may_be_null;
  };
  const std::initializer_list<List> lists = {{"@measures@", words::measures, true},
                                             {"@formula_kinds@", words::formula_kinds, false},
                                             {"@comparators@", words::comparators, false},
                                             {"@scopes@", words::scopes, false},
                                             {"@when_kinds@", words::when_kinds, false},
                                             {"@extents_or_null@", words::extents, true},
                                             {"@calendars@", words::calendars, true},
                                             {"@judged_by@", words::judged_by, true}};
  std::string text(schema);
  for (const List& list : lists) {
    std::string json = "[";
    for (const std::string_view word : list.words) {
      json += (json.size() == 1 ? "" : ",") + json::quoted(word);
    }
    json += list.may_be_null ? ",null]" : "]";
    for (std::size_t at = 0; (at = text.find(list.name, at)) != std::string::npos;) {
      text.replace(at, list.name.size(), json);
    }
  }
  return text;
}

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
  void one_of(std::span<const std::string_view> words) {
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
        return one_of(words::forms);
      case Shape::organisation:
        return one_of(words::organisations);
      case Shape::scope:
        return one_of(words::extents);
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
    json.raw(with_words(plan_schema));
  } else {
    json.begin_object();
    SchemaWriter(json).fields(spec.fields);
    json.end_object();
  }
  json.end_object();
  if (spec.is_plan) {
    json.key("$defs");
    json.raw(with_words(plan_definitions));
  }
  json.end_object();
  return std::move(json).text();
}

}  // namespace tiendo

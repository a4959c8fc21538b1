#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/decimal.h"
#include "events/event.h"
#include "events/text.h"

// Sameness of two messages. A number may be printed as a JSON number or as a text, with or without
// zeros at its end, so where the vocabulary says that a field is a number it is compared as one.
namespace tiendo {
namespace {

std::string form_of(Shape shape, json::Value value);

// `shape_of` gives the shape of the field with a key.
template <class ShapeOf>
std::string form_of_object(json::Value object, ShapeOf shape_of) {
  std::vector<std::pair<std::string, std::string>> fields;
  fields.reserve(object.size());
  for (const json::Value field : object) {
    fields.emplace_back(json::quoted(to_nfc(field.key())), form_of(shape_of(field.key()), field));
  }
  std::sort(fields.begin(), fields.end());
  std::string form = "{";
  for (const auto& [key, value] : fields) form += key + ":" + value + ",";
  return form + "}";
}

std::string form_of_fields(std::span<const FieldSpec> fields, json::Value object) {
  if (!object.is(json::Kind::object)) return json::canonical(object);
  return form_of_object(object, [fields](std::string_view key) {
    const auto spec = std::find_if(fields.begin(), fields.end(),
                                   [key](const FieldSpec& field) { return field.name == key; });
    return spec == fields.end() ? Shape::any : spec->shape;
  });
}

std::string form_of_list(Shape shape, json::Value list) {
  if (!list.is(json::Kind::array)) return json::canonical(list);
  std::string form = "[";
  for (const json::Value element : list) form += form_of_fields(inner_fields(shape), element) + ",";
  return form + "]";
}

std::string form_of_number(json::Value value) {
  if (!value.is(json::Kind::text) && !value.is(json::Kind::number)) return json::canonical(value);
  const ParsedDecimal number = parse_decimal(value.text());
  return number.fault == NumberFault::none ? number.value.text() : json::canonical(value);
}

std::string form_of(Shape shape, json::Value value) {
  switch (shape) {
    case Shape::whole:
    case Shape::amount:
    case Shape::signed_amount:
    case Shape::share:
    case Shape::value:
      return form_of_number(value);
    case Shape::visits:
    case Shape::people:
      if (!value.is(json::Kind::object)) return json::canonical(value);
      return form_of_object(value, [](std::string_view) { return Shape::whole; });
    case Shape::outputs:
    case Shape::figures:
    case Shape::shares:
      return form_of_list(shape, value);
    default:
      return json::canonical(value);
  }
}

}  // namespace

bool same_content(const Message& a, const Message& b) {
  json::Document document_a;
  json::Document document_b;
  const Decoded decoded_a = decode(a, document_a);
  const Decoded decoded_b = decode(b, document_b);
  const auto* const first = std::get_if<Event>(&decoded_a);
  const auto* const second = std::get_if<Event>(&decoded_b);
  if (first == nullptr || second == nullptr) return false;
  if (first->type != second->type || first->time != second->time) return false;
  if (!same_text(first->subject, second->subject)) return false;
  if (!same_text(first->actor, second->actor)) return false;
  if (json::canonical(first->data) == json::canonical(second->data)) return true;
  const auto fields = spec_of(first->type).fields;
  return form_of_fields(fields, first->data) == form_of_fields(fields, second->data);
}

}  // namespace tiendo

#include "events/event_warnings.h"

#include <algorithm>
#include <string>

#include "events/nearest_word.h"

namespace tiendo {
namespace {

const FieldSpec* find(std::span<const FieldSpec> fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [name](const FieldSpec& one) { return one.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

void check_object(std::span<const FieldSpec> fields, json::Value object, const std::string& path,
                  std::vector<Warning>& found);

// The objects that a field holds.
void check_inner(Shape shape, json::Value value, const std::string& path,
                 std::vector<Warning>& found) {
  const std::span<const FieldSpec> inner = inner_fields(shape);
  if (inner.empty()) return;
  if (!value.is(json::Kind::array)) return check_object(inner, value, path, found);
  std::size_t at = 0;
  for (const json::Value element : value) {
    check_object(inner, element, path + "[" + std::to_string(at++) + "]", found);
  }
}

void check_object(std::span<const FieldSpec> fields, json::Value object, const std::string& path,
                  std::vector<Warning>& found) {
  if (!object.is(json::Kind::object)) return;
  for (const json::Value value : object) {
    if (const FieldSpec* known = find(fields, value.key())) {
      if (!inner_fields(known->shape).empty()) {
        check_inner(known->shape, value, path + "." + std::string(known->name), found);
      }
      continue;
    }
    std::vector<std::string_view> unsaid;
    for (const FieldSpec& field : fields) {
      if (!object[field.name].present()) unsaid.push_back(field.name);
    }
    const std::string meant(nearest_word(value.key(), unsaid));
    if (meant.empty()) continue;
    found.push_back(
        {path + "." + std::string(value.key()),
         {"không có trường này nên không có tác dụng; có phải ý là `" + meant + "`?",
          "there is no such field, so it has no effect; did you mean `" + meant + "`?"}});
  }
}

}  // namespace

std::vector<Warning> warnings_of_event(EventType type, json::Value data) {
  std::vector<Warning> found;
  const TypeSpec& spec = spec_of(type);
  if (!spec.is_plan) check_object(spec.fields, data, "data", found);
  return found;
}

}  // namespace tiendo

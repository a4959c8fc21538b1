// Filters of plan documents (semantics 5): which activities, units or entities are meant.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "events/json.h"

namespace tiendo {

// A value that a field is compared with: text in NFC, a number in its shortest form, true or false.
// True is not "true".
struct Scalar {
  enum class Kind : uint8_t { text, number, truth };
  Kind kind = Kind::text;
  std::string text;
  friend bool operator==(const Scalar&, const Scalar&) = default;
};
// Absent for null, arrays and objects.
[[nodiscard]] std::optional<Scalar> to_scalar(json::Value value);
// Whether `value` equals `scalar`, or is a list with an element that does.
[[nodiscard]] bool holds_scalar(json::Value value, const Scalar& scalar);

struct Filter {
  enum class Kind : uint8_t { everything, nothing, field, all, any, negation };
  Kind kind = Kind::everything;
  std::string field;           // of kind field: type, flag.digital, unit.level ...
  std::vector<Scalar> values;  // of kind field: equal to one of them
  std::vector<Filter> parts;   // of all, any; one of negation
  friend bool operator==(const Filter&, const Filter&) = default;
};

// Whether a field of the thing in question equals one of the values; a missing field never does.
using FieldTest = std::function<bool(std::string_view field, const std::vector<Scalar>& values)>;
[[nodiscard]] bool matches(const Filter& filter, const FieldTest& test);

// One text for equal filters: parts sorted, single parts unwrapped.
[[nodiscard]] std::string canonical(const Filter& filter);

// The conditions on the unit (fields `unit.*`) that the filter holds, each once.
[[nodiscard]] std::vector<Filter> unit_conditions(const Filter& filter);
// The filter with each of those conditions replaced by its outcome, simplified: what is left speaks
// of the event alone.
[[nodiscard]] Filter with_outcomes(const Filter& filter, const std::vector<Filter>& conditions,
                                   const std::vector<bool>& outcomes);

}  // namespace tiendo

// How the filters of plan documents are read (events/plan_reader.h).
#include <algorithm>

#include "events/nearest_word.h"
#include "events/plan_reader.h"
#include "events/plan_words.h"
#include "events/text.h"

namespace tiendo {
namespace {

constexpr std::string_view of_unit = "unit.";

std::span<const std::string_view> fields_of(Filtered filtered) {
  switch (filtered) {
    case Filtered::anything:
      return {};
    case Filtered::activities:
      return words::activity_fields;
    case Filtered::units:
      return words::unit_fields;
    case Filtered::entities:
      return words::entity_fields;
  }
  return {};
}

std::string_view name_of(Filtered filtered) {
  switch (filtered) {
    case Filtered::activities:
      return "activities";
    case Filtered::units:
      return "units";
    default:
      return "entities";
  }
}

bool is_field(std::string_view name, std::span<const std::string_view> fields) {
  return std::any_of(fields.begin(), fields.end(), [&](std::string_view field) {
    if (!field.ends_with('.')) return name == field;
    return name.size() > field.size() && name.starts_with(field);
  });
}

// The same field of the right thing, else a word that is spelt nearly so.
std::string field_meant(std::string_view name, std::span<const std::string_view> fields) {
  std::string with_unit = std::string(of_unit) + std::string(name);
  if (is_field(with_unit, fields)) return with_unit;
  if (name.starts_with(of_unit) && is_field(name.substr(of_unit.size()), fields)) {
    return std::string(name.substr(of_unit.size()));
  }
  const std::size_t point = name.rfind('.');
  if (point != std::string_view::npos) {
    const std::string_view nearest = nearest_word(name.substr(0, point + 1), fields);
    if (nearest.ends_with('.')) return std::string(nearest) + std::string(name.substr(point + 1));
  }
  if (const std::string_view nearest = nearest_word(name, fields); !nearest.empty()) {
    return std::string(nearest);
  }
  // A key of the plan's own choice, without the word before its point.
  const auto open = std::find_if(fields.begin(), fields.end(),
                                 [](std::string_view field) { return field.ends_with('.'); });
  const bool has_point = name.find('.') != std::string_view::npos;
  return open == fields.end() || has_point ? "" : std::string(*open) + std::string(name);
}

}  // namespace

Filter PlanReader::filter(const Place& place, Filtered filtered) {
  if (!expect(place, json::Kind::object, Phrase::filter)) return {};
  std::vector<Filter> parts;
  for (const json::Value field : place.value) {
    const Place at{field, place.path + "." + std::string(field.key())};
    if (field.key() == "all" || field.key() == "any") {
      Filter group{.kind = field.key() == "all" ? Filter::Kind::all : Filter::Kind::any};
      for (const Place& element : elements(at)) group.parts.push_back(filter(element, filtered));
      parts.push_back(std::move(group));
    } else if (field.key() == "not") {
      parts.push_back({.kind = Filter::Kind::negation, .parts = {filter(at, filtered)}});
    } else {
      parts.push_back(condition(at, filtered));
    }
  }
  // Constants fold away, so that {"all":[{}]} is everything and an empty `any` is nothing.
  return with_outcomes({.kind = Filter::Kind::all, .parts = std::move(parts)}, {}, {});
}

Filter PlanReader::condition(const Place& place, Filtered filtered) {
  Filter condition{.kind = Filter::Kind::field, .field = to_nfc(place.value.key())};
  if (filtered != Filtered::anything) check_filter_field(place, condition.field, filtered);
  if (!place.value.is(json::Kind::array)) {
    const auto scalar = to_scalar(place.value);
    check_clean(place);
    if (!scalar) fault(Reason::plan_schema, place, Phrase::scalar_or_list);
    if (!scalar) return condition;
    condition.values.push_back(*scalar);
    if (filtered == Filtered::activities) check_filter_words(place, condition.field);
    return condition;
  }
  for (const Place& element : elements(place)) {
    const auto scalar = to_scalar(element.value);
    check_clean(element);
    if (!scalar) fault(Reason::plan_schema, element, Phrase::scalar);
    if (!scalar) continue;
    condition.values.push_back(*scalar);
    if (filtered == Filtered::activities) check_filter_words(element, condition.field);
  }
  if (place.value.size() == 0 && filtered != Filtered::anything) {
    fault(Reason::plan_schema, place, Phrase::some_value);
  }
  return condition;
}

void PlanReader::check_filter_field(const Place& place, std::string_view field, Filtered filtered) {
  const std::span<const std::string_view> fields = fields_of(filtered);
  if (is_field(field, fields)) return;
  std::string listed;
  for (const std::string_view known : fields) {
    listed += (listed.empty() ? "" : ", ") + std::string(known) + (known.ends_with('.') ? "…" : "");
  }
  const std::string meant = field_meant(field, fields);
  fault(Reason::plan_formula, place, Phrase::filter_field, {field, name_of(filtered), listed},
        meant.empty() ? "" : did_you_mean(meant));
}

// Values that come from a closed list in events too.
void PlanReader::check_filter_words(const Place& place, std::string_view field) {
  if (field == "form") static_cast<void>(one_of(place, words::forms));
  if (field == "organisation") static_cast<void>(one_of(place, words::organisations));
}

}  // namespace tiendo

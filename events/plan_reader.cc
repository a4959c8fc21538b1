#include "events/plan_reader.h"

#include <algorithm>

#include "events/limits.h"
#include "events/text.h"

namespace tiendo {

void PlanReader::fault(Reason reason, const Place& place, std::string expected) {
  if (refusal_ && refusal_->reason <= reason) return;
  std::string found = place.value.present() ? json::print(place.value) : "";
  if (found.size() > limits::found_bytes_max) {
    std::size_t end = limits::found_bytes_max;
    while (end > 0 && (static_cast<uint8_t>(found[end]) & 0xC0) == 0x80) --end;
    found.resize(end);
  }
  refusal_ = Refusal{reason, place.path, std::move(found), std::move(expected)};
}

Place PlanReader::optional_field(const Place& object, std::string_view name) {
  Place place{object.value[name], object.path + "." + std::string(name)};
  if (place.value.is_null()) place.value = {};
  return place;
}

Place PlanReader::required_field(const Place& object, std::string_view name) {
  Place place = optional_field(object, name);
  if (!place.value.present()) fault(Reason::plan_schema, place, "this field is required");
  return place;
}

bool PlanReader::expect(const Place& place, json::Kind kind, std::string_view expected) {
  if (!place.value.present()) return false;
  if (place.value.is(kind)) return true;
  fault(Reason::plan_schema, place, std::string(expected));
  return false;
}

std::vector<Place> PlanReader::elements(const Place& list) {
  std::vector<Place> places;
  if (!expect(list, json::Kind::array, "a list")) return places;
  for (const json::Value element : list.value) {
    places.push_back({element, list.path + "[" + std::to_string(places.size()) + "]"});
  }
  return places;
}

std::string PlanReader::text(const Place& place) {
  if (!expect(place, json::Kind::text, "a text")) return {};
  if (place.value.text().empty()) fault(Reason::plan_schema, place, "a text that is not empty");
  return to_nfc(place.value.text());
}

bool PlanReader::truth(const Place& place) {
  return expect(place, json::Kind::boolean, "true or false") && place.value.truth();
}

Decimal PlanReader::decimal(const Place& place) {
  if (!place.value.present()) return {};
  const bool is_number = place.value.is(json::Kind::number) || place.value.is(json::Kind::text);
  const ParsedDecimal number = parse_decimal(place.value.text());
  if (!is_number || number.fault != NumberFault::none) {
    fault(Reason::plan_schema, place, "a number such as 1000 or 12.5");
    return {};
  }
  return number.value;
}

int64_t PlanReader::whole(const Place& place) {
  const Decimal value = decimal(place);
  if (value.units() % Decimal::one_units != 0) {
    fault(Reason::plan_schema, place, "a whole number");
  }
  return static_cast<int64_t>(value.units() / Decimal::one_units);
}

Day PlanReader::day(const Place& place) {
  if (!expect(place, json::Kind::text, "a day, YYYY-MM-DD")) return {};
  const auto day = parse_day(place.value.text());
  if (!day) fault(Reason::plan_schema, place, "a day that exists, YYYY-MM-DD");
  return day.value_or(Day{});
}

std::vector<std::string> PlanReader::texts(const Place& place) {
  if (!place.value.present()) return {};
  if (place.value.is(json::Kind::text)) return {text(place)};
  std::vector<std::string> all;
  for (const Place& element : elements(place)) all.push_back(text(element));
  return all;
}

Comparator PlanReader::comparator(const Place& place) {
  const auto parsed = parse_comparator(place.value.text());
  if (place.value.present() && !parsed) {
    fault(Reason::value_unknown, place, "one of >= > <= < =");
  }
  return parsed.value_or(Comparator::at_least);
}

std::size_t PlanReader::one_of(const Place& place, std::initializer_list<std::string_view> words,
                               Reason reason) {
  if (!place.value.present()) return 0;
  const auto found = std::find(words.begin(), words.end(), place.value.text());
  if (place.value.is(json::Kind::text) && found != words.end()) {
    return static_cast<std::size_t>(found - words.begin());
  }
  std::string expected = "one of";
  for (const std::string_view word : words) expected += " " + std::string(word);
  fault(reason, place, std::move(expected));
  return 0;
}

namespace {

bool is_filter_field(std::string_view name) {
  static constexpr std::string_view names[] = {"type",
                                               "form",
                                               "pillar",
                                               "topics",
                                               "task",
                                               "plan",
                                               "organisation",
                                               "level",
                                               "kind",
                                               "parent_level",
                                               "unit.level",
                                               "unit.kind",
                                               "unit.parent_level"};
  static constexpr std::string_view prefixes[] = {"flag.", "attr.", "unit.attr."};
  return std::find(std::begin(names), std::end(names), name) != std::end(names) ||
         std::any_of(std::begin(prefixes), std::end(prefixes), [&](std::string_view prefix) {
           return name.size() > prefix.size() && name.starts_with(prefix);
         });
}

}  // namespace

Filter PlanReader::filter(const Place& place) {
  if (!expect(place, json::Kind::object, "a filter such as {} or {\"form\":\"online\"}")) return {};
  std::vector<Filter> parts;
  for (const json::Value field : place.value) {
    const Place at{field, place.path + "." + std::string(field.key())};
    if (field.key() == "all" || field.key() == "any") {
      Filter group{.kind = field.key() == "all" ? Filter::Kind::all : Filter::Kind::any};
      for (const Place& element : elements(at)) group.parts.push_back(filter(element));
      parts.push_back(std::move(group));
    } else if (field.key() == "not") {
      parts.push_back({.kind = Filter::Kind::negation, .parts = {filter(at)}});
    } else {
      if (!is_filter_field(field.key())) {
        fault(Reason::plan_formula, at, "a field of activities, units or entities");
      }
      Filter condition{.kind = Filter::Kind::field, .field = to_nfc(field.key())};
      if (field.is(json::Kind::array)) {
        for (const Place& element : elements(at)) {
          const auto scalar = to_scalar(element.value);
          if (!scalar) fault(Reason::plan_schema, element, "a text, a number, true or false");
          if (scalar) condition.values.push_back(*scalar);
        }
      } else if (const auto scalar = to_scalar(field)) {
        condition.values.push_back(*scalar);
      } else {
        fault(Reason::plan_schema, at, "a text, a number, true, false, or a list of them");
      }
      parts.push_back(std::move(condition));
    }
  }
  // Constants fold away, so that {"all":[{}]} is everything and an empty `any` is nothing.
  return with_outcomes({.kind = Filter::Kind::all, .parts = std::move(parts)}, {}, {});
}

}  // namespace tiendo

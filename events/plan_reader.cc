#include "events/plan_reader.h"

#include <algorithm>

#include "events/limits.h"
#include "events/nearest_word.h"
#include "events/plan_words.h"
#include "events/refusal.h"
#include "events/text.h"

namespace tiendo {
namespace {

std::string hint_of(std::string_view word) { return word.empty() ? "" : did_you_mean(word); }

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    text += (text.empty() ? "" : ", ") + std::string(word);
    if (word.ends_with('.')) text += "…";
  }
  return text;
}

}  // namespace

void PlanReader::fault(Reason reason, const Place& place, Phrase expected, const Args& args,
                       const std::string& hint) {
  const bool is_known = std::any_of(faults_.begin(), faults_.end(), [&](const Refusal& one) {
    return one.reason == reason && one.field == place.path;
  });
  if (is_known) return;
  faults_.push_back({reason, place.path,
                     place.value.present() ? readable(json::print(place.value)) : std::string(),
                     in_english(expected, args) + hint + part_});
}

std::optional<Refusal> PlanReader::refusal() const {
  const auto first =
      std::min_element(faults_.begin(), faults_.end(),
                       [](const Refusal& a, const Refusal& b) { return a.reason < b.reason; });
  if (first == faults_.end()) return std::nullopt;
  return *first;
}

Place PlanReader::optional_field(const Place& object, std::string_view name) {
  std::vector<std::string>& asked = asked_[object.path];
  if (std::find(asked.begin(), asked.end(), name) == asked.end()) asked.emplace_back(name);
  Place place{object.value[name], object.path + "." + std::string(name)};
  if (place.value.is_null()) place.value = {};
  return place;
}

Place PlanReader::required_field(const Place& object, std::string_view name) {
  Place place = optional_field(object, name);
  if (!place.value.present()) fault(Reason::plan_schema, place, Phrase::required);
  return place;
}

void PlanReader::no_other_fields(const Place& object, Reason reason) {
  if (!object.value.is(json::Kind::object)) return;
  const std::vector<std::string>& asked = asked_[object.path];
  const std::vector<std::string_view> known(asked.begin(), asked.end());
  for (const json::Value field : object.value) {
    if (std::find(known.begin(), known.end(), field.key()) != known.end()) continue;
    const std::string name = readable(field.key());
    fault(reason, {field, object.path + "." + name}, Phrase::unknown_field, {name, listed(known)},
          hint_of(nearest_word(field.key(), known)));
  }
}

bool PlanReader::expect(const Place& place, json::Kind kind, Phrase expected) {
  if (!place.value.present()) return false;
  if (place.value.is(kind)) return true;
  fault(Reason::plan_schema, place, expected);
  return false;
}

std::vector<Place> PlanReader::elements(const Place& list) {
  std::vector<Place> places;
  if (!expect(list, json::Kind::array, Phrase::list)) return places;
  for (const json::Value element : list.value) {
    places.push_back({element, list.path + "[" + std::to_string(places.size()) + "]"});
  }
  return places;
}

std::string PlanReader::text(const Place& place) {
  if (!expect(place, json::Kind::text, Phrase::text)) return {};
  if (place.value.text().empty()) fault(Reason::plan_schema, place, Phrase::text_not_empty);
  check_clean(place);
  return to_nfc(place.value.text());
}

void PlanReader::check_clean(const Place& place) {
  const json::Value said = place.value;
  if (!said.is(json::Kind::text)) return;
  if (!said.lone_surrogate() && is_clean_text(said.text(), LineBreaks::refused)) return;
  fault(Reason::text_invalid, place, Phrase::clean_text);
}

bool PlanReader::truth(const Place& place) {
  return expect(place, json::Kind::boolean, Phrase::truth) && place.value.truth();
}

Decimal PlanReader::decimal(const Place& place) {
  if (!place.value.present()) return {};
  const bool is_number = place.value.is(json::Kind::number) || place.value.is(json::Kind::text);
  const ParsedDecimal number = parse_decimal(place.value.text());
  if (!is_number || number.fault != NumberFault::none) {
    fault(Reason::plan_schema, place, Phrase::number);
    return {};
  }
  return number.value;
}

int64_t PlanReader::whole(const Place& place) {
  const Decimal value = decimal(place);
  if (value.units() % Decimal::one_units != 0) {
    fault(Reason::plan_schema, place, Phrase::whole_number);
  }
  return static_cast<int64_t>(value.units() / Decimal::one_units);
}

Day PlanReader::day(const Place& place) {
  if (!expect(place, json::Kind::text, Phrase::day)) return {};
  const auto day = parse_day(place.value.text());
  if (!day) fault(Reason::plan_schema, place, Phrase::day_that_exists);
  return day.value_or(Day{});
}

int PlanReader::year(const Place& place) {
  if (!place.value.present()) return 0;
  const int64_t year = whole(place);
  if (year >= limits::year_min && year <= limits::year_max) return static_cast<int>(year);
  fault(Reason::plan_schema, place, Phrase::year);
  return 0;
}

std::vector<std::string> PlanReader::texts(const Place& place) {
  if (!place.value.present()) return {};
  if (place.value.is(json::Kind::text)) return {text(place)};
  std::vector<std::string> all;
  for (const Place& element : elements(place)) all.push_back(text(element));
  return all;
}

std::vector<std::string> PlanReader::levels(const Place& place) {
  std::vector<std::string> levels = texts(place);
  if (levels == std::vector<std::string>{"any"}) levels.clear();
  return levels;
}

Scalar PlanReader::scalar(const Place& place) {
  if (!place.value.present()) return {};
  const auto scalar = to_scalar(place.value);
  check_clean(place);
  if (!scalar) fault(Reason::plan_schema, place, Phrase::scalar);
  return scalar.value_or(Scalar{});
}

Comparator PlanReader::comparator(const Place& place) {
  return static_cast<Comparator>(one_of(place, words::comparators));
}

std::size_t PlanReader::one_of(const Place& place, std::span<const std::string_view> words,
                               Reason reason) {
  if (!place.value.present()) return 0;
  const auto found = std::find(words.begin(), words.end(), place.value.text());
  if (place.value.is(json::Kind::text) && found != words.end()) {
    return static_cast<std::size_t>(found - words.begin());
  }
  fault(reason, place, Phrase::one_of, {listed(words)},
        hint_of(nearest_word(place.value.text(), words)));
  return 0;
}

}  // namespace tiendo

#include "events/filter.h"

#include <algorithm>
#include <set>

#include "events/decimal.h"
#include "events/text.h"

namespace tiendo {
namespace {

constexpr std::string_view unit_prefix = "unit.";

Filter constant(bool outcome) {
  return {.kind = outcome ? Filter::Kind::everything : Filter::Kind::nothing};
}

// `all` of the parts, or `any` of them, with constants folded away and each part once.
Filter combine(Filter::Kind kind, std::vector<Filter> parts) {
  const bool is_all = kind == Filter::Kind::all;
  const Filter::Kind neutral = is_all ? Filter::Kind::everything : Filter::Kind::nothing;
  const Filter::Kind deciding = is_all ? Filter::Kind::nothing : Filter::Kind::everything;
  std::vector<Filter> kept;
  for (Filter& part : parts) {
    if (part.kind == deciding) return {.kind = deciding};
    if (part.kind == neutral) continue;
    if (part.kind == kind) {
      std::move(part.parts.begin(), part.parts.end(), std::back_inserter(kept));
    } else {
      kept.push_back(std::move(part));
    }
  }
  std::set<std::string> seen;
  std::erase_if(kept, [&](const Filter& part) { return !seen.insert(canonical(part)).second; });
  if (kept.empty()) return {.kind = neutral};
  if (kept.size() == 1) return std::move(kept.front());
  return {.kind = kind, .parts = std::move(kept)};
}

std::string canonical_parts(const std::vector<Filter>& parts) {
  std::vector<std::string> texts;
  for (const Filter& part : parts) texts.push_back(canonical(part));
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + text;
  return "[" + out + "]";
}

std::string canonical_values(const std::vector<Scalar>& values) {
  std::vector<std::string> texts;
  for (const Scalar& value : values) {
    texts.push_back(value.kind == Scalar::Kind::text ? json::quoted(value.text) : value.text);
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + text;
  return "[" + out + "]";
}

void collect_unit_conditions(const Filter& filter, std::vector<Filter>& found) {
  if (filter.kind == Filter::Kind::field && filter.field.starts_with(unit_prefix)) {
    if (std::find(found.begin(), found.end(), filter) == found.end()) found.push_back(filter);
  }
  for (const Filter& part : filter.parts) collect_unit_conditions(part, found);
}

}  // namespace

std::optional<Scalar> to_scalar(json::Value value) {
  switch (value.kind()) {
    case json::Kind::text:
      return Scalar{Scalar::Kind::text, to_nfc(value.text())};
    case json::Kind::boolean:
      return Scalar{Scalar::Kind::truth, value.truth() ? "true" : "false"};
    case json::Kind::number: {
      const ParsedDecimal number = parse_decimal(value.text());
      return Scalar{Scalar::Kind::number, number.fault == NumberFault::none
                                              ? number.value.text()
                                              : std::string(value.text())};
    }
    default:
      return std::nullopt;
  }
}

bool holds_scalar(json::Value value, const Scalar& scalar) {
  switch (value.kind()) {
    case json::Kind::text:
      return scalar.kind == Scalar::Kind::text && same_text(value.text(), scalar.text);
    case json::Kind::boolean:
      return scalar.kind == Scalar::Kind::truth && value.truth() == (scalar.text == "true");
    case json::Kind::number: {
      const auto number = to_scalar(value);
      return number && *number == scalar;
    }
    case json::Kind::array:
      for (const json::Value element : value) {
        if (holds_scalar(element, scalar)) return true;
      }
      return false;
    default:
      return false;
  }
}

bool matches(const Filter& filter, const FieldTest& test) {
  switch (filter.kind) {
    case Filter::Kind::everything:
      return true;
    case Filter::Kind::nothing:
      return false;
    case Filter::Kind::field:
      return test(filter.field, filter.values);
    case Filter::Kind::negation:
      return !matches(filter.parts.front(), test);
    case Filter::Kind::all:
      return std::all_of(filter.parts.begin(), filter.parts.end(),
                         [&](const Filter& part) { return matches(part, test); });
    case Filter::Kind::any:
      return std::any_of(filter.parts.begin(), filter.parts.end(),
                         [&](const Filter& part) { return matches(part, test); });
  }
  return false;
}

std::string canonical(const Filter& filter) {
  switch (filter.kind) {
    case Filter::Kind::everything:
      return "{}";
    case Filter::Kind::nothing:
      return R"({"any":[]})";
    case Filter::Kind::field:
      return "{" + json::quoted(filter.field) + ":" + canonical_values(filter.values) + "}";
    case Filter::Kind::negation:
      return R"({"not":)" + canonical(filter.parts.front()) + "}";
    case Filter::Kind::all:
      return R"({"all":)" + canonical_parts(filter.parts) + "}";
    case Filter::Kind::any:
      return R"({"any":)" + canonical_parts(filter.parts) + "}";
  }
  return "{}";
}

std::vector<Filter> unit_conditions(const Filter& filter) {
  std::vector<Filter> found;
  collect_unit_conditions(filter, found);
  return found;
}

Filter with_outcomes(const Filter& filter, const std::vector<Filter>& conditions,
                     const std::vector<bool>& outcomes) {
  switch (filter.kind) {
    case Filter::Kind::everything:
    case Filter::Kind::nothing:
      return filter;
    case Filter::Kind::field: {
      const auto found = std::find(conditions.begin(), conditions.end(), filter);
      if (found == conditions.end()) return filter;
      return constant(outcomes[static_cast<std::size_t>(found - conditions.begin())]);
    }
    case Filter::Kind::negation: {
      Filter inner = with_outcomes(filter.parts.front(), conditions, outcomes);
      if (inner.kind == Filter::Kind::everything) return constant(false);
      if (inner.kind == Filter::Kind::nothing) return constant(true);
      return {.kind = Filter::Kind::negation, .parts = {std::move(inner)}};
    }
    case Filter::Kind::all:
    case Filter::Kind::any: {
      std::vector<Filter> parts;
      for (const Filter& part : filter.parts) {
        parts.push_back(with_outcomes(part, conditions, outcomes));
      }
      return combine(filter.kind, std::move(parts));
    }
  }
  return filter;
}

}  // namespace tiendo

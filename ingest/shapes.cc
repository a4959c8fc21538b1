#include "ingest/shapes.h"

#include <array>
#include <string>
#include <unordered_set>

#include "events/decimal.h"
#include "events/ensure.h"
#include "events/limits.h"
#include "events/text.h"
#include "ingest/scalars.h"

namespace tiendo {
namespace {

constexpr std::array<std::string_view, 3> forms = {"in_person", "online", "hybrid"};
constexpr std::array<std::string_view, 3> organisations = {"doan", "hoi", "doi"};
constexpr std::array<std::string_view, 2> scopes = {"own", "subtree"};

bool null_says_something(Shape shape) {
  return shape == Shape::id_or_null || shape == Shape::value;
}

bool is_said(json::Value value) { return value.present() && !value.is_null(); }

void check_list_length(const FieldSpec& spec, json::Value list, const Path& path,
                       FirstRefusal& first) {
  if (spec.at_least_one && list.size() == 0) {
    first.add(Reason::list_empty, path, list, ">= 1");
  }
  if (list.size() > limits::list_elements_max) {
    first.add(Reason::list_too_long, path, std::to_string(list.size()),
              "<= " + std::to_string(limits::list_elements_max));
  }
}

// The id by which an element of a list must not come twice; absent where it is not a text.
json::Value id_of(Shape shape, json::Value element) {
  json::Value id = element;
  if (shape == Shape::figures) id = element["indicator"];
  if (shape == Shape::shares) id = element["unit"];
  return id.is(json::Kind::text) ? id : json::Value();
}

void refuse_repeat(const Path& path, int64_t index, json::Value id, FirstRefusal& first) {
  first.add(Reason::list_repeats, path.element(index), id, "1 x");
}

void check_repeats_in_short_list(Shape shape, json::Value list, const Path& path,
                                 FirstRefusal& first) {
  int64_t index = 0;
  for (const json::Value element : list) {
    const json::Value id = id_of(shape, element);
    int64_t earlier = 0;
    for (auto other = list.begin(); id.present() && earlier < index; ++other, ++earlier) {
      const json::Value other_id = id_of(shape, *other);
      if (!other_id.present() || !same_text(id.text(), other_id.text())) continue;
      refuse_repeat(path, index, id, first);
      return;
    }
    ++index;
  }
}

void check_repeats(Shape shape, json::Value list, const Path& path, FirstRefusal& first) {
  constexpr uint32_t short_list_max = 12;  // up to here comparing each with each is quicker
  if (!first.wants(Reason::list_repeats)) return;
  if (list.size() <= short_list_max) {
    check_repeats_in_short_list(shape, list, path, first);
    return;
  }
  std::unordered_set<std::string> seen;
  seen.reserve(list.size());
  int64_t index = 0;
  for (const json::Value element : list) {
    const json::Value id = id_of(shape, element);
    if (id.present() && !seen.insert(to_nfc(id.text())).second) {
      refuse_repeat(path, index, id, first);
      return;
    }
    ++index;
  }
}

// Calls `check(element, path of the element)` for each element of a list.
template <class Check>
void check_list(const FieldSpec& spec, json::Value list, const Path& path, FirstRefusal& first,
                Check check) {
  if (!has_kind(list, json::Kind::array, path, first)) return;
  check_list_length(spec, list, path, first);
  int64_t index = 0;
  for (const json::Value element : list) check(element, path.element(index++));
  if (spec.no_repeats) check_repeats(spec.shape, list, path, first);
}

void check_flags(json::Value flags, const Path& path, FirstRefusal& first) {
  if (!has_kind(flags, json::Kind::object, path, first)) return;
  for (const json::Value flag : flags) {
    switch (flag.kind()) {
      case json::Kind::null:
      case json::Kind::boolean:
        break;
      case json::Kind::number:
        check_number(flag, NumberRule::any_sign, path.field(flag.key()), first);
        break;
      case json::Kind::text:
        check_text(flag, Blank::allowed, path.field(flag.key()), first);
        break;
      case json::Kind::array:
      case json::Kind::object:
        first.add(Reason::field_type, path.field(flag.key()), flag,
                  "true | false | \"text\" | number");
        break;
    }
  }
}

void check_visits(json::Value visits, const Path& path, FirstRefusal& first) {
  if (!has_kind(visits, json::Kind::object, path, first)) return;
  for (const json::Value audience : visits) {
    check_number(audience, NumberRule::whole, path.field(audience.key()), first);
  }
}

void check_people(const FieldSpec& spec, json::Value people, const Path& path,
                  FirstRefusal& first) {
  if (!has_kind(people, json::Kind::object, path, first)) return;
  for (const json::Value audience : people) {
    const Path place = path.field(audience.key());
    if (!audience.is(json::Kind::array)) {
      check_number(audience, NumberRule::whole, place, first);
      continue;
    }
    check_list(spec, audience, place, first,
               [&first](json::Value token, const Path& where) { check_id(token, where, first); });
  }
}

// What an object must hold beyond its single fields.
void check_together(Shape shape, json::Value object, const Path& path, FirstRefusal& first) {
  if (shape == Shape::outputs) {
    if (is_said(object["id"]) == is_said(object["count"])) {
      first.add(Reason::output_shape, path, object, "id | count");
    }
  } else if (shape == Shape::codes) {
    if (!is_said(object["catalogue"])) {
      first.add(Reason::code_invalid, path, object, "{catalogue, code}");
    }
  } else if (shape == Shape::figures) {
    const bool has_value = object["value"].present();
    const bool has_numerator = object["numerator"].present();
    const bool has_denominator = object["denominator"].present();
    if (has_numerator != has_denominator || has_value == has_numerator) {
      first.add(Reason::figure_shape, path, object, "value | numerator + denominator");
    }
  }
}

void check_inner(Shape shape, json::Value object, const Path& path, FirstRefusal& first) {
  if (!has_kind(object, json::Kind::object, path, first)) return;
  check_fields(inner_fields(shape), object, path, first);
  check_together(shape, object, path, first);
}

void check_sum_of_shares(json::Value list, const Path& path, FirstRefusal& first) {
  if (list.size() == 0 || !first.wants(Reason::shares_invalid)) return;
  Decimal sum;
  for (const json::Value part : list) {
    const ParsedDecimal share = parse_decimal(part["share"].text());
    if (share.fault != NumberFault::none) return;  // refused already
    sum += share.value;
  }
  if (sum != Decimal::whole(1)) first.add(Reason::shares_invalid, path, sum.text(), "1");
}

void check_list_of_objects(const FieldSpec& spec, json::Value list, const Path& path,
                           FirstRefusal& first) {
  check_list(spec, list, path, first, [&spec, &first](json::Value element, const Path& where) {
    check_inner(spec.shape, element, where, first);
  });
  if (spec.shape == Shape::shares && list.is(json::Kind::array)) {
    check_sum_of_shares(list, path, first);
  }
}

void check_value(const FieldSpec& spec, json::Value value, const Path& path, FirstRefusal& first) {
  switch (spec.shape) {
    case Shape::id:
      return check_id(value, path, first);
    case Shape::id_or_null:
      if (!value.is_null()) check_id(value, path, first);
      return;
    case Shape::word:
      return check_text(value, Blank::allowed, path, first);
    case Shape::text:
      return check_text(value, Blank::refused, path, first);
    case Shape::name:
    case Shape::survey:
      return check_inner(spec.shape, value, path, first);
    case Shape::date:
      return check_date(value, path, first);
    case Shape::moment:
      return check_day_or_instant(value, path, first);
    case Shape::instant:
      return check_instant(value, path, first);
    case Shape::period:
      return check_period(value, path, first);
    case Shape::year:
      return check_year(value, path, first);
    case Shape::whole:
      return check_number(value, NumberRule::whole, path, first);
    case Shape::amount:
      return check_number(value, NumberRule::not_negative, path, first);
    case Shape::signed_amount:
      return check_number(value, NumberRule::any_sign, path, first);
    case Shape::share:
      return check_number(value, NumberRule::share, path, first);
    case Shape::value:
      if (!value.is_null()) check_number(value, NumberRule::not_negative, path, first);
      return;
    case Shape::ids:
      return check_list(spec, value, path, first, [&first](json::Value id, const Path& where) {
        check_id(id, where, first);
      });
    case Shape::words:
      return check_list(spec, value, path, first, [&first](json::Value word, const Path& where) {
        check_text(word, Blank::allowed, where, first);
      });
    case Shape::flags:
      return check_flags(value, path, first);
    case Shape::form:
      return check_one_of(value, forms, "in_person | online | hybrid", path, first);
    case Shape::organisation:
      return check_one_of(value, organisations, "doan | hoi | doi", path, first);
    case Shape::scope:
      return check_one_of(value, scopes, "own | subtree", path, first);
    case Shape::visits:
      return check_visits(value, path, first);
    case Shape::people:
      return check_people(spec, value, path, first);
    case Shape::outputs:
    case Shape::codes:
    case Shape::figures:
    case Shape::shares:
      return check_list_of_objects(spec, value, path, first);
    case Shape::any:
      return;
  }
}

std::string_view expectation_of(Shape shape) {
  switch (shape) {
    case Shape::name:
      return "{vi, en}";
    case Shape::visits:
    case Shape::people:
    case Shape::flags:
    case Shape::survey:
      return "{...}";
    case Shape::ids:
    case Shape::words:
    case Shape::outputs:
    case Shape::codes:
    case Shape::figures:
    case Shape::shares:
      return "[...]";
    case Shape::year:
    case Shape::whole:
    case Shape::amount:
    case Shape::signed_amount:
    case Shape::share:
      return "number";
    case Shape::value:
      return "number | null";
    case Shape::id_or_null:
      return "\"text\" | null";
    default:
      return "\"text\"";
  }
}

}  // namespace

void check_fields(std::span<const FieldSpec> fields, json::Value object, const Path& path,
                  FirstRefusal& first) {
  ENSURE(fields.size() < 64, "one bit for each field");
  const bool had_no_missing = first.wants(Reason::field_missing);
  uint64_t seen = 0;
  std::size_t likely = 0;  // documents mostly keep to the order of the vocabulary
  for (const json::Value value : object) {
    const std::string_view key = value.key();
    for (std::size_t tried = 0; tried < fields.size(); ++tried) {
      const std::size_t at =
          likely + tried < fields.size() ? likely + tried : likely + tried - fields.size();
      if (fields[at].name != key) continue;
      likely = at + 1 < fields.size() ? at + 1 : 0;
      if (value.is_null() && !null_says_something(fields[at].shape)) break;
      seen |= uint64_t{1} << at;
      check_value(fields[at], value, path.field(key), first);
      break;
    }
  }
  for (std::size_t at = 0; at < fields.size(); ++at) {
    if (fields[at].presence == Presence::optional || (seen >> at & 1) != 0) continue;
    first.add_missing(path.field(fields[at].name), expectation_of(fields[at].shape),
                      had_no_missing);
    return;
  }
}

}  // namespace tiendo

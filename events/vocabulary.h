// The event types of the contract and the shape of their data, as one table: the judge checks
// against it, and the documentation is made from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tiendo {

enum class EventType : uint8_t {
  unit_registered,
  unit_renamed,
  unit_moved,
  unit_closed,
  unit_reopened,
  unit_merged,
  unit_split,
  unit_attributes_set,
  plan_published,
  plan_amended,
  activity_recorded,
  activity_corrected,
  activity_cancelled,
  report_submitted,
  report_corrected,
  report_withdrawn,
  report_approved,
  report_returned,
  entity_registered,
  entity_updated,
  entity_removed,
  statistic_declared,
  money_allocated,
  money_spent,
  money_corrected,
  publication_closed,
  publication_amended,
  source_granted,
  source_revoked,
  control_rejudged,
  control_gap_accepted,
  control_epoch_begun,
  control_rollback_accepted,
};

// What a field holds; each shape has its own checks (ingest/shapes.cc). A field that is null counts
// as not said, except of the shapes where null says something: id_or_null and value.
enum class Shape : uint8_t {
  id,             // text of at most 200 bytes, no outer spaces
  id_or_null,     // the parent of a root
  word,           // free text of limited length, possibly empty: level, kind, type, decision ...
  text,           // free text of limited length, not blank: names and reasons
  name,           // {vi, en?}: vi is required
  date,           // a day
  moment,         // a day or a date-time with offset
  instant,        // a date-time with offset (moment_invalid)
  period,         // a period id
  year,           // a whole JSON number
  whole,          // a count: a number without a point, not negative
  amount,         // a decimal, not negative
  signed_amount,  // a decimal
  share,          // a decimal, not negative (shares_invalid)
  value,          // a decimal, not negative, or null
  ids,            // a list of ids
  words,          // a list of words
  flags,          // an object: key to true, false, text, number, or null (not said)
  form,           // in_person, online, hybrid
  organisation,   // doan, hoi, doi
  scope,          // own, subtree
  visits,         // an object: audience to whole
  people,         // an object: audience to whole or list of ids
  survey,         // {day}
  outputs,        // [{kind, id or count}]
  codes,          // [{catalogue, code}]
  figures,        // [{indicator, value or numerator and denominator, scope, as_at, survey}]
  shares,         // [{unit, share}] that add up to 1
  any,            // kept, not checked
};

enum class Presence : uint8_t { required, optional };

struct FieldSpec {
  std::string_view name;
  Shape shape;
  Presence presence;
  bool at_least_one = false;  // list_empty
  bool no_repeats = false;    // list_repeats
};

struct TypeSpec {
  EventType type;
  std::string_view name;  // without the prefix and the version: activity.recorded
  std::span<const FieldSpec> fields;
  bool subject_is_unit;  // `subject`, if given, must be data.unit
  bool is_plan;          // data is a plan document
  bool is_control;       // only the node itself says it, in its stream `control`
};

inline constexpr std::string_view type_prefix = "vn.tiendo.";
// The `source` of the node's own control records.
inline constexpr std::string_view control_source = "urn:tiendo:control";

[[nodiscard]] std::span<const TypeSpec> vocabulary();
[[nodiscard]] const TypeSpec& spec_of(EventType type);
// The fields of the object a shape is (name, survey) or lists (outputs, codes, figures, shares);
// none for all others.
[[nodiscard]] std::span<const FieldSpec> inner_fields(Shape shape);

// Reads vn.tiendo.NAME.vN. `type_version` when the name is known and the version is not 1.
enum class TypeFault { none, type_unknown, type_version };
struct ParsedType {
  EventType type = EventType::unit_registered;
  TypeFault fault = TypeFault::none;
};
[[nodiscard]] ParsedType parse_type(std::string_view type);

}  // namespace tiendo

#include "events/vocabulary.h"

#include <algorithm>
#include <array>

#include "events/ensure.h"

namespace tiendo {
namespace {

constexpr FieldSpec need(std::string_view name, Shape shape) {
  return {name, shape, Presence::required};
}
constexpr FieldSpec may(std::string_view name, Shape shape) {
  return {name, shape, Presence::optional};
}
constexpr FieldSpec filled(FieldSpec field) {
  field.at_least_one = true;
  return field;
}
constexpr FieldSpec unrepeated(FieldSpec field) {
  field.no_repeats = true;
  return field;
}

constexpr std::array unit_registered = {
    need("unit", Shape::id),
    need("kind", Shape::word),
    need("level", Shape::word),
    need("name", Shape::name),
    need("parent", Shape::id_or_null),
    need("effective", Shape::date),
    may("organisation", Shape::organisation),
    may("codes", Shape::codes),
    may("attributes", Shape::flags),
};
constexpr std::array unit_renamed = {
    need("unit", Shape::id),
    need("effective", Shape::date),
    need("name", Shape::name),
    may("reason", Shape::text),
};
constexpr std::array unit_moved = {
    need("unit", Shape::id),
    need("effective", Shape::date),
    need("parent", Shape::id_or_null),
    may("reason", Shape::text),
};
constexpr std::array unit_closed = {
    need("unit", Shape::id),
    need("effective", Shape::date),
    may("reason", Shape::text),
};
constexpr std::array unit_merged = {
    need("into", Shape::id),
    unrepeated(filled(need("from", Shape::ids))),
    need("effective", Shape::date),
    may("decision", Shape::word),
};
constexpr std::array unit_split = {
    need("from", Shape::id),
    unrepeated(filled(need("into", Shape::shares))),
    need("effective", Shape::date),
    may("decision", Shape::word),
};
constexpr std::array unit_attributes_set = {
    need("unit", Shape::id),
    need("effective", Shape::date),
    need("attributes", Shape::flags),
};
// The rest of a plan document is events/plan.h's.
constexpr std::array plan_document = {
    may("decision", Shape::word),
};
constexpr std::array activity_recorded = {
    need("activity", Shape::id),
    need("unit", Shape::id),
    need("type", Shape::word),
    need("form", Shape::form),
    need("starts", Shape::moment),
    need("ends", Shape::moment),
    may("pillar", Shape::word),
    may("topics", Shape::words),
    may("task", Shape::word),
    may("plan", Shape::id),
    may("organisation", Shape::organisation),
    may("flags", Shape::flags),
    may("co_units", Shape::ids),
    may("reached_units", Shape::ids),
    may("participants", Shape::visits),
    may("people", Shape::people),
    may("outputs", Shape::outputs),
    may("cost", Shape::amount),
    may("evidence", Shape::any),
};
constexpr std::array activity_corrected = {
    need("activity", Shape::id),      need("unit", Shape::id),
    need("type", Shape::word),        need("form", Shape::form),
    need("starts", Shape::moment),    need("ends", Shape::moment),
    need("reason", Shape::text),      may("pillar", Shape::word),
    may("topics", Shape::words),      may("task", Shape::word),
    may("plan", Shape::id),           may("organisation", Shape::organisation),
    may("flags", Shape::flags),       may("co_units", Shape::ids),
    may("reached_units", Shape::ids), may("participants", Shape::visits),
    may("people", Shape::people),     may("outputs", Shape::outputs),
    may("cost", Shape::amount),       may("evidence", Shape::any),
    may("of_source", Shape::id),
};
constexpr std::array activity_cancelled = {
    need("activity", Shape::id),
    need("reason", Shape::text),
    may("of_source", Shape::id),
    may("duplicate_of", Shape::id),
};
constexpr std::array report_submitted = {
    need("report", Shape::id),
    need("unit", Shape::id),
    need("plan", Shape::id),
    need("period", Shape::period),
    unrepeated(filled(need("figures", Shape::figures))),
    may("obligation", Shape::id),
    may("of_source", Shape::id),
};
constexpr std::array report_corrected = {
    need("report", Shape::id),   unrepeated(filled(need("figures", Shape::figures))),
    need("reason", Shape::text), may("decision", Shape::word),
    may("of_source", Shape::id),
};
constexpr std::array report_judged = {
    need("report", Shape::id),
    need("by", Shape::word),
    may("reason", Shape::text),
    may("of_source", Shape::id),
};
constexpr std::array entity = {
    need("register", Shape::id),    need("entity", Shape::id),  need("unit", Shape::id),
    need("effective", Shape::date), may("flags", Shape::flags),
};
constexpr std::array statistic_declared = {
    need("statistic", Shape::id),
    need("unit", Shape::id),
    need("as_at", Shape::date),
    need("value", Shape::value),
};
constexpr std::array money_allocated = {
    need("plan", Shape::id),    need("line", Shape::id),       need("unit", Shape::id),
    need("year", Shape::year),  need("amount", Shape::amount), may("entry", Shape::id),
    may("reason", Shape::text),
};
// What was spent can be taken back: a refund is negative.
constexpr std::array money_spent = {
    need("plan", Shape::id),
    need("line", Shape::id),
    need("unit", Shape::id),
    need("year", Shape::year),
    need("amount", Shape::signed_amount),
    may("entry", Shape::id),
    may("reason", Shape::text),
};
constexpr std::array money_corrected = {
    need("entry", Shape::id),    need("plan", Shape::id),     need("line", Shape::id),
    need("unit", Shape::id),     need("year", Shape::year),   need("amount", Shape::signed_amount),
    need("reason", Shape::text), may("of_source", Shape::id),
};
constexpr std::array publication_closed = {
    need("publication", Shape::id), need("plan", Shape::id),      need("period", Shape::period),
    need("unit", Shape::id),        need("reason", Shape::text),  may("moment", Shape::instant),
    may("tree", Shape::word),       may("decision", Shape::word),
};
constexpr std::array publication_amended = {
    need("publication", Shape::id), need("reason", Shape::text), may("plan", Shape::id),
    may("period", Shape::period),   may("unit", Shape::id),      may("moment", Shape::instant),
    may("decision", Shape::word),
};
constexpr std::array source_granted = {
    need("source", Shape::id),
    filled(need("units", Shape::ids)),
    may("types", Shape::words),
};
constexpr std::array source_revoked = {
    need("source", Shape::id),
    filled(may("units", Shape::ids)),
    may("types", Shape::words),
};
// The position of a record, and the offsets of a gap or a new epoch, are those of `stream`.
constexpr std::array control_rejudged = {
    need("stream", Shape::word),
    need("position", Shape::whole),
    need("reason", Shape::text),
};
constexpr std::array control_gap_accepted = {
    need("stream", Shape::word),
    need("reason", Shape::text),
    may("from", Shape::whole),
    may("to", Shape::whole),
};
constexpr std::array control_stream_act = {
    need("stream", Shape::word),
    need("reason", Shape::text),
};

constexpr std::array name_fields = {need("vi", Shape::text), may("en", Shape::text)};
constexpr std::array survey_fields = {may("day", Shape::date)};
constexpr std::array output_fields = {
    need("kind", Shape::word),
    may("id", Shape::id),
    may("count", Shape::whole),
};
// Without a catalogue it is code_invalid, not field_missing.
constexpr std::array code_fields = {may("catalogue", Shape::id), need("code", Shape::id)};
constexpr std::array figure_fields = {
    need("indicator", Shape::id),     may("value", Shape::value), may("numerator", Shape::value),
    may("denominator", Shape::value), may("scope", Shape::scope), may("as_at", Shape::date),
    may("survey", Shape::survey),
};
constexpr std::array share_fields = {need("unit", Shape::id), need("share", Shape::share)};

constexpr TypeSpec plain(EventType type, std::string_view name, std::span<const FieldSpec> fields) {
  return {type, name, fields, false, false, false};
}
constexpr TypeSpec of_unit(EventType type, std::string_view name,
                           std::span<const FieldSpec> fields) {
  return {type, name, fields, true, false, false};
}
constexpr TypeSpec plan(EventType type, std::string_view name) {
  return {type, name, plan_document, false, true, false};
}
constexpr TypeSpec control(EventType type, std::string_view name,
                           std::span<const FieldSpec> fields) {
  return {type, name, fields, false, false, true};
}

constexpr std::array table = {
    plain(EventType::unit_registered, "unit.registered", unit_registered),
    plain(EventType::unit_renamed, "unit.renamed", unit_renamed),
    plain(EventType::unit_moved, "unit.moved", unit_moved),
    plain(EventType::unit_closed, "unit.closed", unit_closed),
    plain(EventType::unit_reopened, "unit.reopened", unit_closed),
    plain(EventType::unit_merged, "unit.merged", unit_merged),
    plain(EventType::unit_split, "unit.split", unit_split),
    plain(EventType::unit_attributes_set, "unit.attributes_set", unit_attributes_set),
    plan(EventType::plan_published, "plan.published"),
    plan(EventType::plan_amended, "plan.amended"),
    of_unit(EventType::activity_recorded, "activity.recorded", activity_recorded),
    of_unit(EventType::activity_corrected, "activity.corrected", activity_corrected),
    plain(EventType::activity_cancelled, "activity.cancelled", activity_cancelled),
    of_unit(EventType::report_submitted, "report.submitted", report_submitted),
    plain(EventType::report_corrected, "report.corrected", report_corrected),
    plain(EventType::report_withdrawn, "report.withdrawn", report_judged),
    plain(EventType::report_approved, "report.approved", report_judged),
    plain(EventType::report_returned, "report.returned", report_judged),
    of_unit(EventType::entity_registered, "entity.registered", entity),
    of_unit(EventType::entity_updated, "entity.updated", entity),
    of_unit(EventType::entity_removed, "entity.removed", entity),
    of_unit(EventType::statistic_declared, "statistic.declared", statistic_declared),
    of_unit(EventType::money_allocated, "money.allocated", money_allocated),
    of_unit(EventType::money_spent, "money.spent", money_spent),
    of_unit(EventType::money_corrected, "money.corrected", money_corrected),
    plain(EventType::publication_closed, "publication.closed", publication_closed),
    plain(EventType::publication_amended, "publication.amended", publication_amended),
    plain(EventType::source_granted, "source.granted", source_granted),
    plain(EventType::source_revoked, "source.revoked", source_revoked),
    control(EventType::control_rejudged, "control.rejudged", control_rejudged),
    control(EventType::control_gap_accepted, "control.gap_accepted", control_gap_accepted),
    control(EventType::control_epoch_begun, "control.epoch_begun", control_stream_act),
    control(EventType::control_rollback_accepted, "control.rollback_accepted", control_stream_act),
};

constexpr bool is_in_enum_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].type) != i) return false;
  }
  return true;
}
static_assert(is_in_enum_order(), "spec_of() takes the type as the index");

struct NamedType {
  std::string_view name;
  EventType type;
};

constexpr auto by_name = [] {
  std::array<NamedType, table.size()> names{};
  for (std::size_t i = 0; i < table.size(); ++i) names[i] = {table[i].name, table[i].type};
  std::sort(names.begin(), names.end(),
            [](const NamedType& a, const NamedType& b) { return a.name < b.name; });
  return names;
}();

bool is_all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::span<const TypeSpec> vocabulary() { return table; }

const TypeSpec& spec_of(EventType type) {
  const auto index = static_cast<std::size_t>(type);
  ENSURE(index < table.size(), "every EventType has its row");
  return table[index];
}

std::span<const FieldSpec> inner_fields(Shape shape) {
  switch (shape) {
    case Shape::name:
      return name_fields;
    case Shape::survey:
      return survey_fields;
    case Shape::outputs:
      return output_fields;
    case Shape::codes:
      return code_fields;
    case Shape::figures:
      return figure_fields;
    case Shape::shares:
      return share_fields;
    default:
      return {};
  }
}

ParsedType parse_type(std::string_view type) {
  constexpr ParsedType unknown{EventType::unit_registered, TypeFault::type_unknown};
  if (!type.starts_with(type_prefix)) return unknown;
  type.remove_prefix(type_prefix.size());
  const auto dot = type.rfind('.');
  if (dot == std::string_view::npos) return unknown;
  const std::string_view version = type.substr(dot + 1);
  const std::string_view name = type.substr(0, dot);
  if (!version.starts_with('v') || !is_all_digits(version.substr(1))) return unknown;

  const auto* const found = std::lower_bound(
      by_name.begin(), by_name.end(), name,
      [](const NamedType& row, std::string_view wanted) { return row.name < wanted; });
  if (found == by_name.end() || found->name != name) return unknown;
  return {found->type, version == "v1" ? TypeFault::none : TypeFault::type_version};
}

}  // namespace tiendo

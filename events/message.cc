#include "events/message.h"

#include <algorithm>
#include <array>

#include "events/ensure.h"
#include "events/mode.h"

namespace tiendo {
namespace {

constexpr std::array<std::string_view, reason_count> names = {
    "none",
    "empty",
    "too_large",
    "content_type",
    "header_invalid",
    "not_utf8",
    "not_json",
    "too_deep",
    "duplicate_key",
    "not_object",
    "specversion",
    "attribute_missing",
    "attribute_invalid",
    "time_invalid",
    "type_unknown",
    "type_version",
    "data_missing",
    "data_binary",
    "field_missing",
    "field_type",
    "subject_mismatch",
    "id_invalid",
    "text_empty",
    "text_too_long",
    "text_invalid",
    "value_unknown",
    "date_invalid",
    "dates_reversed",
    "span_too_long",
    "year_invalid",
    "period_invalid",
    "number_invalid",
    "number_not_whole",
    "number_negative",
    "number_range",
    "number_precision",
    "list_empty",
    "list_too_long",
    "list_repeats",
    "shares_invalid",
    "self_reference",
    "code_invalid",
    "figure_shape",
    "output_shape",
    "moment_invalid",
    "plan_schema",
    "plan_duplicate",
    "plan_reference",
    "plan_formula",
    "plan_denominator",
    "plan_measure",
    "plan_level",
    "plan_window",
    "plan_overlap",
    "plan_budget",
};

}  // namespace

const std::optional<std::string>* Message::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const Header& header) {
    return equal_without_case(header.name, name);
  });
  return found == headers.end() ? nullptr : &found->value;
}

std::string_view name_of(TimestampType type) {
  switch (type) {
    case TimestampType::none:
      return "none";
    case TimestampType::create_time:
      return "create_time";
    case TimestampType::log_append_time:
      return "log_append_time";
    case TimestampType::admission:
      return "admission";
    case TimestampType::event_time:
      return "event_time";
  }
  return "";
}

std::string_view name_of(Reason reason) {
  const auto index = static_cast<std::size_t>(reason);
  ENSURE(index < names.size(), "every Reason has its name");
  return names[index];
}

}  // namespace tiendo

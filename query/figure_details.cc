#include "query/figure_details.h"

#include <algorithm>

namespace tiendo {
namespace {

// A list of units is cut, so that an answer about a whole country stays small; its length is not.
constexpr std::size_t listed_max = 1'000;

void write_units(JsonWriter& json, std::string_view name, const std::vector<std::string>& units) {
  json.begin_array(name);
  for (std::size_t i = 0; i < std::min(units.size(), listed_max); ++i) json.value(units[i]);
  json.end_array();
  if (units.size() <= listed_max) return;
  json.field(std::string(name) + "_total", static_cast<uint64_t>(units.size()));
}

std::optional<Decimal> shown(const std::optional<Decimal>& value,
                             const std::optional<Decimal>& numerator,
                             const std::optional<Decimal>& denominator) {
  if (value) return value;
  if (!numerator || !denominator || denominator->is_zero()) return std::nullopt;
  return shown_percentage(*numerator, *denominator);
}

}  // namespace

void write_details(JsonWriter& json, const Figure& figure, std::set<std::string> more_findings) {
  const bool known = !figure.building;
  const bool is_bound = known && figure.lower && figure.has_data();
  json.field("bound", is_bound ? std::optional("upper") : std::nullopt);
  if (is_bound) {
    const auto& below = figure.lower_denominator ? figure.lower_denominator : figure.denominator;
    json.field("lower", figure.value ? figure.lower : shown({}, figure.lower, below));
  }
  write_units(json, "missing", known ? figure.missing : std::vector<std::string>());
  if (!known) return;
  if (!figure.unknown.empty()) write_units(json, "unknown", figure.unknown);
  if (figure.over_one()) json.field("over_one", true);
  if (figure.partial) json.field("partial", true);
  if (figure.worst_day) json.field("worst_day", *figure.worst_day);
  if (figure.days_without_data > 0) json.field("days_without_data", figure.days_without_data);
  if (!figure.established) json.field("established", false);
  if (figure.planned) json.field("planned", *figure.planned);
  if (figure.spent) json.field("spent", *figure.spent);
  more_findings.insert(figure.findings.begin(), figure.findings.end());
  if (more_findings.empty()) return;
  json.begin_array("findings");
  for (const std::string& finding : more_findings) json.value(finding);
  json.end_array();
}

void write_beside(JsonWriter& json, const Figure& figure, const ReportedBeside& beside) {
  const auto reported = shown(beside.value, beside.numerator, beside.denominator);
  json.field("reported", reported);
  if (!beside.value) {
    json.field("reported_numerator", beside.numerator);
    json.field("reported_denominator", beside.denominator);
  }
  std::optional<Decimal> difference;
  if (figure.has_data() && !figure.building) {
    const auto value = shown(figure.value, figure.numerator, figure.denominator);
    const bool alike = figure.value.has_value() == beside.value.has_value();
    if (alike && value && reported) difference = *reported - *value;
  }
  json.field("difference", difference);
}

}  // namespace tiendo

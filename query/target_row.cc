#include "query/target_row.h"

#include "query/answer.h"
#include "query/asked.h"
#include "query/figure_details.h"

namespace tiendo {
namespace {

// Units counted one by one have no single value; numerator and denominator say how many.
void write_value(JsonWriter& json, const TargetReading& reading) {
  const Figure& figure = reading.figure;
  if (reading.value_is_shown) return write_figure(json, figure, threshold_of(*reading.target));
  json.field("value", std::optional<Decimal>());
  json.field("numerator", figure.building ? std::nullopt : figure.numerator);
  json.field("denominator", figure.building ? std::nullopt : figure.denominator);
}

}  // namespace

void write_reading(JsonWriter& json, const Plan& plan, const TargetReading& reading,
                   const std::optional<ReportedBeside>& beside) {
  const Target& target = *reading.target;
  const Figure& figure = reading.figure;
  json.field("indicator", target.indicator);
  json.field("target_id", target.id);
  json.field("ref", target.ref);
  write_value(json, reading);
  json.field("comparator", text_of(target.comparator));
  json.field("or_more", target.or_more);
  json.field("target", target.value);
  json.field("met", reading.met);
  json.field("status", name_of(reading.status));
  json.field("unit_of_measure",
             reading.ratio ? "percent" : measure_of(*plan.indicator(target.indicator)));
  const bool is_share =
      target.whom.scope == Scope::share && reading.status != TargetStatus::reference;
  const bool counts_units = !reading.value_is_shown || is_share;
  if (reading.undecided) json.field("reason", no_data_only_upper_bound);
  std::set<std::string> findings;
  if (beside && beside->several_sources) findings.emplace("several_sources");
  write_details(json, figure, std::move(findings));
  if (beside) write_beside(json, figure, *beside);
  if (figure.apportioned && !figure.building) json.field("apportioned", true);
  json.field("contributors", counts_units ? std::nullopt : std::optional(figure.contributors));
  if (figure.done_on) json.field("done_on", *figure.done_on);
  if (reading.window) {
    json.field("first", reading.window->first);
    json.field("last", reading.window->last);
  }
}

}  // namespace tiendo

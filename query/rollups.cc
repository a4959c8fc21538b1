// GET /v1/rollups: a figure with its breakdown.
#include "query/answer.h"
#include "query/breakdown.h"
#include "query/figure_details.h"
#include "query/routes.h"

namespace tiendo {
namespace {

void write_row(const Call& call, JsonWriter& json, const BreakdownRow& row, BreakdownBy by) {
  json.begin_object();
  json.field(name_of(by), row.id);
  json.field_unless_empty("kind", row.kind);
  if (row.name) json.field("name", *row.name);
  if (row.days) {
    json.field("first", row.days->first);
    json.field("last", row.days->last);
  }
  write_figure(call, json, row.figure);
  json.field("contributors", row.figure.contributors);
  json.end_object();
}

Result<std::optional<BreakdownBy>> breakdown_of(const Call& call) {
  const auto text = text_of(call, "by");
  if (!text) return std::optional<BreakdownBy>();
  if (const auto by = parse_breakdown(*text)) return by;
  return refuse(
      call, "by_invalid",
      {"by phải là unit, level, period hoặc pillar.", "by is unit, level, period or pillar."});
}

}  // namespace

Result<HttpResponse> answer_rollups(const Call& call) {
  TRY_ASSIGN(asked, read_asked(call, *text_of(call, "plan"), text_of(call, "unit"),
                               text_of(call, "period")));
  TRY_ASSIGN(indicator, indicator_of(call, asked.plan(), *text_of(call, "indicator")));
  TRY_ASSIGN(extent, extent_of(call));
  TRY_ASSIGN(by, breakdown_of(call));
  TRY_ASSIGN(basis, basis_of(call, asked.moment()));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    TRY_ASSIGN(whole, figure(*asked.question, {.plan = asked.plan(),
                                               .formula = *indicator->formula,
                                               .unit = asked.unit,
                                               .window = asked.period.window,
                                               .extent = extent}));
    std::vector<BreakdownRow> rows;
    if (by) {
      TRY_ASSIGN(found, break_down(call, {asked, *indicator, extent, whole}, *by));
      rows = std::move(found);
    }
    write_asked(json, asked);
    json.field("indicator", indicator->id);
    json.field("name", indicator->name);
    json.field("of", extent == Extent::own ? "own" : "subtree");
    write_figure(call, json, whole);
    json.field("unit_of_measure", measure_of(*indicator));
    json.field("contributors", whole.contributors);
    if (whole.done_on) json.field("done_on", *whole.done_on);
    TRY_ASSIGN(beside, reported_beside(*asked.question, asked.plan(), *indicator, asked.unit,
                                       {asked.period.window}));
    std::set<std::string> findings;
    if (beside && beside->several_sources) findings.emplace("several_sources");
    write_details(json, whole, std::move(findings));
    if (beside) write_beside(json, whole, *beside);
    json.field("apportioned", whole.apportioned);
    json.field("by", by ? std::optional(name_of(*by)) : std::nullopt);
    json.begin_array("rows");
    for (const BreakdownRow& row : rows) write_row(call, json, row, *by);
    json.end_array();
    return whole.building;
  });
}

}  // namespace tiendo

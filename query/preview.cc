// POST /v1/plans/{plan}/preview: what figures would be if the document sent were published now.
#include "projector/preview.h"

#include <algorithm>
#include <set>

#include "events/plan_warnings.h"
#include "events/text.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/change_parts.h"
#include "query/previews.h"
#include "query/problem.h"
#include "query/routes.h"

namespace tiendo {
namespace {

std::string text_of_fault(const Refusal& fault) {
  JsonWriter json;
  json.begin_object();
  json.field("code", name_of(fault.reason));
  json.field("field", fault.field);
  json.field("found", fault.found);
  json.field("expected", fault.expected);
  json.field("message", sentence_of(fault));
  json.end_object();
  return std::move(json).text();
}

// What publishing the document would be refused for: the first fault as the problem, all of them as
// a list.
HttpResponse refused(const Call& call, const std::vector<Refusal>& faults) {
  const Refusal& first = faults.front();
  const Sentence why = sentence_of(first);
  std::string list;
  for (const Refusal& fault : faults) list += (list.empty() ? "" : ",") + text_of_fault(fault);
  HttpResponse response =
      problem(400, name_of(first.reason), "The plan would be refused",
              first.field + ": " + (call.language == Language::vi ? why.vi : why.en));
  return with_member(std::move(response), "faults", "[" + list + "]");
}

// What is said of the document itself: why it would be refused, or else what is doubtful in it.
struct Checked {
  std::optional<HttpResponse> refused{};
  std::vector<Warning> warnings{};
};

Checked check_document(const Call& call) {
  json::Document document;
  const Decoded decoded = decode(publishing(call.request.body), document);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) return {refused(call, {*refusal})};
  const json::Value data = std::get<Event>(decoded).data;
  const std::vector<Refusal> faults = faults_of_plan(data);
  if (!faults.empty()) return {refused(call, faults)};
  const std::string plan = to_nfc(data["plan"].text());
  if (plan == call.ids[0]) return {.warnings = warnings_of_plan(data, read_plan(data))};
  return {to_problem(refuse(call, "plan_mismatch",
                            {"Tài liệu là của kế hoạch \"" + plan + "\", đường dẫn là của \"" +
                                 call.ids[0] + "\"; hãy dùng cùng một mã.",
                             "The document is of plan \"" + plan + "\", the path of \"" +
                                 call.ids[0] + "\"; use one and the same id."}))};
}

void write_warnings(JsonWriter& json, const std::vector<Warning>& warnings) {
  json.begin_array("warnings");
  for (const Warning& warning : warnings) {
    json.begin_object();
    json.field("field", warning.field);
    json.field("message", warning.text);
    json.end_object();
  }
  json.end_array();
}

// One side: what is known, and what the version there says.
struct Side {
  const Question& question;
  const AskedPeriod* period;  // none: the plan is not known, or has no such period

  [[nodiscard]] const Indicator* indicator(std::string_view id) const {
    return period == nullptr ? nullptr : period->plan->indicator(id);
  }
  [[nodiscard]] Result<Figure> figure(std::string_view id, std::string_view unit_id) const {
    const Indicator* named = indicator(id);
    const auto unit = question.tree().find(unit_id);
    if (named == nullptr || !unit) return Figure{};
    return tiendo::figure(question, {.plan = *period->plan,
                                     .formula = *named->formula,
                                     .unit = *unit,
                                     .window = period->window});
  }
};

std::optional<Decimal> number_of(const Figure& figure) {
  return figure.building ? std::nullopt : shown_number(figure);
}

void write_side(JsonWriter& json, const std::string& side, const Figure& figure,
                const Indicator* indicator) {
  const std::string_view reason = figure.building        ? std::string_view("building")
                                  : indicator == nullptr ? std::string_view("not_known")
                                                         : std::string_view(figure.no_data);
  json.field_unless_empty(side + "_reason", reason);
  if (indicator != nullptr) json.field(side + "_measure", measure_of(*indicator));
}

// Says whether a figure of the row is not known yet.
Result<bool> write_row(JsonWriter& json, const Side& before, const Side& after,
                       std::string_view unit, std::string_view indicator) {
  TRY_ASSIGN(was, before.figure(indicator, unit));
  TRY_ASSIGN(is, after.figure(indicator, unit));
  const auto first = number_of(was);
  const auto second = number_of(is);
  const Indicator* old_one = before.indicator(indicator);
  const Indicator* new_one = after.indicator(indicator);
  const bool alike = first && second && measure_of(*old_one) == measure_of(*new_one);
  json.begin_object();
  json.field("unit", unit);
  json.field("indicator", indicator);
  json.field("before", first);
  json.field("after", second);
  json.field("difference", alike ? std::optional(*second - *first) : std::nullopt);
  write_side(json, "before", was, old_one);
  write_side(json, "after", is, new_one);
  json.end_object();
  return was.building || is.building;
}

// In the order of the document; what only the version before has comes last.
std::vector<std::string> indicators_of(const Call& call, const Side& before, const Side& after) {
  std::vector<std::string> ids;
  const auto only = text_of(call, "indicator");
  for (const Side* side : {&after, &before}) {
    if (side->period == nullptr) continue;
    for (const Indicator& one : side->period->plan->indicators) {
      const bool is_new = std::find(ids.begin(), ids.end(), one.id) == ids.end();
      if (is_new && (!only || *only == one.id)) ids.push_back(one.id);
    }
  }
  return ids;
}

// The unit and those directly below it on the last day.
std::vector<UnitIndex> units_of(const Asked& asked) {
  const Question& question = *asked.question;
  const Day last = std::min(asked.period.window.last, question.moment().today());
  std::vector<UnitIndex> units =
      question.tree().children(asked.unit, question.mode().day.value_or(last));
  units.insert(units.begin(), asked.unit);
  return units;
}

}  // namespace

Result<HttpResponse> answer_preview(const Call& call) {
  Checked checked = check_document(call);
  if (checked.refused) return std::move(*checked.refused);
  TRY_ASSIGN(held, call.previews->take(call, call.request.body));
  const Preview& preview = held.preview();
  Call before_call = call;
  before_call.views = preview.before();
  Call after_call = call;
  after_call.views = preview.after();
  const Moment moment{.at = call.now};
  TRY_ASSIGN(asked, read_asked_at(after_call, moment, call.ids[0], text_of(call, "unit"),
                                  text_of(call, "period")));
  const Question old_question(before_call.views, moment, asked.question->mode());
  const AskedPlan old_plan =
      find_plan(old_question.knowledge(), call.ids[0], asked.period.period, moment.today());
  const Side before{old_question, old_plan.found ? &*old_plan.found : nullptr};
  const Side after{*asked.question, &asked.period};
  const std::vector<std::string> indicators = indicators_of(call, before, after);
  if (const auto only = text_of(call, "indicator"); only && indicators.empty()) {
    return indicator_of(call, asked.plan(), *only).error();
  }
  TRY_ASSIGN(basis, basis_of(before_call, moment));
  JsonWriter json;
  json.begin_object();
  write_asked(json, asked);
  json.field("version_before",
             before.period == nullptr ? std::nullopt : std::optional(before.period->plan->version));
  write_warnings(json, checked.warnings);
  json.field("filled", static_cast<uint64_t>(preview.filled()));
  bool building = !preview.is_filled();
  json.begin_array("rows");
  for (const UnitIndex unit : units_of(asked)) {
    for (const std::string& indicator : indicators) {
      TRY_ASSIGN(row_is_building,
                 write_row(json, before, after, asked.question->tree().unit(unit).id, indicator));
      building = building || row_is_building;
    }
  }
  json.end_array();
  write_basis(json, basis, building);
  json.end_object();
  return plain_json(std::move(json).text());
}

}  // namespace tiendo

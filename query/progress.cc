// GET /v1/plans/{plan}/progress: how a unit stands against every target of a plan.
#include "projector/target.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/routes.h"
#include "query/target_row.h"

namespace tiendo {
namespace {

// A report of the days of the figure, or of the period asked for.
Result<std::optional<ReportedBeside>> beside_of(const Asked& asked, const TargetReading& reading) {
  const Indicator& indicator = *asked.plan().indicator(reading.target->indicator);
  if (!reading.value_is_shown || reading.target->whom.scope == Scope::share) {
    return std::optional<ReportedBeside>();
  }
  return reported_beside(*asked.question, asked.plan(), indicator, asked.unit,
                         {reading.figured, asked.period.window});
}

void write_target(const Call& call, JsonWriter& json, const Plan& plan,
                  const TargetReading& reading, const std::optional<ReportedBeside>& beside) {
  const Target& target = *reading.target;
  if (reading.value_is_shown) tell_overflow(call, reading.figure);
  json.begin_object();
  write_reading(json, plan, reading, beside);
  json.field("name", plan.indicator(target.indicator)->name);
  if (!target.note.vi.empty() || !target.note.en.empty()) json.field("note", target.note);
  json.end_object();
}

// Without a period it is this year that is asked for, in which a plan that is over shows little.
void write_note(JsonWriter& json, const Call& call, const Asked& asked) {
  const Plan& plan = asked.plan();
  if (text_of(call, "period") || asked.moment().today() <= plan.last) return;
  const std::string last = to_text(plan.last);
  const std::string year = last.substr(0, 4);
  json.field("note",
             Sentence{"Kế hoạch đã kết thúc ngày " + last + ". Không nêu kỳ nên đây là năm " +
                          asked.period.period + "; năm cuối của kế hoạch: period=" + year + ".",
                      "The plan ended on " + last + ". No period was asked for, so this is " +
                          asked.period.period + "; the plan's last year: period=" + year + "."});
}

}  // namespace

Result<HttpResponse> answer_progress(const Call& call) {
  TRY_ASSIGN(asked, read_asked(call, call.ids[0], text_of(call, "unit"), text_of(call, "period")));
  TRY_ASSIGN(basis, basis_of(call, asked.moment()));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    TRY_ASSIGN(readings,
               read_targets(*asked.question, asked.plan(), asked.unit, asked.period.window.last));
    write_asked(json, asked);
    write_note(json, call, asked);
    bool building = false;
    json.begin_array("targets");
    for (const TargetReading& reading : readings) {
      building = building || reading.figure.building;
      TRY_ASSIGN(beside, beside_of(asked, reading));
      write_target(call, json, asked.plan(), reading, beside);
    }
    json.end_array();
    return building;
  });
}

}  // namespace tiendo

// GET /v1/changes: the same figure at two moments, and the difference by cause.
#include <algorithm>
#include <chrono>

#include "events/limits.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/change_told.h"
#include "query/history_parts.h"
#include "query/history_question.h"
#include "query/routes.h"

namespace tiendo {
namespace {

// A thread for requests is not kept longer by one question.
constexpr std::chrono::seconds trying_max{30};

void write_end(JsonWriter& json, std::string_view name, const Figure& figure, bool is_known) {
  json.begin_object(name);
  json.field("value", shown_number(figure));
  json.field("numerator", figure.numerator);
  json.field("denominator", figure.denominator);
  const std::string_view reason = is_known ? std::string_view(figure.no_data) : "not_known";
  json.field_unless_empty("reason", reason);
  json.end_object();
}

void write_target(JsonWriter& json, const Target& any, const Target* before, const Target* after) {
  const auto comparator = [](const Target* target) -> std::optional<std::string_view> {
    if (target == nullptr) return std::nullopt;
    return text_of(target->comparator);
  };
  const auto value = [](const Target* target) {
    return target == nullptr ? std::nullopt : std::optional(target->value);
  };
  json.begin_object();
  json.field("target_id", any.id);
  json.field("before", value(before));
  json.field("after", value(after));
  json.field("comparator_before", comparator(before));
  json.field("comparator_after", comparator(after));
  json.field("difference", Decimal());  // a target never moves a figure
  json.end_object();
}

bool asks_the_same(const Target* a, const Target* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->value == b->value && a->comparator == b->comparator && a->or_more == b->or_more;
}

// Targets of the indicator that another version of the plan asks otherwise, or not at all.
void write_targets(JsonWriter& json, std::string_view indicator, const Plan* before,
                   const Plan* after) {
  json.begin_array("targets");
  const auto write_all = [&](const Plan* of, bool only_gone) {
    if (of == nullptr) return;
    for (const Target& target : of->targets) {
      if (target.indicator != indicator) continue;
      const Target* then = before == nullptr ? nullptr : target_in(*before, target.id);
      const Target* now = after == nullptr ? nullptr : target_in(*after, target.id);
      if (only_gone && now != nullptr) continue;
      if (!asks_the_same(then, now)) write_target(json, target, then, now);
    }
  };
  if (before != nullptr) {
    write_all(after, false);
    write_all(before, true);
  }
  json.end_array();
}

Error moments_reversed(const Call& call) {
  return refuse(call, "moments_reversed",
                {"Thời điểm from phải không sau to; hãy đổi chỗ hai thời điểm.",
                 "The moment `from` must not be after `to`; ask with the two exchanged."});
}

Error too_many_records(const Call& call) {
  const std::string most = std::to_string(limits::change_records_max);
  const std::string seconds = std::to_string(trying_max.count());
  return refuse(call, "too_many_records",
                {"Giữa hai thời điểm có hơn " + most +
                     " bản ghi có thể chạm tới số liệu này, hoặc xét chúng mất hơn " + seconds +
                     " giây; hãy hỏi từng đoạn ngắn hơn, hoặc đơn vị nhỏ hơn.",
                 "More than " + most +
                     " records between the two moments may touch this figure, or trying them takes "
                     "more than " +
                     seconds +
                     " seconds; ask for shorter stretches, or a smaller "
                     "unit."});
}

struct Moments {
  Moment from;
  Moment to;
};
Result<Moments> moments_of(const Call& call) {
  TRY_ASSIGN(from, moment_of(call, "from"));
  TRY_ASSIGN(to, moment_of(call, "to"));
  // Two moments of the same records differ in the day alone.
  const bool reversed = last_known(to) < last_known(from) || to.at < from.at;
  if (reversed) return moments_reversed(call);
  return Moments{from, to};
}

}  // namespace

Result<HttpResponse> answer_changes(const Call& call) {
  TRY_ASSIGN(moments, moments_of(call));
  TRY_ASSIGN(asked, read_asked_at(call, moments.to, *text_of(call, "plan"), text_of(call, "unit"),
                                  text_of(call, "period")));
  TRY_ASSIGN(indicator, indicator_of(call, asked.plan(), *text_of(call, "indicator")));
  TRY_ASSIGN(extent, extent_of(call));
  TRY_ASSIGN(basis, basis_of(call, asked.moment()));
  const HistoryQuestion question = history_question(call, asked, *indicator, extent);
  const auto patience_ends = std::chrono::steady_clock::now() + trying_max;
  const auto gives_up = [&] { return std::chrono::steady_clock::now() > patience_ends; };
  auto found = figure_changes(question, moments.from, {.gives_up = gives_up});
  if (!found.ok() && found.error().code == "too_many_records") return too_many_records(call);
  if (!found.ok()) return found.error();
  TRY_ASSIGN(told, tell_changes(*call.views, call.context.log, std::move(*found), indicator->id,
                                moments.from.today()));
  const FigureChanges& changes = told.changes;
  const DefinedFigure first =
      defined_at(question, *call.views->reference->known(moments.from), moments.from);
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    write_asked(json, asked);
    json.field("indicator", indicator->id);
    json.field("of", extent == Extent::own ? "own" : "subtree");
    json.field("unit_of_measure", measure_of(*indicator));
    json.field("from", moments.from.at);
    json.field("to", moments.to.at);
    const auto shown = [&](const Figure& figure) {
      return changes.building ? std::nullopt : shown_number(figure);
    };
    json.field("before", shown(changes.before));
    json.field("after", shown(changes.after));
    write_difference(json, told.parts.whole);
    if (!changes.building) {
      write_end(json, "figure_before", changes.before, first.is_known());
      write_end(json, "figure_after", changes.after, true);
    }
    json.key("parts");
    write_parts(json, told);
    write_targets(json, indicator->id, first.plan.get(), &asked.plan());
    return changes.building;
  });
}

}  // namespace tiendo

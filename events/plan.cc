#include "events/plan.h"

#include <algorithm>
#include <set>

#include "events/limits.h"
#include "events/plan_consistency.h"
#include "events/plan_parts.h"
#include "events/plan_reader.h"

namespace tiendo {
namespace {

// Remembers ids, and faults the second of two equal ones.
class UniqueIds {
 public:
  explicit UniqueIds(PlanReader& reader) : reader_(reader) {}
  std::string take(const Place& object, std::string_view field) {
    const Place place = reader_.required_field(object, field);
    std::string id = reader_.text(place);
    if (!seen_.insert(id).second) reader_.fault(Reason::plan_duplicate, place, "an id used once");
    return id;
  }

 private:
  PlanReader& reader_;
  std::set<std::string> seen_;
};

Due read_due(PlanReader& reader, const Place& place, Day period_last) {
  Due due;
  if (!place.value.present()) return due;
  if (place.value.is(json::Kind::text)) {
    const std::size_t kind = reader.one_of(place, {"month", "year", "never"}, Reason::plan_schema);
    due.kind = kind == 0 ? Due::Kind::month : kind == 1 ? Due::Kind::year : Due::Kind::never;
    due.day = period_last;
    return due;
  }
  static constexpr std::pair<std::string_view, Due::Kind> kinds[] = {
      {"before", Due::Kind::before}, {"by", Due::Kind::by}, {"assumed", Due::Kind::assumed}};
  for (const auto& [name, kind] : kinds) {
    const Place day = reader.optional_field(place, name);
    if (!day.value.present()) continue;
    due.kind = kind;
    due.day = reader.day(day);
    return due;
  }
  const Place month = reader.optional_field(place, "month");
  const Place year = reader.optional_field(place, "year");
  const Place& span = month.value.present() ? month : year;
  const auto window = parse_period(span.value.text());
  if (!window) {
    reader.fault(Reason::plan_schema, place, "before, by, month, year or assumed");
    return due;
  }
  due.kind = month.value.present() ? Due::Kind::month : Due::Kind::year;
  due.day = window->last;
  return due;
}

class PlanParser {
 public:
  ParsedPlan parse(json::Value document) {
    const Place root{document, "data"};
    read_head(root);
    for (const Place& place : reader_.elements(reader_.required_field(root, "indicators"))) {
      read_indicator(place);
    }
    for (const Place& place : reader_.elements(reader_.optional_field(root, "obligations"))) {
      read_obligation(place);
    }
    for (const Place& place : reader_.elements(reader_.required_field(root, "targets"))) {
      read_target(place);
    }
    for (const Place& place : reader_.elements(reader_.optional_field(root, "tasks"))) {
      plan_.tasks.push_back(read_task(reader_, place, task_ids_.take(place, "id")));
    }
    read_budget(reader_, root, plan_);
    check_references(root);
    check_consistency(reader_, root, plan_);
    if (reader_.refusal()) return *reader_.refusal();
    plan_.document = json::print(document);
    return std::move(plan_);
  }

 private:
  void read_head(const Place& root) {
    plan_.id = reader_.text(reader_.required_field(root, "plan"));
    plan_.version = reader_.whole(reader_.required_field(root, "version"));
    plan_.valid_from = reader_.day(reader_.required_field(root, "valid_from"));
    plan_.first = reader_.day(reader_.required_field(root, "first"));
    const Place last = reader_.required_field(root, "last");
    plan_.last = reader_.day(last);
    if (plan_.last < plan_.first) {
      reader_.fault(Reason::plan_window, last, "a day not before `first`");
    }
    plan_.unit = reader_.text(reader_.optional_field(root, "unit"));
    plan_.statutory = is_statutory(reader_.optional_field(root, "calendar"), false);
    plan_.title = read_name(reader_, reader_.required_field(root, "title"));
    for (const Place& place : reader_.elements(reader_.optional_field(root, "periods"))) {
      const std::string id = period_ids_.take(place, "id");
      if (!is_period_name(id) || id == "plan") {
        reader_.fault(Reason::plan_schema, reader_.required_field(place, "id"),
                      "small letters, digits, '_' and '-', a letter first; not `plan`");
      }
      const Window window{reader_.day(reader_.required_field(place, "first")),
                          reader_.day(reader_.required_field(place, "last"))};
      if (window.empty()) reader_.fault(Reason::plan_window, place, "`first` not after `last`");
      plan_.periods.emplace(id, window);
      plan_.period_names.emplace(id, read_name(reader_, reader_.optional_field(place, "name")));
    }
  }

  bool is_statutory(const Place& calendar, bool otherwise) {
    if (!calendar.value.present()) return otherwise;
    return reader_.one_of(calendar, {"calendar", "statutory"}) == 1;
  }

  void read_indicator(const Place& place) {
    Indicator indicator;
    indicator.id = indicator_ids_.take(place, "id");
    indicator.name = read_name(reader_, reader_.required_field(place, "name"));
    indicator.measure = reader_.text(reader_.optional_field(place, "measure"));
    indicator.formula = reader_.formula(reader_.required_field(place, "formula"));
    indicator.note = read_name(reader_, reader_.optional_field(place, "note"));
    const Place why = reader_.optional_field(place, "why_reported");
    indicator.why_reported = read_name(reader_, why);
    if (!why.value.present() && reads_reports(*indicator.formula)) {
      reader_.fault(Reason::plan_schema, why,
                    "why reports are its source and no events can give it: {\"vi\": ..., \"en\": "
                    "...}");
    }
    plan_.indicators.push_back(std::move(indicator));
  }

  void read_obligation(const Place& place) {
    Obligation obligation;
    obligation.id = obligation_ids_.take(place, "id");
    obligation.name = read_name(reader_, reader_.optional_field(place, "name"));
    const Place from = reader_.required_field(place, "from");
    obligation.levels = levels(reader_.optional_field(from, "level"));
    obligation.where = reader_.filter(reader_.optional_field(from, "where"));
    obligation.to = reader_.text(reader_.optional_field(place, "to"));
    obligation.required = reader_.texts(reader_.optional_field(place, "requires"));
    obligation.judged_by_received =
        reader_.one_of(reader_.optional_field(place, "judged_by"), {"said", "received"}) == 1;
    for (const Place& at : reader_.elements(reader_.required_field(place, "instances"))) {
      const Place period = reader_.required_field(at, "period");
      Instance instance{.period = reader_.text(period)};
      const auto window = plan_.period(instance.period);
      if (!window)
        reader_.fault(Reason::plan_reference, period, "a period id, or a name of `periods`");
      instance.due =
          read_due(reader_, reader_.optional_field(at, "due"), window.value_or(Window{}).last);
      obligation.instances.push_back(std::move(instance));
    }
    plan_.obligations.push_back(std::move(obligation));
  }

  void read_target(const Place& place) {
    Target target;
    target.id = target_ids_.take(place, "id");
    target.ref = reader_.text(reader_.optional_field(place, "ref"));
    target.indicator = reader_.text(reader_.required_field(place, "indicator"));
    target.comparator = reader_.comparator(reader_.required_field(place, "comparator"));
    target.value = reader_.decimal(reader_.required_field(place, "value"));
    target.or_more = reader_.truth(reader_.optional_field(place, "or_more"));
    target.note = read_name(reader_, reader_.optional_field(place, "note"));
    target.series = reader_.text(reader_.optional_field(place, "series"));
    const Place then = reader_.optional_field(place, "then");
    static_cast<void>(reader_.one_of(then, {"hold"}));
    target.hold = then.value.text() == "hold";
    read_whom(reader_.required_field(place, "for"), target);
    read_when(reader_.required_field(place, "when"), target);
    const Place inner = reader_.optional_field(place, "inner");
    if (inner.value.present()) {
      target.inner_comparator = reader_.comparator(reader_.required_field(inner, "comparator"));
      target.inner_value = reader_.decimal(reader_.required_field(inner, "value"));
    } else if (target.whom.scope == Scope::share) {
      reader_.fault(Reason::plan_schema, inner, "what a unit must meet: {comparator, value}");
    }
    plan_.targets.push_back(std::move(target));
  }

  void read_whom(const Place& place, Target& target) {
    const Place scope = reader_.optional_field(place, "scope");
    const Place level = reader_.optional_field(place, "level");
    if (!scope.value.present() || !level.value.present()) {
      reader_.fault(Reason::plan_level, place, "a scope and a level (or \"any\")");
    }
    target.whom.scope =
        static_cast<Scope>(reader_.one_of(scope, {"unit", "each", "rollup", "share"}));
    target.whom.levels = levels(level);
    target.whom.where = reader_.filter(reader_.optional_field(place, "where"));
    const Place of = reader_.optional_field(place, "of");
    if (of.value.present()) {
      target.whom.extent = static_cast<Extent>(reader_.one_of(of, {"own", "subtree"}));
    }
  }

  void read_when(const Place& place, Target& target) {
    TargetWhen& when = target.when;
    when.kind = static_cast<TargetWhen::Kind>(reader_.one_of(
        reader_.required_field(place, "kind"), {"each_year", "by", "before", "throughout", "in"}));
    const Place first = reader_.optional_field(place, "first");
    if (first.value.present()) when.first = reader_.day(first);
    switch (when.kind) {
      case TargetWhen::Kind::each_year:
        for (const Place& year : reader_.elements(reader_.required_field(place, "years"))) {
          const int64_t number = reader_.whole(year);
          if (number < limits::year_min || number > limits::year_max) {
            reader_.fault(Reason::plan_schema, year, "a year such as 2024");
            continue;
          }
          when.years.push_back(static_cast<int>(number));
        }
        when.statutory = is_statutory(reader_.optional_field(place, "calendar"), plan_.statutory);
        read_until(reader_.optional_field(place, "until"), when);
        break;
      case TargetWhen::Kind::by:
      case TargetWhen::Kind::before:
        when.day = reader_.day(reader_.required_field(place, "day"));
        break;
      case TargetWhen::Kind::throughout:
        when.day = reader_.day(reader_.required_field(place, "last"));
        break;
      case TargetWhen::Kind::in: {
        const Place period = reader_.required_field(place, "period");
        when.period = reader_.text(period);
        if (!plan_.period(when.period)) {
          reader_.fault(Reason::plan_reference, period, "a period id, or a name of `periods`");
        }
        break;
      }
    }
    const Day day = when.years.empty() ? plan_.last : to_day({when.years.front(), 12, 31});
    const auto window = window_of(plan_, target, day);
    if (window && window->empty() && when.kind != TargetWhen::Kind::each_year) {
      reader_.fault(Reason::plan_window, place, "a window with at least one day");
    }
  }

  // A day of every year named, which no 29 February is; a statutory year holds each day but not in
  // the order of its months.
  void read_until(const Place& place, TargetWhen& when) {
    when.until = reader_.text(place);
    if (!place.value.present()) return;
    const bool is_day =
        !when.statutory && std::all_of(when.years.begin(), when.years.end(), [&](int year) {
          return parse_day(std::to_string(year) + "-" + when.until).has_value();
        });
    if (is_day) return;
    reader_.fault(Reason::plan_schema, place,
                  "a month and a day of each of the years, such as 06-30; not of statutory years");
    when.until.clear();
  }

  std::vector<std::string> levels(const Place& place) {
    std::vector<std::string> levels = reader_.texts(place);
    if (levels == std::vector<std::string>{"any"}) levels.clear();
    return levels;
  }

  void check_references(const Place& root) {
    const auto targets = reader_.elements({root.value["targets"], root.path + ".targets"});
    for (std::size_t i = 0; i < plan_.targets.size(); ++i) {
      const Place at = reader_.optional_field(targets[i], "indicator");
      const Indicator* indicator = plan_.indicator(plan_.targets[i].indicator);
      if (indicator == nullptr) {
        reader_.fault(Reason::plan_reference, at, "the id of an indicator of this plan");
      } else {
        check_milestone(at, *indicator, plan_.targets[i]);
      }
    }
    const auto obligations = reader_.elements({root.value["obligations"], "data.obligations"});
    for (std::size_t i = 0; i < plan_.obligations.size(); ++i) {
      for (const std::string& id : plan_.obligations[i].required) {
        if (plan_.indicator(id) != nullptr) continue;
        reader_.fault(Reason::plan_reference, reader_.optional_field(obligations[i], "requires"),
                      "ids of indicators of this plan");
      }
    }
    const auto indicators = reader_.elements({root.value["indicators"], "data.indicators"});
    for (std::size_t i = 0; i < plan_.indicators.size(); ++i) {
      check_formula(reader_.optional_field(indicators[i], "formula"), *plan_.indicators[i].formula);
    }
  }

  void check_formula(const Place& place, const Formula& formula) {
    if (const auto* coverage = std::get_if<CoverageFormula>(&formula.of)) {
      check_have(place, coverage->have);
    }
    if (const auto* milestone = std::get_if<MilestoneFormula>(&formula.of)) {
      if (!milestone->obligation.empty() && plan_.obligation(milestone->obligation) == nullptr) {
        reader_.fault(Reason::plan_reference, place, "the id of an obligation of this plan");
      }
    }
  }

  void check_have(const Place& place, const Have& have) {
    if (have.kind == Have::Kind::threshold && !have.formula &&
        plan_.indicator(have.indicator) == nullptr) {
      reader_.fault(Reason::plan_reference, place, "`have.indicator`: an indicator of this plan");
    }
    for (const Have& part : have.parts) check_have(place, part);
  }

  // A due day that is not the target's own would judge a report twice, and differently.
  void check_milestone(const Place& at, const Indicator& indicator, const Target& target) {
    const auto* milestone = std::get_if<MilestoneFormula>(&indicator.formula->of);
    if (milestone == nullptr || milestone->obligation.empty()) return;
    const Obligation* obligation = plan_.obligation(milestone->obligation);
    const auto window = window_of(plan_, target, plan_.last);
    if (obligation == nullptr || !window) return;
    const Instance* instance = instance_of(*obligation, *milestone, *window);
    if (instance == nullptr) {
      reader_.fault(Reason::plan_reference, at, "a milestone whose `period` is an instance's");
    } else if (const auto late = instance->due.too_late();
               late && late->previous() != window->last) {
      reader_.fault(Reason::plan_reference, at,
                    "an obligation due on the target's own last day, " + to_text(window->last));
    }
  }

  PlanReader reader_;
  Plan plan_;
  UniqueIds period_ids_{reader_};
  UniqueIds indicator_ids_{reader_};
  UniqueIds obligation_ids_{reader_};
  UniqueIds target_ids_{reader_};
  UniqueIds task_ids_{reader_};
};

Window year_window(int year, bool statutory) {
  if (statutory) return {to_day({year - 1, 12, 15}), to_day({year, 12, 14})};
  return {to_day({year, 1, 1}), to_day({year, 12, 31})};
}

}  // namespace

std::optional<Day> Due::too_late() const {
  switch (kind) {
    case Kind::before:
      return day;
    case Kind::by:
    case Kind::assumed:
    case Kind::month:
    case Kind::year:
      return day.next();
    case Kind::never:
      return std::nullopt;
  }
  return std::nullopt;
}

const Indicator* Plan::indicator(std::string_view wanted) const {
  const auto found = std::find_if(indicators.begin(), indicators.end(),
                                  [&](const Indicator& one) { return one.id == wanted; });
  return found == indicators.end() ? nullptr : &*found;
}

const Obligation* Plan::obligation(std::string_view wanted) const {
  const auto found = std::find_if(obligations.begin(), obligations.end(),
                                  [&](const Obligation& one) { return one.id == wanted; });
  return found == obligations.end() ? nullptr : &*found;
}

std::optional<Window> Plan::period(std::string_view wanted) const {
  if (wanted == "plan") return Window{first, last};
  if (const auto named = periods.find(std::string(wanted)); named != periods.end()) {
    return named->second;
  }
  if (wanted.starts_with("..")) {
    const auto day = parse_day(wanted.substr(2));
    if (!day || *day < first) return std::nullopt;
    return Window{first, *day};
  }
  return parse_period(wanted);
}

std::optional<Window> window_of(const Plan& plan, const Target& target, Day day) {
  const TargetWhen& when = target.when;
  const Day first = when.first.value_or(plan.first);
  switch (when.kind) {
    case TargetWhen::Kind::each_year: {
      // The statutory year that holds a day begins on 15 December of the year before.
      const Date date = to_date(when.statutory ? Day{day.number + 17} : day);
      if (std::find(when.years.begin(), when.years.end(), date.year) == when.years.end()) {
        return std::nullopt;
      }
      const Window year = year_window(date.year, when.statutory);
      const auto until = parse_day(std::to_string(date.year) + "-" + when.until);
      return Window{when.first.value_or(year.first), until.value_or(year.last)};
    }
    case TargetWhen::Kind::by:
    case TargetWhen::Kind::throughout:
      return Window{first, when.day};
    case TargetWhen::Kind::before:
      return Window{first, when.day.previous()};
    case TargetWhen::Kind::in: {
      const auto period = plan.period(when.period);
      if (!period) return std::nullopt;
      return Window{when.first.value_or(period->first), period->last};
    }
  }
  return std::nullopt;
}

const Instance* instance_of(const Obligation& obligation, const MilestoneFormula& milestone,
                            Window window) {
  if (!milestone.period.empty()) {
    for (const Instance& instance : obligation.instances) {
      if (instance.period == milestone.period) return &instance;
    }
    return nullptr;
  }
  if (obligation.instances.size() == 1) return &obligation.instances.front();
  const Instance* only = nullptr;
  for (const Instance& instance : obligation.instances) {
    const auto late = instance.due.too_late();
    if (!late || !window.contains(late->previous())) continue;
    if (only != nullptr) return nullptr;
    only = &instance;
  }
  return only;
}

ParsedPlan parse_plan(json::Value document) { return PlanParser().parse(document); }

std::optional<Refusal> check_plan(json::Value document) {
  ParsedPlan parsed = parse_plan(document);
  if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
  return std::nullopt;
}

}  // namespace tiendo

#include "events/plan_consistency.h"

#include <algorithm>
#include <map>
#include <set>

namespace tiendo {
namespace {

// The indicators that a formula asks the figure of, or is a part of.
void collect_indicators(const Formula& formula, std::set<std::string>& found);

void collect_indicators(const Have& have, std::set<std::string>& found) {
  if (!have.indicator.empty()) found.insert(have.indicator);
  if (have.formula) collect_indicators(*have.formula, found);
  for (const Have& part : have.parts) collect_indicators(part, found);
}

void collect_indicators(const Formula& formula, std::set<std::string>& found) {
  if (const auto* coverage = std::get_if<CoverageFormula>(&formula.of)) {
    collect_indicators(coverage->have, found);
  } else if (const auto* kept = std::get_if<KeptFormula>(&formula.of)) {
    collect_indicators(*kept->of, found);
  } else if (const auto* shown = std::get_if<ReferenceFormula>(&formula.of)) {
    if (shown->of) collect_indicators(*shown->of, found);
  } else if (const auto* least = std::get_if<LeastFormula>(&formula.of)) {
    for (const LeastFormula::Part& part : least->of) collect_indicators(*part.formula, found);
  } else if (const auto* distinct = std::get_if<DistinctFormula>(&formula.of)) {
    if (!distinct->subset_of.empty()) found.insert(distinct->subset_of);
  }
}

using References = std::map<std::string, std::set<std::string>>;

// The way from `at` back to `start`, "a, b, a"; empty where there is none.
std::string way_back(const References& references, const std::string& at, const std::string& start,
                     std::set<std::string>& seen) {
  const auto found = references.find(at);
  if (found == references.end()) return "";
  for (const std::string& next : found->second) {
    if (next == start) return at + ", " + next;
    if (!seen.insert(next).second) continue;
    const std::string rest = way_back(references, next, start, seen);
    if (!rest.empty()) return at + ", " + rest;
  }
  return "";
}

class TargetChecks {
 public:
  TargetChecks(PlanReader& reader, const Plan& plan) : reader_(reader), plan_(plan) {}

  void run(const std::vector<Place>& places) {
    for (std::size_t i = 0; i < plan_.targets.size(); ++i) {
      const Target& target = plan_.targets[i];
      reader_.begin_part(Owner::target, target.id);
      const Place at = reader_.optional_field(places[i], "indicator");
      const Indicator* indicator = plan_.indicator(target.indicator);
      if (indicator != nullptr) {
        check_formula(places[i], *indicator->formula, target);
      } else if (at.value.present()) {
        reader_.fault(Reason::plan_reference, at, Phrase::indicator_known);
      }
      check_series(places[i], target);
    }
    reader_.end_part();
  }

 private:
  void check_formula(const Place& place, const Formula& formula, const Target& target) {
    const auto* milestone = std::get_if<MilestoneFormula>(&formula.of);
    const bool is_at_once =
        milestone != nullptr || std::holds_alternative<MoneyFormula>(formula.of);
    if (is_at_once && target.when.kind == TargetWhen::Kind::throughout) {
      reader_.fault(Reason::plan_formula, reader_.optional_field(place, "when"),
                    Phrase::not_throughout, {target.indicator});
    }
    if (milestone == nullptr) return;
    const Place value = reader_.optional_field(place, "value");
    if (value.value.present() && target.value != Decimal::whole(1)) {
      reader_.fault(Reason::plan_formula, value, Phrase::done_is_one);
    }
    check_due_day(place, *milestone, target);
  }

  // A due day that is not the target's own would judge a report twice, and differently.
  void check_due_day(const Place& place, const MilestoneFormula& milestone, const Target& target) {
    if (milestone.obligation.empty()) return;
    const Obligation* obligation = plan_.obligation(milestone.obligation);
    const auto window = window_of(plan_, target, plan_.last);
    if (obligation == nullptr || !window) return;
    const Instance* instance = instance_of(*obligation, milestone, *window);
    if (instance == nullptr) {
      if (!milestone.period.empty()) return;  // said of the indicator
      reader_.fault(Reason::plan_reference, reader_.optional_field(place, "indicator"),
                    Phrase::instance_named);
    } else if (const auto late = instance->due.too_late();
               late && late->previous() != window->last) {
      reader_.fault(
          Reason::plan_reference, last_day_of(place), Phrase::due_of_target,
          {to_text(late->previous()), instance->period, obligation->id, to_text(window->last)});
    }
  }

  // Where a target says its last day; `when` as a whole where that follows from the year.
  Place last_day_of(const Place& target) {
    Place when = reader_.optional_field(target, "when");
    for (const char* name : {"day", "last", "period", "until"}) {
      if (Place said = reader_.optional_field(when, name); said.value.present()) return said;
    }
    return when;
  }

  struct InSeries {
    const Target* target;
    std::vector<Window> windows;
  };

  [[nodiscard]] std::vector<Window> windows_of(const Target& target) const {
    std::vector<Window> windows;
    const auto add = [&](Day day) {
      if (const auto window = window_of(plan_, target, day)) windows.push_back(*window);
    };
    for (const int year : target.when.years) add(to_day({year, 6, 30}));
    if (target.when.kind != TargetWhen::Kind::each_year) add(plan_.last);
    return windows;
  }

  // Two targets of one series may share a unit, or a day, but not both.
  static bool overlap(const InSeries& a, const InSeries& b) {
    const TargetFor& one = a.target->whom;
    const TargetFor& other = b.target->whom;
    if (one.scope != other.scope || canonical(one.where) != canonical(other.where)) return false;
    const bool share_a_level =
        one.levels.empty() || other.levels.empty() ||
        std::any_of(one.levels.begin(), one.levels.end(), [&](const std::string& level) {
          return std::find(other.levels.begin(), other.levels.end(), level) != other.levels.end();
        });
    return share_a_level && std::any_of(a.windows.begin(), a.windows.end(), [&](Window mine) {
             return std::any_of(b.windows.begin(), b.windows.end(), [&](Window its) {
               return mine.first <= its.last && its.first <= mine.last;
             });
           });
  }

  void check_series(const Place& place, const Target& target) {
    if (target.series.empty()) return;
    InSeries mine{&target, windows_of(target)};
    for (const InSeries& earlier : series_) {
      if (earlier.target->series != target.series || !overlap(earlier, mine)) continue;
      reader_.fault(Reason::plan_overlap, place, Phrase::not_overlapping, {earlier.target->id});
      break;
    }
    series_.push_back(std::move(mine));
  }

  PlanReader& reader_;
  const Plan& plan_;
  std::vector<InSeries> series_;
};

void check_indicators(PlanReader& reader, const std::vector<Place>& places, const Plan& plan) {
  for (std::size_t i = 0; i < plan.indicators.size(); ++i) {
    const Indicator& indicator = plan.indicators[i];
    reader.begin_part(Owner::indicator, indicator.id);
    check_formula_rules(reader, reader.optional_field(places[i], "formula"), *indicator.formula,
                        plan);
  }
  reader.end_part();
}

// Elements of `requires` of obligations and `lines` of tasks.
template <class Known>
void check_ids(PlanReader& reader, const Place& said, const std::vector<std::string>& ids,
               Phrase expected, Known known) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (known(ids[i])) continue;
    const Place at = said.value.is(json::Kind::array) ? reader.elements(said)[i] : said;
    reader.fault(Reason::plan_reference, at, expected);
  }
}

void check_lists_of_ids(PlanReader& reader, const Place& root, const Plan& plan) {
  const auto obligations = objects(reader, root, "obligations");
  for (std::size_t i = 0; i < plan.obligations.size(); ++i) {
    reader.begin_part(Owner::obligation, plan.obligations[i].id);
    check_ids(reader, reader.optional_field(obligations[i], "requires"),
              plan.obligations[i].required, Phrase::indicator_known,
              [&](const std::string& id) { return plan.indicator(id) != nullptr; });
  }
  const auto tasks = objects(reader, root, "tasks");
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    reader.begin_part(Owner::task, plan.tasks[i].id);
    check_ids(reader, reader.optional_field(tasks[i], "lines"), plan.tasks[i].lines,
              Phrase::line_known, [&](const std::string& line) {
                return std::any_of(plan.budget.begin(), plan.budget.end(),
                                   [&](const BudgetRow& row) { return row.line == line; });
              });
  }
  reader.end_part();
}

}  // namespace

std::vector<Place> objects(PlanReader& reader, const Place& root, std::string_view list) {
  std::vector<Place> places;
  for (Place& place : reader.elements(reader.optional_field(root, list))) {
    if (place.value.is(json::Kind::object)) places.push_back(std::move(place));
  }
  return places;
}

void check_indicator_cycles(PlanReader& reader, const std::vector<Place>& indicators,
                            const Plan& plan) {
  References references;
  for (const Indicator& one : plan.indicators) {
    collect_indicators(*one.formula, references[one.id]);
  }
  for (std::size_t i = 0; i < plan.indicators.size(); ++i) {
    const std::string& id = plan.indicators[i].id;
    std::set<std::string> seen;
    const std::string way = way_back(references, id, id, seen);
    if (way.empty()) continue;
    reader.begin_part(Owner::indicator, id);
    reader.fault(Reason::plan_reference, reader.optional_field(indicators[i], "formula"),
                 Phrase::indicator_not_itself, {way});
  }
  reader.end_part();
}

void check_consistency(PlanReader& reader, const Place& root, const Plan& plan) {
  const std::vector<Place> indicators = objects(reader, root, "indicators");
  check_indicators(reader, indicators, plan);
  check_indicator_cycles(reader, indicators, plan);
  TargetChecks(reader, plan).run(objects(reader, root, "targets"));
  check_lists_of_ids(reader, root, plan);
  check_budget(reader, root, plan);
}

}  // namespace tiendo

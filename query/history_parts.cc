#include "query/history_parts.h"

#include <algorithm>

#include "query/asked.h"

namespace tiendo {
namespace {

// By unit, every parent it was ever said to have, and whoever it was merged or split into or began
// with: facts of either may stand at the other.
std::multimap<std::string, std::string> parents_ever(const Reference& reference) {
  std::multimap<std::string, std::string> parents;
  for (const auto& statement : reference.statements()) {
    const auto* said = std::get_if<UnitSaid>(&statement->said);
    if (said != nullptr && said->parent) parents.emplace(said->unit, *said->parent);
    const auto* succession = std::get_if<SuccessionSaid>(&statement->said);
    if (succession == nullptr) continue;
    for (const std::string& before : succession->from) {
      for (const SuccessionSaid::Part& part : succession->into) {
        parents.emplace(before, part.unit);
        parents.emplace(part.unit, before);
      }
    }
  }
  return parents;
}

// All that can be reached from `start`, itself included.
std::set<std::string> reach(const std::multimap<std::string, std::string>& edges,
                            const std::vector<std::string>& start) {
  std::set<std::string> reached(start.begin(), start.end());
  std::vector<std::string> open(start);
  while (!open.empty()) {
    const std::string from = std::move(open.back());
    open.pop_back();
    const auto [first, last] = edges.equal_range(from);
    for (auto edge = first; edge != last; ++edge) {
      if (reached.insert(edge->second).second) open.push_back(edge->second);
    }
  }
  return reached;
}

// Goes through a formula and all that it is made of.
class SourceSearch {
 public:
  explicit SourceSearch(const Plan& plan) : plan_(plan) {}

  void search(const Formula& formula, Role role) {
    found_.whole_plan = found_.whole_plan || formula.whole_plan;
    std::visit([&](const auto& of) { take(of, role); }, formula.of);
  }
  [[nodiscard]] FormulaSources found() && { return std::move(found_); }

 private:
  void term(Role role, SplitTerm term) { found_.terms.emplace_back(role, std::move(term)); }
  void inner(const FormulaPtr& formula, Role role) {
    if (formula) search(*formula, role);
  }
  void indicator(const std::string& id) {
    // A threshold may be on an indicator whose own threshold is on another, and so on.
    if (!seen_.insert(id).second) return;
    if (const Indicator* named = plan_.indicator(id)) inner(named->formula, Role::numerator);
  }
  void have(const Have& have) {
    if (have.kind == Have::Kind::reached) term(Role::numerator, reached_term(have.reached_by));
    if (have.kind == Have::Kind::entity) found_.registers.insert(have.reg);
    inner(have.formula, Role::numerator);
    if (!have.indicator.empty()) indicator(have.indicator);
    for (const Have& part : have.parts) this->have(part);
  }

  void take(const CountFormula& of, Role role) { term(role, count_term(of)); }
  void take(const SumFormula& of, Role role) { term(role, sum_term(of)); }
  void take(const ShareFormula& of, Role) {
    ShareTerms both = share_terms(of);
    term(Role::numerator, std::move(both.both));
    term(Role::denominator, std::move(both.among));
  }
  void take(const DistinctFormula& of, Role role) {
    using Of = DistinctFormula::Of;
    term(role, of.of == Of::reached_units ? reached_term(of.where) : distinct_term(of));
    if (of.only) found_.registers.insert(of.of == Of::people ? "people" : of.output);
  }
  void take(const MilestoneFormula& of, Role role) {
    if (of.where) term(role, milestone_term(of));
  }
  void take(const CoverageFormula& of, Role) { have(of.have); }
  void take(const RegisterCoverageFormula& of, Role) {
    found_.registers.insert(of.reg);
    if (of.named_by) term(Role::numerator, named_term(of));
  }
  void take(const GaugeFormula& of, Role) { found_.registers.insert(of.reg); }
  void take(const StateFormula& of, Role) {
    if (!of.reg.empty()) found_.registers.insert(of.reg);
  }
  void take(const RankFormula& of, Role) { found_.statistics.insert(of.statistic); }
  void take(const StatisticFormula& of, Role) { found_.statistics.insert(of.statistic); }
  void take(const RatioFormula& of, Role) {
    inner(of.numerator, Role::numerator);
    inner(of.denominator, Role::denominator);
  }
  void take(const KeptFormula& of, Role role) { inner(of.of, role); }
  void take(const ReferenceFormula& of, Role role) { inner(of.of, role); }
  void take(const LeastFormula& of, Role role) {
    for (const LeastFormula::Part& part : of.of) inner(part.formula, role);
  }
  void take(const MoneyFormula&, Role) { found_.money = true; }
  // Reports of the plan are looked at for every figure that is no sum of facts.
  void take(const ReportedSumFormula&, Role) {}
  void take(const ReportedGaugeFormula&, Role) {}
  void take(const ReportedRatioFormula&, Role) {}
  void take(const SurveyFormula&, Role) {}

  const Plan& plan_;
  std::set<std::string> seen_;
  FormulaSources found_;
};

}  // namespace

TreeMode tree_mode_at(const HistoryQuestion& question, const Moment& moment) {
  switch (question.tree) {
    case HistoryTree::as_reported:
      return {};
    case HistoryTree::of_day:
      return {question.tree_day};
    case HistoryTree::current:
      return {moment.today()};
  }
  return {};
}

DefinedFigure defined_at(const HistoryQuestion& question, const Knowledge& knowledge,
                         const Moment& moment) {
  DefinedFigure defined{.mode = tree_mode_at(question, moment)};
  const AskedPlan asked = find_plan(knowledge, question.plan, question.period, moment.today());
  const auto unit = knowledge.tree.find(question.unit);
  if (!asked.found || !unit) return defined;
  if (defined.mode.day && !knowledge.tree.exists(*unit, *defined.mode.day)) return defined;
  defined.plan = asked.found->plan;
  defined.indicator = defined.plan->indicator(question.indicator);
  defined.window = asked.found->window;
  defined.unit = *unit;
  return defined;
}

std::vector<std::string> units_ever_below(const Reference& reference, const std::string& node) {
  std::multimap<std::string, std::string> children;
  for (const auto& [unit, parent] : parents_ever(reference)) children.emplace(parent, unit);
  const std::set<std::string> below = reach(children, {node});
  return {below.begin(), below.end()};
}

std::set<std::string> units_ever_above(const Reference& reference,
                                       const std::vector<std::string>& units) {
  return reach(parents_ever(reference), units);
}

bool is_sum_of_facts(const Formula& formula) {
  return std::holds_alternative<CountFormula>(formula.of) ||
         std::holds_alternative<SumFormula>(formula.of) ||
         std::holds_alternative<ShareFormula>(formula.of);
}

FormulaSources sources_of(const Formula& formula, const Plan& plan) {
  SourceSearch search(plan);
  search.search(formula, Role::amount);
  return std::move(search).found();
}

Result<HistoryRows> read_rows(const ViewReader& reader, const Formula& formula, const Plan& plan,
                              Window window, std::vector<std::string> units) {
  HistoryRows read{.units = std::move(units), .terms = sources_of(formula, plan).terms};
  for (const auto& [role, term] : read.terms) {
    for (std::size_t outcomes = 0; outcomes < term.ids.size(); ++outcomes) {
      for (uint32_t unit = 0; unit < read.units.size(); ++unit) {
        TRY_DO(reader.fact_rows(term.ids[outcomes], read.units[unit], window,
                                [&, role = role](const Fact& fact) {
                                  read.rows.push_back({role, outcomes, unit, fact});
                                }));
      }
    }
  }
  std::stable_sort(
      read.rows.begin(), read.rows.end(),
      [](const HistoryRow& a, const HistoryRow& b) { return a.fact.from < b.fact.from; });
  return read;
}

namespace {

class AskingFigure final : public FigureAtPoints {
 public:
  explicit AskingFigure(const HistoryQuestion& question) : question_(question) {}

  Result<Figure> at(const HistoryPoint& point) override {
    const Moment moment = moment_at(question_, point);
    const auto knowledge = question_.views->reference->known(moment);
    const DefinedFigure defined = defined_at(question_, *knowledge, moment);
    if (!defined.is_known()) return Figure{};
    const Question asked(question_.views, moment, defined.mode);
    return figure(asked, {.plan = *defined.plan,
                          .formula = *defined.indicator->formula,
                          .unit = defined.unit,
                          .window = defined.window,
                          .extent = question_.extent});
  }

 private:
  const HistoryQuestion& question_;
};

}  // namespace

std::unique_ptr<FigureAtPoints> make_asking(const HistoryQuestion& question) {
  return std::make_unique<AskingFigure>(question);
}

}  // namespace tiendo

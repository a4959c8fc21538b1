#include "query/history_parts.h"

#include <algorithm>

#include "query/asked.h"

namespace tiendo {
namespace {

// By unit, every parent it was ever said to have.
std::multimap<std::string, std::string> parents_ever(const Reference& reference) {
  std::multimap<std::string, std::string> parents;
  for (const auto& statement : reference.statements()) {
    const auto* said = std::get_if<UnitSaid>(&statement->said);
    if (said != nullptr && said->parent) parents.emplace(said->unit, *said->parent);
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

void add_have_terms(std::vector<std::pair<Role, SplitTerm>>& terms, const Have& have,
                    const Plan& plan) {
  const auto add = [&](std::vector<std::pair<Role, SplitTerm>> more) {
    std::move(more.begin(), more.end(), std::back_inserter(terms));
  };
  if (have.kind == Have::Kind::reached) {
    terms.emplace_back(Role::numerator, reached_term(have.reached_by));
  }
  if (have.formula) add(terms_of_formula(*have.formula, plan));
  if (const Indicator* inner = plan.indicator(have.indicator)) {
    add(terms_of_formula(*inner->formula, plan));
  }
  for (const Have& part : have.parts) add_have_terms(terms, part, plan);
}

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

std::vector<std::pair<Role, SplitTerm>> terms_of_formula(const Formula& formula, const Plan& plan) {
  std::vector<std::pair<Role, SplitTerm>> terms;
  if (const auto* count = std::get_if<CountFormula>(&formula.of)) {
    terms.emplace_back(Role::amount, count_term(*count));
  } else if (const auto* sum = std::get_if<SumFormula>(&formula.of)) {
    terms.emplace_back(Role::amount, sum_term(*sum));
  } else if (const auto* share = std::get_if<ShareFormula>(&formula.of)) {
    ShareTerms both = share_terms(*share);
    terms.emplace_back(Role::numerator, std::move(both.both));
    terms.emplace_back(Role::denominator, std::move(both.among));
  } else if (const auto* milestone = std::get_if<MilestoneFormula>(&formula.of)) {
    if (milestone->where) terms.emplace_back(Role::amount, milestone_term(*milestone));
  } else if (const auto* coverage = std::get_if<CoverageFormula>(&formula.of)) {
    add_have_terms(terms, coverage->have, plan);
  }
  return terms;
}

Result<HistoryRows> read_rows(const ViewReader& reader, const Formula& formula, const Plan& plan,
                              Window window, std::vector<std::string> units) {
  HistoryRows read{.units = std::move(units), .terms = terms_of_formula(formula, plan)};
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
    const Moment moment = point.moment();
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

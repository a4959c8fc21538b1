#include "events/formula.h"

#include <algorithm>
#include <array>

#include "events/limits.h"
#include "events/plan_reader.h"

namespace tiendo {
namespace {

constexpr std::array<std::string_view, 5> comparator_texts = {">=", ">", "<=", "<", "="};

}  // namespace

std::string_view text_of(Comparator comparator) {
  return comparator_texts[static_cast<std::size_t>(comparator)];
}

std::optional<Comparator> parse_comparator(std::string_view text) {
  const auto found = std::find(comparator_texts.begin(), comparator_texts.end(), text);
  if (found == comparator_texts.end()) return std::nullopt;
  return static_cast<Comparator>(found - comparator_texts.begin());
}

bool holds(Comparator comparator, Decimal n, Decimal d, Decimal target, int64_t scale) {
  // n/d x scale against target, cross-multiplied; both sides carry the unit of Decimal twice.
  const int exact =
      compare_products(n.units(), int128{scale} * Decimal::one_units, target.units(), d.units());
  switch (comparator) {
    case Comparator::at_least:
      return exact >= 0;
    case Comparator::above:
      return exact > 0;
    case Comparator::at_most:
      return exact <= 0;
    case Comparator::below:
      return exact < 0;
    case Comparator::exactly:
      return exact == 0;
  }
  return false;
}

bool is_ratio(const Formula& formula) {
  if (const auto* kept = std::get_if<KeptFormula>(&formula.of))
    return kept->of && is_ratio(*kept->of);
  if (const auto* shown = std::get_if<ReferenceFormula>(&formula.of)) {
    return shown->of && is_ratio(*shown->of);
  }
  return std::holds_alternative<ShareFormula>(formula.of) ||
         std::holds_alternative<CoverageFormula>(formula.of) ||
         std::holds_alternative<RegisterCoverageFormula>(formula.of) ||
         std::holds_alternative<ReportedRatioFormula>(formula.of) ||
         std::holds_alternative<SurveyFormula>(formula.of) ||
         std::holds_alternative<RatioFormula>(formula.of) ||
         std::holds_alternative<LeastFormula>(formula.of);
}

namespace {

bool have_reads_reports(const Have& have) {
  return (have.formula && reads_reports(*have.formula)) ||
         std::any_of(have.parts.begin(), have.parts.end(), have_reads_reports);
}

}  // namespace

bool reads_reports(const Formula& formula) {
  const auto inner = [](const FormulaPtr& one) { return one && reads_reports(*one); };
  if (const auto* kept = std::get_if<KeptFormula>(&formula.of)) return inner(kept->of);
  if (const auto* shown = std::get_if<ReferenceFormula>(&formula.of)) return inner(shown->of);
  if (const auto* ratio = std::get_if<RatioFormula>(&formula.of)) {
    return inner(ratio->numerator) || inner(ratio->denominator);
  }
  if (const auto* coverage = std::get_if<CoverageFormula>(&formula.of)) {
    return have_reads_reports(coverage->have);
  }
  if (const auto* least = std::get_if<LeastFormula>(&formula.of)) {
    return std::any_of(least->of.begin(), least->of.end(),
                       [&](const LeastFormula::Part& part) { return inner(part.formula); });
  }
  return std::holds_alternative<ReportedSumFormula>(formula.of) ||
         std::holds_alternative<ReportedGaugeFormula>(formula.of) ||
         std::holds_alternative<ReportedRatioFormula>(formula.of) ||
         std::holds_alternative<SurveyFormula>(formula.of);
}

UnitSet PlanReader::unit_set(const Place& place) {
  UnitSet units;
  units.levels = texts(optional_field(place, "level"));
  if (units.levels == std::vector<std::string>{"any"}) units.levels.clear();
  units.where = filter(optional_field(place, "where"));
  units.children_only = one_of(optional_field(place, "below"), {"all", "children"}) == 1;
  return units;
}

Have PlanReader::have(const Place& place) {
  Have have;
  const Place reached = optional_field(place, "reached_by");
  const Place any = optional_field(place, "any");
  const Place all = optional_field(place, "all");
  const Place indicator = optional_field(place, "indicator");
  const Place inner = optional_field(place, "formula");
  const Place attribute = optional_field(place, "attribute");
  const Place reg = optional_field(place, "register");
  if (reached.value.present()) {
    have.kind = Have::Kind::reached;
    have.reached_by = filter(reached);
    check_conditions(reached, have.reached_by);
    have.mode = static_cast<Have::Mode>(one_of(optional_field(place, "mode"), {"union", "each"}));
    have.by = static_cast<Have::By>(one_of(optional_field(place, "by"), {"own", "subtree", "any"}));
  } else if (any.value.present() || all.value.present()) {
    have.kind = any.value.present() ? Have::Kind::any : Have::Kind::all;
    for (const Place& part : elements(any.value.present() ? any : all)) {
      have.parts.push_back(this->have(part));
    }
  } else if (indicator.value.present() || inner.value.present()) {
    have.kind = Have::Kind::threshold;
    have.indicator = text(indicator);
    if (inner.value.present()) have.formula = formula(inner);
    have.comparator = comparator(required_field(place, "comparator"));
    have.value = decimal(required_field(place, "value"));
  } else if (attribute.value.present()) {
    have.kind = Have::Kind::attribute;
    have.attribute = text(attribute);
    have.is = scalar(required_field(place, "is"));
  } else if (reg.value.present()) {
    have.kind = Have::Kind::entity;
    have.reg = text(reg);
    have.only = filter(optional_field(place, "only"));
  } else {
    fault(Reason::plan_formula, place,
          "reached_by, indicator, formula, attribute, register, any or all");
  }
  return have;
}

SumFormula PlanReader::sum(const Place& place) {
  SumFormula sum;
  sum.of = static_cast<SumFormula::Of>(
      one_of(required_field(place, "of"), {"participants", "outputs", "cost"}));
  sum.audiences = texts(optional_field(place, "audiences"));
  std::sort(sum.audiences.begin(), sum.audiences.end());
  sum.where = filter(optional_field(place, "where"));
  if (sum.of == SumFormula::Of::outputs) sum.output = text(required_field(place, "output"));
  return sum;
}

MilestoneFormula PlanReader::milestone(const Place& place) {
  MilestoneFormula milestone;
  const Place where = optional_field(place, "where");
  if (where.value.present()) milestone.where = filter(where);
  milestone.credit_all = one_of(optional_field(place, "credit"), {"own", "all"}) == 1;
  milestone.obligation = text(optional_field(place, "obligation"));
  milestone.period = text(optional_field(place, "period"));
  if (milestone.where.has_value() == !milestone.obligation.empty()) {
    fault(Reason::plan_formula, place, "either `where` or `obligation`");
  }
  return milestone;
}

void PlanReader::check_conditions(const Place& place, const Filter& filter) {
  if (unit_conditions(filter).size() <= limits::filter_unit_conditions_max) return;
  fault(Reason::plan_schema, place,
        "at most " + std::to_string(limits::filter_unit_conditions_max) +
            " conditions on the unit (unit.*) in one filter");
}

DistinctFormula PlanReader::distinct(const Place& place) {
  using Of = DistinctFormula::Of;
  using Counts = DistinctFormula::Counts;
  DistinctFormula distinct;
  distinct.of =
      static_cast<Of>(one_of(required_field(place, "of"), {"outputs", "people", "reached_units"}));
  if (distinct.of == Of::outputs) distinct.output = text(required_field(place, "output"));
  distinct.audiences = texts(optional_field(place, "audiences"));
  std::sort(distinct.audiences.begin(), distinct.audiences.end());
  distinct.where = filter(optional_field(place, "where"));
  distinct.only = optional_filter(optional_field(place, "only"));
  distinct.counts = static_cast<Counts>(
      one_of(optional_field(place, "counts"), {"upper_bound", "distinct", "ignore"}));
  distinct.subset_of = text(optional_field(place, "subset_of"));
  return distinct;
}

StateFormula PlanReader::state(const Place& place) {
  StateFormula state;
  const Place attribute = optional_field(place, "attribute");
  const Place reg = optional_field(place, "register");
  if (attribute.value.present() == reg.value.present()) {
    fault(Reason::plan_formula, place, "either `attribute` with `is`, or `register`");
  }
  state.attribute = text(attribute);
  if (attribute.value.present()) state.is = scalar(required_field(place, "is"));
  state.reg = text(reg);
  state.only = filter(optional_field(place, "only"));
  return state;
}

RegisterCoverageFormula PlanReader::register_coverage(const Place& place) {
  RegisterCoverageFormula coverage;
  coverage.reg = text(required_field(place, "register"));
  coverage.only = filter(optional_field(place, "only"));
  const Place have = required_field(place, "have");
  const Place named_by = optional_field(have, "named_by");
  if (named_by.value.present()) {
    coverage.named_by = filter(named_by);
  } else {
    coverage.have = filter(have);
  }
  return coverage;
}

LeastFormula PlanReader::least(const Place& place) {
  LeastFormula least;
  const Place parts = required_field(place, "of");
  for (const Place& part : elements(parts)) {
    least.of.push_back({text(optional_field(part, "indicator")), formula(part)});
    if (least.of.back().formula && !is_ratio(*least.of.back().formula)) {
      fault(Reason::plan_formula, part, "a ratio, coverage, share or survey");
    }
  }
  if (parts.value.present() && least.of.size() < 2) {
    fault(Reason::plan_formula, parts, "two formulas or more");
  }
  return least;
}

// What reports say: a sum of flows, a gauge of states, or a ratio of pairs.
bool PlanReader::reported(const Place& place, std::string_view kind, Formula& formula) {
  if (place.value["of"].text() != "reported") return false;
  const auto covers =
      static_cast<Covers>(one_of(optional_field(place, "covers"), {"own", "subtree"}));
  if (kind == "sum") {
    formula.of = ReportedSumFormula{};
  } else if (kind == "gauge") {
    formula.of = ReportedGaugeFormula{covers};
  } else if (kind == "ratio") {
    formula.of = ReportedRatioFormula{covers, is_fresh(place), optional_unit_set(place)};
  } else {
    return false;
  }
  return true;
}

bool PlanReader::is_fresh(const Place& place) {
  return one_of(optional_field(place, "fresh"), {"any", "period"}) == 1;
}

std::optional<UnitSet> PlanReader::optional_unit_set(const Place& place) {
  const Place units = optional_field(place, "units");
  if (!units.value.present()) return std::nullopt;
  return unit_set(units);
}

std::optional<Filter> PlanReader::optional_filter(const Place& place) {
  if (!place.value.present()) return std::nullopt;
  return filter(place);
}

Scalar PlanReader::scalar(const Place& place) {
  const auto scalar = to_scalar(place.value);
  if (place.value.present() && !scalar) {
    fault(Reason::plan_schema, place, "a text, a number, true or false");
  }
  return scalar.value_or(Scalar{});
}

FormulaPtr PlanReader::formula(const Place& place) {
  auto formula = std::make_shared<Formula>();
  if (!expect(place, json::Kind::object, "a formula, an object with `kind`")) return formula;
  const Place kind = required_field(place, "kind");
  const std::string_view name = kind.value.text();
  static_cast<void>(one_of(
      kind, {"count", "sum", "distinct", "gauge", "state", "rank", "kept", "ratio", "statistic",
             "survey", "coverage", "share", "least", "milestone", "money", "reference"}));
  formula->whole_plan = one_of(optional_field(place, "window"), {"target", "plan"}) == 1;
  formula->measure = text(optional_field(place, "measure"));
  if (reported(place, name, *formula)) return formula;
  if (name == "count") {
    formula->of = CountFormula{filter(optional_field(place, "where")),
                               one_of(optional_field(place, "credit"), {"own", "all"}) == 1};
  } else if (name == "sum") {
    formula->of = sum(place);
  } else if (name == "distinct") {
    formula->of = distinct(place);
  } else if (name == "gauge") {
    formula->of = GaugeFormula{text(required_field(place, "register")),
                               filter(optional_field(place, "only"))};
  } else if (name == "state") {
    formula->of = state(place);
  } else if (name == "rank") {
    formula->of = RankFormula{text(required_field(place, "statistic"))};
  } else if (name == "kept") {
    KeptFormula kept{this->formula(required_field(place, "of")), std::nullopt};
    const Place since = optional_field(place, "since");
    if (since.value.present()) kept.since = decimal(since);
    formula->of = std::move(kept);
  } else if (name == "ratio") {
    formula->of = RatioFormula{this->formula(optional_field(place, "numerator")),
                               this->formula(optional_field(place, "denominator"))};
  } else if (name == "statistic") {
    formula->of = StatisticFormula{text(required_field(place, "statistic")),
                                   one_of(optional_field(place, "covers"), {"subtree", "own"}) == 1
                                       ? Covers::own
                                       : Covers::subtree,
                                   is_fresh(place)};
  } else if (name == "survey") {
    formula->of = SurveyFormula{is_fresh(place), optional_unit_set(place)};
  } else if (name == "share") {
    formula->of = ShareFormula{filter(required_field(place, "where")),
                               filter(optional_field(place, "among"))};
  } else if (name == "coverage" && place.value["register"].present()) {
    formula->of = register_coverage(place);
  } else if (name == "coverage") {
    formula->of = CoverageFormula{unit_set(required_field(place, "units")),
                                  have(required_field(place, "have"))};
  } else if (name == "least") {
    formula->of = least(place);
  } else if (name == "milestone") {
    formula->of = milestone(place);
  } else if (name == "money") {
    formula->of =
        MoneyFormula{texts(required_field(place, "line")), text(optional_field(place, "level"))};
  } else if (name == "reference") {
    const Place of = optional_field(place, "of");
    formula->of = ReferenceFormula{of.value.present() ? this->formula(of) : nullptr};
  }
  check_formula(place, *formula);
  return formula;
}

// There is a term for each outcome of the conditions on units in a filter of activities.
void PlanReader::check_formula(const Place& place, const Formula& formula) {
  if (const auto* count = std::get_if<CountFormula>(&formula.of)) {
    check_conditions(place, count->where);
  } else if (const auto* amounts = std::get_if<SumFormula>(&formula.of)) {
    check_conditions(place, amounts->where);
  } else if (const auto* distinct = std::get_if<DistinctFormula>(&formula.of)) {
    check_conditions(place, distinct->where);
  } else if (const auto* coverage = std::get_if<RegisterCoverageFormula>(&formula.of)) {
    if (coverage->named_by) check_conditions(place, *coverage->named_by);
  } else if (const auto* share = std::get_if<ShareFormula>(&formula.of)) {
    check_conditions(place, {.kind = Filter::Kind::all, .parts = {share->where, share->among}});
  } else if (const auto* milestone = std::get_if<MilestoneFormula>(&formula.of)) {
    if (milestone->where) check_conditions(place, *milestone->where);
  }
}

}  // namespace tiendo

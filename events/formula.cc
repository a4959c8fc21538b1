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
  return std::holds_alternative<ShareFormula>(formula.of) ||
         std::holds_alternative<CoverageFormula>(formula.of);
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
  } else {
    fault(Reason::plan_formula, place, "reached_by, indicator, formula, any or all");
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

namespace {

// Attributes, registers and statistics are measured by a later version; what it will read is no
// fault of the document.
bool coverage_is_built(json::Value formula) {
  const json::Value have = formula["have"];
  if (!formula["units"].present()) return false;
  for (const std::string_view later : {"attribute", "register", "named_by"}) {
    if (have[later].present()) return false;
  }
  return true;
}

}  // namespace

void PlanReader::check_conditions(const Place& place, const Filter& filter) {
  if (unit_conditions(filter).size() <= limits::filter_unit_conditions_max) return;
  fault(Reason::plan_schema, place,
        "at most " + std::to_string(limits::filter_unit_conditions_max) +
            " conditions on the unit (unit.*) in one filter");
}

FormulaPtr PlanReader::formula(const Place& place) {
  auto formula = std::make_shared<Formula>();
  if (!expect(place, json::Kind::object, "a formula, an object with `kind`")) return formula;
  const Place kind = required_field(place, "kind");
  const std::string_view name = kind.value.text();
  static_cast<void>(
      one_of(kind, {"count", "sum", "distinct", "gauge", "state", "rank", "kept", "ratio", "survey",
                    "coverage", "share", "least", "milestone", "money", "reference"}));
  formula->whole_plan = one_of(optional_field(place, "window"), {"target", "plan"}) == 1;
  if (name == "count") {
    formula->of = CountFormula{filter(optional_field(place, "where")),
                               one_of(optional_field(place, "credit"), {"own", "all"}) == 1};
  } else if (name == "sum" && place.value["of"].text() != "reported") {
    formula->of = sum(place);
  } else if (name == "share") {
    formula->of = ShareFormula{filter(required_field(place, "where")),
                               filter(optional_field(place, "among"))};
  } else if (name == "coverage" && coverage_is_built(place.value)) {
    formula->of = CoverageFormula{unit_set(required_field(place, "units")),
                                  have(required_field(place, "have"))};
  } else if (name == "milestone") {
    formula->of = milestone(place);
  } else {
    formula->of = UnbuiltFormula{std::string(name)};
  }
  if (const auto* count = std::get_if<CountFormula>(&formula->of)) {
    check_conditions(place, count->where);
  } else if (const auto* amounts = std::get_if<SumFormula>(&formula->of)) {
    check_conditions(place, amounts->where);
  } else if (const auto* share = std::get_if<ShareFormula>(&formula->of)) {
    check_conditions(place, {.kind = Filter::Kind::all, .parts = {share->where, share->among}});
  } else if (const auto* milestone = std::get_if<MilestoneFormula>(&formula->of)) {
    if (milestone->where) check_conditions(place, *milestone->where);
  }
  return formula;
}

}  // namespace tiendo

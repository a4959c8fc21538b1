#include "events/formula_reader.h"

#include <algorithm>

#include "events/limits.h"
#include "events/plan_words.h"

namespace tiendo {

FormulaPtr FormulaReader::read(const Place& place) {
  auto formula = std::make_shared<Formula>();
  if (!reader_.expect(place, json::Kind::object, Phrase::formula)) return formula;
  const Place kind = need(place, "kind");
  const std::size_t known = reader_.one_of(kind, words::formula_kinds);
  formula->whole_plan = reader_.one_of(field(place, "window"), {"target", "plan"}) == 1;
  const Place measure = field(place, "measure");
  static_cast<void>(reader_.one_of(measure, words::measures));
  formula->measure = reader_.text(measure);
  if (kind.value.text() != words::formula_kinds[known]) return formula;
  formula->of = read_kind(place, kind.value.text());
  reader_.no_other_fields(place, Reason::plan_formula);
  return formula;
}

FormulaReader::Of FormulaReader::read_kind(const Place& place, std::string_view kind) {
  if (kind == "count") return count(place);
  if (kind == "sum") return sum(place);
  if (kind == "distinct") return distinct(place);
  if (kind == "gauge") return gauge(place);
  if (kind == "state") return state(place);
  if (kind == "rank") return RankFormula{reader_.text(need(place, "statistic"))};
  if (kind == "kept") return kept(place);
  if (kind == "ratio") return ratio(place);
  if (kind == "statistic") return statistic(place);
  if (kind == "survey") {
    return SurveyFormula{is_fresh(place), optional_unit_set(field(place, "units"))};
  }
  if (kind == "share") return share(place);
  if (kind == "coverage") return coverage(place);
  if (kind == "least") return least(place);
  if (kind == "milestone") return milestone(place);
  if (kind == "money") return money(place);
  const Place of = field(place, "of");
  return ReferenceFormula{of.value.present() ? read(of) : nullptr};
}

CountFormula FormulaReader::count(const Place& place) {
  return {activities(field(place, "where")),
          reader_.one_of(field(place, "credit"), {"own", "all"}) == 1};
}

FormulaReader::Of FormulaReader::sum(const Place& place) {
  const std::size_t of =
      reader_.one_of(need(place, "of"), {"participants", "outputs", "cost", "reported"});
  if (of == 3) return ReportedSumFormula{};
  SumFormula sum;
  sum.of = static_cast<SumFormula::Of>(of);
  if (sum.of == SumFormula::Of::participants) {
    sum.audiences = reader_.texts(field(place, "audiences"));
    std::sort(sum.audiences.begin(), sum.audiences.end());
  }
  if (sum.of == SumFormula::Of::outputs) sum.output = reader_.text(need(place, "output"));
  sum.where = activities(field(place, "where"));
  return sum;
}

DistinctFormula FormulaReader::distinct(const Place& place) {
  DistinctFormula distinct;
  distinct.of = static_cast<DistinctFormula::Of>(
      reader_.one_of(need(place, "of"), {"outputs", "people", "reached_units"}));
  if (distinct.of == DistinctFormula::Of::outputs) {
    distinct.output = reader_.text(need(place, "output"));
    const Place only = field(place, "only");
    if (only.value.present()) distinct.only = entities(only);
  }
  if (distinct.of == DistinctFormula::Of::people) {
    distinct.audiences = reader_.texts(field(place, "audiences"));
    std::sort(distinct.audiences.begin(), distinct.audiences.end());
  }
  distinct.where = activities(field(place, "where"));
  distinct.counts = static_cast<DistinctFormula::Counts>(
      reader_.one_of(field(place, "counts"), {"upper_bound", "distinct", "ignore"}));
  distinct.subset_of = reader_.text(field(place, "subset_of"));
  return distinct;
}

FormulaReader::Of FormulaReader::gauge(const Place& place) {
  const Place of = field(place, "of");
  if (of.value.present()) {
    static_cast<void>(reader_.one_of(of, {"reported"}));
    return ReportedGaugeFormula{covers(place, Covers::own)};
  }
  return GaugeFormula{reader_.text(need(place, "register")), entities(field(place, "only"))};
}

StateFormula FormulaReader::state(const Place& place) {
  StateFormula state;
  const Place attribute = field(place, "attribute");
  const Place reg = field(place, "register");
  if (attribute.value.present() == reg.value.present()) {
    reader_.fault(Reason::plan_formula, place, Phrase::state_one);
  }
  state.attribute = reader_.text(attribute);
  state.reg = reader_.text(reg);
  if (attribute.value.present()) state.is = reader_.scalar(need(place, "is"));
  if (reg.value.present()) state.only = entities(field(place, "only"));
  return state;
}

KeptFormula FormulaReader::kept(const Place& place) {
  KeptFormula kept{read(need(place, "of")), std::nullopt};
  const Place since = field(place, "since");
  if (since.value.present()) kept.since = reader_.decimal(since);
  return kept;
}

// Of what reports say, or of two terms.
FormulaReader::Of FormulaReader::ratio(const Place& place) {
  const Place of = field(place, "of");
  if (of.value.present()) {
    static_cast<void>(reader_.one_of(of, {"reported"}));
    return ReportedRatioFormula{covers(place, Covers::own), is_fresh(place),
                                optional_unit_set(field(place, "units"))};
  }
  const Place numerator = field(place, "numerator");
  const Place denominator = field(place, "denominator");
  if (!numerator.value.present() || !denominator.value.present()) {
    reader_.fault(Reason::plan_denominator, place, Phrase::both_terms);
  }
  return RatioFormula{read(numerator), read(denominator)};
}

StatisticFormula FormulaReader::statistic(const Place& place) {
  return {reader_.text(need(place, "statistic")), covers(place, Covers::subtree), is_fresh(place)};
}

FormulaReader::Of FormulaReader::coverage(const Place& place) {
  if (place.value["register"].present()) return register_coverage(place);
  return CoverageFormula{unit_set(need(place, "units")), have(need(place, "have"))};
}

RegisterCoverageFormula FormulaReader::register_coverage(const Place& place) {
  RegisterCoverageFormula coverage;
  coverage.reg = reader_.text(need(place, "register"));
  coverage.only = entities(field(place, "only"));
  const Place have = need(place, "have");
  if (!have.value["named_by"].present()) {
    coverage.have = entities(have);
    return coverage;
  }
  coverage.named_by = activities(field(have, "named_by"));
  reader_.no_other_fields(have, Reason::plan_formula);
  return coverage;
}

ShareFormula FormulaReader::share(const Place& place) {
  const Place where = need(place, "where");
  ShareFormula share{reader_.filter(where, Filtered::activities),
                     reader_.filter(field(place, "among"), Filtered::activities)};
  check_conditions(where, {.kind = Filter::Kind::all, .parts = {share.where, share.among}});
  return share;
}

LeastFormula FormulaReader::least(const Place& place) {
  LeastFormula least;
  const Place parts = need(place, "of");
  for (const Place& part : reader_.elements(parts)) {
    const std::string indicator = reader_.text(need(part, "indicator"));
    least.of.push_back({indicator, read(part)});
  }
  if (parts.value.is(json::Kind::array) && least.of.empty()) {
    reader_.fault(Reason::plan_formula, parts, Phrase::some_formula);
  }
  return least;
}

MilestoneFormula FormulaReader::milestone(const Place& place) {
  MilestoneFormula milestone;
  const Place where = field(place, "where");
  milestone.obligation = reader_.text(field(place, "obligation"));
  if (where.value.present() == !milestone.obligation.empty()) {
    reader_.fault(Reason::plan_formula, place, Phrase::milestone_one);
  }
  if (where.value.present()) {
    milestone.where = activities(where);
    milestone.credit_all = reader_.one_of(field(place, "credit"), {"own", "all"}) == 1;
  }
  if (!milestone.obligation.empty()) milestone.period = reader_.text(field(place, "period"));
  return milestone;
}

MoneyFormula FormulaReader::money(const Place& place) {
  MoneyFormula money{reader_.texts(need(place, "line")), reader_.text(field(place, "level"))};
  if (money.level == "any") money.level.clear();
  return money;
}

UnitSet FormulaReader::unit_set(const Place& place) {
  UnitSet units;
  if (!reader_.expect(place, json::Kind::object, Phrase::object)) return units;
  units.levels = reader_.levels(field(place, "level"));
  units.where = reader_.filter(field(place, "where"), Filtered::units);
  units.children_only = reader_.one_of(field(place, "below"), {"all", "children"}) == 1;
  reader_.no_other_fields(place, Reason::plan_formula);
  return units;
}

std::optional<UnitSet> FormulaReader::optional_unit_set(const Place& place) {
  if (!place.value.present()) return std::nullopt;
  return unit_set(place);
}

Filter FormulaReader::activities(const Place& place) {
  Filter filter = reader_.filter(place, Filtered::activities);
  check_conditions(place, filter);
  return filter;
}

Filter FormulaReader::entities(const Place& place) {
  return reader_.filter(place, Filtered::entities);
}

// There is a term for each outcome of the conditions on units in a filter of activities.
void FormulaReader::check_conditions(const Place& place, const Filter& filter) {
  if (unit_conditions(filter).size() <= limits::filter_unit_conditions_max) return;
  reader_.fault(Reason::plan_schema, place, Phrase::unit_conditions,
                {std::to_string(limits::filter_unit_conditions_max)});
}

Covers FormulaReader::covers(const Place& place, Covers otherwise) {
  const Place covers = field(place, "covers");
  if (!covers.value.present()) return otherwise;
  return static_cast<Covers>(reader_.one_of(covers, words::extents));
}

bool FormulaReader::is_fresh(const Place& place) {
  return reader_.one_of(field(place, "fresh"), {"any", "period"}) == 1;
}

}  // namespace tiendo

// What a formula may hold, by itself and with the rest of the plan (events/plan_consistency.h).
#include <algorithm>
#include <array>
#include <set>

#include "events/plan_consistency.h"
#include "events/plan_words.h"

namespace tiendo {
namespace {

// Where a formula stands, which decides what kinds it may be.
enum class Standing : uint8_t { indicator, term, kept, least, threshold };

template <class... Kinds>
bool is_any_of(const Formula& formula) {
  return (std::holds_alternative<Kinds>(formula.of) || ...);
}

// The measures that a formula may state; empty: any.
std::vector<std::string_view> measures_of(const Formula& formula) {
  if (is_any_of<CountFormula>(formula)) {
    return {"activities", "classes", "models", "documents", "products", "sites", "teams"};
  }
  if (const auto* sum = std::get_if<SumFormula>(&formula.of)) {
    if (sum->of == SumFormula::Of::participants) return {"visits"};
    if (sum->of == SumFormula::Of::cost) return {"million_vnd"};
  }
  if (const auto* distinct = std::get_if<DistinctFormula>(&formula.of)) {
    if (distinct->of == DistinctFormula::Of::people) return {"people", "households", "enterprises"};
    if (distinct->of == DistinctFormula::Of::reached_units) return {"units"};
  }
  if (is_any_of<RankFormula>(formula)) return {"rank"};
  if (is_any_of<MoneyFormula>(formula)) return {"million_vnd"};
  return {};
}

// The measure that a term has by its kind, or states; empty: unknown.
std::string measure_of_term(const Formula& term) {
  if (!term.measure.empty()) return term.measure;
  const std::vector<std::string_view> measures = measures_of(term);
  return measures.empty() ? "" : std::string(measures.front());
}

// Whether one field can have only one value, so that two unequal conditions on it exclude each
// other.
bool is_single(std::string_view field) { return field != "topics"; }

// Whether any thing at all can meet the filter, as far as equal fields tell.
bool can_match(const Filter& filter) {
  switch (filter.kind) {
    case Filter::Kind::everything:
    case Filter::Kind::field:
      return true;
    case Filter::Kind::nothing:
      return false;
    case Filter::Kind::negation:
      return filter.parts.front().kind != Filter::Kind::everything;
    case Filter::Kind::any:
      return std::any_of(filter.parts.begin(), filter.parts.end(), can_match);
    case Filter::Kind::all:
      break;
  }
  if (!std::all_of(filter.parts.begin(), filter.parts.end(), can_match)) return false;
  for (const Filter& one : filter.parts) {
    if (one.kind == Filter::Kind::negation && std::find(filter.parts.begin(), filter.parts.end(),
                                                        one.parts.front()) != filter.parts.end()) {
      return false;
    }
    if (one.kind != Filter::Kind::field || !is_single(one.field)) continue;
    for (const Filter& other : filter.parts) {
      if (other.kind != Filter::Kind::field || other.field != one.field) continue;
      const bool share_a_value =
          std::any_of(one.values.begin(), one.values.end(), [&](const Scalar& value) {
            return std::find(other.values.begin(), other.values.end(), value) != other.values.end();
          });
      if (!share_a_value) return false;
    }
  }
  return true;
}

// The conditions of a set of units as one filter, its levels among them.
Filter filter_of(const UnitSet& units) {
  if (units.levels.empty()) return units.where;
  Filter level{.kind = Filter::Kind::field, .field = "level"};
  for (const std::string& one : units.levels) {
    level.values.push_back({Scalar::Kind::text, one});
  }
  Filter both{.kind = Filter::Kind::all, .parts = {std::move(level)}};
  if (units.where.kind == Filter::Kind::all) {
    both.parts.insert(both.parts.end(), units.where.parts.begin(), units.where.parts.end());
  } else {
    both.parts.push_back(units.where);
  }
  return both;
}

class FormulaRules {
 public:
  FormulaRules(PlanReader& reader, const Plan& plan) : reader_(reader), plan_(plan) {}

  void check(const Place& place, const Formula& formula, Standing standing) {
    // Faults of reading are said already.
    if (!place.value.is(json::Kind::object) || !has_known_kind(place)) return;
    check_standing(place, formula, standing);
    check_measure(place, formula);
    if (const auto* kept = std::get_if<KeptFormula>(&formula.of)) {
      check(field(place, "of"), *kept->of, Standing::kept);
    } else if (const auto* shown = std::get_if<ReferenceFormula>(&formula.of)) {
      if (shown->of) check(field(place, "of"), *shown->of, Standing::indicator);
    } else if (const auto* ratio = std::get_if<RatioFormula>(&formula.of)) {
      check_ratio(place, *ratio);
    } else if (const auto* coverage = std::get_if<CoverageFormula>(&formula.of)) {
      check_units(field(place, "units"), coverage->units);
      check_have(field(place, "have"), coverage->have);
    } else if (const auto* entities = std::get_if<RegisterCoverageFormula>(&formula.of)) {
      check_match(field(place, "only"), entities->only, "entity");
    } else if (const auto* share = std::get_if<ShareFormula>(&formula.of)) {
      check_match(field(place, "among"), share->among, "activity");
    } else if (const auto* least = std::get_if<LeastFormula>(&formula.of)) {
      check_least(place, *least);
    } else {
      check_references(place, formula);
    }
  }

 private:
  Place field(const Place& place, std::string_view name) {
    return reader_.optional_field(place, name);
  }

  static bool has_known_kind(const Place& place) {
    const auto& kinds = words::formula_kinds;
    return std::find(kinds.begin(), kinds.end(), place.value["kind"].text()) != kinds.end();
  }

  void check_standing(const Place& place, const Formula& formula, Standing standing) {
    const Place kind = field(place, "kind");
    if (standing == Standing::term) {
      if (!is_any_of<CountFormula, SumFormula, ReportedSumFormula, DistinctFormula, GaugeFormula,
                     ReportedGaugeFormula, StatisticFormula>(formula)) {
        reader_.fault(Reason::plan_formula, kind, Phrase::only_terms);
      }
      return;
    }
    if (is_any_of<StatisticFormula>(formula)) {
      reader_.fault(Reason::plan_formula, kind, Phrase::only_in_ratio);
    } else if (standing == Standing::least && !is_ratio(formula)) {
      reader_.fault(Reason::plan_formula, kind, Phrase::only_ratios);
    } else if (standing == Standing::kept && is_flow(formula)) {
      reader_.fault(Reason::plan_formula, place, Phrase::only_states, {kind.value.text()});
    } else if (standing != Standing::indicator && is_any_of<ReferenceFormula>(formula)) {
      reader_.fault(Reason::plan_formula, kind, Phrase::no_reference_inside);
    }
  }

  void check_measure(const Place& place, const Formula& formula) {
    const std::vector<std::string_view> measures = measures_of(formula);
    if (formula.measure.empty() || measures.empty()) return;
    if (std::find(measures.begin(), measures.end(), formula.measure) != measures.end()) return;
    reader_.fault(Reason::plan_measure, field(place, "measure"), Phrase::measure_of_kind,
                  {measures.front()});
  }

  void check_ratio(const Place& place, const RatioFormula& ratio) {
    const Place numerator = field(place, "numerator");
    const Place denominator = field(place, "denominator");
    check(numerator, *ratio.numerator, Standing::term);
    check(denominator, *ratio.denominator, Standing::term);
    if (!numerator.value.present() || !denominator.value.present()) return;
    const std::string above = measure_of_term(*ratio.numerator);
    const std::string below = measure_of_term(*ratio.denominator);
    if (!above.empty() && !below.empty() && above != below) {
      reader_.fault(Reason::plan_measure, place, Phrase::equal_measures, {above, below});
    }
    if (const auto* count = std::get_if<CountFormula>(&ratio.denominator->of)) {
      check_match(field(denominator, "where"), count->where, "activity");
    } else if (const auto* sum = std::get_if<SumFormula>(&ratio.denominator->of)) {
      check_match(field(denominator, "where"), sum->where, "activity");
    } else if (const auto* distinct = std::get_if<DistinctFormula>(&ratio.denominator->of)) {
      check_match(field(denominator, "where"), distinct->where, "activity");
    } else if (const auto* gauge = std::get_if<GaugeFormula>(&ratio.denominator->of)) {
      check_match(field(denominator, "only"), gauge->only, "entity");
    }
  }

  void check_match(const Place& place, const Filter& filter, std::string_view thing) {
    if (can_match(filter)) return;
    reader_.fault(Reason::plan_denominator, place, Phrase::can_match, {thing});
  }

  void check_units(const Place& place, const UnitSet& units) {
    check_match(place, filter_of(units), "unit");
  }

  void check_indicator(const Place& at, const std::string& id) {
    if (at.value.present() && plan_.indicator(id) == nullptr) {
      reader_.fault(Reason::plan_reference, at, Phrase::indicator_known);
    }
  }

  void check_have(const Place& place, const Have& have) {
    check_indicator(field(place, "indicator"), have.indicator);
    if (have.formula) check(field(place, "formula"), *have.formula, Standing::threshold);
    const bool is_any = have.kind == Have::Kind::any;
    const auto parts = reader_.elements(field(place, is_any ? "any" : "all"));
    for (std::size_t i = 0; i < std::min(parts.size(), have.parts.size()); ++i) {
      check_have(parts[i], have.parts[i]);
    }
  }

  void check_least(const Place& place, const LeastFormula& least) {
    const auto parts = reader_.elements(field(place, "of"));
    for (std::size_t i = 0; i < least.of.size(); ++i) {
      check_indicator(field(parts[i], "indicator"), least.of[i].indicator);
      check(parts[i], *least.of[i].formula, Standing::least);
    }
  }

  void check_references(const Place& place, const Formula& formula) {
    if (const auto* distinct = std::get_if<DistinctFormula>(&formula.of)) {
      check_indicator(field(place, "subset_of"), distinct->subset_of);
    } else if (const auto* milestone = std::get_if<MilestoneFormula>(&formula.of)) {
      check_milestone(place, *milestone);
    } else if (const auto* money = std::get_if<MoneyFormula>(&formula.of)) {
      check_lines(field(place, "line"), *money);
    } else if (const auto* reported = std::get_if<ReportedRatioFormula>(&formula.of)) {
      if (reported->units) check_units(field(place, "units"), *reported->units);
    } else if (const auto* survey = std::get_if<SurveyFormula>(&formula.of)) {
      if (survey->units) check_units(field(place, "units"), *survey->units);
    }
  }

  void check_milestone(const Place& place, const MilestoneFormula& milestone) {
    if (milestone.obligation.empty()) return;
    const Obligation* obligation = plan_.obligation(milestone.obligation);
    if (obligation == nullptr) {
      reader_.fault(Reason::plan_reference, field(place, "obligation"), Phrase::obligation_known);
      return;
    }
    if (milestone.period.empty()) return;
    std::string known;
    for (const Instance& instance : obligation->instances) {
      if (instance.period == milestone.period) return;
      known += (known.empty() ? "" : ", ") + instance.period;
    }
    reader_.fault(Reason::plan_reference, field(place, "period"), Phrase::instance_known, {known});
  }

  void check_lines(const Place& said, const MoneyFormula& money) {
    bool is_of_level = money.level.empty();
    bool are_known = true;
    for (std::size_t i = 0; i < money.lines.size(); ++i) {
      bool is_known = false;
      for (const BudgetRow& row : plan_.budget) {
        if (row.line != money.lines[i]) continue;
        is_known = true;
        is_of_level = is_of_level || row.level == money.level;
      }
      if (is_known) continue;
      are_known = false;
      const Place at = said.value.is(json::Kind::array) ? reader_.elements(said)[i] : said;
      reader_.fault(Reason::plan_reference, at, Phrase::line_known);
    }
    if (are_known && !is_of_level) {
      reader_.fault(Reason::plan_reference, said, Phrase::line_of_level, {money.level});
    }
  }

  PlanReader& reader_;
  const Plan& plan_;
};

}  // namespace

bool is_flow(const Formula& formula) {
  return is_any_of<CountFormula, SumFormula, ReportedSumFormula, DistinctFormula, MilestoneFormula,
                   MoneyFormula>(formula);
}

void check_formula_rules(PlanReader& reader, const Place& place, const Formula& formula,
                         const Plan& plan) {
  FormulaRules(reader, plan).check(place, formula, Standing::indicator);
}

}  // namespace tiendo

#include "projector/term.h"

#include <algorithm>

#include "events/bytes.h"
#include "events/ensure.h"
#include "events/limits.h"
#include "events/plan_reader.h"
#include "events/text.h"

namespace tiendo {
namespace {

constexpr std::string_view kind_names[] = {"activities", "credited", "visits", "outputs",
                                           "cost",       "reached",  "named",  "persons"};

bool field_matches(json::Value data, std::string_view field, const std::vector<Scalar>& values) {
  constexpr std::string_view flag = "flag.";
  const json::Value value =
      field.starts_with(flag) ? data["flags"][field.substr(flag.size())] : data[field];
  return std::any_of(values.begin(), values.end(),
                     [&](const Scalar& scalar) { return holds_scalar(value, scalar); });
}

Decimal amount_of(json::Value value) { return parse_decimal(value.text()).value; }

bool wants_audience(const Term& term, std::string_view audience) {
  return term.audiences.empty() ||
         std::any_of(term.audiences.begin(), term.audiences.end(),
                     [&](const std::string& name) { return same_text(audience, name); });
}

Decimal visits(const Term& term, json::Value participants) {
  Decimal sum;
  for (const json::Value audience : participants) {
    if (wants_audience(term, audience.key())) sum += amount_of(audience);
  }
  return sum;
}

Decimal outputs(const Term& term, json::Value items) {
  Decimal sum;
  for (const json::Value item : items) {
    if (!same_text(item["kind"].text(), term.output)) continue;
    sum += item["id"].is_null() ? amount_of(item["count"]) : Decimal::whole(1);
  }
  return sum;
}

void sort_once(std::vector<std::string>& elements) {
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
}

Contribution reached(json::Value units) {
  Contribution out;
  for (const json::Value unit : units) out.elements.push_back(to_nfc(unit.text()));
  sort_once(out.elements);
  return out;
}

Contribution named(const Term& term, json::Value items) {
  Contribution out;
  for (const json::Value item : items) {
    if (!same_text(item["kind"].text(), term.output)) continue;
    if (item["id"].is_null()) {
      out.amount += amount_of(item["count"]);
    } else {
      out.elements.push_back(to_nfc(item["id"].text()));
    }
  }
  sort_once(out.elements);
  return out;
}

// Of an audience either a list of ids or a number.
Contribution persons(const Term& term, json::Value people) {
  Contribution out;
  for (const json::Value audience : people) {
    if (!wants_audience(term, audience.key())) continue;
    if (audience.is(json::Kind::array)) {
      for (const json::Value person : audience) out.elements.push_back(to_nfc(person.text()));
    } else {
      out.amount += amount_of(audience);
    }
  }
  sort_once(out.elements);
  return out;
}

void add_terms(std::vector<Term>& terms, SplitTerm split) {
  std::move(split.by_outcomes.begin(), split.by_outcomes.end(), std::back_inserter(terms));
}

void add_terms_of_formula(std::vector<Term>& terms, const Formula& formula);
void add_terms_of_inner(std::vector<Term>& terms, const Formula& formula);

void add_terms_of_have(std::vector<Term>& terms, const Have& have) {
  if (have.kind == Have::Kind::reached) add_terms(terms, reached_term(have.reached_by));
  if (have.formula) add_terms_of_formula(terms, *have.formula);
  for (const Have& part : have.parts) add_terms_of_have(terms, part);
}

void add_terms_of_formula(std::vector<Term>& terms, const Formula& formula) {
  if (const auto* count = std::get_if<CountFormula>(&formula.of)) {
    add_terms(terms, count_term(*count));
  } else if (const auto* sum = std::get_if<SumFormula>(&formula.of)) {
    add_terms(terms, sum_term(*sum));
  } else if (const auto* distinct = std::get_if<DistinctFormula>(&formula.of)) {
    add_terms(terms, distinct_term(*distinct));
  } else if (const auto* share = std::get_if<ShareFormula>(&formula.of)) {
    ShareTerms both = share_terms(*share);
    add_terms(terms, std::move(both.both));
    add_terms(terms, std::move(both.among));
  } else if (const auto* coverage = std::get_if<CoverageFormula>(&formula.of)) {
    add_terms_of_have(terms, coverage->have);
  } else if (const auto* entities = std::get_if<RegisterCoverageFormula>(&formula.of)) {
    if (entities->named_by) add_terms(terms, named_term(*entities));
  } else if (const auto* milestone = std::get_if<MilestoneFormula>(&formula.of)) {
    if (milestone->where) add_terms(terms, milestone_term(*milestone));
  } else {
    add_terms_of_inner(terms, formula);
  }
}

// Of formulas that are made of others.
void add_terms_of_inner(std::vector<Term>& terms, const Formula& formula) {
  if (const auto* kept = std::get_if<KeptFormula>(&formula.of)) {
    add_terms_of_formula(terms, *kept->of);
  } else if (const auto* ratio = std::get_if<RatioFormula>(&formula.of)) {
    add_terms_of_formula(terms, *ratio->numerator);
    add_terms_of_formula(terms, *ratio->denominator);
  } else if (const auto* least = std::get_if<LeastFormula>(&formula.of)) {
    for (const LeastFormula::Part& part : least->of) add_terms_of_formula(terms, *part.formula);
  } else if (const auto* shown = std::get_if<ReferenceFormula>(&formula.of)) {
    if (shown->of) add_terms_of_formula(terms, *shown->of);
  }
}

}  // namespace

std::string canonical(const Term& term) {
  std::string out = R"({"kind":)";
  out += json::quoted(kind_names[static_cast<std::size_t>(term.kind)]);
  out += R"(,"where":)" + canonical(term.where);
  if (!term.audiences.empty()) {
    std::string list;
    for (const std::string& name : term.audiences) {
      list += (list.empty() ? "" : ",") + json::quoted(name);
    }
    out += R"(,"audiences":[)" + list + "]";
  }
  if (!term.output.empty()) out += R"(,"output":)" + json::quoted(term.output);
  return out + "}";
}

TermId id_of(const Term& term) { return hash16(canonical(term)); }

std::optional<Term> parse_term(std::string_view text) {
  json::Document document;
  if (!document.parse(text).ok()) return std::nullopt;
  const json::Value root = document.root();
  const auto* const kind =
      std::find(std::begin(kind_names), std::end(kind_names), root["kind"].text());
  if (kind == std::end(kind_names)) return std::nullopt;
  PlanReader reader;
  Term term;
  term.kind = static_cast<Term::Kind>(kind - std::begin(kind_names));
  term.where = reader.filter({root["where"], "where"});
  term.audiences = reader.texts({root["audiences"], "audiences"});
  term.output = reader.text({root["output"], "output"});
  if (reader.refusal()) return std::nullopt;
  return term;
}

SplitTerm split(const Term& term) {
  SplitTerm out;
  out.conditions = unit_conditions(term.where);
  ENSURE(out.conditions.size() <= limits::filter_unit_conditions_max,
         "the plan schema bounds the conditions on units");
  const std::size_t combinations = std::size_t{1} << out.conditions.size();
  for (std::size_t bits = 0; bits < combinations; ++bits) {
    std::vector<bool> outcomes;
    for (std::size_t i = 0; i < out.conditions.size(); ++i)
      outcomes.push_back((bits >> i & 1) != 0);
    Term one = term;
    one.where = with_outcomes(term.where, out.conditions, outcomes);
    out.ids.push_back(id_of(one));
    out.by_outcomes.push_back(std::move(one));
  }
  return out;
}

SplitTerm count_term(const CountFormula& formula) {
  return split({.kind = formula.credit_all ? Term::Kind::credited : Term::Kind::activities,
                .where = formula.where});
}

SplitTerm sum_term(const SumFormula& formula) {
  switch (formula.of) {
    case SumFormula::Of::participants:
      return split(
          {.kind = Term::Kind::visits, .where = formula.where, .audiences = formula.audiences});
    case SumFormula::Of::outputs:
      return split({.kind = Term::Kind::outputs, .where = formula.where, .output = formula.output});
    case SumFormula::Of::cost:
      return split({.kind = Term::Kind::cost, .where = formula.where});
  }
  return {};
}

SplitTerm reached_term(const Filter& reached_by) {
  return split({.kind = Term::Kind::reached, .where = reached_by});
}

SplitTerm milestone_term(const MilestoneFormula& formula) {
  return count_term({*formula.where, formula.credit_all});
}

SplitTerm distinct_term(const DistinctFormula& formula) {
  switch (formula.of) {
    case DistinctFormula::Of::outputs:
      return split({.kind = Term::Kind::named, .where = formula.where, .output = formula.output});
    case DistinctFormula::Of::people:
      return split(
          {.kind = Term::Kind::persons, .where = formula.where, .audiences = formula.audiences});
    case DistinctFormula::Of::reached_units:
      return reached_term(formula.where);
  }
  return {};
}

SplitTerm named_term(const RegisterCoverageFormula& formula) {
  return split({.kind = Term::Kind::named, .where = *formula.named_by, .output = formula.reg});
}

ShareTerms share_terms(const ShareFormula& formula) {
  Filter both{.kind = Filter::Kind::all, .parts = {formula.where, formula.among}};
  return {count_term({with_outcomes(both, {}, {}), false}), count_term({formula.among, false})};
}

std::vector<Term> terms_of(const Plan& plan) {
  std::vector<Term> terms;
  for (const Indicator& indicator : plan.indicators) {
    add_terms_of_formula(terms, *indicator.formula);
  }
  return terms;
}

std::optional<Contribution> contribution(const Term& term, json::Value data) {
  const bool counts = matches(term.where, [&](std::string_view field, const auto& values) {
    return field_matches(data, field, values);
  });
  if (!counts) return std::nullopt;
  Contribution out;
  switch (term.kind) {
    case Term::Kind::activities:
    case Term::Kind::credited:
      out.amount = Decimal::whole(1);
      break;
    case Term::Kind::visits:
      out.amount = visits(term, data["participants"]);
      break;
    case Term::Kind::outputs:
      out.amount = outputs(term, data["outputs"]);
      break;
    case Term::Kind::cost:
      out.amount = amount_of(data["cost"]);
      break;
    case Term::Kind::reached:
      return reached(data["reached_units"]);
    case Term::Kind::named:
      out = named(term, data["outputs"]);
      break;
    case Term::Kind::persons:
      out = persons(term, data["people"]);
      break;
  }
  if (out.amount.is_zero() && out.elements.empty()) return std::nullopt;
  return out;
}

}  // namespace tiendo

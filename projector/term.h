// Terms: the measurable leaves of formulas. A term says what one activity contributes; its id is
// the hash of its canonical form, so plans and versions share terms, and changing a target touches
// no fact.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "events/formula.h"
#include "events/json.h"
#include "events/plan.h"
#include "events/sha256.h"

namespace tiendo {

using TermId = Hash16;

struct Term {
  enum class Kind : uint8_t {
    activities,  // 1 for each activity
    credited,    // 1 for each activity, in the own figure of each of its organisers
    visits,      // participants of the audiences
    outputs,     // of one kind; an id is 1
    cost,        // million_vnd
    reached,     // the set of units an activity reached
    named,       // the set of ids in its outputs of one kind, and how many more it only counts
    persons,     // the set of persons of the audiences, and how many more it only counts
  };
  Kind kind = Kind::activities;
  Filter where;                        // of the event alone, without conditions on the unit
  std::vector<std::string> audiences;  // of visits, persons, sorted; empty: all
  std::string output;                  // of outputs, named

  // Amounts may be added over units and days, so the term has rollups.
  [[nodiscard]] bool additive() const { return kind != Kind::credited && kind < Kind::reached; }
};

[[nodiscard]] std::string canonical(const Term& term);
[[nodiscard]] TermId id_of(const Term& term);
// Reads canonical() back; none: not of this version.
[[nodiscard]] std::optional<Term> parse_term(std::string_view canonical);

// A term as a formula uses it: where the filter has conditions on the unit, one term for each
// outcome of them (index: bit i is the outcome of condition i).
struct SplitTerm {
  std::vector<Filter> conditions;
  std::vector<Term> by_outcomes;
  std::vector<TermId> ids;
};
[[nodiscard]] SplitTerm split(const Term& term);

// The terms behind each part of a formula, in one fixed order.
[[nodiscard]] SplitTerm count_term(const CountFormula& formula);
[[nodiscard]] SplitTerm sum_term(const SumFormula& formula);
[[nodiscard]] SplitTerm reached_term(const Filter& reached_by);
[[nodiscard]] SplitTerm milestone_term(const MilestoneFormula& formula);
[[nodiscard]] SplitTerm distinct_term(const DistinctFormula& formula);
// Of a coverage of entities that must be named in outputs of activities.
[[nodiscard]] SplitTerm named_term(const RegisterCoverageFormula& formula);
struct ShareTerms {
  SplitTerm both;
  SplitTerm among;
};
[[nodiscard]] ShareTerms share_terms(const ShareFormula& formula);

// Every term that the plan's indicators need.
[[nodiscard]] std::vector<Term> terms_of(const Plan& plan);

// What an activity contributes to a term.
struct Contribution {
  Decimal amount;                     // not 0, except for sets: what is counted without an id
  std::vector<std::string> elements;  // of sets: ids, NFC, sorted, each once
  friend bool operator==(const Contribution&, const Contribution&) = default;
};
// `data` is that of activity.recorded or .corrected.
[[nodiscard]] std::optional<Contribution> contribution(const Term& term, json::Value data);

}  // namespace tiendo

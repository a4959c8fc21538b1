// How the facts of a term are visited, wherever a figure looks for them.
#include <algorithm>

#include "projector/figure_parts.h"

namespace tiendo {
namespace {

// Days on which one and the same set of outcomes of the term's conditions on the unit holds, with
// the term that belongs to it.
struct TermDays {
  const TermId* term;
  Window days;
};

// The outcomes of the term's conditions, a bit for each: the place of the term that fits.
std::size_t outcomes_on(const Question& question, const SplitTerm& term, UnitIndex unit, Day day) {
  std::size_t bits = 0;
  for (std::size_t c = 0; c < term.conditions.size(); ++c) {
    if (question.unit_matches(unit, term.conditions[c], day)) bits |= std::size_t{1} << c;
  }
  return bits;
}

std::vector<TermDays> term_days(const Question& question, const SplitTerm& term, UnitIndex unit,
                                Window window) {
  if (term.conditions.empty()) return {{&term.ids.front(), window}};
  std::vector<TermDays> all;
  const std::vector<Day> begins = question.tree().property_days(unit);
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const Day last = i + 1 < begins.size() ? begins[i + 1].previous() : day_max;
    const Window days{std::max(begins[i], window.first), std::min(last, window.last)};
    if (days.empty()) continue;
    all.push_back({&term.ids[outcomes_on(question, term, unit, days.first)], days});
  }
  return all;
}

class FactVisit {
 public:
  FactVisit(const Question& question, const SplitTerm& term, const FactVisitor& visit)
      : question_(question), term_(term), visit_(visit) {}

  Status visit(const UnitDays& place) {
    const UnitIndex unit = place.unit;
    if (term_.by_outcomes.front().kind == Term::Kind::credited) return visit_credited(place);
    for (const TermDays& part : term_days(question_, term_, unit, place.days)) {
      TRY_DO(question_.rows().facts(*part.term, question_.tree().unit(unit).id, part.days,
                                    question_.moment(),
                                    [&](const Fact& fact) { visit_(place, fact); }));
    }
    return Done{};
  }

 private:
  // Conditions on the unit mean the organiser, in whose own figure a fact may not lie.
  Status visit_credited(const UnitDays& place) {
    const UnitIndex unit = place.unit;
    const Tree& tree = question_.tree();
    for (std::size_t outcomes = 0; outcomes < term_.ids.size(); ++outcomes) {
      TRY_DO(question_.rows().facts(
          term_.ids[outcomes], tree.unit(unit).id, place.days, question_.moment(),
          [&](const Fact& fact) {
            const auto organiser = fact.elements.empty() ? unit : tree.find(fact.elements.front());
            if (!organiser || outcomes_on(question_, term_, *organiser, fact.day) != outcomes) {
              return;
            }
            if (counted_.insert(fact.subject).second) visit_(place, fact);
          }));
    }
    return Done{};
  }

  const Question& question_;
  const SplitTerm& term_;
  const FactVisitor& visit_;
  std::set<SubjectKey> counted_;
};

}  // namespace

bool is_building(const Question& question, const SplitTerm& term) {
  return std::any_of(term.ids.begin(), term.ids.end(),
                     [&](const TermId& id) { return question.state().unfinished.contains(id); });
}

Dividing dividing_of(const SplitTerm& term) {
  return term.by_outcomes.front().additive() ? Dividing::divided : Dividing::whole;
}

Status visit_facts(const FigureCall& call, const SplitTerm& term, Dividing dividing,
                   const FactVisitor& visit) {
  return visit_facts_at(call, term, call.places(dividing), visit);
}

Status visit_facts_at(const FigureCall& call, const SplitTerm& term,
                      const std::vector<UnitDays>& ground, const FactVisitor& visit) {
  FactVisit facts(call.question, term, visit);
  for (const UnitDays& place : ground) TRY_DO(facts.visit(place));
  return Done{};
}

Status visit_all_facts(const FigureCall& call, const SplitTerm& term, const FactVisitor& visit) {
  std::vector<UnitDays> ground;
  for (UnitIndex unit = 0; unit < call.question.tree().size(); ++unit) {
    ground.push_back({unit, call.window});
  }
  return visit_facts_at(call, term, ground, visit);
}

}  // namespace tiendo

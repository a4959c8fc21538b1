// Figures of activities: counts, sums, shares, sets of things, milestones.
#include <algorithm>

#include "events/ensure.h"
#include "projector/figure_parts.h"
#include "projector/obligation.h"

namespace tiendo {
namespace {

// The half months that lie whole inside a window, and the days at its edges.
struct Halves {
  std::optional<std::pair<HalfMonth, HalfMonth>> whole;
  std::vector<Window> edges;
};

Halves halves_of(Window window) {
  if (window.empty()) return {};
  HalfMonth first = half_month_of(window.first);
  HalfMonth last = half_month_of(window.last);
  if (days_of(first).first < window.first) ++first.number;
  if (days_of(last).last > window.last) --last.number;
  if (last < first) return {{}, {window}};
  Halves halves{{{first, last}}, {}};
  const Window before{window.first, days_of(first).first.previous()};
  const Window after{days_of(last).last.next(), window.last};
  if (!before.empty()) halves.edges.push_back(before);
  if (!after.empty()) halves.edges.push_back(after);
  return halves;
}

void give_fact(const FigureCall& call, const UnitDays& place, const Fact& fact, Role role,
               Decimal whole) {
  call.give({fact.origin(), fact.subject, call.id_of(place.unit), fact.day, role,
             place.portion.of(whole), place.portion.share(), whole});
}

struct Total {
  Cell cell;
  bool apportioned = false;
};

// Amounts over the window, from cells where they serve.
Result<Total> total(const FigureCall& call, const SplitTerm& term, Role role) {
  Total total;
  const auto add = [&](const UnitDays& place, const Fact& fact) {
    const Decimal amount = place.portion.of(fact.amount);
    if (amount.is_zero()) return;
    total.cell.amount += amount;
    ++total.cell.contributions;
    total.apportioned = total.apportioned || !place.portion.is_whole();
    give_fact(call, place, fact, role, fact.amount);
  };
  const Dividing dividing = dividing_of(term);
  const bool from_cells = !call.is_explained() && call.ground == nullptr &&
                          call.question.rollups_serve() && term.conditions.empty() &&
                          term.by_outcomes.front().additive();
  if (!from_cells) {
    TRY_DO(visit_facts(call, term, dividing, add));
    return total;
  }
  const Halves halves = halves_of(call.window);
  for (const Window& edge : halves.edges) {
    FigureCall at_edge = call;
    at_edge.window = edge;
    TRY_DO(visit_facts(at_edge, term, dividing, add));
  }
  if (halves.whole) {
    TRY_ASSIGN(cells, call.question.rows().cells(
                          call.extent == Extent::own ? RollupScope::own : RollupScope::subtree,
                          term.ids.front(), call.id_of(call.unit), halves.whole->first,
                          halves.whole->second));
    total.cell.amount += cells.amount;
    total.cell.contributions += cells.contributions;
    const Window whole{days_of(halves.whole->first).first, days_of(halves.whole->second).last};
    const auto beside = call.question.beside_rollups(call.unit, whole, call.extent);
    TRY_DO(visit_facts_at(call, term, beside, add));
  }
  return total;
}

// Ids in the order in which they were named, each by its first record.
struct Naming {
  OrderKey record;
  UnitDays place;
  Fact fact;
};

SplitTerm term_of(const DistinctFormula& formula) {
  return formula.of == DistinctFormula::Of::reached_units ? reached_term(formula.where)
                                                          : distinct_term(formula);
}

// Whether an id counts: units that are not known do not yet, and `only` asks what the thing is on
// A.
class Admitted {
 public:
  Admitted(const FigureCall& call, const DistinctFormula& formula)
      : call_(call), formula_(formula) {}

  Status load() {
    if (!formula_.only || formula_.of == DistinctFormula::Of::reached_units) return Done{};
    const bool people = formula_.of == DistinctFormula::Of::people;
    TRY_ASSIGN(reg, call_.question.once().entities(people ? "people" : formula_.output));
    for (const EntityStanding& entity : reg->entities) {
      if (!entity_matches(call_.question, entity, *formula_.only, call_.as_at())) continue;
      matching_.insert(entity.entity);
    }
    return Done{};
  }

  [[nodiscard]] bool operator()(const std::string& id) const {
    if (formula_.of == DistinctFormula::Of::reached_units) {
      const auto unit = call_.question.tree().find(id);
      if (!unit) return false;
      return !formula_.only || call_.question.unit_matches(*unit, *formula_.only, call_.as_at());
    }
    return !formula_.only || matching_.contains(id);
  }

 private:
  const FigureCall& call_;
  const DistinctFormula& formula_;
  std::set<std::string> matching_;
};

// "Of these" must not be more than those: the other figure of the same unit and days.
Status check_subset(const FigureCall& call, const DistinctFormula& formula, Figure& figure) {
  const Indicator* all = call.plan.indicator(formula.subset_of);
  if (all == nullptr || !figure.value) return Done{};
  FigureCall other = call.of(*all->formula);
  other.indicator = all->id;
  TRY_ASSIGN(whole, quiet_figure_of(other));
  if (whole.has_data() && whole.value && *figure.value > *whole.value) {
    figure.findings.emplace("subset_exceeds");
  }
  return Done{};
}

Result<std::optional<Contributor>> first_report(const FigureCall& call,
                                                const MilestoneFormula& formula) {
  const Obligation* obligation = call.plan.obligation(formula.obligation);
  ENSURE(obligation != nullptr, "a plan's references are checked when it is read");
  std::optional<Contributor> first;
  const Instance* instance =
      instance_of(*obligation, formula, call.due_window.value_or(call.asked));
  if (instance == nullptr) return first;
  const Window any_day{day_min, call.window.last};
  std::vector<UnitDays> places = {{call.unit, any_day}};
  if (call.extent == Extent::subtree) {
    places = call.question.below(call.unit, any_day, Dividing::whole);
  }
  for (const UnitDays& place : places) {
    const UnitIndex unit = place.unit;
    TRY_ASSIGN(found, slot(call.question, call.plan, *obligation, *instance, unit));
    const bool done = found.state == Slot::State::on_time || found.state == Slot::State::late;
    if (!done || local_day(*found.first_at) > call.window.last) continue;
    const Day day = local_day(*found.first_at);
    if (!place.days.contains(day)) continue;  // it stands where its unit stood on the day it came
    if (first && std::pair(first->day, first->record) <= std::pair(day, *found.first_record)) {
      continue;
    }
    first = Contributor{*found.first_record, {}, call.id_of(unit), day, Role::amount,
                        Decimal::whole(1)};
  }
  return first;
}

}  // namespace

std::optional<SplitTerm> additive_term(const Formula& formula) {
  if (const auto* count = std::get_if<CountFormula>(&formula.of)) return count_term(*count);
  if (const auto* sum = std::get_if<SumFormula>(&formula.of)) return sum_term(*sum);
  return std::nullopt;
}

Result<Figure> sum_of_facts(const FigureCall& call, const SplitTerm& term) {
  TRY_ASSIGN(all, total(call, term, call.role));
  const auto value = all.cell.amount.decimal();
  return Figure{.value = value,
                .no_data = std::string(value ? "" : no_data_overflow),
                .building = is_building(call.question, term),
                .contributors = static_cast<uint64_t>(all.cell.contributions),
                .apportioned = all.apportioned};
}

Result<Figure> share_of_facts(const FigureCall& call, const ShareFormula& formula) {
  const ShareTerms terms = share_terms(formula);
  TRY_ASSIGN(both, total(call, terms.both, Role::numerator));
  TRY_ASSIGN(among, total(call, terms.among, Role::denominator));
  Figure figure{
      .building = is_building(call.question, terms.both) || is_building(call.question, terms.among),
      .contributors = static_cast<uint64_t>(among.cell.contributions),
      .apportioned = among.apportioned};
  figure.numerator = both.cell.amount.decimal();
  figure.denominator = among.cell.amount.decimal();
  figure.no_data = no_data_of_ratio(figure);
  return figure;
}

Result<Figure> distinct_figure(const FigureCall& call, const DistinctFormula& formula) {
  const SplitTerm term = term_of(formula);
  Admitted admitted(call, formula);
  TRY_DO(admitted.load());
  std::vector<Naming> namings;
  TRY_DO(visit_facts(call, term, Dividing::whole, [&](const UnitDays& place, const Fact& fact) {
    namings.push_back({fact.origin(), place, fact});
  }));
  std::sort(namings.begin(), namings.end(), [](const Naming& a, const Naming& b) {
    return std::tie(a.record, a.fact.subject) < std::tie(b.record, b.fact.subject);
  });
  Figure figure{.building = is_building(call.question, term)};
  std::set<std::string> ids;
  Sum counted;  // without ids
  for (const Naming& naming : namings) {
    int64_t fresh = 0;
    for (const std::string& id : naming.fact.elements) {
      if (admitted(id) && ids.insert(id).second) ++fresh;
    }
    Decimal amount = Decimal::whole(fresh);
    if (formula.counts != DistinctFormula::Counts::ignore) {
      amount += naming.fact.amount;
      counted += naming.fact.amount;
    }
    if (!amount.is_zero()) ++figure.contributors;
    give_fact(call, naming.place, naming.fact, call.role, amount);
  }
  const auto named = Decimal::whole(static_cast<int64_t>(ids.size()));
  Sum all = counted;
  all += named;
  figure.value = all.decimal();
  if (!figure.value) figure.no_data = no_data_overflow;
  if (formula.counts == DistinctFormula::Counts::upper_bound && !counted.is_zero()) {
    figure.lower = named;
  }
  TRY_DO(check_subset(call, formula, figure));
  return figure;
}

// Looks up to the reading day, not to the deadline: what is late is done, and late.
Result<Figure> milestone_figure(const FigureCall& call, const MilestoneFormula& formula) {
  Figure figure{.value = Decimal()};
  std::optional<Contributor> first;
  if (formula.where) {
    const SplitTerm term = milestone_term(formula);
    figure.building = is_building(call.question, term);
    TRY_DO(visit_facts(call, term, Dividing::whole, [&](const UnitDays& place, const Fact& fact) {
      if (first && std::pair(first->day, first->record) <= std::pair(fact.day, fact.origin())) {
        return;
      }
      first = Contributor{fact.origin(), fact.subject, call.id_of(place.unit),
                          fact.day,      Role::amount, Decimal::whole(1)};
    }));
  } else {
    TRY_ASSIGN(found, first_report(call, formula));
    first = std::move(found);
  }
  if (first) {
    figure.value = Decimal::whole(1);
    figure.done_on = first->day;
    figure.contributors = 1;
    call.give(*first);
  }
  return figure;
}

}  // namespace tiendo

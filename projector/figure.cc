#include "projector/figure.h"

#include <algorithm>
#include <map>

#include "events/ensure.h"
#include "projector/obligation.h"

namespace tiendo {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::amount:
      return "amount";
    case Role::numerator:
      return "numerator";
    case Role::denominator:
      return "denominator";
  }
  return "";
}

namespace {

// Days of `window` on which one and the same set of outcomes of the term's conditions on the unit
// holds, with the term that belongs to it.
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

bool is_building(const Question& question, const SplitTerm& term) {
  return std::any_of(term.ids.begin(), term.ids.end(),
                     [&](const TermId& id) { return question.state().unfinished.contains(id); });
}

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

class Figures {
 public:
  Figures(const Question& question, const Plan& plan, const ContributorSink& sink)
      : question_(question), plan_(plan), sink_(sink) {}

  Result<Figure> figure(const FigureOf& of) {
    Window window = of.window;
    if (of.formula.whole_plan) window.first = plan_.first;
    window.last = std::min(window.last, question_.moment().today());
    if (const auto* count = std::get_if<CountFormula>(&of.formula.of)) {
      return sum(count_term(*count), of.unit, window, of.extent);
    }
    if (const auto* amounts = std::get_if<SumFormula>(&of.formula.of)) {
      return sum(sum_term(*amounts), of.unit, window, of.extent);
    }
    if (const auto* share = std::get_if<ShareFormula>(&of.formula.of)) {
      return this->share(share_terms(*share), of.unit, window, of.extent);
    }
    if (const auto* coverage = std::get_if<CoverageFormula>(&of.formula.of)) {
      return this->coverage(*coverage, of.unit, window);
    }
    if (const auto* milestone = std::get_if<MilestoneFormula>(&of.formula.of)) {
      return this->milestone(*milestone, of, window);
    }
    return Figure{.no_data = "formula_not_built"};
  }

 private:
  void give(const Contributor& contributor) const {
    if (sink_) sink_(contributor);
  }

  void give_fact(UnitIndex unit, const Fact& fact, Role role) const {
    give(
        {fact.origin(), fact.subject, question_.tree().unit(unit).id, fact.day, role, fact.amount});
  }

  // Amounts over the window, from cells where they serve.
  Result<Cell> total(const SplitTerm& term, UnitIndex unit, Window window, Extent extent,
                     Role role) const {
    Cell total;
    const auto add = [&](UnitIndex of, const Fact& fact) {
      total.amount += fact.amount;
      ++total.contributions;
      give_fact(of, fact, role);
    };
    const bool from_cells = !sink_ && question_.rollups_serve() && term.conditions.empty() &&
                            term.by_outcomes.front().additive();
    if (!from_cells) {
      TRY_DO(visit_facts(question_, term, unit, window, extent, add));
      return total;
    }
    const Halves halves = halves_of(window);
    for (const Window& edge : halves.edges) {
      TRY_DO(visit_facts(question_, term, unit, edge, extent, add));
    }
    if (halves.whole) {
      TRY_ASSIGN(cells, question_.rows().cells(
                            extent == Extent::own ? RollupScope::own : RollupScope::subtree,
                            term.ids.front(), question_.tree().unit(unit).id, halves.whole->first,
                            halves.whole->second));
      total.amount += cells.amount;
      total.contributions += cells.contributions;
    }
    return total;
  }

  Result<Figure> sum(const SplitTerm& term, UnitIndex unit, Window window, Extent extent) const {
    TRY_ASSIGN(cell, total(term, unit, window, extent, Role::amount));
    const auto value = cell.amount.decimal();
    return Figure{.value = value,
                  .no_data = std::string(value ? "" : no_data_overflow),
                  .building = is_building(question_, term),
                  .contributors = static_cast<uint64_t>(cell.contributions)};
  }

  Result<Figure> share(const ShareTerms& terms, UnitIndex unit, Window window,
                       Extent extent) const {
    TRY_ASSIGN(both, total(terms.both, unit, window, extent, Role::numerator));
    TRY_ASSIGN(among, total(terms.among, unit, window, extent, Role::denominator));
    Figure figure{
        .building = is_building(question_, terms.both) || is_building(question_, terms.among),
        .contributors = static_cast<uint64_t>(among.contributions)};
    figure.numerator = both.amount.decimal();
    figure.denominator = among.amount.decimal();
    figure.no_data = no_data_of_ratio(figure);
    return figure;
  }

  // The units of a coverage that have it, each with the record that decides.
  using Having = std::map<UnitIndex, OrderKey>;

  Result<Figure> coverage(const CoverageFormula& formula, UnitIndex node, Window window) {
    const std::vector<UnitIndex> members = question_.members(node, formula.units, window.last);
    Figure figure;
    if (members.empty()) figure.no_data = "no_units";
    TRY_ASSIGN(having, have(formula.have, node, members, window, figure.building));
    std::set<OrderKey> records;
    const auto one = Decimal::whole(1);
    for (const UnitIndex unit : members) {
      const Unit& member = question_.tree().unit(unit);
      records.insert(member.registration);
      give({member.registration, {}, member.id, member.birth, Role::denominator, one});
      const auto decided = having.find(unit);
      if (decided == having.end()) continue;
      records.insert(decided->second);
      give({decided->second, {}, member.id, window.last, Role::numerator, one});
    }
    figure.numerator = Decimal::whole(static_cast<int64_t>(having.size()));
    figure.denominator = Decimal::whole(static_cast<int64_t>(members.size()));
    figure.contributors = records.size();
    return figure;
  }

  Result<Having> have(const Have& have, UnitIndex node, const std::vector<UnitIndex>& members,
                      Window window, bool& building) {
    switch (have.kind) {
      case Have::Kind::reached:
        return reached(have, node, members, window, building);
      case Have::Kind::threshold:
        return above_threshold(have, members, window, building);
      case Have::Kind::attribute:
      case Have::Kind::entity:
        return Having{};
      case Have::Kind::any:
      case Have::Kind::all:
        break;
    }
    const bool is_any = have.kind == Have::Kind::any;
    std::map<UnitIndex, std::pair<std::size_t, OrderKey>> counted;
    for (const Have& part : have.parts) {
      TRY_ASSIGN(having, this->have(part, node, members, window, building));
      for (const auto& [unit, record] : having) {
        const auto [at, fresh] = counted.emplace(unit, std::pair(std::size_t{1}, record));
        if (fresh) continue;
        ++at->second.first;
        OrderKey& decided = at->second.second;
        decided = is_any ? std::min(decided, record) : std::max(decided, record);
      }
    }
    Having all;
    for (const auto& [unit, counts] : counted) {
      if (is_any || counts.first == have.parts.size()) all.emplace(unit, counts.second);
    }
    return all;
  }

  // Named in reached_units of the activities that match: of one of them, or of each.
  Result<Having> reached(const Have& have, UnitIndex node, const std::vector<UnitIndex>& members,
                         Window window, bool& building) {
    const SplitTerm term = reached_term(have.reached_by);
    building = building || is_building(question_, term);
    std::map<std::string, std::pair<std::size_t, OrderKey>> reached;  // by unit id
    std::size_t activities = 0;
    const auto add = [&](UnitIndex, const Fact& fact) {
      ++activities;
      for (const std::string& id : fact.elements) {
        const auto [at, fresh] = reached.emplace(id, std::pair(std::size_t{1}, fact.origin()));
        if (fresh) continue;
        ++at->second.first;
        at->second.second = std::min(at->second.second, fact.origin());
      }
    };
    if (have.by == Have::By::anyone) {
      const Question everyone = question_.as_reported();
      for (UnitIndex unit = 0; unit < question_.tree().size(); ++unit) {
        TRY_DO(visit_facts(everyone, term, unit, window, Extent::own, add));
      }
    } else {
      const Extent extent = have.by == Have::By::own ? Extent::own : Extent::subtree;
      TRY_DO(visit_facts(question_, term, node, window, extent, add));
    }
    Having having;
    for (const UnitIndex unit : members) {
      const auto found = reached.find(question_.tree().unit(unit).id);
      if (found == reached.end()) continue;
      if (have.mode == Have::Mode::each_of_them && found->second.first != activities) continue;
      having.emplace(unit, found->second.second);
    }
    return having;
  }

  // Units whose own figure over the window meets the comparator.
  Result<Having> above_threshold(const Have& have, const std::vector<UnitIndex>& members,
                                 Window window, bool& building) {
    const Formula* formula = have.formula.get();
    if (formula == nullptr) {
      const Indicator* indicator = plan_.indicator(have.indicator);
      ENSURE(indicator != nullptr, "a plan's references are checked when it is read");
      formula = indicator->formula.get();
    }
    Having having;
    const Question judged = question_.judged_on(window.last);
    for (const UnitIndex unit : members) {
      const FigureOf of{.plan = plan_,
                        .formula = *formula,
                        .unit = unit,
                        .window = window,
                        .extent = Extent::own};
      Figures quiet(judged, plan_, no_sink_);
      TRY_ASSIGN(own, quiet.figure(of));
      building = building || own.building;
      if (!own.has_data()) continue;
      const bool meets =
          own.value ? holds(have.comparator, *own.value, Decimal::whole(1), have.value, 1)
                    : holds(have.comparator, *own.numerator, *own.denominator, have.value, 100);
      if (!meets) continue;
      TRY_ASSIGN(record, deciding_record(judged, have, of));
      having.emplace(unit, record);
    }
    return having;
  }

  // The record that brought a unit's own figure to the threshold: the first, in order, after which
  // the comparator holds and goes on holding.
  Result<OrderKey> deciding_record(const Question& judged, const Have& have, const FigureOf& of) {
    std::vector<Contributor> contributors;
    const ContributorSink collect = [&](const Contributor& one) { contributors.push_back(one); };
    Figures collecting(judged, plan_, collect);
    TRY_DO(collecting.figure(of));
    std::sort(contributors.begin(), contributors.end(),
              [](const Contributor& a, const Contributor& b) { return a.record < b.record; });
    OrderKey decided = question_.tree().unit(of.unit).registration;
    Sum sum;
    const auto reached = [&] {
      const auto value = sum.decimal();
      return value && holds(have.comparator, *value, Decimal::whole(1), have.value, 1);
    };
    for (const Contributor& one : contributors) {
      if (one.role != Role::amount) continue;
      const bool held = reached();
      sum += one.amount;
      if (!held && reached()) decided = one.record;
    }
    return decided;
  }

  // Looks up to the reading day, not to the deadline: what is late is done, and late.
  Result<Figure> milestone(const MilestoneFormula& formula, const FigureOf& of, Window window) {
    Figure figure{.value = Decimal()};
    std::optional<Contributor> first;
    const auto offer = [&](const Contributor& one) {
      if (!first || std::pair(one.day, one.record) < std::pair(first->day, first->record)) {
        first = one;
      }
    };
    if (formula.where) {
      const SplitTerm term = milestone_term(formula);
      figure.building = is_building(question_, term);
      TRY_DO(visit_facts(question_, term, of.unit, window, of.extent,
                         [&](UnitIndex unit, const Fact& fact) {
                           offer({fact.origin(), fact.subject, question_.tree().unit(unit).id,
                                  fact.day, Role::amount, Decimal::whole(1)});
                         }));
    } else {
      TRY_DO(reports_done(formula, of, window, offer));
    }
    if (first) {
      figure.value = Decimal::whole(1);
      figure.done_on = first->day;
      figure.contributors = 1;
      give(*first);
    }
    return figure;
  }

  template <class Offer>
  Status reports_done(const MilestoneFormula& formula, const FigureOf& of, Window window,
                      const Offer& offer) {
    const Obligation* obligation = plan_.obligation(formula.obligation);
    ENSURE(obligation != nullptr, "a plan's references are checked when it is read");
    const Instance* instance = instance_of(*obligation, formula, of.due_window.value_or(of.window));
    if (instance == nullptr) return Done{};
    std::vector<UnitIndex> units = {of.unit};
    if (of.extent == Extent::subtree) units = question_.members(of.unit, {}, window.last);
    for (const UnitIndex unit : units) {
      TRY_ASSIGN(found, slot(question_, plan_, *obligation, *instance, unit));
      const bool done = found.state == Slot::State::on_time || found.state == Slot::State::late;
      if (!done || local_day(*found.first_at) > window.last) continue;
      offer(Contributor{*found.first_record,
                        {},
                        question_.tree().unit(unit).id,
                        local_day(*found.first_at),
                        Role::amount,
                        Decimal::whole(1)});
    }
    return Done{};
  }

  const Question& question_;
  const Plan& plan_;
  const ContributorSink& sink_;
  const ContributorSink no_sink_;
};

}  // namespace

Status visit_facts(const Question& question, const SplitTerm& term, UnitIndex unit, Window window,
                   Extent extent, const std::function<void(UnitIndex, const Fact&)>& visit) {
  const Tree& tree = question.tree();
  // However many of its organisers lie in a subtree, it counts an activity once.
  const bool credited = term.by_outcomes.front().kind == Term::Kind::credited;
  const bool once = credited && extent == Extent::subtree;
  std::set<SubjectKey> counted;
  // Conditions on the unit mean the organiser, in whose own figure a fact may not lie.
  const auto visit_credited = [&](UnitIndex of, Window days) -> Status {
    for (std::size_t outcomes = 0; outcomes < term.ids.size(); ++outcomes) {
      TRY_DO(question.rows().facts(
          term.ids[outcomes], tree.unit(of).id, days, question.moment(), [&](const Fact& fact) {
            const auto organiser = fact.elements.empty() ? of : tree.find(fact.elements.front());
            if (!organiser || outcomes_on(question, term, *organiser, fact.day) != outcomes) return;
            if (once && !counted.insert(fact.subject).second) return;
            visit(of, fact);
          }));
    }
    return Done{};
  };
  const auto visit_days = [&](UnitIndex of, Window days) -> Status {
    if (credited) return visit_credited(of, days);
    for (const TermDays& part : term_days(question, term, of, days)) {
      TRY_DO(question.rows().facts(*part.term, tree.unit(of).id, part.days, question.moment(),
                                   [&](const Fact& fact) { visit(of, fact); }));
    }
    return Done{};
  };
  if (extent == Extent::own) {
    for (const Window& days : tree.own_days(unit, window, question.mode())) {
      TRY_DO(visit_days(unit, days));
    }
    return Done{};
  }
  for (const UnitIndex of : tree.ever_below(unit)) {
    for (const Window& days : tree.days_below(of, unit, window, question.mode())) {
      TRY_DO(visit_days(of, days));
    }
  }
  return Done{};
}

std::string_view no_data_of_ratio(const Figure& figure) {
  if (!figure.numerator || !figure.denominator) return no_data_overflow;
  return figure.denominator->is_zero() ? "denominator_zero" : "";
}

Result<Figure> figure(const Question& question, const FigureOf& of, const ContributorSink& sink) {
  return Figures(question, of.plan, sink).figure(of);
}

std::string measure_of(const Indicator& indicator) {
  if (is_ratio(*indicator.formula)) return "percent";
  if (!indicator.measure.empty()) return indicator.measure;
  const auto* sum = std::get_if<SumFormula>(&indicator.formula->of);
  if (sum == nullptr) return "activities";
  return sum->of == SumFormula::Of::participants ? "visits"
         : sum->of == SumFormula::Of::cost       ? "million_vnd"
                                                 : "";
}

}  // namespace tiendo

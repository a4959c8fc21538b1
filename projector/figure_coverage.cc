// Coverage: of units or entities, those that have something, of all there are on A.
#include <algorithm>

#include "events/ensure.h"
#include "projector/figure_parts.h"

namespace tiendo {
namespace {

// The units of a coverage that have it, each with the record that decides.
using Having = std::map<UnitIndex, OrderKey>;

// Whether a unit's own figure meets a threshold. No data is not having it.
bool passes(const Have& have, const Figure& figure) {
  return figure.has_data() &&
         compare(have.comparator, false, have.value, figure) == Comparison::holds;
}

class Coverage {
 public:
  Coverage(const FigureCall& call, const CoverageFormula& formula)
      : call_(call),
        formula_(formula),
        members_(call.question.members(call.unit, formula.units, call.as_at())) {}

  Result<Figure> read() {
    TRY_ASSIGN(having, have(formula_.have));
    Figure& figure = figure_;
    if (members_.empty()) figure.no_data = no_data_no_units;
    std::set<OrderKey> records;
    const auto one = Decimal::whole(1);
    for (const UnitIndex unit : members_) {
      const Unit& member = call_.question.tree().unit(unit);
      records.insert(member.registration);
      call_.give({member.registration, {}, member.id, member.birth, Role::denominator, one});
      const auto decided = having.find(unit);
      if (decided == having.end()) {
        if (unknown_.contains(unit)) figure.unknown.push_back(member.id);
        continue;
      }
      records.insert(decided->second);
      call_.give({decided->second, {}, member.id, call_.as_at(), Role::numerator, one});
    }
    figure.numerator = Decimal::whole(static_cast<int64_t>(having.size()));
    figure.denominator = Decimal::whole(static_cast<int64_t>(members_.size()));
    figure.contributors = records.size();
    return std::move(figure_);
  }

 private:
  Result<Having> have(const Have& have) {
    switch (have.kind) {
      case Have::Kind::reached:
        return reached(have);
      case Have::Kind::threshold:
        return above_threshold(have);
      case Have::Kind::attribute:
        return with_attribute(have);
      case Have::Kind::entity:
        return with_entity(have);
      case Have::Kind::any:
      case Have::Kind::all:
        break;
    }
    const bool is_any = have.kind == Have::Kind::any;
    std::map<UnitIndex, std::pair<std::size_t, OrderKey>> counted;
    for (const Have& part : have.parts) {
      TRY_ASSIGN(having, this->have(part));
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

  // What was never said counts as not having it, and is listed.
  Having with_attribute(const Have& have) {
    Having having;
    for (const UnitIndex unit : members_) {
      const auto* said = call_.question.tree().attribute(unit, have.attribute, call_.as_at());
      if (said == nullptr) {
        unknown_.insert(unit);
      } else if (said->value == have.is) {
        having.emplace(unit, said->said);
      }
    }
    return having;
  }

  Result<Having> with_entity(const Have& have) {
    const Question as_reported = call_.question.as_reported();
    Having having;
    for (const UnitIndex unit : members_) {
      // A member's own on A, whatever tree the members are gathered by.
      FigureCall own = call_.for_unit(unit, Extent::own);
      const Window on_a{call_.as_at(), call_.as_at()};
      const Ground itself = {{}, as_reported.own_of(unit, on_a, Dividing::whole)};
      own.ground = &itself;
      TRY_ASSIGN(entities, entities_on(own, have.reg, have.only));
      for (const EntityStanding* entity : entities) {
        const OrderKey since = standing_since(*entity, call_.as_at());
        const auto [at, fresh] = having.emplace(unit, since);
        if (!fresh) at->second = std::min(at->second, since);
      }
    }
    return having;
  }

  // Named in reached_units of the activities that match: of one of them, or of each.
  Result<Having> reached(const Have& have) {
    const SplitTerm term = reached_term(have.reached_by);
    figure_.building = figure_.building || is_building(call_.question, term);
    std::map<std::string, std::pair<std::size_t, OrderKey>> reached;  // by unit id
    std::size_t activities = 0;
    const auto add = [&](const UnitDays&, const Fact& fact) {
      ++activities;
      for (const std::string& id : fact.elements) {
        const auto [at, fresh] = reached.emplace(id, std::pair(std::size_t{1}, fact.origin()));
        if (fresh) continue;
        ++at->second.first;
        at->second.second = std::min(at->second.second, fact.origin());
      }
    };
    if (have.by == Have::By::anyone) {
      TRY_DO(visit_all_facts(call_, term, add));
    } else {
      const Extent extent = have.by == Have::By::own ? Extent::own : Extent::subtree;
      TRY_DO(visit_facts(call_.for_unit(call_.unit, extent), term, Dividing::whole, add));
    }
    Having having;
    for (const UnitIndex unit : members_) {
      const auto found = reached.find(call_.id_of(unit));
      if (found == reached.end()) continue;
      if (have.mode == Have::Mode::each_of_them && found->second.first != activities) continue;
      having.emplace(unit, found->second.second);
    }
    return having;
  }

  // Units whose own figure over the window meets the comparator.
  Result<Having> above_threshold(const Have& have) {
    const Indicator* indicator = call_.plan.indicator(have.indicator);
    const Formula* formula = have.formula ? have.formula.get()
                             : indicator  ? indicator->formula.get()
                                          : nullptr;
    ENSURE(formula != nullptr, "a plan's references are checked when it is read");
    Having having;
    const Question judged = call_.question.judged_on(call_.as_at());
    for (const UnitIndex unit : members_) {
      const FigureCall inner{.question = judged,
                             .plan = call_.plan,
                             .formula = formula,
                             .indicator = have.formula ? call_.indicator : indicator->id,
                             .unit = unit,
                             .asked = call_.asked,
                             .window = call_.window,
                             .extent = Extent::own,
                             .due_window = call_.due_window};
      const FigureCall own = inner.of(*formula);
      TRY_ASSIGN(figure, figure_of(own));
      figure_.building = figure_.building || figure.building;
      if (!passes(have, figure)) continue;
      TRY_ASSIGN(decided, deciding_record(have, own));
      having.emplace(unit, decided.value_or(call_.question.tree().unit(unit).registration));
    }
    return having;
  }

  // The record that brought a unit's own figure to the threshold: of amounts the first, in order,
  // after which the comparator holds and goes on holding; of anything else the last it rests on.
  Result<std::optional<OrderKey>> deciding_record(const Have& have, FigureCall own) {
    std::vector<Contributor> contributors;
    const ContributorSink collect = [&](const Contributor& one) { contributors.push_back(one); };
    own.sink = &collect;
    TRY_DO(figure_of(own));
    std::sort(contributors.begin(), contributors.end(),
              [](const Contributor& a, const Contributor& b) { return a.record < b.record; });
    std::optional<OrderKey> decided;
    Sum sum;
    const auto reached = [&] {
      const auto value = sum.decimal();
      return value && holds(have.comparator, *value, Decimal::whole(1), have.value, 1);
    };
    for (const Contributor& one : contributors) {
      if (one.role == Role::numerator || one.role == Role::denominator) decided = one.record;
      if (one.role != Role::amount) continue;
      const bool held = reached();
      sum += one.amount;
      if (!held && reached()) decided = one.record;
    }
    return decided;
  }

  const FigureCall& call_;
  const CoverageFormula& formula_;
  std::vector<UnitIndex> members_;
  std::set<UnitIndex> unknown_;
  Figure figure_;
};

// The ids that activities of the window named, whoever held them, by the first that did.
Result<const ReadOnce::Named*> named(const FigureCall& call, const SplitTerm& term) {
  std::string key;
  for (const TermId& id : term.ids) key += id.view();
  return call.question.once().named(
      key, call.window, [&](const std::function<void(const Fact&)>& visit) {
        return visit_all_facts(call, term, [&](const UnitDays&, const Fact& fact) { visit(fact); });
      });
}

}  // namespace

Result<Figure> coverage_figure(const FigureCall& call, const CoverageFormula& formula) {
  return Coverage(call, formula).read();
}

Result<Figure> register_coverage_figure(const FigureCall& call,
                                        const RegisterCoverageFormula& formula) {
  const FigureCall below = call.for_unit(call.unit, Extent::subtree);
  TRY_ASSIGN(entities, entities_on(below, formula.reg, formula.only));
  Figure figure;
  const ReadOnce::Named* names = nullptr;
  if (formula.named_by) {
    const SplitTerm term = named_term(formula);
    figure.building = is_building(call.question, term);
    TRY_ASSIGN(found, named(call, term));
    names = found;
  }
  std::set<OrderKey> records;
  int64_t having = 0;
  const auto one = Decimal::whole(1);
  for (const EntityStanding* entity : entities) {
    const std::string& unit = holding(entity->units, call.as_at())->value;
    records.insert(entity->registration);
    call.give({entity->registration, entity->subject, unit, entity->existence.front().day,
               Role::denominator, one});
    OrderKey decided = standing_since(*entity, call.as_at());
    if (names != nullptr) {
      const auto found = names->find(entity->entity);
      if (found == names->end()) continue;
      decided = found->second;
    } else if (!entity_matches(call.question, *entity, formula.have, call.as_at())) {
      continue;
    }
    ++having;
    records.insert(decided);
    call.give({decided, entity->subject, unit, call.as_at(), Role::numerator, one});
  }
  figure.numerator = Decimal::whole(having);
  figure.denominator = Decimal::whole(static_cast<int64_t>(entities.size()));
  figure.contributors = records.size();
  if (entities.empty()) figure.no_data = no_data_no_units;
  return figure;
}

}  // namespace tiendo

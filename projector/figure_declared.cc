// Figures of what is declared to be so: entities of registers, attributes, ranks, money.
#include <algorithm>

#include "projector/figure_parts.h"

namespace tiendo {
namespace {

bool is_one_of(const Scalar& value, const std::vector<Scalar>& values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// The calendar years that a window touches; a statutory year begins in December before.
std::set<int> years_of(const Plan& plan, Window window) {
  constexpr int32_t days_to_new_year = 17;
  const auto year = [&](Day day) {
    return to_date(plan.statutory ? Day{day.number + days_to_new_year} : day).year;
  };
  std::set<int> years;
  if (window.empty()) return years;
  for (int one = year(window.first); one <= year(window.last); ++one) years.insert(one);
  return years;
}

bool is_named(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What the plan's own table has for the lines, level and years.
std::optional<Decimal> planned(const Plan& plan, const MoneyFormula& formula,
                               const std::set<int>& years) {
  std::optional<Decimal> sum;
  for (const BudgetRow& row : plan.budget) {
    if (!is_named(formula.lines, row.line)) continue;
    if (!formula.level.empty() && row.level != formula.level) continue;
    for (const auto& [year, amount] : row.years) {
      if (years.contains(year)) sum = sum.value_or(Decimal()) + amount;
    }
  }
  return sum;
}

}  // namespace

bool entity_matches(const Question& question, const EntityStanding& entity, const Filter& where,
                    Day day) {
  const auto unit = unit_of(question.tree(), entity, day);
  return matches(where, [&](std::string_view field, const std::vector<Scalar>& values) {
    constexpr std::string_view flag = "flag.";
    if (field.starts_with(flag)) {
      const auto said = entity.flags.find(field.substr(flag.size()));
      if (said == entity.flags.end()) return false;
      const auto* now = holding(said->second, day);
      return now != nullptr && is_one_of(now->value, values);
    }
    const Filter of_unit{
        .kind = Filter::Kind::field, .field = std::string(field), .values = values};
    return unit && field.starts_with("unit.") && question.unit_matches(*unit, of_unit, day);
  });
}

std::optional<UnitIndex> unit_of(const Tree& tree, const EntityStanding& entity, Day day) {
  if (!entity.exists(day)) return std::nullopt;
  const auto* unit = holding(entity.units, day);
  return unit == nullptr ? std::nullopt : tree.find(unit->value);
}

OrderKey standing_since(const EntityStanding& entity, Day day) {
  OrderKey last = entity.registration;
  const auto take = [&](const auto& history) {
    if (const auto* now = holding(history, day)) last = std::max(last, now->said);
  };
  take(entity.existence);
  take(entity.units);
  for (const auto& [key, history] : entity.flags) take(history);
  return last;
}

Result<std::vector<const EntityStanding*>> entities_on(const FigureCall& call,
                                                       const std::string& reg, const Filter& only) {
  TRY_ASSIGN(all, call.question.once().entities(reg));
  std::vector<const EntityStanding*> found;
  const Day day = call.as_at();
  for (const UnitDays& place : call.places_on(day, Dividing::whole)) {
    const UnitIndex unit = place.unit;
    const auto own = all->by_unit.find(call.id_of(unit));
    if (own == all->by_unit.end()) continue;
    for (const std::size_t index : own->second) {
      const EntityStanding& entity = all->entities[index];
      if (unit_of(call.question.tree(), entity, day) != unit) continue;
      if (entity_matches(call.question, entity, only, day)) found.push_back(&entity);
    }
  }
  return found;
}

Result<Figure> gauge_figure(const FigureCall& call, const GaugeFormula& formula) {
  TRY_ASSIGN(entities, entities_on(call, formula.reg, formula.only));
  const auto one = Decimal::whole(1);
  for (const EntityStanding* entity : entities) {
    call.give({entity->registration, entity->subject, holding(entity->units, call.as_at())->value,
               entity->existence.front().day, call.role, one});
  }
  return Figure{.value = Decimal::whole(static_cast<int64_t>(entities.size())),
                .contributors = entities.size()};
}

Result<Figure> state_figure(const FigureCall& call, const StateFormula& formula) {
  const FigureCall own = call.for_unit(call.unit, Extent::own);
  const auto one = Decimal::whole(1);
  const std::string& id = call.id_of(call.unit);
  if (formula.attribute.empty()) {
    TRY_ASSIGN(entities, entities_on(own, formula.reg, formula.only));
    if (entities.empty()) return Figure{.value = Decimal()};
    const EntityStanding* first =
        *std::min_element(entities.begin(), entities.end(), [&](const auto* a, const auto* b) {
          return standing_since(*a, call.as_at()) < standing_since(*b, call.as_at());
        });
    call.give(
        {standing_since(*first, call.as_at()), first->subject, id, call.as_at(), call.role, one});
    return Figure{.value = one, .contributors = 1};
  }
  const auto* said = call.question.tree().attribute(call.unit, formula.attribute, call.as_at());
  if (said == nullptr) return Figure{.no_data = std::string(no_data_nothing_said)};
  if (said->value != formula.is) {
    call.give({said->said, {}, id, said->day, call.role, Decimal()});
    return Figure{.value = Decimal()};
  }
  call.give({said->said, {}, id, said->day, call.role, one});
  return Figure{.value = one, .contributors = 1};
}

Result<const StatisticStanding*> statistic_on(const FigureCall& call, const std::string& statistic,
                                              UnitIndex unit, Window days) {
  TRY_ASSIGN(all, call.question.once().statistics(statistic, unit));
  const StatisticStanding* last = nullptr;
  for (const StatisticStanding& one : *all) {
    if (!one.value || !days.contains(one.as_at)) continue;
    if (last == nullptr || one.as_at >= last->as_at) last = &one;
  }
  return last;
}

Result<Figure> rank_figure(const FigureCall& call, const RankFormula& formula) {
  TRY_ASSIGN(last, statistic_on(call, formula.statistic, call.unit, {day_min, call.as_at()}));
  if (last == nullptr) return Figure{.no_data = std::string(no_data_nothing_said)};
  call.give({last->origin(), last->subject, last->unit, last->as_at, call.role, *last->value});
  return Figure{.value = last->value, .contributors = last->value->is_zero() ? 0u : 1u};
}

Result<Figure> money_figure(const FigureCall& call, const MoneyFormula& formula) {
  const std::set<int> years = years_of(call.plan, call.asked);
  FigureCall any_day = call;
  any_day.window = {day_min, call.question.moment().today()};
  Figure figure{.planned = planned(call.plan, formula, years)};
  Sum allocated;
  Sum spent;
  bool is_allocated = false;
  for (const UnitDays& place : any_day.places(Dividing::divided)) {
    const Unit& unit = call.question.tree().unit(place.unit);
    if (!formula.level.empty() && unit.level != formula.level) continue;
    TRY_ASSIGN(rows, call.question.once().money(call.plan.id, place.unit));
    for (const MoneyStanding& row : *rows) {
      if (!row.amount || !is_named(formula.lines, row.line) || !years.contains(row.year)) continue;
      if (!place.days.contains(row.day)) continue;
      is_allocated = is_allocated || !row.is_spent;
      const Decimal amount = place.portion.of(*row.amount);
      (row.is_spent ? spent : allocated) += amount;
      figure.apportioned = figure.apportioned || !place.portion.is_whole();
      if (!row.is_spent && !amount.is_zero()) ++figure.contributors;
      call.give({row.origin(), row.subject, unit.id, row.day,
                 row.is_spent ? Role::spent : call.role, amount, place.portion.share(),
                 *row.amount});
    }
  }
  figure.spent = spent.decimal();
  if (!is_allocated) {
    figure.no_data = no_data_nothing_said;
    return figure;
  }
  figure.value = allocated.decimal();
  if (!figure.value || !figure.spent) figure.no_data = no_data_overflow;
  if (figure.has_data() && *figure.spent > *figure.value) figure.findings.emplace("over_spent");
  return figure;
}

}  // namespace tiendo

// Folds of what is declared to hold. Here a record that waits waits alone: what was said before it
// holds until it is released.
#include <algorithm>
#include <tuple>

#include "projector/subject_fold.h"

namespace tiendo {
namespace {

const MoneySaid& money_of(const Statement& statement) {
  return std::get<MoneySaid>(statement.said);
}

std::optional<Decimal> value_of(const Statement& statement) {
  return std::get<StatisticSaid>(statement.said).value;
}

// A statement that replaces those before it.
struct Saying {
  OrderKey from;  // has effect from there on
  const Statement* statement;
  bool is_base = false;  // comes before all others, whatever its place
};

// What is in force from which record on: of those that have effect the last said.
std::vector<Step<const Statement*>> last_said(std::vector<Saying> sayings) {
  const auto rank = [](const Saying& one) { return std::pair(!one.is_base, one.statement->key); };
  std::sort(sayings.begin(), sayings.end(), [&](const Saying& a, const Saying& b) {
    return std::pair(a.from, rank(a)) < std::pair(b.from, rank(b));
  });
  std::vector<Step<const Statement*>> steps;
  const Saying* last = nullptr;
  for (const Saying& saying : sayings) {
    if (last != nullptr && rank(saying) < rank(*last)) continue;
    last = &saying;
    if (!steps.empty() && steps.back().from == saying.from) steps.pop_back();
    steps.push_back({saying.from, saying.statement});
  }
  return steps;
}

// What is heard, and of units that are known.
Heard effective(const Heard& heard, const Reference& reference) {
  Heard effective{.statements = heard.statements, .in_place = false};
  for (std::size_t i = 0; i < heard.statements.size(); ++i) {
    const Statement& statement = *heard.statements[i];
    std::vector<OrderKey>& turns = effective.turns.emplace_back();
    const auto known = effective_from(statement, unit_of(statement), reference);
    if (!known) continue;
    // What ends before the unit is known never was.
    for (const OrderKey& turn : heard.turns[i]) {
      turns.push_back(std::max(turn, *known));
      const std::size_t count = turns.size();
      if (count % 2 == 0 && turns[count - 1] == turns[count - 2]) turns.resize(count - 2);
    }
  }
  return effective;
}

// The same where not everyone may speak; none while nothing holds.
std::vector<Step<const Statement*>> last_heard(const Heard& effective) {
  using Known = std::vector<const Statement*>;
  return steps_of<const Statement*>(effective, [](const Known& known) -> const Statement* {
    const auto base = std::find_if(known.begin(), known.end(), [](const Statement* statement) {
      const auto* money = std::get_if<MoneySaid>(&statement->said);
      return money == nullptr || money->what != MoneySaid::What::corrected;
    });
    if (base == known.end()) return nullptr;
    // The base comes before all others, whatever its place.
    const bool base_came_last = std::next(base) == known.end() && base != known.begin();
    return base_came_last ? *std::prev(base) : known.back();
  });
}

std::optional<OrderKey> said_by(const Step<const Statement*>& step) {
  const bool is_its_own = step.standing == nullptr || step.standing->key == step.from;
  return is_its_own ? std::nullopt : std::optional(step.standing->key);
}

void note_unit(Needs& needs, const Statement& statement, const std::string& unit,
               const Reference& reference) {
  needs.note(statement.key, HeldFor::unit, unit, reference.unit_known_from(unit), "unit_unknown",
             true);
}

}  // namespace

std::optional<OrderKey> effective_from(const Statement& statement, const std::string& unit,
                                       const Reference& reference) {
  const auto known = reference.unit_known_from(unit);
  return known ? std::optional(std::max(*known, statement.key)) : std::nullopt;
}

Derived fold_entity(const SubjectKey& subject, std::span<const Statement* const> statements,
                    const Reference& reference) {
  Derived derived;
  Needs needs(subject, derived.rows);
  const auto heard = heard_of(statements, reference);
  needs.note_unheard(statements, heard);
  const auto known = heard_at_last(statements, heard);
  const bool is_registered = std::any_of(known.begin(), known.end(), [](const Statement* one) {
    return std::get<EntitySaid>(one->said).what == EntitySaid::What::registered;
  });
  const auto of_known_units = heard ? std::optional(effective(*heard, reference)) : std::nullopt;
  for (const Statement* statement : statements) {
    const auto& said = std::get<EntitySaid>(statement->said);
    if (!is_registered && (!heard || heard->hears(statement))) {
      needs.row(statement->key, HeldFor::base, said.entity, "entity_unknown");
    }
    if (!is_registered && !heard) continue;
    note_unit(needs, *statement, said.unit, reference);
    std::vector<OrderKey> turns;
    if (heard) {
      turns = of_known_units->turns_of(statement);
    } else if (const auto from = effective_from(*statement, said.unit, reference)) {
      turns = {*from};
    }
    if (turns.empty()) continue;
    const EntityRow row{
        subject, statement->key, turns.front(), said, {turns.begin() + 1, turns.end()}};
    derived.rows.push_back({view_family::declared, entity_key(row), entity_value(row)});
  }
  return derived;
}

Derived fold_statistic(const SubjectKey& subject, std::span<const Statement* const> statements,
                       const Reference& reference) {
  Derived derived;
  Needs needs(subject, derived.rows);
  const auto heard = heard_of(statements, reference);
  needs.note_unheard(statements, heard);
  std::vector<Saying> sayings;
  for (const Statement* statement : statements) {
    const auto& said = std::get<StatisticSaid>(statement->said);
    note_unit(needs, *statement, said.unit, reference);
    const auto from = effective_from(*statement, said.unit, reference);
    if (from) sayings.push_back({*from, statement});
  }
  for (const Step<const Statement*>& step :
       heard ? last_heard(effective(*heard, reference)) : last_said(std::move(sayings))) {
    const auto& said = std::get<StatisticSaid>(statements.front()->said);
    const StatisticStanding row{
        .from = step.from,
        .said_by = said_by(step),
        .subject = subject,
        .unit = said.unit,
        .as_at = said.as_at,
        .value = step.standing == nullptr ? std::nullopt : value_of(*step.standing)};
    derived.rows.push_back(
        {view_family::declared, statistic_key(said.statistic, row), statistic_value(row)});
  }
  return derived;
}

Derived fold_money(const SubjectKey& subject, std::span<const Statement* const> statements,
                   const Reference& reference) {
  Derived derived;
  Needs needs(subject, derived.rows);
  const auto heard = heard_of(statements, reference);
  needs.note_unheard(statements, heard);
  const auto known = heard_at_last(statements, heard);
  const auto base = std::find_if(known.begin(), known.end(), [](const Statement* statement) {
    return money_of(*statement).what != MoneySaid::What::corrected;
  });
  std::vector<Saying> sayings;
  for (const Statement* statement : statements) {
    const MoneySaid& said = money_of(*statement);
    if (base == known.end()) {
      const bool waits_for_it = !heard || heard->hears(statement);
      if (waits_for_it) needs.row(statement->key, HeldFor::base, said.entry, "expense_unknown");
      if (waits_for_it || !heard) continue;
    }
    note_unit(needs, *statement, said.unit, reference);
    const auto from = effective_from(*statement, said.unit, reference);
    if (!heard && from) {
      sayings.push_back({std::max(*from, (*base)->key), statement, statement == *base});
    }
  }
  const auto write = [&](const MoneySaid& at, MoneyStanding row) {
    row.unit = at.unit;
    derived.rows.push_back({view_family::declared, money_key(at.plan, row), money_value(row)});
  };
  const MoneySaid* before = nullptr;
  for (const Step<const Statement*>& step :
       heard ? last_heard(effective(*heard, reference)) : last_said(std::move(sayings))) {
    if (step.standing == nullptr && before == nullptr) continue;
    const MoneySaid& said = step.standing == nullptr ? *before : money_of(*step.standing);
    MoneyStanding row{.from = step.from,
                      .said_by = said_by(step),
                      .subject = subject,
                      .is_spent = said.what != MoneySaid::What::allocated,
                      .line = said.line,
                      .year = said.year,
                      .day = said.day};
    if (before != nullptr && std::tie(before->plan, before->unit) != std::tie(said.plan, said.unit))
      write(*before, row);
    if (step.standing != nullptr) row.amount = said.amount;
    write(said, std::move(row));
    before = step.standing == nullptr ? nullptr : &said;
  }
  return derived;
}

}  // namespace tiendo

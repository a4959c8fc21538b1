// Folds of what is declared to hold. Here a record that waits waits alone: what was said before it
// holds until it is released.
#include <algorithm>
#include <map>
#include <set>
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

// The same where not everyone may speak; none while nothing holds.
std::vector<Step<const Statement*>> last_heard(const std::vector<Heard>& effective) {
  std::vector<Step<const Statement*>> steps;
  for (const Heard& now : effective) {
    const auto base =
        std::find_if(now.statements.begin(), now.statements.end(), [](const Statement* statement) {
          const auto* money = std::get_if<MoneySaid>(&statement->said);
          return money == nullptr || money->what != MoneySaid::What::corrected;
        });
    const Statement* last = base == now.statements.end() ? nullptr : now.statements.back();
    // The base comes before all others, whatever its place.
    if (last != nullptr && last == *base && base != now.statements.begin()) last = *std::prev(base);
    if (steps.empty() ? last == nullptr : steps.back().standing == last) continue;
    steps.push_back({now.from, last});
  }
  return steps;
}

// What is heard, and of units that are known.
std::vector<Heard> effective(const std::vector<Heard>& heard, const Reference& reference) {
  std::set<OrderKey> points;
  std::map<const Statement*, OrderKey> known_from;
  for (const Heard& now : heard) {
    points.insert(now.from);
    for (const Statement* statement : now.statements) {
      const auto from = effective_from(*statement, unit_of(*statement), reference);
      if (!from) continue;
      known_from.emplace(statement, *from);
      points.insert(std::max(*from, heard.front().from));
    }
  }
  std::vector<Heard> out;
  auto now = heard.begin();
  for (const OrderKey& point : points) {
    while (std::next(now) != heard.end() && std::next(now)->from <= point) ++now;
    Heard known{.from = point};
    for (const Statement* statement : now->statements) {
      const auto from = known_from.find(statement);
      if (from != known_from.end() && from->second <= point) known.statements.push_back(statement);
    }
    out.push_back(std::move(known));
  }
  return out;
}

// From which record on a statement has effect, and from which on it has not, and so on.
std::vector<OrderKey> turns_of(const std::vector<Heard>& effective, const Statement* statement) {
  std::vector<OrderKey> turns;
  for (const Heard& now : effective) {
    const bool holds =
        std::find(now.statements.begin(), now.statements.end(), statement) != now.statements.end();
    if (holds != (turns.size() % 2 == 1)) turns.push_back(now.from);
  }
  return turns;
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
  const std::vector<Heard> of_known_units =
      heard ? effective(*heard, reference) : std::vector<Heard>();
  for (const Statement* statement : statements) {
    const auto& said = std::get<EntitySaid>(statement->said);
    if (!is_registered && (!heard || is_heard(*heard, statement))) {
      needs.row(statement->key, HeldFor::base, said.entity, "entity_unknown");
    }
    if (!is_registered && !heard) continue;
    note_unit(needs, *statement, said.unit, reference);
    std::vector<OrderKey> turns;
    if (heard) {
      turns = turns_of(of_known_units, statement);
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
      const bool waits_for_it = !heard || is_heard(*heard, statement);
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

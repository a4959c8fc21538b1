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

std::optional<OrderKey> said_by(const Step<const Statement*>& step) {
  return step.standing->key == step.from ? std::nullopt : std::optional(step.standing->key);
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
  const bool is_registered =
      std::any_of(statements.begin(), statements.end(), [](const Statement* one) {
        return std::get<EntitySaid>(one->said).what == EntitySaid::What::registered;
      });
  for (const Statement* statement : statements) {
    const auto& said = std::get<EntitySaid>(statement->said);
    if (!is_registered) {
      needs.row(statement->key, HeldFor::base, said.entity, "entity_unknown");
      continue;
    }
    note_unit(needs, *statement, said.unit, reference);
    const auto from = effective_from(*statement, said.unit, reference);
    if (!from) continue;
    const EntityRow row{subject, statement->key, *from, said};
    derived.rows.push_back({view_family::declared, entity_key(row), entity_value(row)});
  }
  return derived;
}

Derived fold_statistic(const SubjectKey& subject, std::span<const Statement* const> statements,
                       const Reference& reference) {
  Derived derived;
  Needs needs(subject, derived.rows);
  std::vector<Saying> sayings;
  for (const Statement* statement : statements) {
    const auto& said = std::get<StatisticSaid>(statement->said);
    note_unit(needs, *statement, said.unit, reference);
    const auto from = effective_from(*statement, said.unit, reference);
    if (from) sayings.push_back({*from, statement});
  }
  for (const Step<const Statement*>& step : last_said(std::move(sayings))) {
    const auto& said = std::get<StatisticSaid>(step.standing->said);
    const StatisticStanding row{.from = step.from,
                                .said_by = said_by(step),
                                .subject = subject,
                                .unit = said.unit,
                                .as_at = said.as_at,
                                .value = said.value};
    derived.rows.push_back(
        {view_family::declared, statistic_key(said.statistic, row), statistic_value(row)});
  }
  return derived;
}

Derived fold_money(const SubjectKey& subject, std::span<const Statement* const> statements,
                   const Reference& reference) {
  Derived derived;
  Needs needs(subject, derived.rows);
  const auto base =
      std::find_if(statements.begin(), statements.end(), [](const Statement* statement) {
        return money_of(*statement).what != MoneySaid::What::corrected;
      });
  std::vector<Saying> sayings;
  for (const Statement* statement : statements) {
    const MoneySaid& said = money_of(*statement);
    if (base == statements.end()) {
      needs.row(statement->key, HeldFor::base, said.entry, "expense_unknown");
      continue;
    }
    note_unit(needs, *statement, said.unit, reference);
    const auto from = effective_from(*statement, said.unit, reference);
    if (from) sayings.push_back({std::max(*from, (*base)->key), statement, statement == *base});
  }
  const auto write = [&](const MoneySaid& at, MoneyStanding row) {
    row.unit = at.unit;
    derived.rows.push_back({view_family::declared, money_key(at.plan, row), money_value(row)});
  };
  const MoneySaid* before = nullptr;
  for (const Step<const Statement*>& step : last_said(std::move(sayings))) {
    const MoneySaid& said = money_of(*step.standing);
    MoneyStanding row{.from = step.from,
                      .said_by = said_by(step),
                      .subject = subject,
                      .is_spent = said.what != MoneySaid::What::allocated,
                      .line = said.line,
                      .year = said.year,
                      .day = said.day};
    if (before != nullptr && std::tie(before->plan, before->unit) != std::tie(said.plan, said.unit))
      write(*before, row);
    row.amount = said.amount;
    write(said, std::move(row));
    before = &said;
  }
  return derived;
}

}  // namespace tiendo

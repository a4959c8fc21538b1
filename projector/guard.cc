#include "projector/guard.h"

#include <algorithm>

#include "events/ensure.h"

namespace tiendo {
namespace {

std::size_t place_of(EventType type) {
  const auto place = static_cast<std::size_t>(type);
  ENSURE(place < 64, "types of events fit the set of a grant");
  return place;
}

}  // namespace

bool Guard::Act::covers(EventType type, const std::vector<std::string>& ids) const {
  if (!types.test(place_of(type))) return false;
  return all_units ||
         std::any_of(ids.begin(), ids.end(), [&](const auto& id) { return units.contains(id); });
}

Guard::Act Guard::read_act(const Statement& statement) {
  const auto& said = std::get<GrantSaid>(statement.said);
  Act act{.key = statement.key, .is_grant = said.what == GrantSaid::What::granted};
  act.units.insert(said.units.begin(), said.units.end());
  act.all_units = act.units.contains("*") || (act.units.empty() && !act.is_grant);
  if (said.types.empty()) act.types.set();
  for (const TypeSpec& spec : vocabulary()) {
    const bool named =
        std::find(said.types.begin(), said.types.end(), spec.name) != said.types.end();
    if (named) act.types.set(place_of(spec.type));
  }
  return act;
}

// A grant counts for a record if no revocation that covers the same lies between the two.
bool Guard::allows(const std::vector<Act>& acts, const Statement& record,
                   const std::vector<std::string>& ids, const OrderKey& known) const {
  bool granted_before = false;
  for (const Act& act : acts) {
    if (act.key > known) break;
    const bool is_after = act.key > record.key;
    if (is_after && granted_before) return true;
    if (!act.covers(record.type, ids)) continue;
    if (is_after) return act.is_grant;
    granted_before = act.is_grant;
  }
  return granted_before;
}

Guard::Cover Guard::cover(const Statement& record, const std::string& unit,
                          const OrderKey& known) const {
  if (record.key < first_) return {.covered = true};
  const auto found = acts_.find(record.source);
  if (found == acts_.end()) return {};
  Cover cover;
  for (const Act& act : found->second) {
    if (act.key <= known || !act.is_grant) continue;
    cover.changes = act.key;
    break;
  }
  const bool units_matter = std::any_of(
      found->second.begin(), found->second.end(),
      [&](const Act& act) { return !act.all_units && act.types.test(place_of(record.type)); });
  std::vector<std::string> ids;
  if (units_matter) {
    auto standing = lineage_.standing(unit, local_day(record.key.recorded_at), known);
    ids = std::move(standing.ids);
    if (standing.changes && (!cover.changes || *standing.changes < *cover.changes)) {
      cover.changes = standing.changes;
    }
  }
  cover.covered = allows(found->second, record, ids, known);
  return cover;
}

std::optional<OrderKey> Guard::unit_statement_from(const OrderKey& statement) const {
  const auto found = unit_statements_.find(statement);
  return found == unit_statements_.end() ? std::nullopt : std::optional(found->second);
}

// What is said of units decides where they stand, and so who may speak of them. It is therefore
// judged step by step, by what had effect before it.
class Guard::UnitStatements {
 public:
  explicit UnitStatements(Guard& guard) : guard_(guard) {}

  void take(const Statement& statement) {
    now_ = statement.key;
    const auto* grant = std::get_if<GrantSaid>(&statement.said);
    if (!units_of(statement).empty()) {
      try_one(&statement);
    } else if (grant != nullptr && grant->what == GrantSaid::What::granted) {
      const auto waiting = by_source_.find(grant->source);
      if (waiting != by_source_.end()) try_again(waiting->second);
    }
    while (!open_.empty()) {
      const Statement* next = *open_.begin();
      open_.erase(open_.begin());
      try_one(next);
    }
  }

 private:
  struct ByKey {
    bool operator()(const Statement* a, const Statement* b) const { return a->key < b->key; }
  };
  using Waiting = std::set<const Statement*, ByKey>;

  void try_again(Waiting& waiting) {
    open_.merge(waiting);
    waiting.clear();
  }

  void try_one(const Statement* statement) {
    if (guard_.unit_statements_.contains(statement->key)) return;
    std::vector<std::string> asked;
    if (may_speak(*statement, asked)) {
      guard_.unit_statements_.emplace(statement->key, now_);
      guard_.lineage_.add(*statement, now_);
      for (const std::string& unit : units_of(*statement)) {
        const auto waiting = by_unit_.find(unit);
        if (waiting != by_unit_.end()) try_again(waiting->second);
      }
      return;
    }
    by_source_[statement->source].insert(statement);
    for (const std::string& unit : asked) by_unit_[unit].insert(statement);
  }

  // The units that a statement is about.
  static std::set<std::string> units_of(const Statement& statement) {
    if (const auto* said = std::get_if<UnitSaid>(&statement.said)) return {said->unit};
    const auto* succession = std::get_if<SuccessionSaid>(&statement.said);
    return succession != nullptr ? succession->units() : std::set<std::string>();
  }

  bool may_speak(const Statement& statement, std::vector<std::string>& asked) const {
    const auto* said = std::get_if<UnitSaid>(&statement.said);
    return said != nullptr ? may_speak(statement, *said, asked) : may_succeed(statement, asked);
  }

  // A merge or split waits for all its units, and is about all of them.
  bool may_succeed(const Statement& statement, std::vector<std::string>& asked) const {
    const Day day = local_day(statement.key.recorded_at);
    const auto acts = guard_.acts_.find(statement.source);
    bool may = true;
    for (const std::string& unit : units_of(statement)) {
      Lineage::Standing standing = guard_.lineage_.standing(unit, day, now_);
      may = may && guard_.lineage_.knows(unit, now_);
      if (statement.key >= guard_.first_) {
        may = may && acts != guard_.acts_.end() &&
              guard_.allows(acts->second, statement, standing.ids, now_);
      }
      asked.push_back(unit);
      asked.insert(asked.end(), standing.asked.begin(), standing.asked.end());
    }
    return may;
  }

  // A unit that is not known yet is covered where its registration puts it.
  bool may_speak(const Statement& statement, const UnitSaid& said,
                 std::vector<std::string>& asked) const {
    if (statement.key < guard_.first_) return true;
    const auto acts = guard_.acts_.find(statement.source);
    if (acts == guard_.acts_.end()) return false;
    const Day day = local_day(statement.key.recorded_at);
    Lineage::Standing standing = guard_.lineage_.standing(said.unit, day, now_);
    const bool is_new =
        said.what == UnitSaid::What::registered && !guard_.lineage_.knows(said.unit, now_);
    if (is_new && said.parent) {
      Lineage::Standing above = guard_.lineage_.standing(*said.parent, day, now_);
      standing.ids.insert(standing.ids.end(), above.ids.begin(), above.ids.end());
      standing.asked.insert(standing.asked.end(), above.asked.begin(), above.asked.end());
    }
    asked = std::move(standing.asked);
    return guard_.allows(acts->second, statement, standing.ids, now_);
  }

  Guard& guard_;
  OrderKey now_;
  std::map<std::string, Waiting> by_source_;
  std::map<std::string, Waiting> by_unit_;  // by units their standing depends on
  Waiting open_;                            // to be tried again
};

std::unique_ptr<const Guard> Guard::of(
    const std::vector<std::shared_ptr<const Statement>>& statements) {
  std::unique_ptr<Guard> guard(new Guard());
  bool is_open = true;  // nothing was granted yet
  for (const auto& statement : statements) {
    const auto* said = std::get_if<GrantSaid>(&statement->said);
    if (said == nullptr) continue;
    const Act act = read_act(*statement);
    if (act.is_grant && is_open) guard->first_ = act.key;
    is_open = is_open && !act.is_grant;
    guard->acts_[said->source].push_back(act);
  }
  if (is_open) return nullptr;
  UnitStatements of_units(*guard);
  for (const auto& statement : statements) {
    const bool of_a_plan = std::holds_alternative<PlanSaid>(statement->said) ||
                           std::holds_alternative<PublicationSaid>(statement->said);
    if (!of_a_plan) of_units.take(*statement);
  }
  return guard;
}

}  // namespace tiendo

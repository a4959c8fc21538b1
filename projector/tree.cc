#include "projector/tree.h"

#include <algorithm>
#include <map>
#include <set>

namespace tiendo {
namespace {

// The entry in force on `day`; before the first one, the first.
template <class Entries>
auto& in_force(const Entries& entries, Day day) {
  auto after = std::upper_bound(entries.begin(), entries.end(), day,
                                [](Day wanted, const auto& one) { return wanted < one.day; });
  return after == entries.begin() ? entries.front() : *std::prev(after);
}

// Takes into the histories of a unit's properties what a record says of it.
void say_of(Unit& unit, const UnitSaid& said, const OrderKey& key) {
  using What = UnitSaid::What;
  const What what = said.what;
  if (what == What::registered || what == What::renamed) {
    say(unit.names, {said.effective, key, said.name});
  }
  if (what == What::registered || what == What::moved) {
    say(unit.parents, {said.effective, key, said.parent});
  }
  for (const auto& [attribute, value] : said.attributes) {
    say(unit.attributes[attribute], {said.effective, key, value});
  }
}

}  // namespace

Tree::Tree(const std::vector<const Statement*>& statements) {
  build_units(statements);
  build_edges();
  build_lives(statements);
  build_standings();
}

void Tree::build_units(const std::vector<const Statement*>& statements) {
  struct Said {
    std::optional<OrderKey> known_from;
    const Statement* registration = nullptr;
    std::vector<const Statement*> changes;
  };
  std::map<std::string, Said> by_id;
  for (const Statement* statement : statements) {
    const auto* said = std::get_if<UnitSaid>(&statement->said);
    if (said == nullptr) continue;
    Said& all = by_id[said->unit];
    if (said->what == UnitSaid::What::registered) {
      if (!all.known_from) all.known_from = statement->key;
      all.registration = statement;
    }
    all.changes.push_back(statement);
  }
  for (const auto& [id, all] : by_id) {
    if (all.registration == nullptr) continue;  // spoken of, and not known
    const auto& born = std::get<UnitSaid>(all.registration->said);
    Unit unit{.id = id,
              .known_from = *all.known_from,
              .registration = all.registration->key,
              .birth = born.effective,
              .kind = born.kind,
              .level = born.level,
              .organisation = born.organisation,
              .codes = born.codes};
    for (const Statement* change : all.changes) {
      const auto& said = std::get<UnitSaid>(change->said);
      const bool restated =
          said.what == UnitSaid::What::registered && change != all.registration;  // by a later one
      if (!restated) say_of(unit, said, change->key);
    }
    by_id_.emplace(id, static_cast<UnitIndex>(units_.size()));
    units_.push_back(std::move(unit));
  }
}

// Goes through the days on which some parent changes. Only a unit whose edge changes, or whose edge
// is void at the moment, can be on a loop that was not there before. Of a loop's edges the last one
// said is void until the loop is gone, and the one before it holds.
void Tree::build_edges() {
  edges_.resize(units_.size());
  std::map<Day, std::vector<UnitIndex>> changes;
  for (UnitIndex unit = 0; unit < units_.size(); ++unit) {
    for (const auto& entry : units_[unit].parents) changes[entry.day].push_back(unit);
  }
  std::vector<std::size_t> holding(units_.size());  // the entry of `parents` that holds
  std::vector<std::optional<UnitIndex>> parent(units_.size());
  const auto hold = [&](UnitIndex unit, std::optional<std::size_t> entry) {
    holding[unit] = entry.value_or(0);
    const auto said = entry ? units_[unit].parents[*entry].value : std::nullopt;
    parent[unit] = said ? find(*said) : std::nullopt;
  };
  std::set<UnitIndex> with_void;
  for (const auto& [day, changed] : changes) {
    std::set<UnitIndex> candidates(changed.begin(), changed.end());
    candidates.insert(with_void.begin(), with_void.end());
    with_void.clear();
    for (const UnitIndex unit : candidates) {
      const auto& entries = units_[unit].parents;
      hold(unit, static_cast<std::size_t>(&in_force(entries, day) - entries.data()));
    }
    std::vector<UnitIndex> to_check(candidates.begin(), candidates.end());
    for (std::size_t next = 0; next < to_check.size(); ++next) {
      while (const auto last = last_said_of_loop(to_check[next], parent, holding)) {
        void_edges_.emplace_back(*last, day);
        with_void.insert(*last);
        hold(*last, holding[*last] == 0 ? std::nullopt : std::optional(holding[*last] - 1));
        // The edge that holds instead may close another loop, which need not go through this unit.
        to_check.push_back(*last);
      }
    }
    candidates.insert(with_void.begin(), with_void.end());
    for (const UnitIndex unit : candidates) {
      if (!edges_[unit].empty() && edges_[unit].back().parent == parent[unit]) continue;
      edges_[unit].push_back({day, parent[unit]});
    }
  }
}

// Of the loop that goes through `start`, if one does, the unit whose edge was said last.
std::optional<UnitIndex> Tree::last_said_of_loop(
    UnitIndex start, const std::vector<std::optional<UnitIndex>>& parent,
    const std::vector<std::size_t>& holding) const {
  const auto said = [&](UnitIndex unit) { return units_[unit].parents[holding[unit]].said; };
  UnitIndex last = start;
  UnitIndex at = start;
  for (std::size_t steps = 0; steps <= units_.size(); ++steps) {
    if (!parent[at]) return std::nullopt;
    at = *parent[at];
    if (at == start) return last;
    if (said(at) > said(last)) last = at;
  }
  return std::nullopt;  // runs into a loop further up
}

std::optional<UnitIndex> Tree::find(std::string_view id) const {
  const auto found = by_id_.find(std::string(id));
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

const Name& Tree::name(UnitIndex unit, Day day) const {
  return in_force(units_[unit].names, day).value;
}

bool Tree::exists(UnitIndex unit, Day day) const {
  const auto* now = holding(units_[unit].existence, day);
  return now != nullptr && now->value;
}

std::optional<Day> Tree::last_day(UnitIndex unit, Day day) const {
  if (!exists(unit, day)) return std::nullopt;
  for (const auto& one : units_[unit].existence) {
    if (one.day > day && !one.value) return one.day.previous();
  }
  return std::nullopt;
}

std::optional<Day> Tree::ended(UnitIndex unit, Day day) const {
  const auto* now = holding(units_[unit].existence, day);
  return now != nullptr && !now->value ? std::optional(now->day) : std::nullopt;
}

const Since<Scalar>* Tree::attribute(UnitIndex unit, std::string_view key, Day day) const {
  const auto& attributes = units_[unit].attributes;
  const auto found = attributes.find(key);
  return found == attributes.end() ? nullptr : holding(found->second, day);
}

std::vector<UnitIndex> Tree::children(UnitIndex unit, Day day) const {
  std::vector<UnitIndex> children;
  for (UnitIndex other = 0; other < units_.size(); ++other) {
    if (exists(other, day) && parent(other, day) == unit) children.push_back(other);
  }
  return children;
}

std::vector<Day> Tree::property_days(UnitIndex unit) const {
  std::vector<Day> days = absent_days_[unit];
  days.push_back(day_min);
  for (const Edge& edge : edges_[unit]) days.push_back(edge.day);
  for (const auto& life : lives_[unit]) {
    days.push_back(life.day);
  }
  for (const auto& [key, history] : units_[unit].attributes) {
    for (const Since<Scalar>& one : history) days.push_back(one.day);
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

}  // namespace tiendo

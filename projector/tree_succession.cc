// Lives of units: when they exist, and what merges and splits make of them.
#include <algorithm>
#include <map>

#include "projector/tree.h"

namespace tiendo {
namespace {

// Erases what was said of that day.
template <class T>
void unsay(std::vector<Since<T>>& history, Day day) {
  std::erase_if(history, [&](const Since<T>& one) { return one.day == day; });
}

}  // namespace

// In the order of K, so that of what cannot hold together the last said is void.
void Tree::build_lives(const std::vector<const Statement*>& statements) {
  lives_.resize(units_.size());
  survived_.resize(units_.size());
  using What = UnitSaid::What;
  for (const Statement* statement : statements) {
    if (const auto* succession = std::get_if<SuccessionSaid>(&statement->said)) {
      take_succession(*succession, statement->key);
      continue;
    }
    const auto* said = std::get_if<UnitSaid>(&statement->said);
    const auto unit = said != nullptr ? find(said->unit) : std::nullopt;
    if (!unit) continue;
    const What what = said->what;
    const bool restated = what == What::registered && statement->key != units_[*unit].registration;
    const bool is_of_life =
        what == What::registered || what == What::reopened || what == What::closed;
    if (!is_of_life || restated) continue;
    say(lives_[*unit], {said->effective, statement->key, Life{.exists = what != What::closed}});
    if (what != What::registered) unsay(survived_[*unit], said->effective);
  }
  for (UnitIndex unit = 0; unit < units_.size(); ++unit) {
    Unit& its = units_[unit];
    for (const auto& one : lives_[unit]) {
      its.existence.push_back({one.day, one.said, one.value.exists});
    }
    const auto begins = std::find_if(its.existence.begin(), its.existence.end(),
                                     [](const Since<bool>& one) { return one.value; });
    first_days_.push_back(begins == its.existence.end() ? its.birth : begins->day);
  }
  find_predecessors();
  find_inflows();
}

// It waits until all its units are known.
void Tree::take_succession(const SuccessionSaid& said, const OrderKey& key) {
  Succession succession{.said = key, .day = said.effective};
  for (const std::string& id : said.from) {
    const auto unit = find(id);
    if (!unit) return;
    succession.from.push_back(*unit);
  }
  for (const SuccessionSaid::Part& part : said.into) {
    const auto unit = find(part.unit);
    if (!unit) return;
    succession.into.emplace_back(*unit, part.share);
  }
  const SuccessionNumber number = successions_.size();
  successions_.push_back(std::move(succession));
  const Succession& taken = successions_.back();
  struct Before {
    UnitIndex unit;
    std::vector<Since<Life>> lives;
    std::vector<Since<SuccessionNumber>> survived;
  };
  std::vector<Before> before;
  for (const UnitIndex unit : taken.from) {
    const bool survives = std::any_of(taken.into.begin(), taken.into.end(),
                                      [&](const auto& part) { return part.first == unit; });
    auto& lives = lives_[unit];
    before.push_back({unit, lives, survived_[unit]});
    if (survives) {
      std::erase_if(lives,
                    [&](const auto& one) { return one.day == taken.day && !one.value.exists; });
      say(survived_[unit], {taken.day, key, number});
    } else {
      say(lives, {taken.day, key, Life{.ended_by = number}});
      unsay(survived_[unit], taken.day);
    }
  }
  if (!would_loop(number)) return;
  loops_.insert(key);
  for (Before& one : before) {
    lives_[one.unit] = std::move(one.lives);
    survived_[one.unit] = std::move(one.survived);
  }
  successions_.pop_back();
}

Tree::Leaving Tree::leaving(UnitIndex unit, Day fact, Day day) const {
  using How = Leaving::How;
  const auto* life = holding(lives_[unit], day);
  if (life == nullptr) return {How::not_begun};
  const Day until = life->value.exists ? day : life->day;
  for (const auto& survived : survived_[unit]) {
    if (survived.day <= fact || survived.day > until) continue;
    return {How::divided, survived.day, survived.value};
  }
  if (life->value.exists) return {How::stays};
  if (!life->value.ended_by) return {How::closed, life->day};
  return {How::succeeded, life->day, *life->value.ended_by};
}

// Whether on some day from its own on, by what is said so far, its facts come back to it.
bool Tree::would_loop(SuccessionNumber number) const {
  const Succession& succession = successions_[number];
  std::set<Day> days = {succession.day};
  const auto add_days = [&](UnitIndex unit) {
    for (const auto& life : lives_[unit]) days.insert(std::max(life.day, succession.day));
    for (const auto& one : survived_[unit]) days.insert(std::max(one.day, succession.day));
  };
  for (const UnitIndex unit : succession.from) add_days(unit);
  for (auto day = days.begin(); day != days.end(); ++day) {
    std::set<std::pair<UnitIndex, Day>> seen;
    std::vector<std::pair<UnitIndex, Day>> open;
    const auto go_on = [&](UnitIndex unit, Day fact) {
      if (seen.emplace(unit, fact).second) open.emplace_back(unit, fact);
    };
    for (const UnitIndex unit : succession.from) {
      if (!leaving(unit, succession.day.previous(), *day).is_by(number)) continue;
      for (const auto& [part, share] : succession.into) go_on(part, succession.day);
    }
    while (!open.empty()) {
      const auto [unit, fact] = open.back();
      open.pop_back();
      add_days(unit);
      const Leaving step = leaving(unit, fact, *day);
      if (step.is_by(number)) return true;
      if (step.is_by_succession()) {
        for (const auto& [part, share] : successions_[step.by].into) go_on(part, step.day);
      } else if (step.how == Leaving::How::closed) {
        const auto above = said_parent(unit, step.day.previous());
        if (above) go_on(*above, step.day);
      }
    }
  }
  return false;
}

// The merge or split that befell a unit on a day.
std::optional<Tree::SuccessionNumber> Tree::succession_on(UnitIndex unit, Day day) const {
  if (const auto* life = holding(lives_[unit], day); life != nullptr && life->day == day) {
    if (life->value.ended_by) return life->value.ended_by;
  }
  const auto* survived = holding(survived_[unit], day);
  if (survived != nullptr && survived->day == day) return survived->value;
  return std::nullopt;
}

// Of a unit that began with a merge or split: who became it that day.
void Tree::find_predecessors() {
  predecessors_.resize(units_.size());
  for (const Succession& succession : successions_) {
    const auto number = static_cast<SuccessionNumber>(&succession - successions_.data());
    for (const UnitIndex before : succession.from) {
      if (succession_on(before, succession.day) != number) continue;
      for (const auto& [after, share] : succession.into) {
        if (after == before || first_days_[after] != succession.day) continue;
        predecessors_[after].push_back(before);
      }
    }
  }
  for (auto& all : predecessors_) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
}

void Tree::find_inflows() {
  inflows_.resize(units_.size());
  std::map<Day, std::set<UnitIndex>> changed;
  for (const Succession& succession : successions_) {
    changed[succession.day].insert(succession.from.begin(), succession.from.end());
  }
  for (const auto& change : changed) {
    const Day day = change.first;
    const Day before = day.previous();
    std::map<UnitIndex, Inflow> into;
    const auto flow = [&](UnitIndex from, std::optional<UnitIndex> only) {
      if (!exists(from, before)) return;
      const std::vector<TreePart> parts = place(from, before, {day});
      const auto shares = std::make_shared<Shares>();
      for (const TreePart& part : parts) shares->push_back(part.share);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto& place = parts[i].place;
        if (!place || !place->own || (only && place->unit != *only)) continue;
        std::vector<bool> counted(parts.size(), false);
        counted[i] = true;
        Inflow& inflow = into.emplace(place->unit, Inflow{day}).first->second;
        inflow.from.emplace_back(from, Portion(shares, std::move(counted)));
      }
    };
    for (const UnitIndex unit : change.second) {
      if (succession_on(unit, day)) flow(unit, std::nullopt);
    }
    for (auto& [unit, inflow] : into) {
      if (!change.second.contains(unit)) flow(unit, unit);
      std::sort(inflow.from.begin(), inflow.from.end(),
                [](const auto& a, const auto& b) { return a.first < b.first; });
      inflows_[unit].push_back(std::move(inflow));
    }
  }
}

const Tree::Inflow* Tree::last_inflow(UnitIndex unit, Day day) const {
  const Inflow* last = nullptr;
  for (const Inflow& one : inflows_[unit]) {
    if (one.day <= day) last = &one;
  }
  return last;
}

const Succession* Tree::ended_by(UnitIndex unit, Day day) const {
  const auto* life = holding(lives_[unit], day);
  const bool ended = life != nullptr && life->value.ended_by;
  return ended ? &successions_[*life->value.ended_by] : nullptr;
}

}  // namespace tiendo

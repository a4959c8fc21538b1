#include "projector/lineage.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace tiendo {

void Lineage::add(const Statement& statement, const OrderKey& from) {
  std::set<std::string> units;
  if (const auto* said = std::get_if<UnitSaid>(&statement.said)) units = {said->unit};
  if (const auto* said = std::get_if<SuccessionSaid>(&statement.said)) units = said->units();
  for (const std::string& unit : units) {
    Past& past = pasts_[unit];
    const Entry entry{from, statement.key, &statement};
    const auto at = std::upper_bound(past.entries.begin(), past.entries.end(), entry,
                                     [](const Entry& a, const Entry& b) { return a.key < b.key; });
    past.complete_from = past.entries.empty() ? from : std::max(past.complete_from, from);
    past.entries.insert(at, entry);
    past.whole = life_of(unit, past.entries, past.complete_from);
  }
}

Lineage::Life Lineage::life_of(const std::string& unit, const std::vector<Entry>& entries,
                               const OrderKey& known) {
  const auto is_registration = [](const Entry& entry) {
    const auto* said = std::get_if<UnitSaid>(&entry.said->said);
    return said != nullptr && said->what == UnitSaid::What::registered;
  };
  Life life;
  const Entry* registration = nullptr;
  for (const Entry& entry : entries) {
    if (entry.from <= known && is_registration(entry)) registration = &entry;
  }
  if (registration == nullptr) return life;
  life.is_registered = true;
  for (const Entry& entry : entries) {
    if (entry.from > known || (is_registration(entry) && &entry != registration)) continue;
    say_of(life, unit, entry);
  }
  const auto begins = std::find_if(life.existence.begin(), life.existence.end(),
                                   [](const Since<bool>& one) { return one.value; });
  const bool exists = begins != life.existence.end();
  life.first_day = exists ? begins->day : std::get<UnitSaid>(registration->said->said).effective;
  return life;
}

void Lineage::say_of(Life& life, const std::string& unit, const Entry& entry) {
  using What = UnitSaid::What;
  if (const auto* said = std::get_if<UnitSaid>(&entry.said->said)) {
    const What what = said->what;
    if (what == What::registered || what == What::reopened || what == What::closed) {
      say(life.existence, {said->effective, entry.key, what != What::closed});
      // Of one day the last said holds; a split that the unit survived goes with a registration.
      std::erase_if(life.parts, [&](const auto& one) {
        const bool survives =
            std::find(one.value.begin(), one.value.end(), unit) != one.value.end();
        return one.day == said->effective && !(survives && what == What::registered);
      });
    }
    if (what == What::registered || what == What::moved) {
      say(life.parents, {said->effective, entry.key, said->parent});
    }
    return;
  }
  const auto& said = std::get<SuccessionSaid>(entry.said->said);
  const Day day = said.effective;
  std::vector<std::string> parts;
  for (const SuccessionSaid::Part& part : said.into) parts.push_back(part.unit);
  const auto is_one = [&](const std::vector<std::string>& of) {
    return std::find(of.begin(), of.end(), unit) != of.end();
  };
  if (is_one(parts) && !is_one(said.from)) {
    for (const std::string& one : said.from) life.before.push_back({day, entry.key, one});
    return;
  }
  const bool survives = is_one(parts);
  if (survives) {
    std::erase_if(life.existence, [&](const auto& one) { return one.day == day && !one.value; });
  } else {
    say(life.existence, {day, entry.key, false});
  }
  say(life.parts, {day, entry.key, std::move(parts)});
}

// One question: looks at the units it comes by as they were known then.
class Lineage::Walk {
 public:
  Walk(const Lineage& lineage, const OrderKey& known) : lineage_(lineage), known_(known) {}

  Standing standing(const std::string& unit, Day day) {
    standing_.ids = {unit};
    if (const auto place = this->place(unit, day, day)) {
      for (std::string& id : chain(*place, day)) {
        if (id != unit) standing_.ids.push_back(std::move(id));
      }
    }
    for (const auto& [id, life] : lives_) standing_.asked.push_back(id);
    return std::move(standing_);
  }

  const Life& life(const std::string& unit) {
    const auto found = lives_.find(unit);
    if (found != lives_.end()) return *found->second;
    static const Life unknown;
    const auto past = lineage_.pasts_.find(unit);
    const Life* life = &unknown;
    if (past != lineage_.pasts_.end()) {
      life = &past->second.whole;
      if (past->second.complete_from > known_) {
        partial_.push_back(std::make_unique<Life>(life_of(unit, past->second.entries, known_)));
        life = partial_.back().get();
        note_changes(past->second);
      }
    }
    lives_.emplace(unit, life);
    return *life;
  }

 private:
  void note_changes(const Past& past) {
    for (const Entry& entry : past.entries) {
      if (entry.from <= known_) continue;
      if (!standing_.changes || entry.from < *standing_.changes) standing_.changes = entry.from;
    }
  }

  // The parent said for a day; `back` steps before it, where later words are void.
  using Edge = const Since<std::optional<std::string>>*;
  Edge edge(const std::string& unit, Day day, std::size_t back) {
    const Life& life = this->life(unit);
    const auto after =
        std::upper_bound(life.parents.begin(), life.parents.end(), day,
                         [](Day wanted, const auto& one) { return wanted < one.day; });
    const auto count = static_cast<std::size_t>(after - life.parents.begin());
    return count > back ? &life.parents[count - 1 - back] : nullptr;
  }

  // Of a loop on that day the edge said last is void, and the one before it holds.
  std::optional<std::string> parent_on(const std::string& unit, Day day) {
    std::map<std::string, std::size_t> voided;
    const auto edge_now = [&](const std::string& of) { return edge(of, day, voided[of]); };
    const auto parent_now = [&](const std::string& of) -> std::optional<std::string> {
      const Edge edge = edge_now(of);
      if (edge == nullptr || !edge->value || !life(*edge->value).is_registered) return std::nullopt;
      return edge->value;
    };
    for (;;) {
      std::vector<std::string> path = {unit};
      std::optional<std::string> next = parent_now(unit);
      auto loop = path.end();
      for (; next; next = parent_now(*next)) {
        loop = std::find(path.begin(), path.end(), *next);
        if (loop != path.end()) break;
        path.push_back(*next);
        loop = path.end();
      }
      if (!next) return parent_now(unit);
      const auto last = std::max_element(loop, path.end(), [&](const auto& a, const auto& b) {
        return edge_now(a)->said < edge_now(b)->said;
      });
      ++voided[*last];
    }
  }

  // Of a closed unit; one that had been merged or split before stands where it stood by that.
  std::optional<std::string> parent_at_end(const std::string& unit, Day end) {
    const auto* before = holding(life(unit).existence, end.previous());
    const bool had_ended = before != nullptr && !before->value;
    if (!had_ended) return said_parent(unit, end.previous());
    const std::set<std::string> pending = std::exchange(pending_, {});
    auto above = parent(unit, end.previous());
    pending_ = pending;
    return above;
  }

  std::optional<std::string> said_parent(const std::string& unit, Day day) {
    const Life& life = this->life(unit);
    return parent_on(unit, std::max({day, life.first_day, life.parents.front().day}));
  }

  // What a unit that has ended by a day was merged or split into; nothing: it was closed.
  static std::vector<std::string> successors(const Life& life, const Since<bool>& end) {
    const auto* parts = holding(life.parts, end.day);
    return parts != nullptr && parts->said == end.said ? parts->value : std::vector<std::string>();
  }

  std::vector<std::string> predecessors(const std::string& unit, const Life& life) {
    std::set<std::string> before;
    for (const auto& one : life.before) {
      if (one.day != life.first_day) continue;
      const auto* parts = holding(this->life(one.value).parts, one.day);
      if (parts != nullptr && parts->said == one.said) before.insert(one.value);
    }
    before.erase(unit);
    return {before.begin(), before.end()};
  }

  // Of a unit that has ended or not begun: where its facts stand.
  std::optional<std::string> parent(const std::string& unit, Day day) {
    const Life& life = this->life(unit);
    if (!life.is_registered) return std::nullopt;
    const auto* now = holding(life.existence, day);
    const std::vector<std::string> others = now == nullptr ? predecessors(unit, life)
                                            : now->value   ? std::vector<std::string>()
                                                           : successors(life, *now);
    if (others.size() == 1 && now != nullptr) return others.front();
    if (!others.empty()) {
      if (!pending_.insert(unit).second) return std::nullopt;
      const bool as_reported = std::exchange(as_reported_, false);
      std::vector<std::string> path = std::exchange(path_, {});
      auto common = place(unit, now == nullptr ? day : now->day, day);
      path_ = std::move(path);
      as_reported_ = as_reported;
      pending_.erase(unit);
      // It was to become what it was made of: nothing may be lost.
      return common == unit ? said_parent(unit, life.first_day) : common;
    }
    const bool has_ended = now != nullptr && !now->value;
    return has_ended ? parent_at_end(unit, now->day) : said_parent(unit, day);
  }

  std::vector<std::string> chain(const std::string& unit, Day day) {
    std::vector<std::string> chain = {unit};
    while (const auto above = parent(chain.back(), day)) {
      if (std::find(chain.begin(), chain.end(), *above) != chain.end()) break;
      chain.push_back(*above);
    }
    return chain;
  }

  // The first split after `fact` that a unit survived by the day, or by its end.
  static const Since<std::vector<std::string>>* survived(const std::string& unit, const Life& life,
                                                         Day fact, Day day) {
    const auto* now = holding(life.existence, day);
    if (now == nullptr) return nullptr;
    const Day until = now->value ? day : now->day;
    for (const auto& one : life.parts) {
      const bool survives = std::find(one.value.begin(), one.value.end(), unit) != one.value.end();
      if (survives && one.day > fact && one.day <= until) return &one;
    }
    return nullptr;
  }

  // Where facts of a day stand whole: of what is divided, at the lowest common ancestor of the
  // parts.
  std::optional<std::string> place(const std::string& unit, Day fact, Day day) {
    const Life& life = this->life(unit);
    if (!life.is_registered) return std::nullopt;
    if (const auto* split = survived(unit, life, fact, day)) {
      return common_place(split->value, split->day, day);
    }
    const auto* now = holding(life.existence, day);
    if (now != nullptr && now->value) return unit;
    const std::vector<std::string> others =
        now == nullptr ? predecessors(unit, life) : successors(life, *now);
    if (now == nullptr && others.empty() && as_reported_) return unit;
    const auto passed = std::find(path_.begin(), path_.end(), unit);
    if (passed != path_.end()) return closing({passed, path_.end()}, day);
    path_.push_back(unit);
    const Day on = now == nullptr ? fact : now->day;
    std::optional<std::string> at;
    if (others.empty()) {
      const auto above = now == nullptr ? said_parent(unit, day) : parent_at_end(unit, now->day);
      if (above) at = place(*above, on, day);
    } else {
      at = common_place(others, on, day);
    }
    path_.pop_back();
    return at;
  }

  // Of units that lead round: the first that is still to begin, else where the loop closes.
  std::string closing(const std::vector<std::string>& loop, Day day) {
    for (const std::string& unit : loop) {
      if (holding(life(unit).existence, day) == nullptr) return unit;
    }
    return loop.front();
  }

  std::optional<std::string> common_place(const std::vector<std::string>& units, Day fact,
                                          Day day) {
    std::vector<std::string> places;
    for (const std::string& unit : units) {
      auto place = this->place(unit, fact, day);
      if (!place) return std::nullopt;
      places.push_back(std::move(*place));
    }
    return lowest_common(places, day);
  }

  std::optional<std::string> lowest_common(const std::vector<std::string>& units, Day day) {
    const auto is_first = [&](const std::string& one) { return one == units.front(); };
    if (std::all_of(units.begin(), units.end(), is_first)) return units.front();
    std::vector<std::string> common = chain(units.front(), day);
    std::erase_if(common, [&](const std::string& one) {
      const auto* now = holding(life(one).existence, day);
      return now == nullptr || !now->value;
    });
    for (const std::string& unit : units) {
      const std::vector<std::string> above = chain(unit, day);
      std::erase_if(common, [&](const std::string& one) {
        return std::find(above.begin(), above.end(), one) == above.end();
      });
    }
    return common.empty() ? std::nullopt : std::optional(common.front());
  }

  const Lineage& lineage_;
  const OrderKey& known_;
  std::map<std::string, const Life*> lives_;
  std::vector<std::unique_ptr<Life>> partial_;
  Standing standing_;
  bool as_reported_ = true;        // a unit that has not begun keeps its facts
  std::vector<std::string> path_;  // units passed that do not exist then
  std::set<std::string> pending_;  // whose place is being looked for
};

Lineage::Standing Lineage::standing(const std::string& unit, Day day, const OrderKey& known) const {
  return Walk(*this, known).standing(unit, day);
}

bool Lineage::knows(const std::string& unit, const OrderKey& known) const {
  return Walk(*this, known).life(unit).is_registered;
}

}  // namespace tiendo

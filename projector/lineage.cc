#include "projector/lineage.h"

#include <algorithm>
#include <map>
#include <memory>

namespace tiendo {

void Lineage::add(const Statement& statement, const OrderKey& from) {
  const auto& said = std::get<UnitSaid>(statement.said);
  Past& past = pasts_[said.unit];
  const Entry entry{from, statement.key, &said};
  const auto at = std::upper_bound(past.entries.begin(), past.entries.end(), entry,
                                   [](const Entry& a, const Entry& b) { return a.key < b.key; });
  past.complete_from = past.entries.empty() ? from : std::max(past.complete_from, from);
  past.entries.insert(at, entry);
  past.whole = life_of(past.entries, past.complete_from);
}

Lineage::Life Lineage::life_of(const std::vector<Entry>& entries, const OrderKey& known) {
  using What = UnitSaid::What;
  Life life;
  const Entry* registration = nullptr;
  for (const Entry& entry : entries) {
    if (entry.from <= known && entry.said->what == What::registered) registration = &entry;
  }
  if (registration == nullptr) return life;
  life.is_registered = true;
  for (const Entry& entry : entries) {
    const What what = entry.said->what;
    if (entry.from > known || (what == What::registered && &entry != registration)) continue;
    const Day day = entry.said->effective;
    if (what == What::registered || what == What::reopened || what == What::closed) {
      say(life.existence, {day, entry.key, what != What::closed});
    }
    if (what == What::registered || what == What::moved) {
      say(life.parents, {day, entry.key, entry.said->parent});
    }
  }
  const auto begins = std::find_if(life.existence.begin(), life.existence.end(),
                                   [](const Since<bool>& one) { return one.value; });
  life.first_day = begins == life.existence.end() ? registration->said->effective : begins->day;
  return life;
}

// One question: looks at the units it comes by as they were known then.
class Lineage::Walk {
 public:
  Walk(const Lineage& lineage, const OrderKey& known) : lineage_(lineage), known_(known) {}

  Standing standing(const std::string& unit, Day day) {
    standing_.ids = {unit};
    if (const auto place = this->place(unit, day)) {
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
        partial_.push_back(std::make_unique<Life>(life_of(past->second.entries, known_)));
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

  std::optional<std::string> parent(const std::string& unit, Day day) {
    const Life& life = this->life(unit);
    if (!life.is_registered) return std::nullopt;
    return parent_on(unit, std::max({day, life.first_day, life.parents.front().day}));
  }

  std::vector<std::string> chain(const std::string& unit, Day day) {
    std::vector<std::string> chain = {unit};
    while (const auto above = parent(chain.back(), day)) {
      if (std::find(chain.begin(), chain.end(), *above) != chain.end()) break;
      chain.push_back(*above);
    }
    return chain;
  }

  std::optional<std::string> place(const std::string& unit, Day day) {
    std::vector<std::string> passed;
    std::string at = unit;
    for (;;) {
      const Life& life = this->life(at);
      if (!life.is_registered) return std::nullopt;
      const auto* now = holding(life.existence, day);
      if (now == nullptr || now->value) return at;
      passed.push_back(at);
      const auto instead = parent(at, now->day.previous());
      if (!instead) return std::nullopt;
      at = *instead;
      if (std::find(passed.begin(), passed.end(), at) != passed.end()) return at;
    }
  }

  const Lineage& lineage_;
  const OrderKey& known_;
  std::map<std::string, const Life*> lives_;
  std::vector<std::unique_ptr<Life>> partial_;
  Standing standing_;
};

Lineage::Standing Lineage::standing(const std::string& unit, Day day, const OrderKey& known) const {
  return Walk(*this, known).standing(unit, day);
}

bool Lineage::knows(const std::string& unit, const OrderKey& known) const {
  return Walk(*this, known).life(unit).is_registered;
}

}  // namespace tiendo

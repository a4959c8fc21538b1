#include "projector/heard.h"

#include <algorithm>
#include <map>
#include <set>

namespace tiendo {
namespace {

// Says something for the first time; all others correct, cancel or judge what it said.
bool can_be_base(const Statement& statement) {
  if (const auto* activity = std::get_if<ActivitySaid>(&statement.said)) {
    return activity->what == ActivitySaid::What::recorded;
  }
  if (const auto* report = std::get_if<ReportSaid>(&statement.said)) {
    return report->what == ReportSaid::What::submitted;
  }
  if (const auto* entity = std::get_if<EntitySaid>(&statement.said)) {
    return entity->what == EntitySaid::What::registered;
  }
  if (const auto* money = std::get_if<MoneySaid>(&statement.said)) {
    return money->what != MoneySaid::What::corrected;
  }
  return true;
}

// Whether the source of a record may speak of a unit, from one record to the next.
struct Turn {
  OrderKey from;
  bool covered = false;
};

class Hearing {
 public:
  Hearing(std::span<const Statement* const> statements, const Guard& guard)
      : statements_(statements), guard_(guard) {}

  std::optional<std::vector<Heard>> hear() {
    if (!find_turns()) return std::nullopt;
    std::vector<Heard> heard;
    for (const OrderKey& known : points_) {
      std::vector<const Statement*> now = heard_at(known);
      if (heard.empty() || heard.back().statements != now) heard.push_back({known, std::move(now)});
    }
    return heard;
  }

 private:
  using Subject = std::pair<const Statement*, std::string>;  // who speaks, of which unit

  // Whether anything may not be heard at some time.
  bool find_turns() {
    std::set<std::string> units;
    for (const Statement* statement : statements_) {
      points_.insert(statement->key);
      if (!unit_of(*statement).empty()) units.insert(unit_of(*statement));
    }
    bool limited = false;
    for (const Statement* statement : statements_) {
      if (statement->key < guard_.first()) continue;
      for (const std::string& unit : units) {
        const std::vector<Turn>& turns = turns_of(*statement, unit);
        limited = limited || turns.size() > 1 || !turns.front().covered;
      }
    }
    return limited;
  }

  const std::vector<Turn>& turns_of(const Statement& statement, const std::string& unit) {
    std::vector<Turn>& turns = turns_[{&statement, unit}];
    std::optional<OrderKey> known = statement.key;
    while (known) {
      const Guard::Cover cover = guard_.cover(statement, unit, *known);
      if (turns.empty() || turns.back().covered != cover.covered) {
        turns.push_back({*known, cover.covered});
        points_.insert(*known);
      }
      known = cover.changes;
    }
    return turns;
  }

  bool may_speak(const Statement& statement, const std::string& unit, const OrderKey& known) {
    if (unit.empty() || statement.key < guard_.first()) return true;
    const std::vector<Turn>& turns = turns_.at({&statement, unit});
    const auto after =
        std::upper_bound(turns.begin(), turns.end(), known,
                         [](const OrderKey& at, const Turn& turn) { return at < turn.from; });
    return after != turns.begin() && std::prev(after)->covered;
  }

  // What corrects something is also about the unit that the thing is of by then.
  std::vector<const Statement*> heard_at(const OrderKey& known) {
    const Statement* base = nullptr;
    const Statement* refused = nullptr;
    for (const Statement* one : statements_) {
      if (one->key > known || !can_be_base(*one)) continue;
      if (may_speak(*one, unit_of(*one), known)) {
        base = one;
        break;
      }
      if (refused == nullptr) refused = one;
    }
    const Statement* first = base != nullptr ? base : refused;
    std::string unit = first != nullptr ? unit_of(*first) : "";
    std::vector<const Statement*> heard;
    for (const Statement* one : statements_) {
      if (one->key > known) break;
      const std::string& named = unit_of(*one);
      if (one != base) {
        if (!may_speak(*one, named, known) || !may_speak(*one, unit, known)) continue;
        if (!named.empty()) unit = named;
      }
      heard.push_back(one);
    }
    return heard;
  }

  std::span<const Statement* const> statements_;
  const Guard& guard_;
  std::map<Subject, std::vector<Turn>> turns_;
  std::set<OrderKey> points_;
};

}  // namespace

const std::string& unit_of(const Statement& statement) {
  if (const auto* activity = std::get_if<ActivitySaid>(&statement.said)) {
    if (!activity->unit.empty()) return activity->unit;
  } else if (const auto* report = std::get_if<ReportSaid>(&statement.said)) {
    if (!report->unit.empty()) return report->unit;
  } else if (const auto* entity = std::get_if<EntitySaid>(&statement.said)) {
    return entity->unit;
  } else if (const auto* statistic = std::get_if<StatisticSaid>(&statement.said)) {
    return statistic->unit;
  } else if (const auto* money = std::get_if<MoneySaid>(&statement.said)) {
    return money->unit;
  }
  return statement.about;
}

std::optional<std::vector<Heard>> heard_of(std::span<const Statement* const> statements,
                                           const Reference& reference) {
  const Guard* guard = reference.guard();
  if (guard == nullptr || statements.back()->key < guard->first()) return std::nullopt;
  return Hearing(statements, *guard).hear();
}

bool is_heard(const std::vector<Heard>& heard, const Statement* statement) {
  const auto& now = heard.back().statements;
  return std::find(now.begin(), now.end(), statement) != now.end();
}

bool was_unheard(const std::vector<Heard>& heard, const Statement* statement) {
  for (std::size_t i = 0; i < heard.size(); ++i) {
    const bool over = i + 1 < heard.size() && heard[i + 1].from <= statement->key;
    const auto& now = heard[i].statements;
    if (!over && std::find(now.begin(), now.end(), statement) == now.end()) return true;
  }
  return false;
}

}  // namespace tiendo

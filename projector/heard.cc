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

  std::optional<Heard> hear() {
    find_turns();
    Heard heard;
    for (const Statement* statement : statements_) {
      if (may_ever_speak(*statement)) heard.statements.push_back(statement);
    }
    if (is_plain_ && heard.statements.size() == statements_.size()) return std::nullopt;
    heard.turns.resize(heard.statements.size());
    // Of those that may speak always, the places are all there is to know.
    if (is_plain_) {
      for (std::size_t i = 0; i < heard.turns.size(); ++i) {
        heard.turns[i] = {heard.statements[i]->key};
      }
      return heard;
    }
    heard.in_place = false;
    for (const Statement* statement : heard.statements) points_.insert(statement->key);
    for (const OrderKey& known : points_) turn(heard, known);
    return heard;
  }

 private:
  using Subject = std::pair<const Statement*, std::string>;  // who speaks, of which unit

  void find_turns() {
    for (const Statement* statement : statements_) {
      if (!unit_of(*statement).empty()) units_.insert(unit_of(*statement));
    }
    for (const Statement* statement : statements_) {
      if (statement->key < guard_.first()) continue;
      for (const std::string& unit : units_) add_turns(*statement, unit);
    }
  }

  void add_turns(const Statement& statement, const std::string& unit) {
    std::vector<Turn> turns;
    std::optional<OrderKey> known = statement.key;
    while (known) {
      const Guard::Cover cover = guard_.cover(statement, unit, *known);
      if (turns.empty() || turns.back().covered != cover.covered) {
        turns.push_back({*known, cover.covered});
      }
      known = cover.changes;
    }
    if (turns.size() > 1) {
      is_plain_ = false;
      for (const Turn& turn : turns) points_.insert(turn.from);
    } else if (!turns.front().covered && units_.size() > 1) {
      is_plain_ = false;  // depends on which of the units the thing is of
    }
    turns_.emplace(Subject{&statement, unit}, std::move(turns));
  }

  // Of those that never may, there can be many; they are not looked at again.
  bool may_ever_speak(const Statement& statement) {
    if (statement.key < guard_.first() || units_.empty()) return true;
    const auto ever = [&](const std::string& unit) {
      const std::vector<Turn>& turns = turns_.at({&statement, unit});
      return turns.size() > 1 || turns.front().covered;
    };
    const std::string& named = unit_of(statement);
    return named.empty() ? std::any_of(units_.begin(), units_.end(), ever) : ever(named);
  }

  bool may_speak(const Statement& statement, const std::string& unit, const OrderKey& known) {
    if (unit.empty() || statement.key < guard_.first()) return true;
    const std::vector<Turn>& turns = turns_.at({&statement, unit});
    const auto after =
        std::upper_bound(turns.begin(), turns.end(), known,
                         [](const OrderKey& at, const Turn& turn) { return at < turn.from; });
    return after != turns.begin() && std::prev(after)->covered;
  }

  // What corrects something is also about the unit that the thing is of by then. Where what it
  // corrects may not be said, that is the unit all the same.
  void turn(Heard& heard, const OrderKey& known) {
    const Statement* base = nullptr;
    for (const Statement* one : heard.statements) {
      if (one->key > known || base != nullptr) break;
      if (can_be_base(*one) && may_speak(*one, unit_of(*one), known)) base = one;
    }
    const Statement* first = base;
    for (const Statement* one : statements_) {
      if (one->key > known || first != nullptr) break;
      if (can_be_base(*one)) first = one;
    }
    std::string unit = first != nullptr ? unit_of(*first) : "";
    for (std::size_t i = 0; i < heard.statements.size(); ++i) {
      const Statement* one = heard.statements[i];
      if (one->key > known) break;
      const std::string& named = unit_of(*one);
      const bool hears =
          one == base || (may_speak(*one, named, known) && may_speak(*one, unit, known));
      if (hears && one != base && !named.empty()) unit = named;
      std::vector<OrderKey>& turns = heard.turns[i];
      if (hears != (turns.size() % 2 == 1)) turns.push_back(known);
    }
  }

  std::span<const Statement* const> statements_;
  const Guard& guard_;
  std::set<std::string> units_;  // that the statements name
  std::map<Subject, std::vector<Turn>> turns_;
  std::set<OrderKey> points_;
  bool is_plain_ = true;  // who may speak may from the beginning, and who may not never will
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

std::set<OrderKey> Heard::points() const {
  std::set<OrderKey> points;
  for (const auto& one : turns) points.insert(one.begin(), one.end());
  return points;
}

std::vector<const Statement*> Heard::at(const OrderKey& point) const {
  std::vector<const Statement*> now;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto past = std::upper_bound(turns[i].begin(), turns[i].end(), point) - turns[i].begin();
    if (past % 2 == 1) now.push_back(statements[i]);
  }
  return now;
}

std::vector<const Statement*> Heard::at_last() const {
  std::vector<const Statement*> now;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (turns[i].size() % 2 == 1) now.push_back(statements[i]);
  }
  return now;
}

std::vector<OrderKey> Heard::turns_of(const Statement* statement) const {
  const auto at = std::lower_bound(
      statements.begin(), statements.end(), statement,
      [](const Statement* one, const Statement* wanted) { return one->key < wanted->key; });
  if (at == statements.end() || *at != statement) return {};
  return turns[static_cast<std::size_t>(at - statements.begin())];
}

bool Heard::hears(const Statement* statement) const { return turns_of(statement).size() % 2 == 1; }

bool Heard::in_place_of(const Statement* statement) const {
  return turns_of(statement) == std::vector{statement->key};
}

std::optional<Heard> heard_of(std::span<const Statement* const> statements,
                              const Reference& reference) {
  const Guard* guard = reference.guard();
  if (guard == nullptr || statements.back()->key < guard->first()) return std::nullopt;
  return Hearing(statements, *guard).hear();
}

}  // namespace tiendo

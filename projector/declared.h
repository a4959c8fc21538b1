// What somebody declared to hold: entities of registers, statistics, money; and the bytes of their
// rows. A row of a statistic or of money says how the subject stands from a record on, so a
// question as of a moment reads the last row it knows. A row of an entity is what one record says
// of it, so that many records about one entity stay as many small rows; how it stands is put
// together when it is read.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "projector/moment.h"
#include "projector/statement.h"

namespace tiendo {

// A value of a property from a day on.
template <class T>
struct Since {
  Day day;
  OrderKey said;
  T value;
  friend bool operator==(const Since&, const Since&) = default;
};

// The value that holds on a day; none: nothing yet. `history` by day, each day once.
template <class T>
[[nodiscard]] const Since<T>* holding(const std::vector<Since<T>>& history, Day day) {
  const auto after =
      std::upper_bound(history.begin(), history.end(), day,
                       [](Day wanted, const Since<T>& one) { return wanted < one.day; });
  return after == history.begin() ? nullptr : &*std::prev(after);
}

// Of equal days the one said last in the order of K holds, whichever comes first here.
template <class T>
void say(std::vector<Since<T>>& history, Since<T> said) {
  const auto at =
      std::lower_bound(history.begin(), history.end(), said.day,
                       [](const Since<T>& one, Day wanted) { return one.day < wanted; });
  if (at != history.end() && at->day == said.day) {
    if (at->said <= said.said) *at = std::move(said);
  } else {
    history.insert(at, std::move(said));
  }
}

// A thing of a register (a site, a team, a desk), as it stands from a record on.
struct EntityStanding {
  OrderKey from;
  SubjectKey subject;
  std::string reg;
  std::string entity;
  OrderKey registration;               // the first, by which it is known
  std::vector<Since<bool>> existence;  // registered, removed
  std::vector<Since<std::string>> units;
  std::map<std::string, std::vector<Since<Scalar>>, std::less<>> flags;

  [[nodiscard]] bool exists(Day day) const {
    const auto* now = holding(existence, day);
    return now != nullptr && now->value;
  }
};

// What one record says of an entity.
struct EntityRow {
  SubjectKey subject;
  OrderKey said;
  OrderKey from;  // has effect from there on: `said`, or the record that released it
  EntitySaid what;
  // From the first of these on it has no effect, from the second on it has again, and so on.
  std::vector<OrderKey> turns{};
  [[nodiscard]] bool holds(const Moment& moment) const {
    const auto known = std::count_if(turns.begin(), turns.end(),
                                     [&](const OrderKey& turn) { return moment.knows(turn); });
    return moment.knows(from) && known % 2 == 0;
  }
};
[[nodiscard]] std::string entities_prefix(std::string_view reg);
[[nodiscard]] std::string entity_key(const EntityRow& row);
[[nodiscard]] std::string entity_value(const EntityRow& row);
// `key` without its prefix; the register is left empty.
[[nodiscard]] std::optional<EntityRow> parse_entity(std::string_view key, std::string_view value);

// What was said of (statistic, unit, as_at), from a record on.
struct StatisticStanding {
  OrderKey from;
  std::optional<OrderKey> said_by;  // the record that said it, where it is not `from`
  SubjectKey subject;
  std::string unit;
  Day as_at;
  std::optional<Decimal> value;  // none: nothing
  [[nodiscard]] const OrderKey& origin() const { return said_by ? *said_by : from; }
};
[[nodiscard]] std::string statistics_prefix(std::string_view statistic, std::string_view unit);
[[nodiscard]] std::string statistic_key(std::string_view statistic, const StatisticStanding& row);
[[nodiscard]] std::string statistic_value(const StatisticStanding& row);
// `key` without its prefix; the unit is left empty.
[[nodiscard]] std::optional<StatisticStanding> parse_statistic(std::string_view key,
                                                               std::string_view value);

// An allocation or an expense, from a record on.
struct MoneyStanding {
  OrderKey from;
  std::optional<OrderKey> said_by;
  SubjectKey subject;
  bool is_spent = false;  // false: allocated
  std::string unit;
  std::string line;
  int year = 0;
  Day day;
  std::optional<Decimal> amount;  // none: nothing here any more
  [[nodiscard]] const OrderKey& origin() const { return said_by ? *said_by : from; }
};
[[nodiscard]] std::string money_prefix(std::string_view plan, std::string_view unit);
[[nodiscard]] std::string money_key(std::string_view plan, const MoneyStanding& row);
[[nodiscard]] std::string money_value(const MoneyStanding& row);
// `key` without its prefix; the unit is left empty.
[[nodiscard]] std::optional<MoneyStanding> parse_money(std::string_view key,
                                                       std::string_view value);

}  // namespace tiendo

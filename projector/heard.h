// Which records of a subject have effect, and from which record on, where not everyone may speak.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "projector/reference.h"

namespace tiendo {

struct Heard {
  std::vector<const Statement*> statements;  // those that have effect at some time, in order of K
  // By statement: it has effect from the first on, none from the second on, and so on.
  std::vector<std::vector<OrderKey>> turns;
  bool in_place = true;  // each has effect from its own place on, for good

  // The records after which others have effect than before.
  [[nodiscard]] std::set<OrderKey> points() const;
  // Those that have effect after a record, and at the end.
  [[nodiscard]] std::vector<const Statement*> at(const OrderKey& point) const;
  [[nodiscard]] std::vector<const Statement*> at_last() const;
  [[nodiscard]] bool hears(const Statement* statement) const;  // at the end
  // It has effect from its own place on, for good.
  [[nodiscard]] bool in_place_of(const Statement* statement) const;
  // Its turns; empty: it never has effect.
  [[nodiscard]] std::vector<OrderKey> turns_of(const Statement* statement) const;
};

// None: all have effect, each from its own place on. `statements` are all those of the subject, in
// the order of K.
[[nodiscard]] std::optional<Heard> heard_of(std::span<const Statement* const> statements,
                                            const Reference& reference);

// The unit that a record names; empty: none.
[[nodiscard]] const std::string& unit_of(const Statement& statement);

}  // namespace tiendo

// Who may speak for whom (semantics 1, "Who may speak"). Until the first grant everyone may.
// After it a record has effect where a grant of its source covers it, and waits otherwise.
// Immutable once built; any thread.
#pragma once

#include <bitset>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "projector/lineage.h"

namespace tiendo {

class Guard {
 public:
  // Of the statements of reference data in the order of K; none where nothing was ever granted.
  [[nodiscard]] static std::unique_ptr<const Guard> of(
      const std::vector<std::shared_ptr<const Statement>>& statements);

  // The first grant; records before it have effect, whoever spoke.
  [[nodiscard]] const OrderKey& first() const { return first_; }

  struct Cover {
    bool covered = false;
    std::optional<OrderKey> changes;  // the first record after which it may be otherwise
  };
  // Whether, as known at `known`, the source of `record` may speak of `unit`.
  [[nodiscard]] Cover cover(const Statement& record, const std::string& unit,
                            const OrderKey& known) const;

  // From which record on a statement of a unit has effect; none: it waits for a grant. Once it has
  // effect it keeps it.
  [[nodiscard]] std::optional<OrderKey> unit_statement_from(const OrderKey& statement) const;

 private:
  // A grant or a revocation, cut down to what it is compared by.
  struct Act {
    OrderKey key;
    bool is_grant = false;
    bool all_units = false;
    std::set<std::string> units{};
    std::bitset<64> types{};
    [[nodiscard]] bool covers(EventType type, const std::vector<std::string>& ids) const;
  };
  static Act read_act(const Statement& statement);
  Guard() = default;
  [[nodiscard]] bool allows(const std::vector<Act>& acts, const Statement& record,
                            const std::vector<std::string>& ids, const OrderKey& known) const;

  // Finds out in the order of K which statements of units have effect.
  class UnitStatements;

  OrderKey first_;
  std::map<std::string, std::vector<Act>> acts_;  // by source, in the order of K
  Lineage lineage_;
  std::map<OrderKey, OrderKey> unit_statements_;  // those that have effect: from which record on
};

}  // namespace tiendo

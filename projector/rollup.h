// Rollups: current sums by (term, unit, half month), of each unit's own facts and of each node's
// subtree as reported. Kept up by adding differences, so they never depend on batches.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "events/store.h"
#include "projector/fold.h"
#include "projector/tree.h"

namespace tiendo {

class RollupDelta {
 public:
  // `sign` 1 adds an amount, -1 takes it away. `tree` says under which nodes it counts; a unit it
  // does not know has its own sums only.
  void add(const TermId& term, std::string_view unit, Day day, Decimal amount, int sign,
           const Tree& tree);
  // The same facts under another tree: own sums stay, the nodes above change.
  void move(const TermId& term, std::string_view unit, Day day, Decimal amount, const Tree& from,
            const Tree& to);
  void add_all(const RollupDelta& other);
  // Adds the differences to the stored cells; a cell that comes to nothing is erased.
  Status write(const Snapshot& views, WriteBatch& batch) const;

 private:
  void add_subtree(const TermId& term, std::string_view unit, Day day, Decimal amount, int sign,
                   const Tree& tree);
  void add_cell(RollupScope scope, const TermId& term, std::string_view unit, HalfMonth half,
                Decimal amount, int sign);

  std::unordered_map<std::string, Cell> cells_;
};

// The units whose place differs between two trees.
[[nodiscard]] std::vector<std::string> moved_units(const Tree& before, const Tree& after);

}  // namespace tiendo

// Rollups: current sums by (term, unit, half month), of each unit's own facts and of each node's
// subtree as reported. Kept up by adding differences, so they never depend on batches. What is
// divided (facts dated after the end of a unit that was split) is in the cells of the nodes where
// all of it counts, and is read from facts where only parts do: Tree::partly_below().
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "events/store.h"
#include "projector/fold.h"
#include "projector/tree.h"

namespace tiendo {

// Differences on their way to the cells. Amounts are gathered by unit and half month first, under
// small numbers, and spread over the nodes above once at the end: there are far fewer of those than
// facts. One thread at a time.
class RollupDelta {
 public:
  // `tree` says under which nodes amounts count, and must live longer; a unit it does not know has
  // its own sums only.
  RollupDelta(const Tree& tree, const std::vector<TermSlot>& slots)
      : tree_(&tree), slots_(&slots), sums_(slots.size()) {}

  // `sign` 1 adds an amount, -1 takes it away.
  void add(const Amount& amount, int sign);

  // Adds what was gathered to `cells`, by cell key.
  using Cells = std::unordered_map<std::string, Cell>;
  void spread(Cells& cells) const;

 private:
  struct UnitPlaces {
    std::string id;
    std::vector<Tree::Segment> segments;  // none: not known to the tree
  };
  uint32_t unit_number(const std::string& id);

  const Tree* tree_;
  const std::vector<TermSlot>* slots_;
  std::unordered_map<std::string, uint32_t> unit_numbers_;
  std::vector<UnitPlaces> units_;
  // By slot; then by unit, segment of its places and half month, packed.
  std::vector<std::unordered_map<uint64_t, Cell>> sums_;
};

// Adds differences to the stored cells; a cell that comes to nothing is erased.
[[nodiscard]] Status write_cells(const RollupDelta::Cells& cells, const Snapshot& views,
                                 WriteBatch& batch);

// The units of the tree before whose place on some of the days differs in the one after.
[[nodiscard]] std::vector<std::string> moved_units(const Tree& before, const Tree& after,
                                                   Window days = {day_min, day_max});

}  // namespace tiendo

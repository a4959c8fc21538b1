// Questions: what is known, and under which tree figures are asked for. Pure in the state it is
// given.
#pragma once

#include <memory>
#include <vector>

#include "projector/projector.h"
#include "projector/read_once.h"

namespace tiendo {

// The part of a question that is the same for all its figures: what is known, and under which tree.
// One thread at a time.
class Question {
 public:
  Question(std::shared_ptr<const ViewState> state, Moment moment, TreeMode tree);

  [[nodiscard]] const Moment& moment() const { return moment_; }
  [[nodiscard]] const Knowledge& knowledge() const { return *knowledge_; }
  [[nodiscard]] const Tree& tree() const { return knowledge_->tree; }
  [[nodiscard]] TreeMode mode() const { return mode_; }
  [[nodiscard]] const ViewReader& rows() const { return rows_; }
  [[nodiscard]] const ViewState& state() const { return *state_; }
  // Shared with the questions made from this one.
  [[nodiscard]] ReadOnce& once() const { return *once_; }
  // The same question, under the tree of `day` if it is asked under that of a day at all: what each
  // unit does itself is judged in the tree of A, whatever tree the units are gathered by.
  [[nodiscard]] Question judged_on(Day day) const;
  // The same question with each fact in the tree of its own day: every fact is its unit's own.
  [[nodiscard]] Question as_reported() const;
  // Sums of now, as reported, are kept ready; every other question reads facts.
  [[nodiscard]] bool rollups_serve() const { return moment_.everything && !mode_.day; }
  // The units that exist on A, are of the set, and lie in the subtree of `node`, by id.
  [[nodiscard]] std::vector<UnitIndex> members(UnitIndex node, const UnitSet& units,
                                               Day as_at) const;
  // Who counts in the subtree of `node` within `window`, with the days on which its facts do; by
  // unit.
  [[nodiscard]] std::vector<UnitDays> below(UnitIndex node, Window window, Dividing dividing) const;
  // The same of its own figure: itself, and what was merged into it or became it.
  [[nodiscard]] std::vector<UnitDays> own_of(UnitIndex node, Window window,
                                             Dividing dividing) const;
  // Of these, as reported, the units of which a rollup of the node has nothing on some day, as it
  // does not count whole there.
  [[nodiscard]] std::vector<UnitDays> beside_rollups(UnitIndex node, Window window,
                                                     Extent extent) const;
  // Whether a unit exists on A and is of the set, wherever it stands.
  [[nodiscard]] bool is_of(UnitIndex unit, const UnitSet& units, Day as_at) const;
  // Whether a filter on units (level, kind, parent_level, attr.K) matches on a day.
  [[nodiscard]] bool unit_matches(UnitIndex unit, const Filter& where, Day day) const;

 private:
  [[nodiscard]] bool is_child(UnitIndex unit, UnitIndex node, Day as_at) const;

  std::shared_ptr<const ViewState> state_;
  Moment moment_;
  TreeMode mode_;
  std::shared_ptr<const Knowledge> knowledge_;
  ViewReader rows_;
  std::shared_ptr<ReadOnce> once_;
};

}  // namespace tiendo

// The tree of units as a set of records tells it: who existed when, and under whom (semantics 4).
// Immutable once built; any thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "projector/declared.h"

namespace tiendo {

using UnitIndex = uint32_t;  // within one Tree; in the order of ids

struct Unit {
  std::string id;
  OrderKey known_from;    // its first registration
  OrderKey registration;  // the one that holds
  Day birth;
  std::string kind;
  std::string level;
  std::string organisation;
  std::vector<std::pair<std::string, std::string>> codes;
  std::vector<std::pair<std::string, Scalar>> attributes;
  std::vector<Since<Name>> names;                          // by day
  std::vector<Since<std::optional<std::string>>> parents;  // by day, as said
};

// Under whom facts are shown: each in the tree of its own day, or all in the tree of one day.
struct TreeMode {
  std::optional<Day> day;  // none: as_reported
};

class Tree {
 public:
  // `statements` in the order of K; those that are not UnitSaid are passed over.
  explicit Tree(const std::vector<const Statement*>& statements);

  [[nodiscard]] std::size_t size() const { return units_.size(); }
  [[nodiscard]] const Unit& unit(UnitIndex index) const { return units_[index]; }
  [[nodiscard]] std::optional<UnitIndex> find(std::string_view id) const;

  [[nodiscard]] bool exists(UnitIndex unit, Day day) const { return units_[unit].birth <= day; }
  [[nodiscard]] const Name& name(UnitIndex unit, Day day) const;
  // None for a root, and for a unit whose parent is not known. Before its first day a unit stands
  // where it stood on that day.
  [[nodiscard]] std::optional<UnitIndex> parent(UnitIndex unit, Day day) const;
  // The unit, its parent, and so on up to the root.
  [[nodiscard]] std::vector<UnitIndex> chain(UnitIndex unit, Day day) const;
  // Existing units directly below, in the order of ids.
  [[nodiscard]] std::vector<UnitIndex> children(UnitIndex unit, Day day) const;
  [[nodiscard]] bool is_below(UnitIndex unit, UnitIndex node, Day day) const;  // itself included

  // The days t of `window` on which a fact of `unit` counts in the subtree of `node`.
  [[nodiscard]] std::vector<Window> days_below(UnitIndex unit, UnitIndex node, Window window,
                                               TreeMode mode) const;
  // Whether facts of `unit` are its own under the mode, and not shown unplaced further up.
  [[nodiscard]] bool is_placed(UnitIndex unit, TreeMode mode) const {
    return !mode.day || exists(unit, *mode.day);
  }
  // The existing unit under which facts of `unit` stand on `day`: itself, or, when it begins later,
  // its first parent and so on.
  [[nodiscard]] std::optional<UnitIndex> place(UnitIndex unit, Day day) const;

  // Edges that would close a loop, for findings: the unit and the day from which.
  [[nodiscard]] const std::vector<std::pair<UnitIndex, Day>>& void_edges() const {
    return void_edges_;
  }
  // Where the chain of a unit changes: first day and ids, the earliest segment from day_min.
  struct Segment {
    Day from;
    std::vector<std::string> ids;
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  [[nodiscard]] std::vector<Segment> segments(UnitIndex unit) const;

 private:
  struct Edge {
    Day day;
    std::optional<UnitIndex> parent;
  };
  void build_units(const std::vector<const Statement*>& statements);
  void build_edges();
  [[nodiscard]] std::optional<UnitIndex> last_said_of_loop(
      UnitIndex start, const std::vector<std::optional<UnitIndex>>& parent,
      const std::vector<std::size_t>& holding) const;
  // The first day after `day` on which the chain of `unit` may change.
  [[nodiscard]] Day next_change(UnitIndex unit, Day day) const;

  std::vector<Unit> units_;
  std::unordered_map<std::string, UnitIndex> by_id_;
  std::vector<std::vector<Edge>> edges_;  // by unit, by day, loops cut
  std::vector<std::pair<UnitIndex, Day>> void_edges_;
};

}  // namespace tiendo

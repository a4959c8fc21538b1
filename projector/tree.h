// The tree of units as a set of records tells it: who existed when, and under whom (semantics 4).
// Immutable once built; any thread.
#pragma once

#include <map>
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
  Day birth;              // the effective day of that registration
  std::string kind;
  std::string level;
  std::string organisation;
  std::vector<std::pair<std::string, std::string>> codes;
  // By day, as said.
  std::vector<Since<bool>> existence;  // registered or reopened; closed
  std::vector<Since<Name>> names;
  std::vector<Since<std::optional<std::string>>> parents;
  std::map<std::string, std::vector<Since<Scalar>>, std::less<>> attributes;
};

// Under whom facts are shown: each in the tree of its own day, or all in the tree of one day.
struct TreeMode {
  std::optional<Day> day;  // none: as_reported
  [[nodiscard]] Day of(Day fact) const { return day.value_or(fact); }
};

// Where facts of a unit stand in a tree: their own unit, or, unplaced, one further up, in whose
// subtree they count and in whose own figure they do not.
struct TreePlace {
  UnitIndex unit = 0;
  bool own = false;
  friend bool operator==(const TreePlace&, const TreePlace&) = default;
};

class Tree {
 public:
  // `statements` in the order of K; those that are not UnitSaid are passed over.
  explicit Tree(const std::vector<const Statement*>& statements);

  [[nodiscard]] std::size_t size() const { return units_.size(); }
  [[nodiscard]] const Unit& unit(UnitIndex index) const { return units_[index]; }
  [[nodiscard]] std::optional<UnitIndex> find(std::string_view id) const;

  [[nodiscard]] bool exists(UnitIndex unit, Day day) const;
  // The first day on which the unit exists; of one that never does, the day it was registered for.
  [[nodiscard]] Day first_day(UnitIndex unit) const { return first_days_[unit]; }
  // The last day of the life that `day` lies in; none: it goes on, or there is none.
  [[nodiscard]] std::optional<Day> last_day(UnitIndex unit, Day day) const;
  // The first day of the state of having ended that holds on `day`; none: not ended by then.
  [[nodiscard]] std::optional<Day> ended(UnitIndex unit, Day day) const;
  [[nodiscard]] const Name& name(UnitIndex unit, Day day) const;
  // The value of an attribute that holds on a day; none: nothing said yet.
  [[nodiscard]] const Since<Scalar>* attribute(UnitIndex unit, std::string_view key, Day day) const;
  // None for a root, and for a unit whose parent is not known. Before its first day a unit stands
  // where it stood on that day; once ended, where it was last said to stand.
  [[nodiscard]] std::optional<UnitIndex> parent(UnitIndex unit, Day day) const;
  // The unit, its parent, and so on up to the root, whether or not they exist on the day.
  [[nodiscard]] std::vector<UnitIndex> chain(UnitIndex unit, Day day) const;
  // Existing units directly below, in the order of ids.
  [[nodiscard]] std::vector<UnitIndex> children(UnitIndex unit, Day day) const;
  [[nodiscard]] bool is_below(UnitIndex unit, UnitIndex node, Day day) const;  // itself included

  // Where a fact of `unit` of the day `fact` stands: itself while it exists; after its end, its
  // parent on the day before; before its first day, its parent on that day, though as reported it
  // stays the unit's own; and so on from there. None: nowhere, for want of a parent.
  [[nodiscard]] std::optional<TreePlace> place(UnitIndex unit, Day fact, TreeMode mode) const;
  // The days t of `window` on which a fact of `unit` counts in the subtree of `node`.
  [[nodiscard]] std::vector<Window> days_below(UnitIndex unit, UnitIndex node, Window window,
                                               TreeMode mode) const;
  // The days t of `window` on which a fact of `unit` counts in its own figure.
  [[nodiscard]] std::vector<Window> own_days(UnitIndex unit, Window window, TreeMode mode) const;

  // The units whose facts count in the subtree of `node` on some day, as reported or in the tree of
  // whatever day; in the order of ids.
  [[nodiscard]] const std::vector<UnitIndex>& ever_below(UnitIndex node) const {
    return ever_below_[node];
  }

  // The days from which on a filter may see another parent or attribute of the unit: in order, the
  // first is day_min.
  [[nodiscard]] std::vector<Day> property_days(UnitIndex unit) const;

  // Edges that would close a loop, for findings: the unit and the day from which.
  [[nodiscard]] const std::vector<std::pair<UnitIndex, Day>>& void_edges() const {
    return void_edges_;
  }
  // Where facts of a unit stand as reported: from a day on, the unit of their place, the one above
  // it, and so on. They are the unit's own where it comes first. The earliest from day_min.
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
  // Where facts of `unit` stand in the tree of `day`, and the units passed on the way, none of
  // which exist then. `early_stays`: a unit that has not begun keeps its facts.
  struct Way {
    std::vector<UnitIndex> passed{};
    std::optional<TreePlace> place{};
  };
  [[nodiscard]] Way way(UnitIndex unit, Day day, bool early_stays) const;
  [[nodiscard]] Day next_change(UnitIndex unit, Day day) const;
  void build_standings();
  template <class Counts>
  [[nodiscard]] std::vector<Window> days_that(UnitIndex unit, Window window, Counts counts) const;

  std::vector<Unit> units_;
  std::unordered_map<std::string, UnitIndex> by_id_;
  // As reported: where the facts of a unit stand from a day on, and what is above that.
  struct Standing {
    Day from;
    std::vector<UnitIndex> chain{};
  };

  std::vector<Day> first_days_;                     // by unit
  std::vector<std::vector<Edge>> edges_;            // by unit, by day, loops cut
  std::vector<std::vector<Standing>> standings_;    // by unit, by day
  std::vector<std::vector<UnitIndex>> ever_below_;  // by node
  std::vector<std::pair<UnitIndex, Day>> void_edges_;
};

}  // namespace tiendo

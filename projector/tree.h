// The tree of units as a set of records tells it: who existed when, and under whom (semantics 4).
// Immutable once built; any thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "projector/declared.h"
#include "projector/portion.h"

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
  std::vector<Since<bool>> existence;  // registered or reopened; closed, merged or split
  std::vector<Since<Name>> names;
  std::vector<Since<std::optional<std::string>>> parents;
  std::map<std::string, std::vector<Since<Scalar>>, std::less<>> attributes;
};

// A merge or split as the tree knows it: from a day on, units that end become others. A unit that
// is one of its own parts survives.
struct Succession {
  OrderKey said;
  Day day;
  std::vector<UnitIndex> from;
  std::vector<std::pair<UnitIndex, Decimal>> into;  // with shares, in the order said
};

// Under whom facts are shown: each in the tree of its own day, or all in the tree of one day.
struct TreeMode {
  std::optional<Day> day;  // none: as_reported
  [[nodiscard]] Day of(Day fact) const { return day.value_or(fact); }
};

// Where facts of a unit stand in a tree: in the own figure of a unit, or, unplaced, only in its
// subtree.
struct TreePlace {
  UnitIndex unit = 0;
  bool own = false;
  friend bool operator==(const TreePlace&, const TreePlace&) = default;
};

// A part of what is divided among the parts of a unit. No place: it stands nowhere.
struct TreePart {
  std::optional<TreePlace> place;
  Decimal share;
  friend bool operator==(const TreePart&, const TreePart&) = default;
};

// Amounts are divided by shares; what cannot be (sets, milestones, credits, members) stands whole,
// unplaced, at the lowest common ancestor of the parts.
enum class Dividing : uint8_t { divided, whole };

// Days on which facts of a unit count somewhere, and what of their amounts does.
struct DaysHere {
  Window days;
  Portion portion;
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
  // where it stood on that day; once ended, where its facts stand: closed, at its parent of the day
  // before; merged, at what it was merged into; split, at the lowest common ancestor of its parts.
  [[nodiscard]] std::optional<UnitIndex> parent(UnitIndex unit, Day day) const;
  // The unit, its parent, and so on up to the root, whether or not they exist on the day.
  [[nodiscard]] std::vector<UnitIndex> chain(UnitIndex unit, Day day) const;
  // Existing units directly below, in the order of ids.
  [[nodiscard]] std::vector<UnitIndex> children(UnitIndex unit, Day day) const;
  [[nodiscard]] bool is_below(UnitIndex unit, UnitIndex node, Day day) const;  // itself included

  // Where a fact of `unit` of the day `fact` stands: itself while it exists, or among the parts it
  // was split into since; after its end, where what it was merged or split into stands, or,
  // unplaced, its parent on the day before; before its first day, where what became it stood, or
  // its parent on that day, though as reported it then stays the unit's own. Shares add up to 1.
  [[nodiscard]] std::vector<TreePart> place(UnitIndex unit, Day fact, TreeMode mode) const;
  // The same part by part as it was divided, equal places not added up: where the tree of a later
  // day divides further, the parts of an earlier one are made of those that follow each other.
  [[nodiscard]] std::vector<TreePart> divisions(UnitIndex unit, Day fact, TreeMode mode) const;
  // The days t of which facts of a unit stand alike in the tree of a day.
  [[nodiscard]] std::vector<Window> days_alike(UnitIndex unit, Day tree_day) const;
  // Of what is not divided. None: nowhere, for want of a parent.
  [[nodiscard]] std::optional<TreePlace> place_whole(UnitIndex unit, Day fact, TreeMode mode) const;
  // The days t of `window` on which a fact of `unit` counts in the subtree of `node`.
  [[nodiscard]] std::vector<DaysHere> days_below(UnitIndex unit, UnitIndex node, Window window,
                                                 TreeMode mode, Dividing dividing) const;
  // The days t of `window` on which a fact of `unit` counts in the own figure of `node`.
  [[nodiscard]] std::vector<DaysHere> days_own(UnitIndex unit, UnitIndex node, Window window,
                                               TreeMode mode, Dividing dividing) const;

  // The units whose facts count in the subtree of `node` on some day, as reported or in the tree of
  // whatever day; in the order of ids.
  [[nodiscard]] const std::vector<UnitIndex>& ever_below(UnitIndex node) const {
    return ever_below_[node];
  }

  // The units of whose facts, as reported, only parts count in the subtree (or own figure) of
  // `node` on some day, or all parts though they do not stand whole there; in the order of ids.
  [[nodiscard]] const std::vector<UnitIndex>& partly_below(UnitIndex node) const {
    return partly_below_[node];
  }

  // As reported: the days of `window` on which facts of `unit` count there, in parts or in all,
  // though they do not stand whole there.
  [[nodiscard]] std::vector<DaysHere> days_partly(UnitIndex unit, UnitIndex node, Window window,
                                                  bool own) const;

  // The merge or split by which a unit had last ended on a day.
  [[nodiscard]] const Succession* ended_by(UnitIndex unit, Day day) const;
  // What a merge or split brought into a unit, the last one up to a day: the day, and what of whom
  // flowed into it, itself included; by unit.
  struct Inflow {
    Day day;
    std::vector<std::pair<UnitIndex, Portion>> from{};
  };
  [[nodiscard]] const Inflow* last_inflow(UnitIndex unit, Day day) const;
  [[nodiscard]] const std::vector<Inflow>& inflows(UnitIndex unit) const { return inflows_[unit]; }
  [[nodiscard]] bool has_successions() const { return !successions_.empty(); }
  // Of the merges and splits known: those that would make a unit its own successor, and have no
  // effect.
  [[nodiscard]] bool is_loop(const OrderKey& succession) const {
    return loops_.contains(succession);
  }

  // The days from which on a filter may see another parent or attribute of the unit: in order, the
  // first is day_min.
  [[nodiscard]] std::vector<Day> property_days(UnitIndex unit) const;

  // Edges that would close a loop, for findings: the unit and the day from which.
  [[nodiscard]] const std::vector<std::pair<UnitIndex, Day>>& void_edges() const {
    return void_edges_;
  }
  // Where facts of a unit stand as reported: from a day on, the unit of their place and what is
  // above it. Of what is divided, that is where it stands whole. The earliest from day_min.
  struct Segment {
    Day from;
    std::vector<std::string> ids;
    bool own = false;  // in the own figure of the first of them
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  [[nodiscard]] std::vector<Segment> segments(UnitIndex unit) const;

 private:
  struct Edge {
    Day day;
    std::optional<UnitIndex> parent;
  };
  // A merge or split that splits a unit's life: by which it ended, or which it survived.
  using SuccessionNumber = std::size_t;
  struct Life {
    bool exists = false;
    std::optional<SuccessionNumber> ended_by;
  };
  // tree.cc
  void build_units(const std::vector<const Statement*>& statements);
  void build_edges();
  [[nodiscard]] std::optional<UnitIndex> last_said_of_loop(
      UnitIndex start, const std::vector<std::optional<UnitIndex>>& parent,
      const std::vector<std::size_t>& holding) const;
  // tree_succession.cc
  void build_lives(const std::vector<const Statement*>& statements);
  void take_succession(const SuccessionSaid& said, const OrderKey& key);
  // How facts of a unit leave it, in the tree of a day.
  struct Leaving {
    enum class How : uint8_t { stays, divided, succeeded, closed, not_begun };
    How how;
    Day day{};                // the first split survived since the fact, or the last ending
    SuccessionNumber by = 0;  // which, of divided and succeeded
    [[nodiscard]] bool is_by_succession() const {
      return how == How::divided || how == How::succeeded;
    }
    [[nodiscard]] bool is_by(SuccessionNumber one) const { return is_by_succession() && by == one; }
  };
  [[nodiscard]] Leaving leaving(UnitIndex unit, Day fact, Day day) const;
  [[nodiscard]] bool would_loop(SuccessionNumber number) const;
  void find_predecessors();
  void find_inflows();
  [[nodiscard]] std::optional<SuccessionNumber> succession_on(UnitIndex unit, Day day) const;
  // tree_place.cc
  class Walk;
  [[nodiscard]] std::optional<UnitIndex> said_parent(UnitIndex unit, Day day) const;
  [[nodiscard]] Day next_change(UnitIndex unit, Day day) const;
  void build_standings();
  void build_standings(UnitIndex unit);
  void note_below(UnitIndex unit, const std::vector<UnitIndex>& chain);
  template <class Counts>
  [[nodiscard]] std::vector<DaysHere> days_that(UnitIndex unit, Window window, TreeMode mode,
                                                Dividing dividing, const Counts& counts) const;

  std::vector<Unit> units_;
  std::unordered_map<std::string, UnitIndex> by_id_;
  // As reported: where the facts of a unit stand from a day on, and what is above that.
  struct Chain {
    std::vector<UnitIndex> units{};  // empty: nowhere
    bool own = false;
    friend bool operator==(const Chain&, const Chain&) = default;
  };
  struct Standing {
    Day from;
    Chain whole{};
    std::vector<Chain> parts{};  // of what is divided; empty: nothing is
    std::shared_ptr<const Shares> shares{};
    [[nodiscard]] bool is_as(const Standing& other) const;
  };

  std::vector<Day> first_days_;                                 // by unit
  std::vector<std::vector<Since<Life>>> lives_;                 // by unit, by day
  std::vector<Succession> successions_;                         // those that have effect
  std::vector<std::vector<Since<SuccessionNumber>>> survived_;  // by unit, by day
  std::vector<std::vector<UnitIndex>> predecessors_;            // by unit: of its first day
  std::vector<std::vector<Inflow>> inflows_;                    // by unit, by day
  std::set<OrderKey> loops_;
  std::vector<std::vector<Edge>> edges_;              // by unit, by day, loops cut
  std::vector<std::vector<Standing>> standings_;      // by unit, by day
  std::vector<std::vector<UnitIndex>> ever_below_;    // by node
  std::vector<std::vector<UnitIndex>> partly_below_;  // by node
  std::vector<std::vector<Day>> absent_days_;         // by unit: what is above may change, while
                                                      // it does not exist
  std::vector<std::pair<UnitIndex, Day>> void_edges_;
};

}  // namespace tiendo

// Where units stand in the tree of a day, as known at a moment, asked for one unit at a time: what
// Tree says, without building the tree of every moment. Once filled, any thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "projector/declared.h"

namespace tiendo {

class Lineage {
 public:
  // `statement` says something of units, and has effect from `from` on; it stays. In any order.
  void add(const Statement& statement, const OrderKey& from);

  struct Standing {
    // The unit itself, then where its facts stand as reported and what is above that.
    std::vector<std::string> ids;
    std::optional<OrderKey> changes;  // the first record after which it may be another
    std::vector<std::string> asked;   // every unit that it depends on
  };
  [[nodiscard]] Standing standing(const std::string& unit, Day day, const OrderKey& known) const;
  [[nodiscard]] bool knows(const std::string& unit, const OrderKey& known) const;

  // What is known of the existence, the parents and the successors of a unit.
  struct Life {
    bool is_registered = false;
    Day first_day;
    std::vector<Since<bool>> existence;
    std::vector<Since<std::optional<std::string>>> parents;
    std::vector<Since<std::vector<std::string>>> parts;  // what it was merged or split into
    std::vector<Since<std::string>> before;              // who became it with a merge or split
  };

 private:
  class Walk;
  struct Entry {
    OrderKey from;
    OrderKey key;
    const Statement* said;
  };
  struct Past {
    std::vector<Entry> entries;  // by key
    OrderKey complete_from;      // the last `from`
    Life whole;
  };
  static Life life_of(const std::string& unit, const std::vector<Entry>& entries,
                      const OrderKey& known);
  static void say_of(Life& life, const std::string& unit, const Entry& entry);

  std::unordered_map<std::string, Past> pasts_;
};

}  // namespace tiendo

// Reference data: the records of units, plans, grants and publications, few enough to live in
// memory, each in its place in the order of K. Immutable once built; any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "projector/guard.h"
#include "projector/moment.h"
#include "projector/statement.h"
#include "projector/tree.h"

namespace tiendo {

// What a set of records tells of units and plans.
struct Knowledge {
  explicit Knowledge(const std::vector<const Statement*>& statements);

  // Of the versions of a plan, the one for a question whose period ends on `day` (semantics 2).
  [[nodiscard]] std::shared_ptr<const Plan> plan(std::string_view id, Day day) const;

  Tree tree;
  // The documents that hold, by version.
  struct Version {
    OrderKey said;
    std::shared_ptr<const Plan> plan;
  };
  std::map<std::string, std::map<int64_t, Version>, std::less<>> plans;
};

class Reference {
 public:
  Reference() : Reference(std::vector<std::shared_ptr<const Statement>>()) {}
  // Statements of units, plans, grants and publications, in any order. Where something was granted,
  // those of units have effect only from the record on that lets their source speak.
  explicit Reference(std::vector<std::shared_ptr<const Statement>> statements);

  [[nodiscard]] const std::vector<std::shared_ptr<const Statement>>& statements() const {
    return statements_;
  }
  // Known at a moment; remembered for the next question of the same records.
  [[nodiscard]] std::shared_ptr<const Knowledge> known(const Moment& moment) const;
  [[nodiscard]] std::shared_ptr<const Knowledge> all() const { return known(Moment{}); }

  // Who may speak; none: nothing was granted yet, and everyone may.
  [[nodiscard]] const Guard* guard() const { return guard_.get(); }
  // From which record on a statement of these has effect; none: it waits for a grant.
  [[nodiscard]] std::optional<OrderKey> effective_from(const Statement& statement) const;

  // The record from which on something is known; none: not yet.
  [[nodiscard]] std::optional<OrderKey> unit_known_from(const std::string& unit) const;
  [[nodiscard]] const std::map<std::string, OrderKey>& units_known_from() const {
    return unit_known_from_;
  }
  [[nodiscard]] std::optional<OrderKey> plan_known_from(const std::string& plan) const;
  [[nodiscard]] std::optional<OrderKey> period_known_from(const std::string& plan,
                                                          const std::string& period) const;
  // An indicator of any version.
  [[nodiscard]] std::optional<OrderKey> indicator_known_from(const std::string& plan,
                                                             const std::string& indicator) const;
  // Every plan document ever said, the replaced ones too.
  [[nodiscard]] std::vector<std::shared_ptr<const Plan>> documents() const;

 private:
  std::vector<std::shared_ptr<const Statement>> statements_;  // in the order of K
  std::unique_ptr<const Guard> guard_;
  std::map<std::string, OrderKey> unit_known_from_;
  std::map<std::string, std::vector<const Statement*>> plans_;  // by plan, in the order of K
  mutable std::mutex mutex_;
  mutable std::map<std::size_t, std::shared_ptr<const Knowledge>> known_;  // by number of records
};

}  // namespace tiendo

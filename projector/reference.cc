#include "projector/reference.h"

#include <algorithm>

namespace tiendo {
namespace {

constexpr std::size_t remembered_max = 16;

}  // namespace

Knowledge::Knowledge(const std::vector<const Statement*>& statements) : tree(statements) {
  for (const Statement* statement : statements) {
    if (const auto* said = std::get_if<PlanSaid>(&statement->said)) {
      plans[said->plan->id].insert_or_assign(said->plan->version,
                                             Version{statement->key, said->plan});
    }
  }
}

std::shared_ptr<const Plan> Knowledge::plan(std::string_view id, Day day) const {
  const auto versions = plans.find(id);
  if (versions == plans.end()) return nullptr;
  const Version* best = nullptr;
  const Version* first = nullptr;
  // Of versions that begin on one day the last said.
  const auto begins_later = [](const Version& a, const Version& b) {
    return std::pair(a.plan->valid_from, a.said) > std::pair(b.plan->valid_from, b.said);
  };
  for (const auto& [number, version] : versions->second) {
    const Day from = version.plan->valid_from;
    if (first == nullptr || from < first->plan->valid_from ||
        (from == first->plan->valid_from && version.said > first->said)) {
      first = &version;
    }
    if (from <= day && (best == nullptr || begins_later(version, *best))) best = &version;
  }
  return (best != nullptr ? best : first)->plan;
}

Reference::Reference(std::vector<std::shared_ptr<const Statement>> statements)
    : statements_(std::move(statements)) {
  std::sort(statements_.begin(), statements_.end(),
            [](const auto& a, const auto& b) { return a->key < b->key; });
  guard_ = Guard::of(statements_);
  for (const auto& statement : statements_) {
    if (const auto* plan = std::get_if<PlanSaid>(&statement->said)) {
      plans_[plan->plan->id].push_back(statement.get());
    }
    const auto* said = std::get_if<UnitSaid>(&statement->said);
    if (said == nullptr || said->what != UnitSaid::What::registered) continue;
    const auto from = effective_from(*statement);
    if (!from) continue;
    const auto [known, fresh] = unit_known_from_.emplace(said->unit, *from);
    if (!fresh) known->second = std::min(known->second, *from);
  }
}

std::shared_ptr<const Knowledge> Reference::known(const Moment& moment) const {
  const auto end = std::partition_point(statements_.begin(), statements_.end(),
                                        [&](const auto& one) { return moment.knows(one->key); });
  const auto count = static_cast<std::size_t>(end - statements_.begin());
  const std::lock_guard lock(mutex_);
  if (const auto found = known_.find(count); found != known_.end()) return found->second;
  std::vector<const Statement*> statements;
  for (auto it = statements_.begin(); it != end; ++it) {
    const auto from = effective_from(**it);
    if (from && moment.knows(*from)) statements.push_back(it->get());
  }
  // The knowledge of all records is asked for most, and stays.
  if (known_.size() >= remembered_max) {
    known_.erase(known_.begin()->first == statements_.size() ? std::prev(known_.end())
                                                             : known_.begin());
  }
  auto knowledge = std::make_shared<const Knowledge>(statements);
  known_.emplace(count, knowledge);
  return knowledge;
}

std::optional<OrderKey> Reference::effective_from(const Statement& statement) const {
  const bool of_units = std::holds_alternative<UnitSaid>(statement.said) ||
                        std::holds_alternative<SuccessionSaid>(statement.said);
  const bool guarded = guard_ != nullptr && of_units;
  return guarded ? guard_->unit_statement_from(statement.key) : std::optional(statement.key);
}

std::optional<OrderKey> Reference::unit_known_from(const std::string& unit) const {
  const auto found = unit_known_from_.find(unit);
  if (found == unit_known_from_.end()) return std::nullopt;
  return found->second;
}

std::optional<OrderKey> Reference::plan_known_from(const std::string& plan) const {
  const auto found = plans_.find(plan);
  if (found == plans_.end()) return std::nullopt;
  return found->second.front()->key;
}

std::optional<OrderKey> Reference::period_known_from(const std::string& plan,
                                                     const std::string& period) const {
  const auto found = plans_.find(plan);
  if (found == plans_.end()) return std::nullopt;
  for (const Statement* statement : found->second) {
    if (std::get<PlanSaid>(statement->said).plan->period(period)) return statement->key;
  }
  return std::nullopt;
}

std::optional<OrderKey> Reference::indicator_known_from(const std::string& plan,
                                                        const std::string& indicator) const {
  const auto found = plans_.find(plan);
  if (found == plans_.end()) return std::nullopt;
  for (const Statement* statement : found->second) {
    if (std::get<PlanSaid>(statement->said).plan->indicator(indicator)) return statement->key;
  }
  return std::nullopt;
}

std::vector<std::shared_ptr<const Plan>> Reference::documents() const {
  std::vector<std::shared_ptr<const Plan>> documents;
  for (const auto& statement : statements_) {
    if (const auto* said = std::get_if<PlanSaid>(&statement->said)) documents.push_back(said->plan);
  }
  return documents;
}

}  // namespace tiendo

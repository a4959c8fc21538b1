// What the folds of each kind of subject share, and one fold for each. All take the statements that
// have effect, in the order of K, at least one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "projector/fold.h"

namespace tiendo {

// How a subject stands from a record on.
template <class Standing>
struct Step {
  OrderKey from;
  Standing standing;
};

// What a subject needs to be known before it has effect, and from which record on it is.
class Needs {
 public:
  Needs(const SubjectKey& subject, std::vector<ViewRow>& rows) : subject_(subject), rows_(rows) {}

  // Writes down that `record` came before what it speaks of was known, so that the subject is found
  // when that becomes known, or known from an earlier record on. `in_force`: it waits now.
  void note(const OrderKey& record, HeldFor what, const std::string& name,
            const std::optional<OrderKey>& known_from, std::string_view code, bool in_force) {
    if (known_from && *known_from < record) return;
    row(record, what, name, known_from || !in_force ? "" : code);
  }
  void row(const OrderKey& record, HeldFor what, const std::string& name, std::string_view code) {
    rows_.push_back({view_family::held, held_key(what, name, subject_, record), std::string(code)});
  }

 private:
  const SubjectKey& subject_;
  std::vector<ViewRow>& rows_;
};

// Puts into a history of standings that each begins only once what it needs is known: until then,
// the subject stands nowhere. `known_from(standing)` is none while it is not known.
template <class Standing, class KnownFrom>
std::vector<Step<Standing>> released(std::vector<Step<Standing>> steps, KnownFrom known_from) {
  std::vector<Step<Standing>> out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::optional<OrderKey> known = known_from(steps[i].standing);
    const OrderKey from = steps[i].from;
    if (known && *known <= from) {
      out.push_back(std::move(steps[i]));
      continue;
    }
    out.push_back({from, Standing{}});
    const bool in_time = known && (i + 1 == steps.size() || *known < steps[i + 1].from);
    if (in_time) out.push_back({*known, std::move(steps[i].standing)});
  }
  return out;
}

// From which record on a statement about a unit has effect; none: it waits.
[[nodiscard]] std::optional<OrderKey> effective_from(const Statement& statement,
                                                     const std::string& unit,
                                                     const Reference& reference);

[[nodiscard]] Derived fold_activity(const SubjectKey& subject,
                                    std::span<const Statement* const> statements,
                                    std::span<const TermSlot> slots,
                                    const std::vector<bool>& wanted, const Reference& reference);
[[nodiscard]] Derived fold_report(const SubjectKey& subject,
                                  std::span<const Statement* const> statements,
                                  const Reference& reference);
[[nodiscard]] Derived fold_entity(const SubjectKey& subject,
                                  std::span<const Statement* const> statements,
                                  const Reference& reference);
[[nodiscard]] Derived fold_statistic(const SubjectKey& subject,
                                     std::span<const Statement* const> statements,
                                     const Reference& reference);
// Of an allocation, or of an expense with its corrections.
[[nodiscard]] Derived fold_money(const SubjectKey& subject,
                                 std::span<const Statement* const> statements,
                                 const Reference& reference);

}  // namespace tiendo

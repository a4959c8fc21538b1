// What the folds of each kind of subject share, and one fold for each. All take the statements
// of the subject, in the order of K, at least one; who may not speak is not heard.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "projector/fold.h"
#include "projector/heard.h"

namespace tiendo {

// Before all records: what needs nothing is known from there on.
[[nodiscard]] inline OrderKey first_order_key() { return {{INT64_MIN}, StreamName(), 0}; }

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
  // Of a source that may not speak of the unit, or once might not.
  void note_unheard(std::span<const Statement* const> statements,
                    const std::optional<Heard>& heard) {
    if (!heard) return;
    for (const Statement* statement : statements) {
      if (heard->in_place_of(statement)) continue;
      row(statement->key, HeldFor::grant, statement->source,
          heard->hears(statement) ? "" : "not_granted");
      // Where a unit that its data does not name stands matters too, once that is known.
      const bool by_subject = &unit_of(*statement) == &statement->about;
      if (by_subject && !statement->about.empty()) {
        row(statement->key, HeldFor::unit, statement->about, "");
      }
    }
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

// How a subject stands from which record on, where not everyone may speak: stands(statements) says
// how it does while these have effect.
template <class Standing, class Stands>
std::vector<Step<Standing>> steps_of(const Heard& heard, Stands stands) {
  std::vector<Step<Standing>> steps;
  for (const OrderKey& point : heard.points()) steps.push_back({point, stands(heard.at(point))});
  return steps;
}

// The statements that have effect at the end.
[[nodiscard]] inline std::vector<const Statement*> heard_at_last(
    std::span<const Statement* const> statements, const std::optional<Heard>& heard) {
  return heard ? heard->at_last() : std::vector(statements.begin(), statements.end());
}

// From which record on a statement about a unit has effect, who ever spoke; none: it waits.
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

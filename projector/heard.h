// Which records of a subject have effect, and from which record on, where not everyone may speak.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "projector/reference.h"

namespace tiendo {

// From `from` on these have effect, in the order of K.
struct Heard {
  OrderKey from;
  std::vector<const Statement*> statements;
};

// None: each has effect from its own place on. Otherwise begins with the first of `statements`,
// which are all those of the subject, in the order of K.
[[nodiscard]] std::optional<std::vector<Heard>> heard_of(
    std::span<const Statement* const> statements, const Reference& reference);

// Whether `statement` has effect at the end.
[[nodiscard]] bool is_heard(const std::vector<Heard>& heard, const Statement* statement);
// Whether it once had none although it was said.
[[nodiscard]] bool was_unheard(const std::vector<Heard>& heard, const Statement* statement);

// The unit that a record names; empty: none.
[[nodiscard]] const std::string& unit_of(const Statement& statement);

}  // namespace tiendo

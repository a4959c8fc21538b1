// Terms in an order: that in which statements hold contributions, and which of them are filled.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "projector/rows.h"
#include "projector/term.h"

namespace tiendo {

// A term with its id, in the order in which statements hold contributions.
struct TermSlot {
  TermId id;
  Term term;
};

// Every term of the views, by id. Error `rebuild` where one cannot be read.
[[nodiscard]] Result<std::vector<TermSlot>> read_slots(const Snapshot& rows);

// Which slots are folded for subjects up to the filling's cursor, and beyond it.
struct WantedSlots {
  std::vector<bool> filled;
  std::vector<bool> unfilled;
  std::string cursor;
  [[nodiscard]] const std::vector<bool>& of(const SubjectKey& subject) const {
    return cursor.empty() || subject.bytes() > cursor ? unfilled : filled;
  }
};
// Of the slots, only the first `known` are folded at all.
[[nodiscard]] WantedSlots wanted_slots(std::span<const TermSlot> slots, std::size_t known,
                                       const Backfill& backfill);

}  // namespace tiendo

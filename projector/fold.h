// The fold: from all records of one subject, in the order of K, to the rows of the views. Pure: the
// same records, terms and reference data give the same rows, whatever came first here. A record
// that comes late is folded by folding its subject again and writing the difference.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "projector/reference.h"
#include "projector/slots.h"
#include "projector/statement.h"
#include "projector/views.h"

namespace tiendo {

struct ViewRow {
  Family family;
  std::string key;
  std::string value;
  friend auto operator<=>(const ViewRow&, const ViewRow&) = default;
};

// What an activity contributes, as it now stands, to a term whose amounts may be added.
struct Amount {
  uint32_t slot;
  std::string unit;
  Day day;
  Decimal amount;
};

struct Derived {
  std::vector<ViewRow> rows;  // in no order, keys unique
  std::vector<Amount> amounts;
};

// The kinds of subjects that have rows of their own.
inline constexpr std::array folded_subjects = {activity_subject,   report_subject,
                                               entity_subject,     statistic_subject,
                                               allocation_subject, expense_subject};
[[nodiscard]] inline bool has_fold(const SubjectKey& subject) {
  return std::find(folded_subjects.begin(), folded_subjects.end(), subject.kind) !=
         folded_subjects.end();
}

// `statements` are those of the subject that have effect, in the order of K. `wanted[i]` says
// whether slot i is to be folded.
[[nodiscard]] Derived fold(const SubjectKey& subject, std::span<const Statement* const> statements,
                           std::span<const TermSlot> slots, const std::vector<bool>& wanted,
                           const Reference& reference);

}  // namespace tiendo

#include "projector/fold.h"

#include "events/ensure.h"
#include "projector/subject_fold.h"

namespace tiendo {

Derived fold(const SubjectKey& subject, std::span<const Statement* const> statements,
             std::span<const TermSlot> slots, const std::vector<bool>& wanted,
             const Reference& reference) {
  ENSURE(slots.size() == wanted.size(), "every slot is wanted or not");
  switch (subject.kind) {
    case activity_subject:
      return fold_activity(subject, statements, slots, wanted, reference);
    case report_subject:
      return fold_report(subject, statements, reference);
    case entity_subject:
      return fold_entity(subject, statements, reference);
    case statistic_subject:
      return fold_statistic(subject, statements, reference);
    case allocation_subject:
    case expense_subject:
      return fold_money(subject, statements, reference);
    default:
      return {};
  }
}

}  // namespace tiendo

#include "projector/slots.h"

#include "events/scan_end.h"
#include "projector/views.h"

namespace tiendo {

Result<std::vector<TermSlot>> read_slots(const Snapshot& rows) {
  std::vector<TermSlot> slots;
  const auto cursor = rows.cursor(view_family::terms);
  std::string last;
  for (cursor->seek(""); cursor->valid(); cursor->next()) {
    last = cursor->key();
    auto term = parse_term(cursor->value());
    if (!term || id_of(*term).view() != cursor->key()) {
      return must_rebuild("a term cannot be read");
    }
    const TermId id = id_of(*term);
    slots.push_back({id, std::move(*term)});
  }
  TRY_DO(scan_end(*cursor, last));
  return slots;
}

WantedSlots wanted_slots(std::span<const TermSlot> slots, std::size_t known,
                         const Backfill& backfill) {
  WantedSlots wanted{.cursor = backfill.cursor};
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const bool folded = i < known && !backfill.queued.contains(slots[i].id);
    wanted.filled.push_back(folded);
    wanted.unfilled.push_back(folded && !backfill.building.contains(slots[i].id));
  }
  return wanted;
}

}  // namespace tiendo

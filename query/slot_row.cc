#include "query/slot_row.h"

namespace tiendo {

void write_slot(JsonWriter& json, const Tree& tree, const Obligation& obligation, const Slot& slot,
                SlotKind kind) {
  json.begin_object();
  json.field("obligation", obligation.id);
  json.field("unit", tree.unit(slot.unit).id);
  json.field("period", slot.period);
  if (kind == SlotKind::owed) json.field("state", name_of(slot.state));
  json.field("report_state",
             slot.report_state ? std::optional(name_of(*slot.report_state)) : std::nullopt);
  json.field("first_at", slot.first_at);
  json.field("last_at", slot.last_at);
  json.field("complete", slot.complete);
  if (slot.first_record) {
    json.field("stream", slot.first_record->stream.text());
    json.field("position", slot.first_record->position);
  }
  json.end_object();
}

}  // namespace tiendo

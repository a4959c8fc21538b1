// How a slot of an obligation stands, as reports and editions show it.
#pragma once

#include "projector/obligation.h"
#include "query/json_writer.h"

namespace tiendo {

enum class SlotKind { owed, extra };  // extra: sent by a unit that did not owe it

// An object: obligation, unit, period, state (of what is owed), report_state, first_at, last_at,
// complete, and the record first sent.
void write_slot(JsonWriter& json, const Tree& tree, const Obligation& obligation, const Slot& slot,
                SlotKind kind);

}  // namespace tiendo

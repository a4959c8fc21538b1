// What the data of an accepted event says that is probably meant otherwise: fields that the type
// does not have are kept without effect, and a slip of the pen should not pass for one.
#pragma once

#include <vector>

#include "events/json.h"
#include "events/vocabulary.h"
#include "events/warning.h"

namespace tiendo {

// Fields that the type does not have and that are spelt nearly as one it has and that was not said.
// None of plan documents, which may hold no other fields.
[[nodiscard]] std::vector<Warning> warnings_of_event(EventType type, json::Value data);

}  // namespace tiendo

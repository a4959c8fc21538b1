// The checks of the data of an event against the shapes of its vocabulary. Everything that is wrong
// is handed to `first`, in document order; nothing is allocated while nothing is wrong, except to
// compare the elements of long lists.
#pragma once

#include <span>
#include <string_view>

#include "events/json.h"
#include "events/refusal.h"
#include "events/vocabulary.h"

namespace tiendo {

// Checks the fields of `object`, which must be an object. Fields that `fields` does not name are
// kept and ignored.
void check_fields(std::span<const FieldSpec> fields, json::Value object, const Path& path,
                  FirstRefusal& first);

}  // namespace tiendo

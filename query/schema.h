// JSON Schema (draft 2020-12) of the events, made of the vocabulary that the judge checks against.
// A schema says what it can: shapes, required fields, lists of values, limits. Lengths in bytes,
// what fields say together, days that do not exist and plan documents in depth are the judge's.
#pragma once

#include <string>

#include "events/vocabulary.h"

namespace tiendo {

// Of a whole event in structured mode. `$id` is the path it is served at.
[[nodiscard]] std::string schema_of(const TypeSpec& spec);

}  // namespace tiendo

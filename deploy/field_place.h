// Where in the text of a document a field stands that a refusal names.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "events/json.h"

namespace tiendo {

// The byte at which the field begins, or the innermost part of the document that is there around
// it; none where that cannot be told. `path` is that of a Refusal, from the document's root:
// targets[3].for.where.flag.digital
[[nodiscard]] std::optional<std::size_t> place_of_field(const json::Document& document,
                                                        std::string_view path);

}  // namespace tiendo

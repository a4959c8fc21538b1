// What a message of a type that is not known may have meant.
#pragma once

#include <string>
#include <string_view>

namespace tiendo {

// For `expected` of a refusal: the types that speak of the same thing, and the nearest one of all.
[[nodiscard]] std::string types_meant(std::string_view said);

}  // namespace tiendo

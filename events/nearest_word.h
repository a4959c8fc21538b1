// The known word that a misspelt one may have meant.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tiendo {

// How many letters of one are wrong, missing, too many or swapped against the other.
[[nodiscard]] std::size_t edits_between(std::string_view a, std::string_view b);

// By the number of letters that are wrong, missing, too many or swapped; empty where none of the
// words is near enough to be meant.
[[nodiscard]] std::string_view nearest_word(std::string_view said,
                                            std::span<const std::string_view> words);

}  // namespace tiendo

// Whole numbers as a text writes them.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace tiendo {

// The whole text, in digits of `base`; of a signed type a '-' may stand before them. None: it is no
// number, or too large for the type.
template <class Number>
[[nodiscard]] std::optional<Number> whole_number(std::string_view text, int base = 10) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, fault] = std::from_chars(text.data(), end, number, base);
  if (fault != std::errc() || read_to != end) return std::nullopt;
  return number;
}

}  // namespace tiendo

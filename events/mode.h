// Which mode of CloudEvents a message is in, and how headers carry attributes in binary mode.
#pragma once

#include <string>
#include <string_view>

#include "events/message.h"

namespace tiendo {

// As event.h says.
enum class Mode { structured, binary, neither };
[[nodiscard]] Mode mode_of(const Message& message);

// application/json or a type with the suffix +json, in any case, whatever its parameters.
[[nodiscard]] bool is_json_media(std::string_view content_type);

// ce_NAME (Kafka) or ce-NAME (HTTP), in any case; the name begins at the fourth byte.
[[nodiscard]] bool is_attribute_header(std::string_view name);
inline constexpr std::size_t attribute_prefix_bytes = 3;

// Whether the value of this header must be unescaped to be read; only HTTP escapes.
[[nodiscard]] bool is_escaped(const Header& header);
// CloudEvents' HTTP binding: outer double quotes are taken off, then %XX is a byte. Appends to
// `out`, never more bytes than `value` has; false where a % is not followed by two digits.
[[nodiscard]] bool unescape_header(std::string_view value, std::string& out);

[[nodiscard]] constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b);

}  // namespace tiendo

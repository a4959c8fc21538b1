// Text in the log is kept as it came; it is compared in NFC.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tiendo {

[[nodiscard]] bool is_ascii(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view bytes);
// How many bytes at the start are whole UTF-8 characters: all of them, or up to the first fault.
[[nodiscard]] std::size_t utf8_prefix(std::string_view bytes);
// `text` must be UTF-8.
[[nodiscard]] std::string to_nfc(std::string_view text);
[[nodiscard]] bool is_nfc(std::string_view text);
// Equal in NFC; quick where both are the same bytes or ASCII.
[[nodiscard]] bool same_text(std::string_view a, std::string_view b);
// Lower case without accents, đ as d: what a person types into a search box. Never a key.
[[nodiscard]] std::string search_form(std::string_view text);
// No C0/C1 control characters (line breaks and tabs too, unless allowed), no non-characters.
enum class LineBreaks { refused, allowed };
[[nodiscard]] bool is_clean_text(std::string_view text, LineBreaks line_breaks);
// Of a text that is not clean: whether for a C0 or C1 control character or DEL, and not only for
// non-characters.
[[nodiscard]] bool has_control_character(std::string_view text);

// For bytes that are no text, RFC 4648 with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace tiendo

#include "events/text.h"

#include <simdjson.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "events/ensure.h"

namespace tiendo {
namespace {

icu::StringPiece piece(std::string_view text) {
  ENSURE(text.size() <= INT32_MAX, "one text is smaller than 2 GiB");
  return {text.data(), static_cast<int32_t>(text.size())};
}

const icu::Normalizer2& nfc() {
  static const icu::Normalizer2* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const auto* normalizer = icu::Normalizer2::getNFCInstance(status);
    ENSURE(U_SUCCESS(status), "ICU has its NFC data built in");
    return normalizer;
  }();
  return *instance;
}

const icu::Normalizer2& nfd() {
  static const icu::Normalizer2* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const auto* normalizer = icu::Normalizer2::getNFDInstance(status);
    ENSURE(U_SUCCESS(status), "ICU has its NFD data built in");
    return normalizer;
  }();
  return *instance;
}

std::string normalized(const icu::Normalizer2& form, std::string_view text) {
  std::string result;
  icu::StringByteSink<std::string> sink(&result, static_cast<int32_t>(text.size()));
  UErrorCode status = U_ZERO_ERROR;
  form.normalizeUTF8(0, piece(text), sink, nullptr, status);
  ENSURE(U_SUCCESS(status), "ICU normalizes every text");
  return result;
}

// The macros of ICU narrow their own integers.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"

// The next code point, negative where the bytes are no UTF-8; moves `at` past it.
UChar32 next_code_point(std::string_view text, int32_t& at) {
  const auto length = static_cast<int32_t>(text.size());
  UChar32 code_point = 0;
  U8_NEXT(text.data(), at, length, code_point);
  return code_point;
}

void append_code_point(std::string& text, UChar32 code_point) {
  std::array<char, U8_MAX_LENGTH> buffer;
  int32_t length = 0;
  U8_APPEND_UNSAFE(buffer.data(), length, code_point);
  text.append(buffer.data(), static_cast<std::size_t>(length));
}

#pragma GCC diagnostic pop

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr UChar32 capital_d_with_stroke = 0x110;
constexpr UChar32 small_d_with_stroke = 0x111;

// Whether each of the eight bytes is in 0x20..0x7E; most text is, and is checked no further.
bool is_printable_ascii(uint64_t word) {
  constexpr uint64_t ones = 0x0101010101010101;
  constexpr uint64_t tops = ones * 0x80;
  const uint64_t below_space = word - ones * 0x20;  // borrows only where a byte is below
  const uint64_t del_or_above = word + ones;        // 0x7F + 1 has its top bit set
  return ((word | below_space | del_or_above) & tops) == 0;
}

}  // namespace

bool is_ascii(std::string_view text) {
  constexpr uint64_t tops = 0x8080808080808080;
  std::size_t at = 0;
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & tops) != 0) return false;
  }
  for (; at < text.size(); ++at) {
    if ((text[at] & '\x80') != 0) return false;
  }
  return true;
}

bool is_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

std::size_t utf8_prefix(std::string_view bytes) {
  if (is_utf8(bytes)) return bytes.size();
  ENSURE(bytes.size() <= INT32_MAX, "one text is smaller than 2 GiB");
  int32_t at = 0;
  int32_t good = 0;
  while (next_code_point(bytes, at) >= 0) good = at;
  return static_cast<std::size_t>(good);
}

bool is_nfc(std::string_view text) {
  if (is_ascii(text)) return true;
  UErrorCode status = U_ZERO_ERROR;
  const bool result = nfc().isNormalizedUTF8(piece(text), status);
  ENSURE(U_SUCCESS(status), "ICU checks every text");
  return result;
}

std::string to_nfc(std::string_view text) {
  return is_nfc(text) ? std::string(text) : normalized(nfc(), text);
}

bool same_text(std::string_view a, std::string_view b) {
  if (a == b) return true;
  // Different bytes can only be the same text when at least one of the two is not in NFC yet.
  const bool a_is_nfc = is_nfc(a);
  const bool b_is_nfc = is_nfc(b);
  if (a_is_nfc && b_is_nfc) return false;
  if (a_is_nfc) return a == normalized(nfc(), b);
  if (b_is_nfc) return b == normalized(nfc(), a);
  return normalized(nfc(), a) == normalized(nfc(), b);
}

std::string search_form(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  if (is_ascii(text)) {
    for (const char c : text) folded += ascii_lower(c);
    return folded;
  }
  const std::string decomposed = normalized(nfd(), text);
  const auto length = static_cast<int32_t>(decomposed.size());
  for (int32_t at = 0; at < length;) {
    const UChar32 code_point = next_code_point(decomposed, at);
    if (code_point < 0 || u_charType(code_point) == U_NON_SPACING_MARK) continue;
    const bool is_d = code_point == capital_d_with_stroke || code_point == small_d_with_stroke;
    append_code_point(folded, is_d ? U'd' : u_tolower(code_point));
  }
  return folded;
}

bool is_clean_text(std::string_view text, LineBreaks line_breaks) {
  ENSURE(text.size() <= INT32_MAX, "one text is smaller than 2 GiB");
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < length;) {
    if (at + 8 <= length) {
      uint64_t word;
      std::memcpy(&word, text.data() + at, sizeof word);
      if (is_printable_ascii(word)) {
        at += 8;
        continue;
      }
    }
    const UChar32 c = next_code_point(text, at);
    const bool is_line_break = c == '\n' || c == '\r' || c == '\t';
    if (is_line_break && line_breaks == LineBreaks::allowed) continue;
    const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);  // or no UTF-8: negative
    if (is_control || U_IS_UNICODE_NONCHAR(c)) return false;
  }
  return true;
}

bool has_control_character(std::string_view text) {
  constexpr uint8_t first_byte_of_c1 = 0xC2;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte != first_byte_of_c1 || i + 1 == text.size()) continue;
    if (static_cast<uint8_t>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const char byte = i + k < bytes.size() ? bytes[i + k] : '\0';
      group = group << 8 | static_cast<uint8_t>(byte);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      text += padding ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
  }
  return text;
}

}  // namespace tiendo

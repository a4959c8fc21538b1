#include "events/json_cursor.h"

#include <cstring>

namespace tiendo::json {
namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Writes a code point of at most U+10FFFF that is no surrogate; returns the end.
char* write_utf8(char* to, uint32_t c) {
  const auto put = [&to](uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
  return to;
}

bool is_high_surrogate(uint32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool is_low_surrogate(uint32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

}  // namespace

// Unescapes in place: what an escape stands for is never longer than the escape.
bool Cursor::read_escaped(char* text_start, std::string_view& text, bool& lone_surrogate) {
  char* to = at_;
  while (*at_ != '"') {
    if (*at_ != '\\') return fail(at_ == end_ ? "a closing quote" : "control characters escaped");
    to = read_escape(to, lone_surrogate);
    if (to == nullptr) return fail("an escape of JSON");
    char* const run = at_;
    at_ = end_of_plain_run(at_);
    const auto length = static_cast<std::size_t>(at_ - run);
    std::memmove(to, run, length);
    to += length;
  }
  text = {text_start, static_cast<std::size_t>(to - text_start)};
  ++at_;
  return true;
}

// Null when it is no escape of JSON; the cursor then stands at its backslash or in it.
char* Cursor::read_escape(char* to, bool& lone_surrogate) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  if (at_[1] != 'u') {
    const auto place = letters.find(at_[1]);
    if (place == letters.npos) return nullptr;
    at_ += 2;
    *to = meanings[place];
    return to + 1;
  }
  uint32_t code_point = 0;
  if (!read_hex4(code_point)) return nullptr;
  if (is_high_surrogate(code_point) && at_[0] == '\\' && at_[1] == 'u') {
    char* const second = at_;
    uint32_t low = 0;
    if (!read_hex4(low)) return nullptr;
    if (is_low_surrogate(low)) {
      return write_utf8(to, 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00));
    }
    at_ = second;
  }
  if (is_high_surrogate(code_point) || is_low_surrogate(code_point)) {
    lone_surrogate = true;
    std::memcpy(to, replacement_character.data(), replacement_character.size());
    return to + replacement_character.size();
  }
  return write_utf8(to, code_point);
}

// Reads \uXXXX at the cursor and moves past it.
bool Cursor::read_hex4(uint32_t& value) {
  value = 0;
  for (int place = 2; place < 6; ++place) {
    const int digit = hex_value(at_[place]);
    if (digit < 0) return false;
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  at_ += 6;
  return true;
}

bool Cursor::read_number(std::string_view& text) {
  const char* const number_start = at_;
  if (*at_ == '-') ++at_;
  if (!is_digit(*at_)) return fail(at_ == number_start ? "a value" : "a digit");
  if (*at_ == '0') {
    ++at_;
  } else {
    skip_digits();
  }
  if (*at_ == '.') {
    ++at_;
    if (!is_digit(*at_)) return fail("a digit");
    skip_digits();
  }
  if (*at_ == 'e' || *at_ == 'E') {
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    if (!is_digit(*at_)) return fail("a digit");
    skip_digits();
  }
  text = {number_start, static_cast<std::size_t>(at_ - number_start)};
  return true;
}

bool Cursor::read_word(std::string_view word) {
  if (std::string_view(at_, word.size()) != word) return fail("a value");
  at_ += word.size();
  return true;
}

void Cursor::skip_digits() {
  while (is_digit(*at_)) ++at_;
}

bool Cursor::fail(std::string_view expected) {
  not_json_ = "not JSON at byte " + std::to_string(at_ - start_) + ": expected ";
  not_json_ += expected;
  if (at_ == end_) {
    not_json_ += ", but the text ends";
  } else if (*at_ > ' ' && *at_ < '\x7F') {
    not_json_ += ", found ";
    not_json_ += *at_;
  } else {
    not_json_ += ", found byte value " + std::to_string(static_cast<unsigned char>(*at_));
  }
  return false;
}

}  // namespace tiendo::json

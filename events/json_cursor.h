// The tokens of JSON, read strictly and in place: the lower half of the reader behind
// events/json.h. Nothing outside that reader uses it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tiendo::json {

// Bytes of 0 that must follow the input. Every loop stops at a 0, and texts are scanned eight bytes
// at a time, so nothing has to ask where the input ends.
inline constexpr std::size_t padding = 16;

// The first quote, backslash or control character at or after `at`.
inline char* end_of_plain_run(char* at) {
  static_assert(std::endian::native == std::endian::little, "the lowest byte is the first one");
  constexpr uint64_t ones = 0x0101010101010101;
  constexpr uint64_t tops = ones * 0x80;
  // A byte of 0 borrows, and then a false mark can only be above the true one.
  const auto marks_below = [](uint64_t word, uint64_t bound) {
    return (word - ones * bound) & ~word & tops;
  };
  for (;; at += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    const uint64_t marks = marks_below(word, 0x20) | marks_below(word ^ (ones * '"'), 1) |
                           marks_below(word ^ (ones * '\\'), 1);
    if (marks != 0) return at + std::countr_zero(marks) / 8;
  }
}

// Walks over `bytes` (UTF-8, padded), which must outlive it and what it reads. A function that
// returns bool answers false when the input is not JSON there; `not_json()` then says why, and
// nothing more can be read.
class Cursor {
 public:
  explicit Cursor(std::string& bytes)
      : start_(bytes.data()), end_(start_ + bytes.size() - padding), at_(start_) {}

  [[nodiscard]] char peek() const { return *at_; }
  void advance() { ++at_; }
  void skip_space() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t') ++at_;
  }
  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(at_ - start_); }

  // A string in quotes, unescaped. `lone_surrogate` is set, and never cleared, by an escape that is
  // no character; U+FFFD stands for it.
  bool read_string(std::string_view& text, bool& lone_surrogate);
  // A number, as printed.
  bool read_number(std::string_view& text);
  // `word` itself; whoever reads on looks at what comes right after it, so `nullx` fails there.
  bool read_word(std::string_view word);

  // Notes that something else stands here than `expected`; always false.
  bool fail(std::string_view expected);
  [[nodiscard]] const std::string& not_json() const { return not_json_; }

 private:
  bool read_escaped(char* text_start, std::string_view& text, bool& lone_surrogate);
  char* read_escape(char* to, bool& lone_surrogate);
  bool read_hex4(uint32_t& value);
  void skip_digits();

  char* const start_;
  char* const end_;
  char* at_;
  std::string not_json_;
};

// Here, because most texts have no escape and every key passes.
inline bool Cursor::read_string(std::string_view& text, bool& lone_surrogate) {
  char* const text_start = ++at_;
  at_ = end_of_plain_run(at_);
  if (*at_ != '"') return read_escaped(text_start, text, lone_surrogate);
  text = {text_start, static_cast<std::size_t>(at_ - text_start)};
  ++at_;
  return true;
}

}  // namespace tiendo::json

#include <algorithm>
#include <array>
#include <charconv>

#include "events/json.h"
#include "events/text.h"

namespace tiendo::json {
namespace {

void append_escape(std::string& out, char c) {
  constexpr std::string_view meanings = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  constexpr std::string_view hex_digits = "0123456789abcdef";
  out += '\\';
  if (const auto place = meanings.find(c); place != meanings.npos) {
    out += letters[place];
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += hex_digits[byte >> 4];
  out += hex_digits[byte & 0xF];
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_plain = static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
    if (is_plain) continue;
    out.append(text, run, at - run);
    append_escape(out, c);
    run = at + 1;
  }
  out.append(text, run);
  out += '"';
}

std::string_view take_digits(std::string_view& text) {
  const auto length = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

// 0.DIGITS times 10^exponent, written out where that takes no long run of zeros.
void append_scaled(std::string& out, std::string_view digits, int64_t exponent) {
  constexpr int64_t zeros_max = 40;
  const auto count = static_cast<int64_t>(digits.size());
  if (exponent <= -zeros_max || exponent > count + zeros_max) {
    out.append("0.").append(digits).append("e").append(std::to_string(exponent));
  } else if (exponent <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent), '0').append(digits);
  } else if (exponent >= count) {
    out.append(digits).append(static_cast<std::size_t>(exponent - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(exponent);
    out.append(digits, 0, whole).append(".").append(digits, whole);
  }
}

// Equal numbers have one spelling: 1, 1.0, 10e-1 and 0.1E+1 are all 1, and -0 is 0. An exponent
// beyond 18 digits, which no figure has, stays as it is printed.
void append_canonical_number(std::string& out, std::string_view printed) {
  std::string_view rest = printed;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  std::string digits(take_digits(rest));
  auto exponent = static_cast<int64_t>(digits.size());
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    digits += take_digits(rest);
  }
  const auto first = digits.find_first_not_of('0');
  if (first == digits.npos) {
    out += '0';
    return;
  }
  exponent -= static_cast<int64_t>(first);
  digits = digits.substr(first, digits.find_last_not_of('0') + 1 - first);

  if (!rest.empty()) {
    rest.remove_prefix(rest.starts_with("e+") || rest.starts_with("E+") ? 2 : 1);
    int64_t said = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), said);
    constexpr int64_t said_max = 1'000'000'000'000'000'000;
    if (read.ec != std::errc() || said > said_max || said < -said_max) {
      out += printed;
      return;
    }
    exponent += said;
  }
  if (negative) out += '-';
  append_scaled(out, digits, exponent);
}

void append_scalar(std::string& out, Value value) {
  if (value.is(Kind::boolean)) {
    out += value.truth() ? "true" : "false";
  } else {
    out += "null";
  }
}

// How the two printed forms differ; both walk a value in the same way. Recursion ends at the
// reader's greatest depth.
struct AsPrinted {
  static std::string text(std::string_view text) { return std::string(text); }
  static void number(std::string& out, std::string_view printed) { out += printed; }
  static void order(std::vector<std::pair<std::string, Value>>&) {}
};

struct Canonical {
  static std::string text(std::string_view text) { return to_nfc(text); }
  static void number(std::string& out, std::string_view printed) {
    append_canonical_number(out, printed);
  }
  static void order(std::vector<std::pair<std::string, Value>>& fields) {
    std::sort(fields.begin(), fields.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
  }
};

template <class Form>
void append_value(std::string& out, Value value);

template <class Form>
void append_array(std::string& out, Value array) {
  std::string_view separator;
  out += '[';
  for (const Value element : array) {
    out += separator;
    append_value<Form>(out, element);
    separator = ",";
  }
  out += ']';
}

template <class Form>
void append_object(std::string& out, Value object) {
  std::vector<std::pair<std::string, Value>> fields;
  fields.reserve(object.size());
  for (const Value field : object) fields.emplace_back(Form::text(field.key()), field);
  Form::order(fields);
  std::string_view separator;
  out += '{';
  for (const auto& [key, field] : fields) {
    out += separator;
    append_quoted(out, key);
    out += ':';
    append_value<Form>(out, field);
    separator = ",";
  }
  out += '}';
}

template <class Form>
void append_value(std::string& out, Value value) {
  switch (value.kind()) {
    case Kind::object:
      return append_object<Form>(out, value);
    case Kind::array:
      return append_array<Form>(out, value);
    case Kind::text:
      return append_quoted(out, Form::text(value.text()));
    case Kind::number:
      return Form::number(out, value.text());
    case Kind::boolean:
    case Kind::null:
      return append_scalar(out, value);
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_quoted(out, text);
  return out;
}

std::string print(Value value) {
  std::string out;
  append_value<AsPrinted>(out, value);
  return out;
}

std::string canonical(Value value) {
  std::string out;
  append_value<Canonical>(out, value);
  return out;
}

}  // namespace tiendo::json

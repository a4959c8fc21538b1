#include "events/refusal.h"

#include <array>

#include "events/limits.h"
#include "events/text.h"

namespace tiendo {
namespace {

constexpr std::string_view cut_mark = "…";

bool continues_a_character(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

std::string with_bytes_escaped(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    if (c >= 0x20 && c < 0x7F) {
      text += c;
      continue;
    }
    const auto byte = static_cast<uint8_t>(c);
    text += "\\x";
    text += digits[byte >> 4];
    text += digits[byte & 0x0F];
  }
  return text;
}

std::string cut(std::string text) {
  if (text.size() <= limits::found_bytes_max) return text;
  std::size_t end = limits::found_bytes_max - cut_mark.size();
  while (end > 0 && continues_a_character(text[end])) --end;
  text.resize(end);
  text += cut_mark;
  return text;
}

}  // namespace

std::string readable(std::string_view bytes) {
  if (is_utf8(bytes)) return cut(std::string(bytes));
  return cut(with_bytes_escaped(bytes.substr(0, limits::found_bytes_max)));
}

std::string Path::text() const {
  std::string text = parent != nullptr ? parent->text() : std::string();
  if (index >= 0) return text + "[" + std::to_string(index) + "]";
  if (parent != nullptr) text += '.';
  return text + readable(name);
}

void FirstRefusal::add(Reason reason, const Path& path, std::string_view found,
                       std::string_view expected) {
  if (!wants(reason)) return;
  refusal_ = Refusal{reason, path.text(), readable(found), std::string(expected)};
}

void FirstRefusal::add(Reason reason, const Path& path, json::Value found,
                       std::string_view expected) {
  if (!wants(reason)) return;
  refusal_ =
      Refusal{reason, path.text(), found.present() ? readable(json::print(found)) : std::string(),
              std::string(expected)};
}

void FirstRefusal::add(Refusal refusal) {
  if (wants(refusal.reason)) refusal_ = std::move(refusal);
}

void FirstRefusal::add_missing(const Path& path, std::string_view expected, bool object_had_none) {
  const bool deeper_one = object_had_none && refusal_ && refusal_->reason == Reason::field_missing;
  if (!deeper_one && !wants(Reason::field_missing)) return;
  refusal_ = Refusal{Reason::field_missing, path.text(), "", std::string(expected)};
}

}  // namespace tiendo

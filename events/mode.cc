#include "events/mode.h"

#include <algorithm>
#include <optional>

namespace tiendo {
namespace {

constexpr std::string_view structured_media = "application/cloudevents+json";
constexpr std::string_view cloudevents_media = "application/cloudevents";

// The media type without its parameters and the space around it.
std::string_view bare_media(std::string_view content_type) {
  std::string_view bare = content_type.substr(0, content_type.find(';'));
  while (!bare.empty() && (bare.front() == ' ' || bare.front() == '\t')) bare.remove_prefix(1);
  while (!bare.empty() && (bare.back() == ' ' || bare.back() == '\t')) bare.remove_suffix(1);
  return bare;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = ascii_lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

bool equal_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return ascii_lower(x) == ascii_lower(y);
         });
}

bool is_json_media(std::string_view content_type) {
  constexpr std::string_view suffix = "+json";
  const std::string_view bare = bare_media(content_type);
  if (equal_without_case(bare, "application/json")) return true;
  return std::count(bare.begin(), bare.end(), '/') == 1 && bare.size() > suffix.size() &&
         equal_without_case(bare.substr(bare.size() - suffix.size()), suffix);
}

bool is_attribute_header(std::string_view name) {
  return name.size() > attribute_prefix_bytes && ascii_lower(name[0]) == 'c' &&
         ascii_lower(name[1]) == 'e' && (name[2] == '_' || name[2] == '-');
}

Mode mode_of(const Message& message) {
  if (message.headers.empty()) return Mode::structured;
  const auto* const header = message.header("content-type");
  const bool is_said = header != nullptr && header->has_value();
  const std::string_view media = is_said ? bare_media(**header) : std::string_view();
  if (equal_without_case(media, structured_media)) return Mode::structured;
  if (equal_without_case(media.substr(0, cloudevents_media.size()), cloudevents_media)) {
    return Mode::neither;
  }
  const bool has_attributes =
      std::any_of(message.headers.begin(), message.headers.end(),
                  [](const Header& one) { return is_attribute_header(one.name); });
  if (has_attributes) return !is_said || is_json_media(media) ? Mode::binary : Mode::neither;
  return is_said ? Mode::neither : Mode::structured;
}

bool is_escaped(const Header& header) {
  return is_attribute_header(header.name) && header.name[2] == '-' && header.value &&
         (header.value->find('%') != std::string::npos || header.value->starts_with('"'));
}

bool unescape_header(std::string_view value, std::string& out) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      out += value[i];
      continue;
    }
    if (i + 2 >= value.size()) return false;
    const int high = hex_digit(value[i + 1]);
    const int low = hex_digit(value[i + 2]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

}  // namespace tiendo

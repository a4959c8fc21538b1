#include "deploy/field_place.h"

#include <charconv>

namespace tiendo {
namespace {

// Whether what is left of a path goes on after the first `size` characters of it.
bool ends_a_name(std::string_view path, std::size_t size) {
  return path.size() == size || path[size] == '.' || path[size] == '[';
}

json::Value element_of(json::Value list, std::size_t wanted) {
  std::size_t at = 0;
  if (!list.is(json::Kind::array)) return {};
  for (const json::Value element : list) {
    if (at++ == wanted) return element;
  }
  return {};
}

// The next part of the value that the path names, which is taken off the path. Keys may hold points
// themselves: flag.digital.
json::Value step(json::Value value, std::string_view& path) {
  if (path.starts_with('[')) {
    std::size_t index = 0;
    const auto read = std::from_chars(path.data() + 1, path.data() + path.size(), index);
    if (read.ec != std::errc() || read.ptr == path.data() + path.size()) return {};
    path.remove_prefix(static_cast<std::size_t>(read.ptr - path.data()) + 1);
    return element_of(value, index);
  }
  if (path.starts_with('.')) path.remove_prefix(1);
  if (!value.is(json::Kind::object)) return {};
  for (const json::Value field : value) {
    const std::string_view key = field.key();
    if (!path.starts_with(key) || !ends_a_name(path, key.size())) continue;
    path.remove_prefix(key.size());
    return field;
  }
  return {};
}

}  // namespace

std::optional<std::size_t> place_of_field(const json::Document& document, std::string_view path) {
  json::Value value = document.root();
  std::optional<std::size_t> place = document.byte_of(value);
  while (!path.empty()) {
    value = step(value, path);
    if (!value.present()) break;
    if (const auto inner = document.byte_of(value)) place = inner;
  }
  return place;
}

}  // namespace tiendo

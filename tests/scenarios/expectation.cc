#include "tests/scenarios/expectation.h"

#include "events/json.h"

namespace tiendo::scenarios {
namespace {

using json::Kind;
using json::Value;
using Difference = std::optional<std::string>;

constexpr std::string_view absent = "<absent>";

std::string shown(Value value) { return value.present() ? json::print(value) : "nothing"; }

std::string differs(const std::string& path, Value expected, Value found) {
  return path + ": expected " + shown(expected) + ", found " + shown(found);
}

Difference compare(const std::string& path, Value expected, Value found);

// A member of a list is known by the first member expected of it.
Difference compare_member(const std::string& path, Value expected, Value list) {
  const Value id = *expected.begin();
  Difference nearest;
  for (const Value one : list) {
    if (json::print(one[id.key()]) != json::print(id)) continue;
    Difference difference = compare(path + "[" + json::print(id) + "]", expected, one);
    if (!difference) return std::nullopt;
    if (!nearest) nearest = std::move(difference);
  }
  if (nearest) return nearest;
  return path + ": expected an element with " + std::string(id.key()) + " " + shown(id) +
         ", found " + shown(list);
}

Difference compare_in_order(const std::string& path, Value expected, Value found) {
  if (!found.is(Kind::array) || expected.size() != found.size()) {
    return path + ": expected " + std::to_string(expected.size()) + " elements, found " +
           shown(found);
  }
  auto one = found.begin();
  std::size_t index = 0;
  for (const Value wanted : expected) {
    auto difference = compare(path + "[" + std::to_string(index++) + "]", wanted, *one);
    if (difference) return difference;
    ++one;
  }
  return std::nullopt;
}

Difference compare_list(const std::string& path, Value expected, Value found) {
  const bool of_objects = expected.size() > 0 && (*expected.begin()).is(Kind::object);
  if (!of_objects || !found.is(Kind::array)) {
    if (json::print(expected) == shown(found)) return std::nullopt;
    return differs(path, expected, found);
  }
  for (const Value wanted : expected) {
    if (auto difference = compare_member(path, wanted, found)) return difference;
  }
  return std::nullopt;
}

Difference compare_object(const std::string& path, Value expected, Value found) {
  if (expected["#"].present()) {
    const bool holds =
        found.is(Kind::array) && std::to_string(found.size()) == expected["#"].text();
    if (holds) return std::nullopt;
    return path + ": expected " + std::string(expected["#"].text()) + " elements, found " +
           shown(found);
  }
  if (expected["="].present()) return compare_in_order(path, expected["="], found);
  if (!found.is(Kind::object)) return differs(path, expected, found);
  for (const Value wanted : expected) {
    const std::string key(wanted.key());
    auto difference = compare(path.empty() ? key : path + "." + key, wanted, found[key]);
    if (difference) return difference;
  }
  return std::nullopt;
}

Difference compare(const std::string& path, Value expected, Value found) {
  if (expected.is(Kind::text) && expected.text() == absent) {
    if (!found.present()) return std::nullopt;
    return path + ": expected nothing, found " + shown(found);
  }
  if (expected.is(Kind::object)) return compare_object(path, expected, found);
  if (expected.is(Kind::array)) return compare_list(path, expected, found);
  if (found.present() && json::print(expected) == json::print(found)) return std::nullopt;
  return differs(path, expected, found);
}

}  // namespace

std::optional<std::string> difference(std::string_view expected, std::string_view found) {
  json::Document expected_document;
  json::Document found_document;
  if (const Status read = expected_document.parse(expected); !read.ok()) {
    return "the expectation is no JSON: " + read.error().message;
  }
  if (const Status read = found_document.parse(found); !read.ok()) {
    return "the answer is no JSON: " + read.error().message;
  }
  return compare("", expected_document.root(), found_document.root());
}

}  // namespace tiendo::scenarios

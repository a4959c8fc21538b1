#include "deploy/config_file.h"

#include <cstddef>
#include <optional>
#include <utility>

namespace tiendo {
namespace {

constexpr std::string_view spaces = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

bool is_end_of_line(std::string_view rest) {
  rest = trimmed(rest);
  return rest.empty() || rest.front() == '#';
}

// The value behind the equals sign; none where it is not written as one.
std::optional<std::string> value_in(std::string_view text) {
  if (text.empty() || text.front() == '#') return std::nullopt;
  const char quote = text.front();
  if (quote != '"' && quote != '\'') {
    const std::string_view bare = text.substr(0, text.find_first_of(" \t\r#"));
    if (!is_end_of_line(text.substr(bare.size()))) return std::nullopt;
    return std::string(bare);
  }
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      if (!is_end_of_line(text.substr(i + 1))) return std::nullopt;
      return value;
    }
    if (quote == '"' && text[i] == '\\') {
      ++i;
      if (i == text.size() || (text[i] != '"' && text[i] != '\\')) return std::nullopt;
    }
    value += text[i];
  }
  return std::nullopt;  // its end is missing
}

Error fault(std::size_t line, std::string_view what) {
  return {"wrong_use", "line " + std::to_string(line) + " of the configuration file, section " +
                           "[kafka]: " + std::string(what)};
}

Status take_line(std::string_view line, std::size_t number,
                 std::map<std::string, std::string>& properties) {
  if (is_end_of_line(line)) return Done{};
  const std::size_t equals = line.find('=');
  std::string_view key = trimmed(line.substr(0, equals));
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') {
    key = key.substr(1, key.size() - 2);
  }
  if (equals == std::string_view::npos || key.empty()) {
    return fault(number, "write KEY = \"VALUE\"");
  }
  auto value = value_in(trimmed(line.substr(equals + 1)));
  if (!value) {
    return fault(number, "the value of " + std::string(key) +
                             " has to stand in quotes; within them write \\\" and \\\\");
  }
  if (!properties.emplace(key, std::move(*value)).second) {
    return fault(number, std::string(key) + " is set a second time");
  }
  return Done{};
}

}  // namespace

Result<std::string> take_kafka_section(std::string_view file,
                                       std::map<std::string, std::string>& properties) {
  std::string rest;
  bool inside = false;
  std::size_t number = 0;
  while (!file.empty()) {
    ++number;
    const std::size_t end = file.find('\n');
    const std::string_view line = file.substr(0, end);
    file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
    const std::string_view bare = trimmed(line);
    const bool begins_section = bare.starts_with('[');
    if (begins_section) {
      inside = bare.starts_with("[kafka]") && is_end_of_line(bare.substr(7));
    } else if (inside) {
      TRY_DO(take_line(bare, number, properties));
    }
    if (!inside) rest += line;
    rest += '\n';
  }
  return rest;
}

}  // namespace tiendo

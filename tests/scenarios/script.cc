#include "tests/scenarios/script.h"

#include <sstream>

namespace tiendo::scenarios {
namespace {

bool is_json_start(char c) { return c == '{' || c == '['; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// s1 to `list`, and s1..s20 as twenty.
void append_part(std::vector<std::string>& list, std::string_view part) {
  const std::size_t dots = part.find("..");
  const std::size_t first = part.find_first_of("0123456789");
  if (dots == std::string_view::npos || first > dots) {
    list.emplace_back(part);
    return;
  }
  const std::string name(part.substr(0, first));
  const int last = std::stoi(std::string(part.substr(dots + 2 + first)));
  for (int i = std::stoi(std::string(part.substr(first))); i <= last; ++i) {
    list.push_back(name + std::to_string(i));
  }
}

}  // namespace

Line read_line(int number, std::string_view text) {
  text = trimmed(text);
  Line line{.number = number};
  std::size_t at = 0;
  std::size_t end = text.size();
  while (at < text.size()) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    if (is_json_start(text[at])) {
      line.json = text.substr(at);
      break;
    }
    if (text[at] == '#') {  // behind a space or at the margin: a comment
      end = at;
      break;
    }
    const std::size_t space = std::min(text.find(' ', at), text.size());
    line.words.emplace_back(text.substr(at, space - at));
    at = space;
  }
  line.text = trimmed(text.substr(0, end));
  return line;
}

std::string Statement::json() const {
  std::string all = head.json;
  for (const Line& line : body) all += "\n" + line.text;
  return all;
}

std::vector<Statement> read_script(std::string_view text) {
  std::vector<Statement> statements;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const bool indented = line.starts_with(' ');
    Line read = read_line(number, line);
    if (read.text.empty()) continue;
    if (indented && !statements.empty()) {
      statements.back().body.push_back(std::move(read));
    } else {
      statements.push_back({std::move(read), {}});
    }
  }
  return statements;
}

Option option_of(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return {std::string(word), ""};
  return {std::string(word.substr(0, equals)), std::string(word.substr(equals + 1))};
}

std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    append_part(parts, list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

}  // namespace tiendo::scenarios

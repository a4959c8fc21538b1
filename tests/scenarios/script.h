// The text of a scenario, cut into statements: a line that begins at the margin, and the indented
// lines below it. README.md shows the format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tiendo::scenarios {

// One line: words, then perhaps JSON. `a1 D1 03-10 700 form=online`, `say unit.moved
// {"unit":"C2"}`.
struct Line {
  int number = 0;  // in the file, from 1
  std::vector<std::string> words;
  std::string json;  // from the first word that begins with { or [ to the end; empty: none
  std::string text;  // as written, without the comment behind it
};

// The words and the JSON of one line.
[[nodiscard]] Line read_line(int number, std::string_view text);

struct Statement {
  Line head;
  std::vector<Line> body;
  // The JSON of the head, or the whole body read as JSON where the head has none.
  [[nodiscard]] std::string json() const;
};

[[nodiscard]] std::vector<Statement> read_script(std::string_view text);

// KEY=VALUE apart; without = the whole word is the key.
struct Option {
  std::string key;
  std::string value;
};
[[nodiscard]] Option option_of(std::string_view word);

// Between commas; s1..s20 stands for twenty.
[[nodiscard]] std::vector<std::string> parts_of(std::string_view list);

}  // namespace tiendo::scenarios

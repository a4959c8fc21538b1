#include "events/plan_page.h"

#include <algorithm>

namespace tiendo {
namespace {

constexpr std::size_t label_column = 13;

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    std::string& last = lines.back();
    if (last.empty()) {
      last = word;
    } else if (width_of(last) + 1 + width_of(word) <= columns) {
      last += " " + std::string(word);
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

std::string cell(const std::string& text, std::size_t columns, bool at_right) {
  const std::size_t width = std::min(width_of(text), columns);
  return at_right ? spaces(columns - width) + text : text + spaces(columns - width);
}

std::string trimmed(std::string line) {
  line.resize(line.find_last_not_of(' ') + 1);
  return line;
}

std::string rule(std::size_t columns) {
  std::string line;
  for (std::size_t i = 0; i < columns; ++i) line += "─";
  return line;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

void PlanPage::heading(std::string_view text) {
  line();
  line(text);
  line(rule(std::min(width_of(text), page_columns)));
}

void PlanPage::line(std::string_view text) {
  text_ += text;
  text_ += '\n';
}

void PlanPage::paragraph(std::string_view text, std::size_t indent) {
  for (const std::string& one : wrapped(text, page_columns - indent)) line(spaces(indent) + one);
}

void PlanPage::labelled(std::string_view label, std::string_view text) {
  if (text.empty()) return;
  std::string before = "  " + std::string(label);
  before += spaces(label_column - std::min(label_column, width_of(before)));
  for (const std::string& one : wrapped(text, page_columns - label_column)) {
    line(before + one);
    before = spaces(label_column);
  }
}

void PlanPage::table(const std::vector<std::vector<std::string>>& rows, std::size_t numbers_from,
                     std::size_t rows_below_a_line) {
  constexpr std::size_t gap = 2;
  constexpr std::size_t wrapped_column = 1;
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::size_t others = gap * (widths.size() - 1);
  for (std::size_t i = 0; i < widths.size(); ++i) others += i == wrapped_column ? 0 : widths[i];
  constexpr std::size_t narrowest = 12;
  const std::size_t left = page_columns > others + narrowest ? page_columns - others : narrowest;
  widths[wrapped_column] = std::min(widths[wrapped_column], left);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r == 1 || r + rows_below_a_line == rows.size()) {
      line(rule(std::min(page_columns, others + widths[wrapped_column])));
    }
    const std::vector<std::string> texts = wrapped(rows[r][wrapped_column], widths[wrapped_column]);
    for (std::size_t l = 0; l < texts.size(); ++l) {
      std::string out;
      for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::string text = i == wrapped_column ? texts[l] : l == 0 ? rows[r][i] : "";
        out += (i > 0 ? spaces(gap) : "") + cell(text, widths[i], i >= numbers_from);
      }
      line(trimmed(std::move(out)));
    }
  }
}

}  // namespace tiendo

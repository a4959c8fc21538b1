// Lines of text for people: headings, labelled paragraphs and tables, within 80 columns. A column
// is a code point: what is said here is in NFC and has no wide characters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tiendo {

inline constexpr std::size_t page_columns = 80;

// Code points.
[[nodiscard]] std::size_t width_of(std::string_view text);

class PlanPage {
 public:
  void heading(std::string_view text);
  void line(std::string_view text = "");
  // Wrapped at spaces, each line behind `indent` spaces.
  void paragraph(std::string_view text, std::size_t indent = 0);
  // The label, then the text wrapped beside it; nothing where the text is empty.
  void labelled(std::string_view label, std::string_view text);
  // Rows of as many cells as there are in the first, which is the heading. The second column is
  // wrapped to what is left, those from `numbers_from` on stand at the right.
  void table(const std::vector<std::vector<std::string>>& rows, std::size_t numbers_from,
             std::size_t rows_below_a_line);
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace tiendo

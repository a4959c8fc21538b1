#include "deploy/judged_text.h"

#include <algorithm>

#include "events/limits.h"

namespace tiendo {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\r";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::size_t first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

bool opens(std::string_view text) { return text.starts_with('{') || text.starts_with('['); }

// Whether an element can stand on the line after this one.
bool awaits_an_element(std::string_view text) {
  return text.ends_with('{') || text.ends_with('[') || text.ends_with(',') || text.ends_with(':');
}

// Lines as one text, blank ones included, so that a place in it is a place in the file.
JudgedText joined(const std::deque<JudgedText>& lines, uint64_t bytes) {
  JudgedText whole{.line = {.number = lines.front().line.number, .bytes = bytes, .text = {}},
                   .is_printed = true};
  if (bytes > limits::event_bytes_max) return whole;
  std::string text;
  uint64_t number = whole.line.number;
  for (const JudgedText& one : lines) {
    text.append(one.line.number - number, '\n');
    number = one.line.number;
    text += one.line.text.value_or("");
  }
  whole.line.text = std::move(text);
  return whole;
}

}  // namespace

TextPlace place_in(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const std::size_t line_end = before.rfind('\n');
  const std::string_view line =
      line_end == std::string_view::npos ? before : before.substr(line_end + 1);
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; };
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto characters = std::count_if(line.begin(), line.end(), begins_character);
  return {static_cast<uint64_t>(lines) + 1, static_cast<uint64_t>(characters) + 1};
}

Result<JudgedTexts> JudgedTexts::open(const std::string& path) {
  TRY_ASSIGN(reader, LineReader::open(path));
  return JudgedTexts(std::move(reader));
}

Result<std::optional<JudgedText>> JudgedTexts::next() {
  if (!begun_) TRY_DO(begin());
  begun_ = true;
  if (!read_.empty()) {
    JudgedText text = std::move(read_.front());
    read_.pop_front();
    return std::optional<JudgedText>(std::move(text));
  }
  TRY_ASSIGN(one, line());
  if (!one) return std::optional<JudgedText>();
  return std::optional<JudgedText>({.line = std::move(*one)});
}

Result<std::optional<Line>> JudgedTexts::line() {
  TRY_ASSIGN(lines, reader_->next({.lines_max = 1, .bytes_max = limits::body_bytes_max}));
  if (lines.empty()) return std::optional<Line>();
  bytes_read_ = reader_->progress().bytes_done;
  return std::optional<Line>(std::move(lines.front()));
}

// Reads as much as tells which of both it is; a document is read to its end.
Status JudgedTexts::begin() {
  TRY_ASSIGN(first, line());
  if (!first) return Done{};
  read_.push_back({.line = *first});
  if (!first->text || !begins_document(*first->text)) return Done{};
  const std::string_view beginning = trimmed(*first->text);
  for (;;) {
    TRY_ASSIGN(one, line());
    if (!one) break;
    // Nothing of a document that is too large is kept.
    const bool is_first_after = read_.size() == 1;
    if (bytes_read_ > limits::event_bytes_max && !is_first_after) continue;
    read_.push_back({.line = *one});
    if (!one->text) continue;
    if (beginning != "[" && is_event(*one->text)) return Done{};
    if (is_first_after && opens(trimmed(*one->text)) && !awaits_an_element(beginning)) {
      return Done{};
    }
  }
  if (read_.size() == 1) return Done{};
  JudgedText whole = joined(read_, bytes_read_);
  read_.clear();
  read_.push_back(std::move(whole));
  return Done{};
}

bool JudgedTexts::begins_document(std::string_view first) {
  const std::string_view text = trimmed(first);
  if (!opens(text)) return false;
  const Status parsed = document_.parse(text);
  return !parsed.ok() && (parsed.error().code == "not_json" || parsed.error().code == "not_utf8");
}

bool JudgedTexts::is_event(std::string_view text) {
  return trimmed(text).starts_with('{') && document_.parse(text).ok() &&
         document_.root()["specversion"].present();
}

}  // namespace tiendo

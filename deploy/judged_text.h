// The texts of a file that are judged each on its own: its lines, or, where it is one JSON document
// printed over many lines, all of it.
//
// It is one document if its first line is the beginning of an object or array that does not end
// there, and no line after it is an event of its own (then the first line is a spoilt event among
// others). Only a lone [ is always the beginning of a document.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "events/json.h"
#include "events/result.h"
#include "ingest/files.h"

namespace tiendo {

struct JudgedText {
  Line line;                // of a document: where it begins, and its bytes as they were read
  bool is_printed = false;  // over many lines, with LF as their ends
};

// A place in a text, both from 1; columns are characters.
struct TextPlace {
  uint64_t line = 1;
  uint64_t column = 1;
  friend bool operator==(const TextPlace&, const TextPlace&) = default;
};
[[nodiscard]] TextPlace place_in(std::string_view text, std::size_t byte);

// One thread.
class JudgedTexts {
 public:
  // Errors: those of LineReader.
  static Result<JudgedTexts> open(const std::string& path);
  // None at the end. Error `io`. A document over limits::event_bytes_max has no text.
  Result<std::optional<JudgedText>> next();

 private:
  explicit JudgedTexts(std::unique_ptr<LineReader> reader) : reader_(std::move(reader)) {}
  Result<std::optional<Line>> line();
  Status begin();
  [[nodiscard]] bool begins_document(std::string_view first);
  [[nodiscard]] bool is_event(std::string_view text);

  std::unique_ptr<LineReader> reader_;
  json::Document document_;
  std::deque<JudgedText> read_;  // and not given yet
  uint64_t bytes_read_ = 0;      // up to the end of the last line that is not blank
  bool begun_ = false;
};

}  // namespace tiendo

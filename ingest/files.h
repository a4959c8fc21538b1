// Events out of bytes at rest: the lines of an NDJSON file, and the elements of a JSON array (the
// batched mode of HTTP). Nothing here judges; a line or an element is given as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/limits.h"
#include "events/message.h"
#include "events/result.h"

namespace tiendo {

// The content-type header of a message in structured mode. The intake's and imports' messages need
// none; those that go out to Kafka do.
[[nodiscard]] Header structured_mode();

struct ReadProgress {
  uint64_t bytes_done = 0;
  std::optional<uint64_t> bytes_total;  // not of a pipe
  uint64_t lines = 0;                   // all, the blank ones too
  uint64_t blank_lines = 0;             // skipped
};

// A line that is not blank.
struct Line {
  uint64_t number = 0;              // in its file, from 1; blank ones are counted
  uint64_t bytes = 0;               // without its end
  std::optional<std::string> text;  // none: longer than allowed, and passed over
};

// Reads a file, or standard input, line by line. A line ends with LF or CRLF; the last one may end
// with the file. One thread.
//
//   TRY_ASSIGN(reader, LineReader::open(path));
//   for (;;) {
//     TRY_ASSIGN(lines, reader->next({.lines_max = 1000, .bytes_max = 1 << 20}));
//     if (lines.empty()) break;
//     ...
//     show(reader->progress());
//   }
class LineReader {
 public:
  struct Bounds {
    std::size_t lines_max = 0;
    std::size_t bytes_max = 0;  // a line longer than that comes alone
  };
  // Of a line: with brackets around it, it can still be the body of a request.
  static constexpr std::size_t line_bytes_max_default = limits::body_bytes_max - 2;

  // "-" is standard input. Errors: `not_found`; `wrong_use`, a folder, or a file that may not be
  // read; `io`.
  static Result<std::unique_ptr<LineReader>> open(
      const std::string& path, std::size_t line_bytes_max = line_bytes_max_default);

  // The next lines within both bounds; none at the end. Error `io`, after which nothing can be
  // read.
  Result<std::vector<Line>> next(const Bounds& bounds);
  [[nodiscard]] const ReadProgress& progress() const { return progress_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const;
  };
  LineReader(std::FILE* file, std::string path, std::size_t line_bytes_max);
  Status fill();
  // The next line that is not blank into held_; none at the end of the file.
  Status hold_line();
  // The next line, blank or not; none at the end of the file.
  Result<std::optional<Line>> line();

  std::unique_ptr<std::FILE, Close> file_;
  std::string path_;
  std::size_t line_bytes_max_;
  std::string buffer_;
  std::size_t begin_ = 0;     // of what is unread in the buffer
  std::size_t searched_ = 0;  // no line end before it
  bool at_end_ = false;
  std::optional<Line> held_;  // read, and not given yet
  ReadProgress progress_;
};

// The elements of a JSON array, exactly as they came but for the white space around them. They may
// be no JSON inside. Error `not_an_array` where the bytes cannot be split: no array, brackets or a
// text left open or closed wrongly, an element without bytes, something behind the array. The views
// point into `body`.
[[nodiscard]] Result<std::vector<std::string_view>> split_array(std::string_view body);

}  // namespace tiendo

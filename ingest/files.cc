#include "ingest/files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tiendo {
namespace {

constexpr std::size_t read_bytes = 256u << 10;

Error read_error(const std::string& path) {
  return {"io", path + " cannot be read: " + std::strerror(errno)};
}

// What the person who named the file can mend is not the environment's fault.
Error open_error(const std::string& path) {
  const int why = errno;
  const std::string what = path + " cannot be opened: " + std::strerror(why);
  switch (why) {
    case ENOENT:
    case ENOTDIR:
      return {"not_found", what + "; look how its name is written, and in which folder this is"};
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EINTR:
    case EIO:
      return {"io", what};
    default:
      return {"wrong_use", what + "; name a file that this account may read"};
  }
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

Header structured_mode() { return {"content-type", "application/cloudevents+json"}; }

void LineReader::Close::operator()(std::FILE* file) const {
  if (file != stdin) std::fclose(file);
}

LineReader::LineReader(std::FILE* file, std::string path, std::size_t line_bytes_max)
    : file_(file), path_(std::move(path)), line_bytes_max_(line_bytes_max) {}

Result<std::unique_ptr<LineReader>> LineReader::open(const std::string& path,
                                                     std::size_t line_bytes_max) {
  std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr) return open_error(path);
  std::unique_ptr<LineReader> reader(
      new LineReader(file, path == "-" ? "standard input" : path, line_bytes_max));
  struct stat about {};
  if (::fstat(::fileno(file), &about) != 0) return read_error(reader->path_);
  if (S_ISDIR(about.st_mode)) {
    return Error{"wrong_use", reader->path_ + " is a folder; name the files in it that are meant"};
  }
  if (S_ISREG(about.st_mode)) {
    reader->progress_.bytes_total = static_cast<uint64_t>(about.st_size);
  }
  return reader;
}

Status LineReader::fill() {
  buffer_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + read_bytes);
  errno = 0;
  const std::size_t got = std::fread(buffer_.data() + kept, 1, read_bytes, file_.get());
  buffer_.resize(kept + got);
  if (got < read_bytes) {
    if (std::ferror(file_.get()) != 0) return read_error(path_);
    at_end_ = true;
  }
  return Done{};
}

Result<std::optional<Line>> LineReader::line() {
  std::size_t end = buffer_.find('\n', searched_);
  uint64_t passed = 0;  // bytes of a line that is too long to be kept
  while (end == std::string::npos && !at_end_) {
    searched_ = buffer_.size();
    if (buffer_.size() - begin_ > line_bytes_max_ + 1) {
      passed += buffer_.size() - begin_;
      begin_ = buffer_.size();
    }
    TRY_DO(fill());
    end = buffer_.find('\n', searched_);
  }
  if (end == std::string::npos && begin_ == buffer_.size() && passed == 0) {
    return std::optional<Line>();
  }
  const std::size_t stop = std::min(end, buffer_.size());
  std::string_view text(buffer_.data() + begin_, stop - begin_);
  if (text.ends_with('\r')) text.remove_suffix(1);
  Line line{.number = ++progress_.lines, .bytes = passed + text.size(), .text = {}};
  if (line.bytes <= line_bytes_max_) line.text = std::string(text);
  const std::size_t used = std::min(stop + 1, buffer_.size());
  progress_.bytes_done += passed + used - begin_;
  begin_ = searched_ = used;
  return std::optional<Line>(std::move(line));
}

Status LineReader::hold_line() {
  for (;;) {
    TRY_ASSIGN(next, line());
    if (!next || !next->text || !is_blank(*next->text)) {
      held_ = std::move(next);
      return Done{};
    }
    ++progress_.blank_lines;
  }
}

Result<std::vector<Line>> LineReader::next(const Bounds& bounds) {
  std::vector<Line> lines;
  std::size_t bytes = 0;
  while (lines.size() < bounds.lines_max) {
    if (!held_) TRY_DO(hold_line());
    if (!held_) break;
    bytes += held_->text ? held_->text->size() : 0;
    if (!lines.empty() && bytes > bounds.bytes_max) break;
    lines.push_back(std::move(*held_));
    held_.reset();
  }
  return lines;
}

namespace {

// Walks the bytes of an array, minding only what tells where its elements end: texts, their
// escapes, and brackets.
class ArraySplitter {
 public:
  explicit ArraySplitter(std::string_view body) : body_(body) {}

  Result<std::vector<std::string_view>> split() {
    skip_space();
    if (!take('[')) return fault("no [ at the beginning");
    skip_space();
    if (take(']')) return end({});
    std::vector<std::string_view> elements;
    for (;;) {
      TRY_ASSIGN(element, element_bytes());
      elements.push_back(element);
      if (take(']')) return end(std::move(elements));
      ++at_;  // the comma
    }
  }

 private:
  static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
  }
  void skip_space() {
    while (at_ < body_.size() && is_space(body_[at_])) ++at_;
  }
  bool take(char byte) {
    if (at_ >= body_.size() || body_[at_] != byte) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] Error fault(std::string_view what) const {
    return {"not_an_array", "the body cannot be split into the elements of one JSON array: byte " +
                                std::to_string(at_) + ": " + std::string(what)};
  }
  Result<std::vector<std::string_view>> end(std::vector<std::string_view> elements) {
    skip_space();
    if (at_ != body_.size()) return fault("something behind the array");
    return elements;
  }

  // Up to, not including, the comma or bracket behind the element.
  Result<std::string_view> element_bytes() {
    skip_space();
    const std::size_t begin = at_;
    open_.clear();
    for (; at_ < body_.size(); ++at_) {
      const char byte = body_[at_];
      if (byte == '"') {
        if (!pass_text()) return fault("a text without its end");
      } else if (byte == '{' || byte == '[') {
        open_.push_back(byte);
      } else if (open_.empty() && (byte == ',' || byte == ']')) {
        break;
      } else if (byte == '}' || byte == ']') {
        if (open_.empty() || open_.back() != (byte == '}' ? '{' : '[')) {
          return fault("a bracket closes what was not opened");
        }
        open_.pop_back();
      }
    }
    if (at_ == body_.size()) return fault("the array has no end");
    std::size_t end = at_;
    while (end > begin && is_space(body_[end - 1])) --end;
    if (end == begin) return fault("an element without bytes");
    return body_.substr(begin, end - begin);
  }

  // From its opening quote to its closing one.
  bool pass_text() {
    for (++at_; at_ < body_.size(); ++at_) {
      if (body_[at_] == '\\') {
        ++at_;
      } else if (body_[at_] == '"') {
        return true;
      }
    }
    at_ = body_.size();
    return false;
  }

  std::string_view body_;
  std::size_t at_ = 0;
  std::string open_;  // brackets within the element
};

}  // namespace

Result<std::vector<std::string_view>> split_array(std::string_view body) {
  return ArraySplitter(body).split();
}

}  // namespace tiendo

#include "ingest/files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tiendo {
namespace {

constexpr std::size_t read_bytes = 256u << 10;

Error io_error(const std::string& path, std::string_view what) {
  const int why = errno;
  return {why == ENOENT ? "not_found" : "io",
          path + " cannot be " + std::string(what) + ": " + std::strerror(why)};
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
  if (file == nullptr) return io_error(path, "opened");
  std::unique_ptr<LineReader> reader(
      new LineReader(file, path == "-" ? "standard input" : path, line_bytes_max));
  struct stat about {};
  if (::fstat(::fileno(file), &about) != 0) return io_error(reader->path_, "read");
  if (S_ISDIR(about.st_mode)) return Error{"io", path + " is a folder, not a file"};
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
    if (std::ferror(file_.get()) != 0) return io_error(path_, "read");
    at_end_ = true;
  }
  return Done{};
}

Result<std::optional<std::string_view>> LineReader::line() {
  std::size_t end = buffer_.find('\n', searched_);
  while (end == std::string::npos && !at_end_ && buffer_.size() - begin_ <= line_bytes_max_ + 1) {
    searched_ = buffer_.size();
    TRY_DO(fill());
    end = buffer_.find('\n', searched_);
  }
  if (end == std::string::npos && begin_ == buffer_.size())
    return std::optional<std::string_view>();
  ++progress_.lines;
  const std::size_t stop = std::min(end, buffer_.size());
  std::string_view text(buffer_.data() + begin_, stop - begin_);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.size() > line_bytes_max_) {
    return Error{"line_too_long", path_ + ": line " + std::to_string(progress_.lines) +
                                      " is longer than " + std::to_string(line_bytes_max_) +
                                      " bytes; one event a line is expected"};
  }
  const std::size_t used = std::min(stop + 1, buffer_.size());
  progress_.bytes_done += used - begin_;
  begin_ = searched_ = used;
  return std::optional<std::string_view>(text);
}

Result<std::vector<Message>> LineReader::next(const Bounds& bounds) {
  std::vector<Message> messages;
  std::size_t bytes = 0;
  while (messages.size() < bounds.events_max && bytes < bounds.bytes_max) {
    TRY_ASSIGN(text, line());
    if (!text) break;
    if (is_blank(*text)) {
      ++progress_.blank_lines;
      continue;
    }
    bytes += text->size();
    messages.emplace_back().value = std::string(*text);
  }
  return messages;
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

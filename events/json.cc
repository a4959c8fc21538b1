#include "events/json.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "events/ensure.h"
#include "events/json_cursor.h"
#include "events/limits.h"
#include "events/text.h"

namespace tiendo::json {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Objects of up to this many keys look for a repeated key while they are read; larger ones sort.
constexpr uint32_t keys_compared_at_once_max = 32;

// One of 64 bits for a key. Reads eight bytes from where the key starts: there is padding.
uint64_t key_bit(std::string_view key) {
  uint64_t word;
  std::memcpy(&word, key.data(), sizeof word);
  if (key.size() < sizeof word) word &= (uint64_t{1} << (8 * key.size())) - 1;
  return uint64_t{1} << (((word ^ (key.size() << 59)) * 0x9E3779B97F4A7C15) >> 58);
}

std::string shortened(std::string_view text) {
  if (text.size() <= limits::found_bytes_max) return json::quoted(text);
  return json::quoted(text.substr(0, utf8_prefix(text.substr(0, limits::found_bytes_max)))) + "...";
}

// One pass over the input without recursion. The order of the codes is that of the judge: the
// grammar is checked to the end before depth counts, and depth before repeated keys; so a level too
// deep and a repeated key are noted, and reading goes on.
class Scanner {
 public:
  Scanner(std::string& bytes, std::vector<Node>& nodes, std::vector<Kind>& open)
      : cursor_(bytes), nodes_(nodes), open_(open) {}

  Status run();
  // Of the error that was returned.
  [[nodiscard]] std::size_t fault_byte() const { return fault_byte_; }

 private:
  // What an open container that is kept as a node remembers while it is read.
  struct Frame {
    uint32_t node;
    uint64_t key_bits;
    bool keys_are_ascii;
  };

  bool read_element();
  bool go_on();
  void open(Node& node, Kind kind);
  void close();
  bool read_key(Node& node);
  void add(const Node& node);
  void check_key_so_far(std::string_view key);
  void check_all_keys(uint32_t object);
  void note_duplicate(std::string_view key);
  std::string path() const;

  bool in_object() const { return !open_.empty() && open_.back() == Kind::object; }
  Frame& frame() { return frames_[open_.size() - 1]; }

  Cursor cursor_;
  std::vector<Node>& nodes_;
  std::vector<Kind>& open_;
  std::array<Frame, limits::json_depth_max> frames_;
  bool just_opened_ = false;
  std::string too_deep_;
  std::string duplicate_key_;
  std::size_t fault_byte_ = 0;
};

Status Scanner::run() {
  bool read = true;
  do {
    read = read_element();
  } while (read && go_on());
  if (cursor_.not_json().empty()) {
    cursor_.skip_space();
    if (!cursor_.at_end()) cursor_.fail("nothing after the value");
  }
  if (!cursor_.not_json().empty()) {
    fault_byte_ = cursor_.position();
    return Error{"not_json", cursor_.not_json()};
  }
  if (!too_deep_.empty()) return Error{"too_deep", too_deep_};
  if (!duplicate_key_.empty()) return Error{"duplicate_key", duplicate_key_};
  return Done{};
}

// An element of an array, a field of an object or the root: a scalar, or the start of a container.
bool Scanner::read_element() {
  Node node;
  cursor_.skip_space();
  if (in_object() && !read_key(node)) return false;
  switch (cursor_.peek()) {
    case '{':
      open(node, Kind::object);
      return true;
    case '[':
      open(node, Kind::array);
      return true;
    case '"':
      node.kind = Kind::text;
      if (!cursor_.read_string(node.text, node.lone_surrogate)) return false;
      break;
    case 't':
    case 'f':
      node.kind = Kind::boolean;
      node.truth = cursor_.peek() == 't';
      if (!cursor_.read_word(node.truth ? "true" : "false")) return false;
      break;
    case 'n':
      if (!cursor_.read_word("null")) return false;
      break;
    default:
      node.kind = Kind::number;
      if (!cursor_.read_number(node.text)) return false;
  }
  add(node);
  return true;
}

// Whether another element follows; closes the containers that end here. False too when it failed.
bool Scanner::go_on() {
  if (just_opened_) {
    just_opened_ = false;
    return true;
  }
  while (!open_.empty()) {
    cursor_.skip_space();
    if (cursor_.peek() == ',') {
      cursor_.advance();
      return true;
    }
    const bool is_closed = cursor_.peek() == (in_object() ? '}' : ']');
    if (!is_closed) return cursor_.fail(in_object() ? "',' or '}'" : "',' or ']'");
    cursor_.advance();
    close();
  }
  return false;
}

void Scanner::open(Node& node, Kind kind) {
  if (open_.size() == limits::json_depth_max && too_deep_.empty()) {
    too_deep_ = "nested deeper than " + std::to_string(limits::json_depth_max) +
                " levels at byte " + std::to_string(cursor_.position());
    fault_byte_ = cursor_.position();
  }
  cursor_.advance();
  node.kind = kind;
  add(node);
  open_.push_back(kind);
  if (too_deep_.empty()) frame() = {static_cast<uint32_t>(nodes_.size() - 1), 0, true};
  cursor_.skip_space();
  just_opened_ = cursor_.peek() != (kind == Kind::object ? '}' : ']');
  if (!just_opened_) {
    cursor_.advance();
    close();
  }
}

void Scanner::close() {
  if (too_deep_.empty()) {
    Node& container = nodes_[frame().node];
    container.end = static_cast<uint32_t>(nodes_.size());
    const bool was_compared =
        container.children <= keys_compared_at_once_max && frame().keys_are_ascii;
    if (container.kind == Kind::object && !was_compared) check_all_keys(frame().node);
  }
  open_.pop_back();
}

void Scanner::add(const Node& node) {
  if (!too_deep_.empty()) return;
  if (!open_.empty()) ++nodes_[frame().node].children;
  nodes_.push_back(node);
  nodes_.back().end = static_cast<uint32_t>(nodes_.size());
}

bool Scanner::read_key(Node& node) {
  if (cursor_.peek() != '"') return cursor_.fail("a key in quotes");
  if (!cursor_.read_string(node.key, node.lone_surrogate)) return false;
  cursor_.skip_space();
  if (cursor_.peek() != ':') return cursor_.fail("':'");
  cursor_.advance();
  cursor_.skip_space();
  if (too_deep_.empty()) check_key_so_far(node.key);
  return true;
}

void Scanner::check_key_so_far(std::string_view key) {
  Frame& object = frame();
  if (nodes_[object.node].children >= keys_compared_at_once_max) return;
  if (!is_ascii(key)) object.keys_are_ascii = false;
  const uint64_t bit = key_bit(key);
  const bool maybe_repeated = (object.key_bits & bit) != 0;
  object.key_bits |= bit;
  if (!maybe_repeated) return;
  for (uint32_t at = object.node + 1; at < nodes_.size(); at = nodes_[at].end) {
    if (nodes_[at].key == key) return note_duplicate(key);
  }
}

void Scanner::check_all_keys(uint32_t object) {
  std::vector<std::string> keys;
  keys.reserve(nodes_[object].children);
  for (uint32_t at = object + 1; at < nodes_[object].end; at = nodes_[at].end) {
    keys.push_back(to_nfc(nodes_[at].key));
  }
  std::sort(keys.begin(), keys.end());
  const auto repeated = std::adjacent_find(keys.begin(), keys.end());
  if (repeated != keys.end()) note_duplicate(*repeated);
}

void Scanner::note_duplicate(std::string_view key) {
  if (!duplicate_key_.empty()) return;
  if (too_deep_.empty()) fault_byte_ = cursor_.position();
  const std::string place = path();
  duplicate_key_ = "the key " + shortened(key) + " comes twice in " +
                   (place.empty() ? "the outermost object" : place) + ", before byte " +
                   std::to_string(cursor_.position());
}

// Where the innermost open container is: data.figures[3].
std::string Scanner::path() const {
  std::string text;
  for (std::size_t level = 1; level < open_.size(); ++level) {
    const Node& outer = nodes_[frames_[level - 1].node];
    if (outer.kind == Kind::array) {
      text += '[' + std::to_string(outer.children - 1) + ']';
    } else {
      const std::string_view key = nodes_[frames_[level].node].key;
      if (!text.empty()) text += '.';
      text += key.substr(0, utf8_prefix(key.substr(0, limits::found_bytes_max)));
    }
  }
  return text;
}

}  // namespace

struct Document::Parser {
  std::string bytes;  // the input, unescaped in place, and the padding
  std::vector<Node> nodes;
  std::vector<Kind> open;  // the kinds of the containers that are not closed yet
  std::optional<std::size_t> fault_byte;
};

Document::Document() : parser_(std::make_unique<Parser>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Status Document::parse(std::string_view bytes) {
  ENSURE(parser_ != nullptr, "a Document that was moved from is not used again");
  ENSURE(bytes.size() < INT32_MAX, "what is larger than 2 GiB was refused before it is read");
  parser_->nodes.clear();
  parser_->open.clear();
  parser_->fault_byte.reset();
  if (bytes.starts_with(byte_order_mark)) {
    return Error{"not_utf8", "a byte order mark before the value; send the text without one"};
  }
  if (!is_utf8(bytes)) {
    parser_->fault_byte = utf8_prefix(bytes);
    return Error{"not_utf8", "not UTF-8 at byte " + std::to_string(utf8_prefix(bytes))};
  }
  parser_->bytes.assign(bytes);
  parser_->bytes.append(padding, '\0');
  Scanner scanner(parser_->bytes, parser_->nodes, parser_->open);
  auto status = scanner.run();
  if (status.ok()) return status;
  parser_->nodes.clear();
  parser_->fault_byte = scanner.fault_byte();
  return status;
}

std::optional<std::size_t> Document::fault_byte() const { return parser_->fault_byte; }

std::optional<std::size_t> Document::byte_of(Value value) const {
  if (!value.present() || value.nodes_ != &parser_->nodes) return std::nullopt;
  const Node* node = &value.node();
  // The first field of an object has a key; the first element of a list maybe a text.
  while (node->key.data() == nullptr && node->text.data() == nullptr && node->children > 0) ++node;
  const bool has_key = node->key.data() != nullptr;
  const char* const begin = has_key ? node->key.data() : node->text.data();
  if (begin == nullptr) return std::nullopt;
  const auto at = static_cast<std::size_t>(begin - parser_->bytes.data());
  return has_key || node->kind == Kind::text ? at - 1 : at;  // with the quote
}

Value Document::root() const {
  if (!parser_ || parser_->nodes.empty()) return {};
  return {&parser_->nodes, 0};
}

Value Value::operator[](std::string_view key) const {
  if (!is(Kind::object)) return {};
  for (const Value field : *this) {
    if (field.key() == key) return field;
  }
  return {};
}

}  // namespace tiendo::json

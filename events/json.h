// A strict reader of JSON: one value, UTF-8 without a BOM, no duplicate keys, at most 32 deep, and
// numbers kept as they are printed. A Document owns the bytes; a Value is a view into it, cheap to
// copy and valid until the Document is parsed again, moved or destroyed. A Document used again
// keeps its memory. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/result.h"

namespace tiendo::json {

enum class Kind : uint8_t { null, boolean, number, text, array, object };

struct Node {
  Kind kind = Kind::null;
  bool truth = false;           // of a boolean
  bool lone_surrogate = false;  // key or text has an escape that is no character; kept as U+FFFD
  uint32_t children = 0;        // of an array or object
  uint32_t end = 0;             // index of the first node after this one and all below it
  std::string_view key;         // within an object, unescaped
  std::string_view text;        // of a text: unescaped; of a number: as printed
};

class Value {
 public:
  Value() = default;
  Value(const std::vector<Node>* nodes, uint32_t index) : nodes_(nodes), index_(index) {}

  // An absent value (a missing field, a default-constructed Value) answers false here, and null,
  // empty text and no children elsewhere.
  [[nodiscard]] bool present() const { return nodes_ != nullptr; }
  [[nodiscard]] Kind kind() const { return nodes_ ? node().kind : Kind::null; }
  [[nodiscard]] bool is(Kind kind) const { return nodes_ && node().kind == kind; }
  [[nodiscard]] bool is_null() const { return !nodes_ || node().kind == Kind::null; }
  [[nodiscard]] bool truth() const { return nodes_ && node().truth; }
  [[nodiscard]] bool lone_surrogate() const { return nodes_ && node().lone_surrogate; }
  [[nodiscard]] std::string_view key() const { return nodes_ ? node().key : std::string_view(); }
  // Of a text its characters, of a number its printed form.
  [[nodiscard]] std::string_view text() const { return nodes_ ? node().text : std::string_view(); }
  [[nodiscard]] uint32_t size() const { return nodes_ ? node().children : 0; }
  // A field of an object; absent where there is none or this is no object.
  [[nodiscard]] Value operator[](std::string_view key) const;

  class Iterator {
   public:
    Iterator(const std::vector<Node>* nodes, uint32_t index) : nodes_(nodes), index_(index) {}
    Value operator*() const { return {nodes_, index_}; }
    Iterator& operator++() {
      index_ = (*nodes_)[index_].end;
      return *this;
    }
    friend bool operator!=(Iterator a, Iterator b) { return a.index_ != b.index_; }

   private:
    const std::vector<Node>* nodes_;
    uint32_t index_;
  };
  // Elements of an array, or fields of an object in document order.
  [[nodiscard]] Iterator begin() const { return {nodes_, index_ + 1}; }
  [[nodiscard]] Iterator end() const {
    return {nodes_, nodes_ && is_container() ? node().end : index_ + 1};
  }

 private:
  friend class Document;
  [[nodiscard]] const Node& node() const { return (*nodes_)[index_]; }
  [[nodiscard]] bool is_container() const {
    return node().kind == Kind::array || node().kind == Kind::object;
  }

  const std::vector<Node>* nodes_ = nullptr;
  uint32_t index_ = 0;
};

class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // Error codes: not_utf8, not_json, too_deep, duplicate_key; the message says where.
  Status parse(std::string_view bytes);
  [[nodiscard]] Value root() const;
  // Where the last text that was parsed has its fault; none where it has none, or it is the text
  // as a whole.
  [[nodiscard]] std::optional<std::size_t> fault_byte() const;
  // Where a value of this document begins: its key, or itself in a list; an object in a list with
  // its first field. None for what leaves no trace: an empty list in a list, true, false, null.
  [[nodiscard]] std::optional<std::size_t> byte_of(Value value) const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// A text as a JSON string, with its quotes.
[[nodiscard]] std::string quoted(std::string_view text);
// The value printed again, compact, keys in document order, numbers as printed.
[[nodiscard]] std::string print(Value value);
// One form for equal content: keys sorted, no space, text in NFC, numbers without trailing zeros.
[[nodiscard]] std::string canonical(Value value);

}  // namespace tiendo::json

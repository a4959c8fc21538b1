#include <limits>

#include "events/ensure.h"
#include "events/store.h"

namespace tiendo {
namespace {

uint32_t checked_size(std::string_view bytes) {
  ENSURE(bytes.size() <= std::numeric_limits<uint32_t>::max(), "a row of more than 4 GiB");
  return static_cast<uint32_t>(bytes.size());
}

}  // namespace

void WriteBatch::put(Family family, std::string_view key, std::string_view value) {
  entries_.push_back({.family = family,
                      .erase = false,
                      .key_bytes = checked_size(key),
                      .value_bytes = checked_size(value),
                      .offset = bytes_.size()});
  bytes_.append(key);
  bytes_.append(value);
}

void WriteBatch::erase(Family family, std::string_view key) {
  entries_.push_back({.family = family,
                      .erase = true,
                      .key_bytes = checked_size(key),
                      .value_bytes = 0,
                      .offset = bytes_.size()});
  bytes_.append(key);
}

void WriteBatch::append(const WriteBatch& other) {
  const std::size_t shift = bytes_.size();
  bytes_.append(other.bytes_);
  entries_.reserve(entries_.size() + other.entries_.size());
  for (Entry entry : other.entries_) {
    entry.offset += shift;
    entries_.push_back(entry);
  }
}

void WriteBatch::clear() {
  bytes_.clear();
  entries_.clear();
}

}  // namespace tiendo

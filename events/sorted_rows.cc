#include "events/sorted_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <span>

#include "events/ensure.h"

namespace tiendo {
namespace {

constexpr std::size_t head_bytes = 8;

// A row seen at some depth of its key: the next eight bytes as a big-endian number (padded with
// zeros), and how many bytes of the key there are from here on, as far as that matters. Comparing
// two of them touches no key, so that the sort stays in the processor's cache.
struct Row {
  uint64_t head = 0;
  uint32_t row = 0;
  uint32_t rest = 0;  // 0..8, or 9 for more than eight
  friend bool operator<(const Row& a, const Row& b) {
    return a.head != b.head ? a.head < b.head : a.rest < b.rest;
  }
  [[nodiscard]] bool same_so_far(const Row& other) const {
    return head == other.head && rest == other.rest;
  }
};

Row row_at(const WriteBatch& batch, uint32_t row, std::size_t depth) {
  std::string_view key = batch.key(batch.entries()[row]);
  key.remove_prefix(depth);
  uint64_t head = 0;
  std::memcpy(&head, key.data(), std::min(key.size(), head_bytes));
  static_assert(std::endian::native == std::endian::little);
  return {.head = __builtin_bswap64(head),
          .row = row,
          .rest = static_cast<uint32_t>(std::min(key.size(), head_bytes + 1))};
}

// Sorts rows whose keys are equal up to `depth`: by the next eight bytes, and where those are equal
// too, by what follows. Keys of a view share long prefixes; each byte of them is read once.
void sort_from(const WriteBatch& batch, std::span<Row> rows, std::size_t depth) {
  std::sort(rows.begin(), rows.end());
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t last = first + 1;
    while (last < rows.size() && rows[last].same_so_far(rows[first])) ++last;
    if (last - first > 1) {
      ENSURE(rows[first].rest > head_bytes, "a sorted run holds a key twice");
      std::span<Row> equal = rows.subspan(first, last - first);
      for (Row& row : equal) row = row_at(batch, row.row, depth + head_bytes);
      sort_from(batch, equal, depth + head_bytes);
    }
    first = last;
  }
}

std::vector<uint32_t> sorted_numbers(const WriteBatch& batch, std::vector<Row> rows) {
  sort_from(batch, rows, 0);
  std::vector<uint32_t> numbers;
  numbers.reserve(rows.size());
  for (const Row& row : rows) numbers.push_back(row.row);
  return numbers;
}

}  // namespace

std::vector<std::vector<uint32_t>> sorted_rows(const WriteBatch& batch, std::size_t families) {
  const auto& entries = batch.entries();
  ENSURE(entries.size() <= std::numeric_limits<uint32_t>::max(), "a batch of too many rows");
  std::vector<std::size_t> counts(families);
  for (const WriteBatch::Entry& entry : entries) {
    ENSURE(entry.family < families, "a family that was not opened");
    ++counts[entry.family];
  }
  std::vector<std::vector<Row>> rows(families);
  for (std::size_t family = 0; family < families; ++family) rows[family].reserve(counts[family]);
  for (uint32_t i = 0; i < entries.size(); ++i) {
    rows[entries[i].family].push_back(row_at(batch, i, 0));
  }
  std::vector<std::vector<uint32_t>> sorted;
  sorted.reserve(families);
  for (std::vector<Row>& of_family : rows) {
    sorted.push_back(sorted_numbers(batch, std::move(of_family)));
  }
  return sorted;
}

}  // namespace tiendo

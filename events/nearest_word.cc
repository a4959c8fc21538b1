#include "events/nearest_word.h"

#include <algorithm>
#include <vector>

namespace tiendo {

// Neighbours swapped are one edit (optimal string alignment).
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string_view nearest_word(std::string_view said, std::span<const std::string_view> words) {
  constexpr std::size_t longest = 40;  // nobody misspells a word into more
  if (said.size() > longest) return {};
  std::string_view nearest;
  std::size_t fewest = 0;
  for (const std::string_view word : words) {
    const bool is_beginning = said.size() >= 3 && word.starts_with(said);
    const std::size_t edits = is_beginning ? 1 : edits_between(said, word);
    const std::size_t allowed = std::max<std::size_t>(1, std::min(said.size(), word.size()) / 3);
    if (edits > allowed || (!nearest.empty() && edits >= fewest)) continue;
    nearest = word;
    fewest = edits;
  }
  return nearest;
}

}  // namespace tiendo

// The words of a plan's own choice (types, registers, statistics, flags, levels ...) and those
// among them that look like a slip of another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/json.h"
#include "events/plan.h"

namespace tiendo {

struct FreeWord {
  std::string category;  // type, flag, register ...; words of one category are compared
  std::string word;
  std::string field;  // where it stands, a path from `data`
};

// Each use of such a word, in document order.
[[nodiscard]] std::vector<FreeWord> free_words_of(json::Value document);

struct Slip {
  FreeWord said;
  std::string meant;
};
// Words that nothing explains and that are spelt nearly as another one of their category which is
// explained, or is used more often.
[[nodiscard]] std::vector<Slip> slips_of(const std::vector<FreeWord>& used, const Plan& plan);

}  // namespace tiendo

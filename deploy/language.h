// In which language the program speaks to people. What programs read (codes, JSON, log lines) is
// the same in both.
#pragma once

#include <string_view>

#include "query/call.h"

namespace tiendo {

// `wanted`: what --lang says, or empty; then the first one set of LC_ALL, LC_MESSAGES and LANG
// decides. Anything that does not begin with "vi" is English.
[[nodiscard]] Language language_of(std::string_view wanted);

// One sentence in both languages.
struct Words {
  std::string_view en;
  std::string_view vi;
  [[nodiscard]] std::string_view in(Language language) const {
    return language == Language::vi ? vi : en;
  }
};

}  // namespace tiendo

// Assertions that stay on in production. A failed ENSURE means that this program is wrong (not its
// input, not its environment): it prints where and why and ends the process with abort(), before a
// wrong figure can be stored or shown.
#pragma once

#include <string_view>

namespace tiendo {

[[noreturn]] void ensure_failed(const char* condition, const char* file, int line,
                                std::string_view why);

}  // namespace tiendo

#define ENSURE(condition, why)                                        \
  do {                                                                \
    if (!(condition)) [[unlikely]]                                    \
      ::tiendo::ensure_failed(#condition, __FILE__, __LINE__, (why)); \
  } while (false)

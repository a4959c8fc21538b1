#include "events/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace tiendo {

void ensure_failed(const char* condition, const char* file, int line, std::string_view why) {
  std::fprintf(stderr, "tiendo: a broken invariant: %.*s (%s, %s:%d)\n",
               static_cast<int>(why.size()), why.data(), condition, file, line);
  std::abort();
}

}  // namespace tiendo

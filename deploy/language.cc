#include "deploy/language.h"

#include <cstdlib>

namespace tiendo {

Language language_of(std::string_view wanted) {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (!wanted.empty()) break;
    if (const char* value = std::getenv(name)) wanted = value;
  }
  return wanted.starts_with("vi") ? Language::vi : Language::en;
}

}  // namespace tiendo

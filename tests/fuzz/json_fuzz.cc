// What the scanner takes it prints again with the same meaning, and its canonical form is a fixed
// point; no bytes make it read beyond their end.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "events/ensure.h"
#include "events/json.h"

namespace tiendo {
namespace {

void check(std::string_view bytes) {
  static json::Document document;
  static json::Document second;
  // A copy of its own: a read beyond the end is seen.
  const std::string text(bytes);
  if (!document.parse(text).ok()) return;
  const std::string printed = json::print(document.root());
  ENSURE(second.parse(printed).ok(), "what was printed can be read");
  ENSURE(json::print(second.root()) == printed, "and is printed the same");
  const std::string canonical = json::canonical(document.root());
  ENSURE(json::canonical(second.root()) == canonical, "and means the same");
  if (second.parse(canonical).ok()) {  // keys that are equal in NFC only are two keys before
    ENSURE(json::canonical(second.root()) == canonical, "the canonical form is its own");
  }
}

}  // namespace
}  // namespace tiendo

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  tiendo::check({reinterpret_cast<const char*>(data), size});
  return 0;
}

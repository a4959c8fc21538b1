// Any JSON is a plan document or is refused with a place; a plan that is accepted can be read.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "events/ensure.h"
#include "events/json.h"
#include "events/plan.h"

namespace tiendo {
namespace {

void check(std::string_view bytes) {
  static json::Document document;
  const std::string text(bytes);
  if (!document.parse(text).ok()) return;
  const auto refusal = check_plan(document.root());
  if (refusal) {
    ENSURE(!sentence_of(*refusal).vi.empty(), "every refusal has words");
    return;
  }
  ENSURE(std::holds_alternative<Plan>(parse_plan(document.root())), "what is accepted can be read");
}

}  // namespace
}  // namespace tiendo

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  tiendo::check({reinterpret_cast<const char*>(data), size});
  return 0;
}

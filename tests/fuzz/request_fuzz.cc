// The target of a request is taken apart or refused, and what is taken apart is clean text that can
// be written again; addresses likewise.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "events/ensure.h"
#include "events/text.h"
#include "query/target.h"

namespace tiendo {
namespace {

std::string written(const RequestTarget& target) {
  std::string text;
  for (const std::string& segment : target.segments) text += "/" + percent_encoded(segment);
  if (text.empty()) text = "/";
  char separator = '?';
  for (const auto& [name, value] : target.parameters) {
    text += separator + percent_encoded(name) + "=" + percent_encoded(value);
    separator = '&';
  }
  return text;
}

void check(std::string_view bytes) {
  const std::string text(bytes);
  (void)parse_host_port(text);
  const auto target = parse_request_target(text);
  if (!target.ok()) return;
  for (const std::string& segment : target->segments) {
    ENSURE(is_utf8(segment) && segment != "." && segment != "..", "segments are clean text");
  }
  const auto again = parse_request_target(written(*target));
  ENSURE(again.ok(), "what was taken apart can be written");
  ENSURE(again->segments == target->segments && again->parameters == target->parameters,
         "and is the same again");
}

}  // namespace
}  // namespace tiendo

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  tiendo::check({reinterpret_cast<const char*>(data), size});
  return 0;
}

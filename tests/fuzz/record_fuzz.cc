// Bytes of a row are a record of ours or are not; those that are come out as they went in.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "events/ensure.h"
#include "events/record.h"

namespace tiendo {
namespace {

void check(std::string_view bytes) {
  const std::string row(bytes);
  if (Record record; parse_record(row, record)) {
    std::string again = message_bytes(record.message);
    append_judgement(again, record.recorded_at, record.judgement);
    ENSURE(again == row, "one record has one form");
  }
  if (const auto head = parse_head(row)) {
    ENSURE(head_bytes(*head) == row, "one head has one form");
  }
}

}  // namespace
}  // namespace tiendo

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  tiendo::check({reinterpret_cast<const char*>(data), size});
  return 0;
}

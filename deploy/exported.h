// A record of the log as a line of NDJSON:
//   {"stream","position","offset"?,"stamp_ms","timestamp_type","recorded_at_ms","verdict",
//    "conflict"?,"code"?,"key"?,"headers"?,"value" or "value_base64" or neither (a tombstone)}
#pragma once

#include <string>

#include "events/log.h"

namespace tiendo {

// With its line feed.
[[nodiscard]] std::string exported_line(const Record& record);

}  // namespace tiendo

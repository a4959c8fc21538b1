// How a scan ends. RocksDB 7.8.3 can end one early with status OK, as though there were no more
// rows; a seek behind the last row then tells.
#pragma once

#include <string_view>

#include "events/store.h"

namespace tiendo {

// After a scan: done where its reader stopped it at a row or there is none behind `last`, the last
// key it saw (or, where it saw none, the key it began at). Else the error, or `corrupt`. The cursor
// must be sought again before it is used.
[[nodiscard]] Status scan_end(Cursor& cursor, std::string_view last);

}  // namespace tiendo

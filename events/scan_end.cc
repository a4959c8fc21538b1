#include "events/scan_end.h"

#include <string>

namespace tiendo {

Status scan_end(Cursor& cursor, std::string_view last) {
  if (cursor.valid()) return Done{};
  TRY_DO(cursor.status());
  cursor.seek(std::string(last) + '\0');
  TRY_DO(cursor.status());
  if (cursor.valid()) return Error{"corrupt", "a scan of the store ended before its rows did"};
  return Done{};
}

}  // namespace tiendo

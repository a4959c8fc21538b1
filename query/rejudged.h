// What a control record made of a refused record (semantics 2).
#pragma once

#include "query/call.h"
#include "query/json_writer.h"

namespace tiendo {

// The control record that first had this refused one judged again, as far as the views hold it.
[[nodiscard]] Result<std::optional<RecordMark>> rejudged_by(const Call& call, const Record& record);
// `rejudged` of an answer: {stream, position, verdict, code}; nothing where there is none.
Status write_rejudged(JsonWriter& json, const Call& call, const Record& record);

}  // namespace tiendo

// Who said something, and why, as answers tell it.
#pragma once

#include <functional>

#include "events/event.h"
#include "events/log.h"
#include "query/json_writer.h"

namespace tiendo {

// Members of the record's place: stream, position, recorded_at.
void write_place(JsonWriter& json, const OrderKey& record);
// Members of the event: source, id, actor, reason, decision; null where it does not say.
void write_who_and_why(JsonWriter& json, const Event& event);
// Hands over the event of a record that was accepted; of one judged again, the message it was.
[[nodiscard]] Status tell_event(const LogReader& log, const OrderKey& record,
                                const std::function<void(const Event&)>& tell);
// Place, who and why, of such a record.
[[nodiscard]] Status write_said(JsonWriter& json, const LogReader& log, const OrderKey& record);
// A text, or null where it is empty.
void write_text(JsonWriter& json, std::string_view name, std::string_view text);

}  // namespace tiendo

// What a person decides about a stream or a record, as a record of the node's own stream `control`:
// a CloudEvent of source urn:tiendo:control with an author and a reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "events/calendar.h"
#include "events/message.h"
#include "events/result.h"
#include "events/vocabulary.h"

namespace tiendo {

struct OperatorAct {
  EventType type = EventType::control_rejudged;  // one of the control types
  std::string stream;                            // that it is about
  std::optional<uint64_t> position{};            // of the record that is judged again
  std::optional<int64_t> from{}, to{};           // offsets of an accepted gap: [from, to)
  std::string author;                            // the event's `actor`
  std::string reason;
};

// The message to be submitted to the stream `control`. Error `refused`, in words, for one
// that the judge would not accept: such a record is never written.
[[nodiscard]] Result<Message> control_record(const OperatorAct& act, Instant said_at);
// The same of any type that may stand there. `data` is JSON; events of equal type and `id` are one.
[[nodiscard]] Result<Message> control_record(EventType type, std::string_view id,
                                             std::string_view author, std::string_view data,
                                             Instant said_at);

}  // namespace tiendo

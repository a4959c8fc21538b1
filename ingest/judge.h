// The strict judge: whether one message is an event, decided from the message alone (semantics 11).
// All checks run, and the refusal whose reason comes first in the table of codes is the answer;
// among equal reasons the first field in the document, missing fields before those that are there,
// in the order of the vocabulary. Identity is the log's to settle.
//
//   Judge judge;
//   Judged judged = judge.judge(message);
//   log.append({{stream, {{message, stamp, judged.refusal, judged.identity}}}});
#pragma once

#include <optional>

#include "events/calendar.h"
#include "events/event.h"
#include "events/json.h"
#include "events/message.h"
#include "events/sha256.h"

namespace tiendo {

// For which kind of stream a message is judged. Control records are in the vocabulary of `control`
// alone: a source that sends one is refused with type_unknown. In `control` stand control records
// and publications, with `source` urn:tiendo:control and an `actor`.
enum class Speaker { source, control };

struct Judged {
  std::optional<Refusal> refusal;  // none: accepted as far as it goes
  Hash16 identity;                 // of an accepted one
  std::optional<Instant> time;     // the event's own, wherever it can be read, refused or not
};

// Holds the memory of the parser from one message to the next; one thread each.
class Judge {
 public:
  [[nodiscard]] Judged judge(const Message& message, Speaker speaker = Speaker::source);

  // The event of the last message that was accepted. Its views point into this object and into
  // that message, until the next judge().
  [[nodiscard]] const Event& event() const { return event_; }

 private:
  json::Document document_;
  Event event_;
};

}  // namespace tiendo

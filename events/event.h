// CloudEvents 1.0 out of a message: structured mode (one JSON object) and binary mode (ce_ headers,
// or ce- headers over HTTP, data as the body). The batched mode of HTTP is split into structured
// messages before it comes here.
//
// The mode: content-type application/cloudevents+json (any case, parameters allowed) is structured,
// every other application/cloudevents is refused; else ce_ or ce- headers are binary, and a content
// type that is said must be JSON; else a content type is refused, and a message that says none is
// read as structured: so the embedded intake and imports, whose messages have no headers at all.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "events/calendar.h"
#include "events/json.h"
#include "events/message.h"
#include "events/sha256.h"
#include "events/vocabulary.h"

namespace tiendo {

// A decoded event. `data` and the texts are views into the Document (or, in binary mode, the
// Message) it was decoded with.
struct Event {
  EventType type = EventType::unit_registered;
  std::string_view id;
  std::string_view source;
  std::string_view subject;  // empty: not said
  std::string_view actor;    // empty: not said
  std::string_view time_text;
  std::optional<Instant> time;
  json::Value data;  // an object
  // Holds the attributes where an HTTP header was percent-encoded; none elsewhere.
  std::shared_ptr<const std::string> unescaped;
};

// An event as far as it could be read, and what is wrong with its envelope, if anything. Of a
// refused one only `time` is meant to be used: it is set whenever a time could be read.
struct Reading {
  Event event;
  std::optional<Refusal> refusal;
};
[[nodiscard]] Reading read_event(const Message& message, json::Document& document);

using Decoded = std::variant<Event, Refusal>;

// Reads the envelope, up to and including data_binary and not_object of data; the fields of data
// are the judge's. `document` holds what the event's views point to.
[[nodiscard]] Decoded decode(const Message& message, json::Document& document);

// The identity of an event: (source, id), compared in NFC.
[[nodiscard]] Hash16 identity_of(std::string_view source, std::string_view id);

// Whether two messages say the same: type, subject, time, actor and data, whatever their mode, key
// order, white space, normal form and spelling of equal numbers. False where one does not decode.
[[nodiscard]] bool same_content(const Message& a, const Message& b);

}  // namespace tiendo

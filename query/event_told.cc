#include "query/event_told.h"

namespace tiendo {

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
  json.field(name, text.empty() ? std::nullopt : std::optional(text));
}

void write_place(JsonWriter& json, const OrderKey& record) {
  json.field("stream", record.stream.text());
  json.field("position", record.position);
  json.field("recorded_at", record.recorded_at);
}

void write_who_and_why(JsonWriter& json, const Event& event) {
  json.field("source", event.source);
  json.field("id", event.id);
  write_text(json, "actor", event.actor);
  write_text(json, "reason", event.data["reason"].text());
  write_text(json, "decision", event.data["decision"].text());
}

}  // namespace tiendo

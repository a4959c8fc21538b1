#include "deploy/exported.h"

#include <utility>

#include "events/text.h"
#include "query/json_writer.h"

namespace tiendo {
namespace {

// NAME where the bytes are text, NAME_base64 where not.
void field_of_bytes(JsonWriter& json, const std::string& name, std::string_view bytes) {
  if (is_utf8(bytes)) {
    json.field(name, bytes);
  } else {
    json.field(name + "_base64", base64(bytes));
  }
}

}  // namespace

std::string exported_line(const Record& record) {
  const Message& message = record.message;
  JsonWriter json;
  json.begin_object();
  json.field("stream", record.stream.text());
  json.field("position", record.position);
  if (message.offset >= 0) json.field("offset", message.offset);
  json.field("stamp_ms", message.timestamp_ms);
  json.field("timestamp_type", name_of(message.timestamp_type));
  json.field("recorded_at_ms", record.recorded_at.ms);
  json.field("verdict", name_of(record.judgement.verdict));
  if (record.judgement.conflict) json.field("conflict", true);
  if (record.judgement.verdict == Verdict::rejected) {
    json.field("code", name_of(record.judgement.refusal.reason));
    json.field("field", record.judgement.refusal.field);
  }
  if (message.key) field_of_bytes(json, "key", *message.key);
  if (!message.headers.empty()) {
    json.begin_object("headers");
    for (const Header& header : message.headers) {
      if (header.value) field_of_bytes(json, header.name, *header.value);
    }
    json.end_object();
  }
  if (message.value) field_of_bytes(json, "value", *message.value);
  json.end_object();
  return std::move(json).text() + "\n";
}

}  // namespace tiendo

#include "deploy/exported.h"

#include <utility>

#include "events/text.h"
#include "query/json_writer.h"

namespace tiendo {
namespace {

std::string_view name_of_type(TimestampType type) {
  switch (type) {
    case TimestampType::none:
      return "none";
    case TimestampType::create_time:
      return "create_time";
    case TimestampType::log_append_time:
      return "log_append_time";
    case TimestampType::admission:
      return "admission";
    case TimestampType::event_time:
      return "event_time";
  }
  return "";
}

// NAME where the bytes are text, NAME_base64 where not.
void field_of_bytes(JsonWriter& json, const std::string& name, std::string_view bytes) {
  if (is_utf8(bytes)) {
    json.field(name, bytes);
  } else {
    json.field(name + "_base64", base64(bytes));
  }
}

}  // namespace

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const char byte = i + k < bytes.size() ? bytes[i + k] : '\0';
      group = group << 8 | static_cast<uint8_t>(byte);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      text += padding ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
  }
  return text;
}

std::string exported_line(const Record& record) {
  const Message& message = record.message;
  JsonWriter json;
  json.begin_object();
  json.field("stream", record.stream.text());
  json.field("position", record.position);
  if (message.offset >= 0) json.field("offset", message.offset);
  json.field("stamp_ms", message.timestamp_ms);
  json.field("timestamp_type", name_of_type(message.timestamp_type));
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

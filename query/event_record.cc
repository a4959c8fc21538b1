// GET /v1/events/{stream}/{position}: one record as it came, with its verdict.
#include "events/event.h"
#include "events/text.h"
#include "query/answer.h"
#include "query/rejudged.h"
#include "query/routes.h"
#include "query/standing.h"
#include "query/waiting_codes.h"

namespace tiendo {
namespace {

void write_bytes(JsonWriter& json, std::string_view name, const std::optional<std::string>& bytes) {
  if (bytes && !is_utf8(*bytes)) {
    json.field(std::string(name) + "_base64", base64(*bytes));
  } else {
    json.field(name, bytes);
  }
}

void write_message(JsonWriter& json, const Message& message) {
  json.field("offset", message.offset < 0 ? std::nullopt : std::optional(message.offset));
  json.field("timestamp_type", name_of(message.timestamp_type));
  json.field("timestamp", message.timestamp_type == TimestampType::none
                              ? std::nullopt
                              : std::optional(Instant{message.timestamp_ms}));
  write_bytes(json, "key", message.key);
  json.begin_array("headers");
  for (const Header& header : message.headers) {
    json.begin_object();
    write_bytes(json, "name", header.name);
    write_bytes(json, "value", header.value);
    json.end_object();
  }
  json.end_array();
  write_bytes(json, "value", message.value);
}

void write_envelope(JsonWriter& json, const Record& record) {
  json::Document document;
  const Decoded decoded = decode(record.message, document);
  const Event* event = std::get_if<Event>(&decoded);
  if (event == nullptr) return;
  json.begin_object("event");
  json.field("type", std::string(type_prefix) + std::string(spec_of(event->type).name) + ".v1");
  json.field("source", event->source);
  json.field("id", event->id);
  json.field_unless_empty("subject", event->subject);
  json.field_unless_empty("actor", event->actor);
  json.field_unless_empty("time", event->time_text);
  json.key("data");
  json.raw(json::print(event->data));
  json.end_object();
}

void write_judgement(JsonWriter& json, const Judgement& judgement) {
  json.field("verdict", name_of(judgement.verdict));
  json.field("conflict", judgement.conflict);
  json.field("rules", judgement.rules);
  if (judgement.verdict != Verdict::rejected) return;
  json.field("code", name_of(judgement.refusal.reason));
  json.field("field", judgement.refusal.field);
  json.field("found", judgement.refusal.found);
  json.field("expected", judgement.refusal.expected);
  json.field("message", sentence_of(judgement.refusal));
}

Status write_standing(JsonWriter& json, const Call& call, const Record& record) {
  if (record.judgement.verdict != Verdict::accepted || call.views == nullptr) return Done{};
  const auto read = call.views->checkpoint.find(record.stream);
  const bool held = read != call.views->checkpoint.end() && record.position < read->second;
  json.field("applied", held);
  if (!held) return Done{};
  TRY_ASSIGN(standing, standing_of(call, record));
  if (!standing.waiting.empty()) {
    json.begin_array("waiting");
    for (const Wait& wait : standing.waiting) {
      json.begin_object();
      json.field("code", wait.code);
      json.field("waits_for", wait.waits_for);
      json.field("message", sentence_of_waiting(wait.code, wait.waits_for));
      json.end_object();
    }
    json.end_array();
  }
  json.field_unless_empty("void", standing.void_code);
  if (!standing.findings.empty()) {
    json.begin_array("findings");
    for (const std::string& finding : standing.findings) json.value(finding);
    json.end_array();
  }
  std::vector<std::string> remarkable = standing.findings;
  if (!standing.void_code.empty()) remarkable.insert(remarkable.begin(), standing.void_code);
  if (remarkable.empty()) return Done{};
  json.begin_array("remarks");
  for (const std::string& code : remarkable) {
    json.begin_object();
    json.field("code", code);
    json.field("message", sentence_of_remark(code));
    json.end_object();
  }
  json.end_array();
  return Done{};
}

}  // namespace

Result<HttpResponse> answer_event(const Call& call) {
  const std::string name = call.ids[0] + "@" + call.ids[1];
  const auto wanted = record_name(call, name);
  auto record = wanted.ok() ? call.context.log.read(wanted->stream, wanted->position)
                            : Result<Record>(Error{"not_found", ""});
  if (!record.ok() && record.error().code == "not_found") {
    return refuse(call, "record_unknown",
                  {"Không có bản ghi " + name + ".", "There is no record " + name + "."});
  }
  if (!record.ok()) return record.error();
  JsonWriter json;
  json.begin_object();
  json.field("stream", record->stream.text());
  json.field("position", record->position);
  json.field("recorded_at", record->recorded_at);
  write_judgement(json, record->judgement);
  TRY_DO(write_standing(json, call, *record));
  TRY_DO(write_rejudged(json, call, *record));
  if (record->judgement.verdict != Verdict::rejected) write_envelope(json, *record);
  write_message(json, record->message);
  json.end_object();
  return plain_json(std::move(json).text());
}

}  // namespace tiendo

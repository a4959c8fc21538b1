#include "ingest/operator_act.h"

#include "events/json.h"
#include "events/sha256.h"
#include "ingest/judge.h"

namespace tiendo {
namespace {

std::string data_of(const OperatorAct& act) {
  std::string data = "{\"stream\":" + json::quoted(act.stream);
  if (act.position) data += ",\"position\":" + std::to_string(*act.position);
  if (act.from) data += ",\"from\":" + std::to_string(*act.from);
  if (act.to) data += ",\"to\":" + std::to_string(*act.to);
  return data + ",\"reason\":" + json::quoted(act.reason) + "}";
}

}  // namespace

Result<Message> control_record(const OperatorAct& act, Instant said_at) {
  // A record is judged again once: of two who say so at the same time the log takes the first.
  const std::string id =
      act.stream + " " + (act.position ? std::to_string(*act.position) : "at " + to_text(said_at));
  return control_record(act.type, id, act.author, data_of(act), said_at);
}

Result<Message> control_record(EventType type, std::string_view id, std::string_view author,
                               std::string_view data, Instant said_at) {
  const std::string name(spec_of(type).name);
  const std::string hashed = to_hex(sha256(name + " " + std::string(id)));
  Message message;
  message.value = "{\"specversion\":\"1.0\",\"id\":" + json::quoted(hashed) +
                  ",\"source\":" + json::quoted(control_source) +
                  ",\"type\":" + json::quoted(std::string(type_prefix) + name + ".v1") +
                  ",\"time\":" + json::quoted(to_text(said_at)) +
                  ",\"actor\":" + json::quoted(author) + ",\"data\":" + std::string(data) + "}";
  Judge judge;
  if (const auto refusal = judge.judge(message, Speaker::control).refusal) {
    return Error{"refused", sentence_of(*refusal).en};
  }
  return message;
}

}  // namespace tiendo

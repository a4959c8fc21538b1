// POST /v1/events with the embedded intake: bodies in the three modes of CloudEvents become
// messages, the ingester takes them, and the answer says of each where it stands and with which
// verdict.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "events/log.h"
#include "events/message.h"
#include "ingest/intake.h"
#include "query/call.h"
#include "query/http_message.h"
#include "query/json_writer.h"

namespace tiendo {

// Whether ?wait=applied is asked for; the intake always waits for the verdict. Error
// `parameter_invalid`.
[[nodiscard]] Result<bool> waits_for_verdict(const HttpRequest& request);

// The messages of a body, in order. Errors: `content_type` (415), `not_an_array` (400),
// `batch_too_large` (413).
[[nodiscard]] Result<std::vector<Message>> messages_of(const HttpRequest& request);

// {"events":[{stream, position, verdict, conflict, code, field, found, expected, message}]}, the
// last five of refused ones only.
[[nodiscard]] std::string placed_json(std::span<const Placed> placed);
// The fields of one such event.
void write_place(JsonWriter& json, const Placed& placed);

// A refusal to take anything: the problem for an Error of the functions above, of the intake or of
// the gateway.
[[nodiscard]] HttpResponse intake_problem(const Error& error, Language language);
// With the advice to come again in a second.
[[nodiscard]] HttpResponse retry_later(HttpResponse response);

class IntakeHttp {
 public:
  // Runs what takes long on another thread than the ingester's.
  using Run = std::function<void(std::function<void()>)>;
  // `intake` must live until the last reply.
  IntakeHttp(Intake& intake, Run run) : intake_(&intake), run_(std::move(run)) {}

  // Answers in its own time, once the events are in the log.
  void take(const HttpRequest& request, HttpReply reply) const;

 private:
  Intake* intake_;
  Run run_;
};

}  // namespace tiendo

#include "deploy/decided.h"

#include <future>
#include <utility>

#include "deploy/log_writer.h"
#include "deploy/said.h"
#include "events/json.h"
#include "events/whole_number.h"
#include "ingest/operator_act.h"
#include "query/target.h"

namespace tiendo {

namespace {

Result<Placed> placed_in(std::string_view text) {
  json::Document document;
  TRY_DO(document.parse(text));
  const json::Value said = document.root();
  const auto position = whole_number<uint64_t>(said["position"].text());
  if (!position || said["stream"].text().empty()) {
    return Error{"protocol", "no place in the log came back"};
  }
  Placed placed{.stream = StreamName(said["stream"].text()), .position = *position};
  const bool is_accepted = said["verdict"].text() == name_of(Verdict::accepted);
  placed.judgement.verdict = is_accepted ? Verdict::accepted : Verdict::duplicate;
  return placed;
}

Result<Placed> write_control(Intake& intake, Message record) {
  std::vector<Message> records;
  records.push_back(std::move(record));
  const auto promise = std::make_shared<std::promise<Result<std::vector<Placed>>>>();
  auto answer = promise->get_future();
  TRY_DO(intake.submit(
      StreamName("control"), std::move(records),
      [promise](Result<std::vector<Placed>> placed) { promise->set_value(std::move(placed)); }));
  TRY_ASSIGN(placed, answer.get());
  return std::move(placed.front());
}

}  // namespace

Result<Placed> write_rejudged(Intake& intake, const Clock& clock, const RejudgeAct& act) {
  TRY_ASSIGN(record, control_record({.type = EventType::control_rejudged,
                                     .stream = act.stream.text(),
                                     .position = act.position,
                                     .author = act.author,
                                     .reason = act.reason},
                                    clock.now()));
  return write_control(intake, std::move(record));
}

Result<Placed> write_publication(Intake& intake, const Clock& clock,
                                 const PublicationEvent& event) {
  TRY_ASSIGN(record, control_record(event.type, event.id, event.author, event.data, clock.now()));
  return write_control(intake, std::move(record));
}

std::string publication_target(const PublicationEvent& event) {
  const bool amends = event.type == EventType::publication_amended;
  return std::string("/control/publication?what=") + (amends ? "amended" : "closed") +
         "&id=" + percent_encoded(event.id) + "&author=" + percent_encoded(event.author);
}

Result<PublicationEvent> publication_in(const HttpRequest& request) {
  const auto said = [&](std::string_view name) {
    return std::string(request.query(name).value_or(""));
  };
  const std::string what = said("what");
  const bool is_known = what == "closed" || what == "amended";
  if (!is_known || said("id").empty() || request.body.empty()) {
    return Error{"refused", "this closes and amends nothing"};
  }
  return PublicationEvent{
      .type = what == "amended" ? EventType::publication_amended : EventType::publication_closed,
      .id = said("id"),
      .author = said("author"),
      .data = request.body};
}

Result<Placed> publish_over(const std::string& socket, const PublicationEvent& event) {
  const auto answer = ask_log_writer(socket, publication_target(event), event.data);
  if (answer.ok() && answer->status == 200) return placed_in(answer->body);
  const Error error = answer.ok() ? error_in(*answer) : answer.error();
  if (error.code == "refused") return error;
  return Error{"no_log_writer",
               "The process that writes the log did not take it: " + error.message};
}

}  // namespace tiendo

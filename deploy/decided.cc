#include "deploy/decided.h"

#include <future>
#include <utility>

#include "ingest/operator_act.h"

namespace tiendo {

namespace {

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

}  // namespace tiendo

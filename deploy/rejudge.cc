#include "deploy/rejudge.h"

#include <future>
#include <utility>

#include "ingest/operator_act.h"

namespace tiendo {

Result<Placed> write_rejudged(Intake& intake, const Clock& clock, const RejudgeAct& act) {
  TRY_ASSIGN(record, control_record({.type = EventType::control_rejudged,
                                     .stream = act.stream.text(),
                                     .position = act.position,
                                     .author = act.author,
                                     .reason = act.reason},
                                    clock.now()));
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

}  // namespace tiendo

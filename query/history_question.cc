#include "query/history_question.h"

namespace tiendo {

HistoryQuestion history_question(const Call& call, const Asked& asked, const Indicator& indicator,
                                 Extent extent) {
  HistoryQuestion question{.views = call.views,
                           .until = asked.moment(),
                           .plan = asked.plan().id,
                           .indicator = indicator.id,
                           .unit = asked.question->tree().unit(asked.unit).id,
                           .period = asked.period.period,
                           .extent = extent};
  if (asked.tree == "current") {
    question.tree = HistoryTree::current;
  } else if (asked.question->mode().day) {
    question.tree = HistoryTree::of_day;
    question.tree_day = *asked.question->mode().day;
  }
  return question;
}

}  // namespace tiendo

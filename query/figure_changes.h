// How a figure came from what it was at one moment to what it was at another: each record between
// them that changed it, in the order of records (semantics 9).
#pragma once

#include <functional>
#include <vector>

#include "events/limits.h"
#include "query/figure_history.h"

namespace tiendo {

// The figure after one record; without one, after the clock went on.
struct FigureStep {
  std::optional<OrderKey> record;
  Figure figure;
};
struct FigureChanges {
  Figure before;
  std::vector<FigureStep> steps;  // only those that changed it; the first may be without a record
  Figure after;                   // what the last step made of it
  bool building = false;          // a term is still being filled: nothing is known yet
};
// Whether something changed what is answered: the number, or whether there is one. Why there is
// none makes no difference.
[[nodiscard]] bool is_another(const Figure& a, const Figure& b);
// From `from` to `question.until`, which must know all that `from` knows; the clock of `question`
// makes no difference. Before its plan and unit are known the figure is nothing. Errors:
// too_many_records where a figure that is no sum would have to be asked for after more than
// `records_max` records, or `gives_up` says so after one of them; io, corrupt.
struct ChangePatience {
  std::size_t records_max = limits::change_records_max;
  std::function<bool()> gives_up = {};  // none: never
};
[[nodiscard]] Result<FigureChanges> figure_changes(HistoryQuestion question, const Moment& from,
                                                   const ChangePatience& patience = {});

}  // namespace tiendo

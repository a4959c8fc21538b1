// The question of a history, or of changes, out of what a request asks.
#pragma once

#include "query/asked.h"
#include "query/figure_history.h"

namespace tiendo {

[[nodiscard]] HistoryQuestion history_question(const Call& call, const Asked& asked,
                                               const Indicator& indicator, Extent extent);

}  // namespace tiendo

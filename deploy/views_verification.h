// Deriving the views again from the log, whole and at once, for a person who waits.
#pragma once

#include <functional>
#include <string>

#include "deploy/language.h"
#include "projector/reconciliation.h"

namespace tiendo {

// One cycle over an unmoving state. `progress` is told how much of it is done, 0 to 1.
[[nodiscard]] Result<ReconciliationReport> verify_views(
    LogReader log, const std::shared_ptr<const ViewState>& state,
    const std::function<void(double)>& progress);

[[nodiscard]] std::string in_words(const ReconciliationReport& report, Language language);

}  // namespace tiendo

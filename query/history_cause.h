// Why a record changed a figure (semantics 9, "cause").
#pragma once

#include <optional>
#include <string_view>

#include "events/event.h"
#include "projector/figure.h"

namespace tiendo {

// `event` is that of `record`, and `indicator` that of the figure. `before`: the day of the moment
// the figure had stood since; what happened until then and is said only now is a late report, all
// else a new one.
[[nodiscard]] Result<std::string_view> cause_of(const ViewState& views, const LogReader& log,
                                                const Record& record, const Event& event,
                                                std::string_view indicator,
                                                std::optional<Day> before);

}  // namespace tiendo

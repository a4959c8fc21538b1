// How a target stands at a unit, as progress and editions show it.
#pragma once

#include <optional>

#include "projector/reported_beside.h"
#include "projector/target.h"
#include "query/json_writer.h"

namespace tiendo {

// The members of a row: indicator, target_id, ref, the figure and its details, comparator, target,
// met, status; with what a report says beside it, if that is given.
void write_reading(JsonWriter& json, const Plan& plan, const TargetReading& reading,
                   const std::optional<ReportedBeside>& beside = {});

}  // namespace tiendo

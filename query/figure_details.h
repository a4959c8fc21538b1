// What an answer says of a figure beside its value: how sure it is, what it leaves out, and what
// others say.
#pragma once

#include "projector/figure.h"
#include "projector/reported_beside.h"
#include "query/json_writer.h"

namespace tiendo {

// bound, missing, and, where they say something: lower, over_one, partial, unknown, worst_day,
// days_without_data, established, planned, spent, findings.
void write_details(JsonWriter& json, const Figure& figure,
                   std::set<std::string> more_findings = {});

// reported, and its difference to the figure; of ratios in percent and percentage points.
void write_beside(JsonWriter& json, const Figure& figure, const ReportedBeside& beside);

}  // namespace tiendo

// The steps of a change with what their records say, and the parts they make by cause.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "query/change_parts.h"
#include "query/figure_changes.h"
#include "query/json_writer.h"

namespace tiendo {

// A step with what the record of it says; none: the clock went on.
struct ToldStep {
  std::string_view cause;
  std::optional<Record> record;
};
struct ToldChanges {
  FigureChanges changes;
  std::vector<ToldStep> steps;  // one for each of them
  ChangeParts parts;
};
// `first`: the day of the earlier moment.
[[nodiscard]] Result<ToldChanges> tell_changes(const ViewState& views, const LogReader& log,
                                               FigureChanges changes, std::string_view indicator,
                                               Day first);

// difference, numerator, denominator, and, of percentages, exact.
void write_difference(JsonWriter& json, const FigureDifference& difference);
// The array of the parts, each with its records.
void write_parts(JsonWriter& json, const ToldChanges& told);

}  // namespace tiendo

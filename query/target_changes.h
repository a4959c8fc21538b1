// How the reading of a target came from what it was at one moment to what it was at another, record
// by record: as figure_changes(), for figures that have a window and a scope of their own.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "events/limits.h"
#include "query/figure_changes.h"

namespace tiendo {

struct TargetQuestion {
  std::shared_ptr<const ViewState> views;
  std::string plan;
  std::string period;
  std::string tree;  // as said; empty: as_reported
};
struct AskedTarget {
  std::string target;
  std::string unit;
};
struct TargetChanges {
  FigureChanges changes;
  // Why they are not told: `too_many_records`; `changes_incomplete` where the records come to
  // another figure than the later moment's. Empty: they are.
  std::string_view refused;
};
// One for each of `asked`. Records are gone through once for all of them, so that what is known
// after a record is worked out once. Refused is what would need more than change_records_max
// readings, or, in the order of `asked`, more than are left of `readings_max`.
[[nodiscard]] Result<std::vector<TargetChanges>> target_changes(
    const TargetQuestion& question, const std::vector<AskedTarget>& asked, const Moment& from,
    const Moment& to, std::size_t readings_max = limits::edition_readings_max);

}  // namespace tiendo

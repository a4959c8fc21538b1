// How the reading of a target came from what it was at one moment to what it was at another, record
// by record: as figure_changes(), for figures that have a window and a scope of their own.
#pragma once

#include <memory>
#include <string>

#include "query/figure_changes.h"

namespace tiendo {

struct TargetQuestion {
  std::shared_ptr<const ViewState> views;
  std::string plan;
  std::string target;
  std::string unit;
  std::string period;
  std::string tree;  // as said; empty: as_reported
};
// Error `too_many_records` as of figure_changes(); `changes_incomplete` where the records come to
// another figure than the later moment's.
[[nodiscard]] Result<FigureChanges> target_changes(const TargetQuestion& question,
                                                   const Moment& from, const Moment& to);

}  // namespace tiendo

// How an accepted record stands in the views: whether it waits, is void, and what is remarkable
// about it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "projector/figure.h"
#include "query/call.h"

namespace tiendo {

struct Wait {
  std::string code;       // of semantics 11
  std::string waits_for;  // the id of what is missing
};

struct Standing {
  std::vector<Wait> waiting;
  std::string void_code;  // empty: it is not void
  std::vector<std::string> findings;
};

// The indicators of a report for which no version of its plan has a place.
[[nodiscard]] std::vector<std::string> unknown_indicators(const Reference& reference,
                                                          const ReportSaid& said);

// `record` is an accepted one that the views hold. As of all that is known.
[[nodiscard]] Result<Standing> standing_of(const Call& call, const Record& record);

}  // namespace tiendo

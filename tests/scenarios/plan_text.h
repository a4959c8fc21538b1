// The shorthand for small plans, written out as a plan document. README.md shows it.
#pragma once

#include <string>

#include "events/result.h"
#include "tests/scenarios/script.h"

namespace tiendo::scenarios {

// Of `plan ID ...` and its indented lines. Error `scenario`: a line cannot be read.
[[nodiscard]] Result<std::string> plan_document(const Statement& statement);

}  // namespace tiendo::scenarios

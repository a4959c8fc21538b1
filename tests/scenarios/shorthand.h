// Frequent events in shorthand, written out as CloudEvents. README.md shows each.
#pragma once

#include <optional>

#include "events/result.h"
#include "tests/scenarios/script.h"
#include "tests/scenarios/told.h"

namespace tiendo::scenarios {

// None: the first word is of no shorthand. Error `scenario`: it is, but cannot be read.
using Reading = std::optional<Result<Told>>;
[[nodiscard]] Reading told_of(const Statement& statement);

// Its parts. Units, and who may speak for them: unit, move, close, reopen, attr, grant, revoke.
[[nodiscard]] Reading told_of_units(const Line& line);
// Reports: report, fix-report, withdraw, approve, return.
[[nodiscard]] Reading told_of_reports(const Line& line);
// Publications: publish, amend.
[[nodiscard]] Reading told_of_publications(const Line& line);
// What is declared: entity, entity-set, entity-gone, statistic, money, spend, fix-spend.
[[nodiscard]] Reading told_of_declarations(const Line& line);

}  // namespace tiendo::scenarios

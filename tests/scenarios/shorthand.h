// Frequent events in shorthand, written out as CloudEvents. README.md shows each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "events/message.h"
#include "events/result.h"
#include "tests/scenarios/script.h"

namespace tiendo::scenarios {

// An event on its way into the world, with what the options of its line said of it.
struct Told {
  std::string type;     // activity.recorded
  std::string data;     // JSON
  std::string stream;   // in=, else `ref` for units and plans, `intake` for all else
  std::string on;       // on=: recorded at; empty: the running time
  std::string said;     // said=: the event's own `time`; empty: none
  std::string source;   // source=, else `s`
  std::string id;       // id=; empty: the next number
  std::string actor;    // actor=
  std::string subject;  // subject=

  std::string content = "application/json";  // content=: in binary mode

  [[nodiscard]] Message structured() const;
  [[nodiscard]] Message binary() const;
};

// Days as scenarios write them: 03-10 is 2024-03-10; all else is taken as it is.
[[nodiscard]] std::string full_day(std::string_view text);
// Moments: 2024-03-10 is 08:00 of that day, 2024-03-10T10:00 is local too; all else as it is.
[[nodiscard]] std::string full_moment(std::string_view text);

// None: the first word is of no shorthand. Error `scenario`: it is, but cannot be read.
[[nodiscard]] Result<std::optional<Told>> told_of(const Statement& statement);

}  // namespace tiendo::scenarios

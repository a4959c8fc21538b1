// An event of a scenario on its way into the world, and the pieces its data is written with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/message.h"
#include "events/result.h"
#include "tests/scenarios/script.h"

namespace tiendo::scenarios {

// With what the options of its line said of the message.
struct Told {
  std::string type;     // activity.recorded
  std::string data;     // JSON
  std::string stream;   // in=, else `ref` for units, plans and grants, `intake` for all else
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

// The members of an object, in the order said.
class Members {
 public:
  void add(std::string_view key, std::string_view value_json);
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

[[nodiscard]] bool is_number_like(std::string_view text);
// A value as written behind =: JSON where it looks like JSON, a text otherwise.
[[nodiscard]] std::string json_of(std::string_view text);
// a,b as ["a","b"].
[[nodiscard]] std::string list_of(std::string_view parts);
// {"a":1} as ,"a":1 to go on an object with; of no object nothing.
[[nodiscard]] std::string further(const std::string& object);
// flag.digital to digital, where the key begins with `group.`.
[[nodiscard]] std::optional<std::string> member_of(std::string_view group, std::string_view key);

// The options from the word `first` on that are not the message's own; those go into `told`.
[[nodiscard]] std::vector<Option> data_options(Told& told, const Line& line, std::size_t first);

[[nodiscard]] Error unreadable(const Line& line, std::string_view expected);

}  // namespace tiendo::scenarios

#include <algorithm>

#include "events/json.h"
#include "tests/scenarios/shorthand.h"

namespace tiendo::scenarios {
namespace {

// The moment is written as the moments of a scenario are; all else as it is.
Told publication_told(const Line& line, std::size_t first, std::string_view type, Members data) {
  Told told{.type = std::string(type)};
  bool has_reason = false;
  for (const Option& option : data_options(told, line, first)) {
    const bool is_moment = option.key == "moment";
    data.add(option.key, json::quoted(is_moment ? full_moment(option.value) : option.value));
    has_reason = has_reason || option.key == "reason";
  }
  if (!has_reason) data.add("reason", "\"of the office\"");
  told.data = data.object();
  return told;
}

// publish ID UNIT PERIOD [plan=p] [moment=MOMENT] [tree=TREE] [decision=WORD]
Result<Told> publish(const Line& line) {
  if (line.words.size() < 4) return unreadable(line, "publish ID UNIT PERIOD ...");
  Members data;
  data.add("publication", json::quoted(line.words[1]));
  data.add("unit", json::quoted(line.words[2]));
  data.add("period", json::quoted(line.words[3]));
  const bool plan_said = std::any_of(line.words.begin(), line.words.end(),
                                     [](const auto& word) { return word.starts_with("plan="); });
  if (!plan_said) data.add("plan", "\"p\"");
  return publication_told(line, 4, "publication.closed", std::move(data));
}

Result<Told> amend(const Line& line) {
  if (line.words.size() < 2) return unreadable(line, "amend ID ...");
  Members data;
  data.add("publication", json::quoted(line.words[1]));
  return publication_told(line, 2, "publication.amended", std::move(data));
}

}  // namespace

Reading told_of_publications(const Line& line) {
  const std::string& word = line.words.front();
  if (word == "publish") return publish(line);
  if (word == "amend") return amend(line);
  return std::nullopt;
}

}  // namespace tiendo::scenarios

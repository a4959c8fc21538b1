#include <algorithm>

#include "events/json.h"
#include "tests/scenarios/shorthand.h"

namespace tiendo::scenarios {
namespace {

// entity REGISTER ID UNIT FIRST-DAY [flag.KEY=VALUE ...], entity-set and entity-gone.
Result<Told> entity(const Line& line, std::string_view type) {
  if (line.words.size() < 5) return unreadable(line, "entity REGISTER ID UNIT FIRST-DAY ...");
  Told told{.type = std::string(type)};
  Members data;
  data.add("register", json::quoted(line.words[1]));
  data.add("entity", json::quoted(line.words[2]));
  data.add("unit", json::quoted(line.words[3]));
  data.add("effective", json::quoted(full_day(line.words[4])));
  Members flags;
  for (const Option& option : data_options(told, line, 5)) {
    const auto flag = member_of("flag", option.key);
    if (!flag) return unreadable(line, "options flag.KEY=VALUE of an entity");
    flags.add(*flag, json_of(option.value));
  }
  if (!flags.empty()) data.add("flags", flags.object());
  told.data = data.object();
  return told;
}

// statistic NAME UNIT DAY VALUE; null takes it back.
Result<Told> statistic(const Line& line) {
  if (line.words.size() < 5) return unreadable(line, "statistic NAME UNIT DAY VALUE");
  Told told{.type = "statistic.declared"};
  static_cast<void>(data_options(told, line, 5));
  Members data;
  data.add("statistic", json::quoted(line.words[1]));
  data.add("unit", json::quoted(line.words[2]));
  data.add("as_at", json::quoted(full_day(line.words[3])));
  data.add("value", line.words[4]);
  told.data = data.object();
  return told;
}

// UNIT LINE YEAR AMOUNT, from the word `first` on.
Result<Told> money(const Line& line, std::size_t first, std::string_view type, Members data) {
  const auto& words = line.words;
  if (words.size() < first + 4) return unreadable(line, "money UNIT LINE YEAR AMOUNT ...");
  Told told{.type = std::string(type)};
  data.add("unit", json::quoted(words[first]));
  data.add("line", json::quoted(words[first + 1]));
  data.add("year", words[first + 2]);
  data.add("amount", words[first + 3]);
  std::string plan = "p";
  for (const Option& option : data_options(told, line, first + 4)) {
    if (option.key == "plan") {
      plan = option.value;
    } else {
      data.add(option.key, json::quoted(option.value));
    }
  }
  data.add("plan", json::quoted(plan));
  told.data = data.object();
  return told;
}

Result<Told> fixed_expense(const Line& line) {
  if (line.words.size() < 6) return unreadable(line, "fix-spend ENTRY UNIT LINE YEAR AMOUNT");
  Members data;
  data.add("entry", json::quoted(line.words[1]));
  data.add("reason", "\"mended\"");
  return money(line, 2, "money.corrected", std::move(data));
}

}  // namespace

Reading told_of_declarations(const Line& line) {
  const std::string& word = line.words.front();
  if (word == "entity") return entity(line, "entity.registered");
  if (word == "entity-set") return entity(line, "entity.updated");
  if (word == "entity-gone") return entity(line, "entity.removed");
  if (word == "statistic") return statistic(line);
  if (word == "money") return money(line, 1, "money.allocated", {});
  if (word == "spend") return money(line, 1, "money.spent", {});
  if (word == "fix-spend") return fixed_expense(line);
  return std::nullopt;
}

}  // namespace tiendo::scenarios

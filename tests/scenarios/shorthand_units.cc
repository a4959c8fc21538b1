#include <map>

#include "events/json.h"
#include "tests/scenarios/shorthand.h"

namespace tiendo::scenarios {
namespace {

Result<Told> unit(const Line& line) {
  if (line.words.size() < 2) return unreadable(line, "unit ID level=LEVEL [parent=UNIT] ...");
  Told told{.type = "unit.registered"};
  std::map<std::string, std::string> fields = {{"kind", "\"local\""},
                                               {"level", "\"commune\""},
                                               {"parent", "null"},
                                               {"effective", "\"2020-01-01\""}};
  fields["name"] = R"({"vi":)" + json::quoted("Đơn vị " + line.words[1]) + "}";
  Members attributes;
  for (const Option& option : data_options(told, line, 2)) {
    if (const auto attribute = member_of("attr", option.key)) {
      attributes.add(*attribute, json_of(option.value));
    } else if (option.key == "from") {
      fields["effective"] = json::quoted(full_day(option.value));
    } else {
      fields[option.key] = json_of(option.value);
    }
  }
  Members data;
  data.add("unit", json::quoted(line.words[1]));
  for (const auto& [key, value] : fields) data.add(key, value);
  if (!attributes.empty()) data.add("attributes", attributes.object());
  told.data = data.object();
  return told;
}

Result<Told> moved(const Line& line) {
  if (line.words.size() < 4) return unreadable(line, "move UNIT PARENT FIRST-DAY");
  Told told{.type = "unit.moved"};
  static_cast<void>(data_options(told, line, 4));
  Members data;
  data.add("unit", json::quoted(line.words[1]));
  data.add("parent", line.words[2] == "-" ? "null" : json::quoted(line.words[2]));
  data.add("effective", json::quoted(full_day(line.words[3])));
  told.data = data.object();
  return told;
}

// close UNIT FIRST-DAY, and reopen.
Result<Told> ended(const Line& line, std::string_view type) {
  if (line.words.size() < 3) return unreadable(line, "close UNIT FIRST-DAY");
  Told told{.type = std::string(type)};
  Members data;
  data.add("unit", json::quoted(line.words[1]));
  data.add("effective", json::quoted(full_day(line.words[2])));
  for (const Option& option : data_options(told, line, 3))
    data.add(option.key, json_of(option.value));
  told.data = data.object();
  return told;
}

// merge UNIT+UNIT UNIT FIRST-DAY
Result<Told> merged(const Line& line) {
  if (line.words.size() < 4) return unreadable(line, "merge FROM+FROM INTO FIRST-DAY");
  Told told{.type = "unit.merged"};
  Members data;
  data.add("from", list_of(line.words[1]));
  data.add("into", json::quoted(line.words[2]));
  data.add("effective", json::quoted(full_day(line.words[3])));
  for (const Option& option : data_options(told, line, 4))
    data.add(option.key, json_of(option.value));
  told.data = data.object();
  return told;
}

// split UNIT FIRST-DAY PART=SHARE PART=SHARE
Result<Told> split(const Line& line) {
  if (line.words.size() < 4) return unreadable(line, "split UNIT FIRST-DAY PART=SHARE ...");
  Told told{.type = "unit.split"};
  std::string into;
  for (const Option& option : data_options(told, line, 3)) {
    into += (into.empty() ? "" : ",") + std::string(R"({"unit":)") + json::quoted(option.key) +
            R"(,"share":)" + json_of(option.value) + "}";
  }
  Members data;
  data.add("from", json::quoted(line.words[1]));
  data.add("into", "[" + into + "]");
  data.add("effective", json::quoted(full_day(line.words[2])));
  told.data = data.object();
  return told;
}

Result<Told> attributed(const Line& line) {
  if (line.words.size() < 4) return unreadable(line, "attr UNIT FIRST-DAY ATTRIBUTE=VALUE ...");
  Told told{.type = "unit.attributes_set"};
  Members attributes;
  for (const Option& option : data_options(told, line, 3))
    attributes.add(option.key, json_of(option.value));
  Members data;
  data.add("unit", json::quoted(line.words[1]));
  data.add("effective", json::quoted(full_day(line.words[2])));
  data.add("attributes", attributes.object());
  told.data = data.object();
  return told;
}

// grant SOURCE UNITS [types=TYPES], revoke SOURCE [units=UNITS] [types=TYPES].
Result<Told> granted(const Line& line, std::string_view type, std::size_t first) {
  if (line.words.size() < first) return unreadable(line, "grant SOURCE UNITS, or revoke SOURCE");
  Told told{.type = std::string(type)};
  Members data;
  data.add("source", json::quoted(line.words[1]));
  if (first == 3) data.add("units", list_of(line.words[2]));
  for (const Option& option : data_options(told, line, first))
    data.add(option.key, list_of(option.value));
  told.data = data.object();
  return told;
}

}  // namespace

Reading told_of_units(const Line& line) {
  const std::string& word = line.words.front();
  if (word == "unit") return unit(line);
  if (word == "move") return moved(line);
  if (word == "close") return ended(line, "unit.closed");
  if (word == "reopen") return ended(line, "unit.reopened");
  if (word == "merge") return merged(line);
  if (word == "split") return split(line);
  if (word == "attr") return attributed(line);
  if (word == "grant") return granted(line, "source.granted", 3);
  if (word == "revoke") return granted(line, "source.revoked", 2);
  return std::nullopt;
}

}  // namespace tiendo::scenarios

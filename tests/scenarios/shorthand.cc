#include "tests/scenarios/shorthand.h"

#include <map>

#include "events/json.h"

namespace tiendo::scenarios {
namespace {

// output.team=3 is a bare count, output.site=s1,s2 names what there is.
std::string outputs_of(std::string_view kind, const std::string& value) {
  const std::string start = R"({"kind":)" + json::quoted(kind);
  if (is_number_like(value)) return start + R"(,"count":)" + value + "}";
  std::string outputs;
  for (const std::string& id : parts_of(value)) {
    outputs += (outputs.empty() ? "" : ",") + start + R"(,"id":)" + json::quoted(id) + "}";
  }
  return outputs;
}

std::string activity_content(std::string_view id, std::string_view unit, std::string_view days,
                             const std::string& members, const std::vector<Option>& options) {
  const std::size_t dots = days.find("..");
  const std::string_view starts = days.substr(0, dots);
  const std::string_view ends = dots == std::string_view::npos ? days : days.substr(dots + 2);
  std::map<std::string, std::string> plain = {{"type", "\"class\""}, {"form", "\"in_person\""}};
  Members visits;
  Members people;
  Members flags;
  std::string outputs;
  if (!members.empty()) visits.add("members", members);
  for (const Option& option : options) {
    if (const auto audience = member_of("visits", option.key)) {
      visits.add(*audience, json_of(option.value));
    } else if (const auto crowd = member_of("people", option.key)) {
      people.add(*crowd, is_number_like(option.value) ? option.value : list_of(option.value));
    } else if (const auto flag = member_of("flag", option.key)) {
      flags.add(*flag, json_of(option.value));
    } else if (const auto kind = member_of("output", option.key)) {
      outputs += (outputs.empty() ? "" : ",") + outputs_of(*kind, option.value);
    } else if (option.key == "co") {
      plain["co_units"] = list_of(option.value);
    } else if (option.key == "reached") {
      plain["reached_units"] = list_of(option.value);
    } else if (option.key == "topics") {
      plain["topics"] = list_of(option.value);
    } else {
      plain[option.key] = json_of(option.value);
    }
  }
  Members data;
  data.add("activity", json::quoted(id));
  data.add("unit", json::quoted(unit));
  data.add("starts", json::quoted(full_day(starts)));
  data.add("ends", json::quoted(full_day(ends)));
  for (const auto& [key, value] : plain) data.add(key, value);
  if (!visits.empty()) data.add("participants", visits.object());
  if (!people.empty()) data.add("people", people.object());
  if (!flags.empty()) data.add("flags", flags.object());
  if (!outputs.empty()) data.add("outputs", "[" + outputs + "]");
  return data.object();
}

// ID UNIT DAY [VISITS] options, from the word `first` on.
Result<Told> activity(const Line& line, std::size_t first, std::string_view type) {
  const auto& words = line.words;
  if (words.size() < first + 3) return unreadable(line, "ACTIVITY UNIT DAY [VISITS] ...");
  Told told{.type = std::string(type)};
  std::size_t next = first + 3;
  std::string members;
  if (next < words.size() && is_number_like(words[next])) members = words[next++];
  std::vector<Option> options = data_options(told, line, next);
  if (type == "activity.corrected") options.push_back({"reason", "mended"});
  told.data = activity_content(words[first], words[first + 1], words[first + 2], members, options);
  return told;
}

Result<Told> cancelled(const Line& line) {
  if (line.words.size() < 2) return unreadable(line, "cancel ACTIVITY ...");
  Told told{.type = "activity.cancelled"};
  Members data;
  data.add("activity", json::quoted(line.words[1]));
  data.add("reason", "\"called off\"");
  for (const Option& option : data_options(told, line, 2))
    data.add(option.key, json_of(option.value));
  told.data = data.object();
  return told;
}

Result<Told> said_in_full(const Statement& statement) {
  const Line& line = statement.head;
  if (line.words.size() < 2) return unreadable(line, "say TYPE ... {data}");
  Told told{.type = line.words[1]};
  static_cast<void>(data_options(told, line, 2));
  told.data = statement.json();
  return told;
}

}  // namespace

Reading told_of(const Statement& statement) {
  const Line& line = statement.head;
  if (line.words.empty()) return std::nullopt;
  for (const auto part :
       {told_of_units, told_of_reports, told_of_declarations, told_of_publications}) {
    if (Reading told = part(line)) return told;
  }
  const std::string& word = line.words.front();
  if (word == "say") return said_in_full(statement);
  if (word == "fix") return activity(line, 1, "activity.corrected");
  if (word == "cancel") return cancelled(line);
  // All else that has a unit and a day is an activity, by its id.
  if (line.words.size() >= 3) return activity(line, 0, "activity.recorded");
  return std::nullopt;
}

}  // namespace tiendo::scenarios

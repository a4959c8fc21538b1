#include "tests/scenarios/told.h"

#include <algorithm>
#include <map>

#include "events/calendar.h"
#include "events/json.h"

namespace tiendo::scenarios {
namespace {

// What an option says of the message rather than of its data.
bool take_envelope(Told& told, const Option& option) {
  const std::map<std::string, std::string*> places = {
      {"in", &told.stream},       {"on", &told.on},          {"said", &told.said},
      {"source", &told.source},   {"id", &told.id},          {"actor", &told.actor},
      {"subject", &told.subject}, {"content", &told.content}};
  const auto place = places.find(option.key);
  if (place == places.end()) return false;
  *place->second = option.value;
  return true;
}

}  // namespace

Message Told::structured() const {
  Members event;
  event.add("specversion", "\"1.0\"");
  event.add("id", json::quoted(id));
  event.add("source", json::quoted(source));
  event.add("type", json::quoted("vn.tiendo." + type + ".v1"));
  if (!said.empty()) event.add("time", json::quoted(full_moment(said)));
  if (!actor.empty()) event.add("actor", json::quoted(actor));
  if (!subject.empty()) event.add("subject", json::quoted(subject));
  event.add("data", data);
  Message message;
  message.value = event.object();
  return message;
}

Message Told::binary() const {
  Message message;
  message.headers = {{"content-type", content},
                     {"ce_specversion", "1.0"},
                     {"ce_id", id},
                     {"ce_source", source},
                     {"ce_type", "vn.tiendo." + type + ".v1"}};
  if (!said.empty()) message.headers.push_back({"ce_time", full_moment(said)});
  if (!actor.empty()) message.headers.push_back({"ce_actor", actor});
  if (!subject.empty()) message.headers.push_back({"ce_subject", subject});
  message.value = data;
  return message;
}

std::string full_day(std::string_view text) {
  return text.size() == 5 && text[2] == '-' ? "2024-" + std::string(text) : std::string(text);
}

std::string full_moment(std::string_view text) {
  if (parse_day(text)) return std::string(text) + "T08:00:00+07:00";
  if (text.size() == 16) return std::string(text) + ":00+07:00";
  return std::string(text);
}

void Members::add(std::string_view key, std::string_view value_json) {
  text_ += (text_.empty() ? "" : ",") + json::quoted(key) + ":" + std::string(value_json);
}

bool is_number_like(std::string_view text) {
  return !text.empty() && text.find_first_not_of("-0123456789.") == std::string_view::npos &&
         std::count(text.begin(), text.end(), '-') == (text.front() == '-' ? 1 : 0);
}

std::string json_of(std::string_view text) {
  const bool is_json = text == "true" || text == "false" || text == "null" ||
                       text.starts_with('"') || text.starts_with('{') || text.starts_with('[') ||
                       is_number_like(text);
  return is_json ? std::string(text) : json::quoted(text);
}

std::string list_of(std::string_view parts) {
  std::string list;
  for (const std::string& part : parts_of(parts)) {
    list += (list.empty() ? "" : ",") + json::quoted(part);
  }
  return "[" + list + "]";
}

// {"a":1} as ,"a":1 to go on an object with.
std::string further(const std::string& object) {
  const std::size_t first = object.find('{');
  const std::size_t last = object.rfind('}');
  if (first == std::string::npos || last <= first + 1) return "";
  return "," + object.substr(first + 1, last - first - 1);
}

std::optional<std::string> member_of(std::string_view group, std::string_view key) {
  if (!key.starts_with(group) || key.size() <= group.size() + 1 || key[group.size()] != '.') {
    return std::nullopt;
  }
  return std::string(key.substr(group.size() + 1));
}

std::vector<Option> data_options(Told& told, const Line& line, std::size_t first) {
  std::vector<Option> options;
  for (std::size_t i = first; i < line.words.size(); ++i) {
    Option option = option_of(line.words[i]);
    if (!take_envelope(told, option)) options.push_back(std::move(option));
  }
  return options;
}

Error unreadable(const Line& line, std::string_view expected) {
  return {"scenario", "line " + std::to_string(line.number) + " is to be read as " +
                          std::string(expected) + ": " + line.text};
}

}  // namespace tiendo::scenarios

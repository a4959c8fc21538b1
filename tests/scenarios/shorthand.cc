#include "tests/scenarios/shorthand.h"

#include <algorithm>
#include <map>

#include "events/calendar.h"
#include "events/json.h"

namespace tiendo::scenarios {
namespace {

Error unreadable(const Line& line, std::string_view expected) {
  return {"scenario", "line " + std::to_string(line.number) + " is to be read as " +
                          std::string(expected) + ": " + line.text};
}

bool is_number_like(std::string_view text) {
  return !text.empty() && text.find_first_not_of("-0123456789.") == std::string_view::npos &&
         std::count(text.begin(), text.end(), '-') == (text.front() == '-' ? 1 : 0);
}

// A value as written behind =: JSON where it looks like JSON, a text otherwise.
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

// The members of an object, in the order said.
class Members {
 public:
  void add(std::string_view key, std::string_view value_json) {
    text_ += (text_.empty() ? "" : ",") + json::quoted(key) + ":" + std::string(value_json);
  }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

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

// Options from the word `first` on, the envelope's taken out.
std::vector<Option> data_options(Told& told, const Line& line, std::size_t first) {
  std::vector<Option> options;
  for (std::size_t i = first; i < line.words.size(); ++i) {
    Option option = option_of(line.words[i]);
    if (!take_envelope(told, option)) options.push_back(std::move(option));
  }
  return options;
}

// flag.digital to digital, where the key begins with `group.`.
std::optional<std::string> member_of(std::string_view group, std::string_view key) {
  if (!key.starts_with(group) || key.size() <= group.size() + 1 || key[group.size()] != '.') {
    return std::nullopt;
  }
  return std::string(key.substr(group.size() + 1));
}

std::string activity_content(std::string_view id, std::string_view unit, std::string_view days,
                             const std::string& members, const std::vector<Option>& options) {
  const std::size_t dots = days.find("..");
  const std::string_view starts = days.substr(0, dots);
  const std::string_view ends = dots == std::string_view::npos ? days : days.substr(dots + 2);
  std::map<std::string, std::string> plain = {{"type", "\"class\""}, {"form", "\"in_person\""}};
  Members visits;
  Members flags;
  std::string outputs;
  if (!members.empty()) visits.add("members", members);
  for (const Option& option : options) {
    if (const auto audience = member_of("visits", option.key)) {
      visits.add(*audience, json_of(option.value));
    } else if (const auto flag = member_of("flag", option.key)) {
      flags.add(*flag, json_of(option.value));
    } else if (const auto kind = member_of("output", option.key)) {
      outputs += (outputs.empty() ? "" : ",") + std::string(R"({"kind":)") + json::quoted(*kind) +
                 R"(,"count":)" + option.value + "}";
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

std::string figure_of(const Option& said) {
  Members figure;
  figure.add("indicator", json::quoted(said.key));
  const std::size_t slash = said.value.find('/');
  if (slash == std::string::npos) {
    figure.add("value", said.value);
  } else {
    figure.add("numerator", said.value.substr(0, slash));
    figure.add("denominator", said.value.substr(slash + 1));
  }
  return figure.object();
}

// Every option that is not the message's or the report's own is a figure.
Told report_told(const Line& line, std::size_t first, std::string_view type, Members data) {
  Told told{.type = std::string(type)};
  std::string figures;
  for (const Option& option : data_options(told, line, first)) {
    const bool own = option.key == "obligation" || option.key == "of_source" ||
                     option.key == "reason" || option.key == "decision" || option.key == "plan";
    if (own) {
      data.add(option.key, json_of(option.value));
    } else {
      figures += (figures.empty() ? "" : ",") + figure_of(option);
    }
  }
  if (!figures.empty()) data.add("figures", "[" + figures + "]");
  told.data = data.object();
  return told;
}

Result<Told> report(const Line& line) {
  if (line.words.size() < 5) return unreadable(line, "report ID UNIT PERIOD INDICATOR=VALUE ...");
  Members data;
  data.add("report", json::quoted(line.words[1]));
  data.add("unit", json::quoted(line.words[2]));
  data.add("period", json::quoted(line.words[3]));
  const bool plan_said = std::any_of(line.words.begin(), line.words.end(),
                                     [](const auto& word) { return word.starts_with("plan="); });
  if (!plan_said) data.add("plan", "\"p\"");
  return report_told(line, 4, "report.submitted", std::move(data));
}

Result<Told> report_act(const Line& line, std::string_view type) {
  if (line.words.size() < 2) return unreadable(line, "ACT REPORT ...");
  Members data;
  data.add("report", json::quoted(line.words[1]));
  if (type == "report.corrected") {
    data.add("reason", "\"mended\"");
  } else {
    data.add("by", "\"office\"");
  }
  return report_told(line, 2, type, std::move(data));
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
  return text.size() == 5 ? "2024-" + std::string(text) : std::string(text);
}

std::string full_moment(std::string_view text) {
  if (parse_day(text)) return std::string(text) + "T08:00:00+07:00";
  if (text.size() == 16) return std::string(text) + ":00+07:00";
  return std::string(text);
}

Result<std::optional<Told>> told_of(const Statement& statement) {
  const Line& line = statement.head;
  if (line.words.empty()) return std::optional<Told>();
  const auto some = [](Result<Told> told) -> Result<std::optional<Told>> {
    if (!told.ok()) return told.error();
    return std::optional(std::move(told).value());
  };
  const std::string& word = line.words.front();
  if (word == "say") return some(said_in_full(statement));
  if (word == "unit") return some(unit(line));
  if (word == "move") return some(moved(line));
  if (word == "fix") return some(activity(line, 1, "activity.corrected"));
  if (word == "cancel") return some(cancelled(line));
  if (word == "report") return some(report(line));
  if (word == "fix-report") return some(report_act(line, "report.corrected"));
  if (word == "withdraw") return some(report_act(line, "report.withdrawn"));
  if (word == "approve") return some(report_act(line, "report.approved"));
  if (word == "return") return some(report_act(line, "report.returned"));
  // All else that has a unit and a day is an activity, by its id.
  if (line.words.size() >= 3) return some(activity(line, 0, "activity.recorded"));
  return std::optional<Told>();
}

}  // namespace tiendo::scenarios

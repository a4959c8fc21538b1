#include "tests/scenarios/plan_text.h"

#include <map>

#include "events/json.h"
#include "tests/scenarios/shorthand.h"

namespace tiendo::scenarios {
namespace {

using json::quoted;

void append(std::string& list, const std::string& element) {
  list += (list.empty() ? "" : ",") + element;
}

// a,b as ["a","b"].
std::string texts(std::string_view parts) {
  std::string list;
  for (const std::string& part : parts_of(parts)) append(list, quoted(part));
  return "[" + list + "]";
}

std::string when_of(const Option& option, const std::string& first) {
  const std::string from = first.empty() ? "" : R"(,"first":)" + quoted(first);
  const std::string kind = R"("when":{"kind":)" + quoted(option.key);
  if (option.key == "each_year") {
    std::string years = option.value;
    const bool statutory = years.ends_with('s');
    if (statutory) years.pop_back();
    return kind + R"(,"years":[)" + years + "]" + from +
           (statutory ? R"(,"calendar":"statutory"})" : "}");
  }
  const std::string field = option.key == "throughout" ? "last"
                            : option.key == "in"       ? "period"
                                                       : "day";
  return kind + "," + quoted(field) + ":" + quoted(full_day(option.value)) + from + "}";
}

// target ID INDICATOR COMPARATOR VALUE SCOPE LEVEL [or_more] [of=own] [first=DAY] WHEN=... {more}
std::string target_text(const Line& line) {
  const auto& words = line.words;
  const bool says_ref = line.json.find(R"("ref":)") != std::string::npos;
  std::string text = R"({"id":)" + quoted(words[1]) + (says_ref ? "" : R"(,"ref":"r")") +
                     R"(,"indicator":)" + quoted(words[2]) + R"(,"comparator":)" +
                     quoted(words[3]) + R"(,"value":)" + words[4];
  std::string whom = R"("for":{"scope":)" + quoted(words[5]) + R"(,"level":)" + texts(words[6]);
  std::string first;
  Option when{"each_year", "2024"};
  for (std::size_t i = 7; i < words.size(); ++i) {
    const Option option = option_of(words[i]);
    if (option.key == "or_more") {
      text += R"(,"or_more":true)";
    } else if (option.key == "of") {
      whom += R"(,"of":)" + quoted(option.value);
    } else if (option.key == "where") {
      whom += R"(,"where":)" + option.value;
    } else if (option.key == "first") {
      first = full_day(option.value);
    } else {
      when = option;
    }
  }
  return text + "," + whom + "}," + when_of(when, first) + further(line.json) + "}";
}

// obligation ID from=LEVELS [where=FILTER] [requires=INDICATORS] [judged_by=received]
//   PERIOD [DUE=DAY] ... {more}
std::string obligation_text(const Line& line) {
  std::string text = R"({"id":)" + quoted(line.words[1]) + R"(,"to":"P")";
  std::string from;
  std::string instance;
  for (std::size_t i = 2; i < line.words.size(); ++i) {
    const Option option = option_of(line.words[i]);
    if (option.key == "from") {
      append(from, R"("level":)" + texts(option.value));
    } else if (option.key == "where") {
      append(from, R"("where":)" + option.value);
    } else if (option.key == "requires") {
      text += R"(,"requires":)" + texts(option.value);
    } else if (option.key == "judged_by") {
      text += R"(,"judged_by":)" + quoted(option.value);
    } else if (option.value.empty()) {
      instance +=
          (instance.empty() ? "" : "},") + std::string(R"({"period":)") + quoted(option.key);
    } else {
      instance += R"(,"due":{)" + quoted(option.key) + ":" + quoted(full_day(option.value)) + "}";
    }
  }
  return text + R"(,"from":{)" + from + R"(},"instances":[)" + instance + "}]" +
         further(line.json) + "}";
}

std::string period_text(const Line& line) {
  return R"({"id":)" + quoted(line.words[1]) + R"(,"first":)" + quoted(line.words[2]) +
         R"(,"last":)" + quoted(line.words[3]) + R"(,"name":{"vi":)" + quoted(line.words[1]) + "}}";
}

std::string indicator_text(const Line& line) {
  return R"({"id":)" + quoted(line.words[1]) + R"(,"name":{"vi":)" + quoted(line.words[1]) +
         R"(},"measure":)" + quoted(line.words[2]) + R"(,"why_reported":{"vi":"in a test")" +
         R"(},"formula":)" + line.json + "}";
}

// line NUMBER YEAR=AMOUNT ... [level=LEVEL] {more}, in million_vnd.
std::string line_text(const Line& line) {
  std::string level;
  std::string years;
  for (std::size_t i = 2; i < line.words.size(); ++i) {
    const Option option = option_of(line.words[i]);
    if (option.key == "level") {
      level = R"("level":)" + quoted(option.value) + ",";
    } else {
      append(years, quoted(option.key) + ":" + option.value);
    }
  }
  return R"({"line":)" + quoted(line.words[1]) + R"(,"name":{"vi":)" + quoted(line.words[1]) +
         "}," + level + R"("unit_of_measure":"million_vnd","years":{)" + years + "}" +
         further(line.json) + "}";
}

std::string head_text(const Line& line) {
  std::map<std::string, std::string> head = {{"version", "1"},        {"valid_from", "2024-01-01"},
                                             {"first", "2024-01-01"}, {"last", "2025-12-31"},
                                             {"unit", "P"},           {"calendar", "calendar"}};
  for (std::size_t i = 2; i < line.words.size(); ++i) {
    const Option option = option_of(line.words[i]);
    if (head.contains(option.key)) head[option.key] = option.value;
  }
  std::string text = R"({"plan":)" + quoted(line.words[1]) + R"(,"title":{"vi":"Kế hoạch"})";
  for (const auto& [key, value] : head) {
    text += "," + quoted(key) + ":" + (key == "version" ? value : quoted(value));
  }
  return text;
}

}  // namespace

Result<std::string> plan_document(const Statement& statement) {
  struct Kind {
    std::string (*text)(const Line&);
    std::size_t words_min;
    std::string list;
  };
  std::map<std::string, Kind> kinds = {{"period", {period_text, 4, ""}},
                                       {"indicator", {indicator_text, 3, ""}},
                                       {"target", {target_text, 7, ""}},
                                       {"obligation", {obligation_text, 4, ""}},
                                       {"line", {line_text, 3, ""}}};
  for (const Line& line : statement.body) {
    const auto kind = line.words.empty() ? kinds.end() : kinds.find(line.words.front());
    if (kind == kinds.end() || line.words.size() < kind->second.words_min) {
      return Error{"scenario",
                   "line " + std::to_string(line.number) + " is no part of a plan: " + line.text};
    }
    append(kind->second.list, kind->second.text(line));
  }
  std::string document = head_text(statement.head);
  for (const auto& [name, kind] : kinds) {
    document += "," + quoted(name == "line" ? "budget" : name + "s") + ":[" + kind.list + "]";
  }
  return document + R"(,"tasks":[]})";
}

}  // namespace tiendo::scenarios

#include <algorithm>

#include "events/json.h"
#include "tests/scenarios/shorthand.h"

namespace tiendo::scenarios {
namespace {

// f=40/50 is a pair, f=5 a value, f=null takes it back.
Members figure_of(std::string_view indicator, const std::string& value) {
  Members figure;
  figure.add("indicator", json::quoted(indicator));
  const std::size_t slash = value.find('/');
  if (slash == std::string::npos) {
    figure.add("value", value);
  } else {
    figure.add("numerator", value.substr(0, slash));
    figure.add("denominator", value.substr(slash + 1));
  }
  return figure;
}

// f.as_at=06-30, f.survey=06-15, f.scope=subtree: what else is said of the figure f. `survey=` with
// nothing behind it is a survey without a day.
bool add_to_figure(Members& figure, std::string_view member, const std::string& value) {
  if (member == "as_at") {
    figure.add(member, json::quoted(full_day(value)));
  } else if (member == "survey") {
    figure.add(member, value.empty() ? "{}" : R"({"day":)" + json::quoted(full_day(value)) + "}");
  } else if (member == "scope") {
    figure.add(member, json::quoted(value));
  } else {
    return false;
  }
  return true;
}

// Every option that is not the message's or the report's own is a figure, or says more of one
// named before it.
Result<Told> report_told(const Line& line, std::size_t first, std::string_view type, Members data) {
  Told told{.type = std::string(type)};
  std::vector<std::pair<std::string, Members>> figures;
  for (const Option& option : data_options(told, line, first)) {
    const bool own = option.key == "obligation" || option.key == "of_source" ||
                     option.key == "reason" || option.key == "decision" || option.key == "plan";
    const std::size_t dot = option.key.rfind('.');
    const auto before =
        std::find_if(figures.begin(), figures.end(), [&option, dot](const auto& figure) {
          return dot != std::string::npos && figure.first == option.key.substr(0, dot);
        });
    if (own) {
      data.add(option.key, json_of(option.value));
    } else if (before == figures.end()) {
      figures.emplace_back(option.key, figure_of(option.key, option.value));
    } else if (!add_to_figure(before->second, option.key.substr(dot + 1), option.value)) {
      return unreadable(line, "INDICATOR=VALUE INDICATOR.as_at=DAY .survey=DAY .scope=SCOPE");
    }
  }
  std::string list;
  for (const auto& [indicator, figure] : figures) {
    list += (list.empty() ? "" : ",") + figure.object();
  }
  if (!list.empty()) data.add("figures", "[" + list + "]");
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

}  // namespace

Reading told_of_reports(const Line& line) {
  const std::string& word = line.words.front();
  if (word == "report") return report(line);
  if (word == "fix-report") return report_act(line, "report.corrected");
  if (word == "withdraw") return report_act(line, "report.withdrawn");
  if (word == "approve") return report_act(line, "report.approved");
  if (word == "return") return report_act(line, "report.returned");
  return std::nullopt;
}

}  // namespace tiendo::scenarios

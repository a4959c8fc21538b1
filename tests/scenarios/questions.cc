// The questions of a scenario, and what it expects of their answers.
#include <gtest/gtest.h>

#include <algorithm>

#include "events/json.h"
#include "query/target.h"
#include "tests/scenarios/expectation.h"
#include "tests/scenarios/player.h"

namespace tiendo::scenarios {
namespace {

// The path with the words that are parameters, in the order written.
std::string with_parameters(std::string path, const std::vector<Option>& parameters) {
  char separator = '?';
  for (const Option& one : parameters) {
    path += separator + one.key + "=" + percent_encoded(one.value);
    separator = '&';
  }
  return path;
}

// value=750 met=true as a JSON object; a value that is no JSON word is a text.
std::string members_of(const Line& line, std::size_t first, std::string object) {
  for (std::size_t i = first; i < line.words.size(); ++i) {
    const Option option = option_of(line.words[i]);
    const bool is_json = option.value == "true" || option.value == "false" ||
                         option.value == "null" ||
                         (!option.value.empty() &&
                          option.value.find_first_not_of("-.0123456789") == std::string::npos &&
                          option.value.find('-', 1) == std::string::npos);
    object += "," + json::quoted(option.key) + ":" +
              (is_json ? option.value : json::quoted(option.value));
  }
  return object;
}

// The place of the word that ends a question.
std::size_t end_of_question(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "=");
  return static_cast<std::size_t>(end - words.begin());
}

// PLAN/INDICATOR UNIT PERIOD parameter=value ... behind the first word; none: it is not that.
std::optional<std::vector<Option>> figure_parameters(const std::vector<std::string>& words,
                                                     std::size_t end) {
  const std::size_t slash = words.size() > 1 ? words[1].find('/') : std::string::npos;
  if (slash == std::string::npos || end < 4 || end == words.size()) return std::nullopt;
  std::vector<Option> parameters = {{"plan", words[1].substr(0, slash)},
                                    {"indicator", words[1].substr(slash + 1)},
                                    {"unit", words[2]},
                                    {"period", words[3]}};
  for (std::size_t i = 4; i < end; ++i) parameters.push_back(option_of(words[i]));
  return parameters;
}

// NUMERATOR/DENOMINATOR as members of an object.
std::string terms_of(const std::string& word) {
  const std::size_t over = word.find('/');
  return R"(,"numerator":)" + word.substr(0, over) + R"(,"denominator":)" + word.substr(over + 1);
}

}  // namespace

bool Player::ask(const Statement& statement) {
  const Line& line = statement.head;
  const std::string word = line.words.empty() ? "" : line.words.front();
  if (word == "ask") {
    ask_path(line, statement.json());
  } else if (word == "progress") {
    ask_progress(statement);
  } else if (word == "figure") {
    ask_figure(line);
  } else if (word == "edition") {
    ask_edition(statement);
  } else if (word == "changes") {
    ask_changes(statement);
  } else if (word == "preview") {
    ask_preview(statement);
  } else if (word == "verdict") {
    check_verdict(line);
  } else {
    return false;
  }
  ++asked_;
  return true;
}

// ask GET /v1/... [-> STATUS]
void Player::ask_path(const Line& line, const std::string& expected) {
  const auto& words = line.words;
  if (words.size() < 3) return fail(line, "is to be read as ask METHOD PATH [-> STATUS]");
  const int status = words.size() == 5 && words[3] == "->" ? std::stoi(words[4]) : 200;
  check(line, words[1] + " " + words[2], world().request(words[1], words[2]), status, expected);
}

// progress PLAN unit=U period=X, and below it TARGET member=value ...
void Player::ask_progress(const Statement& statement) {
  const Line& line = statement.head;
  if (line.words.size() < 2) return fail(line, "is to be read as progress PLAN [unit=U] ...");
  std::vector<Option> parameters;
  for (std::size_t i = 2; i < line.words.size(); ++i)
    parameters.push_back(option_of(line.words[i]));
  const std::string path =
      with_parameters("/v1/plans/" + percent_encoded(line.words[1]) + "/progress", parameters);
  const Answer answer = world().get(path);
  if (statement.body.empty()) fail(line, "expects nothing");
  for (const Line& target : statement.body) {
    check(target, "GET " + path, answer, 200,
          R"({"targets":[)" +
              members_of(target, 1, R"({"target_id":)" + json::quoted(target.words.front())) +
              further(target.json) + "}]}");
  }
}

// edition ID N, and below it TARGET UNIT member=value ... {members}, and JSON of the edition
void Player::ask_edition(const Statement& statement) {
  const Line& line = statement.head;
  if (line.words.size() != 3) return fail(line, "is to be read as edition PUBLICATION NUMBER");
  const std::string path = "/v1/publications?publication=" + percent_encoded(line.words[1]) +
                           "&edition=" + line.words[2];
  const Answer answer = world().get(path);
  if (statement.body.empty()) fail(line, "expects nothing");
  for (const Line& row : statement.body) {
    if (row.words.size() < 2) {
      check(row, "GET " + path, answer, 200, row.json);
      continue;
    }
    const auto& [target, unit] = std::pair(row.words[0], row.words[1]);
    std::string found;
    for (const auto& figure : answer.json["figures"]) {
      if (figure["target_id"] == target && figure["unit"] == unit) found = figure.dump();
    }
    if (found.empty()) {
      fail(row, "the edition has no target " + target + " of unit " + unit);
      continue;
    }
    check(row, "GET " + path, Answer{.status = answer.status, .json = {}, .body = found}, 200,
          members_of(row, 2, R"({"target_id":)" + json::quoted(target)) + further(row.json) + "}");
  }
}

// figure PLAN/INDICATOR UNIT PERIOD [parameter=value ...] = VALUE [NUMERATOR/DENOMINATOR]
// [member=value ...] [{members}]
void Player::ask_figure(const Line& line) {
  const auto& words = line.words;
  const std::size_t equals = end_of_question(words);
  const auto parameters = figure_parameters(words, equals);
  if (!parameters || equals + 1 >= words.size()) {
    return fail(line, "is to be read as figure PLAN/INDICATOR UNIT PERIOD ... = VALUE [N/D]");
  }
  std::string expected = R"({"value":)" + words[equals + 1];
  std::size_t next = equals + 2;
  if (next < words.size() && words[next].find('=') == std::string::npos) {
    if (words[next].find('/') == std::string::npos) {
      return fail(line, "ends with no NUMERATOR/DENOMINATOR");
    }
    expected += terms_of(words[next]);
    ++next;
  }
  expected = members_of(line, next, std::move(expected)) + further(line.json) + "}";
  const std::string path = with_parameters("/v1/rollups", *parameters);
  check(line, "GET " + path, world().get(path), 200, expected);
}

// changes PLAN/INDICATOR UNIT PERIOD from=MOMENT [parameter=value ...] = BEFORE AFTER DIFFERENCE
// [member=value ...] [{members}], and below it, each part in order: CAUSE DIFFERENCE
// [NUMERATOR/DENOMINATOR] [member=value ...] [{members}]
void Player::ask_changes(const Statement& statement) {
  const Line& line = statement.head;
  const auto& words = line.words;
  const std::size_t equals = end_of_question(words);
  const auto parameters = figure_parameters(words, equals);
  if (!parameters || equals + 3 >= words.size()) {
    return fail(line,
                "is to be read as changes PLAN/INDICATOR UNIT PERIOD from=... = BEFORE AFTER "
                "DIFFERENCE");
  }
  std::string parts;
  for (const Line& part : statement.body) {
    if (part.words.size() < 2) return fail(part, "is to be read as CAUSE DIFFERENCE [N/D] ...");
    std::string expected =
        R"({"cause":)" + json::quoted(part.words[0]) + R"(,"difference":)" + part.words[1];
    const bool has_terms = part.words.size() > 2 && part.words[2].find('=') == std::string::npos;
    if (has_terms) expected += terms_of(part.words[2]);
    parts += parts.empty() ? "" : ",";
    parts += members_of(part, has_terms ? 3 : 2, std::move(expected)) + further(part.json) + "}";
  }
  const std::string expected =
      members_of(line, equals + 4,
                 R"({"before":)" + words[equals + 1] + R"(,"after":)" + words[equals + 2] +
                     R"(,"difference":)" + words[equals + 3] + R"(,"parts":{"=":[)" + parts +
                     "]}") +
      further(line.json) + "}";
  const std::string path = with_parameters("/v1/changes", *parameters);
  check(line, "GET " + path, world().get(path), 200, expected);
}

// preview PLAN [parameter=value ...] [-> STATUS], of the draft before it: below it, each row in
// order, UNIT/INDICATOR BEFORE AFTER DIFFERENCE [member=value ...] [{members}], or JSON.
void Player::ask_preview(const Statement& statement) {
  const Line& line = statement.head;
  const auto& words = line.words;
  if (words.size() < 2 || draft_.empty()) return fail(line, "speaks of no draft");
  int status = 200;
  std::vector<Option> parameters;
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (words[i] == "->" && i + 1 < words.size()) {
      status = std::stoi(words[++i]);
    } else {
      parameters.push_back(option_of(words[i]));
    }
  }
  std::string rows;
  for (const Line& row : statement.body) {
    const std::size_t slash = row.words.empty() ? std::string::npos : row.words[0].find('/');
    if (slash == std::string::npos || row.words.size() < 4) break;
    const std::string expected = R"({"unit":)" + json::quoted(row.words[0].substr(0, slash)) +
                                 R"(,"indicator":)" + json::quoted(row.words[0].substr(slash + 1)) +
                                 R"(,"before":)" + row.words[1] + R"(,"after":)" + row.words[2] +
                                 R"(,"difference":)" + row.words[3];
    rows += rows.empty() ? "" : ",";
    rows += members_of(row, 4, expected) + further(row.json) + "}";
  }
  const std::string expected = rows.empty()
                                   ? statement.json()
                                   : R"({"rows":{"=":[)" + rows + "]}" + further(line.json) + "}";
  const std::string path =
      with_parameters("/v1/plans/" + percent_encoded(words[1]) + "/preview", parameters);
  check(line, "POST " + path, world().post(path, draft_), status, expected);
}

// verdict accepted | duplicate [conflict] | rejected CODE [FIELD] [{members}], of the last message.
void Player::check_verdict(const Line& line) {
  const auto& words = line.words;
  if (words.size() < 2 || placed_.empty()) return fail(line, "speaks of no message");
  const Placed& last = placed_.back();
  std::string expected = R"({"verdict":)" + json::quoted(words[1]);
  if (words[1] == "rejected") {
    if (words.size() > 2) expected += R"(,"code":)" + json::quoted(words[2]);
    if (words.size() > 3) expected += R"(,"field":)" + json::quoted(words[3]);
  } else {
    const bool conflict = words.size() > 2 && words[2] == "conflict";
    expected += std::string(R"(,"conflict":)") + (conflict ? "true" : "false");
  }
  expected += further(line.json) + "}";
  const std::string path =
      "/v1/events/" + percent_encoded(last.stream.text()) + "/" + std::to_string(last.position);
  check(line, "GET " + path, world().get(path), 200, expected);
}

void Player::check(const Line& line, const std::string& question, const Answer& answer,
                   int expected_status, const std::string& expected) {
  if (answer.status != expected_status) {
    return fail(line, question + "\n  expected status " + std::to_string(expected_status) +
                          ", found " + std::to_string(answer.status) + ": " + answer.body);
  }
  if (expected.empty()) return;
  if (const auto found = difference(expected, answer.body)) fail(line, question + "\n  " + *found);
}

}  // namespace tiendo::scenarios

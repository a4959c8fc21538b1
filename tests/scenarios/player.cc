#include "tests/scenarios/player.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "events/json.h"
#include "query/target.h"
#include "tests/scenarios/expectation.h"
#include "tests/scenarios/plan_text.h"

namespace tiendo::scenarios {
namespace {

std::optional<std::string> read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

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

}  // namespace

void Player::play() {
  clock_ = *parse_instant("2024-01-01T08:00:00+07:00");
  const auto text = read_file(file_);
  if (!text) {
    ADD_FAILURE() << file_ << " cannot be read";
    return;
  }
  for (const Statement& statement : read_script(*text)) {
    perform(statement);
  }
  if (asked_ == 0) ADD_FAILURE() << file_ << " asks nothing";
}

World& Player::world() {
  if (!world_) {
    ProjectorOptions options;
    if (backfill_) options.backfill_subjects = *backfill_;
    world_ = std::make_unique<World>(now_, std::move(options));
  }
  return *world_;
}

void Player::fail(const Line& line, const std::string& why) const {
  ADD_FAILURE_AT(file_.c_str(), line.number) << line.text << "\n  " << why;
}

void Player::perform(const Statement& statement) {
  if (!set(statement) && !ask(statement) && !tell(statement)) {
    fail(statement.head, "is no statement of a scenario");
  }
}

// The clock, the running time, and the pace of the projector.
bool Player::set(const Statement& statement) {
  const auto& words = statement.head.words;
  if (words.empty()) return false;
  if (words[0] == "now" && words.size() == 2) {
    now_ = full_moment(words[1]);
    if (world_) world_->set_now(now_);
  } else if (words[0] == "at" && words.size() == 2) {
    const auto at = parse_instant(full_moment(words[1]));
    if (!at) {
      fail(statement.head, "is no moment");
      return true;
    }
    clock_ = *at;
  } else if (words[0] == "backfill" && words.size() == 2) {
    backfill_ = std::stoul(words[1]);
  } else if (words[0] == "hold" && words.size() == 1) {
    world().hold_projector(true);
  } else if (words[0] == "go" && words.size() == 1) {
    world().hold_projector(false);
  } else if (words[0] == "step" && words.size() == 1) {
    static_cast<void>(world().projector().step().value());
  } else {
    return false;
  }
  return true;
}

bool Player::tell(const Statement& statement) {
  const Line& line = statement.head;
  const std::string word = line.words.empty() ? "" : line.words.front();
  if (word == "tree") {
    tell_tree();
  } else if (word == "plan" && line.words.size() >= 2) {
    tell_plan(statement);
  } else if (word == "plan-file" && line.words.size() >= 2) {
    tell_plan_file(line);
  } else if (word == "times" && line.words.size() >= 5) {
    tell_many(statement);
  } else if (word == "bytes" && line.words.size() == 2) {
    send("intake", "", Message{.value = from_hex(line.words[1])});
  } else if (word == "tombstone") {
    send("intake", "", Message{});
  } else if (word == "raw") {
    send("intake", "", Message{.value = line.text.substr(4)});
  } else if (word.empty()) {
    send("intake", "", Message{.value = statement.json()});
  } else {
    const bool is_binary = word == "binary";
    Statement said = statement;
    if (is_binary) said.head.words.front() = "say";
    auto told = told_of(said);
    if (!told.ok()) {
      fail(line, told.error().message);
      return true;
    }
    if (!*told) return false;
    if (!is_binary) {
      send(std::move(**told));
    } else {
      (*told)->source = (*told)->source.empty() ? "s" : (*told)->source;
      (*told)->id = (*told)->id.empty() ? std::to_string(++count_) : (*told)->id;
      send((*told)->stream.empty() ? "intake" : (*told)->stream, (*told)->on, (*told)->binary());
    }
  }
  return true;
}

void Player::send(Told told) {
  if (told.source.empty()) told.source = "s";
  if (told.id.empty()) told.id = std::to_string(++count_);
  const bool is_reference = told.type.starts_with("unit.") || told.type.starts_with("plan.");
  if (told.stream.empty()) told.stream = is_reference ? "ref" : "intake";
  send(told.stream, told.on, told.structured());
}

void Player::send(std::string_view stream, std::string_view on, Message message) {
  std::string at = full_moment(on);
  if (at.empty()) {
    at = to_text(clock_);
    clock_.ms += 1'000;
  }
  placed_.push_back(world().message(stream, at, std::move(message)));
}

// The tree of the worked examples.
void Player::tell_tree() {
  for (const char* unit : {"unit P level=province", "unit D1 level=district parent=P",
                           "unit D2 level=district parent=P", "unit C1 level=commune parent=D1",
                           "unit C2 level=commune parent=D1", "unit C3 level=commune parent=D2"}) {
    send(std::move(*told_of({read_line(0, unit), {}}).value()));
  }
}

// The activity or unit N times, its id with a number behind it.
void Player::tell_many(const Statement& statement) {
  Statement one = statement;
  one.head.words.erase(one.head.words.begin(), one.head.words.begin() + 2);
  const std::size_t place = one.head.words.front() == "unit" ? 1 : 0;
  const std::string id = one.head.words[place];
  const int times = std::stoi(statement.head.words[1]);
  for (int i = 1; i <= times; ++i) {
    one.head.words[place] = id + std::to_string(i);
    auto told = told_of(one);
    if (!told.ok()) return fail(statement.head, told.error().message);
    send(std::move(**told));
  }
}

void Player::tell_plan(const Statement& statement) {
  auto document = plan_document(statement);
  if (!document.ok()) return fail(statement.head, document.error().message);
  Statement said = statement;
  said.body.clear();
  said.head.words = {"say", statement.head.words.size() > 2 && statement.head.words[2] == "amended"
                                ? "plan.amended"
                                : "plan.published"};
  for (std::size_t i = 2; i < statement.head.words.size(); ++i) {
    said.head.words.push_back(statement.head.words[i]);
  }
  said.head.json = std::move(document).value();
  send(std::move(*told_of(said).value()));
}

// Another plan can be put in its place, to see whether any scenario notices.
void Player::tell_plan_file(const Line& line) {
  const char* const instead = std::getenv("TIENDO_SCENARIO_PLAN");
  const std::string name = instead != nullptr ? instead : root_ + "/" + line.words[1];
  const auto document = read_file(name);
  if (!document) return fail(line, name + " cannot be read");
  send(Told{.type = "plan.published", .data = *document});
  const Judgement& judgement = placed_.back().judgement;
  if (judgement.verdict != Verdict::accepted)
    fail(line, "refused: " + sentence_of(judgement.refusal).en);
}

bool Player::ask(const Statement& statement) {
  const Line& line = statement.head;
  const std::string word = line.words.empty() ? "" : line.words.front();
  if (word == "ask") {
    ask_path(line, statement.json());
  } else if (word == "progress") {
    ask_progress(statement);
  } else if (word == "figure") {
    ask_figure(line);
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
              "}]}");
  }
}

// figure PLAN/INDICATOR UNIT PERIOD [parameter=value ...] = VALUE [NUMERATOR/DENOMINATOR]
void Player::ask_figure(const Line& line) {
  const auto& words = line.words;
  std::size_t equals = 0;
  while (equals < words.size() && words[equals] != "=") ++equals;
  const std::size_t slash = words.size() > 1 ? words[1].find('/') : std::string::npos;
  if (slash == std::string::npos || equals < 4 || equals + 1 >= words.size()) {
    return fail(line, "is to be read as figure PLAN/INDICATOR UNIT PERIOD ... = VALUE [N/D]");
  }
  std::vector<Option> parameters = {{"plan", words[1].substr(0, slash)},
                                    {"indicator", words[1].substr(slash + 1)},
                                    {"unit", words[2]},
                                    {"period", words[3]}};
  for (std::size_t i = 4; i < equals; ++i) parameters.push_back(option_of(words[i]));
  std::string expected = R"({"value":)" + words[equals + 1];
  if (equals + 2 < words.size()) {
    const std::size_t over = words[equals + 2].find('/');
    if (over == std::string::npos) return fail(line, "ends with no NUMERATOR/DENOMINATOR");
    expected += R"(,"numerator":)" + words[equals + 2].substr(0, over) + R"(,"denominator":)" +
                words[equals + 2].substr(over + 1);
  }
  const std::string path = with_parameters("/v1/rollups", parameters);
  check(line, "GET " + path, world().get(path), 200, expected + "}");
}

// verdict accepted | duplicate [conflict] | rejected CODE [FIELD], of the last message.
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
  const std::string path =
      "/v1/events/" + percent_encoded(last.stream.text()) + "/" + std::to_string(last.position);
  check(line, "GET " + path, world().get(path), 200, expected + "}");
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

#include "tests/scenarios/player.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ingest/operator_act.h"
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
  } else if (word == "draft" && line.words.size() >= 2) {
    keep_draft(statement);
  } else if (word == "plan-file" && line.words.size() >= 2) {
    tell_plan_file(line);
  } else if (word == "events-file" && line.words.size() == 2) {
    tell_events_file(line);
  } else if (word == "times" && line.words.size() >= 5) {
    tell_many(statement);
  } else if (word == "rejudge" && line.words.size() >= 2) {
    tell_rejudged(line);
  } else if (word == "bytes" && line.words.size() == 2) {
    send("intake", "", Message{.value = from_hex(line.words[1])});
  } else if (word == "tombstone") {
    send("intake", "", Message{});
  } else if (word == "raw") {
    send("intake", "", Message{.value = line.text.substr(4)});
  } else if (word.empty()) {
    send("intake", "", Message{.value = statement.json()});
  } else {
    return tell_event(statement);
  }
  return true;
}

// An event in words; behind `binary` it goes in binary mode, behind `refused` as one that the rules
// of its day did not know.
bool Player::tell_event(const Statement& statement) {
  const std::string mode = statement.head.words.front();
  Statement said = statement;
  if (mode == "binary") said.head.words.front() = "say";
  if (mode == "refused") said.head.words.erase(said.head.words.begin());
  const Reading told = told_of(said);
  if (!told) return false;
  if (!told->ok()) {
    fail(statement.head, told->error().message);
    return true;
  }
  const Told event = complete(told->value());
  if (mode == "refused") {
    placed_.push_back(
        world().refused(event.stream, moment_of(event.on), event.structured().value.value()));
  } else {
    send(event.stream, event.on, mode == "binary" ? event.binary() : event.structured());
  }
  return true;
}

// rejudge STREAM@POSITION [on=MOMENT]
void Player::tell_rejudged(const Line& line) {
  const std::string& place = line.words[1];
  const std::size_t at = place.find('@');
  if (at == std::string::npos) return fail(line, "is to be read as rejudge STREAM@POSITION");
  Told told;
  static_cast<void>(data_options(told, line, 2));
  const std::string moment = moment_of(told.on);
  auto record = control_record({.type = EventType::control_rejudged,
                                .stream = place.substr(0, at),
                                .position = std::stoull(place.substr(at + 1)),
                                .author = "office",
                                .reason = "after the upgrade"},
                               *parse_instant(moment));
  if (!record.ok()) return fail(line, record.error().message);
  send("control", moment, std::move(record).value());
}

// With all that its line did not say.
Told Player::complete(Told told) {
  if (told.source.empty()) told.source = "s";
  if (told.id.empty()) told.id = std::to_string(++count_);
  const bool is_reference = told.type.starts_with("unit.") || told.type.starts_with("plan.") ||
                            told.type.starts_with("source.");
  if (told.stream.empty()) told.stream = is_reference ? "ref" : "intake";
  return told;
}

void Player::send(Told told) {
  const Told event = complete(std::move(told));
  send(event.stream, event.on, event.structured());
}

void Player::send(std::string_view stream, std::string_view on, Message message) {
  placed_.push_back(world().message(stream, moment_of(on), std::move(message)));
}

// The moment said, or else the running time, which goes on by a second.
std::string Player::moment_of(std::string_view on) {
  if (!on.empty()) return full_moment(on);
  const std::string at = to_text(clock_);
  clock_.ms += 1'000;
  return at;
}

// The tree of the worked examples.
void Player::tell_tree() {
  for (const char* unit : {"unit P level=province", "unit D1 level=district parent=P",
                           "unit D2 level=district parent=P", "unit C1 level=commune parent=D1",
                           "unit C2 level=commune parent=D1", "unit C3 level=commune parent=D2"}) {
    send(told_of({read_line(0, unit), {}})->value());
  }
}

// The activity, unit, attribute or entity N times, the id with a number behind it.
void Player::tell_many(const Statement& statement) {
  Statement one = statement;
  one.head.words.erase(one.head.words.begin(), one.head.words.begin() + 2);
  const std::string& word = one.head.words.front();
  const std::size_t place = word == "entity" ? 2 : word == "unit" || word == "attr" ? 1 : 0;
  const std::string id = one.head.words[place];
  const int times = std::stoi(statement.head.words[1]);
  for (int i = 1; i <= times; ++i) {
    one.head.words[place] = id + std::to_string(i);
    auto told = told_of(one);
    if (!told) return fail(statement.head, "is no event");
    if (!told->ok()) return fail(statement.head, told->error().message);
    send(std::move(*told).value());
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
  send(told_of(said)->value());
}

// A plan document as `plan` writes it, or as it stands, to ask about.
void Player::keep_draft(const Statement& statement) {
  if (statement.body.empty()) {
    draft_ = statement.head.json;
    return;
  }
  auto document = plan_document(statement);
  if (!document.ok()) return fail(statement.head, document.error().message);
  draft_ = std::move(document).value();
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

// Each line a message of a stream import:NAME, which is stamped with the event's own time.
void Player::tell_events_file(const Line& line) {
  const std::filesystem::path path = root_ + "/" + line.words[1];
  const auto events = read_file(path);
  if (!events) return fail(line, path.string() + " cannot be read");
  std::istringstream lines(*events);
  for (std::string event; std::getline(lines, event);) {
    send("import:" + path.stem().string(), now_, Message{.value = event});
  }
}

}  // namespace tiendo::scenarios

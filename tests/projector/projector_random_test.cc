// Goal: the views are a function of the set of records, and every answer one of the records it
// knows. Method: random histories over three streams, full of what is awkward (units registered
// late, twice, moved back-dated and in loops; plans late and amended; corrections before their
// originals; the same identity in two streams; every kind of report), taken in by many projectors
// that differ in interleaving, step size, sorted runs, filling, threads and restarts. TIENDO_SEED
// runs one seed; seeds are printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "tests/support/history.h"

namespace tiendo::testing {
namespace {

using Streams = std::map<std::string, std::vector<Said>>;

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  int below(int count) { return static_cast<int>(engine_() % static_cast<uint64_t>(count)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
  }

 private:
  std::mt19937_64 engine_;
};

const std::vector<std::string> unit_ids = {"P", "D1", "D2", "D3", "C1", "C2", "C3", "X"};
const std::vector<std::string> activity_ids = {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"};
const std::vector<std::string> periods = {"2024-Q1", "2024-9M", "2024", "q"};

std::string level_of(const std::string& unit) {
  return unit == "P" ? "province" : unit.front() == 'D' ? "district" : "commune";
}

// One message after another, as some platform could say them.
class Generator {
 public:
  explicit Generator(uint64_t seed) : dice_(seed) {}

  Streams history(int records) {
    Streams streams;
    std::vector<std::pair<std::string, std::string>> said;  // type, data of earlier ones
    for (int i = 0; i < records; ++i) {
      const std::string stream = dice_.one_of<std::string>({"s:0:0", "s:1:0", "import:x"});
      now_ms_ += dice_.chance(30) ? 0 : dice_.below(40) * 3'600'000;
      // Streams lag behind each other by days.
      const Instant stamp{now_ms_ - (stream == "s:1:0" ? 5 : 0) * 86'400'000};
      // An identity used before, in this stream or another, with the same content or other.
      const auto [type, data] = event();
      const bool is_reference = type.starts_with("unit") || type.starts_with("plan");
      const bool again = i > 0 && dice_.chance(is_reference ? 25 : 12);
      const std::string id = "e" + std::to_string(again ? dice_.below(i) : i);
      const std::string source = dice_.chance(80) ? "urn:a" : "urn:b";
      const std::string time = dice_.chance(50) ? day(dice_.below(400)) + "T08:00:00+07:00" : "";
      const bool refused = dice_.chance(12);
      streams[stream].push_back({stream, stamp, event_text(type, data, id, source, time), refused});
      if (dice_.chance(refused ? 80 : 3)) {
        rejudge(streams, stream, streams[stream].size() - 1);
      }
    }
    return streams;
  }

 private:
  using TypeAndData = std::pair<std::string, std::string>;

  std::string day(int from_2024) {
    return to_text(Day{parse_day("2024-01-01")->number + from_2024});
  }
  std::string some_day() { return day(dice_.below(420) - 30); }

  // Now, or some days later; now and then by a clock that is behind, or twice.
  void rejudge(Streams& streams, const std::string& stream, uint64_t position) {
    for (int times = dice_.chance(10) ? 2 : 1; times > 0; --times) {
      const int days = dice_.chance(10) ? -20 : dice_.below(6);
      auto& acts = streams["control"];
      acts.push_back({"control", Instant{now_ms_ + 1 + days * int64_t{86'400'000}},
                      rejudged_text(stream, position, "c" + std::to_string(acts.size()))});
    }
  }

  TypeAndData event() {
    const int kind = dice_.below(100);
    if (kind < 22) return unit();
    if (kind < 30) return {dice_.chance(50) ? "plan.published" : "plan.amended", plan()};
    if (kind < 72) return activity();
    return report();
  }

  TypeAndData unit() {
    const std::string& id = dice_.one_of(unit_ids);
    const std::string above = dice_.chance(10) ? "" : dice_.one_of(unit_ids);
    if (dice_.chance(45)) {
      const std::string more = dice_.chance(30) ? R"(,"attributes":{"far":true})" : "";
      return {"unit.registered",
              unit_data(id, level_of(id), above == id ? "" : above, some_day(), more)};
    }
    if (dice_.chance(20)) {
      return {"unit.renamed", R"({"unit":)" + in_quotes(id) + R"(,"effective":)" +
                                  in_quotes(some_day()) + R"(,"name":{"vi":"tên"}})"};
    }
    return {"unit.moved", moved_data(id, above == id ? "" : above, some_day())};
  }

  std::string plan() {
    std::vector<std::string> formulas = {
        R"({"kind":"count"})",
        R"({"kind":"count","where":{"unit.level":"commune"}})",
        R"({"kind":"count","where":{"any":[{"unit.attr.far":true},{"form":"hybrid"}]}})",
        R"({"kind":"count","where":{"form":"online"},"credit":"all"})",
        R"({"kind":"sum","of":"participants","audiences":["members"]})",
        R"({"kind":"sum","of":"cost","where":{"all":[{"form":"online"},{"form":"online"}]}})",
        R"({"kind":"sum","of":"outputs","output":"site"})",
        R"({"kind":"share","where":{"form":"online"},"among":{}})",
        R"({"kind":"share","where":{"form":"hybrid"},"among":{"form":"hybrid"}})",
        R"({"kind":"coverage","units":{"level":["district","commune"]},"have":{"reached_by":{},"by":"subtree"}})",
        R"({"kind":"coverage","units":{"level":"commune"},"have":{"indicator":"i0","comparator":">=","value":1}})",
        R"({"kind":"milestone","where":{"form":"hybrid"},"credit":"all"})",
        R"({"kind":"milestone","obligation":"o"})"};
    // Terms that few plans, and perhaps only a void one, ask for.
    formulas.push_back(R"({"kind":"sum","of":"participants","audiences":["m)" +
                       std::to_string(dice_.below(20)) + R"("]})");
    std::string indicators = indicator_data("i0", formulas[0]);
    for (std::size_t i = 1; i < formulas.size(); ++i) {
      if (dice_.chance(70) || i == 1) {
        indicators += "," + indicator_data("i" + std::to_string(i), formulas[i]);
      }
    }
    const std::string own_period = dice_.chance(50) ? R"("2024-01-10","last":"2024-02-20"}])"
                                                    : R"("2024-03-01","last":"2024-03-09"}])";
    const std::string head = R"("first":"2024-01-01","last":"2024-12-31","periods":[{"id":)" +
                             std::string(dice_.chance(60) ? R"("q")" : R"("other")") +
                             R"(,"first":)" + own_period;
    const std::string obligation =
        R"({"id":"o","from":{"level":["district","commune"]},"requires":["i0"],)"
        R"("instances":[{"period":"2024-9M","due":{"before":"2024-09-01"}}]})";
    return plan_data(indicators, "", obligation, 1 + dice_.below(2), some_day(), head);
  }

  TypeAndData activity() {
    const std::string& id = dice_.one_of(activity_ids);
    const int kind = dice_.below(10);
    if (kind == 0) return {"activity.cancelled", cancelled_data(id)};
    std::string more = R"(,"cost":)" + std::to_string(dice_.below(3)) + R"(,"co_units":[)" +
                       in_quotes(dice_.one_of(unit_ids)) + R"(],"reached_units":[)" +
                       in_quotes(dice_.one_of(unit_ids)) + "," + in_quotes(dice_.one_of(unit_ids)) +
                       R"(],"outputs":[{"kind":"site","count":)" + std::to_string(dice_.below(4)) +
                       "}]";
    std::string data = activity_data(id, dice_.one_of(unit_ids), some_day(), dice_.below(50), more);
    if (dice_.chance(40)) data.replace(data.find("online"), 6, "hybrid");
    return {kind < 7 ? "activity.recorded" : "activity.corrected", data};
  }

  TypeAndData report() {
    const std::string id = "r" + std::to_string(dice_.below(5));
    const std::string figures =
        figure_data("i0", dice_.chance(20) ? "null" : std::to_string(dice_.below(9)));
    switch (dice_.below(8)) {
      case 0:
        return {"report.withdrawn", of_report(id)};
      case 1:
        return {"report.approved", of_report(id)};
      case 2:
        return {"report.returned", of_report(id)};
      case 3:
        return {"report.corrected", of_report(id, figures)};
      default:
        return {"report.submitted",
                report_data(id, dice_.one_of(unit_ids), dice_.chance(90) ? "p" : "z",
                            dice_.one_of(periods), figures)};
    }
  }

  Dice dice_;
  int64_t now_ms_ = instant("2024-01-05").ms;
};

Parallel threads(std::size_t count) {
  return [count](std::size_t all, const auto& work) {
    std::vector<std::thread> running;
    const std::size_t share = all / count + 1;
    for (std::size_t begin = 0; begin < all; begin += share) {
      running.emplace_back([=, &work] { work(begin, std::min(begin + share, all)); });
    }
    for (std::thread& one : running) one.join();
  };
}

ProjectorOptions some_options(Dice& dice) {
  return {.step_records = dice.one_of<std::size_t>({1, 7, 1000}),
          .sorted_run_records = dice.one_of<std::size_t>({1, 1'000'000}),
          .backfill_subjects = dice.one_of<std::size_t>({1, 5, 1'000'000}),
          .parallel = dice.chance(30) ? threads(3) : sequential()};
}

// An act is written after the record it names, if that one comes at all.
bool can_be_written(const Said& act, const Streams& streams,
                    std::map<std::string, std::size_t>& next) {
  json::Document document;
  EXPECT_TRUE(document.parse(act.value).ok());
  const json::Value data = document.root()["data"];
  const std::string stream(data["stream"].text());
  const std::size_t position = std::stoull(std::string(data["position"].text()));
  const auto named = streams.find(stream);
  return named == streams.end() || position >= named->second.size() || position < next[stream];
}

// Appends the streams in some order of their heads, with steps and restarts in between.
std::unique_ptr<History> project(const Streams& streams, uint64_t seed) {
  Dice dice(seed);
  auto history = std::make_unique<History>(some_options(dice));
  std::map<std::string, std::size_t> next;
  std::vector<std::string> open;
  for (const auto& [name, all] : streams) open.push_back(name);
  const int run_max = dice.one_of<int>({1, 10, 200});
  while (!open.empty()) {
    const std::string name = dice.one_of(open);
    const auto& all = streams.at(name);
    for (int run = 1 + dice.below(run_max); run > 0 && next[name] < all.size(); --run) {
      if (name == "control" && !can_be_written(all[next[name]], streams, next)) break;
      history->append(all[next[name]++]);
    }
    if (next[name] == all.size()) open.erase(std::find(open.begin(), open.end(), name));
    for (int steps = dice.below(4); steps > 0; --steps) history->step();
    if (dice.chance(8)) history->reopen();
  }
  while (history->step()) {
    if (dice.chance(3)) history->reopen();
  }
  return history;
}

// All that can be asked of a plan, in one text.
std::string answers(const Question& question) {
  std::string out;
  const auto windows = {"2024",
                        "2024-01",
                        "2024-Q1",
                        "2024-01-03..2024-01-11",
                        "2024-01-20..2024-03-02",
                        "2024-02-15",
                        "2024-03-05..2024-10-30",
                        "2024-01-01..2024-01-14"};
  for (const char* window_id : windows) {
    const Window window = *parse_period(window_id);
    const auto plan = question.knowledge().plan("p", window.last);
    if (!plan) {
      out += "no plan\n";
      continue;
    }
    for (const Indicator& indicator : plan->indicators) {
      for (UnitIndex unit = 0; unit < question.tree().size(); ++unit) {
        for (const Extent extent : {Extent::own, Extent::subtree}) {
          const auto figure = tiendo::figure(question, {.plan = *plan,
                                                        .formula = *indicator.formula,
                                                        .unit = unit,
                                                        .window = window,
                                                        .extent = extent});
          if (!figure.ok()) return "error " + figure.error().message;
          const auto text = [](const std::optional<Decimal>& value) {
            return value ? value->text() : std::string("-");
          };
          out += std::string(window_id) + " " + indicator.id + " " + question.tree().unit(unit).id +
                 (extent == Extent::own ? " own " : " all ") + text(figure->value) + " " +
                 text(figure->numerator) + "/" + text(figure->denominator) + " " + figure->no_data +
                 (figure->done_on ? to_text(*figure->done_on) : "") + " " +
                 std::to_string(figure->contributors) + (figure->building ? " building" : "") +
                 "\n";
        }
      }
    }
  }
  return out;
}

std::string first_difference(const std::string& a, const std::string& b) {
  const auto at = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto line = [](const std::string& text, std::ptrdiff_t place) {
    const auto end = static_cast<std::size_t>(place);
    const std::size_t begin = end == 0 ? 0 : text.rfind('\n', end - 1) + 1;
    return text.substr(begin, text.find('\n', end) - begin);
  };
  return line(a, at.first - a.begin()) + "   against   " + line(b, at.second - b.begin());
}

OrderKey last_key(History& history) {
  std::optional<OrderKey> last;
  for (const auto& [stream, head] : history.log().heads()) {
    if (head.next_position == 0) continue;
    const OrderKey key{head.recorded_at, stream, head.next_position - 1};
    if (!last || key > *last) last = key;
  }
  return *last;
}

std::vector<uint64_t> seeds(uint64_t count) {
  if (const char* one = std::getenv("TIENDO_SEED")) return {std::strtoull(one, nullptr, 10)};
  std::vector<uint64_t> all;
  for (uint64_t seed = 1; seed <= count; ++seed) all.push_back(seed);
  return all;
}

TEST(ProjectorRandom, ViewsDoNotDependOnHowTheyWereFilled) {
  for (const uint64_t seed : seeds(6)) {
    const Streams streams = Generator(seed).history(150);
    const std::string digest = project(streams, 0)->digest();
    for (uint64_t way = 1; way <= 50; ++way) {
      ASSERT_EQ(digest, project(streams, way)->digest())
          << "TIENDO_SEED=" << seed << " way " << way;
    }
  }
}

TEST(ProjectorRandom, RollupsServeWhatTheFactsSay) {
  for (const uint64_t seed : seeds(12)) {
    const auto history = project(Generator(seed).history(150), seed);
    const Instant now = instant("2024-10-01");
    Moment everything{.at = now};
    Moment all_records{.at = now, .everything = false, .record = last_key(*history)};
    const std::string served = answers(Question(history->state(), everything, {}));
    const std::string counted = answers(Question(history->state(), all_records, {}));
    ASSERT_EQ(served, counted) << "TIENDO_SEED=" << seed << "\n"
                               << first_difference(served, counted);
  }
}

// The snapshot rule: an answer as of a record is that of views which never saw a later one.
TEST(ProjectorRandom, AnswersAsOfARecordAreThoseOfAReplayUpToIt) {
  for (const uint64_t seed : seeds(6)) {
    const Streams streams = Generator(seed).history(150);
    const auto full = project(streams, seed);
    Dice dice(seed);
    for (int cuts = 0; cuts < 12; ++cuts) {
      const auto& heads = full->log().heads();
      auto head = std::next(heads.begin(), dice.below(static_cast<int>(heads.size())));
      const StreamName stream = head->first;
      const auto position =
          static_cast<uint64_t>(dice.below(static_cast<int>(head->second.next_position)));
      const OrderKey cut = full->log().reader().read(stream, position)->key();
      Streams known;
      for (const auto& [name, all] : streams) {
        for (uint64_t at = 0; at < all.size(); ++at) {
          if (full->log().reader().read(StreamName(name), at)->key() > cut) break;
          known[name].push_back(all[at]);
        }
      }
      const auto prefix = project(known, seed + 1);
      for (const char* tree : {"", "2024-02-20", "2024-06-01"}) {
        const TreeMode mode = *tree == '\0' ? TreeMode{} : tree_of(tree);
        const Moment then{.at = cut.recorded_at, .everything = false, .record = cut};
        const std::string as_of = answers(Question(full->state(), then, mode));
        const std::string replayed =
            answers(Question(prefix->state(), Moment{.at = cut.recorded_at}, mode));
        ASSERT_EQ(as_of, replayed) << "TIENDO_SEED=" << seed << " " << stream.text() << "@"
                                   << position << " tree " << tree << "\n"
                                   << first_difference(as_of, replayed);
      }
    }
  }
}

}  // namespace
}  // namespace tiendo::testing

// Goal: the views are a function of the set of records, and every answer one of the records it
// knows. Method: random histories over three streams, full of what is awkward (units registered
// late, twice, moved back-dated and in loops, closed, reopened, given attributes; plans late and
// amended; corrections before their originals; the same identity in two streams; every kind of
// report; grants that come late and are revoked), taken in by many projectors that differ in
// interleaving, step size, sorted runs, filling, threads and restarts. TIENDO_SEED runs one seed;
// seeds are printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "tests/support/random_history.h"

namespace tiendo::testing {
namespace {

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

// All that was declared, in one text: how it stands, from which record on, and who said it.
std::string declarations(const Question& question) {
  const ViewReader& rows = question.rows();
  const Moment& moment = question.moment();
  std::string out;
  const auto record = [](const OrderKey& key) {
    return " " + key.stream.text() + "@" + std::to_string(key.position);
  };
  const auto site = [&](const EntityStanding& one) {
    out += one.entity + record(one.from) + record(one.registration);
    for (const auto& now : one.existence) out += " " + to_text(now.day) + (now.value ? "+" : "-");
    for (const auto& now : one.units) out += " " + to_text(now.day) + now.value + record(now.said);
    for (const auto& [flag, history] : one.flags) {
      for (const auto& now : history) {
        out += " " + to_text(now.day) + flag + "=" + now.value.text + record(now.said);
      }
    }
    out += "\n";
  };
  EXPECT_TRUE(rows.entities("site", moment, site).ok());
  for (const std::string& unit : unit_ids) {
    out += unit + "\n";
    const auto statistic = [&](const StatisticStanding& one) {
      out += to_text(one.as_at) + " " + one.value->text() + record(one.from) +
             record(one.origin()) + "\n";
    };
    EXPECT_TRUE(rows.statistics("pop", unit, moment, statistic).ok());
    const auto money = [&](const MoneyStanding& one) {
      out += one.line + (one.is_spent ? " spent " : " allocated ") + one.amount->text() + " " +
             to_text(one.day) + record(one.from) + record(one.origin()) + "\n";
    };
    EXPECT_TRUE(rows.money("p", unit, moment, money).ok());
    const auto report = [&](std::string_view period, const ReportStanding& one) {
      out += std::string(period) + " " + one.report + " " + std::string(name_of(one.state));
      for (const auto& [indicator, said] : one.figures) {
        out += " " + indicator + (said.figure.surveyed ? " surveyed " : " ") +
               to_text(said.figure.as_at.value_or(said.said_on)) + record(said.by);
      }
      out += "\n";
    };
    EXPECT_TRUE(rows.reports_of("p", unit, moment, report).ok());
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
        const Question asked(full->state(), then, mode);
        const Question asked_then(prefix->state(), Moment{.at = cut.recorded_at}, mode);
        const std::string as_of = answers(asked) + declarations(asked);
        const std::string replayed = answers(asked_then) + declarations(asked_then);
        ASSERT_EQ(as_of, replayed) << "TIENDO_SEED=" << seed << " " << stream.text() << "@"
                                   << position << " tree " << tree << "\n"
                                   << first_difference(as_of, replayed);
      }
    }
  }
}

}  // namespace
}  // namespace tiendo::testing

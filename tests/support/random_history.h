// Random histories for tests of the core: full of what is awkward, and the same for the same seed.
#pragma once

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/history.h"

namespace tiendo::testing {

using Streams = std::map<std::string, std::vector<Said>>;

// `next` says of each stream how many of it are in the log. An act is written after the record it
// names, if that one comes at all.
inline bool can_be_written(const Said& act, const Streams& streams,
                           std::map<std::string, std::size_t>& next) {
  json::Document document;
  EXPECT_TRUE(document.parse(act.value).ok());
  const json::Value data = document.root()["data"];
  const std::string stream(data["stream"].text());
  const std::size_t position = std::stoull(std::string(data["position"].text()));
  const auto named = streams.find(stream);
  return named == streams.end() || position >= named->second.size() || position < next[stream];
}

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

inline const std::vector<std::string> unit_ids = {"P", "D1", "D2", "D3", "C1", "C2", "C3", "X"};
inline const std::vector<std::string> activity_ids = {"a1", "a2", "a3", "a4",
                                                      "a5", "a6", "a7", "a8"};
inline const std::vector<std::string> periods = {"2024-Q1", "2024-9M", "2024", "q"};

inline std::string level_of(const std::string& unit) {
  return unit == "P" ? "province" : unit.front() == 'D' ? "district" : "commune";
}

// One message after another, as some platform could say them.
class Generator {
 public:
  // In every other history sources need grants, sooner or later.
  explicit Generator(uint64_t seed) : dice_(seed), has_grants_(seed % 2 == 0) {}

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
      const bool is_reference =
          type.starts_with("unit") || type.starts_with("plan") || type.starts_with("source");
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
    if (has_grants_ && dice_.chance(5)) return grant();
    const int kind = dice_.below(100);
    if (kind < 22) return unit();
    if (kind < 30) return {dice_.chance(50) ? "plan.published" : "plan.amended", plan()};
    if (kind < 62) return activity();
    if (kind < 76) return report();
    if (kind < 88) return entity();
    return kind < 93 ? statistic() : money();
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
      return {"unit.renamed", dated(id, R"(,"name":{"vi":"tên"})")};
    }
    if (dice_.chance(30)) return {dice_.chance(65) ? "unit.closed" : "unit.reopened", dated(id)};
    if (dice_.chance(20)) {
      return {"unit.attributes_set",
              dated(id, R"(,"attributes":{"far":)" + std::string(dice_.chance(50) ? "true" : "1") +
                            "}")};
    }
    return {"unit.moved", moved_data(id, above == id ? "" : above, some_day())};
  }

  TypeAndData grant() {
    const bool granted = dice_.chance(70);
    std::string units = dice_.chance(25) ? R"("*")" : in_quotes(dice_.one_of(unit_ids));
    if (dice_.chance(60)) units += "," + in_quotes(dice_.one_of(unit_ids));
    std::string data = R"({"source":)" + in_quotes(dice_.chance(65) ? "urn:a" : "urn:b");
    if (granted || dice_.chance(60)) data += R"(,"units":[)" + units + "]";
    if (dice_.chance(25)) data += R"(,"types":["activity.recorded","unit.registered"])";
    return {granted ? "source.granted" : "source.revoked", data + "}"};
  }

  std::string dated(const std::string& unit, const std::string& more = "") {
    return R"({"unit":)" + in_quotes(unit) + R"(,"effective":)" + in_quotes(some_day()) + more +
           "}";
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
        R"({"kind":"coverage","units":{"level":["district","commune"],"where":{"attr.far":true}},"have":{"reached_by":{},"by":"subtree"}})",
        R"({"kind":"milestone","where":{"form":"hybrid"},"credit":"all"})",
        R"({"kind":"milestone","obligation":"o"})",
        R"({"kind":"distinct","of":"outputs","output":"site"})",
        R"({"kind":"distinct","of":"people","where":{"unit.level":"commune"}})",
        R"({"kind":"coverage","register":"site","have":{"named_by":{"form":"online"}}})"};
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
                       R"(},{"kind":"site","id":"s)" + std::to_string(dice_.below(5)) +
                       R"("}],"people":{"members":["p)" + std::to_string(dice_.below(5)) +
                       R"("],"youth":)" + std::to_string(dice_.below(3)) + "}";
    std::string data = activity_data(id, dice_.one_of(unit_ids), some_day(), dice_.below(50), more);
    if (dice_.chance(40)) data.replace(data.find("online"), 6, "hybrid");
    return {kind < 7 ? "activity.recorded" : "activity.corrected", data};
  }

  TypeAndData report() {
    const std::string id = "r" + std::to_string(dice_.below(5));
    std::string figures =
        figure_data("i0", dice_.chance(20) ? "null" : std::to_string(dice_.below(9)));
    if (dice_.chance(40)) {
      const std::string as_at = dice_.chance(50) ? R"(,"as_at":)" + in_quotes(some_day()) : "";
      figures += R"(,{"indicator":"i1","numerator":1,"denominator":)" +
                 std::to_string(dice_.below(9)) + as_at +
                 (dice_.chance(30) ? R"(,"scope":"subtree","survey":{"day":"2024-03-01"}})" : "}");
    }
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

  TypeAndData entity() {
    const std::string flags = dice_.chance(50)
                                  ? R"({"open":)" + std::string(dice_.chance(50) ? "true" : "false")
                                  : R"({"seats":)" + std::to_string(dice_.below(3));
    const std::string data =
        entity_data("s" + std::to_string(dice_.below(4)), dice_.one_of(unit_ids), some_day(),
                    flags + (dice_.chance(30) ? R"(,"level":"commune"})" : "}"));
    const int kind = dice_.below(10);
    return {kind < 4 ? "entity.registered" : kind < 8 ? "entity.updated" : "entity.removed", data};
  }

  TypeAndData statistic() {
    return {"statistic.declared",
            statistic_data("pop", dice_.one_of(unit_ids),
                           dice_.one_of<std::string>({"2023-12-31", "2024-06-30"}),
                           dice_.chance(25) ? "null" : std::to_string(dice_.below(90)))};
  }

  TypeAndData money() {
    const std::string line = dice_.chance(50) ? "9" : "10";
    const std::string amount = std::to_string(dice_.below(90));
    const std::string entry = dice_.chance(70) ? R"(,"entry":"x)" + std::to_string(dice_.below(3)) +
                                                     R"(","of_source":"urn:a")"
                                               : "";
    const int kind = dice_.below(10);
    const std::string data = money_data(line, dice_.one_of(unit_ids), amount, entry);
    if (kind < 4) return {"money.allocated", data};
    if (kind < 8 || entry.empty()) return {"money.spent", data};
    return {"money.corrected", data};
  }

  Dice dice_;
  bool has_grants_ = false;
  int64_t now_ms_ = instant("2024-01-05").ms;
};

}  // namespace tiendo::testing

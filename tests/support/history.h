// Small histories for tests of the core: events said compactly, appended to a log in memory and
// projected into views in memory. What is said here is taken for accepted: no judge looks at it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/log.h"
#include "projector/figure.h"
#include "projector/projector.h"
#include "projector/target.h"

namespace tiendo::testing {

// One message of a stream, as its source stamped it.
struct Said {
  std::string stream;
  Instant stamp;
  std::string value;
  bool refused = false;  // by rules older than those of today
};

// 2024-03-10 (its first instant), or RFC 3339.
inline Instant instant(std::string_view text) {
  if (const auto day = parse_day(text)) return start_of(*day);
  const auto parsed = parse_instant(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Instant{});
}

inline std::string in_quotes(std::string_view text) { return json::quoted(text); }

inline std::string event_text(std::string_view type, std::string_view data, std::string_view id,
                              std::string_view source = "urn:a", std::string_view time = "") {
  std::string out = R"({"specversion":"1.0","type":"vn.tiendo.)" + std::string(type) +
                    R"(.v1","id":)" + in_quotes(id) + R"(,"source":)" + in_quotes(source);
  if (!time.empty()) out += R"(,"time":)" + in_quotes(time);
  return out + R"(,"data":)" + std::string(data) + "}";
}

// --- data of events; `more` is further fields, each with a comma before it ---

inline std::string unit_data(std::string_view unit, std::string_view level, std::string_view parent,
                             std::string_view effective = "2020-01-01",
                             std::string_view more = "") {
  return R"({"unit":)" + in_quotes(unit) + R"(,"kind":"unit","level":)" + in_quotes(level) +
         R"(,"name":{"vi":)" + in_quotes(unit) + R"(},"parent":)" +
         (parent.empty() ? "null" : in_quotes(parent)) + R"(,"effective":)" + in_quotes(effective) +
         std::string(more) + "}";
}

inline std::string moved_data(std::string_view unit, std::string_view parent,
                              std::string_view effective) {
  return R"({"unit":)" + in_quotes(unit) + R"(,"effective":)" + in_quotes(effective) +
         R"(,"parent":)" + (parent.empty() ? "null" : in_quotes(parent)) + "}";
}

inline std::string activity_data(std::string_view activity, std::string_view unit,
                                 std::string_view day, int members = 0,
                                 std::string_view more = "") {
  return R"({"activity":)" + in_quotes(activity) + R"(,"unit":)" + in_quotes(unit) +
         R"(,"type":"class","form":"online","starts":)" + in_quotes(day) + R"(,"ends":)" +
         in_quotes(day) + R"(,"participants":{"members":)" + std::to_string(members) +
         R"(},"reason":"r")" + std::string(more) + "}";
}

inline std::string cancelled_data(std::string_view activity) {
  return R"({"activity":)" + in_quotes(activity) + R"(,"reason":"r"})";
}

inline std::string report_data(std::string_view report, std::string_view unit,
                               std::string_view plan, std::string_view period,
                               std::string_view figures) {
  return R"({"report":)" + in_quotes(report) + R"(,"unit":)" + in_quotes(unit) + R"(,"plan":)" +
         in_quotes(plan) + R"(,"period":)" + in_quotes(period) + R"(,"figures":[)" +
         std::string(figures) + "]}";
}

inline std::string figure_data(std::string_view indicator, std::string_view value) {
  return R"({"indicator":)" + in_quotes(indicator) + R"(,"value":)" + std::string(value) + "}";
}

// What is done to a report: corrected (with figures), withdrawn, approved, returned.
inline std::string of_report(std::string_view report, std::string_view figures = "") {
  return R"({"report":)" + in_quotes(report) + R"(,"figures":[)" + std::string(figures) +
         R"(],"by":"b","reason":"r"})";
}

inline std::string indicator_data(std::string_view id, std::string_view formula) {
  const bool is_reported = formula.find(R"("of":"reported")") != std::string_view::npos ||
                           formula.find(R"("kind":"survey")") != std::string_view::npos;
  return R"({"id":)" + in_quotes(id) + R"(,"name":{"vi":"i"},"formula":)" + std::string(formula) +
         (is_reported ? R"(,"why_reported":{"vi":"w"}})" : "}");
}

inline std::string plan_data(
    std::string_view indicators, std::string_view targets = "", std::string_view obligations = "",
    int version = 1, std::string_view valid_from = "2024-01-01",
    std::string_view more = R"("first":"2024-01-01","last":"2024-12-31")") {
  return R"({"plan":"p","version":)" + std::to_string(version) + R"(,"valid_from":)" +
         in_quotes(valid_from) + "," + std::string(more) + R"(,"title":{"vi":"t"},"indicators":[)" +
         std::string(indicators) + R"(],"targets":[)" + std::string(targets) +
         R"(],"obligations":[)" + std::string(obligations) + "]}";
}

// P over D1, D2; D1 over C1, C2; D2 over C3 (semantics 12).
inline std::vector<std::string> worked_example_units() {
  return {unit_data("P", "province", ""),   unit_data("D1", "district", "P"),
          unit_data("D2", "district", "P"), unit_data("C1", "commune", "D1"),
          unit_data("C2", "commune", "D1"), unit_data("C3", "commune", "D2")};
}

// entity.registered, .updated, .removed of register `site`; `flags` is an object.
inline std::string entity_data(std::string_view entity, std::string_view unit,
                               std::string_view effective, std::string_view flags = "{}") {
  return R"({"register":"site","entity":)" + in_quotes(entity) + R"(,"unit":)" + in_quotes(unit) +
         R"(,"effective":)" + in_quotes(effective) + R"(,"flags":)" + std::string(flags) + "}";
}

inline std::string statistic_data(std::string_view statistic, std::string_view unit,
                                  std::string_view as_at, std::string_view value) {
  return R"({"statistic":)" + in_quotes(statistic) + R"(,"unit":)" + in_quotes(unit) +
         R"(,"as_at":)" + in_quotes(as_at) + R"(,"value":)" + std::string(value) + "}";
}

// Of plan p, year 2024: allocated, spent, corrected (with a reason).
inline std::string money_data(std::string_view line, std::string_view unit, std::string_view amount,
                              std::string_view more = "") {
  return R"({"plan":"p","line":)" + in_quotes(line) + R"(,"unit":)" + in_quotes(unit) +
         R"(,"year":2024,"amount":)" + std::string(amount) + R"(,"reason":"r")" +
         std::string(more) + "}";
}

// Of the stream `control`: the record at this place is judged again.
inline std::string rejudged_text(std::string_view stream, uint64_t position, std::string_view id) {
  return event_text("control.rejudged",
                    R"({"stream":)" + in_quotes(stream) + R"(,"position":)" +
                        std::to_string(position) + R"(,"reason":"r"})",
                    id, "urn:tiendo:control");
}

// --- a log and its views ---

inline Admission admission(const Said& said) {
  json::Document document;
  Admission admission;
  admission.message.value = said.value;
  admission.stamp = said.stamp;
  const Decoded decoded = decode(admission.message, document);
  if (said.refused) {
    admission.refusal = Refusal{Reason::type_unknown, "type", "of tomorrow", "of today"};
  } else if (const auto* refusal = std::get_if<Refusal>(&decoded)) {
    admission.refusal = *refusal;
  } else {
    const auto& event = std::get<Event>(decoded);
    admission.identity = identity_of(event.source, event.id);
  }
  return admission;
}

class History {
 public:
  explicit History(ProjectorOptions options = {}) : options_(std::move(options)) {
    log_ = EventLog::open(*log_store_).value();
    reopen();
  }

  // A record a minute, from 2024-01-01 on, in stream t:0:0, unless said otherwise.
  History& at(std::string_view when) {
    now_ = instant(when);
    return *this;
  }
  History& in(std::string_view stream) {
    stream_ = stream;
    return *this;
  }
  History& from(std::string_view source) {
    source_ = source;
    return *this;
  }
  History& say(std::string_view type, std::string_view data, std::string_view id = "") {
    const std::string name = id.empty() ? "e" + std::to_string(++said_) : std::string(id);
    append({stream_, now_, event_text(type, data, name, source_)});
    now_.ms += 60'000;
    return *this;
  }
  History& units(const std::vector<std::string>& registered) {
    for (const std::string& data : registered) say("unit.registered", data);
    return *this;
  }

  void append(const Said& said) {
    EventLog::Batch batch{StreamName(said.stream), {}};
    batch.admissions.push_back(admission(said));
    std::vector<EventLog::Batch> batches;
    batches.push_back(std::move(batch));
    const auto placed = log_->append(std::move(batches));
    ASSERT_TRUE(placed.ok()) << placed.error().message;
    last_ = placed->front();
  }
  [[nodiscard]] const Placed& last() const { return last_; }

  void reopen() {
    auto opened = Projector::open(*view_store_, log_->reader(), options_);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    projector_ = std::move(opened).value();
  }
  // Returns whether there was anything to do.
  bool step() {
    const auto step = projector_->step();
    EXPECT_TRUE(step.ok()) << step.error().message;
    return step.ok() && !step->idle();
  }
  History& catch_up() {
    while (step()) {
    }
    return *this;
  }

  [[nodiscard]] std::string digest() const {
    return to_hex(ViewReader(*projector_->state()->rows).digest().value());
  }
  [[nodiscard]] std::shared_ptr<const ViewState> state() const { return projector_->state(); }
  [[nodiscard]] EventLog& log() { return *log_; }
  [[nodiscard]] KvStore& log_store() { return *log_store_; }
  [[nodiscard]] KvStore& view_store() { return *view_store_; }

  // Everything is known, and the clock says `now`.
  [[nodiscard]] Question now(std::string_view now = "2030-01-01", TreeMode tree = {}) {
    catch_up();
    return Question(state(), Moment{.at = instant(now)}, tree);
  }
  // Records up to the end of a local day.
  [[nodiscard]] Question as_of_day(std::string_view day, TreeMode tree = {}) {
    catch_up();
    const Instant end{start_of(parse_day(day)->next()).ms - 1};
    return Question(state(), Moment{.at = end, .everything = false}, tree);
  }
  // Records up to one of stream t:0:0 or another.
  [[nodiscard]] Question as_of_record(uint64_t position, std::string_view stream = "t:0:0",
                                      TreeMode tree = {}) {
    catch_up();
    const Record record = log_->reader().read(StreamName(stream), position).value();
    return Question(state(),
                    Moment{.at = record.recorded_at, .everything = false, .record = record.key()},
                    tree);
  }

 private:
  ProjectorOptions options_;
  std::unique_ptr<KvStore> log_store_ = make_memory_store(log_families());
  std::unique_ptr<KvStore> view_store_ = make_memory_store(views_families());
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<Projector> projector_;
  std::string stream_ = "t:0:0";
  std::string source_ = "urn:a";
  Instant now_ = instant("2024-01-01");
  Placed last_{StreamName("t:0:0"), 0, {}};
  int said_ = 0;
};

inline TreeMode tree_of(std::string_view day) { return {*parse_day(day)}; }

// The figure of an indicator of plan p: the value, or n/d, or the reason why there is none.
inline std::string figure_text(const Question& question, std::string_view indicator,
                               std::string_view unit, std::string_view period = "2024",
                               Extent extent = Extent::subtree) {
  const auto window = parse_period(period);
  const auto plan = question.knowledge().plan("p", window->last);
  if (!plan) return "plan_unknown";
  const auto index = question.tree().find(unit);
  if (!index) return "unit_unknown";
  const auto figure = tiendo::figure(question, {.plan = *plan,
                                                .formula = *plan->indicator(indicator)->formula,
                                                .unit = *index,
                                                .window = *window,
                                                .extent = extent});
  if (!figure.ok()) return figure.error().code;
  if (figure->building) return "building";
  if (!figure->no_data.empty()) return figure->no_data;
  if (figure->value) return figure->value->text();
  return figure->numerator->text() + "/" + figure->denominator->text();
}

// Plan p of 2024 and 2025 with indicators by their ids, over the units of the worked examples.
inline History& begin_with(
    History& history,
    std::initializer_list<std::pair<std::string_view, std::string_view>> formulas) {
  std::string indicators;
  for (const auto& [id, formula] : formulas) {
    indicators += (indicators.empty() ? "" : ",") + indicator_data(id, formula);
  }
  history.units(worked_example_units());
  return history.say("plan.published", plan_data(indicators, "", "", 1, "2024-01-01",
                                                 R"("first":"2024-01-01","last":"2025-12-31")"));
}

// The whole figure of an indicator of plan p, and what its contributors add up to by role.
inline Figure figure_of_plan(const Question& question, std::string_view indicator,
                             std::string_view unit, std::string_view period = "2024",
                             const ContributorSink& sink = {}) {
  const auto window = parse_period(period);
  const auto plan = question.knowledge().plan("p", window->last);
  return tiendo::figure(question,
                        {.plan = *plan,
                         .formula = *plan->indicator(indicator)->formula,
                         .unit = *question.tree().find(unit),
                         .window = *window},
                        sink)
      .value();
}

// "amount D1 2; numerator C1 1": contributions other than 0, sorted.
inline std::string contributions(const Question& question, std::string_view indicator,
                                 std::string_view unit, std::string_view period = "2024") {
  std::multiset<std::string> sorted;
  const Figure figure =
      figure_of_plan(question, indicator, unit, period, [&](const Contributor& one) {
        if (one.amount.is_zero()) return;
        sorted.insert(std::string(name_of(one.role)) + " " + one.unit + " " + one.amount.text());
      });
  std::string out;
  for (const std::string& one : sorted) out += (out.empty() ? "" : "; ") + one;
  return out;
}

inline std::string pair_data(std::string_view indicator, std::string_view numerator,
                             std::string_view denominator, std::string_view more = "") {
  return R"({"indicator":)" + in_quotes(indicator) + R"(,"numerator":)" + std::string(numerator) +
         R"(,"denominator":)" + std::string(denominator) + std::string(more) + "}";
}

inline std::string thing_data(std::string_view reg, std::string_view entity, std::string_view unit,
                              std::string_view effective, std::string_view flags = "{}") {
  return R"({"register":)" + in_quotes(reg) + R"(,"entity":)" + in_quotes(entity) + R"(,"unit":)" +
         in_quotes(unit) + R"(,"effective":)" + in_quotes(effective) + R"(,"flags":)" +
         std::string(flags) + "}";
}

inline std::string attributes_data(std::string_view unit, std::string_view effective,
                                   std::string_view attributes) {
  return R"({"unit":)" + in_quotes(unit) + R"(,"effective":)" + in_quotes(effective) +
         R"(,"attributes":)" + std::string(attributes) + "}";
}

inline std::string own_text(const Question& question, std::string_view indicator,
                            std::string_view unit, std::string_view period = "2024") {
  return figure_text(question, indicator, unit, period, Extent::own);
}

}  // namespace tiendo::testing

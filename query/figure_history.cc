#include "query/figure_history.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "events/bytes.h"
#include "query/history_parts.h"

namespace tiendo {
namespace {

// A page ends after the views were asked so often, though it may not be full.
constexpr std::size_t asked_max = 500;

// A figure that is not known yet is nothing: 0, or a ratio of nothing to nothing. Later on no data
// is another thing than 0.
bool is_same(const Figure& a, const Figure& b) {
  const auto is_known = [](const Figure& figure) {
    return figure.has_data() || !figure.no_data.empty();
  };
  if (is_known(a) && is_known(b) && a.has_data() != b.has_data()) return false;
  const auto parts = [](const Figure& figure) {
    const auto or_zero = [](const std::optional<Decimal>& part) {
      return part.value_or(Decimal());
    };
    return std::tuple(or_zero(figure.value), or_zero(figure.numerator),
                      or_zero(figure.denominator));
  };
  return parts(a) == parts(b);
}

// Where a figure may have changed, and how its value there is found.
class Points {
 public:
  explicit Points(const HistoryQuestion& question)
      : question_(question), reference_(*question.views->reference), rows_(*question.views->rows) {}

  Status find() {
    find_versions();
    if (versions_.empty()) return Done{};
    const std::vector<std::string> below = units_ever_below(reference_, question_.unit);
    adds_ = std::all_of(versions_.begin(), versions_.end(), [](const Version& one) {
      return is_sum_of_facts(*one.indicator->formula);
    });
    for (const Version& version : versions_) {
      // A coverage may be of units that others reached, whoever and wherever they are.
      TRY_ASSIGN(read, read_rows(rows_, *version.indicator->formula, *version.plan, version.window,
                                 adds_ ? below : all_units()));
      for (const HistoryRow& row : read.rows) add_row(row);
      units_with_facts(read);
      by_plan_.emplace(version.plan, std::move(read));
      if (adds_) continue;
      TRY_DO(find_reports(*version.plan));
      TRY_DO(find_declared(*version.plan, sources_of(*version.indicator->formula, *version.plan)));
    }
    find_reference(below);
    return Done{};
  }

  [[nodiscard]] const std::set<HistoryPoint>& points() const { return points_; }
  [[nodiscard]] bool adds() const { return adds_; }
  [[nodiscard]] std::unique_ptr<FigureAtPoints> values() {
    return adds_ ? make_adding(question_, std::move(by_plan_), frames_) : make_asking(question_);
  }

 private:
  struct Version {
    const Plan* plan;
    const Indicator* indicator;
    Window window;
  };

  void find_versions() {
    for (const auto& statement : reference_.statements()) {
      const auto* said = std::get_if<PlanSaid>(&statement->said);
      if (said == nullptr || said->plan->id != question_.plan) continue;
      add_frame({statement->key.recorded_at, statement->key});
      const Indicator* indicator = said->plan->indicator(question_.indicator);
      auto window = said->plan->period(question_.period);
      if (indicator == nullptr || !window) continue;
      if (indicator->formula->whole_plan) window->first = said->plan->first;
      versions_.push_back({said->plan.get(), indicator, *window});
    }
  }

  [[nodiscard]] std::vector<std::string> all_units() const {
    std::set<std::string> units;
    for (const auto& statement : reference_.statements()) {
      if (const auto* said = std::get_if<UnitSaid>(&statement->said)) units.insert(said->unit);
    }
    return {units.begin(), units.end()};
  }

  void add(const HistoryPoint& point) {
    const bool known =
        point.record ? question_.until.knows(*point.record) : point.at <= question_.until.at;
    if (known) points_.insert(point);
  }
  void add_frame(const HistoryPoint& point) {
    frames_.insert(point);
    add(point);
  }

  // A fact counts from its record on, but not before its day has come.
  void add_row(const HistoryRow& row) {
    add({row.fact.from.recorded_at, row.fact.from});
    if (row.fact.day > local_day(row.fact.from.recorded_at)) add({start_of(row.fact.day), {}});
  }

  void units_with_facts(const HistoryRows& read) {
    std::vector<bool> seen(read.units.size());
    for (const HistoryRow& row : read.rows) seen[row.unit] = true;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (seen[i]) with_facts_.push_back(read.units[i]);
    }
  }

  // What is said from a record on may be of a day that is still to come.
  void add_said(const OrderKey& from, Day day) {
    add({from.recorded_at, from});
    if (day > local_day(from.recorded_at)) add({start_of(day), {}});
  }

  Status find_reports(const Plan& plan) {
    for (const std::string& unit : all_units()) {
      TRY_DO(
          rows_.report_rows(plan.id, unit, [&](std::string_view id, const ReportStanding& report) {
            add({report.from.recorded_at, report.from});
            const auto period = plan.period(id);
            for (const auto& [indicator, said] : report.figures) {
              if (said.figure.as_at) add_said(report.from, *said.figure.as_at);
              if (period) add_said(report.from, std::min(period->last, said.said_on));
            }
          }));
    }
    return Done{};
  }

  Status find_declared(const Plan& plan, const FormulaSources& sources) {
    for (const std::string& reg : sources.registers) {
      TRY_DO(rows_.entity_rows(reg, [&](const EntityStanding& entity) { add_entity(entity); }));
    }
    for (const std::string& unit : all_units()) {
      for (const std::string& statistic : sources.statistics) {
        TRY_DO(rows_.statistic_rows(
            statistic, unit, [&](const StatisticStanding& one) { add_said(one.from, one.as_at); }));
      }
      if (!sources.money) continue;
      TRY_DO(rows_.money_rows(plan.id, unit,
                              [&](const MoneyStanding& one) { add_said(one.from, one.day); }));
    }
    return Done{};
  }

  void add_entity(const EntityStanding& entity) {
    const auto add_history = [&](const auto& history) {
      for (const auto& one : history) add_said(entity.from, one.day);
    };
    add({entity.from.recorded_at, entity.from});
    add_history(entity.existence);
    add_history(entity.units);
    for (const auto& [key, history] : entity.flags) add_history(history);
  }

  // Records of units matter where they may move a unit that has facts, or, for figures over the
  // units themselves, one that may lie below.
  void find_reference(const std::vector<std::string>& below) {
    with_facts_.push_back(question_.unit);
    std::set<std::string> moving = units_ever_above(reference_, with_facts_);
    if (!adds_) moving.insert(below.begin(), below.end());
    for (const auto& statement : reference_.statements()) {
      const auto* said = std::get_if<UnitSaid>(&statement->said);
      if (said == nullptr || !moving.contains(said->unit)) continue;
      if (said->what == UnitSaid::What::renamed) continue;
      const auto from = reference_.effective_from(*statement);
      if (!from) continue;  // its source may not say so
      add_frame({from->recorded_at, *from});
      // Trees of days are fixed but for the one of today, and so are the units that exist.
      const bool day_matters = !adds_ || question_.tree == HistoryTree::current;
      if (day_matters && said->effective > local_day(from->recorded_at)) {
        add_frame({start_of(said->effective), {}});
      }
    }
  }

  const HistoryQuestion& question_;
  const Reference& reference_;
  ViewReader rows_;
  std::vector<Version> versions_;
  bool adds_ = false;
  RowsByPlan by_plan_;
  std::vector<std::string> with_facts_;
  std::set<HistoryPoint> points_;
  std::set<HistoryPoint> frames_;
};

}  // namespace

// At the beginning of a day all is known that was recorded before it.
Moment HistoryPoint::moment() const {
  if (record) return {.at = record->recorded_at, .everything = false, .record = record};
  static const StreamName last("\xff");
  return {.at = at,
          .everything = false,
          .record = OrderKey{{at.ms - 1}, last, std::numeric_limits<uint64_t>::max()}};
}

std::string bytes_of(const HistoryPoint& point) {
  std::string out;
  bytes::put_i64(out, point.at.ms);
  if (point.record) append_order_key(out, *point.record);
  return out;
}

std::optional<HistoryPoint> parse_history_point(std::string_view text) {
  bytes::Taker taker(text);
  HistoryPoint point{.at = {taker.take_i64()}};
  std::string_view rest = taker.rest();
  if (!taker.ok()) return std::nullopt;
  if (rest.empty()) return point;
  point.record = take_order_key(rest);
  if (!point.record || !rest.empty()) return std::nullopt;
  return point;
}

Result<History> figure_history(const HistoryQuestion& question,
                               const std::optional<HistoryPoint>& after, std::size_t limit) {
  Points points(question);
  TRY_DO(points.find());
  const bool adds = points.adds();
  const auto values = points.values();
  History history;
  Figure last;
  std::size_t asked = 0;
  // Sums are kept up from the beginning; what is asked for anew begins where the page before ended.
  auto point = points.points().begin();
  if (after && !adds) {
    point = points.points().upper_bound(*after);
    TRY_ASSIGN(before, values->at(*after));
    last = std::move(before);
  }
  for (; point != points.points().end(); ++point) {
    TRY_ASSIGN(figure, values->at(*point));
    const bool changed = !is_same(figure, last);
    last = figure;
    if (after && !(*after < *point)) continue;
    if (changed) history.entries.push_back({*point, std::move(figure)});
    const bool full = history.entries.size() == limit || (!adds && ++asked == asked_max);
    if (full && std::next(point) != points.points().end()) {
      history.next = *point;
      break;
    }
  }
  return history;
}

}  // namespace tiendo

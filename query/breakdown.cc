#include "query/breakdown.h"

#include <algorithm>
#include <map>

#include "events/event.h"
#include "events/text.h"
#include "query/months.h"

namespace tiendo {
namespace {

// Sums of what is so on the last day.
bool is_state(const Formula& formula) {
  return std::holds_alternative<GaugeFormula>(formula.of) ||
         std::holds_alternative<ReportedGaugeFormula>(formula.of);
}

// Whether figures of parts of the units and days add up to the figure of the whole.
bool is_additive(const Formula& formula) {
  const auto* count = std::get_if<CountFormula>(&formula.of);
  return (count != nullptr && !count->credit_all) ||
         std::holds_alternative<SumFormula>(formula.of) ||
         std::holds_alternative<ShareFormula>(formula.of);
}

// Sums of what was declared or reported: their contributors add up to the figure, but parts of the
// days are no figures of their own.
bool adds_contributors(const Formula& formula) {
  return std::holds_alternative<ReportedSumFormula>(formula.of) || is_state(formula) ||
         std::holds_alternative<MoneyFormula>(formula.of);
}

void add_part(std::optional<Decimal>& sum, const std::optional<Decimal>& part, int sign) {
  if (!part) return;
  sum = sign > 0 ? sum.value_or(Decimal()) + *part : sum.value_or(Decimal()) - *part;
}

void add_figure(Figure& sum, const Figure& part, int sign = 1) {
  add_part(sum.value, part.value, sign);
  add_part(sum.numerator, part.numerator, sign);
  add_part(sum.denominator, part.denominator, sign);
  sum.building = sum.building || part.building;
  sum.contributors = sign > 0 ? sum.contributors + part.contributors
                              : sum.contributors - std::min(sum.contributors, part.contributors);
}

// A ratio whose denominator came to nothing says nothing.
Figure settled(Figure figure) {
  if (figure.denominator && figure.denominator->is_zero()) figure.no_data = "denominator_zero";
  return figure;
}

bool is_nothing(const Figure& figure) {
  return figure.value.value_or(Decimal()).is_zero() &&
         figure.numerator.value_or(Decimal()).is_zero() &&
         figure.denominator.value_or(Decimal()).is_zero();
}

class Breakdown {
 public:
  Breakdown(const Call& call, const Whole& whole)
      : call_(call),
        whole_(whole),
        question_(*whole.asked.question),
        tree_(question_.tree()),
        node_(whole.asked.unit),
        formula_(*whole.indicator.formula),
        window_(whole.asked.period.window) {
    // The window is cut into parts here, so it is the formula's own one from now on.
    if (formula_.whole_plan) window_.first = whole.asked.plan().first;
    formula_.whole_plan = false;
    known_ = {window_.first, std::min(window_.last, question_.moment().today())};
    zero_ = is_ratio(formula_) ? Figure{.numerator = Decimal(), .denominator = Decimal()}
                               : Figure{.value = Decimal()};
  }

  Result<std::vector<BreakdownRow>> by_unit() {
    if (adds_contributors(formula_)) return by_place();
    TRY_DO(add_own());
    if (whole_.extent == Extent::own) return std::move(rows_);
    TRY_DO(question_.mode().day || !is_additive(formula_) ? add_children_of_a_day()
                                                          : add_children_as_reported());
    if (is_additive(formula_)) add_rest();
    return std::move(rows_);
  }

  Result<std::vector<BreakdownRow>> by_level() {
    if (!is_additive(formula_)) {
      return by_contributor([&](const Contributor& one) -> Result<std::optional<std::string>> {
        return level_of(one.standing_of);
      });
    }
    std::map<std::string, Figure> levels;
    for (UnitIndex unit = 0; unit < tree_.size(); ++unit) {
      if (whole_.extent == Extent::own && unit != node_) continue;
      for (const Window& days : days_there(unit)) {
        TRY_ASSIGN(own, figure_of(unit, days, Extent::own));
        add_figure(levels.emplace(tree_.unit(unit).level, zero_).first->second, own);
      }
    }
    for (auto& [level, figure] : levels) rows_.push_back({"", level, {}, {}, settled(figure)});
    add_rest();
    if (!question_.mode().day && is_nothing(rows_.back().figure)) rows_.pop_back();
    return std::move(rows_);
  }

  Result<std::vector<BreakdownRow>> by_period() {
    if (adds_contributors(formula_) && !is_state(formula_)) {
      return by_contributor([&](const Contributor& one) -> Result<std::optional<std::string>> {
        if (!window_.contains(one.day)) return std::optional<std::string>();
        return std::optional(month_of(whole_.asked.period, one.day).id);
      });
    }
    for (Day day = window_.first; day <= window_.last;) {
      const CalendarMonth month = month_of(whole_.asked.period, day);
      const Window days{day, std::min(month.last, window_.last)};
      TRY_ASSIGN(figure, figure_of(node_, days, whole_.extent));
      rows_.push_back({"", month.id, {}, days, std::move(figure)});
      day = days.last.next();
    }
    return std::move(rows_);
  }

  Result<std::vector<BreakdownRow>> by_pillar() {
    json::Document document;
    return by_contributor([&](const Contributor& one) -> Result<std::optional<std::string>> {
      TRY_ASSIGN(effect, read_effect(call_.context.log, one.record.stream, one.record.position));
      const Decoded decoded = decode(effect.record.message, document);
      const auto* event = std::get_if<Event>(&decoded);
      if (event == nullptr || event->data["pillar"].is_null()) return std::optional<std::string>();
      return std::optional(to_nfc(event->data["pillar"].text()));
    });
  }

 private:
  // The days on which a unit stands below the one asked about, and has facts of its own.
  [[nodiscard]] std::vector<Window> days_there(UnitIndex unit) const {
    if (const auto& day = question_.mode().day) {
      const bool there = tree_.exists(unit, *day) && tree_.is_below(unit, node_, *day);
      return there && !known_.empty() ? std::vector<Window>{known_} : std::vector<Window>();
    }
    std::vector<Window> all;
    for (const DaysHere& below : tree_.days_below(unit, node_, known_, {}, Dividing::whole)) {
      for (const DaysHere& own : tree_.days_own(unit, unit, below.days, {}, Dividing::whole)) {
        all.push_back(own.days);
      }
    }
    return all;
  }

  [[nodiscard]] std::optional<std::string> level_of(const std::string& id) const {
    const auto unit = tree_.find(id);
    return unit ? std::optional(tree_.unit(*unit).level) : std::nullopt;
  }

  Result<Figure> figure_of(UnitIndex unit, Window days, Extent extent,
                           const ContributorSink& sink = {}) const {
    return tiendo::figure(question_,
                          {.plan = whole_.asked.plan(),
                           .formula = formula_,
                           .unit = unit,
                           .window = days,
                           .extent = extent,
                           .indicator = whole_.indicator.id},
                          sink);
  }

  void add_unit(std::string_view kind, UnitIndex unit, Figure figure) {
    const Day day = question_.mode().day.value_or(known_.last);
    rows_.push_back({kind, tree_.unit(unit).id, tree_.name(unit, day), {}, std::move(figure)});
  }

  // The row in which a contribution stands: the unit's own, a child's, or none's.
  struct Row {
    std::string_view kind;
    std::optional<UnitIndex> unit;
    friend bool operator<(const Row& a, const Row& b) {
      return std::pair(a.kind != "own", a.unit) < std::pair(b.kind != "own", b.unit);
    }
  };
  // None: it does not count here.
  [[nodiscard]] std::optional<Row> row_of(const TreePlace& place, Day day) const {
    if (place.unit == node_) return place.own ? Row{"own", node_} : Row{"unplaced", {}};
    std::optional<UnitIndex> child;
    for (const UnitIndex above : tree_.chain(place.unit, question_.mode().of(day))) {
      if (above == node_) return Row{"child", child};
      child = above;
    }
    return std::nullopt;
  }

  // A contribution in the rows where its parts stand.
  void add_to_rows(std::map<Row, Figure>& rows, const Contributor& one) const {
    const auto unit = tree_.find(one.standing_of);
    const Day day = is_state(formula_) ? known_.last : one.day;
    std::vector<TreePart> parts;
    if (unit) parts = tree_.place(*unit, day, question_.mode());
    Shares shares;
    for (const TreePart& part : parts) shares.push_back(part.share);
    const std::vector<Decimal> amounts = divide(one.whole, shares);
    Contributor left = one;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto row = parts[i].place ? row_of(*parts[i].place, day) : std::nullopt;
      if (!row || amounts[i].is_zero()) continue;
      Contributor part = one;
      part.amount = amounts[i];
      left.amount -= amounts[i];
      add_figure(rows.emplace(*row, zero_).first->second, part_of(part));
    }
    if (left.amount.is_zero()) return;
    add_figure(rows.emplace(Row{"unplaced", {}}, zero_).first->second, part_of(left));
  }

  Result<std::vector<BreakdownRow>> by_place() {
    std::map<Row, Figure> rows;
    TRY_ASSIGN(all, figure_of(node_, window_, whole_.extent, [&](const Contributor& one) {
                 if (one.role != Role::amount) return;
                 add_to_rows(rows, one);
               }));
    for (auto& [row, figure] : rows) {
      figure.building = all.building;
      if (row.unit) {
        add_unit(row.kind, *row.unit, std::move(figure));
      } else {
        rows_.push_back({row.kind, {}, {}, {}, std::move(figure)});
      }
    }
    return std::move(rows_);
  }

  static Figure part_of(const Contributor& one) {
    Figure part;
    (one.role == Role::amount      ? part.value
     : one.role == Role::numerator ? part.numerator
                                   : part.denominator) = one.amount;
    part.contributors = one.role == Role::numerator || one.amount.is_zero() ? 0 : 1;
    return part;
  }

  // A coverage is always of the subtree: nothing of it is the unit's own.
  Status add_own() {
    if (std::holds_alternative<CoverageFormula>(formula_.of) ||
        std::holds_alternative<RegisterCoverageFormula>(formula_.of)) {
      return Done{};
    }
    TRY_ASSIGN(own, figure_of(node_, window_, Extent::own));
    add_unit("own", node_, std::move(own));
    return Done{};
  }

  Status add_children_of_a_day() {
    for (const UnitIndex child :
         tree_.children(node_, question_.mode().day.value_or(known_.last))) {
      TRY_ASSIGN(figure, figure_of(child, window_, Extent::subtree));
      add_unit("child", child, std::move(figure));
    }
    return Done{};
  }

  // A child's row has the days on which it stood directly under the unit, so that a unit that moved
  // is counted once.
  Status add_children_as_reported() {
    const std::string& node = tree_.unit(node_).id;
    for (UnitIndex child = 0; child < tree_.size(); ++child) {
      const auto& said = tree_.unit(child).parents;
      const bool ever =
          std::any_of(said.begin(), said.end(), [&](const auto& one) { return one.value == node; });
      if (!ever) continue;
      Figure sum = zero_;
      bool is_child = false;
      for (const Window& days : days_directly_below(child)) {
        TRY_ASSIGN(part, figure_of(child, days, Extent::subtree));
        add_figure(sum, part);
        is_child = true;
      }
      if (is_child) add_unit("child", child, settled(std::move(sum)));
    }
    return Done{};
  }

  [[nodiscard]] std::vector<Window> days_directly_below(UnitIndex child) const {
    std::vector<Window> all;
    const std::vector<Tree::Segment> segments = tree_.segments(child);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto& ids = segments[i].ids;
      // What is dated after the child's end stands at its parent, unplaced.
      const bool is_child = ids.size() >= 2 && ids[1] == tree_.unit(node_).id;
      if (!is_child || ids[0] != tree_.unit(child).id) continue;
      const Day last = i + 1 < segments.size() ? segments[i + 1].from.previous() : day_max;
      const Window days{std::max(segments[i].from, known_.first), std::min(last, known_.last)};
      if (!days.empty()) all.push_back(days);
    }
    return all;
  }

  // What the rows so far leave of the whole: facts of units that the tree does not have.
  void add_rest() {
    Figure rest = whole_.figure;
    rest.no_data.clear();
    for (const BreakdownRow& row : rows_) add_figure(rest, row.figure, -1);
    rows_.push_back({"unplaced", {}, {}, {}, settled(std::move(rest))});
  }

  template <class GroupOf>
  Result<std::vector<BreakdownRow>> by_contributor(const GroupOf& group_of) {
    std::vector<Contributor> contributors;
    TRY_ASSIGN(all, figure_of(node_, window_, whole_.extent,
                              [&](const Contributor& one) { contributors.push_back(one); }));
    std::map<std::optional<std::string>, Figure> groups;
    for (const Contributor& one : contributors) {
      if (one.role == Role::spent) continue;
      TRY_ASSIGN(group, group_of(one));
      add_figure(groups.emplace(std::move(group), zero_).first->second, part_of(one));
    }
    for (auto& [id, figure] : groups) {
      figure.building = all.building;
      rows_.push_back({"", id, {}, {}, settled(std::move(figure))});
    }
    return std::move(rows_);
  }

  const Call& call_;
  const Whole& whole_;
  const Question& question_;
  const Tree& tree_;
  UnitIndex node_;
  Formula formula_;
  Window window_;  // as asked
  Window known_;   // up to the day of the moment
  Figure zero_;
  std::vector<BreakdownRow> rows_;
};

}  // namespace

std::optional<BreakdownBy> parse_breakdown(std::string_view text) {
  for (const auto by :
       {BreakdownBy::unit, BreakdownBy::level, BreakdownBy::period, BreakdownBy::pillar}) {
    if (text == name_of(by)) return by;
  }
  return std::nullopt;
}

std::string_view name_of(BreakdownBy by) {
  switch (by) {
    case BreakdownBy::unit:
      return "unit";
    case BreakdownBy::level:
      return "level";
    case BreakdownBy::period:
      return "period";
    case BreakdownBy::pillar:
      return "pillar";
  }
  return "";
}

Result<std::vector<BreakdownRow>> break_down(const Call& call, const Whole& whole, BreakdownBy by) {
  const auto& of = whole.indicator.formula->of;
  const bool of_activities = std::holds_alternative<CountFormula>(of) ||
                             std::holds_alternative<SumFormula>(of) ||
                             std::holds_alternative<ShareFormula>(of);
  if (by == BreakdownBy::pillar && !of_activities) {
    return refuse(call, "by_invalid",
                  {"by=pillar chỉ dùng cho số đếm, tổng và tỷ lệ của hoạt động.",
                   "by=pillar is for counts, sums and shares of activities."});
  }
  Breakdown breakdown(call, whole);
  switch (by) {
    case BreakdownBy::unit:
      return breakdown.by_unit();
    case BreakdownBy::level:
      return breakdown.by_level();
    case BreakdownBy::period:
      return breakdown.by_period();
    case BreakdownBy::pillar:
      return breakdown.by_pillar();
  }
  return std::vector<BreakdownRow>();
}

}  // namespace tiendo

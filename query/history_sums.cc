#include <algorithm>
#include <tuple>
#include <utility>

#include "query/history_parts.h"

// Sums kept up row by row, so that a long history costs what its rows cost. Every fact as it stands
// is remembered; when units, plans or the day make others count, all are added again.
namespace tiendo {
namespace {

using Place = std::tuple<Role, std::size_t, uint32_t, Day, SubjectKey>;  // of a fact

// What decides whether a fact counts, as of one point.
struct Frame {
  std::unique_ptr<Question> question;
  DefinedFigure defined;
  const HistoryRows* rows = nullptr;                       // of the defined figure
  std::vector<std::optional<UnitIndex>> units;             // by index in rows
  std::vector<std::optional<std::vector<DaysHere>>> days;  // by index: found when first needed
};

class AddingFigure final : public FigureAtPoints {
 public:
  AddingFigure(const HistoryQuestion& question, RowsByPlan rows, std::set<HistoryPoint> frames)
      : question_(question), rows_(std::move(rows)), frames_(std::move(frames)) {}

  Result<Figure> at(const HistoryPoint& point) override {
    stale_ = stale_ || frames_.contains(point) || frame_.question == nullptr;
    const Day today = moment_at(question_, point).today();
    if (stale_) renew_frame(point);
    const bool renewed = std::exchange(stale_, false);
    const bool later = today_ < today;
    today_ = today;
    if (!frame_.defined.is_known()) return Figure{};
    if (renewed || (later && future_ > 0)) add_all();
    apply_up_to(*point.moment().record);
    return shown();
  }

 private:
  struct Total {
    Sum amount;
    std::map<SubjectKey, uint32_t> subjects;  // of a term whose activities count once
  };

  void renew_frame(const HistoryPoint& point) {
    const Moment moment = moment_at(question_, point);
    const TreeMode mode = tree_mode_at(question_, moment);
    frame_ = {};
    frame_.question = std::make_unique<Question>(question_.views, moment, mode);
    frame_.defined = defined_at(question_, frame_.question->knowledge(), moment);
    if (!frame_.defined.is_known()) return;
    const auto rows = rows_.find(frame_.defined.plan.get());
    ENSURE(rows != rows_.end(), "the rows of every version are read");
    frame_.rows = &rows->second;
    for (const std::string& unit : frame_.rows->units) {
      frame_.units.push_back(frame_.question->tree().find(unit));
    }
    frame_.days.resize(frame_.units.size());
    if (applied_ == frame_.rows) return;
    applied_ = frame_.rows;  // another version: its own facts, from the beginning
    next_ = 0;
    facts_.clear();
  }

  void apply_up_to(const OrderKey& key) {
    const std::vector<HistoryRow>& rows = frame_.rows->rows;
    for (; next_ < rows.size() && rows[next_].fact.from <= key; ++next_) {
      const HistoryRow& row = rows[next_];
      const Place place{row.role, row.outcomes, row.unit, row.fact.day, row.fact.subject};
      if (const auto before = facts_.find(place); before != facts_.end()) {
        count(before->first, before->second, -1);
        facts_.erase(before);
      }
      if (row.fact.retracted) continue;
      count(facts_.emplace(place, row.fact.amount).first->first, row.fact.amount, 1);
    }
  }

  void add_all() {
    sums_.clear();
    future_ = 0;
    for (const auto& [place, amount] : facts_) count(place, amount, 1);
  }

  void count(const Place& place, Decimal amount, int sign) {
    const auto& [role, outcomes, unit, day, subject] = place;
    if (day > today_) {
      future_ += sign;
      return;
    }
    const auto portion = counts(role, outcomes, unit, day);
    if (!portion) return;
    amount = portion->of(amount);
    Total& sum = sums_[role];
    if (!once(role)) {
      sum.amount += sign > 0 ? amount : -amount;
    } else if (sign > 0) {
      if (sum.subjects[subject]++ == 0) sum.amount += amount;
    } else if (--sum.subjects[subject] == 0) {
      sum.amount -= amount;
      sum.subjects.erase(subject);
    }
  }

  [[nodiscard]] const SplitTerm& term(Role role) const {
    const auto& terms = frame_.rows->terms;
    return std::find_if(terms.begin(), terms.end(),
                        [&](const auto& one) { return one.first == role; })
        ->second;
  }

  // However many of its organisers lie there, it counts an activity once.
  [[nodiscard]] bool once(Role role) const {
    return term(role).by_outcomes.front().kind == Term::Kind::credited;
  }

  // What of a fact counts, if anything does.
  std::optional<Portion> counts(Role role, std::size_t outcomes, uint32_t unit, Day day) {
    if (!window().contains(day) || !frame_.units[unit]) return std::nullopt;
    const UnitIndex index = *frame_.units[unit];
    const auto& conditions = term(role).conditions;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      const bool wanted = (outcomes >> i & 1) != 0;
      if (frame_.question->unit_matches(index, conditions[i], day) != wanted) return std::nullopt;
    }
    const Tree& tree = frame_.question->tree();
    auto& days = frame_.days[unit];
    if (!days) {
      const UnitIndex node = frame_.defined.unit;
      const TreeMode mode = frame_.defined.mode;
      const Dividing dividing = once(role) ? Dividing::whole : Dividing::divided;
      days = question_.extent == Extent::own
                 ? tree.days_own(index, node, window(), mode, dividing)
                 : tree.days_below(index, node, window(), mode, dividing);
    }
    for (const DaysHere& one : *days) {
      if (one.days.contains(day)) return one.portion;
    }
    return std::nullopt;
  }

  [[nodiscard]] Window window() const {
    Window window = frame_.defined.window;
    if (frame_.defined.indicator->formula->whole_plan) window.first = frame_.defined.plan->first;
    return window;
  }

  [[nodiscard]] Figure shown() {
    Figure figure;
    if (is_ratio(*frame_.defined.indicator->formula)) {
      figure.numerator = sums_[Role::numerator].amount.decimal();
      figure.denominator = sums_[Role::denominator].amount.decimal();
      figure.no_data = no_data_of_ratio(figure);
    } else {
      figure.value = sums_[Role::amount].amount.decimal();
      if (!figure.value) figure.no_data = no_data_overflow;
    }
    for (const auto& [role, term] : frame_.rows->terms) {
      for (const TermId& id : term.ids) {
        figure.building = figure.building || question_.views->unfinished.contains(id);
      }
    }
    return figure;
  }

  const HistoryQuestion& question_;
  RowsByPlan rows_;
  std::set<HistoryPoint> frames_;
  Frame frame_;
  bool stale_ = true;
  Day today_ = day_min;
  const HistoryRows* applied_ = nullptr;
  std::size_t next_ = 0;  // of the rows applied
  std::map<Place, Decimal> facts_;
  std::map<Role, Total> sums_;
  int64_t future_ = 0;  // facts whose day has not come
};

}  // namespace

std::unique_ptr<FigureAtPoints> make_adding(const HistoryQuestion& question, RowsByPlan rows,
                                            std::set<HistoryPoint> frames) {
  return std::make_unique<AddingFigure>(question, std::move(rows), std::move(frames));
}

}  // namespace tiendo

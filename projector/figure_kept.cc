// Figures over figures: the least over the days of a window, the least of several.
#include <algorithm>

#include "events/ensure.h"
#include "projector/figure_parts.h"

namespace tiendo {
namespace {

// n/d of one against the other, exactly; values have the denominator 1.
bool is_less(const Fraction& one, const Fraction& other) {
  return compare_products(one.n.units(), other.d.units(), other.n.units(), one.d.units()) < 0;
}

bool is_at_least(const Figure& figure, Decimal wanted) {
  const Fraction one = fraction_of(figure);
  return holds(Comparator::at_least, one.n, one.d, wanted, one.scale);
}

class Kept {
 public:
  Kept(const FigureCall& call, const KeptFormula& formula)
      : call_(call), formula_(formula), inner_(call.of(*formula.of)) {
    if (call.counted_from && !formula.of->whole_plan) {
      inner_.window.first = *call.counted_from;
      inner_.asked.first = *call.counted_from;
    }
  }

  Result<Figure> read() {
    if (call_.window.empty()) {
      return Figure{.no_data = std::string(no_data_nothing_said), .established = is_established_};
    }
    TRY_ASSIGN(days, days_of_change(inner_, call_.window));
    for (std::size_t i = 0; i < days.size(); ++i) {
      const Day next = i + 1 < days.size() ? days[i + 1] : call_.window.last.next();
      TRY_ASSIGN(figure, on(days[i], nullptr));
      take(days[i], next, figure);
    }
    if (!is_established_) return today();
    if (!worst_) {  // no day is known: today says why
      TRY_ASSIGN(figure, on(call_.window.last, nullptr));
      figure.days_without_data = days_without_data_;
      figure.building = building_;
      return figure;
    }
    TRY_ASSIGN(figure, on(*worst_, call_.sink));
    figure.worst_day = worst_;
    figure.days_without_data = days_without_data_;
    figure.building = building_;
    return figure;
  }

 private:
  // The inner figure as it is on a day.
  [[nodiscard]] Result<Figure> on(Day day, const ContributorSink* sink) const {
    FigureCall on_day = inner_;
    on_day.window.last = day;
    on_day.asked.last = day;
    on_day.sink = sink;
    return figure_of(on_day);
  }

  // What holds on the days from `day` to before `next`.
  void take(Day day, Day next, const Figure& figure) {
    building_ = building_ || figure.building;
    if (!is_established_) {
      if (!figure.has_data() || !is_at_least(figure, *formula_.since)) return;
      is_established_ = true;
    }
    if (!figure.has_data()) {
      days_without_data_ += next.number - day.number;
      return;
    }
    if (worst_ && !is_less(fraction_of(figure), fraction_of(least_))) return;
    worst_ = day;
    least_ = figure;
  }

  // Before it is established, what counts is how far it has come.
  Result<Figure> today() {
    TRY_ASSIGN(figure, on(call_.window.last, call_.sink));
    figure.established = false;
    figure.building = building_;
    return figure;
  }

  const FigureCall& call_;
  const KeptFormula& formula_;
  FigureCall inner_;
  bool is_established_ = !formula_.since.has_value();
  bool building_ = false;
  int64_t days_without_data_ = 0;
  std::optional<Day> worst_;
  Figure least_;
};

}  // namespace

Result<Figure> kept_figure(const FigureCall& call, const KeptFormula& formula) {
  return Kept(call, formula).read();
}

// The smallest of the parts. Where a part is an upper bound, the smallest of what is certain may be
// that of another part, and is the lower bound of the whole.
Result<Figure> least_figure(const FigureCall& call, const LeastFormula& formula) {
  const LeastFormula::Part* least = nullptr;
  Figure smallest;
  std::optional<Fraction> certain;
  bool building = false;
  const auto of_part = [&](const LeastFormula::Part& part) {
    FigureCall one = call.of(*part.formula);
    if (!part.indicator.empty()) one.indicator = part.indicator;
    return one;
  };
  for (const LeastFormula::Part& part : formula.of) {
    TRY_ASSIGN(figure, quiet_figure_of(of_part(part)));
    building = building || figure.building;
    if (!figure.has_data()) {
      figure.building = building;
      return figure;
    }
    const Fraction lower = lower_of(figure);
    if (!certain || is_less(lower, *certain)) certain = lower;
    if (least != nullptr && !is_less(fraction_of(figure), fraction_of(smallest))) continue;
    least = &part;
    smallest = std::move(figure);
  }
  ENSURE(least != nullptr, "a plan's formulas are checked when it is read");
  TRY_ASSIGN(figure, figure_of(of_part(*least)));
  if (is_less(*certain, fraction_of(figure))) {
    figure.lower = certain->n;
    figure.lower_denominator = certain->d;
  }
  figure.building = building;
  return figure;
}

}  // namespace tiendo

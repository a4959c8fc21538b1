// Where the facts lie of those whom a ratio of terms includes (semantics 5).
#include <algorithm>
#include <array>

#include "projector/figure_parts.h"

namespace tiendo {
namespace {

bool is_partial(const Portion& portion) { return !portion.is_whole() && !portion.is_nothing(); }

// Of a fact below the asked unit, what of it belongs to somebody included.
class Including {
 public:
  Including(const FigureCall& call, const Included& included)
      : call_(call),
        tree_(call.question.tree()),
        mode_(call.question.mode()),
        day_(included.day),
        in_whole_(tree_.size()),
        hangs_under_gone_(tree_.size()),
        is_single_(tree_.size()),
        is_own_(tree_.size()) {
    for (const UnitIndex unit : included.whole) {
      mark_below(unit, in_whole_);
      if (!tree_.exists(unit, day_)) mark_below(unit, hangs_under_gone_);
    }
    for (const UnitIndex unit : included.single) {
      is_single_[unit] = true;
      if (stands_unplaced(unit)) include_own(unit);
    }
    for (const UnitIndex unit : included.own) include_own(unit);
  }

  [[nodiscard]] std::vector<UnitDays> ground(Dividing dividing) const {
    std::vector<UnitDays> ground;
    for (const UnitDays& here : call_.question.below(call_.unit, call_.window, dividing)) {
      if (hangs_under_gone_[here.unit]) {
        ground.push_back(here);
        continue;
      }
      if (is_simple(here.unit)) {
        if (is_included({here.unit, true})) ground.push_back(here);
        continue;
      }
      for (const Window& days : days_alike(here)) {
        const UnitDays part{here.unit, days, here.portion};
        const Portion portion = dividing == Dividing::divided ? divided(part) : whole(part);
        if (!portion.is_nothing()) ground.push_back({part.unit, part.days, portion});
      }
    }
    return ground;
  }

 private:
  void mark_below(UnitIndex unit, std::vector<bool>& marked) const {
    if (marked[unit]) return;
    marked[unit] = true;
    for (const UnitIndex child : call_.question.once().children(unit, day_)) {
      mark_below(child, marked);
    }
  }
  void include_own(UnitIndex unit) {
    is_own_[unit] = true;
    has_own_ = true;
  }
  // It exists on A, and was closed since: its own facts are nobody's own in the tree of the day.
  [[nodiscard]] bool stands_unplaced(UnitIndex unit) const {
    if (!tree_.exists(unit, call_.as_at()) || tree_.exists(unit, day_)) return false;
    return is_unplaced(tree_.place(unit, call_.as_at(), {day_}));
  }

  // It exists, and was never divided: its facts are its own, whatever their day.
  [[nodiscard]] bool is_simple(UnitIndex unit) const {
    return !has_own_ && tree_.exists(unit, day_) && tree_.days_alike(unit, day_).size() == 1;
  }

  // The days of which facts stand alike where it is asked who is included.
  [[nodiscard]] std::vector<Window> days_alike(const UnitDays& here) const {
    std::set<Day> begins = {here.days.first};
    const auto add = [&](Day tree_day) {
      for (const Window& alike : tree_.days_alike(here.unit, tree_day)) {
        if (here.days.contains(alike.first)) begins.insert(alike.first);
      }
    };
    add(day_);
    if (has_own_) add(call_.as_at());
    std::vector<Window> windows;
    for (auto begin = begins.begin(); begin != begins.end(); ++begin) {
      const auto next = std::next(begin);
      windows.push_back({*begin, next == begins.end() ? here.days.last : next->previous()});
    }
    return windows;
  }

  [[nodiscard]] bool is_included(const TreePlace& place) const {
    return in_whole_[place.unit] || (place.own && is_single_[place.unit]);
  }
  [[nodiscard]] bool is_own(const TreePlace& place) const {
    return place.own && is_own_[place.unit];
  }
  [[nodiscard]] bool is_below(const TreePlace& place, Day fact) const {
    return tree_.is_below(place.unit, call_.unit, mode_.of(fact));
  }

  // What of a division stands where `counts` says.
  template <class Counts>
  static Portion counted(const std::vector<TreePart>& parts, const Counts& counts) {
    auto shares = std::make_shared<Shares>();
    std::vector<bool> counted;
    for (const TreePart& part : parts) {
      shares->push_back(part.share);
      counted.push_back(part.place && counts(*part.place));
    }
    return Portion(std::move(shares), std::move(counted));
  }

  // One division adds up equal places; to lay several over each other they are taken part by part.
  [[nodiscard]] Portion divided(const UnitDays& here) const {
    const Day fact = here.days.first;
    const auto included = [&](const TreePlace& place) { return is_included(place); };
    const auto own = [&](const TreePlace& place) { return is_own(place); };
    const auto below = [&](const TreePlace& place) { return is_below(place, fact); };
    const TreeMode on_day{day_};
    const TreeMode on_a{call_.as_at()};
    Portion in_tree = counted(tree_.place(here.unit, fact, on_day), included);
    Portion as_owned =
        has_own_ ? counted(tree_.place(here.unit, fact, on_a), own) : Portion::nothing();
    const std::array all = {here.portion, in_tree, as_owned};
    if (std::count_if(all.begin(), all.end(), is_partial) < 2) {
      return here.portion.met(in_tree.joined(as_owned));
    }
    in_tree = counted(tree_.divisions(here.unit, fact, on_day), included);
    if (has_own_) as_owned = counted(tree_.divisions(here.unit, fact, on_a), own);
    return counted(tree_.divisions(here.unit, fact, mode_), below).met(in_tree.joined(as_owned));
  }

  [[nodiscard]] Portion whole(const UnitDays& here) const {
    const Day fact = here.days.first;
    const auto in_tree = tree_.place_whole(here.unit, fact, {day_});
    if (in_tree && is_included(*in_tree)) return {};
    const auto on_a = has_own_ ? tree_.place_whole(here.unit, fact, {call_.as_at()}) : std::nullopt;
    return on_a && is_own(*on_a) ? Portion() : Portion::nothing();
  }

  const FigureCall& call_;
  const Tree& tree_;
  TreeMode mode_;
  Day day_;
  std::vector<bool> in_whole_;          // by unit of the tree of the day
  std::vector<bool> hangs_under_gone_;  // under a unit that has ended since A
  std::vector<bool> is_single_;
  std::vector<bool> is_own_;
  bool has_own_ = false;
};

}  // namespace

bool is_unplaced(const std::vector<TreePart>& parts) {
  return parts.size() == 1 && !(parts.front().place && parts.front().place->own);
}

Ground ground_of(const FigureCall& call, const Included& included) {
  const Including including(call, included);
  return {including.ground(Dividing::divided), including.ground(Dividing::whole)};
}

}  // namespace tiendo

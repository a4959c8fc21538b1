// Where facts of units stand in a tree (semantics 4, "place").
#include <algorithm>
#include <utility>

#include "projector/tree.h"

namespace tiendo {
namespace {

bool has(const std::vector<UnitIndex>& units, UnitIndex unit) {
  return std::find(units.begin(), units.end(), unit) != units.end();
}

}  // namespace

// What the histories say of a day; before the first day of a unit, of that.
std::optional<UnitIndex> Tree::said_parent(UnitIndex unit, Day day) const {
  const auto& edges = edges_[unit];
  const auto after = std::upper_bound(edges.begin(), edges.end(), day,
                                      [](Day wanted, const Edge& one) { return wanted < one.day; });
  return (after == edges.begin() ? edges.front() : *std::prev(after)).parent;
}

// The tree of one day. Remembers every unit that an answer depends on.
class Tree::Walk {
 public:
  // `as_reported`: facts are of that day too; a unit that has not begun and that nothing became
  // keeps its facts.
  Walk(const Tree& tree, Day day, bool as_reported)
      : tree_(tree), day_(day), as_reported_(as_reported) {}

  std::vector<TreePart> divisions(UnitIndex unit, Day fact) {
    std::vector<TreePart> outer = std::exchange(parts_, {});
    go(unit, fact, true, Decimal::whole(1));
    return std::exchange(parts_, std::move(outer));
  }

  std::vector<TreePart> parts(UnitIndex unit, Day fact) {
    std::vector<TreePart> found;
    for (const TreePart& part : divisions(unit, fact)) {
      const auto same = std::find_if(found.begin(), found.end(),
                                     [&](const TreePart& one) { return one.place == part.place; });
      if (same == found.end()) {
        found.push_back(part);
      } else {
        same->share += part.share;
      }
    }
    return found;
  }

  std::optional<TreePlace> whole(const std::vector<TreePart>& parts) {
    std::vector<UnitIndex> units;
    bool own = true;
    for (const TreePart& part : parts) {
      if (!part.place) return std::nullopt;
      units.push_back(part.place->unit);
      own = own && part.place->own;
    }
    const auto common = lowest_common(units);
    if (!common) return std::nullopt;
    const bool is_one = std::count(units.begin(), units.end(), *common) ==
                        static_cast<std::ptrdiff_t>(units.size());
    return TreePlace{*common, own && is_one};
  }

  std::optional<UnitIndex> parent(UnitIndex unit) {
    seen_.push_back(unit);
    const auto* life = holding(tree_.lives_[unit], day_);
    const bool began = life != nullptr;
    if (began ? life->value.exists : tree_.predecessors_[unit].empty()) {
      return tree_.said_parent(unit, std::max(day_, tree_.first_days_[unit]));
    }
    if (began && !life->value.ended_by) return parent_at_end(unit, life->day);
    if (began) {
      const auto& into = tree_.successions_[*life->value.ended_by].into;
      if (into.size() == 1) return into.front().first;
    }
    // What its parts, or those before it, have in common may hang under it.
    if (has(pending_, unit)) return std::nullopt;
    pending_.push_back(unit);
    // The tree itself is one and the same, whoever asks.
    const bool as_reported = std::exchange(as_reported_, false);
    std::vector<UnitIndex> path = std::exchange(path_, {});
    const auto common = whole(parts(unit, began ? life->day : day_));
    path_ = std::move(path);
    as_reported_ = as_reported;
    pending_.pop_back();
    if (common && common->unit != unit) return common->unit;
    // It was to become what it was made of: nothing may be lost.
    return common ? tree_.said_parent(unit, tree_.first_days_[unit]) : std::nullopt;
  }

  std::vector<UnitIndex> chain(UnitIndex unit) {
    std::vector<UnitIndex> chain = {unit};
    while (const auto above = parent(chain.back())) {
      // Units that begin later are placed by their first day, and ended ones by their last, which
      // can close a loop of days that never was; it ends here.
      if (has(chain, *above)) break;
      chain.push_back(*above);
    }
    return chain;
  }

  [[nodiscard]] const std::vector<UnitIndex>& seen() const { return seen_; }

 private:
  // Of a closed unit; one that had been merged or split before stands where it stood by that.
  [[nodiscard]] std::optional<UnitIndex> parent_at_end(UnitIndex unit, Day end) const {
    const Day before = end.previous();
    const auto* life = holding(tree_.lives_[unit], before);
    if (life != nullptr && !life->value.exists) return Walk(tree_, before, false).parent(unit);
    return tree_.said_parent(unit, std::max(before, tree_.first_days_[unit]));
  }

  void emit(std::optional<TreePlace> place, Decimal share) { parts_.push_back({place, share}); }

  void go(UnitIndex unit, Day fact, bool own, Decimal share) {
    using How = Leaving::How;
    seen_.push_back(unit);
    const Leaving step = tree_.leaving(unit, fact, day_);
    if (step.how == How::stays) return emit(TreePlace{unit, own}, share);
    if (step.how == How::divided) return split(tree_.successions_[step.by], own, share);
    const auto passed = std::find(path_.begin(), path_.end(), unit);
    if (passed != path_.end()) return emit(TreePlace{closing({passed, path_.end()}), false}, share);
    path_.push_back(unit);
    if (step.how == How::not_begun) {
      before_first_day(unit, fact, own, share);
    } else if (step.how == How::succeeded) {
      split(tree_.successions_[step.by], own, share);
    } else {
      unplaced(parent_at_end(unit, step.day), step.day, share);
    }
    path_.pop_back();
  }

  // Units of different days can close a loop that never was. What began it has become a unit that
  // is still to begin: the facts wait there. Of parents alone, they stay where it closes.
  [[nodiscard]] UnitIndex closing(const std::vector<UnitIndex>& loop) const {
    const auto to_begin = std::find_if(loop.begin(), loop.end(), [&](UnitIndex one) {
      return holding(tree_.lives_[one], day_) == nullptr;
    });
    return to_begin == loop.end() ? loop.front() : *to_begin;
  }

  void split(const Succession& succession, bool own, Decimal share) {
    Shares shares;
    for (const auto& [unit, its] : succession.into) shares.push_back(its);
    const std::vector<Decimal> divided = divide(share, shares);
    for (std::size_t i = 0; i < divided.size(); ++i) {
      go(succession.into[i].first, succession.day, own, divided[i]);
    }
  }

  void unplaced(std::optional<UnitIndex> at, Day fact, Decimal share) {
    if (!at) return emit(std::nullopt, share);
    go(*at, fact, false, share);
  }

  void before_first_day(UnitIndex unit, Day fact, bool own, Decimal share) {
    const auto& before = tree_.predecessors_[unit];
    if (before.size() == 1) return go(before.front(), fact, own, share);
    if (before.empty()) {
      if (as_reported_) return emit(TreePlace{unit, own}, share);
      return unplaced(tree_.said_parent(unit, tree_.first_days_[unit]), fact, share);
    }
    std::vector<UnitIndex> places;
    for (const UnitIndex one : before) {
      const auto place = whole(parts(one, fact));
      if (!place) return emit(std::nullopt, share);
      places.push_back(place->unit);
    }
    const auto common = lowest_common(places);
    emit(common ? std::optional(TreePlace{*common, false}) : std::nullopt, share);
  }

  // The lowest unit that exists and stands above all of them, or that all of them are.
  std::optional<UnitIndex> lowest_common(const std::vector<UnitIndex>& units) {
    const auto is_first = [&](UnitIndex one) { return one == units.front(); };
    if (std::all_of(units.begin(), units.end(), is_first)) return units.front();
    std::vector<UnitIndex> common = chain(units.front());
    std::erase_if(common, [&](UnitIndex one) { return !tree_.exists(one, day_); });
    for (const UnitIndex unit : units) {
      if (is_first(unit)) continue;
      const std::vector<UnitIndex> above = chain(unit);
      std::erase_if(common, [&](UnitIndex one) { return !has(above, one); });
    }
    return common.empty() ? std::nullopt : std::optional(common.front());
  }

  const Tree& tree_;
  Day day_;
  bool as_reported_;
  std::vector<TreePart> parts_;
  std::vector<UnitIndex> path_;     // units passed that do not exist then
  std::vector<UnitIndex> pending_;  // split units whose place is being looked for
  std::vector<UnitIndex> seen_;
};

std::optional<UnitIndex> Tree::parent(UnitIndex unit, Day day) const {
  if (exists(unit, day)) return said_parent(unit, std::max(day, first_days_[unit]));
  return Walk(*this, day, false).parent(unit);
}

std::vector<UnitIndex> Tree::chain(UnitIndex unit, Day day) const {
  return Walk(*this, day, false).chain(unit);
}

bool Tree::is_below(UnitIndex unit, UnitIndex node, Day day) const {
  return has(chain(unit, day), node);
}

std::vector<TreePart> Tree::place(UnitIndex unit, Day fact, TreeMode mode) const {
  return Walk(*this, mode.of(fact), !mode.day).parts(unit, fact);
}

std::vector<TreePart> Tree::divisions(UnitIndex unit, Day fact, TreeMode mode) const {
  return Walk(*this, mode.of(fact), !mode.day).divisions(unit, fact);
}

std::optional<TreePlace> Tree::place_whole(UnitIndex unit, Day fact, TreeMode mode) const {
  Walk walk(*this, mode.of(fact), !mode.day);
  return walk.whole(walk.parts(unit, fact));
}

// The first day after `day` on which anything said of the unit changes that places depend on.
Day Tree::next_change(UnitIndex unit, Day day) const {
  const auto first_after = [&](const auto& entries) {
    const auto after =
        std::upper_bound(entries.begin(), entries.end(), day,
                         [](Day wanted, const auto& one) { return wanted < one.day; });
    return after == entries.end() ? day_max : after->day;
  };
  return std::min(
      {first_after(edges_[unit]), first_after(lives_[unit]), first_after(survived_[unit])});
}

bool Tree::Standing::is_as(const Standing& other) const {
  const bool same_shares =
      shares == other.shares || (shares && other.shares && *shares == *other.shares);
  return same_shares && whole == other.whole && parts == other.parts;
}

void Tree::note_below(UnitIndex unit, const std::vector<UnitIndex>& chain) {
  for (const UnitIndex one : chain) {
    auto& below = ever_below_[one];
    if (below.empty() || below.back() != unit) below.push_back(unit);
  }
}

void Tree::build_standings() {
  standings_.resize(units_.size());
  ever_below_.resize(units_.size());
  partly_below_.resize(units_.size());
  absent_days_.resize(units_.size());
  for (UnitIndex unit = 0; unit < units_.size(); ++unit) build_standings(unit);
}

void Tree::build_standings(UnitIndex unit) {
  for (Day from = day_min; from < day_max;) {
    Walk walk(*this, from, true);
    Standing now{.from = from};
    const std::vector<TreePart> parts = walk.parts(unit, from);
    if (const auto place = walk.whole(parts)) {
      now.whole = {walk.chain(place->unit), place->own};
      note_below(unit, now.whole.units);
    }
    if (parts.size() > 1) {
      Shares shares;
      for (const TreePart& part : parts) {
        Chain& chain = now.parts.emplace_back();
        if (part.place) chain = {walk.chain(part.place->unit), part.place->own};
        shares.push_back(part.share);
        note_below(unit, chain.units);
        for (const UnitIndex one : chain.units) {
          auto& partly = partly_below_[one];
          if (has(now.whole.units, one)) continue;
          if (partly.empty() || partly.back() != unit) partly.push_back(unit);
        }
      }
      now.shares = std::make_shared<const Shares>(std::move(shares));
    }
    // In the tree of a day, facts of other days may stand elsewhere.
    Walk dated(*this, from, false);
    const std::vector<Window> alike = days_alike(unit, from);
    const bool is_simple = alike.size() == 1 && exists(unit, from);
    for (const Window& days : is_simple ? std::vector<Window>() : alike) {
      for (const TreePart& part : dated.parts(unit, days.first)) {
        if (part.place) note_below(unit, dated.chain(part.place->unit));
      }
    }
    if (!exists(unit, from)) {
      static_cast<void>(dated.parent(unit));
      absent_days_[unit].push_back(from);
    }
    Day next = day_max;
    for (const UnitIndex one : walk.seen()) next = std::min(next, next_change(one, from));
    for (const UnitIndex one : dated.seen()) next = std::min(next, next_change(one, from));
    auto& all = standings_[unit];
    if (all.empty() || !all.back().is_as(now)) all.push_back(std::move(now));
    from = next;
  }
}

// The days t of which facts stand alike in the tree of a day: from one split that the unit, or what
// became it, survived to the next.
std::vector<Window> Tree::days_alike(UnitIndex unit, Day tree_day) const {
  std::set<Day> splits;
  std::vector<UnitIndex> open = {unit};
  std::set<UnitIndex> seen;
  while (!open.empty()) {
    const UnitIndex one = open.back();
    open.pop_back();
    if (!seen.insert(one).second) continue;
    for (const auto& survived : survived_[one]) {
      if (survived.day <= tree_day) splits.insert(survived.day);
    }
    if (holding(lives_[one], tree_day) != nullptr) continue;
    // Before its first day: facts go on, as of their own day.
    const auto& before = predecessors_[one];
    const auto parent = said_parent(one, first_days_[one]);
    open.insert(open.end(), before.begin(), before.end());
    if (before.empty() && parent) open.push_back(*parent);
  }
  std::vector<Window> alike;
  Day from = day_min;
  for (const Day day : splits) {
    alike.push_back({from, day.previous()});
    from = day;
  }
  alike.push_back({from, day_max});
  return alike;
}

namespace {

void add_days(std::vector<DaysHere>& all, DaysHere days) {
  const bool goes_on = !all.empty() && all.back().days.last.next() == days.days.first &&
                       all.back().portion == days.portion;
  if (goes_on) {
    all.back().days.last = days.days.last;
  } else {
    all.push_back(std::move(days));
  }
}

bool has_any(const std::vector<bool>& counted) {
  return std::find(counted.begin(), counted.end(), true) != counted.end();
}

Window cut(Window days, Window window) {
  return {std::max(days.first, window.first), std::min(days.last, window.last)};
}

}  // namespace

// The days of `window` of which facts of `unit` stand so that counts(chain, own).
template <class Counts>
std::vector<DaysHere> Tree::days_that(UnitIndex unit, Window window, TreeMode mode,
                                      Dividing dividing, const Counts& counts) const {
  std::vector<DaysHere> found;
  const auto take = [&](Window days, const Standing& standing) {
    if (dividing == Dividing::whole || standing.parts.empty()) {
      const bool here = !standing.whole.units.empty() && counts(standing.whole);
      if (here) add_days(found, {days, {}});
      return;
    }
    std::vector<bool> counted;
    for (const Chain& part : standing.parts) {
      counted.push_back(!part.units.empty() && counts(part));
    }
    if (!has_any(counted)) return;
    add_days(found, {days, Portion(standing.shares, std::move(counted))});
  };
  if (!mode.day) {
    const std::vector<Standing>& all = standings_[unit];
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Day last = i + 1 < all.size() ? all[i + 1].from.previous() : day_max;
      const Window days = cut({all[i].from, last}, window);
      if (!days.empty()) take(days, all[i]);
    }
    return found;
  }
  for (const Window& alike : days_alike(unit, *mode.day)) {
    const Window days = cut(alike, window);
    if (days.empty()) continue;
    Walk walk(*this, *mode.day, false);
    const std::vector<TreePart> parts = walk.parts(unit, days.first);
    Standing standing{.from = days.first};
    const bool divided = dividing == Dividing::divided && parts.size() > 1;
    if (const auto place = divided ? std::nullopt : walk.whole(parts)) {
      standing.whole = {walk.chain(place->unit), place->own};
    }
    Shares shares;
    for (const TreePart& part : divided ? parts : std::vector<TreePart>()) {
      Chain& chain = standing.parts.emplace_back();
      if (part.place) chain = {walk.chain(part.place->unit), part.place->own};
      shares.push_back(part.share);
    }
    standing.shares = std::make_shared<const Shares>(std::move(shares));
    take(days, standing);
  }
  return found;
}

std::vector<DaysHere> Tree::days_below(UnitIndex unit, UnitIndex node, Window window, TreeMode mode,
                                       Dividing dividing) const {
  if (window.empty()) return {};
  return days_that(unit, window, mode, dividing,
                   [&](const Chain& chain) { return has(chain.units, node); });
}

std::vector<DaysHere> Tree::days_own(UnitIndex unit, UnitIndex node, Window window, TreeMode mode,
                                     Dividing dividing) const {
  if (window.empty()) return {};
  return days_that(unit, window, mode, dividing,
                   [&](const Chain& chain) { return chain.own && chain.units.front() == node; });
}

std::vector<DaysHere> Tree::days_partly(UnitIndex unit, UnitIndex node, Window window,
                                        bool own) const {
  std::vector<DaysHere> found;
  const auto counts = [&](const Chain& chain) {
    if (chain.units.empty()) return false;
    return own ? chain.own && chain.units.front() == node : has(chain.units, node);
  };
  const std::vector<Standing>& all = standings_[unit];
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Day last = i + 1 < all.size() ? all[i + 1].from.previous() : day_max;
    const Window days = cut({all[i].from, last}, window);
    if (days.empty() || counts(all[i].whole)) continue;
    std::vector<bool> counted;
    for (const Chain& part : all[i].parts) counted.push_back(counts(part));
    if (!has_any(counted)) continue;
    add_days(found, {days, Portion(all[i].shares, std::move(counted))});
  }
  return found;
}

std::vector<Tree::Segment> Tree::segments(UnitIndex unit) const {
  std::vector<Segment> segments;
  for (const Standing& standing : standings_[unit]) {
    Segment& segment =
        segments.emplace_back(Segment{.from = standing.from, .own = standing.whole.own});
    for (const UnitIndex link : standing.whole.units) segment.ids.push_back(units_[link].id);
  }
  return segments;
}

}  // namespace tiendo

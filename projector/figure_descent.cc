// Going down from the asked unit to the first that have something to say for all below them
// (semantics 5, "covers" and "ratio of terms").
#include "projector/figure_parts.h"

namespace tiendo {
namespace {

class Descending {
 public:
  Descending(const FigureCall& call, const StopsAt& stops_at)
      : call_(call),
        tree_(call.question.tree()),
        stops_at_(stops_at),
        day_(call.question.mode().day.value_or(call.as_at())) {}

  Result<Descent> run() {
    TRY_ASSIGN(left_out, visit(call_.unit));
    descent_.left_out.insert(descent_.left_out.end(), left_out.units.begin(), left_out.units.end());
    return std::move(descent_);
  }

 private:
  // Of a subtree: whether anybody has it, and who is left out, topmost first: the units that stand
  // at the unit's place, or, where none does, those below.
  struct Visited {
    bool any = false;
    std::vector<UnitIndex> units = {};
  };
  Result<Visited> visit(UnitIndex unit) {
    // Units that begin later stand under their first parent, which can close a loop.
    if (!seen_.insert(unit).second) return Visited{};
    const std::vector<UnitDays> here = standing_at(unit);
    TRY_ASSIGN(stops, stops_with(unit, here));
    if (stops) return Visited{.any = true};
    TRY_ASSIGN(visited, visit_below(unit));
    if (visited.any) {
      descent_.passed.push_back(unit);
    } else if (unit == call_.unit) {
      visited.units = {unit};
    } else if (!here.empty()) {
      visited.units.clear();
      for (const UnitDays& one : here) visited.units.push_back(one.unit);
    }
    return visited;
  }

  // A unit that has it, and has been divided since, covers what still hangs under it; its parts are
  // asked where they stand.
  Result<bool> stops_with(UnitIndex unit, const std::vector<UnitDays>& here) {
    Stop stop{unit, {}};
    for (const UnitDays& one : here) {
      TRY_ASSIGN(has, stops_at_(one));
      if (has) stop.having.push_back(one);
    }
    bool stops = !stop.having.empty();
    if (!stops && has_gone(unit) && parts_of(unit).size() > 1) {
      TRY_ASSIGN(has, stops_at_({unit, {call_.as_at(), call_.as_at()}}));
      stops = has;
    }
    if (stops) descent_.stops.push_back(std::move(stop));
    return stops;
  }

  Result<Visited> visit_below(UnitIndex unit) {
    Visited visited;
    for (const UnitDays& one : unplaced_at(unit)) {
      TRY_ASSIGN(stops, stops_at_(one));
      if (stops) {
        descent_.stops.push_back({one.unit, {one}});
        visited.any = true;
      } else {
        visited.units.push_back(one.unit);
      }
    }
    for (const UnitIndex child : call_.question.once().children(unit, day_)) {
      TRY_ASSIGN(below, visit(child));
      visited.any = visited.any || below.any;
      visited.units.insert(visited.units.end(), below.units.begin(), below.units.end());
    }
    return visited;
  }

  // Whether it exists on A, and no longer (or not yet) in the tree of the day.
  [[nodiscard]] bool has_gone(UnitIndex unit) const {
    return tree_.exists(unit, call_.as_at()) && !tree_.exists(unit, day_);
  }

  // Who exists on A and stands at the place of the unit in the tree of the day; or the unit itself,
  // where it stands unplaced further up.
  [[nodiscard]] std::vector<UnitDays> standing_at(UnitIndex node) const {
    const Window on_a{call_.as_at(), call_.as_at()};
    std::vector<UnitDays> here = call_.question.own_of(node, on_a, Dividing::divided);
    std::erase_if(here, [&](const UnitDays& one) { return !tree_.exists(one.unit, on_a.first); });
    if (has_gone(node) && is_unplaced(parts_of(node))) here.push_back({node, on_a});
    return here;
  }

  [[nodiscard]] std::vector<TreePart> parts_of(UnitIndex unit) const {
    return tree_.place(unit, call_.as_at(), call_.question.mode());
  }

  // Parts of units that exist on A, which stand unplaced at a unit while others do not.
  const std::vector<UnitDays>& unplaced_at(UnitIndex node) {
    static const std::vector<UnitDays> none;
    if (!call_.question.mode().day || !tree_.has_successions()) return none;
    if (!unplaced_) find_unplaced();
    const auto found = unplaced_->find(node);
    return found == unplaced_->end() ? none : found->second;
  }
  void find_unplaced() {
    unplaced_.emplace();
    const Window on_a{call_.as_at(), call_.as_at()};
    for (const UnitDays& one : call_.question.below(call_.unit, on_a, Dividing::divided)) {
      if (!tree_.exists(one.unit, on_a.first)) continue;
      const std::vector<TreePart> parts = parts_of(one.unit);
      if (parts.size() < 2) continue;
      const auto shares = std::make_shared<Shares>();
      for (const TreePart& part : parts) shares->push_back(part.share);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parts[i].place || parts[i].place->own) continue;
        std::vector<bool> counted(parts.size(), false);
        counted[i] = true;
        (*unplaced_)[parts[i].place->unit].push_back(
            {one.unit, on_a, Portion(shares, std::move(counted))});
      }
    }
  }

  const FigureCall& call_;
  const Tree& tree_;
  const StopsAt& stops_at_;
  Day day_;
  std::set<UnitIndex> seen_;
  std::optional<std::map<UnitIndex, std::vector<UnitDays>>> unplaced_;
  Descent descent_;
};

}  // namespace

Result<Descent> descend(const FigureCall& call, const StopsAt& stops_at) {
  return Descending(call, stops_at).run();
}

}  // namespace tiendo

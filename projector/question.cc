#include "projector/question.h"

#include <algorithm>

namespace tiendo {

Question::Question(std::shared_ptr<const ViewState> state, Moment moment, TreeMode tree)
    : state_(std::move(state)),
      moment_(moment),
      mode_(tree),
      knowledge_(state_->reference->known(moment_)),
      rows_(*state_->rows),
      once_(std::make_shared<ReadOnce>(rows_, moment_, knowledge_->tree)) {}

Question Question::judged_on(Day day) const {
  Question judged = *this;
  if (mode_.day) judged.mode_.day = day;
  return judged;
}

Question Question::as_reported() const {
  Question reported = *this;
  reported.mode_ = {};
  return reported;
}

bool Question::unit_matches(UnitIndex index, const Filter& where, Day day) const {
  const Unit& unit = tree().unit(index);
  const auto is = [](const std::string& text, const std::vector<Scalar>& values) {
    return std::find(values.begin(), values.end(), Scalar{Scalar::Kind::text, text}) !=
           values.end();
  };
  return matches(where, [&](std::string_view field, const std::vector<Scalar>& values) {
    if (field.starts_with("unit.")) field.remove_prefix(5);
    if (field == "level") return is(unit.level, values);
    if (field == "kind") return is(unit.kind, values);
    if (field == "parent_level") {
      const auto parent = tree().parent(index, day);
      return parent && is(tree().unit(*parent).level, values);
    }
    if (!field.starts_with("attr.")) return false;
    field.remove_prefix(5);
    const auto* said = tree().attribute(index, field, day);
    return said != nullptr && std::find(values.begin(), values.end(), said->value) != values.end();
  });
}

// Of what it has become in the tree asked for the parent counts; unplaced at the node, it is
// directly under it too.
bool Question::is_child(UnitIndex unit, UnitIndex node, Day as_at) const {
  const auto place = tree().place_whole(unit, as_at, mode_);
  if (!place) return false;
  if (!place->own) return place->unit == node;
  return tree().parent(place->unit, mode_.of(as_at)) == node;
}

std::vector<UnitDays> Question::below(UnitIndex node, Window window, Dividing dividing) const {
  return cut(once_->below(node, mode_, dividing), window);
}

std::vector<UnitDays> Question::own_of(UnitIndex node, Window window, Dividing dividing) const {
  return cut(once_->own_of(node, mode_, dividing), window);
}

std::vector<UnitDays> Question::beside_rollups(UnitIndex node, Window window, Extent extent) const {
  const bool own = extent == Extent::own;
  std::vector<UnitDays> beside;
  for (const UnitIndex unit : tree().partly_below(node)) {
    for (const DaysHere& here : tree().days_partly(unit, node, window, own)) {
      beside.push_back({unit, here.days, here.portion});
    }
  }
  return beside;
}

bool Question::is_of(UnitIndex unit, const UnitSet& units, Day as_at) const {
  const std::string& level = tree().unit(unit).level;
  const bool level_fits =
      units.levels.empty() ||
      std::find(units.levels.begin(), units.levels.end(), level) != units.levels.end();
  return level_fits && tree().exists(unit, as_at) && unit_matches(unit, units.where, as_at);
}

std::vector<UnitIndex> Question::members(UnitIndex node, const UnitSet& units, Day as_at) const {
  std::vector<UnitIndex> members;
  for (const UnitDays& one : below(node, {as_at, as_at}, Dividing::whole)) {
    if (units.children_only && !is_child(one.unit, node, as_at)) continue;
    if (is_of(one.unit, units, as_at)) members.push_back(one.unit);
  }
  return members;
}

}  // namespace tiendo

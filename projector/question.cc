#include "projector/question.h"

#include <algorithm>

namespace tiendo {

Question::Question(std::shared_ptr<const ViewState> state, Moment moment, TreeMode tree)
    : state_(std::move(state)),
      moment_(moment),
      mode_(tree),
      knowledge_(state_->reference->known(moment_)),
      rows_(*state_->rows) {}

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
    // Attributes hold from the registration's effective day on; level and kind are for life.
    if (!field.starts_with("attr.") || !tree().exists(index, day)) return false;
    field.remove_prefix(5);
    return std::any_of(unit.attributes.begin(), unit.attributes.end(), [&](const auto& attribute) {
      return attribute.first == field &&
             std::find(values.begin(), values.end(), attribute.second) != values.end();
    });
  });
}

// Of a unit that has not begun, the one it is placed at stands for its parent.
bool Question::is_child(UnitIndex unit, UnitIndex node, Day day) const {
  return (tree().exists(unit, day) ? tree().parent(unit, day) : tree().place(unit, day)) == node;
}

std::vector<UnitIndex> Question::members(UnitIndex node, const UnitSet& units, Day as_at) const {
  std::vector<UnitIndex> members;
  const Day tree_day = mode_.day.value_or(as_at);
  for (UnitIndex unit = 0; unit < tree().size(); ++unit) {
    const std::string& level = tree().unit(unit).level;
    const bool level_fits =
        units.levels.empty() ||
        std::find(units.levels.begin(), units.levels.end(), level) != units.levels.end();
    if (!level_fits || !tree().exists(unit, as_at)) continue;
    if (!unit_matches(unit, units.where, as_at)) continue;
    const bool inside = units.children_only
                            ? is_child(unit, node, tree_day)
                            : !tree().days_below(unit, node, {as_at, as_at}, mode_).empty();
    if (inside) members.push_back(unit);
  }
  return members;
}

}  // namespace tiendo

#include "projector/rollup.h"

namespace tiendo {

void RollupDelta::add_cell(RollupScope scope, const TermId& term, std::string_view unit,
                           HalfMonth half, Decimal amount, int sign) {
  Cell& cell = cells_[cell_key(scope, term, unit, half)];
  cell.amount += sign > 0 ? amount : -amount;
  cell.contributions += sign;
}

void RollupDelta::add_subtree(const TermId& term, std::string_view unit, Day day, Decimal amount,
                              int sign, const Tree& tree) {
  const auto index = tree.find(unit);
  if (!index) return;
  for (const UnitIndex node : tree.chain(*index, day)) {
    add_cell(RollupScope::subtree, term, tree.unit(node).id, half_month_of(day), amount, sign);
  }
}

void RollupDelta::add(const TermId& term, std::string_view unit, Day day, Decimal amount, int sign,
                      const Tree& tree) {
  add_cell(RollupScope::own, term, unit, half_month_of(day), amount, sign);
  add_subtree(term, unit, day, amount, sign, tree);
}

void RollupDelta::move(const TermId& term, std::string_view unit, Day day, Decimal amount,
                       const Tree& from, const Tree& to) {
  add_subtree(term, unit, day, amount, -1, from);
  add_subtree(term, unit, day, amount, 1, to);
}

void RollupDelta::add_all(const RollupDelta& other) {
  for (const auto& [key, delta] : other.cells_) {
    Cell& cell = cells_[key];
    cell.amount += delta.amount;
    cell.contributions += delta.contributions;
  }
}

Status RollupDelta::write(const Snapshot& views, WriteBatch& batch) const {
  std::vector<std::string_view> keys;
  for (const auto& [key, delta] : cells_) {
    if (!delta.is_zero()) keys.push_back(key);
  }
  TRY_ASSIGN(rows, views.get_many(view_family::rollups, keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Cell cell = cells_.at(std::string(keys[i]));
    if (rows[i]) {
      const Cell stored = parse_cell(*rows[i]);
      cell.amount += stored.amount;
      cell.contributions += stored.contributions;
    }
    ENSURE(cell.contributions >= 0, "no rollup counts fewer than no contributions");
    if (cell.is_zero()) {
      batch.erase(view_family::rollups, keys[i]);
    } else {
      batch.put(view_family::rollups, keys[i], cell_value(cell));
    }
  }
  return Done{};
}

std::vector<std::string> moved_units(const Tree& before, const Tree& after) {
  std::vector<std::string> moved;
  for (UnitIndex unit = 0; unit < before.size(); ++unit) {
    const std::string& id = before.unit(unit).id;
    const auto now = after.find(id);
    if (!now || before.segments(unit) != after.segments(*now)) moved.push_back(id);
  }
  return moved;
}

}  // namespace tiendo

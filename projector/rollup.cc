#include "projector/rollup.h"

#include <algorithm>

#include "events/ensure.h"
#include "events/limits.h"

namespace tiendo {
namespace {

// Half months are counted from the year 0 and stay below 2 x 12 x 2200; a unit's places change on
// days of the known years.
constexpr int half_bits = 16;
constexpr int segment_bits = 20;
constexpr int unit_bits = 22;
static_assert(2 * 12 * (limits::year_max + 1) < (1 << half_bits));
static_assert(366 * (limits::year_max - limits::year_min + 1) < (1 << segment_bits));
static_assert(unit_bits + segment_bits + half_bits <= 64);

constexpr uint64_t pack(uint32_t unit, uint32_t segment, HalfMonth half) {
  return (static_cast<uint64_t>(unit) << segment_bits | segment) << half_bits |
         static_cast<uint64_t>(half.number);
}

constexpr uint32_t low_bits(uint64_t number, int bits) {
  return static_cast<uint32_t>(number & ((uint64_t{1} << bits) - 1));
}

void add_cell(Cell& cell, const Cell& more) {
  cell.amount += more.amount;
  cell.contributions += more.contributions;
}

}  // namespace

uint32_t RollupDelta::unit_number(const std::string& id) {
  const auto [found, fresh] = unit_numbers_.emplace(id, static_cast<uint32_t>(units_.size()));
  if (fresh) {
    const auto index = tree_->find(id);
    units_.push_back({id, index ? tree_->segments(*index) : std::vector<Tree::Segment>()});
    ENSURE(
        units_.size() < (1u << unit_bits) && units_.back().segments.size() < (1u << segment_bits),
        "units and their places fit the packed key");
  }
  return found->second;
}

void RollupDelta::add(const Amount& amount, int sign) {
  const uint32_t unit = unit_number(amount.unit);
  const auto& segments = units_[unit].segments;
  const auto after =
      std::upper_bound(segments.begin(), segments.end(), amount.day,
                       [](Day day, const Tree::Segment& segment) { return day < segment.from; });
  const auto segment = after == segments.begin() ? 0 : after - segments.begin() - 1;
  Cell& sum =
      sums_[amount.slot][pack(unit, static_cast<uint32_t>(segment), half_month_of(amount.day))];
  add_cell(sum, {sign > 0 ? amount.amount : -amount.amount, sign});
}

void RollupDelta::spread(Cells& cells) const {
  for (std::size_t slot = 0; slot < sums_.size(); ++slot) {
    const TermId& term = (*slots_)[slot].id;
    for (const auto& [packed, sum] : sums_[slot]) {
      if (sum.is_zero()) continue;
      const HalfMonth half{static_cast<int32_t>(low_bits(packed, half_bits))};
      const uint32_t segment = low_bits(packed >> half_bits, segment_bits);
      const UnitPlaces& unit = units_[packed >> (half_bits + segment_bits)];
      const bool known = !unit.segments.empty();
      static const std::vector<std::string> nowhere;
      const std::vector<std::string>& above = known ? unit.segments[segment].ids : nowhere;
      // What is dated after the end of a unit is the own of what it was merged into, or nobody's.
      if (!known || unit.segments[segment].own) {
        const std::string& owner = known ? above.front() : unit.id;
        add_cell(cells[cell_key(RollupScope::own, term, owner, half)], sum);
      }
      for (const std::string& node : above) {
        add_cell(cells[cell_key(RollupScope::subtree, term, node, half)], sum);
      }
    }
  }
}

Status write_cells(const RollupDelta::Cells& cells, const Snapshot& views, WriteBatch& batch) {
  std::vector<std::string_view> keys;
  for (const auto& [key, delta] : cells) {
    if (!delta.is_zero()) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  TRY_ASSIGN(rows, views.get_many(view_family::rollups, keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Cell cell = cells.at(std::string(keys[i]));
    if (rows[i]) add_cell(cell, parse_cell(*rows[i]));
    ENSURE(cell.contributions >= 0, "no rollup counts fewer than no contributions");
    if (cell.is_zero()) {
      batch.erase(view_family::rollups, keys[i]);
    } else {
      batch.put(view_family::rollups, keys[i], cell_value(cell));
    }
  }
  return Done{};
}

namespace {

// The segments that hold on some of the days.
std::vector<Tree::Segment> segments_on(const Tree& tree, UnitIndex unit, Window days) {
  std::vector<Tree::Segment> segments = tree.segments(unit);
  std::vector<Tree::Segment> on;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool over = i + 1 < segments.size() && segments[i + 1].from <= days.first;
    if (over || segments[i].from > days.last) continue;
    segments[i].from = std::max(segments[i].from, days.first);
    on.push_back(std::move(segments[i]));
  }
  return on;
}

}  // namespace

std::vector<std::string> moved_units(const Tree& before, const Tree& after, Window days) {
  std::vector<std::string> moved;
  for (UnitIndex unit = 0; unit < before.size(); ++unit) {
    const std::string& id = before.unit(unit).id;
    const auto now = after.find(id);
    if (!now || segments_on(before, unit, days) != segments_on(after, *now, days)) {
      moved.push_back(id);
    }
  }
  return moved;
}

}  // namespace tiendo

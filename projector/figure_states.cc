// States across merges and splits (semantics 4): what was declared before is handed on, until the
// unit speaks for itself.
#include <algorithm>

#include "projector/figure_parts.h"

namespace tiendo {
namespace {

Status collect(const Tree& tree, Speaker speaker, const Declared& declared,
               std::vector<Speaker>& found) {
  const Tree::Inflow* inflow = tree.last_inflow(speaker.unit, speaker.until);
  if (inflow != nullptr) speaker.from = std::max(speaker.from, inflow->day);
  TRY_ASSIGN(speaks, declared(speaker.unit, speaker.from, speaker.until));
  if (speaks) {
    found.push_back(std::move(speaker));
    return Done{};
  }
  if (inflow == nullptr) return Done{};
  for (const auto& [unit, portion] : inflow->from) {
    Speaker before = speaker;
    before.unit = unit;
    before.from = day_min;
    before.until = inflow->day.previous();
    if (!portion.is_whole()) before.through.push_back(portion);
    TRY_DO(collect(tree, std::move(before), declared, found));
  }
  return Done{};
}

}  // namespace

Decimal Speaker::whole(Decimal amount) const {
  for (auto portion = through.rbegin(); portion != through.rend(); ++portion) {
    amount = portion->of(amount);
  }
  return amount;
}

Result<std::vector<Speaker>> speakers_of(const FigureCall& call, const UnitDays& place,
                                         const Declared& declared) {
  Speaker speaker{place.unit, day_min, call.as_at(), place.unit, place.portion};
  std::vector<Speaker> found;
  TRY_DO(collect(call.question.tree(), std::move(speaker), declared, found));
  return found;
}

}  // namespace tiendo

#include "projector/portion.h"

#include <algorithm>
#include <numeric>

namespace tiendo {

std::vector<Decimal> divide(Decimal amount, const Shares& shares) {
  constexpr int128 one = Decimal::one_units;
  // Towards minus infinity, so that every rest is at least 0.
  int128 ones = amount.units() / one;
  int128 below_one = amount.units() % one;
  if (below_one < 0) {
    below_one += one;
    --ones;
  }
  std::vector<Decimal> parts;
  std::vector<int128> rests;
  Decimal left = amount;
  for (const Decimal share : shares) {
    const int128 small = below_one * share.units();
    parts.push_back(Decimal::from_units(ones * share.units() + small / one));
    rests.push_back(small % one);
    left -= parts.back();
  }
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rests[a] > rests[b]; });
  for (std::size_t i = 0; i < order.size() && left.units() > 0; ++i) {
    parts[order[i]] += Decimal::from_units(1);
    left -= Decimal::from_units(1);
  }
  return parts;
}

Portion::Portion(std::shared_ptr<const Shares> shares, std::vector<bool> counted) {
  if (std::find(counted.begin(), counted.end(), false) == counted.end()) return;
  shares_ = std::move(shares);
  counted_ = std::move(counted);
}

Portion Portion::joined(const Portion& other) const {
  if (is_whole() || other.is_whole()) return {};
  std::vector<bool> counted = counted_;
  for (std::size_t i = 0; i < counted.size(); ++i) counted[i] = counted[i] || other.counted_[i];
  return Portion(shares_, std::move(counted));
}

Decimal Portion::of(Decimal amount) const {
  if (is_whole()) return amount;
  const std::vector<Decimal> parts = divide(amount, *shares_);
  Decimal sum;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (counted_[i]) sum += parts[i];
  }
  return sum;
}

}  // namespace tiendo

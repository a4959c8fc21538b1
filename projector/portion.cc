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

Portion Portion::nothing() {
  Portion portion;
  portion.shares_ = std::make_shared<const Shares>(Shares{Decimal::whole(1)});
  portion.counted_ = {false};
  return portion;
}

bool Portion::is_nothing() const {
  return !is_whole() && std::find(counted_.begin(), counted_.end(), true) == counted_.end();
}

Portion Portion::met(const Portion& other) const {
  if (is_whole() || other.is_nothing()) return other;
  if (other.is_whole() || is_nothing()) return *this;
  return laid_over(other, [](bool a, bool b) { return a && b; });
}

Portion Portion::joined(const Portion& other) const {
  if (is_whole() || other.is_nothing()) return *this;
  if (other.is_whole() || is_nothing()) return other;
  return laid_over(other, [](bool a, bool b) { return a || b; });
}

// Where a part of either ends, a piece does.
template <class Counts>
Portion Portion::laid_over(const Portion& other, const Counts& counts) const {
  auto pieces = std::make_shared<Shares>();
  std::vector<bool> counted;
  Decimal taken;  // of this one's part
  Decimal other_taken;
  for (std::size_t i = 0, j = 0; i < shares_->size() && j < other.shares_->size();) {
    const Decimal left = (*shares_)[i] - taken;
    const Decimal other_left = (*other.shares_)[j] - other_taken;
    const Decimal piece = std::min(left, other_left);
    if (!piece.is_zero()) {
      pieces->push_back(piece);
      counted.push_back(counts(counted_[i], other.counted_[j]));
    }
    taken += piece;
    other_taken += piece;
    if (piece == left) {
      ++i;
      taken = Decimal();
    }
    if (piece == other_left) {
      ++j;
      other_taken = Decimal();
    }
  }
  return Portion(std::move(pieces), std::move(counted));
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

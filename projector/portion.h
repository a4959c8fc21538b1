// Parts of an amount that is divided by shares, exactly: they add up to it to the last of the
// twelve places (semantics 4, "Division"). Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "events/decimal.h"

namespace tiendo {

// Shares of a whole, in the order of the parts; they add up to 1.
using Shares = std::vector<Decimal>;

// The parts of an amount: each is amount x share, and what twelve places cannot hold goes to the
// parts with the largest rest, of equal ones to the earlier.
[[nodiscard]] std::vector<Decimal> divide(Decimal amount, const Shares& shares);

// What of an amount counts somewhere: the whole, or some of the parts of a division.
class Portion {
 public:
  Portion() = default;  // the whole
  // `counted` says of each share whether its part counts. All of them make the whole.
  Portion(std::shared_ptr<const Shares> shares, std::vector<bool> counted);

  [[nodiscard]] bool is_whole() const { return shares_ == nullptr; }
  [[nodiscard]] Decimal of(Decimal amount) const;
  static Portion nothing();
  [[nodiscard]] bool is_nothing() const;
  // What counts of both, and of either. Divisions of their own are laid over each other like
  // lengths of one line, in the order of the parts.
  [[nodiscard]] Portion met(const Portion& other) const;
  [[nodiscard]] Portion joined(const Portion& other) const;
  [[nodiscard]] Decimal share() const { return of(Decimal::whole(1)); }
  friend bool operator==(const Portion& a, const Portion& b) {
    return a.counted_ == b.counted_ && a.is_whole() == b.is_whole() &&
           (a.is_whole() || *a.shares_ == *b.shares_);
  }

 private:
  template <class Counts>
  [[nodiscard]] Portion laid_over(const Portion& other, const Counts& counts) const;

  std::shared_ptr<const Shares> shares_;
  std::vector<bool> counted_;
};

}  // namespace tiendo

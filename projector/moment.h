// Which records a question knows (semantics 2): V, its instant T, and the local day N.
#pragma once

#include <optional>

#include "events/log.h"

namespace tiendo {

struct Moment {
  Instant at;                      // T
  bool everything = true;          // no `as_of`: all records, and T is the clock
  std::optional<OrderKey> record;  // as_of=stream@position: all records up to this one

  [[nodiscard]] bool knows(const OrderKey& key) const {
    if (everything) return true;
    return record ? key <= *record : key.recorded_at <= at;
  }
  [[nodiscard]] Day today() const { return local_day(at); }
};

}  // namespace tiendo

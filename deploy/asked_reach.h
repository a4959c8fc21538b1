// How far the sources are read, for a process that does not write the log: it asks the one that
// does, over its socket. Without an answer only the log itself tells.
//
// Threads: ask() and take_effect() on one; heard() on any.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "events/clock.h"
#include "query/api_context.h"

namespace tiendo {

class AskedReach {
 public:
  AskedReach(std::string socket, const Clock& clock) : socket_(std::move(socket)), clock_(&clock) {}

  // Asks, at most once a second. What is heard takes effect later: whoever is told that a stream
  // is settled must see all of its records in the log that he follows.
  void ask();
  // The log was followed after ask().
  void take_effect();
  // None where nobody has answered for a while.
  [[nodiscard]] std::optional<std::vector<StreamReach>> heard() const;

 private:
  std::string socket_;
  const Clock* clock_;
  Instant asked_at_{INT64_MIN};
  std::optional<std::vector<StreamReach>> coming_;
  mutable std::mutex mutex_;
  std::optional<std::vector<StreamReach>> heard_;
  Instant heard_at_;
};

// Of streams_json(). Error `protocol`.
[[nodiscard]] Result<std::vector<StreamReach>> reaches_from_json(std::string_view text);

}  // namespace tiendo

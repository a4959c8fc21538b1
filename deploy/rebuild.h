// A new generation of the views, filled from the log beside the live one, and compared with it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>

#include "deploy/generations.h"
#include "deploy/open_views.h"
#include "deploy/threads.h"
#include "events/sha256.h"

namespace tiendo {

struct RebuildReport {
  enum class Phase { none, filling, comparing, switching, done, failed };
  Phase phase = Phase::none;
  std::string generation;  // the new one
  std::string previous;    // the live one; empty: there was none to read
  uint64_t records_done = 0;
  uint64_t records_total = 0;
  // Of both at one checkpoint; none: there was nothing to compare with.
  std::optional<Digest> previous_digest;
  std::optional<Digest> digest;
  std::string error;  // of a failed one

  [[nodiscard]] bool over() const { return phase == Phase::done || phase == Phase::failed; }
  [[nodiscard]] bool differs() const { return previous_digest && digest != previous_digest; }
};
[[nodiscard]] std::string_view name_of(RebuildReport::Phase phase);

// Keeps other threads' hands off the log store while it is read; see FollowedLog.
using LogAccess = std::function<std::shared_lock<std::shared_mutex>()>;

struct RebuildParts {
  Generations& generations;
  LogReader log;
  const ProjectorOptions& options;
  std::shared_ptr<OpenViews> live;  // none: there is nothing to compare with
  Gate* ingest = nullptr;           // of the loop that writes the log, if it is in this process
  Gate* project = nullptr;          // of the loop that steps `live`
  LogAccess log_access;             // none: the log may be read at any time
  std::function<bool()> ending;     // true: give up
  std::function<void(const RebuildReport&)> report;
};

// Fills the generation and, if there is a live one, compares the two: both are brought to one
// checkpoint while neither loop steps, and their digests are taken from what they were at that
// moment, while both loops go on. The pointer is not touched. `report` is kept up to date. Error
// `ending`, and those of the store and the projector.
[[nodiscard]] Result<std::shared_ptr<OpenViews>> fill_generation(const RebuildParts& parts,
                                                                 RebuildReport& report);

}  // namespace tiendo

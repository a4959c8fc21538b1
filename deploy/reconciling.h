// The loop that reconciles the views with the log in the background, within its share of the
// machine: after each slice it rests as long as the share asks for.
//
// Threads: run() has its own; status() on any.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "deploy/projection.h"
#include "deploy/threads.h"
#include "events/clock.h"
#include "projector/reconciliation.h"

namespace tiendo {

struct ReconcilingStatus {
  // Since the process began, over all generations of the views.
  uint64_t cycles = 0;
  uint64_t subjects_checked = 0;
  uint64_t cells_checked = 0;
  uint64_t differences = 0;
  // Of the live generation: what was found stays until another takes its place.
  uint64_t differing_rows = 0;
  std::vector<Difference> first;
  double progress = 0;                // of the cycle under way, 0 to 1
  std::optional<Instant> last_cycle;  // when the last one ended
  std::string trouble;                // why nothing can be checked; empty: it can
  // Both in words, with what to do; empty: all is well.
  [[nodiscard]] std::string in_words() const;
};

class Reconciling {
 public:
  struct Parts {
    const Projection& projection;
    LogReader log;
    LogAccess log_access;  // where the log's store follows another process's
    const Clock& clock;
    int percent = 5;  // of one core, at most, from 1 to 100
  };
  explicit Reconciling(Parts parts) : parts_(std::move(parts)) {}

  void run(Ending& ending);
  // One slice; how long to rest after it.
  std::chrono::milliseconds step();
  [[nodiscard]] ReconcilingStatus status() const;

 private:
  Result<bool> check();
  void begin(const std::string& generation);
  void tell_news(const ReconciliationReport& report);

  Parts parts_;
  std::string generation_;
  std::unique_ptr<Reconciliation> reconciliation_;  // of this generation
  std::size_t told_ = 0;                            // of its differences

  mutable std::mutex mutex_;
  ReconciliationReport report_;  // of this generation
  ReconcilingStatus earlier_;    // of the generations before it
  std::optional<Instant> last_cycle_;
  std::string trouble_;
};

}  // namespace tiendo

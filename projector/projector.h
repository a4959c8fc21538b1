// The projector: reads the log, folds its events into facts and facts into rollups, and keeps the
// views up with it. A plain object that steps; it owns no thread, clock or sleep.
//
// One thread calls step(). Readers on other threads take state(), an unmoving view of everything
// as of one step. Views are disposable: a broken or foreign one is an error `rebuild`, and the
// owner fills a new generation from the log.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "events/log.h"
#include "events/store.h"
#include "projector/fold.h"
#include "projector/reference.h"
#include "projector/views.h"

namespace tiendo {

// Runs `work(begin, end)` over parts of [0, count), at the same time where it can, and returns when
// all are done.
using Parallel = std::function<void(
    std::size_t count, const std::function<void(std::size_t begin, std::size_t end)>& work)>;
[[nodiscard]] Parallel sequential();

// What readers see: everything at one step.
struct ViewState {
  std::shared_ptr<const Snapshot> rows;
  std::shared_ptr<const Reference> reference;
  Checkpoint checkpoint;
  std::set<TermId> unfinished;  // terms still being filled: answers that need them are `building`
};

struct ProjectorOptions {
  std::size_t step_records =
      30'000;  // at most this many records in one step; more leave the caches
  std::size_t step_bytes = 128u << 20;     // and about this many bytes
  std::size_t sorted_run_records = 5'000;  // a step of so many is written as sorted runs
  std::size_t backfill_subjects = 20'000;  // at most this many subjects filled in one step
  Parallel parallel = sequential();
};

struct ProjectorStep {
  std::size_t records = 0;
  std::size_t filled = 0;  // subjects gone through for new terms
  [[nodiscard]] bool idle() const { return records == 0 && filled == 0; }
};

class Projector {
 public:
  // Errors: `rebuild` where the views are of another format, or ahead of the log.
  static Result<std::unique_ptr<Projector>> open(KvStore& views, LogReader log,
                                                 ProjectorOptions options);

  // Reads what is new in the log, up to the bounds, and takes one step. After an error the views
  // must be opened again.
  Result<ProjectorStep> step();

  // Any thread.
  [[nodiscard]] std::shared_ptr<const ViewState> state() const;

 private:
  Projector(KvStore& views, LogReader log, ProjectorOptions options)
      : views_(&views), log_(log), options_(std::move(options)) {}

  // What the log holds beyond the checkpoint, within the bounds of a step.
  struct NewRecords {
    std::vector<Statement> statements;  // of the accepted ones
    Checkpoint read;                    // of the streams that moved
    std::size_t records = 0;            // with those that were not accepted
  };
  Result<NewRecords> read_new(const Parallel& parallel) const;
  Status commit_and_read_on(const WriteBatch& batch);
  Status load();
  Status load_references(const Snapshot& rows);
  void publish(std::shared_ptr<const Snapshot> rows);

  KvStore* views_;
  LogReader log_;
  ProjectorOptions options_;
  Checkpoint checkpoint_;
  std::shared_ptr<const Reference> reference_ = std::make_shared<const Reference>();
  std::vector<TermSlot> slots_;
  Backfill backfill_;
  std::optional<NewRecords> read_ahead_;  // while the step before was being written

  mutable std::mutex mutex_;
  std::shared_ptr<const ViewState> state_;
};

}  // namespace tiendo

// The ingester: takes what has arrived, judges it, appends it to the log in one synced step,
// answers those who wait for it, and goes on. A batch is what arrived while the last one was
// syncing.
//
// A plain object without thread, sleep or clock; step() is called again and again by one thread.
// status() may be called by any.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "events/limits.h"
#include "events/log.h"
#include "events/result.h"
#include "ingest/intake.h"
#include "ingest/judge.h"
#include "ingest/source.h"

namespace tiendo {

struct IngesterOptions {
  std::size_t batch_events_max = limits::log_batch_events_max;
  std::size_t batch_bytes_max = limits::log_batch_bytes_max;
};

// Of this process; what the log holds is counted in its heads.
struct IngestCounters {
  uint64_t batches = 0;
  uint64_t appended = 0;
  uint64_t redelivered = 0;  // dropped: their offsets are in the log
  uint64_t offset_gaps = 0;  // places where the source's offsets left some out
  friend bool operator==(const IngestCounters&, const IngestCounters&) = default;
};

struct IngestStatus {
  std::vector<StreamStatus> streams;  // of the source
  std::vector<std::string> notices;   // of no stream
  IngestCounters counters;
  // Every record of `intake` and `control` still to come bears this moment or a later one.
  Instant intake_settled_at{INT64_MIN};
};

struct Stepped {
  std::size_t appended = 0;
  std::size_t bytes = 0;
};

class Ingester {
 public:
  // `log`, `intake` and `source` (none: only the intake feeds it) must live longer.
  Ingester(EventLog& log, Intake& intake, EventSource* source, IngesterOptions options = {});

  ~Ingester();
  Ingester(const Ingester&) = delete;
  Ingester& operator=(const Ingester&) = delete;

  // Once, before the first step: sets the source to where the log ends.
  Status start();
  // Waits at most `wait`, and only while there is nothing. After an Error the log must not be used
  // again and the process has to end (exit 75).
  Result<Stepped> step(std::chrono::milliseconds wait);
  // Any thread: as of the end of the last step.
  [[nodiscard]] IngestStatus status() const;

 private:
  Result<std::vector<SourceBatch>> poll_source(std::chrono::milliseconds wait);
  EventLog::Batch admit_part(Intake::Taken& part, Instant admitted_at);
  EventLog::Batch admit_polled(SourceBatch& polled);
  // The first batches are the drained parts.
  Status append(std::vector<EventLog::Batch> batches, const Intake::Drained& drained);
  Status publish(Instant settled_at);
  // Where streams were found to come from.
  Status keep_origins(const std::vector<StreamStatus>& streams);

  EventLog* log_;
  Intake* intake_;
  EventSource* source_;
  IngesterOptions options_;
  Judge judge_;
  IngestCounters counters_;
  std::vector<StreamDecision> decisions_;  // in what is being appended

  mutable std::mutex mutex_;
  IngestStatus status_;
};

}  // namespace tiendo

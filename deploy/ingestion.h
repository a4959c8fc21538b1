// The part of the program that writes the log: the sources, the embedded intake, and the loop that
// steps the ingester.
//
// Threads: open() on one; run() is the ingester's thread; all else on any.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "deploy/config.h"
#include "deploy/threads.h"
#include "events/clock.h"
#include "events/log.h"
#include "ingest/ingester.h"
#include "ingest/intake.h"
#include "ingest/source.h"

namespace tiendo {

// Imports that are going on. Until one has ended, more of its records may come, and they may bear
// any moment.
class RunningImports {
 public:
  explicit RunningImports(const Clock& clock) : clock_(&clock) {}
  void touch(StreamName stream);
  void end(StreamName stream);
  // One that was neither touched nor ended for a minute was given up by its sender.
  [[nodiscard]] bool running(StreamName stream) const;

 private:
  const Clock* clock_;
  mutable std::mutex mutex_;
  std::map<StreamName, Instant> touched_at_;
};

class Ingestion {
 public:
  struct Parts {
    KvStore& store;  // of the log
    const Clock& clock;
    KafkaConfig kafka;
    // Something was appended. Called on the ingester's thread: be quick.
    std::function<void()> appended;
    // The log would not be written: the process must end, and go on from what is on disk.
    std::function<void(const Error&)> end_process;
  };
  static Result<std::unique_ptr<Ingestion>> open(Parts parts);

  // Steps until `ending` begins, then refuses what is still sent, finishes what was begun and
  // returns.
  void run(const Ending& ending);
  // One step, for a store that nobody else steps.
  Status step();

  [[nodiscard]] const Clock& clock() const { return parts_.clock; }
  [[nodiscard]] Intake& intake() { return intake_; }
  [[nodiscard]] Gate& gate() { return gate_; }
  [[nodiscard]] RunningImports& imports() { return imports_; }
  [[nodiscard]] IngestStatus status() const { return ingester_.status(); }

 private:
  Ingestion(Parts parts, std::unique_ptr<EventLog> log, std::unique_ptr<EventSource> source);
  void tell_changes();

  Parts parts_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<EventSource> source_;
  Intake intake_;
  Ingester ingester_;
  RunningImports imports_;
  Gate gate_;
  std::map<StreamName, StreamState> told_;  // the states last written to the log lines
  std::vector<std::string> told_notices_;
};

}  // namespace tiendo

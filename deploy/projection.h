// The part of the program that keeps the views: the live generation, the loop that steps it, and
// the rebuild that puts another in its place.
//
// Threads: open() and the constructor on one; run() is the projector's thread; all else on any.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "deploy/generations.h"
#include "deploy/open_views.h"
#include "deploy/rebuild.h"
#include "deploy/threads.h"

namespace tiendo {

class Projection {
 public:
  struct Parts {
    std::filesystem::path folder;  // of the generations
    LogReader log;
    ProjectorOptions options;
    Gate* ingest = nullptr;          // of the loop that writes the log, if it is in this process
    LogAccess log_access;            // where the log's store follows another process's
    std::function<Status()> follow;  // the same: brings it up to date, before each step
    // The views hold more than before. Called on the projector's thread: be quick.
    std::function<void()> changed;
    // The environment hurt the views: what is on disk is whole, and the process must end.
    std::function<void(const Error&)> end_process;
  };
  explicit Projection(Parts parts);
  ~Projection();  // waits for a rebuild to give up
  Projection(const Projection&) = delete;
  Projection& operator=(const Projection&) = delete;

  // Opens the current generation. Where there is none, or it cannot be used, a new one is begun and
  // is current at once.
  Status open();
  // Steps until `ending` begins. A broken generation is replaced by a new one; its last figures
  // stay readable until then.
  void run(const Ending& ending);
  // There is something new in the log.
  void wake();

  [[nodiscard]] std::shared_ptr<const ViewState> state() const;
  struct Current {
    std::string generation;
    std::shared_ptr<const ViewState> state;
  };
  // The same, with the generation that it is of.
  [[nodiscard]] Current current() const;
  // The projector's state in words when it does not step any more; empty while it does.
  [[nodiscard]] std::string stopped() const;

  // Begins to fill a new generation. Error `busy` while one is being filled.
  Status start_rebuild();
  [[nodiscard]] RebuildReport rebuild_report() const;
  // The same, here and now, for a store that nobody steps.
  [[nodiscard]] RebuildReport rebuild(const std::function<void(const RebuildReport&)>& show);

 private:
  Result<std::shared_ptr<OpenViews>> open_generation(const std::string& name);
  Result<ProjectorStep> step();
  bool recover(const Error& error);
  void wait_for_news();
  // `compare`: whether the live one can be brought to the log's end.
  void fill_and_switch(bool compare);
  Status switch_to(std::shared_ptr<OpenViews> views);
  void note(const RebuildReport& report);
  [[nodiscard]] std::shared_ptr<OpenViews> live() const;

  Parts parts_;
  Generations generations_;
  Gate gate_;
  std::thread rebuild_thread_;
  std::function<void(const RebuildReport&)> show_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<OpenViews> live_;
  RebuildReport report_;
  std::string stopped_;
  bool news_ = false;
  bool rebuilding_ = false;
  bool ending_ = false;
};

}  // namespace tiendo

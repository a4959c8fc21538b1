// One generation of the views, open for writing, with the projector that fills it.
#pragma once

#include <memory>
#include <string>

#include "events/log.h"
#include "events/store.h"
#include "projector/projector.h"

namespace tiendo {

class OpenViews : public std::enable_shared_from_this<OpenViews> {
 public:
  // Opens the folder, or makes it. Errors: those of the store and of Projector::open().
  static Result<std::shared_ptr<OpenViews>> open(const std::string& generation,
                                                 const std::string& path, LogReader log,
                                                 const ProjectorOptions& options);

  [[nodiscard]] const std::string& generation() const { return generation_; }
  [[nodiscard]] Projector& projector() { return *projector_; }

  // Takes one step. True: all that was in the log when it began is read, and no term is being
  // filled; what came since is for later, so that a log that grows does not keep it for ever.
  Result<bool> step_once();
  // Steps until step_once() says so.
  Status catch_up();
  // The newest state. This generation stays open for as long as someone has it. Any thread.
  [[nodiscard]] std::shared_ptr<const ViewState> state();

 private:
  OpenViews(std::string generation, LogReader log, std::unique_ptr<KvStore> store,
            std::unique_ptr<Projector> projector);

  std::string generation_;
  LogReader log_;
  std::unique_ptr<KvStore> store_;
  std::unique_ptr<Projector> projector_;
};

// How many records a checkpoint stands for.
[[nodiscard]] uint64_t records_in(const Checkpoint& checkpoint);
[[nodiscard]] uint64_t records_in(const StreamHeads& heads);

}  // namespace tiendo

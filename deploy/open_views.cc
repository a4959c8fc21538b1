#include "deploy/open_views.h"

#include <utility>

namespace tiendo {
namespace {

// Members go in reverse order: a state holds rows of the store.
struct StateOfViews {
  std::shared_ptr<OpenViews> views;
  std::shared_ptr<const ViewState> state;
};

}  // namespace

OpenViews::OpenViews(std::string generation, LogReader log, std::unique_ptr<KvStore> store,
                     std::unique_ptr<Projector> projector)
    : generation_(std::move(generation)),
      log_(log),
      store_(std::move(store)),
      projector_(std::move(projector)) {}

Result<std::shared_ptr<OpenViews>> OpenViews::open(const std::string& generation,
                                                   const std::string& path, LogReader log,
                                                   const ProjectorOptions& options) {
  TRY_ASSIGN(store,
             open_rocks_store(
                 {.path = path, .families = views_families(), .profile = RocksProfile::views}));
  TRY_ASSIGN(projector, Projector::open(*store, log, options));
  return std::shared_ptr<OpenViews>(
      new OpenViews(generation, log, std::move(store), std::move(projector)));
}

Result<bool> OpenViews::step_once() {
  TRY_ASSIGN(heads, log_.heads());
  TRY_ASSIGN(step, projector_->step());
  return step.filled == 0 && records_in(projector_->state()->checkpoint) >= records_in(heads);
}

Status OpenViews::catch_up() {
  for (;;) {
    TRY_ASSIGN(done, step_once());
    if (done) return Done{};
  }
}

std::shared_ptr<const ViewState> OpenViews::state() {
  auto both = std::make_shared<StateOfViews>(StateOfViews{shared_from_this(), projector_->state()});
  const ViewState* state = both->state.get();
  return {std::move(both), state};
}

uint64_t records_in(const Checkpoint& checkpoint) {
  uint64_t records = 0;
  for (const auto& [stream, position] : checkpoint) records += position;
  return records;
}

uint64_t records_in(const StreamHeads& heads) {
  uint64_t records = 0;
  for (const auto& [stream, head] : heads) records += head.next_position;
  return records;
}

}  // namespace tiendo

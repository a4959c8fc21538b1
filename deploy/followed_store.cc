#include "deploy/followed_store.h"

#include <system_error>
#include <utility>

#include "deploy/generations.h"

namespace tiendo {
namespace {

// Members go in reverse order: a state holds rows of the store.
struct StateOfStore {
  std::shared_ptr<KvStore> store;
  std::shared_ptr<const ViewState> state;
};

Result<std::shared_ptr<const ViewState>> read_state(const std::shared_ptr<KvStore>& views,
                                                    LogReader log) {
  TRY_ASSIGN(projector, Projector::open(*views, log, {}));
  auto both = std::make_shared<StateOfStore>(StateOfStore{views, projector->state()});
  const ViewState* state = both->state.get();
  return std::shared_ptr<const ViewState>(std::move(both), state);
}

}  // namespace

std::shared_lock<std::shared_mutex> FollowLock::reading() {
  const std::lock_guard at_door(door_);
  return std::shared_lock(room_);
}

std::unique_lock<std::shared_mutex> FollowLock::following() {
  const std::lock_guard at_door(door_);
  return std::unique_lock(room_);
}

Result<std::unique_ptr<KvStore>> follow_log(const DataFolder& folder) {
  std::error_code why;
  if (!std::filesystem::exists(folder.log() + "/CURRENT", why)) {
    return Error{"not_found", folder.root.string() +
                                  " holds no log yet; start tiendo run or "
                                  "tiendo ingest first"};
  }
  return open_rocks_store({.path = folder.log(),
                           .families = log_families(),
                           .profile = RocksProfile::log,
                           .follower = true});
}

Result<std::unique_ptr<FollowedLog>> FollowedLog::open(const DataFolder& folder) {
  TRY_ASSIGN(store, follow_log(folder));
  return std::unique_ptr<FollowedLog>(new FollowedLog(std::move(store)));
}

Status FollowedLog::follow() {
  const auto lock = lock_.following();
  return store_->follow();
}

Result<std::unique_ptr<FollowedViews>> FollowedViews::open(const DataFolder& folder) {
  TRY_ASSIGN(log, follow_log(folder));
  std::unique_ptr<FollowedViews> followed(new FollowedViews(folder, std::move(log)));
  TRY_DO(followed->open_current());
  return followed;
}

// The views are opened first: what they have read is then in the log that is followed after them.
Status FollowedViews::open_current() {
  const Generations generations(folder_.views());
  TRY_ASSIGN(pointer, generations.pointer());
  TRY_ASSIGN(store, open_rocks_store({.path = generations.path(pointer.current),
                                      .families = views_families(),
                                      .profile = RocksProfile::views,
                                      .follower = true}));
  TRY_DO(log_->follow());
  std::shared_ptr<KvStore> views = std::move(store);
  TRY_ASSIGN(state, read_state(views, log()));
  const std::lock_guard lock(mutex_);
  generation_ = pointer.current;
  state_ = std::move(state);
  views_ = std::move(views);
  return Done{};
}

Status FollowedViews::follow() {
  TRY_ASSIGN(pointer, Generations(folder_.views()).pointer());
  const auto lock = lock_.following();
  if (pointer.current != generation_) return open_current();
  TRY_DO(views_->follow());
  TRY_DO(log_->follow());
  TRY_ASSIGN(checkpoint, ViewReader(*views_->snapshot()).checkpoint());
  if (checkpoint == state()->checkpoint && state()->unfinished.empty()) return Done{};
  TRY_ASSIGN(newer, read_state(views_, this->log()));
  const std::lock_guard state_lock(mutex_);
  state_ = std::move(newer);
  return Done{};
}

std::shared_ptr<const ViewState> FollowedViews::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace tiendo

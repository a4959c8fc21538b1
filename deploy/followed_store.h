// The stores of a process that does not write them: it opens them beside the writer's process and
// sees at each follow() what has been written since.
//
// While follow() runs nobody may read; so every reader holds a lock of reading().
#pragma once

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "deploy/data_folder.h"
#include "events/log.h"
#include "events/store.h"
#include "projector/projector.h"

namespace tiendo {

// Many readers, and one follower that is never kept waiting by readers who come after it.
class FollowLock {
 public:
  [[nodiscard]] std::shared_lock<std::shared_mutex> reading();
  [[nodiscard]] std::unique_lock<std::shared_mutex> following();

 private:
  std::mutex door_;
  std::shared_mutex room_;
};

// Errors: `not_found` where there is no log yet.
[[nodiscard]] Result<std::unique_ptr<KvStore>> follow_log(const DataFolder& folder);

class FollowedLog {
 public:
  static Result<std::unique_ptr<FollowedLog>> open(const DataFolder& folder);
  Status follow();
  [[nodiscard]] LogReader reader() const { return LogReader(*store_); }
  [[nodiscard]] std::shared_lock<std::shared_mutex> reading() { return lock_.reading(); }

 private:
  explicit FollowedLog(std::unique_ptr<KvStore> store) : store_(std::move(store)) {}

  std::unique_ptr<KvStore> store_;
  FollowLock lock_;
};

// The log and the current generation of the views.
class FollowedViews {
 public:
  static Result<std::unique_ptr<FollowedViews>> open(const DataFolder& folder);
  // Also goes over to another generation.
  Status follow();
  [[nodiscard]] LogReader log() const { return LogReader(*log_); }
  // Of the last follow(); with a lock of reading().
  [[nodiscard]] std::shared_ptr<const ViewState> state() const;
  [[nodiscard]] std::shared_lock<std::shared_mutex> reading() { return lock_.reading(); }

 private:
  FollowedViews(DataFolder folder, std::unique_ptr<KvStore> log)
      : folder_(std::move(folder)), log_(std::move(log)) {}
  Status open_current();

  DataFolder folder_;
  std::unique_ptr<KvStore> log_;
  std::string generation_;
  std::shared_ptr<KvStore> views_;
  FollowLock lock_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ViewState> state_;
};

}  // namespace tiendo

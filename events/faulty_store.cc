#include <mutex>

#include "events/ensure.h"
#include "events/store.h"

namespace tiendo {
namespace {

using Values = std::vector<std::optional<std::string>>;

const Error planned_fault{"io", "a fault that was planned"};

// Counts operations down to the one that is to fail, over all readers of a store.
class Faults {
 public:
  void plan(FaultPlan plan) {
    std::lock_guard lock(mutex_);
    plan_ = plan;
  }
  bool commit_fails() { return reached(plan_.fail_commit); }
  bool read_fails() { return reached(plan_.fail_read); }
  bool scan_is_cut() { return reached(plan_.cut_scan); }

 private:
  bool reached(int64_t& left) {
    std::lock_guard lock(mutex_);
    if (left < 0) return false;
    return left-- == 0;
  }

  std::mutex mutex_;
  FaultPlan plan_;
};

class FaultyCursor final : public Cursor {
 public:
  FaultyCursor(std::unique_ptr<Cursor> inner, Faults& faults)
      : inner_(std::move(inner)), faults_(&faults) {}

  void seek(std::string_view key) override {
    // The damage behind a cut scan shows when one seeks behind the cut.
    if (state_ == State::cut || state_ == State::corrupt) {
      state_ = State::corrupt;
      return;
    }
    state_ = faults_->read_fails() ? State::failed : State::sound;
    if (state_ == State::sound) inner_->seek(key);
  }
  void next() override {
    ENSURE(valid(), "next() of a cursor at its end");
    if (faults_->read_fails()) {
      state_ = State::failed;
    } else if (faults_->scan_is_cut()) {
      state_ = State::cut;
    } else {
      inner_->next();
    }
  }
  [[nodiscard]] bool valid() const override { return state_ == State::sound && inner_->valid(); }
  [[nodiscard]] std::string_view key() const override {
    ENSURE(valid(), "key() of a cursor at its end");
    return inner_->key();
  }
  [[nodiscard]] std::string_view value() const override {
    ENSURE(valid(), "value() of a cursor at its end");
    return inner_->value();
  }
  [[nodiscard]] Status status() const override {
    if (state_ == State::failed) return planned_fault;
    if (state_ == State::corrupt) return Error{"corrupt", "damage that was planned"};
    return inner_->status();
  }

 private:
  enum class State { sound, failed, cut, corrupt };

  std::unique_ptr<Cursor> inner_;
  Faults* faults_;
  State state_ = State::sound;
};

// What a store and its snapshots read alike.
template <class Readable>
Result<std::optional<std::string>> read_one(const Readable& inner, Faults& faults, Family family,
                                            std::string_view key) {
  if (faults.read_fails()) return planned_fault;
  return inner.get(family, key);
}

template <class Readable>
Result<Values> read_many(const Readable& inner, Faults& faults, Family family,
                         const std::vector<std::string_view>& keys) {
  if (faults.read_fails()) return planned_fault;
  return inner.get_many(family, keys);
}

class FaultySnapshot final : public Snapshot {
 public:
  FaultySnapshot(std::unique_ptr<Snapshot> inner, Faults& faults)
      : inner_(std::move(inner)), faults_(&faults) {}

  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override {
    return read_one(*inner_, *faults_, family, key);
  }
  [[nodiscard]] Result<Values> get_many(Family family,
                                        const std::vector<std::string_view>& keys) const override {
    return read_many(*inner_, *faults_, family, keys);
  }
  [[nodiscard]] std::unique_ptr<Cursor> cursor(Family family) const override {
    return std::make_unique<FaultyCursor>(inner_->cursor(family), *faults_);
  }

 private:
  std::unique_ptr<Snapshot> inner_;
  Faults* faults_;
};

void copy_rows(const KvStore& from, KvStore& to, std::size_t families) {
  WriteBatch rows;
  for (Family family = 0; family < families; ++family) {
    const auto cursor = from.cursor(family);
    for (cursor->seek(""); cursor->valid(); cursor->next()) {
      rows.put(family, cursor->key(), cursor->value());
    }
  }
  ENSURE(to.commit(rows, Durability::synced).ok(), "a store in memory refused a batch");
}

class FaultyMemoryStore final : public FaultyStore {
 public:
  explicit FaultyMemoryStore(const std::vector<FamilySpec>& families)
      : families_(families),
        live_(make_memory_store(families)),
        durable_(make_memory_store(families)) {}

  void plan(FaultPlan plan) override { faults_.plan(plan); }

  Status commit(const WriteBatch& batch, Durability durability) override {
    if (fails(batch)) return planned_fault;
    TRY_DO(live_->commit(batch, durability));
    unsynced_.push_back(batch);
    return durability == Durability::synced ? sync() : Done{};
  }

  Status commit_sorted_run(const WriteBatch& batch) override {
    if (fails(batch)) return planned_fault;
    TRY_DO(live_->commit_sorted_run(batch));
    unsynced_.push_back(batch);
    return sync();
  }

  [[nodiscard]] std::unique_ptr<FaultyStore> crash(std::size_t unsynced_kept) const override {
    auto left = std::make_unique<FaultyMemoryStore>(families_);
    copy_rows(*durable_, *left, families_.size());
    for (std::size_t i = 0; i < unsynced_.size() && i < unsynced_kept; ++i) {
      ENSURE(left->commit(unsynced_[i], Durability::synced).ok(), "a new store has no faults");
    }
    return left;
  }

  [[nodiscard]] std::unique_ptr<Snapshot> snapshot() const override {
    return std::make_unique<FaultySnapshot>(live_->snapshot(), faults_);
  }
  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override {
    return read_one(*live_, faults_, family, key);
  }
  [[nodiscard]] Result<Values> get_many(Family family,
                                        const std::vector<std::string_view>& keys) const override {
    return read_many(*live_, faults_, family, keys);
  }
  [[nodiscard]] std::unique_ptr<Cursor> cursor(Family family) const override {
    return std::make_unique<FaultyCursor>(live_->cursor(family), faults_);
  }
  Status follow() override { return live_->follow(); }

 private:
  bool fails(const WriteBatch& batch) {
    if (failed_) return true;
    if (!faults_.commit_fails()) return false;
    failed_ = true;
    // A write that failed may have reached the disk all the same.
    unsynced_.push_back(batch);
    return true;
  }

  Status sync() {
    for (const WriteBatch& batch : unsynced_) TRY_DO(durable_->commit(batch, Durability::synced));
    unsynced_.clear();
    return Done{};
  }

  std::vector<FamilySpec> families_;
  mutable Faults faults_;  // outlives what reads through it
  std::unique_ptr<KvStore> live_;
  std::unique_ptr<KvStore> durable_;
  std::vector<WriteBatch> unsynced_;  // since the last synced commit, in order
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<FaultyStore> make_faulty_store(const std::vector<FamilySpec>& families) {
  return std::make_unique<FaultyMemoryStore>(families);
}

}  // namespace tiendo

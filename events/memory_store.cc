#include <map>
#include <mutex>

#include "events/ensure.h"
#include "events/sorted_rows.h"
#include "events/store.h"

namespace tiendo {
namespace {

using Table = std::map<std::string, std::string, std::less<>>;
using Tables = std::vector<std::shared_ptr<Table>>;

// A share in the tables as they are now. It is taken and given back under the store's mutex: the
// writer changes a table in place when it is the only owner, and must then see the reader gone.
class SharedTables {
 public:
  SharedTables(std::mutex& mutex, const Tables& tables) : mutex_(&mutex) {
    std::lock_guard lock(mutex);
    tables_ = tables;
  }
  ~SharedTables() {
    std::lock_guard lock(*mutex_);
    tables_.clear();
  }
  SharedTables(const SharedTables&) = delete;
  SharedTables& operator=(const SharedTables&) = delete;

  [[nodiscard]] const Table& table(Family family) const {
    ENSURE(family < tables_.size(), "a family that was not opened");
    return *tables_[family];
  }

 private:
  std::mutex* mutex_;
  Tables tables_;
};

std::optional<std::string> find(const Table& table, std::string_view key) {
  auto found = table.find(key);
  if (found == table.end()) return std::nullopt;
  return found->second;
}

class MemoryCursor final : public Cursor {
 public:
  MemoryCursor(std::shared_ptr<const SharedTables> tables, Family family)
      : tables_(std::move(tables)), table_(&tables_->table(family)), at_(table_->end()) {}

  void seek(std::string_view key) override { at_ = table_->lower_bound(key); }
  void next() override {
    ENSURE(valid(), "next() of a cursor at its end");
    ++at_;
  }
  [[nodiscard]] bool valid() const override { return at_ != table_->end(); }
  [[nodiscard]] std::string_view key() const override {
    ENSURE(valid(), "key() of a cursor at its end");
    return at_->first;
  }
  [[nodiscard]] std::string_view value() const override {
    ENSURE(valid(), "value() of a cursor at its end");
    return at_->second;
  }
  [[nodiscard]] Status status() const override { return Done{}; }

 private:
  std::shared_ptr<const SharedTables> tables_;
  const Table* table_;
  Table::const_iterator at_;
};

class MemorySnapshot final : public Snapshot {
 public:
  explicit MemorySnapshot(std::shared_ptr<const SharedTables> tables)
      : tables_(std::move(tables)) {}

  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override {
    return find(tables_->table(family), key);
  }
  [[nodiscard]] Result<std::vector<std::optional<std::string>>> get_many(
      Family family, const std::vector<std::string_view>& keys) const override {
    const Table& table = tables_->table(family);
    std::vector<std::optional<std::string>> values;
    values.reserve(keys.size());
    for (std::string_view key : keys) values.push_back(find(table, key));
    return values;
  }
  [[nodiscard]] std::unique_ptr<Cursor> cursor(Family family) const override {
    return std::make_unique<MemoryCursor>(tables_, family);
  }

 private:
  std::shared_ptr<const SharedTables> tables_;
};

class MemoryStore final : public KvStore {
 public:
  explicit MemoryStore(std::size_t families) {
    for (std::size_t i = 0; i < families; ++i) tables_.push_back(std::make_shared<Table>());
  }

  Status commit(const WriteBatch& batch, Durability) override {
    std::lock_guard lock(mutex_);
    for (const WriteBatch::Entry& entry : batch.entries()) {
      Table& table = writable(entry.family);
      if (entry.erase) {
        if (auto found = table.find(batch.key(entry)); found != table.end()) table.erase(found);
      } else {
        table.insert_or_assign(std::string(batch.key(entry)), std::string(batch.value(entry)));
      }
    }
    return Done{};
  }

  Status commit_sorted_run(const WriteBatch& batch) override {
    // Sorting is of no use here, but a key that comes twice must be found by this twin too.
    static_cast<void>(sorted_rows(batch, tables_.size()));
    return commit(batch, Durability::synced);
  }

  [[nodiscard]] std::unique_ptr<Snapshot> snapshot() const override {
    return std::make_unique<MemorySnapshot>(share());
  }
  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override {
    return MemorySnapshot(share()).get(family, key);
  }
  [[nodiscard]] Result<std::vector<std::optional<std::string>>> get_many(
      Family family, const std::vector<std::string_view>& keys) const override {
    return MemorySnapshot(share()).get_many(family, keys);
  }
  [[nodiscard]] std::unique_ptr<Cursor> cursor(Family family) const override {
    return std::make_unique<MemoryCursor>(share(), family);
  }
  Status follow() override { return Done{}; }

 private:
  [[nodiscard]] std::shared_ptr<const SharedTables> share() const {
    return std::make_shared<SharedTables>(mutex_, tables_);
  }

  Table& writable(Family family) {
    ENSURE(family < tables_.size(), "a family that was not opened");
    std::shared_ptr<Table>& table = tables_[family];
    if (table.use_count() > 1) table = std::make_shared<Table>(*table);
    return *table;
  }

  mutable std::mutex mutex_;
  Tables tables_;
};

}  // namespace

std::unique_ptr<KvStore> make_memory_store(const std::vector<FamilySpec>& families) {
  return std::make_unique<MemoryStore>(families.size());
}

}  // namespace tiendo

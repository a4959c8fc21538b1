// The store seam: an ordered map of byte strings in named families, written in atomic batches.
// Three twins under one test suite: RocksDB (rocks_store.cc), memory (memory_store.cc) and one that
// fails on purpose (faulty_store.cc). Keys compare as unsigned bytes.
//
// Threads: one writer; any number of readers, each with its own Snapshot or Cursor.
// Errors: code `io` (the environment), `corrupt` (the store lies), `locked` (another process has it
// open), `format`. After a failed commit the store must not be used again: RocksDB 7.8.3 can abort
// when closed or resumed after a write error, so the process ends itself and begins anew.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/result.h"

namespace tiendo {

// Families are numbered by their place in the list given to open().
using Family = uint32_t;

struct FamilySpec {
  std::string name;
  // Keys come in any order and are looked up singly, mostly in vain: worth a bloom filter.
  bool point_lookups = false;
};

// The writes of one atomic step, in the order they are to take effect.
class WriteBatch {
 public:
  struct Entry {
    Family family;
    bool erase;
    uint32_t key_bytes;
    uint32_t value_bytes;
    std::size_t offset;  // of the key in bytes_, the value follows it
  };

  void put(Family family, std::string_view key, std::string_view value);
  void erase(Family family, std::string_view key);
  void append(const WriteBatch& other);  // its writes after these
  void clear();

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] std::string_view key(const Entry& entry) const {
    return {bytes_.data() + entry.offset, entry.key_bytes};
  }
  [[nodiscard]] std::string_view value(const Entry& entry) const {
    return {bytes_.data() + entry.offset + entry.key_bytes, entry.value_bytes};
  }

 private:
  std::string bytes_;
  std::vector<Entry> entries_;
};

// Walks the keys of one family in order. Always ask status() once valid() has become false: an end
// with a failed status is no end.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual void seek(std::string_view key) = 0;  // to the first key >= `key`
  virtual void next() = 0;
  [[nodiscard]] virtual bool valid() const = 0;
  [[nodiscard]] virtual std::string_view key() const = 0;    // until the next move
  [[nodiscard]] virtual std::string_view value() const = 0;  // until the next move
  [[nodiscard]] virtual Status status() const = 0;
};

// A reader's unmoving view. Destroy every Cursor before its Snapshot, every Snapshot before its
// store.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  [[nodiscard]] virtual Result<std::optional<std::string>> get(Family family,
                                                               std::string_view key) const = 0;
  // Answers in the order of `keys`.
  [[nodiscard]] virtual Result<std::vector<std::optional<std::string>>> get_many(
      Family family, const std::vector<std::string_view>& keys) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Cursor> cursor(Family family) const = 0;
};

enum class Durability { synced, unsynced };

class KvStore {
 public:
  virtual ~KvStore() = default;
  // All of the batch or nothing. Once a synced commit has returned, it and all before it survive
  // power loss.
  virtual Status commit(const WriteBatch& batch, Durability durability) = 0;
  // The same effect and atomicity for a large batch whose keys are unique within each family: the
  // rows are sorted and handed over as whole files (14 times faster than random puts), durable
  // when it returns.
  virtual Status commit_sorted_run(const WriteBatch& batch) = 0;
  [[nodiscard]] virtual std::unique_ptr<Snapshot> snapshot() const = 0;
  // Reads without a snapshot see the newest committed state.
  [[nodiscard]] virtual Result<std::optional<std::string>> get(Family family,
                                                               std::string_view key) const = 0;
  [[nodiscard]] virtual Result<std::vector<std::optional<std::string>>> get_many(
      Family family, const std::vector<std::string_view>& keys) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Cursor> cursor(Family family) const = 0;
  // Of a follower: sees what the writer has written since. Others see it anyway.
  virtual Status follow() = 0;
};

// RocksDB in the folder `path` (created if missing). `log` settings refuse an open after which a
// part of the log would be missing; `views` settings are for rows that can be built again.
enum class RocksProfile { log, views };
struct RocksOptions {
  std::string path;
  std::vector<FamilySpec> families;
  RocksProfile profile = RocksProfile::log;
  std::size_t block_cache_bytes = 256u << 20;
  // A follower opens beside the one writer's process and sees what it sees at each follow(). It
  // has no snapshots: snapshot() gives the state at the last follow(), and no reader may be at
  // work while follow() runs.
  bool follower = false;
};
[[nodiscard]] Result<std::unique_ptr<KvStore>> open_rocks_store(const RocksOptions& options);

// Everything in memory; snapshots are copies on write.
[[nodiscard]] std::unique_ptr<KvStore> make_memory_store(const std::vector<FamilySpec>& families);

// Everything in memory, and fails when told. Numbers count from 0, the next one.
struct FaultPlan {
  int64_t fail_commit = -1;  // the n-th commit from now fails, and all after it (-1: none)
  int64_t fail_read = -1;    // the n-th get, get_many or cursor move from now fails
  // The n-th next() of any cursor from now ends its scan with status OK, though there are more
  // rows, as RocksDB 7.8.3 can. As there, a later seek() of that cursor tells: `corrupt`.
  int64_t cut_scan = -1;
};
class FaultyStore : public KvStore {
 public:
  virtual void plan(FaultPlan plan) = 0;
  // A new store as it is after a power loss: all up to the last synced commit and the first
  // `unsynced_kept` commits after it. A failed commit counts as the last of these: it may have
  // reached the disk or not.
  [[nodiscard]] virtual std::unique_ptr<FaultyStore> crash(std::size_t unsynced_kept) const = 0;
};
[[nodiscard]] std::unique_ptr<FaultyStore> make_faulty_store(
    const std::vector<FamilySpec>& families);

}  // namespace tiendo

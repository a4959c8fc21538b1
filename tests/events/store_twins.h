// The three stores as one test sees them: opened empty, and opened again.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "events/store.h"
#include "events/store_folder.h"

namespace tiendo {

inline constexpr Family ordered = 0;
inline constexpr Family looked_up = 1;
inline constexpr Family family_count = 2;

inline std::vector<FamilySpec> test_families() {
  return {{.name = "ordered", .point_lookups = false},
          {.name = "looked_up", .point_lookups = true}};
}

using Rows = std::vector<std::pair<std::string, std::string>>;

// All rows of a cursor from `from` on; fails the test where the cursor does.
inline Rows rows_of(Cursor& cursor, std::string_view from = "") {
  Rows rows;
  for (cursor.seek(from); cursor.valid(); cursor.next()) {
    rows.emplace_back(cursor.key(), cursor.value());
  }
  EXPECT_TRUE(cursor.status().ok()) << cursor.status().error().message;
  return rows;
}

inline Rows rows_of(const KvStore& store, Family family) { return rows_of(*store.cursor(family)); }

inline std::optional<std::string> value_of(const KvStore& store, Family family,
                                           std::string_view key) {
  const auto value = store.get(family, key);
  EXPECT_TRUE(value.ok());
  return value.ok() ? *value : std::nullopt;
}

inline void expect_done(const Status& status) {
  EXPECT_TRUE(status.ok()) << status.error().code << ": " << status.error().message;
}

// A folder for one test.
class TestFolder {
 public:
  TestFolder() : folder_(TemporaryFolder::make("tiendo-store-test-").value()) {}
  [[nodiscard]] std::string path() const { return (folder_.path() / "store").string(); }

 private:
  TemporaryFolder folder_;
};

inline RocksOptions rocks_options(const std::string& path, RocksProfile profile) {
  return {.path = path,
          .families = test_families(),
          .profile = profile,
          .block_cache_bytes = 8u << 20,
          .follower = false};
}

class MemoryTwin {
 public:
  KvStore& store() { return *store_; }
  void reopen() {}  // what is in memory cannot be closed

 private:
  std::unique_ptr<KvStore> store_ = make_memory_store(test_families());
};

class FaultyTwin {
 public:
  FaultyStore& store() { return *store_; }
  void reopen() { store_ = store_->crash(SIZE_MAX); }  // lost nothing: closed in order

 private:
  std::unique_ptr<FaultyStore> store_ = make_faulty_store(test_families());
};

template <RocksProfile profile>
class RocksTwin {
 public:
  RocksTwin() { reopen(); }
  KvStore& store() { return *store_; }
  void reopen() {
    store_.reset();
    auto opened = open_rocks_store(rocks_options(folder_.path(), profile));
    if (!opened.ok()) throw std::runtime_error(opened.error().message);
    store_ = std::move(opened).value();
  }

 private:
  TestFolder folder_;
  std::unique_ptr<KvStore> store_;
};

// What the stores are compared with: the plainest thing that can be right.
class Model {
 public:
  using Table = std::map<std::string, std::string>;

  void apply(const WriteBatch& batch) {
    for (const WriteBatch::Entry& entry : batch.entries()) {
      const std::string key(batch.key(entry));
      if (entry.erase) {
        tables_[entry.family].erase(key);
      } else {
        tables_[entry.family][key] = std::string(batch.value(entry));
      }
    }
  }
  [[nodiscard]] const Table& table(Family family) const { return tables_[family]; }
  [[nodiscard]] Rows rows(Family family) const {
    return {tables_[family].begin(), tables_[family].end()};
  }

 private:
  std::array<Table, family_count> tables_;
};

inline void expect_equal(const KvStore& store, const Model& model) {
  for (Family family = 0; family < family_count; ++family) {
    EXPECT_EQ(rows_of(store, family), model.rows(family)) << "family " << family;
  }
}

}  // namespace tiendo

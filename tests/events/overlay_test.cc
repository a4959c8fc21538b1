#include "events/overlay.h"

#include <gtest/gtest.h>

#include <random>

namespace tiendo {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows rows_from(const Snapshot& snapshot, Family family, const std::string& start) {
  Rows rows;
  const auto cursor = snapshot.cursor(family);
  for (cursor->seek(start); cursor->valid(); cursor->next()) {
    rows.emplace_back(cursor->key(), cursor->value());
  }
  EXPECT_TRUE(cursor->status().ok());
  return rows;
}

TEST(OverlayRows, AreWhatTheStoreWouldBeAfterTheWrites) {
  std::mt19937 random(20240310);
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const auto writes = [&] {
    WriteBatch batch;
    for (int i = pick(12); i > 0; --i) {
      const Family family = static_cast<Family>(pick(2));
      const std::string key(1, static_cast<char>('a' + pick(12)));
      if (pick(3) == 0) {
        batch.erase(family, key);
      } else {
        batch.put(family, key, std::to_string(pick(100)));
      }
    }
    return batch;
  };
  for (int round = 0; round < 200; ++round) {
    const auto below = make_memory_store({{"one"}, {"two"}});
    const auto both = make_memory_store({{"one"}, {"two"}});
    const WriteBatch first = writes();
    ASSERT_TRUE(below->commit(first, Durability::unsynced).ok());
    ASSERT_TRUE(both->commit(first, Durability::unsynced).ok());
    const Rows before = rows_from(*below->snapshot(), 0, "");
    OverlayRows overlay(below->snapshot());
    for (int batch = 0; batch < 3; ++batch) {
      const WriteBatch more = writes();
      overlay.apply(more);
      ASSERT_TRUE(both->commit(more, Durability::unsynced).ok());
      for (const Family family : {0U, 1U}) {
        for (const char* start : {"", "c", "f", "k", "z"}) {
          EXPECT_EQ(rows_from(overlay, family, start), rows_from(*both->snapshot(), family, start));
        }
        const std::vector<std::string_view> keys = {"a", "d", "e", "x"};
        EXPECT_EQ(overlay.get_many(family, keys).value(), both->get_many(family, keys).value());
        EXPECT_EQ(overlay.get(family, "b").value(), both->get(family, "b").value());
      }
    }
    EXPECT_EQ(rows_from(*below->snapshot(), 0, ""), before) << "the store itself was written to";
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace tiendo

#include "events/sorted_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

namespace tiendo {
namespace {

std::vector<std::string> keys_in_order(const WriteBatch& batch, const std::vector<uint32_t>& rows) {
  std::vector<std::string> keys;
  for (const uint32_t row : rows) keys.emplace_back(batch.key(batch.entries()[row]));
  return keys;
}

TEST(SortedRowsTest, SortsKeysThatDifferAnywhereAndInLengthOnly) {
  const uint32_t seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::set<std::string> keys;
  for (int i = 0; i < 3'000; ++i) {
    // Long runs of few bytes: common prefixes of all lengths, with zeros at their ends.
    std::string key(random() % 40, '\0');
    for (char& byte : key) byte = random() % 8 == 0 ? static_cast<char>(random() % 256) : '\0';
    keys.insert(key);
  }
  std::vector<std::string> shuffled(keys.begin(), keys.end());
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  WriteBatch batch;
  for (const std::string& key : shuffled) batch.put(0, key, "value");

  const auto sorted = sorted_rows(batch, 1);
  EXPECT_EQ(keys_in_order(batch, sorted[0]), std::vector<std::string>(keys.begin(), keys.end()));
}

TEST(SortedRowsTest, KeepsFamiliesApart) {
  WriteBatch batch;
  batch.put(2, "b", "");
  batch.erase(0, "b");
  batch.put(2, "a", "");
  const auto sorted = sorted_rows(batch, 3);
  EXPECT_EQ(sorted[0], (std::vector<uint32_t>{1}));
  EXPECT_TRUE(sorted[1].empty());
  EXPECT_EQ(sorted[2], (std::vector<uint32_t>{2, 0}));
}

TEST(SortedRowsTest, EndsTheProgramOnAKeyThatComesTwice) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const std::size_t length : {0u, 7u, 8u, 9u, 16u, 17u}) {
    WriteBatch batch;
    batch.put(0, std::string(length, 'k'), "");
    batch.put(0, "another", "");
    batch.erase(0, std::string(length, 'k'));
    EXPECT_DEATH(static_cast<void>(sorted_rows(batch, 1)), "holds a key twice") << length;
  }
}

TEST(SortedRowsTest, EndsTheProgramOnAFamilyThatWasNotOpened) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  WriteBatch batch;
  batch.put(1, "key", "");
  EXPECT_DEATH(static_cast<void>(sorted_rows(batch, 1)), "not opened");
}

}  // namespace
}  // namespace tiendo

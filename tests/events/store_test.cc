// What every store promises, asked of each of the three (and of both settings of RocksDB).
#include "events/store.h"

#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/events/store_twins.h"

namespace tiendo {
namespace {

using std::string_literals::operator""s;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

template <class Twin>
class StoreTest : public testing::Test {
 public:
  KvStore& store() { return twin_.store(); }
  void reopen() { twin_.reopen(); }

  void put(Family family, const std::string& key, const std::string& value) {
    WriteBatch batch;
    batch.put(family, key, value);
    expect_done(store().commit(batch, Durability::unsynced));
  }

 private:
  Twin twin_;
};

using Twins = testing::Types<MemoryTwin, FaultyTwin, RocksTwin<RocksProfile::log>,
                             RocksTwin<RocksProfile::views>>;
class TwinNames {
 public:
  template <class Twin>
  static std::string GetName(int number) {
    return std::array{"Memory", "Faulty", "RocksLog", "RocksViews"}[static_cast<unsigned>(number)];
  }
};
TYPED_TEST_SUITE(StoreTest, Twins, TwinNames);

TYPED_TEST(StoreTest, ReadsWhatWasPut) {
  this->put(ordered, "key", "value");
  EXPECT_EQ(value_of(this->store(), ordered, "key"), "value");
}

TYPED_TEST(StoreTest, TellsAMissingKeyFromAnEmptyValue) {
  this->put(ordered, "key", "");
  EXPECT_EQ(value_of(this->store(), ordered, "key"), "");
  EXPECT_EQ(value_of(this->store(), ordered, "ke"), std::nullopt);
  EXPECT_EQ(value_of(this->store(), looked_up, "key"), std::nullopt);
}

TYPED_TEST(StoreTest, KeepsAnyBytesInKeysAndValues) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  this->put(looked_up, bytes, bytes);
  this->put(looked_up, "", "of the empty key");
  this->put(looked_up, "long", std::string(3u << 20, 'x'));
  EXPECT_EQ(value_of(this->store(), looked_up, bytes), bytes);
  EXPECT_EQ(value_of(this->store(), looked_up, ""), "of the empty key");
  EXPECT_EQ(value_of(this->store(), looked_up, "long"), std::string(3u << 20, 'x'));
}

TYPED_TEST(StoreTest, LetsLaterWritesOfABatchWin) {
  WriteBatch batch;
  batch.put(ordered, "a", "first");
  batch.put(ordered, "a", "second");
  batch.put(ordered, "b", "first");
  batch.erase(ordered, "b");
  batch.erase(ordered, "c");
  batch.put(ordered, "c", "after all");
  expect_done(this->store().commit(batch, Durability::synced));
  EXPECT_THAT(rows_of(this->store(), ordered),
              ElementsAre(Pair("a", "second"), Pair("c", "after all")));
}

TYPED_TEST(StoreTest, LetsAnAppendedBatchWin) {
  WriteBatch batch;
  batch.put(ordered, "a", "first");
  batch.put(ordered, "b", "first");
  WriteBatch later;
  later.erase(ordered, "a");
  later.put(ordered, "b", "second");
  batch.append(later);
  expect_done(this->store().commit(batch, Durability::synced));
  EXPECT_THAT(rows_of(this->store(), ordered), ElementsAre(Pair("b", "second")));
}

TYPED_TEST(StoreTest, ErasesWhatIsThereAndWhatIsNot) {
  this->put(ordered, "a", "1");
  WriteBatch batch;
  batch.erase(ordered, "a");
  batch.erase(ordered, "never there");
  expect_done(this->store().commit(batch, Durability::synced));
  EXPECT_THAT(rows_of(this->store(), ordered), IsEmpty());
}

TYPED_TEST(StoreTest, TakesEmptyBatches) {
  expect_done(this->store().commit(WriteBatch(), Durability::synced));
  expect_done(this->store().commit(WriteBatch(), Durability::unsynced));
  expect_done(this->store().commit_sorted_run(WriteBatch()));
  EXPECT_THAT(rows_of(this->store(), ordered), IsEmpty());
}

TYPED_TEST(StoreTest, AnswersManyKeysInTheirOrder) {
  this->put(looked_up, "a", "1");
  this->put(looked_up, "b", "2");
  const auto found = this->store().get_many(looked_up, {"b", "x", "a", "b"});
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(*found, ElementsAre("2", std::nullopt, "1", "2"));
  EXPECT_THAT(this->store().get_many(looked_up, {}).value(), IsEmpty());
}

TYPED_TEST(StoreTest, WalksKeysAsUnsignedBytes) {
  for (const std::string& key : {"\xff"s, "\x7f"s, "a"s, "a\0"s, ""s, "\x80"s}) {
    this->put(ordered, key, "");
  }
  EXPECT_THAT(rows_of(this->store(), ordered),
              ElementsAre(Pair("", ""), Pair("a", ""), Pair("a\0"s, ""), Pair("\x7f", ""),
                          Pair("\x80", ""), Pair("\xff", "")));
}

TYPED_TEST(StoreTest, SeeksTheFirstKeyNotBelow) {
  this->put(ordered, "b", "1");
  this->put(ordered, "d", "2");
  const auto cursor = this->store().cursor(ordered);
  EXPECT_FALSE(cursor->valid());
  for (const auto& [sought, found] : Rows{{"a", "b"}, {"b", "b"}, {"c", "d"}, {"d", "d"}}) {
    cursor->seek(sought);
    ASSERT_TRUE(cursor->valid());
    EXPECT_EQ(cursor->key(), found) << sought;
  }
  cursor->seek("e");
  EXPECT_FALSE(cursor->valid());
  EXPECT_TRUE(cursor->status().ok());
  cursor->seek("a");  // a cursor at its end can go back
  EXPECT_TRUE(cursor->valid());
}

TYPED_TEST(StoreTest, KeepsACursorAsItWasOpened) {
  this->put(ordered, "a", "old");
  const auto cursor = this->store().cursor(ordered);
  this->put(ordered, "a", "new");
  this->put(ordered, "b", "new");
  EXPECT_THAT(rows_of(*cursor), ElementsAre(Pair("a", "old")));
}

TYPED_TEST(StoreTest, KeepsASnapshotUnmovedByCommitsAndSortedRuns) {
  this->put(ordered, "a", "old");
  this->put(ordered, "gone", "old");
  const auto snapshot = this->store().snapshot();
  this->put(ordered, "a", "new");
  WriteBatch run;
  run.put(ordered, "b", "new");
  run.erase(ordered, "gone");
  expect_done(this->store().commit_sorted_run(run));

  EXPECT_THAT(rows_of(*snapshot->cursor(ordered)),
              ElementsAre(Pair("a", "old"), Pair("gone", "old")));
  EXPECT_EQ(snapshot->get(ordered, "a").value(), "old");
  EXPECT_THAT(snapshot->get_many(ordered, {"b", "gone", "a"}).value(),
              ElementsAre(std::nullopt, "old", "old"));
  EXPECT_THAT(rows_of(this->store(), ordered), ElementsAre(Pair("a", "new"), Pair("b", "new")));
}

TYPED_TEST(StoreTest, WritesAndErasesInASortedRunOverSeveralFamilies) {
  this->put(ordered, "b", "old");
  this->put(ordered, "c", "old");
  WriteBatch run;
  run.put(ordered, "d", "4");
  run.erase(ordered, "b");
  run.put(looked_up, "b", "2");
  run.put(ordered, "a", "1");
  expect_done(this->store().commit_sorted_run(run));
  EXPECT_THAT(rows_of(this->store(), ordered),
              ElementsAre(Pair("a", "1"), Pair("c", "old"), Pair("d", "4")));
  EXPECT_THAT(rows_of(this->store(), looked_up), ElementsAre(Pair("b", "2")));
}

TYPED_TEST(StoreTest, LetsTheLaterOfCommitAndSortedRunWin) {
  WriteBatch first;
  first.put(ordered, "a", "commit");
  WriteBatch second;
  second.put(ordered, "a", "run");
  for (int turn = 0; turn < 3; ++turn) {
    expect_done(this->store().commit(first, Durability::unsynced));
    EXPECT_EQ(value_of(this->store(), ordered, "a"), "commit");
    expect_done(this->store().commit_sorted_run(second));
    EXPECT_EQ(value_of(this->store(), ordered, "a"), "run");
  }
  this->reopen();
  EXPECT_EQ(value_of(this->store(), ordered, "a"), "run");
}

TYPED_TEST(StoreTest, KeepsEverythingWhenClosedAndOpened) {
  WriteBatch run;
  run.put(looked_up, "in a run", "1");
  expect_done(this->store().commit_sorted_run(run));
  this->put(looked_up, "unsynced", "2");
  this->reopen();
  EXPECT_THAT(rows_of(this->store(), looked_up),
              ElementsAre(Pair("in a run", "1"), Pair("unsynced", "2")));
}

TYPED_TEST(StoreTest, FollowsItselfAtNoCost) { expect_done(this->store().follow()); }

TYPED_TEST(StoreTest, EndsTheProgramWhenASortedRunHoldsAKeyTwice) {
  GTEST_FLAG_SET(death_test_style, "fast");  // the child dies before it needs RocksDB's threads
  WriteBatch run;
  run.put(ordered, "key of some length", "1");
  run.erase(ordered, "key of some length");
  EXPECT_DEATH(static_cast<void>(this->store().commit_sorted_run(run)), "holds a key twice");
}

// The writer gives all rows the number of their batch; a reader must never see two numbers.
TYPED_TEST(StoreTest, ShowsReadersWholeBatchesOnly) {
  const auto batch_of = [](int number) {
    WriteBatch batch;
    for (Family family = 0; family < family_count; ++family) {
      for (const char* key : {"a", "b", "c"}) batch.put(family, key, std::to_string(number));
    }
    return batch;
  };
  expect_done(this->store().commit(batch_of(0), Durability::unsynced));
  std::atomic<bool> written = false;
  std::atomic<int> torn = 0;
  std::jthread reader([&] {
    bool last_round = false;
    while (!last_round) {
      last_round = written;
      const auto snapshot = this->store().snapshot();
      std::set<std::string> seen;
      for (Family family = 0; family < family_count; ++family) {
        for (const auto& [key, value] : rows_of(*snapshot->cursor(family))) seen.insert(value);
      }
      if (seen.size() != 1) ++torn;
    }
  });
  for (int number = 1; number <= 300; ++number) {
    expect_done(number % 50 == 0 ? this->store().commit_sorted_run(batch_of(number))
                                 : this->store().commit(batch_of(number), Durability::unsynced));
  }
  written = true;
  reader.join();
  EXPECT_EQ(torn, 0);
}

// Goal: find any way in which a store differs from an ordered map. Method: random batches over few
// keys, so that they meet often, as commits and as sorted runs, with snapshots and reopening in
// between; after each step one way of reading is compared with the model.
class RandomWork {
 public:
  explicit RandomWork(uint32_t seed) : random_(seed) {}

  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }

  std::string key() {
    static const std::array stems = {"", "a", "prefix-of-some-length-", "\xff\xff"};
    std::string key = stems[below(static_cast<uint32_t>(stems.size()))];
    for (uint32_t i = below(3); i > 0; --i) key.push_back(static_cast<char>(below(4) * 85));
    return key;
  }

  WriteBatch batch(bool unique_keys) {
    WriteBatch batch;
    std::set<std::pair<Family, std::string>> used;
    for (uint32_t i = below(20); i > 0; --i) {
      const Family family = below(family_count);
      const std::string written = key();
      if (unique_keys && !used.emplace(family, written).second) continue;
      if (below(4) == 0) {
        batch.erase(family, written);
      } else {
        batch.put(family, written, std::to_string(random_()));
      }
    }
    return batch;
  }

 private:
  std::mt19937 random_;
};

void compare_lookups(RandomWork& work, const KvStore& store, const Model& model) {
  const Family family = work.below(family_count);
  std::vector<std::string> keys;
  for (uint32_t i = work.below(12); i > 0; --i) keys.push_back(work.key());
  const auto found = store.get_many(family, {keys.begin(), keys.end()});
  ASSERT_TRUE(found.ok());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto expected = model.table(family).find(keys[i]);
    const bool there = expected != model.table(family).end();
    EXPECT_EQ((*found)[i], there ? std::optional(expected->second) : std::nullopt);
    EXPECT_EQ(value_of(store, family, keys[i]), (*found)[i]);
  }
}

TYPED_TEST(StoreTest, MatchesAModelOverRandomWork) {
  const uint32_t seed = 20'240'310;
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomWork work(seed);
  Model model;
  for (int step = 0; step < 150 && !this->HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    if (work.below(40) == 0) this->reopen();
    const auto snapshot = this->store().snapshot();
    const Model before = model;
    const bool run = work.below(12) == 0;
    const WriteBatch batch = work.batch(run);
    model.apply(batch);
    expect_done(run ? this->store().commit_sorted_run(batch)
                    : this->store().commit(batch, Durability::unsynced));
    compare_lookups(work, this->store(), model);
    const Family family = work.below(family_count);
    EXPECT_EQ(rows_of(this->store(), family), model.rows(family));
    EXPECT_EQ(rows_of(*snapshot->cursor(family)), before.rows(family));
  }
  this->reopen();
  expect_equal(this->store(), model);
}

}  // namespace
}  // namespace tiendo

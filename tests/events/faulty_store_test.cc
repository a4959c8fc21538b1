// What only the store that fails on purpose promises.
#include <gmock/gmock.h>

#include <random>

#include "events/store.h"
#include "tests/events/store_twins.h"

namespace tiendo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

WriteBatch batch_of(const std::string& key) {
  WriteBatch batch;
  batch.put(ordered, key, "");
  return batch;
}

class FaultyStoreTest : public testing::Test {
 public:
  std::string commit(const std::string& key, Durability durability) {
    const Status status = store_->commit(batch_of(key), durability);
    return status.ok() ? "done" : status.error().code;
  }
  FaultyStore& store() { return *store_; }

 private:
  std::unique_ptr<FaultyStore> store_ = make_faulty_store(test_families());
};

std::vector<std::string> keys_of(const KvStore& store) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : rows_of(store, ordered)) keys.push_back(key);
  return keys;
}

TEST_F(FaultyStoreTest, FailsTheChosenCommitAndAllAfter) {
  store().plan({.fail_commit = 1});
  EXPECT_EQ(commit("a", Durability::synced), "done");
  EXPECT_EQ(commit("b", Durability::synced), "io");
  store().plan({});
  EXPECT_EQ(commit("c", Durability::synced), "io");
  EXPECT_EQ(store().commit_sorted_run(batch_of("d")).error().code, "io");
  EXPECT_THAT(keys_of(store()), ElementsAre("a"));
}

TEST_F(FaultyStoreTest, FailsTheChosenSortedRun) {
  store().plan({.fail_commit = 0});
  EXPECT_EQ(store().commit_sorted_run(batch_of("a")).error().code, "io");
  EXPECT_THAT(keys_of(store()), IsEmpty());
}

TEST_F(FaultyStoreTest, LosesUnsyncedCommitsFromTheEndOnly) {
  commit("1", Durability::unsynced);
  commit("2", Durability::synced);
  commit("3", Durability::unsynced);
  commit("4", Durability::unsynced);
  EXPECT_THAT(keys_of(*store().crash(0)), ElementsAre("1", "2"));
  EXPECT_THAT(keys_of(*store().crash(1)), ElementsAre("1", "2", "3"));
  EXPECT_THAT(keys_of(*store().crash(9)), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(keys_of(store()), ElementsAre("1", "2", "3", "4"));
}

TEST_F(FaultyStoreTest, LosesNothingBeforeASortedRun) {
  commit("1", Durability::unsynced);
  expect_done(store().commit_sorted_run(batch_of("2")));
  EXPECT_THAT(keys_of(*store().crash(0)), ElementsAre("1", "2"));
}

TEST_F(FaultyStoreTest, LeavesOpenWhetherAFailedCommitReachedTheDisk) {
  store().plan({.fail_commit = 1});
  commit("1", Durability::unsynced);
  commit("2", Durability::synced);
  commit("3", Durability::synced);
  EXPECT_THAT(keys_of(*store().crash(0)), IsEmpty());
  EXPECT_THAT(keys_of(*store().crash(1)), ElementsAre("1"));
  EXPECT_THAT(keys_of(*store().crash(9)), ElementsAre("1", "2"));
}

TEST_F(FaultyStoreTest, WorksAgainAfterACrash) {
  store().plan({.fail_commit = 0});
  commit("1", Durability::synced);
  const auto again = store().crash(0);
  expect_done(again->commit(batch_of("2"), Durability::unsynced));
  EXPECT_THAT(keys_of(*again->crash(0)), IsEmpty());
  EXPECT_THAT(keys_of(*again->crash(1)), ElementsAre("2"));
}

TEST_F(FaultyStoreTest, FailsTheChosenReadOfAnyKindOnce) {
  commit("a", Durability::synced);
  commit("b", Durability::synced);
  const auto snapshot = store().snapshot();
  const auto cursor = snapshot->cursor(ordered);

  store().plan({.fail_read = 1});
  EXPECT_TRUE(store().get(ordered, "a").ok());
  EXPECT_EQ(snapshot->get_many(ordered, {"a"}).error().code, "io");
  EXPECT_TRUE(snapshot->get(ordered, "a").ok());

  store().plan({.fail_read = 1});
  cursor->seek("");
  ASSERT_TRUE(cursor->valid());
  cursor->next();
  EXPECT_FALSE(cursor->valid());
  EXPECT_EQ(cursor->status().error().code, "io");
  EXPECT_THAT(rows_of(*cursor), ElementsAre(Pair("a", ""), Pair("b", "")));
}

TEST_F(FaultyStoreTest, CutsAScanSilentlyAndTellsWhenOneSeeksOn) {
  for (const char* key : {"a", "b", "c", "d"}) commit(key, Durability::synced);
  const auto cursor = store().cursor(ordered);
  store().plan({.cut_scan = 1});
  EXPECT_THAT(rows_of(*cursor), ElementsAre(Pair("a", ""), Pair("b", "")));  // with status OK
  cursor->seek("c");
  EXPECT_FALSE(cursor->valid());
  EXPECT_EQ(cursor->status().error().code, "corrupt");
  EXPECT_THAT(keys_of(store()), ElementsAre("a", "b", "c", "d"));
}

// Goal: a crash leaves the synced commits and a prefix of the others, always. Method: random
// commits, with one model for each number of commits since the last synced one.
TEST_F(FaultyStoreTest, LeavesAPrefixAtEachCrashOfRandomWork) {
  const uint32_t seed = 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto live = make_faulty_store(test_families());
  std::vector<Model> models(1);  // after the last synced commit, after the next one ...
  for (int step = 0; step < 400 && !HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    WriteBatch batch;
    const std::string key = std::to_string(random() % 30);
    if (random() % 4 == 0)
      batch.erase(looked_up, key);
    else
      batch.put(looked_up, key, std::to_string(step));
    const auto kind = random() % 8;
    expect_done(kind == 0   ? live->commit_sorted_run(batch)
                : kind == 1 ? live->commit(batch, Durability::synced)
                            : live->commit(batch, Durability::unsynced));
    models.push_back(models.back());
    models.back().apply(batch);
    if (kind <= 1) models.erase(models.begin(), models.end() - 1);
    if (random() % 10 != 0) continue;
    const std::size_t kept = random() % models.size();
    live = live->crash(kept);
    models = {models[kept]};
    expect_equal(*live, models.front());
  }
}

}  // namespace
}  // namespace tiendo

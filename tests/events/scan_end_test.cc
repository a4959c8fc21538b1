#include "events/scan_end.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

constexpr Family only = 0;

std::unique_ptr<FaultyStore> three_rows() {
  auto store = make_faulty_store({{.name = "only"}});
  WriteBatch batch;
  for (const char* key : {"a", "b", "c"}) batch.put(only, key, "");
  EXPECT_TRUE(store->commit(batch, Durability::synced).ok());
  return store;
}

// Goes through all rows up to `stop`, and says how the scan ended.
std::string scan(const KvStore& store, std::string_view stop = "") {
  const auto cursor = store.cursor(only);
  std::string last;
  for (cursor->seek(""); cursor->valid() && cursor->key() != stop; cursor->next()) {
    last = cursor->key();
  }
  const Status end = scan_end(*cursor, last);
  return last + " " + (end.ok() ? "done" : end.error().code);
}

TEST(ScanEnd, IsDoneBehindTheLastRowAndWhereTheReaderStopped) {
  EXPECT_EQ(scan(*three_rows()), "c done");
  EXPECT_EQ(scan(*three_rows(), "b"), "a done");
  EXPECT_EQ(scan(*make_faulty_store({{.name = "only"}})), " done");
}

TEST(ScanEnd, TellsOfEveryScanThatWasCutShort) {
  for (int64_t cut = 0; cut < 2; ++cut) {
    const auto store = three_rows();
    store->plan({.cut_scan = cut});
    EXPECT_EQ(scan(*store), cut == 0 ? "a corrupt" : "b corrupt");
  }
}

TEST(ScanEnd, TellsOfEveryFailedMove) {
  for (int64_t read = 1; read < 4; ++read) {
    const auto store = three_rows();
    store->plan({.fail_read = read});
    EXPECT_TRUE(scan(*store).ends_with(" io")) << read;
  }
}

}  // namespace
}  // namespace tiendo

#include "deploy/reconciling.h"

#include <gtest/gtest.h>

#include <thread>

#include "deploy/metrics.h"
#include "deploy/views_verification.h"
#include "events/store_folder.h"
#include "tests/deploy/small_log.h"

namespace tiendo {
namespace {

using testing::SmallLog;

class ReconcilingTest : public ::testing::Test {
 protected:
  std::unique_ptr<Projection> opened() {
    auto projection = std::make_unique<Projection>(Projection::Parts{
        .folder = folder_.path() / "views", .log = log_.reader(), .end_process = nullptr});
    const Status status = projection->open();
    EXPECT_TRUE(status.ok()) << status.error().message;
    return projection;
  }
  // Fills the first generation and closes it.
  void fill() {
    log_.add_year(5);
    const auto projection = opened();
    EXPECT_EQ(projection->rebuild([](const RebuildReport&) {}).error, "");
  }
  // Adds a digit to the last sum, behind everybody's back.
  void damage_a_sum() {
    const Generations generations(folder_.path() / "views");
    auto store = open_rocks_store({.path = generations.path(generations.pointer()->current),
                                   .families = views_families(),
                                   .profile = RocksProfile::views});
    ASSERT_TRUE(store.ok());
    WriteBatch batch;
    {
      const auto snapshot = (*store)->snapshot();
      const auto cursor = snapshot->cursor(view_family::rollups);
      cursor->seek("");
      ASSERT_TRUE(cursor->valid());
      Cell cell = parse_cell(cursor->value());
      cell.amount += Sum(Decimal::whole(8));
      batch.put(view_family::rollups, cursor->key(), cell_value(cell));
    }
    ASSERT_TRUE((*store)->commit(batch, Durability::synced).ok());
  }
  Reconciling::Parts parts(const Projection& projection, int percent = 5) {
    return {.projection = projection, .log = log_.reader(), .clock = clock_, .percent = percent};
  }
  static void go_round(Reconciling& reconciling) {
    for (const uint64_t before = reconciling.status().cycles;
         reconciling.status().cycles == before;) {
      reconciling.step();
    }
  }

  TemporaryFolder folder_ = TemporaryFolder::make("reconciling-").value();
  SmallLog log_;
  ManualClock clock_{Instant{1'700'000'000'000}};
};

TEST_F(ReconcilingTest, GoodViewsAreGoneThroughAndNothingIsSaid) {
  fill();
  const auto projection = opened();
  Reconciling reconciling(parts(*projection));
  go_round(reconciling);
  const ReconcilingStatus status = reconciling.status();
  EXPECT_EQ(status.cycles, 1u);
  EXPECT_GT(status.subjects_checked, 5u);
  EXPECT_GT(status.cells_checked, 0u);
  EXPECT_EQ(status.in_words(), "");
  EXPECT_EQ(status.last_cycle, clock_.now());
}

TEST_F(ReconcilingTest, ADamagedSumIsToldWithItsRecordAndWhatToDoUntilARebuild) {
  fill();
  damage_a_sum();
  const auto projection = opened();
  Reconciling reconciling(parts(*projection));
  go_round(reconciling);
  const std::string words = reconciling.status().in_words();
  EXPECT_NE(words.find("not what the log comes to: 1; the first: rollups: "), std::string::npos);
  EXPECT_NE(words.find("first record intake@"), std::string::npos) << words;
  EXPECT_NE(words.find("run `tiendo rebuild`"), std::string::npos) << words;
  go_round(reconciling);
  EXPECT_EQ(reconciling.status().in_words(), words);
  EXPECT_EQ(projection->rebuild([](const RebuildReport&) {}).error, "");
  go_round(reconciling);
  const ReconcilingStatus status = reconciling.status();
  EXPECT_EQ(status.in_words(), "");
  EXPECT_EQ(status.differing_rows, 0u);
  EXPECT_EQ(status.differences, 1u) << "a counter goes on";
  EXPECT_EQ(status.cycles, 3u);
}

TEST_F(ReconcilingTest, ASliceIsFollowedByTheRestThatItsShareAsksFor) {
  fill();
  const auto projection = opened();
  Reconciling all_of_it(parts(*projection, 100));
  EXPECT_EQ(all_of_it.step().count(), 0);
  Reconciling in_one_percent(parts(*projection, 1));
  const auto began = std::chrono::steady_clock::now();
  const auto rest = in_one_percent.step();
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_LE(rest, 99 * took + std::chrono::milliseconds(1));
  EXPECT_GT(rest.count(), 0);
}

TEST_F(ReconcilingTest, TheLoopEndsWhenTheProgramDoes) {
  fill();
  const auto projection = opened();
  Reconciling reconciling(parts(*projection, 100));
  Ending ending;
  std::thread loop([&] { reconciling.run(ending); });
  while (reconciling.status().cycles == 0) std::this_thread::yield();
  ending.begin();
  loop.join();
  EXPECT_EQ(reconciling.status().differences, 0u);
}

TEST_F(ReconcilingTest, MetricsTellHowFarItIsAndWhatItFound) {
  EXPECT_EQ(metrics_text({}).find("tiendo_reconciliation"), std::string::npos);
  fill();
  damage_a_sum();
  const auto projection = opened();
  Reconciling reconciling(parts(*projection));
  go_round(reconciling);
  const std::string text = metrics_text({.reconciling = reconciling.status()});
  const auto has = [&](const std::string& line) {
    return text.find("\ntiendo_reconciliation_" + line + "\n") != std::string::npos;
  };
  EXPECT_TRUE(has("cycles_total 1")) << text;
  EXPECT_TRUE(has("differences_total 1"));
  EXPECT_TRUE(has("differing_rows 1"));
  EXPECT_TRUE(has("progress_ratio 0"));
  EXPECT_TRUE(has("last_cycle_timestamp 1700000000"));
  const ReconcilingStatus status = reconciling.status();
  EXPECT_TRUE(has("subjects_checked_total " + std::to_string(status.subjects_checked)));
  EXPECT_TRUE(has("cells_checked_total " + std::to_string(status.cells_checked)));
}

TEST_F(ReconcilingTest, VerifyNamesTheDamagedRowAndSaysWhatToDo) {
  fill();
  const auto verified = [&] {
    const auto projection = opened();
    double last = 0;
    const auto report = verify_views(log_.reader(), projection->state(), [&](double done) {
      EXPECT_GE(done, last);
      last = done;
    });
    EXPECT_TRUE(report.ok());
    return *report;
  };
  const std::string well = in_words(verified(), Language::en);
  EXPECT_NE(well.find("the views are what the log comes to\n"), std::string::npos) << well;
  damage_a_sum();
  const std::string damaged = in_words(verified(), Language::vi);
  EXPECT_NE(damaged.find("  ! rollups: "), std::string::npos) << damaged;
  EXPECT_NE(damaged.find("hãy chạy tiendo rebuild\n"), std::string::npos) << damaged;
}

}  // namespace
}  // namespace tiendo

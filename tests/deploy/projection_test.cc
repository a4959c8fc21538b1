#include "deploy/projection.h"

#include <gtest/gtest.h>

#include <thread>

#include "events/bytes.h"
#include "events/record.h"
#include "events/store_folder.h"
#include "tests/deploy/small_log.h"

namespace tiendo {
namespace {

using testing::SmallLog;

class ProjectionTest : public ::testing::Test {
 protected:
  std::unique_ptr<Projection> opened() {
    auto projection = std::make_unique<Projection>(Projection::Parts{
        .folder = folder_.path() / "views",
        .log = log_.reader(),
        .ingest = &ingest_gate_,
        .end_process = [](const Error& error) { ADD_FAILURE() << error.message; }});
    const Status status = projection->open();
    EXPECT_TRUE(status.ok()) << status.error().message;
    return projection;
  }
  // Until the views hold all of the log; the projection has ended then.
  void catch_up(Projection& projection) {
    Ending ending;
    std::thread loop([&] { projection.run(ending); });
    const auto end = log_.log().heads().at(StreamName("intake")).next_position;
    while (read_by(projection) < end || !projection.state()->unfinished.empty()) {
      std::this_thread::yield();
    }
    ending.begin();
    loop.join();
  }
  static RebuildReport rebuilt(Projection& projection) {
    const RebuildReport report = projection.rebuild([](const RebuildReport&) {});
    EXPECT_EQ(report.phase, RebuildReport::Phase::done) << report.error;
    return report;
  }
  static uint64_t read_by(const Projection& projection) {
    const auto state = projection.state();
    return records_in(state->checkpoint);
  }
  static std::string digest_of(const ViewState& state) {
    return to_hex(*ViewReader(*state.rows).digest());
  }
  [[nodiscard]] Generations::Pointer pointer() const {
    return *Generations(folder_.path() / "views").pointer();
  }
  // Writes a row into the current generation, behind everybody's back.
  void tamper(Family family, const std::string& key, const std::string& value) {
    const Generations generations(folder_.path() / "views");
    auto store = open_rocks_store({.path = generations.path(pointer().current),
                                   .families = views_families(),
                                   .profile = RocksProfile::views});
    ASSERT_TRUE(store.ok());
    WriteBatch batch;
    batch.put(family, key, value);
    ASSERT_TRUE((*store)->commit(batch, Durability::synced).ok());
  }
  void foreign_format() {
    std::string format;
    bytes::put(format, uint32_t{views_format_version + 1});
    tamper(view_family::meta, "format", format);
  }

  TemporaryFolder folder_ = TemporaryFolder::make("projection-").value();
  SmallLog log_;
  Gate ingest_gate_;
};

TEST_F(ProjectionTest, BeginsTheFirstGenerationAndGoesOnWithIt) {
  log_.add_year(5);
  catch_up(*opened());
  EXPECT_EQ(pointer().current, "g000001");
  EXPECT_EQ(read_by(*opened()), 7u);
  EXPECT_EQ(pointer().current, "g000001");
}

TEST_F(ProjectionTest, ViewsOfAnotherFormatAreFilledAnew) {
  log_.add_year(5);
  catch_up(*opened());
  foreign_format();
  const auto projection = opened();
  EXPECT_EQ(pointer().current, "g000002");
  EXPECT_EQ(pointer().previous, "g000001");
  EXPECT_EQ(read_by(*projection), 0u);
  catch_up(*projection);
  EXPECT_EQ(read_by(*projection), 7u);
}

TEST_F(ProjectionTest, ViewsAheadOfTheLogAreFilledAnew) {
  log_.add_year(5);
  catch_up(*opened());
  log_ = SmallLog();  // as after a backup was put in place of the log
  log_.add_year(1);
  const auto projection = opened();
  EXPECT_EQ(pointer().current, "g000002");
  catch_up(*projection);
  EXPECT_EQ(read_by(*projection), 3u);
}

TEST_F(ProjectionTest, ARebuildOfGoodViewsIsEqual) {
  log_.add_year(20);
  catch_up(*opened());
  const auto projection = opened();
  const RebuildReport report = rebuilt(*projection);
  EXPECT_TRUE(report.digest.has_value());
  EXPECT_EQ(report.digest, report.previous_digest);
  EXPECT_FALSE(report.differs());
  EXPECT_EQ(report.records_done, 22u);
  EXPECT_EQ(pointer().current, "g000002");
  EXPECT_EQ(pointer().previous, "g000001");
}

TEST_F(ProjectionTest, ARebuildBringsTheLiveViewsToTheLogsEndBeforeItCompares) {
  log_.add_year(20);
  const auto projection = opened();  // has read nothing yet
  EXPECT_FALSE(rebuilt(*projection).differs());
}

TEST_F(ProjectionTest, ARebuildFindsAChangedRowAndTheLogWins) {
  log_.add_year(20);
  {
    const auto projection = opened();
    catch_up(*projection);
  }
  const std::string good = digest_of(*opened()->state());
  tamper(view_family::rollups, "forged", "figure");
  const auto projection = opened();
  EXPECT_NE(digest_of(*projection->state()), good);
  const RebuildReport report = rebuilt(*projection);
  EXPECT_TRUE(report.differs());
  EXPECT_EQ(to_hex(*report.digest), good);
  EXPECT_EQ(digest_of(*projection->state()), good);
}

TEST_F(ProjectionTest, KeepsOnlyTheLastOldGeneration) {
  log_.add_year(3);
  const auto projection = opened();
  for (int i = 0; i < 3; ++i) rebuilt(*projection);
  EXPECT_EQ(pointer().current, "g000004");
  EXPECT_EQ(pointer().previous, "g000003");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "views" / "g000002"));
}

TEST_F(ProjectionTest, AStateOfBeforeStaysReadableAfterTheSwitch) {
  log_.add_year(20);
  catch_up(*opened());
  const auto projection = opened();
  const auto before = projection->state();
  const std::string digest = digest_of(*before);
  rebuilt(*projection);
  rebuilt(*projection);  // its folder is gone now
  EXPECT_EQ(digest_of(*before), digest);
}

TEST_F(ProjectionTest, ARebuildWhileTheLogGrowsIsEqualToo) {
  log_.add_year(50);
  const auto projection = opened();
  Ending ending;
  std::thread project([&] { projection->run(ending); });
  // A store in memory is copied by each write while it is read, so the writing has an end.
  std::thread ingest([&] {
    for (int i = 100; i < 500 && !ending.begun(); ++i) {
      const GatePass pass(ingest_gate_);
      log_.add_activity(i);
      projection->wake();
    }
  });
  for (int i = 0; i < 3; ++i) {
    // A rebuild says that it is over a moment before another may begin.
    while (!projection->start_rebuild().ok()) std::this_thread::yield();
    while (!projection->rebuild_report().over()) std::this_thread::yield();
    const RebuildReport report = projection->rebuild_report();
    EXPECT_EQ(report.phase, RebuildReport::Phase::done) << report.error;
    EXPECT_TRUE(report.previous_digest.has_value());
    EXPECT_FALSE(report.differs());
  }
  ending.begin();
  ingest.join();
  project.join();
}

TEST_F(ProjectionTest, OneRebuildAtATime) {
  log_.add_year(1);
  const auto projection = opened();
  {
    const GatePass ingest_steps(ingest_gate_);  // for as long, no rebuild comes to its end
    ASSERT_TRUE(projection->start_rebuild().ok());
    EXPECT_EQ(projection->start_rebuild().error().code, "busy");
  }
  while (!projection->rebuild_report().over()) std::this_thread::yield();
}

TEST_F(ProjectionTest, ABrokenProjectorIsReplacedAndItsFiguresStay) {
  log_.add_year(5);
  catch_up(*opened());
  const auto projection = opened();
  const auto good = projection->state();
  // The next record cannot be read: the log itself lies, so that no rebuild can help.
  log_.add_activity(99);
  WriteBatch batch;
  batch.erase(0, record_key(StreamName("intake"), 7));
  ASSERT_TRUE(log_.store().commit(batch, Durability::synced).ok());
  Ending ending;
  std::thread loop([&] { projection->run(ending); });
  while (!projection->rebuild_report().over()) std::this_thread::yield();
  EXPECT_EQ(projection->rebuild_report().phase, RebuildReport::Phase::failed);
  EXPECT_NE(projection->stopped(), "");
  EXPECT_EQ(projection->state()->checkpoint, good->checkpoint);
  ending.begin();
  loop.join();
}

}  // namespace
}  // namespace tiendo

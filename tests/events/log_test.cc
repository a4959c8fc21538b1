// The log over each of the three stores.
#include "events/log.h"

#include <gtest/gtest.h>

#include <optional>

#include "events/bytes.h"
#include "tests/events/store_twins.h"

namespace tiendo {
namespace {

std::string event(std::string_view id, int members) {
  return R"({"specversion":"1.0","type":"vn.tiendo.activity.recorded.v1","source":"urn:a","id":")" +
         std::string(id) + R"(","data":{"participants":{"members":)" + std::to_string(members) +
         "}}}";
}

Admission accepted(std::string_view id, int members = 1, std::optional<int64_t> stamp_ms = {}) {
  Admission admission;
  admission.message.value = event(id, members);
  if (stamp_ms) admission.stamp = Instant{*stamp_ms};
  admission.identity = identity_of("urn:a", id);
  return admission;
}

Admission rejected(Reason reason) {
  Admission admission;
  admission.message.value = "garbage";
  admission.refusal = Refusal{reason, "data", "x", "y"};
  return admission;
}

const StreamName t0("t:0:0");
const StreamName t1("t:1:0");

using Admissions = std::vector<Admission>;

Result<std::vector<Placed>> append(EventLog& log, Admissions admissions, StreamName stream = t0) {
  std::vector<EventLog::Batch> batches;
  batches.push_back({stream, std::move(admissions)});
  return log.append(std::move(batches));
}

std::string verdicts(const Result<std::vector<Placed>>& placed) {
  if (!placed.ok()) return placed.error().code;
  std::string out;
  for (const Placed& one : *placed) {
    out += std::to_string(one.position) + std::string(name_of(one.judgement.verdict)).substr(0, 1) +
           (one.judgement.conflict ? "! " : " ");
  }
  return out;
}

std::vector<Record> all_of(const LogReader& reader, StreamName stream, uint64_t to) {
  std::vector<Record> all;
  expect_done(reader.scan(stream, 0, to, [&](const Record& record) {
    all.push_back(record);
    return true;
  }));
  return all;
}

class MemoryLogTwin {
 public:
  KvStore& store() { return *store_; }
  void reopen() {}

 private:
  std::unique_ptr<KvStore> store_ = make_memory_store(log_families());
};

class FaultyLogTwin {
 public:
  FaultyStore& store() { return *store_; }
  void reopen() { store_ = store_->crash(0); }  // everything is synced, so nothing may be lost

 private:
  std::unique_ptr<FaultyStore> store_ = make_faulty_store(log_families());
};

class RocksLogTwin {
 public:
  RocksLogTwin() { reopen(); }
  KvStore& store() { return *store_; }
  void reopen() {
    store_.reset();
    store_ =
        open_rocks_store(
            {.path = folder_.path(), .families = log_families(), .block_cache_bytes = 8u << 20})
            .value();
  }

 private:
  TestFolder folder_;
  std::unique_ptr<KvStore> store_;
};

template <class Twin>
class LogTest : public ::testing::Test {
 protected:
  LogTest() { open(); }
  void open() { log_ = EventLog::open(twin_.store()).value(); }
  void reopen() {
    log_.reset();
    twin_.reopen();
    open();
  }
  EventLog& log() { return *log_; }

  Twin twin_;
  std::unique_ptr<EventLog> log_;
};

using Twins = ::testing::Types<MemoryLogTwin, FaultyLogTwin, RocksLogTwin>;
TYPED_TEST_SUITE(LogTest, Twins);

TYPED_TEST(LogTest, KeepsWhereAStreamComesFrom) {
  ASSERT_TRUE(append(this->log(), {accepted("a")}).ok());
  EXPECT_TRUE(this->log().origins().empty()) << "as in a log of before";
  expect_done(this->log().set_origin(t0, {"cluster-a"}));
  expect_done(this->log().set_origin(t1, {"cluster-b"}));
  this->reopen();
  EXPECT_EQ(this->log().origins().at(t0).cluster, "cluster-a");
  EXPECT_EQ(this->log().origins().at(t1).cluster, "cluster-b");
  EXPECT_EQ(this->log().heads().size(), 1u) << "it is no head";
}

TYPED_TEST(LogTest, PositionsAreDenseAndNothingIsSkipped) {
  EXPECT_EQ(
      verdicts(append(this->log(), {accepted("a"), rejected(Reason::not_json), accepted("a")})),
      "0a 1r 2d ");
  this->reopen();
  EXPECT_EQ(verdicts(append(this->log(), {rejected(Reason::empty), accepted("b")})), "3r 4a ");
  EXPECT_EQ(verdicts(append(this->log(), {accepted("a")}, t1)), "0a ");
  const auto records = all_of(this->log().reader(), t0, 5);
  ASSERT_EQ(records.size(), 5U);
  for (uint64_t at = 0; at < 5; ++at) EXPECT_EQ(records[at].position, at);
  EXPECT_EQ(records[1].message.value, "garbage");
  EXPECT_EQ(records[1].judgement.refusal, (Refusal{Reason::not_json, "data", "x", "y"}));
}

TYPED_TEST(LogTest, TheFirstAcceptedOfAnIdentityCounts) {
  EXPECT_EQ(verdicts(append(this->log(), {accepted("a", 1), accepted("a", 1), accepted("a", 2)})),
            "0a 1d 2d! ");
  EXPECT_EQ(verdicts(append(this->log(), {accepted("a", 2), accepted("a", 1)})), "3d! 4d ");
  this->reopen();
  EXPECT_EQ(verdicts(append(this->log(), {accepted("a", 3), accepted("a", 1)})), "5d! 6d ");
  const auto found = this->log().reader().find(t0, identity_of("urn:a", "a"));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(*found, 0U);
}

TYPED_TEST(LogTest, ARejectedMessageTakesNoIdentity) {
  Admission bad = accepted("a");
  bad.refusal = Refusal{Reason::date_invalid, "data.ends", "x", "y"};
  std::vector<Admission> admissions;
  admissions.push_back(std::move(bad));
  admissions.push_back(accepted("a"));
  EXPECT_EQ(verdicts(append(this->log(), std::move(admissions))), "0r 1a ");
}

TYPED_TEST(LogTest, OneBatchMayHoldAStreamTwice) {
  std::vector<EventLog::Batch> batches;
  batches.push_back({t0, {accepted("a")}});
  batches.push_back({t1, {accepted("a")}});
  batches.push_back({t0, {accepted("a"), accepted("b")}});
  EXPECT_EQ(verdicts(this->log().append(std::move(batches))), "0a 0a 1d 2a ");
  this->reopen();
  EXPECT_EQ(this->log().heads().at(t0).next_position, 3U);
  EXPECT_EQ(all_of(this->log().reader(), t0, 3).size(), 3U);
}

TYPED_TEST(LogTest, RecordedAtNeverGoesBackInAStream) {
  ASSERT_TRUE(append(this->log(), {accepted("a", 1, 1'000), accepted("b", 1, 400), accepted("c", 1),
                                   accepted("d", 1, 1'500)})
                  .ok());
  this->reopen();
  ASSERT_TRUE(append(this->log(), {accepted("e", 1, 1'200)}).ok());
  ASSERT_TRUE(append(this->log(), {accepted("f", 1, 300)}, t1).ok());
  std::vector<int64_t> stamps;
  for (const Record& record : all_of(this->log().reader(), t0, 5)) {
    stamps.push_back(record.recorded_at.ms);
  }
  EXPECT_EQ(stamps, (std::vector<int64_t>{1'000, 1'000, 1'000, 1'500, 1'500}));
  EXPECT_EQ(this->log().reader().read(t1, 0)->recorded_at.ms, 300);
}

TYPED_TEST(LogTest, AFirstRecordWithoutAStampIsOf1970) {
  ASSERT_TRUE(append(this->log(), {accepted("a")}).ok());
  EXPECT_EQ(this->log().reader().read(t0, 0)->recorded_at.ms, 0);
}

TYPED_TEST(LogTest, ReceivedIsTheSumOfWhatBecameOfIt) {
  ASSERT_TRUE(append(this->log(), {accepted("a"), accepted("a"), rejected(Reason::not_json)}).ok());
  this->reopen();
  ASSERT_TRUE(append(this->log(), {accepted("a", 9), rejected(Reason::not_json),
                                   rejected(Reason::plan_budget), accepted("b")})
                  .ok());
  this->reopen();
  const StreamHead& head = this->log().heads().at(t0);
  EXPECT_EQ(head.counters.accepted, 2U);
  EXPECT_EQ(head.counters.duplicate, 2U);
  EXPECT_EQ(head.counters.conflict, 1U);
  EXPECT_EQ(head.counters.rejected[static_cast<uint8_t>(Reason::not_json)], 2U);
  EXPECT_EQ(head.counters.rejected_total(), 3U);
  EXPECT_EQ(head.counters.received(), head.next_position);
}

TYPED_TEST(LogTest, TheSourcesNextOffsetIsBehindTheLastRecord) {
  Admission at_offset = accepted("a");
  at_offset.message.offset = 41;
  std::vector<Admission> admissions;
  admissions.push_back(at_offset);
  ASSERT_TRUE(append(this->log(), std::move(admissions)).ok());
  EXPECT_EQ(this->log().heads().at(t0).next_offset, 42);
  ASSERT_TRUE(append(this->log(), {accepted("b")}, t1).ok());
  EXPECT_EQ(this->log().heads().at(t1).next_offset, 0);
}

TYPED_TEST(LogTest, AScanStopsWhereItIsToldAndStartsWhereItIsAsked) {
  ASSERT_TRUE(append(this->log(), {accepted("a"), accepted("b"), accepted("c")}).ok());
  std::vector<uint64_t> seen;
  expect_done(this->log().reader().scan(t0, 1, 3, [&](const Record& record) {
    seen.push_back(record.position);
    return false;
  }));
  EXPECT_EQ(seen, (std::vector<uint64_t>{1}));
  expect_done(this->log().reader().scan(t0, 3, 3, [](const Record&) { return false; }));
}

TYPED_TEST(LogTest, AnEndBeforeTheEndIsCorrupt) {
  ASSERT_TRUE(append(this->log(), {accepted("a"), accepted("b")}).ok());
  ASSERT_TRUE(append(this->log(), {accepted("a")}, t1).ok());
  const auto everything = [](const Record&) { return true; };
  EXPECT_EQ(this->log().reader().scan(t0, 0, 3, everything).error().code, "corrupt");
  EXPECT_EQ(this->log().reader().scan(t1, 0, 2, everything).error().code, "corrupt");
  EXPECT_EQ(this->log().reader().read(t0, 2).error().code, "not_found");
}

TYPED_TEST(LogTest, AMissingRecordInTheMiddleIsCorrupt) {
  ASSERT_TRUE(append(this->log(), {accepted("a"), accepted("b"), accepted("c")}).ok());
  WriteBatch damage;
  damage.erase(0, std::string("\0\x05t:0:0\0\0\0\0\0\0\0\x01", 15));
  expect_done(this->twin_.store().commit(damage, Durability::synced));
  std::size_t visited = 0;
  const auto status = this->log().reader().scan(t0, 0, 3, [&](const Record&) { return ++visited; });
  EXPECT_EQ(status.error().code, "corrupt");
  EXPECT_EQ(visited, 1U);
}

TYPED_TEST(LogTest, HeadAndRecordsMustAgreeAtOpening) {
  ASSERT_TRUE(append(this->log(), {accepted("a"), accepted("b")}).ok());
  const std::string last("\0\x05t:0:0\0\0\0\0\0\0\0\x01", 15);
  const std::string beyond("\0\x05t:0:0\0\0\0\0\0\0\0\x02", 15);
  const std::string row = **this->twin_.store().get(0, last);
  WriteBatch too_many;
  too_many.put(0, beyond, row);
  expect_done(this->twin_.store().commit(too_many, Durability::synced));
  EXPECT_EQ(EventLog::open(this->twin_.store()).error().code, "corrupt");
  WriteBatch too_few;
  too_few.erase(0, beyond);
  too_few.erase(0, last);
  expect_done(this->twin_.store().commit(too_few, Durability::synced));
  EXPECT_FALSE(EventLog::open(this->twin_.store()).ok());
}

TYPED_TEST(LogTest, CountersThatDoNotAddUpAreCorrupt) {
  ASSERT_TRUE(append(this->log(), {accepted("a")}).ok());
  std::string head = **this->twin_.store().get(2, "head/t:0:0");
  head[31] = 2;  // the last byte of `accepted`
  WriteBatch damage;
  damage.put(2, "head/t:0:0", head);
  expect_done(this->twin_.store().commit(damage, Durability::synced));
  EXPECT_EQ(EventLog::open(this->twin_.store()).error().code, "corrupt");
}

TYPED_TEST(LogTest, CountsTheRecordsBeforeAPointWhereverItLies) {
  auto log = EventLog::open(this->twin_.store()).value();
  Admissions admissions;
  for (int i = 0; i < 9; ++i) admissions.push_back(accepted("e" + std::to_string(i)));
  ASSERT_TRUE(append(*log, std::move(admissions)).ok());
  for (uint64_t count = 0; count <= 9; ++count) {
    for (uint64_t point = 0; point <= 9; ++point) {
      const auto lies_before = [&](const Record& record) { return record.position < point; };
      EXPECT_EQ(log->reader().count_before(t0, count, lies_before).value(), std::min(count, point));
    }
  }
}

TEST(IsImport, IsAnImportWithAName) {
  EXPECT_TRUE(is_import(StreamName("import:2024")));
  for (const char* name : {"import:", "intake", "imports:0:0"}) {
    EXPECT_FALSE(is_import(StreamName(name))) << name;
  }
}

TYPED_TEST(LogTest, RefusesALogOfANewerFormat) {
  WriteBatch newer;
  newer.put(2, "format", std::string("\0\0\0\x02", 4));
  expect_done(this->twin_.store().commit(newer, Durability::synced));
  EXPECT_EQ(EventLog::open(this->twin_.store()).error().code, "format");
}

TEST(LogFaults, NothingOfAFailedAppendIsVisible) {
  auto store = make_faulty_store(log_families());
  auto log = EventLog::open(*store).value();
  ASSERT_TRUE(append(*log, {accepted("a")}).ok());
  store->plan({.fail_commit = 0});
  EXPECT_EQ(append(*log, {accepted("b"), accepted("c")}).error().code, "io");
  EXPECT_EQ(log->heads().at(t0).next_position, 1U);
  EXPECT_EQ(log->reader().heads()->at(t0).next_position, 1U);
  EXPECT_EQ(log->reader().read(t0, 1).error().code, "not_found");
  EXPECT_EQ(*log->reader().find(t0, identity_of("urn:a", "b")), std::nullopt);
}

// A write that failed may have reached the disk: then all of it is there, else nothing.
TEST(LogFaults, AfterAFailedAppendTheLogHoldsAllOfItOrNothing) {
  for (const std::size_t kept : {0U, 1U}) {
    auto store = make_faulty_store(log_families());
    auto log = EventLog::open(*store).value();
    ASSERT_TRUE(append(*log, {accepted("a")}).ok());
    store->plan({.fail_commit = 0});
    ASSERT_FALSE(append(*log, {accepted("b"), accepted("c")}).ok());
    const auto after = store->crash(kept);
    log = EventLog::open(*after).value();
    EXPECT_EQ(log->heads().at(t0).next_position, kept == 0 ? 1U : 3U);
    EXPECT_EQ(verdicts(append(*log, {accepted("b"), accepted("c")})),
              kept == 0 ? "1a 2a " : "3d 4d ");
  }
}

TEST(LogFaults, AScanCutShortIsCorruptAndNeverAnEnd) {
  for (int64_t cut = 0; cut < 4; ++cut) {
    auto store = make_faulty_store(log_families());
    auto log = EventLog::open(*store).value();
    ASSERT_TRUE(
        append(*log, {accepted("a"), accepted("b"), accepted("c"), accepted("d"), accepted("e")})
            .ok());
    store->plan({.cut_scan = cut});
    EXPECT_EQ(log->reader().scan(t0, 0, 5, [](const Record&) { return true; }).error().code,
              "corrupt")
        << cut;
  }
}

// A stream whose head was overlooked would be begun again over its own records.
TEST(LogFaults, NoHeadIsOverlookedWhenTheirScanIsCutShort) {
  for (int64_t cut = 0; cut < 3; ++cut) {
    auto store = make_faulty_store(log_families());
    auto log = EventLog::open(*store).value();
    for (const char* name : {"t:0:0", "t:1:0", "t:2:0"}) {
      ASSERT_TRUE(append(*log, {accepted("a")}, StreamName(name)).ok());
    }
    store->plan({.cut_scan = cut});
    const auto opened = EventLog::open(*store);
    if (opened.ok()) {
      EXPECT_EQ((*opened)->heads().size(), 3U) << "the scan of the heads was cut at " << cut;
    } else {
      EXPECT_EQ(opened.error().code, "corrupt");
    }
  }
}

TEST(LogFaults, EveryFailedReadIsAnError) {
  for (int64_t read = 0; read < 5; ++read) {
    auto store = make_faulty_store(log_families());
    auto log = EventLog::open(*store).value();
    ASSERT_TRUE(append(*log, {accepted("a"), accepted("b")}).ok());
    store->plan({.fail_read = read});
    const auto opened = EventLog::open(*store);
    EXPECT_FALSE(opened.ok()) << read;
  }
}

TEST(OrderKey, BytesSortAsTheKeysDo) {
  const std::vector<OrderKey> ordered = {
      {{-1}, StreamName("z"), 9},        {{0}, StreamName("control"), 0},
      {{5}, StreamName("t"), 3},         {{5}, StreamName("t:0:0"), 1},
      {{5}, StreamName("t:0:0"), 2},     {{5}, StreamName("t:0:0x"), 0},
      {{5}, StreamName("t:10:0"), 0},    {{5}, StreamName("\xc4\x91"), 0},
      {{6}, StreamName("control"), 300},
  };
  for (std::size_t i = 1; i < ordered.size(); ++i) {
    EXPECT_LT(ordered[i - 1], ordered[i]);
    std::string before;
    std::string after;
    append_order_key(before, ordered[i - 1]);
    append_order_key(after, ordered[i]);
    EXPECT_LT(before, after);
    std::string_view rest = after;
    EXPECT_EQ(take_order_key(rest), ordered[i]);
    EXPECT_TRUE(rest.empty());
  }
  std::string_view cut = "\x80\0\0\0";
  EXPECT_FALSE(take_order_key(cut));
}

}  // namespace
}  // namespace tiendo

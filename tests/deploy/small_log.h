// A log in memory with a small plan's worth of events, for tests of what is built from it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "events/log.h"
#include "events/store.h"
#include "ingest/judge.h"

namespace tiendo::testing {

class SmallLog {
 public:
  SmallLog() : store_(make_memory_store(log_families())) {
    auto log = EventLog::open(*store_);
    EXPECT_TRUE(log.ok());
    log_ = std::move(log).value();
  }

  // One structured event, a second after the one before it.
  Placed add(const std::string& stream, const std::string& text) {
    Message message;
    message.value = text;
    const Judged judged = judge_.judge(message);
    now_.ms += 1'000;
    message.timestamp_type = TimestampType::admission;
    message.timestamp_ms = now_.ms;
    EventLog::Batch batch{StreamName(stream), {}};
    batch.admissions.push_back({std::move(message), now_, judged.refusal, judged.identity});
    std::vector<EventLog::Batch> batches;
    batches.push_back(std::move(batch));
    auto placed = log_->append(std::move(batches));
    EXPECT_TRUE(placed.ok());
    return placed->front();
  }
  Placed add_unit(const std::string& unit) {
    return add("intake",
               event("unit.registered", "unit-" + unit,
                     R"({"unit":")" + unit +
                         R"(","kind":"doan_xa","level":"commune",)"
                         R"("name":{"vi":"Xã"},"parent":null,"effective":"2020-01-01"})"));
  }
  Placed add_plan() {
    return add("intake",
               event("plan.published", "plan",
                     R"({"plan":"p","version":1,"valid_from":"2024-01-01","first":"2024-01-01",)"
                     R"("last":"2024-12-31","unit":"P","calendar":"calendar",)"
                     R"("title":{"vi":"Kế hoạch"},"indicators":[{"id":"acts",)"
                     R"("name":{"vi":"Số hoạt động"},"measure":"activities",)"
                     R"("formula":{"kind":"count"}}],"targets":[]})"));
  }
  Placed add_activity(int number) {
    const std::string name = "a" + std::to_string(number);
    return add("intake",
               event("activity.recorded", name,
                     R"({"activity":")" + name +
                         R"(","unit":"P","type":"class",)"
                         R"("form":"online","starts":"2024-03-10","ends":"2024-03-10"})"));
  }
  // A unit, a plan and so many activities.
  void add_year(int activities) {
    add_unit("P");
    add_plan();
    for (int i = 0; i < activities; ++i) add_activity(i);
  }

  [[nodiscard]] KvStore& store() { return *store_; }
  [[nodiscard]] LogReader reader() const { return LogReader(*store_); }
  [[nodiscard]] EventLog& log() { return *log_; }

  static std::string event(const std::string& type, const std::string& id,
                           const std::string& data) {
    return R"({"specversion":"1.0","id":")" + id + R"(","source":"urn:test","type":"vn.tiendo.)" +
           type + R"(.v1","data":)" + data + "}";
  }

 private:
  std::unique_ptr<KvStore> store_;
  std::unique_ptr<EventLog> log_;
  Judge judge_;
  Instant now_{1'710'000'000'000};
};

}  // namespace tiendo::testing

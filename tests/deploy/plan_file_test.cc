#include "deploy/plan_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace tiendo {
namespace {

constexpr const char* plan =
    R"({"plan":"p","version":2,"valid_from":"2025-01-01","indicators":[],"targets":[]})";
constexpr const char* printed = R"({
  "plan": "p", "version": 2, "valid_from": "2025-01-01",
  "indicators": [],

  "targets": []
})";

class PlanFile : public testing::Test {
 protected:
  void TearDown() override { std::remove(path_.c_str()); }
  std::string file(const std::string& text) {
    std::ofstream(path_) << text;
    return path_;
  }
  std::optional<Line> event_in(const std::string& text) {
    auto event = event_of_plan_file(file(text), "urn:x");
    EXPECT_TRUE(event.ok());
    return event.ok() ? *event : std::optional<Line>();
  }

 private:
  std::string path_ = testing::TempDir() + "plan_file_" + std::to_string(::getpid()) + ".json";
};

TEST_F(PlanFile, IsTheSameEventHoweverItIsPrinted) {
  const auto compact = event_in(plan);
  const auto over_lines = event_in(printed);
  ASSERT_TRUE(compact && over_lines);
  EXPECT_EQ(compact->text, over_lines->text);
  json::Document document;
  ASSERT_TRUE(document.parse(*compact->text).ok());
  const json::Value event = document.root();
  EXPECT_EQ(event["type"].text(), "vn.tiendo.plan.published.v1");
  EXPECT_EQ(event["source"].text(), "urn:x");
  EXPECT_TRUE(event["id"].text().starts_with("p/2/")) << event["id"].text();
  EXPECT_EQ(event["time"].text(), "2025-01-01T00:00:00.000+07:00");
  EXPECT_EQ(json::print(event["data"]), plan);
}

TEST_F(PlanFile, OfOtherContentHasAnotherId) {
  json::Document a;
  json::Document b;
  ASSERT_TRUE(a.parse(plan).ok());
  ASSERT_TRUE(b.parse(R"({"plan":"p","version":2,"indicators":[]})").ok());
  json::Document event_a;
  json::Document event_b;
  ASSERT_TRUE(event_a.parse(event_of_plan(a.root(), "s")).ok());
  ASSERT_TRUE(event_b.parse(event_of_plan(b.root(), "s")).ok());
  EXPECT_NE(event_a.root()["id"].text(), event_b.root()["id"].text());
  EXPECT_FALSE(event_b.root()["time"].present());
}

TEST_F(PlanFile, EventsAndPlansAmongOtherLinesAreNone) {
  EXPECT_FALSE(event_in(R"({"specversion":"1.0","indicators":[]})"));
  EXPECT_FALSE(event_in(std::string(plan) + "\n" + plan));
  EXPECT_FALSE(event_in(""));
  EXPECT_FALSE(event_in("not json"));
}

TEST_F(PlanFile, TooLargeADocumentHasNoText) {
  const auto event = event_in("{\n\"indicators\": []," + std::string(2 << 20, ' ') + "\n}");
  ASSERT_TRUE(event);
  EXPECT_FALSE(event->text);
}

}  // namespace
}  // namespace tiendo

#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

// What `unit` says on `time`, received an hour later, of the first nine months.
void submit(SmallWorld& world, std::string_view unit, std::string_view time,
            std::string_view received, std::string_view figures) {
  world.say("intake", received, "report.submitted",
            R"({"report":"r-)" + std::string(unit) + R"(","unit":")" + std::string(unit) +
                R"(","plan":"p","period":"2024-9M","figures":)" + std::string(figures) + "}",
            R"(,"time":")" + std::string(time) + '"');
}

// E40, as far as it speaks of units that do not end.
TEST(Reports, TellsOnTimeFromLateMissingAndExtra) {
  SmallWorld world;
  world.unit("D3", "district", "P");
  world.unit("D5", "district", "P", "2024-09-05");
  submit(world, "D1", "2024-08-31T23:59:59+07:00", "2024-09-02T08:00:00+07:00",
         R"([{"indicator":"acts","value":0}])");
  submit(world, "D2", "2024-09-01T00:00:00+07:00", "2024-09-02T08:00:00+07:00",
         R"([{"indicator":"visits","value":1}])");
  submit(world, "D5", "2024-09-01T00:00:00+07:00", "2024-09-10T08:00:00+07:00",
         R"([{"indicator":"acts","value":3}])");
  const Answer answer = world.get("/v1/reports?plan=p&period=2024-9M");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json["counts"], nlohmann::json::parse(R"({"owed":3,"on_time":1,"late":1,
      "returned":0,"missing":1,"not_yet_due":0,"complete":1})"));
  ASSERT_EQ(answer.json["rows"].size(), 3U);
  const auto& first = answer.json["rows"][0];
  EXPECT_EQ(first["unit"], "D1");
  EXPECT_EQ(first["state"], "on_time");
  EXPECT_EQ(first["first_at"], "2024-08-31T23:59:59.000+07:00");
  EXPECT_EQ(first["report_state"], "submitted");
  EXPECT_EQ(first["complete"], true) << "0 is said";
  EXPECT_EQ(first["obligation"], "nine");
  EXPECT_EQ(answer.json["rows"][1]["state"], "late");
  EXPECT_EQ(answer.json["rows"][1]["complete"], false);
  EXPECT_EQ(answer.json["rows"][2]["state"], "missing");
  EXPECT_TRUE(answer.json["rows"][2]["first_at"].is_null());
  EXPECT_TRUE(answer.json["rows"][2]["report_state"].is_null());
  ASSERT_EQ(answer.json["extra"].size(), 1U);
  EXPECT_EQ(answer.json["extra"][0]["unit"], "D5");
  EXPECT_FALSE(answer.json["extra"][0].contains("state"));
}

TEST(Reports, OwesNothingMissingBeforeItIsDue) {
  SmallWorld world;
  const Answer before = world.get("/v1/reports?plan=p&period=2024-9M&as_of=2024-08-31");
  EXPECT_EQ(before.json["counts"]["not_yet_due"], 2);
  const Answer after = world.get("/v1/reports?plan=p&period=2024-9M&as_of=2024-09-01");
  EXPECT_EQ(after.json["counts"]["missing"], 2);
}

TEST(Reports, CountsAllPagesOnEach) {
  SmallWorld world;
  const Answer first = world.get("/v1/reports?plan=p&period=2024-9M&limit=1");
  ASSERT_EQ(first.json["rows"].size(), 1U);
  EXPECT_EQ(first.json["counts"]["owed"], 2);
  const std::string next = first.json["next"];
  const Answer second = world.get("/v1/reports?plan=p&period=2024-9M&limit=1&cursor=" + next);
  ASSERT_EQ(second.json["rows"].size(), 1U);
  EXPECT_EQ(second.json["rows"][0]["unit"], "D2");
  EXPECT_TRUE(second.json["next"].is_null());
}

TEST(Reports, LooksBelowTheAskedUnitOnly) {
  SmallWorld world;
  const Answer answer = world.get("/v1/reports?plan=p&period=2024-9M&unit=D2");
  ASSERT_EQ(answer.json["rows"].size(), 1U);
  EXPECT_EQ(answer.json["rows"][0]["unit"], "D2");
  EXPECT_EQ(world.get("/v1/reports?plan=p&period=2024-9M&obligation=nine").json["rows"].size(), 2U);
}

}  // namespace
}  // namespace tiendo

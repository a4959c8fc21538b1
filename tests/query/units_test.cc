#include <gtest/gtest.h>

#include "tests/support/small_world.h"

namespace tiendo {
namespace {

std::string ids(const Answer& answer) {
  std::string all;
  for (const auto& unit : answer.json["units"]) {
    all += (all.empty() ? "" : " ") + unit["unit"].get<std::string>();
  }
  return all;
}

class UnitsTest : public ::testing::Test {
 protected:
  std::string listed(const std::string& more) { return ids(world_.get("/v1/units" + more)); }
  SmallWorld world_;
};

TEST_F(UnitsTest, AreListedByIdOnADay) {
  world_.unit("N", "commune", "D1", "2024-07-01");
  EXPECT_EQ(listed(""), "C1 C2 C3 D1 D2 N P");
  EXPECT_EQ(listed("?at=2024-06-30"), "C1 C2 C3 D1 D2 P");
  EXPECT_EQ(listed("?at=2019-12-31"), "");
  EXPECT_EQ(listed("?level=district"), "D1 D2");
  EXPECT_EQ(listed("?parent=D1"), "C1 C2 N");
}

TEST_F(UnitsTest, AreFoundWithoutAccents) {
  world_.unit("X", "commune", "D1", "2020-01-01", R"(,"organisation":"doan")");
  world_.say("ref", "2024-01-01T08:00:00+07:00", "unit.renamed",
             R"({"unit":"X","effective":"2024-01-01","name":{"vi":"Đoàn xã Tân Thành"}})");
  EXPECT_EQ(listed("?q=doan%20xa%20TAN"), "X");
  EXPECT_EQ(listed("?q=%C4%90o%C3%A0n+x%C3%A3"), "X");
  EXPECT_EQ(listed("?q=doan%20xa%20tan&at=2023-12-31"), "") << "it bore another name then";
  EXPECT_EQ(listed("?q=nothing"), "");
}

TEST_F(UnitsTest, AreFoundByForeignCode) {
  world_.unit(
      "X", "commune", "D1", "2020-01-01",
      R"(,"codes":[{"catalogue":"gso-2025","code":"001"},{"catalogue":"gso-2024","code":"77"}])");
  world_.unit("Y", "commune", "D1", "2020-01-01",
              R"(,"codes":[{"catalogue":"gso-2025","code":"77"}])");
  EXPECT_EQ(listed("?code=gso-2025:001"), "X");
  EXPECT_EQ(listed("?code=gso-2025:77"), "Y") << "the same code of another catalogue is another";
  EXPECT_EQ(listed("?code=gso-2025:1"), "");
}

TEST_F(UnitsTest, ArePaged) {
  const Answer first = world_.get("/v1/units?limit=4");
  EXPECT_EQ(ids(first), "C1 C2 C3 D1");
  const std::string next = first.json["next"];
  const Answer second = world_.get("/v1/units?limit=4&cursor=" + next);
  EXPECT_EQ(ids(second), "D2 P");
  EXPECT_TRUE(second.json["next"].is_null());
}

TEST_F(UnitsTest, TellTheirPast) {
  world_.say("ref", "2024-05-02T08:00:00+07:00", "unit.moved",
             R"({"unit":"C2","parent":"D2","effective":"2024-05-01"})");
  const Answer answer = world_.get("/v1/units/C2?at=2024-05-01");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json["parent"], "D2");
  EXPECT_EQ(answer.json["above"], nlohmann::json::parse(R"(["D2","P"])"));
  EXPECT_EQ(answer.json["name"]["vi"], "Đơn vị C2");
  ASSERT_EQ(answer.json["parents"].size(), 2U);
  EXPECT_EQ(answer.json["parents"][1]["effective"], "2024-05-01");
  EXPECT_EQ(answer.json["parents"][1]["position"], 7);
  EXPECT_EQ(world_.get("/v1/units/C2?at=2024-04-30").json["parent"], "D1");
  EXPECT_EQ(world_.get("/v1/units/C2?as_of=2024-05-01").json["parent"], "D1");
  EXPECT_EQ(world_.get("/v1/units/D2").json["children"], nlohmann::json::parse(R"(["C2","C3"])"));
  EXPECT_EQ(world_.get("/v1/units/X").json["code"], "unit_unknown");
}

TEST_F(UnitsTest, EndAndAreListedNoMore) {
  world_.say("ref", "2024-05-02T08:00:00+07:00", "unit.closed",
             R"({"unit":"C2","effective":"2024-07-01"})");
  EXPECT_EQ(listed("?parent=D1&at=2024-06-30"), "C1 C2");
  EXPECT_EQ(listed("?parent=D1&at=2024-07-01"), "C1");
  const Answer before = world_.get("/v1/units/C2?at=2024-06-30");
  EXPECT_EQ(before.json["exists"], true);
  EXPECT_EQ(before.json["until"], "2024-06-30");
  const Answer after = world_.get("/v1/units/C2?at=2024-07-01");
  EXPECT_EQ(after.json["exists"], false);
  EXPECT_EQ(after.json["existence"],
            nlohmann::json::parse(
                R"([{"effective":"2020-01-01","exists":true,"stream":"ref","position":4},)"
                R"({"effective":"2024-07-01","exists":false,"stream":"ref","position":7}])"));
  EXPECT_EQ(world_.get("/v1/units/C2?as_of=2024-05-01").json["exists"], true);
  EXPECT_EQ(world_.get("/v1/units/C1").json["until"], nullptr);
}

TEST_F(UnitsTest, ThatAreNotInTheTreeOfADayAreNamedWithTheirHeir) {
  world_.say("ref", "2024-05-02T08:00:00+07:00", "unit.closed",
             R"({"unit":"C2","effective":"2024-07-01"})");
  world_.unit("N", "commune", "D2", "2024-09-01");
  const std::string asked = "/v1/rollups?plan=p&indicator=visits&period=2024&unit=";
  EXPECT_EQ(world_.get(asked + "C2&tree=2024-06-30").status, 200);
  EXPECT_EQ(world_.get(asked + "C2").status, 200) << "as reported it has its own past";
  const Answer gone = world_.get(asked + "C2&tree=2024-07-01");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.json["code"], "unit_not_in_tree");
  EXPECT_NE(gone.body.find("its last day was 2024-06-30"), std::string::npos) << gone.body;
  EXPECT_NE(gone.body.find("stand under D1"), std::string::npos) << gone.body;
  const Answer early = world_.get(asked + "N&tree=2024-08-31");
  EXPECT_EQ(early.json["code"], "unit_not_in_tree");
  EXPECT_NE(early.body.find("begins on 2024-09-01"), std::string::npos) << early.body;
  EXPECT_NE(early.body.find("stand under D2"), std::string::npos) << early.body;
}

TEST_F(UnitsTest, HaveTheAttributesOfTheDay) {
  world_.unit("X", "commune", "D1", "2020-01-01", R"(,"attributes":{"site":false})");
  world_.say("ref", "2024-05-02T08:00:00+07:00", "unit.attributes_set",
             R"({"unit":"X","effective":"2024-03-01","attributes":{"site":true}})");
  EXPECT_EQ(world_.get("/v1/units/X?at=2024-02-29").json["attributes"]["site"], false);
  const Answer now = world_.get("/v1/units/X");
  EXPECT_EQ(now.json["attributes"]["site"], true);
  ASSERT_EQ(now.json["attribute_history"]["site"].size(), 2U);
  EXPECT_EQ(now.json["attribute_history"]["site"][1]["effective"], "2024-03-01");
  EXPECT_EQ(now.json["attribute_history"]["site"][1]["value"], true);
}

TEST_F(UnitsTest, KeepTheirAttributesAsTheyAre) {
  world_.unit("X", "commune", "D1", "2020-01-01",
              R"(,"attributes":{"sector":"armed_forces","area":12.5,"border":true})");
  EXPECT_EQ(world_.get("/v1/units/X").json["attributes"],
            nlohmann::json::parse(R"({"sector":"armed_forces","area":12.5,"border":true})"));
}

// However a platform spells it, it is one unit; and every message stays as it came.
TEST(Units, OneUnitInWhateverNormalFormItsIdCame) {
  SmallWorld world;
  const std::string composed = "xã-Hảo-Đước";
  const std::string tone_first = "xa\u0303-Ha\u0309o-Đu\u0301\u031b\u01a1c";
  const std::string in_parts = "xa\u0303-Ha\u0309o-Đu\u031bo\u031b\u0301c";
  const std::string half = "xã-Ha\u0309o-Đưo\u0301\u031bc";
  world.unit(in_parts, "commune", "D1");
  int activity = 0;
  for (const std::string& unit : {composed, in_parts, half}) {
    world.record("2024-03-11T08:00:00+07:00", std::to_string(++activity), unit, "2024-03-10", 1);
  }
  world.record("2024-03-11T08:00:00+07:00", "b", tone_first, "2024-03-10", 1);
  // Percent-encoded by its bytes, in two spellings.
  const std::string nfc = "x%C3%A3-H%E1%BA%A3o-%C4%90%C6%B0%E1%BB%9Bc";
  const std::string nfd = "xa%CC%83-Ha%CC%89o-%C4%90u%CC%9Bo%CC%9B%CC%81c";
  for (const std::string& asked : {nfc, nfd}) {
    const Answer figure =
        world.get("/v1/rollups?plan=p&indicator=visits&period=2024&unit=" + asked);
    EXPECT_EQ(figure.json["value"], 3) << figure.body;
    const Answer unit = world.get("/v1/units/" + asked);
    EXPECT_EQ(unit.json["name"]["vi"], "Đơn vị " + in_parts) << "shown as it came";
  }
  EXPECT_EQ(world.get("/v1/units?q=hao%20duoc").json["units"].size(), 0U) << "dashes are no spaces";
  EXPECT_EQ(world.get("/v1/units?q=xa-hao-duoc").json["units"].size(), 1U);
  EXPECT_EQ(world.get("/v1/waiting").json["rows"].size(), 1U) << "another order, another text";
  const std::string kept = world.get("/v1/events/intake/1").json["value"];
  EXPECT_NE(kept.find(in_parts), std::string::npos) << "shown as it came";
}

}  // namespace
}  // namespace tiendo

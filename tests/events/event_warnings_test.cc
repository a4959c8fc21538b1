#include "events/event_warnings.h"

#include <gtest/gtest.h>

#include "events/type_hint.h"

namespace tiendo {
namespace {

std::vector<Warning> warnings_in(EventType type, const std::string& data) {
  json::Document document;
  EXPECT_TRUE(document.parse(data).ok()) << data;
  return warnings_of_event(type, document.root());
}

TEST(EventWarnings, AFieldNearToOneOfTheTypeIsRemarked) {
  const auto found = warnings_in(EventType::activity_recorded, R"({"flag":{"digital":true}})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].field, "data.flag");
  EXPECT_NE(found[0].text.en.find("did you mean `flags`?"), std::string::npos);
  EXPECT_NE(found[0].text.vi.find("có phải ý là `flags`?"), std::string::npos);
}

TEST(EventWarnings, FieldsInsideListsAreLookedAt) {
  const auto found = warnings_in(EventType::report_submitted,
                                 R"({"figures":[{"indicator":"a"},{"numerater":1}]})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].field, "data.figures[1].numerater");
}

TEST(EventWarnings, FieldsOfAnotherKindAndKeysOfOnesOwnAreNot) {
  EXPECT_TRUE(warnings_in(EventType::activity_recorded,
                          R"({"photo":"x","flags":{"form":true,"flgs":1},"flag":2})")
                  .empty());
}

TEST(TypeHint, NamesTheTypesOfTheSameThingAndTheNearestOne) {
  EXPECT_EQ(types_meant("vn.tiendo.entity.closed.v1"),
            "vn.tiendo.entity.(registered | updated | removed).v1; did you mean "
            "`vn.tiendo.entity.removed.v1`?");
  EXPECT_NE(types_meant("vn.tiendo.unit.attribute_set.v1")
                .find("did you mean `vn.tiendo.unit.attributes_set.v1`?"),
            std::string::npos);
  EXPECT_EQ(types_meant("com.example.thing"), "vn.tiendo.*.v1");
  EXPECT_EQ(types_meant("vn.tiendo.control.rejudge.v1"), "vn.tiendo.*.v1");
}

}  // namespace
}  // namespace tiendo

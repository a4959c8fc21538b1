#include "events/vocabulary.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tiendo {
namespace {

TEST(Vocabulary, EveryTypeIsReadBackFromItsFullName) {
  EXPECT_EQ(vocabulary().size(), 33u);
  for (const TypeSpec& spec : vocabulary()) {
    const std::string name = std::string(type_prefix) + std::string(spec.name) + ".v1";
    const ParsedType parsed = parse_type(name);
    EXPECT_EQ(parsed.fault, TypeFault::none) << name;
    EXPECT_EQ(parsed.type, spec.type) << name;
    EXPECT_EQ(spec_of(spec.type).name, spec.name);
  }
}

TEST(Vocabulary, KnownNameOfAnotherVersionIsTypeVersion) {
  for (const auto* const name : {"vn.tiendo.activity.recorded.v2", "vn.tiendo.unit.split.v0",
                                 "vn.tiendo.plan.amended.v10", "vn.tiendo.plan.amended.v01"}) {
    EXPECT_EQ(parse_type(name).fault, TypeFault::type_version) << name;
  }
}

TEST(Vocabulary, EverythingElseIsTypeUnknown) {
  for (const auto* const name :
       {"", "vn.tiendo.", "vn.tiendo.v1", "activity.recorded", "activity.recorded.v1",
        "vn.tiendo.activity.recorded", "vn.tiendo.activity.recorded.", "vn.tiendo..v1",
        "vn.tiendo.activity.recorded.v", "vn.tiendo.activity.recorded.v1 ",
        "vn.tiendo.activity.recorded.vx", "vn.tiendo.activity.Recorded.v1",
        "VN.tiendo.activity.recorded.v1", "vn.tiendo.activity.recorded.v1.v1",
        "vn.tiendo.activity.held.v1", "vn.tiendo.activity.held.v2", "vn.tiendo.zzz.v1"}) {
    EXPECT_EQ(parse_type(name).fault, TypeFault::type_unknown) << name;
  }
}

TEST(Vocabulary, RequiredFieldsComeFirstAndNoFieldTwice) {
  for (const TypeSpec& spec : vocabulary()) {
    std::set<std::string_view> names;
    bool optional_seen = false;
    for (const FieldSpec& field : spec.fields) {
      EXPECT_TRUE(names.insert(field.name).second) << spec.name << " " << field.name;
      optional_seen = optional_seen || field.presence == Presence::optional;
      EXPECT_FALSE(optional_seen && field.presence == Presence::required)
          << spec.name << " " << field.name;
    }
    EXPECT_EQ(spec.is_plan, spec.name.starts_with("plan."));
    EXPECT_EQ(spec.is_control, spec.name.starts_with("control."));
    EXPECT_FALSE(spec.subject_is_unit && names.count("unit") == 0) << spec.name;
  }
}

TEST(Vocabulary, CorrectionCarriesEveryFieldOfItsRecord) {
  std::set<std::string_view> corrected;
  for (const auto& field : spec_of(EventType::activity_corrected).fields) {
    corrected.insert(field.name);
  }
  for (const auto& field : spec_of(EventType::activity_recorded).fields) {
    EXPECT_EQ(corrected.count(field.name), 1u) << field.name;
  }
  EXPECT_EQ(corrected.size(), spec_of(EventType::activity_recorded).fields.size() + 2);
}

TEST(Vocabulary, ListsOfObjectsSayWhatTheirObjectsHold) {
  for (const Shape shape :
       {Shape::name, Shape::survey, Shape::outputs, Shape::codes, Shape::figures, Shape::shares}) {
    EXPECT_FALSE(inner_fields(shape).empty());
  }
  EXPECT_TRUE(inner_fields(Shape::ids).empty());
}

}  // namespace
}  // namespace tiendo

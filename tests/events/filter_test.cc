#include "events/filter.h"

#include <gtest/gtest.h>

#include <random>

#include "events/plan_reader.h"

namespace tiendo {
namespace {

Filter filter(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  PlanReader reader;
  Filter filter = reader.filter({document.root(), "where"});
  EXPECT_FALSE(reader.refusal()) << text;
  return filter;
}

bool matches_data(std::string_view filter_text, std::string_view data_text) {
  json::Document document;
  EXPECT_TRUE(document.parse(data_text).ok());
  const json::Value data = document.root();
  return matches(filter(filter_text),
                 [&](std::string_view field, const std::vector<Scalar>& values) {
                   for (const Scalar& scalar : values) {
                     if (holds_scalar(data[field], scalar)) return true;
                   }
                   return false;
                 });
}

TEST(Filter, EverythingMatchesAndAMissingFieldNeverDoes) {
  EXPECT_TRUE(matches_data("{}", "{}"));
  EXPECT_FALSE(matches_data(R"({"form":"online"})", "{}"));
  EXPECT_FALSE(matches_data(R"({"form":"online"})", R"({"form":null})"));
  EXPECT_TRUE(matches_data(R"({"not":{"form":"online"}})", "{}"));
  EXPECT_FALSE(matches_data(R"({"form":[]})", R"({"form":"online"})"));
}

TEST(Filter, OneOfTheValuesAndOneOfTheElementsIsEnough) {
  EXPECT_TRUE(matches_data(R"({"form":["hybrid","online"]})", R"({"form":"online"})"));
  EXPECT_TRUE(matches_data(R"({"topics":"x"})", R"({"topics":["y","x"]})"));
  EXPECT_FALSE(matches_data(R"({"topics":"x"})", R"({"topics":[]})"));
  EXPECT_FALSE(matches_data(R"({"form":"online","type":"c"})", R"({"form":"online","type":"d"})"));
}

TEST(Filter, TextTruthAndNumberAreDifferent) {
  EXPECT_FALSE(matches_data(R"({"flag.a":true})", R"({"flag.a":"true"})"));
  EXPECT_FALSE(matches_data(R"({"flag.a":"1"})", R"({"flag.a":1})"));
  EXPECT_TRUE(matches_data(R"({"flag.a":1})", R"({"flag.a":1.0})"));
  EXPECT_TRUE(matches_data(R"({"flag.a":false})", R"({"flag.a":false})"));
  EXPECT_FALSE(matches_data(R"({"flag.a":false})", "{}"));
}

TEST(Filter, TextComparesInNfc) {
  EXPECT_TRUE(matches_data("{\"type\":\"l\xe1\xbb\x9bp\"}", "{\"type\":\"lo\xcc\x9b\xcc\x81p\"}"));
  EXPECT_FALSE(matches_data(R"({"type":"Class"})", R"({"type":"class"})"));
}

TEST(Filter, EmptyAllIsEverythingAndEmptyAnyNothing) {
  EXPECT_EQ(filter(R"({"all":[]})").kind, Filter::Kind::everything);
  EXPECT_EQ(filter(R"({"all":[{}]})").kind, Filter::Kind::everything);
  EXPECT_EQ(filter(R"({"any":[]})").kind, Filter::Kind::nothing);
  EXPECT_EQ(filter(R"({"any":[{"form":"online"},{}]})").kind, Filter::Kind::everything);
  EXPECT_EQ(filter(R"({"not":{"any":[]}})").kind, Filter::Kind::everything);
  EXPECT_EQ(filter(R"({"form":"online","any":[]})").kind, Filter::Kind::nothing);
}

TEST(Filter, EqualFiltersHaveOneText) {
  const auto text = [](std::string_view one) { return canonical(filter(one)); };
  EXPECT_EQ(text(R"({"form":"online","type":["b","a"]})"),
            text(R"({"all":[{"type":["a","b","a"]},{"all":[{"form":["online"]}]}]})"));
  EXPECT_EQ(text(R"({"any":[{"form":"a"}]})"), text(R"({"form":"a"})"));
  EXPECT_NE(text(R"({"form":"a"})"), text(R"({"not":{"form":"a"}})"));
  EXPECT_NE(text(R"({"flag.a":true})"), text(R"({"flag.a":"true"})"));
  EXPECT_NE(text(R"({"flag.a":1})"), text(R"({"flag.a":"1"})"));
}

// A part said twice is one part: the text must read back as the filter it was made of.
TEST(Filter, PartsSaidTwiceAreOnePart) {
  EXPECT_EQ(canonical(filter(R"({"all":[{"form":"a"},{"form":"a"}]})")),
            canonical(filter(R"({"form":"a"})")));
  EXPECT_EQ(canonical(filter(R"({"any":[{"form":["a","b"]},{"form":["b","a"]}]})")),
            canonical(filter(R"({"form":["a","b"]})")));
}

std::string random_filter(std::mt19937& dice, int depth) {
  const auto below = [&](unsigned count) { return static_cast<int>(dice() % count); };
  const int kind = below(depth > 0 ? 6 : 2);
  if (kind == 0) return "{}";
  if (kind <= 2) return R"({"form":")" + std::string(1, static_cast<char>('a' + below(2))) + "\"}";
  if (kind == 3) return R"({"not":)" + random_filter(dice, depth - 1) + "}";
  std::string out = kind == 4 ? R"({"all":[)" : R"({"any":[)";
  for (int parts = below(4), i = 0; i < parts; ++i) {
    out += (i > 0 ? "," : "") + random_filter(dice, depth - 1);
  }
  return out + "]}";
}

TEST(Filter, CanonicalTextReadsBackAsItself) {
  std::mt19937 dice(7);
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = random_filter(dice, 4);
    const std::string once = canonical(filter(text));
    ASSERT_EQ(once, canonical(filter(once))) << text;
    for (const char* data : {"{}", R"({"form":"a"})", R"({"form":["a","b"]})"}) {
      ASSERT_EQ(matches_data(text, data), matches_data(once, data)) << text << " on " << data;
    }
  }
}

TEST(Filter, ConditionsOnTheUnitAreFoundOnceAndReplacedByTheirOutcomes) {
  const Filter both = filter(
      R"({"any":[{"unit.level":"commune"},{"form":"a","not":{"unit.level":"commune"}}],"unit.kind":"x"})");
  const auto conditions = unit_conditions(both);
  ASSERT_EQ(conditions.size(), 2U);
  const auto with = [&](bool first, bool second) {
    return canonical(with_outcomes(both, conditions, {first, second}));
  };
  const std::size_t level = conditions[0].field == "unit.level" ? 0 : 1;
  const auto outcome = [&](bool is_commune, bool is_x) {
    return level == 0 ? with(is_commune, is_x) : with(is_x, is_commune);
  };
  EXPECT_EQ(outcome(true, true), "{}");
  EXPECT_EQ(outcome(false, true), R"({"form":["a"]})");
  EXPECT_EQ(outcome(true, false), R"({"any":[]})");
}

}  // namespace
}  // namespace tiendo

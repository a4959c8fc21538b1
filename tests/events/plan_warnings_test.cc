// What is remarked of plan documents that have no fault: each is the right plan with one change.
#include "events/plan_warnings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace tiendo {
namespace {

struct Doubtful {
  const char* right;  // stands once in the right document
  const char* said;
  const char* field;
  const char* words;
  const char* words_vi;
};

std::string right_plan() {
  std::ifstream file(std::string(TIENDO_ROOT) + "/tests/events/right_plan.json");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Warning> warnings_in(const std::string& text) {
  json::Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  for (const Refusal& fault : faults_of_plan(document.root())) {
    ADD_FAILURE() << fault.field << ": " << fault.expected;
  }
  return warnings_of_plan(document.root(), read_plan(document.root()));
}

constexpr Doubtful doubtful_plans[] = {
    {R"("scope":"each","level":"district","of":"own")",
     R"("scope":"each","level":"distrct","of":"own")", "data.targets[0].for.level",
     "did you mean `district`?", "có phải ý là `district`?"},
    {R"("scope":"each","level":"district","of":"own")",
     R"("scope":"each","level":["district","huyen"],"of":"own")", "data.targets[0].for.level[1]",
     "none of the usual levels", "không phải cấp thường dùng"},
    {R"("years":[2025]},"series")", R"("years":[2052]},"series")", "data.targets[1].when.years[0]",
     "2052 is no year of the plan", "2052 không phải một năm của kế hoạch"},
    {R"({"form":"in_person"})", R"({"type":"trainng_class"})",
     "data.indicators[1].formula.where.type", "did you mean `training_class`?",
     "có phải ý là `training_class`?"},
};

TEST(PlanWarnings, OfTheRightPlanNothingIsRemarked) {
  for (const Warning& warning : warnings_in(right_plan())) {
    ADD_FAILURE() << warning.field << ": " << warning.text.en;
  }
}

TEST(PlanWarnings, EachNamesItsPlaceAndWhatWasProbablyMeant) {
  for (const Doubtful& doubtful : doubtful_plans) {
    SCOPED_TRACE(doubtful.said);
    std::string text = right_plan();
    const std::size_t at = text.find(doubtful.right);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, std::string_view(doubtful.right).size(), doubtful.said);
    constexpr std::string_view words = R"("words":{)";
    text.insert(text.find(words) + words.size(), R"("training_class":{"vi":"lớp tập huấn"},)");
    const std::vector<Warning> warnings = warnings_in(text);
    const auto found = std::find_if(warnings.begin(), warnings.end(), [&](const Warning& one) {
      return one.field == doubtful.field;
    });
    ASSERT_NE(found, warnings.end());
    EXPECT_NE(found->text.en.find(doubtful.words), std::string::npos) << found->text.en;
    EXPECT_NE(found->text.vi.find(doubtful.words_vi), std::string::npos) << found->text.vi;
  }
}

// A plan of one indicator and one target of it.
std::string plan_of(const std::string& formula, const std::string& target) {
  return R"({"plan":"p","version":1,"valid_from":"2025-01-01","first":"2025-01-01",)"
         R"("last":"2025-12-31","title":{"vi":"x"},"indicators":[{"id":"i","name":{"vi":"x"},)"
         R"("why_reported":{"vi":"x"},"formula":)" +
         formula + R"(}],"targets":[{"id":"T","indicator":"i",)" + target + "}]}";
}

constexpr const char* ratio = R"({"kind":"ratio","of":"reported"})";
constexpr const char* coverage =
    R"({"kind":"coverage","units":{"level":"commune"},"have":{"attribute":"a","is":true}})";
constexpr const char* for_provinces = R"("for":{"scope":"unit","level":"province"},)";
constexpr const char* in_2025 = R"("when":{"kind":"each_year","years":[2025]})";

std::vector<std::string> fields_of(const std::vector<Warning>& warnings) {
  std::vector<std::string> fields;
  for (const Warning& one : warnings) fields.push_back(one.field);
  return fields;
}
using Fields = std::vector<std::string>;

TEST(PlanWarnings, APartOfOneIsNoPercentage) {
  const auto fields = [](const char* formula, const std::string& value) {
    return fields_of(warnings_in(
        plan_of(formula, R"("comparator":">=","value":)" + value + "," + for_provinces + in_2025)));
  };
  EXPECT_EQ(fields(ratio, "0.3"), Fields{"data.targets[0].value"});
  EXPECT_EQ(fields(ratio, "30"), Fields{});
  EXPECT_EQ(fields(ratio, "0"), Fields{});
  EXPECT_EQ(fields(ratio, "1"), Fields{});
  EXPECT_EQ(fields(R"({"kind":"sum","of":"cost"})", "0.3"), Fields{});
}

TEST(PlanWarnings, ATargetThatEndsAfterThePlanIsRemarked) {
  const auto fields = [](const std::string& when) {
    return fields_of(warnings_in(
        plan_of(ratio, std::string(R"("comparator":">=","value":30,)") + for_provinces + when)));
  };
  EXPECT_EQ(fields(R"("when":{"kind":"by","day":"2026-01-01"})"),
            Fields{"data.targets[0].when.day"});
  EXPECT_EQ(fields(R"("when":{"kind":"before","day":"2026-01-01"})"), Fields{});
  EXPECT_EQ(fields(R"("when":{"kind":"in","period":"2026"})"),
            Fields{"data.targets[0].when.period"});
}

TEST(PlanWarnings, OwnOfACoverageAndMoreOfARankAreRemarked) {
  const std::string own = R"("comparator":">=","value":30,"for":{"scope":"unit","level":)"
                          R"("province","of":"own"},)";
  EXPECT_EQ(fields_of(warnings_in(plan_of(coverage, own + in_2025))),
            Fields{"data.targets[0].for.of"});
  EXPECT_EQ(fields_of(warnings_in(plan_of(ratio, own + in_2025))), Fields{});
  EXPECT_EQ(fields_of(warnings_in(plan_of(
                R"({"kind":"rank","statistic":"s"})",
                std::string(R"("comparator":">=","value":15,)") + for_provinces + in_2025))),
            Fields{"data.targets[0].comparator"});
}

}  // namespace
}  // namespace tiendo

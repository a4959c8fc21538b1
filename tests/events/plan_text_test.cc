#include "events/plan_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "events/plan_page.h"

namespace tiendo {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::filesystem::path in_source(std::string_view path) {
  return std::filesystem::path(TIENDO_ROOT) / path;
}

Plan plan_in(const std::filesystem::path& path) {
  json::Document document;
  EXPECT_TRUE(document.parse(content_of(path)).ok()) << path;
  auto parsed = parse_plan(document.root());
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    ADD_FAILURE() << path << ": " << refusal->field << ": " << refusal->expected;
    return {};
  }
  return std::get<Plan>(std::move(parsed));
}

// What is shown is looked at by people: when it changes on purpose, look, and copy it there.
TEST(PlanText, ASmallPlanReadsAsItWasRead) {
  const Plan plan = plan_in(in_source("tests/events/right_plan.json"));
  EXPECT_EQ(explain_plan(plan, TextLanguage::vi),
            content_of(in_source("tests/events/right_plan.vi.txt")));
  EXPECT_EQ(explain_plan(plan, TextLanguage::en),
            content_of(in_source("tests/events/right_plan.en.txt")));
}

TEST(PlanText, EveryShippedPlanIsToldWholeWithinEightyColumns) {
  std::size_t plans = 0;
  for (const auto& entry : std::filesystem::directory_iterator(in_source("deploy/plans"))) {
    if (entry.path().extension() != ".json") continue;
    ++plans;
    SCOPED_TRACE(entry.path());
    const Plan plan = plan_in(entry.path());
    for (const TextLanguage language : {TextLanguage::vi, TextLanguage::en}) {
      const std::string text = explain_plan(plan, language);
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(width_of(line), page_columns) << line;
        EXPECT_FALSE(line.ends_with(' ')) << line;
      }
      for (const Target& target : plan.targets) {
        EXPECT_NE(text.find("\n" + target.id), std::string::npos) << target.id;
      }
      for (const Obligation& obligation : plan.obligations) {
        EXPECT_NE(text.find("\n" + obligation.id), std::string::npos) << obligation.id;
      }
      for (const Task& task : plan.tasks) {
        EXPECT_NE(text.find("\n  " + task.id + " "), std::string::npos) << task.id;
      }
    }
  }
  EXPECT_GE(plans, 5U);
}

// The printed grand total of the one plan that prints a budget.
TEST(PlanText, ABudgetIsPrintedWithItsSums) {
  const Plan plan = plan_in(in_source("deploy/plans/bacgiang-2022-2025.json"));
  const std::string text = explain_plan(plan, TextLanguage::vi);
  for (const char* sum : {"4.060", "4.700", "8.760", "2.320", "1.970"}) {
    EXPECT_NE(text.find(sum), std::string::npos) << sum;
  }
}

}  // namespace
}  // namespace tiendo

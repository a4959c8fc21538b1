#include "events/plan_consistency.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

// The refusal of a plan with these parts: its code and field; empty where nothing is wrong.
std::string fault_of(std::string_view formula, std::string_view targets = "",
                     std::string_view budget = "", std::string_view more = "") {
  const std::string text =
      R"({"plan":"p","version":1,"valid_from":"2024-01-01","first":"2024-01-01",)"
      R"("last":"2025-12-31","title":{"vi":"t"},"indicators":[{"id":"i","name":{"vi":"i"},)"
      R"("formula":)" +
      std::string(formula) + std::string(more) + R"(}],"targets":[)" + std::string(targets) +
      R"(],"budget":[)" + std::string(budget) + "]}";
  json::Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  const auto refusal = check_plan(document.root());
  return refusal ? std::string(name_of(refusal->reason)) + " " + refusal->field : "";
}

// A formula of reports needs it.
const std::string why = R"(,"why_reported":{"vi":"w"})";
const std::string count = R"({"kind":"count"})";

TEST(PlanConsistency, WhatReportsHoldMustSayWhyEventsCannot) {
  const std::string fault = "plan_schema data.indicators[0].why_reported";
  const std::string reported = R"({"kind":"ratio","of":"reported"})";
  EXPECT_EQ(fault_of(reported), fault);
  EXPECT_EQ(fault_of(R"({"kind":"gauge","of":"reported"})"), fault);
  EXPECT_EQ(fault_of(R"({"kind":"survey"})"), fault);
  EXPECT_EQ(fault_of(R"({"kind":"kept","of":)" + reported + "}"), fault);
  EXPECT_EQ(fault_of(R"({"kind":"reference","of":)" + reported + "}"), fault);
  EXPECT_EQ(
      fault_of(R"({"kind":"coverage","units":{"level":"district"},"have":{"all":[{"formula":)" +
               reported + R"(,"comparator":">","value":1}]}})"),
      fault);
  EXPECT_EQ(fault_of(reported, "", "", why), "");
  EXPECT_EQ(fault_of(count), "");
}

std::string in_series(std::string_view id, std::string_view when,
                      std::string_view whom = R"({"scope":"each","level":"district"})") {
  return R"({"id":")" + std::string(id) +
         R"(","series":"s","indicator":"i","comparator":">=","value":1,"for":)" +
         std::string(whom) + R"(,"when":)" + std::string(when) + "}";
}

TEST(PlanConsistency, ARatioOfTermsNeedsBothOfThem) {
  const std::string fault = "plan_denominator data.indicators[0].formula";
  EXPECT_EQ(fault_of(R"({"kind":"ratio"})"), fault);
  EXPECT_EQ(fault_of(R"({"kind":"ratio","numerator":{"kind":"count"}})"), fault);
  EXPECT_EQ(fault_of(R"({"kind":"reference","of":{"kind":"ratio"}})"), fault + ".of");
  EXPECT_EQ(fault_of(R"({"kind":"least","of":[{"indicator":"i","kind":"ratio"},)"
                     R"({"indicator":"i","kind":"share","where":{}}]})"),
            fault + ".of[0]");
  EXPECT_EQ(fault_of(R"({"kind":"ratio","of":"reported"})", "", "", why), "");
}

TEST(PlanConsistency, OnlyEqualMeasuresAreDivided) {
  const auto ratio = [](std::string_view above, std::string_view below) {
    return fault_of(R"({"kind":"ratio","numerator":)" + std::string(above) + R"(,"denominator":)" +
                    std::string(below) + "}");
  };
  const std::string_view head_count = R"({"kind":"statistic","statistic":"s","measure":"people"})";
  EXPECT_EQ(ratio(R"({"kind":"distinct","of":"people"})", head_count), "");
  EXPECT_EQ(ratio(R"({"kind":"distinct","of":"outputs","output":"site"})", head_count), "")
      << "not stated";
  const std::string fault = "plan_measure data.indicators[0].formula";
  EXPECT_EQ(ratio(R"({"kind":"sum","of":"participants"})", head_count), fault);
  EXPECT_EQ(ratio(count, head_count), fault);
  EXPECT_EQ(ratio(count, R"({"kind":"statistic","statistic":"s","measure":"persons"})"),
            "value_unknown data.indicators[0].formula.denominator.measure");
}

TEST(PlanConsistency, WhatAddsUpOverDaysCannotBeKept) {
  for (const char* flow : {R"("count")", R"("sum","of":"cost")", R"("distinct","of":"people")",
                           R"("milestone","where":{})"}) {
    EXPECT_EQ(fault_of(R"({"kind":"kept","of":{"kind":)" + std::string(flow) + "}}"),
              "plan_formula data.indicators[0].formula.of");
  }
  EXPECT_EQ(fault_of(R"({"kind":"kept","of":{"kind":"gauge","register":"team"}})"), "");
}

TEST(PlanConsistency, ABudgetAddsUpAndItsLinesAreNamedOnce) {
  EXPECT_EQ(fault_of(count, "", R"({"line":"1","years":{"2024":1,"2025":"2.5"},"total":3.5})"), "");
  EXPECT_EQ(fault_of(count, "", R"({"line":"1","years":{"2024":1},"total":2})"),
            "plan_budget data.budget[0].total");
  EXPECT_EQ(fault_of(count, "", R"({"line":"1","years":{}},{"line":"1","years":{}})"),
            "plan_duplicate data.budget[1].line");
  EXPECT_EQ(fault_of(R"({"kind":"money","line":["1","2"]})", "", R"({"line":"1","years":{}})"),
            "plan_reference data.indicators[0].formula.line[1]");
  EXPECT_EQ(fault_of(R"({"kind":"money","line":"1"})", "", R"({"line":"1","years":{}})"), "");
}

TEST(PlanConsistency, ALineStandsOnceAtEachLevel) {
  const std::string row = R"({"line":"9","level":"province","years":{}})";
  EXPECT_EQ(fault_of(count, "", row + R"(,{"line":"9","level":"district","years":{}})"), "");
  EXPECT_EQ(fault_of(count, "", row + "," + row), "plan_duplicate data.budget[1].line");
}

TEST(PlanConsistency, PrintedTotalsAreTheSumsOfTheirRowsInEveryYear) {
  const auto with = [](std::string_view totals) {
    return fault_of(count, "",
                    R"({"line":"9","level":"province","years":{"2024":80}},)"
                    R"({"line":"9","level":"district","years":{"2024":300,"2025":5}}],)"
                    R"("budget_totals":[)" +
                        std::string(totals));
  };
  const std::string at = "plan_budget data.budget_totals[0].";
  EXPECT_EQ(with(R"({"level":"province","years":{"2024":80},"total":80},)"
                 R"({"level":"district","years":{"2024":300,"2025":5},"total":305},)"
                 R"({"years":{"2024":380,"2025":5},"total":385},{"total":385})"),
            "");
  EXPECT_EQ(with(R"({"level":"province","years":{"2024":81},"total":80})"), at + "years.2024");
  EXPECT_EQ(with(R"({"level":"province","years":{"2024":80,"2025":1},"total":80})"),
            at + "years.2025");
  EXPECT_EQ(with(R"({"level":"district","years":{"2024":300},"total":305})"), at + "years.2025");
  EXPECT_EQ(with(R"({"years":{"2024":380,"2025":5},"total":384})"), at + "total");
}

TEST(PlanConsistency, TargetsOfOneSeriesShareADayOrAUnitButNotBoth) {
  const std::string year = R"({"kind":"each_year","years":[2024]})";
  const std::string next = R"({"kind":"each_year","years":[2025]})";
  const std::string both = R"({"kind":"each_year","years":[2025,2024]})";
  const auto pair = [](const std::string& a, const std::string& b) {
    return fault_of(count, a + "," + b);
  };
  const std::string fault = "plan_overlap data.targets[1]";
  EXPECT_EQ(pair(in_series("a", year), in_series("b", next)), "");
  EXPECT_EQ(pair(in_series("a", year), in_series("b", both)), fault);
  EXPECT_EQ(pair(in_series("a", year), in_series("b", R"({"kind":"by","day":"2024-01-01"})")),
            fault);
  EXPECT_EQ(pair(in_series("a", R"({"kind":"by","day":"2024-06-30"})"),
                 in_series("b", R"({"kind":"by","first":"2024-07-01","day":"2024-12-31"})")),
            "");
  const auto whom = [&](std::string_view units) { return in_series("b", year, units); };
  EXPECT_EQ(pair(in_series("a", year), whom(R"({"scope":"each","level":"commune"})")), "");
  EXPECT_EQ(pair(in_series("a", year), whom(R"({"scope":"each","level":"any"})")), fault);
  EXPECT_EQ(pair(in_series("a", year), whom(R"({"scope":"rollup","level":"district"})")), "");
  EXPECT_EQ(pair(in_series("a", year),
                 whom(R"({"scope":"each","level":"district","where":{"kind":"school"}})")),
            "");
}

}  // namespace
}  // namespace tiendo

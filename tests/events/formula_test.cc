#include "events/formula.h"

#include <gtest/gtest.h>

#include "events/formula_reader.h"

namespace tiendo {
namespace {

bool holds_ratio(Comparator comparator, int64_t n, int64_t d, std::string_view target) {
  return holds(comparator, Decimal::whole(n), Decimal::whole(d), parse_decimal(target).value, 100);
}

TEST(Formula, RatiosAreComparedExactly) {
  EXPECT_FALSE(holds_ratio(Comparator::at_least, 24'999, 25'000, "100"));  // E26
  EXPECT_TRUE(holds_ratio(Comparator::at_least, 100, 1'000, "10"));        // E25
  EXPECT_FALSE(holds_ratio(Comparator::above, 100, 1'000, "10"));
  EXPECT_TRUE(holds_ratio(Comparator::below, 2, 3, "66.666667"));
  EXPECT_TRUE(holds_ratio(Comparator::above, 2, 3, "66.666666"));
  EXPECT_TRUE(holds_ratio(Comparator::exactly, 1, 8, "12.5"));
  EXPECT_TRUE(holds_ratio(Comparator::at_most, 1, 8, "12.5"));
}

TEST(Formula, TheLargestNumbersCompareWithoutOverflow) {
  const Decimal largest = parse_decimal("999999999999999999.999999").value;
  EXPECT_TRUE(holds(Comparator::above, largest, Decimal::whole(1), Decimal::whole(1), 100));
  EXPECT_TRUE(holds(Comparator::below, Decimal::whole(1), largest, largest, 100));
}

TEST(Formula, ComparatorsHaveTheirTexts) {
  for (const std::string_view text : {">=", ">", "<=", "<", "="}) {
    const auto comparator = parse_comparator(text);
    ASSERT_TRUE(comparator) << text;
    EXPECT_EQ(text_of(*comparator), text);
  }
  EXPECT_FALSE(parse_comparator("=="));
  EXPECT_FALSE(parse_comparator(""));
}

struct ReadFormula {
  FormulaPtr formula;
  std::optional<Refusal> refusal;
};
ReadFormula read(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  PlanReader reader;
  FormulaPtr formula = FormulaReader(reader).read({document.root(), "f"});
  return {formula, reader.refusal()};
}

TEST(Formula, ReadsTheKindsThatAreBuilt) {
  EXPECT_TRUE(
      std::get<CountFormula>(read(R"({"kind":"count","credit":"all"})").formula->of).credit_all);
  const auto sum = std::get<SumFormula>(
      read(R"({"kind":"sum","of":"participants","audiences":["youth","members"]})").formula->of);
  EXPECT_EQ(sum.audiences, (std::vector<std::string>{"members", "youth"}));
  EXPECT_TRUE(is_ratio(*read(R"({"kind":"share","where":{"form":"online"}})").formula));
  EXPECT_TRUE(read(R"({"kind":"count","window":"plan"})").formula->whole_plan);
  const auto coverage = std::get<CoverageFormula>(
      read(R"({"kind":"coverage","units":{"level":"any","below":"children"},)"
           R"("have":{"all":[{"reached_by":{},"mode":"each","by":"any"},)"
           R"({"indicator":"i","comparator":">","value":2}]}})")
          .formula->of);
  EXPECT_TRUE(coverage.units.levels.empty());
  EXPECT_TRUE(coverage.units.children_only);
  ASSERT_EQ(coverage.have.parts.size(), 2U);
  EXPECT_EQ(coverage.have.parts[0].mode, Have::Mode::each_of_them);
  EXPECT_EQ(coverage.have.parts[0].by, Have::By::anyone);
  EXPECT_EQ(coverage.have.parts[1].value, Decimal::whole(2));
}

TEST(Formula, ReadsWhatIsDeclaredOrReported) {
  const auto distinct = std::get<DistinctFormula>(
      read(R"({"kind":"distinct","of":"outputs","output":"site","only":{"flag.pilot":true},)"
           R"("counts":"ignore","subset_of":"sites"})")
          .formula->of);
  EXPECT_EQ(distinct.output, "site");
  EXPECT_TRUE(distinct.only.has_value());
  EXPECT_EQ(distinct.counts, DistinctFormula::Counts::ignore);
  EXPECT_EQ(distinct.subset_of, "sites");
  EXPECT_EQ(std::get<GaugeFormula>(read(R"({"kind":"gauge","register":"team"})").formula->of).reg,
            "team");
  EXPECT_TRUE(std::holds_alternative<ReportedSumFormula>(
      read(R"({"kind":"sum","of":"reported"})").formula->of));
  EXPECT_TRUE(std::get<ReportedRatioFormula>(
                  read(R"({"kind":"ratio","of":"reported","fresh":"period"})").formula->of)
                  .fresh);
  const auto ratio = std::get<RatioFormula>(
      read(R"({"kind":"ratio","numerator":{"kind":"distinct","of":"people"},)"
           R"("denominator":{"kind":"statistic","statistic":"youth"}})")
          .formula->of);
  EXPECT_EQ(std::get<StatisticFormula>(ratio.denominator->of).covers, Covers::subtree);
  EXPECT_TRUE(
      std::get<RegisterCoverageFormula>(
          read(R"({"kind":"coverage","register":"team","have":{"named_by":{}}})").formula->of)
          .named_by.has_value());
  const auto coverage = std::get<CoverageFormula>(
      read(R"({"kind":"coverage","units":{},"have":{"attribute":"app","is":true}})").formula->of);
  EXPECT_EQ(coverage.have.kind, Have::Kind::attribute);
  EXPECT_EQ(coverage.have.is, (Scalar{Scalar::Kind::truth, "true"}));
  EXPECT_TRUE(is_ratio(
      *read(R"({"kind":"kept","of":{"kind":"coverage","register":"team","have":{}}})").formula));
  EXPECT_EQ(std::get<MoneyFormula>(read(R"({"kind":"money","line":["9","10"]})").formula->of).lines,
            (std::vector<std::string>{"9", "10"}));
}

TEST(Formula, RefusesWhatIsNoFormula) {
  const auto reason = [](std::string_view text) {
    const auto one = read(text);
    return one.refusal ? std::string(name_of(one.refusal->reason)) + " " + one.refusal->field : "";
  };
  EXPECT_EQ(reason("3"), "plan_schema f");
  EXPECT_EQ(reason("{}"), "plan_schema f.kind");
  EXPECT_EQ(reason(R"({"kind":"average"})"), "value_unknown f.kind");
  EXPECT_EQ(reason(R"({"kind":"count","credit":"some"})"), "value_unknown f.credit");
  EXPECT_EQ(reason(R"({"kind":"count","where":{"colour":"red"}})"), "plan_formula f.where.colour");
  EXPECT_EQ(reason(R"({"kind":"count","where":{"form":{}}})"), "plan_schema f.where.form");
  EXPECT_EQ(reason(R"({"kind":"sum"})"), "plan_schema f.of");
  EXPECT_EQ(reason(R"({"kind":"sum","of":"outputs"})"), "plan_schema f.output");
  EXPECT_EQ(reason(R"({"kind":"share"})"), "plan_schema f.where");
  EXPECT_EQ(reason(R"({"kind":"milestone"})"), "plan_formula f");
  EXPECT_EQ(reason(R"({"kind":"milestone","where":{},"obligation":"o"})"), "plan_formula f");
  EXPECT_EQ(reason(R"({"kind":"coverage","units":{},"have":{}})"), "plan_formula f.have");
  EXPECT_EQ(
      reason(
          R"({"kind":"coverage","units":{},"have":{"indicator":"i","comparator":"~","value":1}})"),
      "value_unknown f.have.comparator");
}

std::string conditions(int count) {
  std::string out = "{\"any\":[";
  for (int i = 0; i < count; ++i) {
    out += std::string(i > 0 ? "," : "") + R"({"unit.attr.a)" + std::to_string(i) + R"(":true})";
  }
  return out + "]}";
}

// There is a term for each outcome of the conditions on the unit: 2^6 at most.
TEST(Formula, ConditionsOnTheUnitAreBounded) {
  const auto refused = [](const std::string& formula) { return read(formula).refusal.has_value(); };
  const auto count = [](const std::string& where) {
    return R"({"kind":"count","where":)" + where + "}";
  };
  const auto reached = [](const std::string& where) {
    return R"({"kind":"coverage","units":{},"have":{"reached_by":)" + where + "}}";
  };
  const auto milestone = [](const std::string& where) {
    return R"({"kind":"milestone","where":)" + where + "}";
  };
  const auto sum = [](const std::string& where) {
    return R"({"kind":"sum","of":"cost","where":)" + where + "}";
  };
  for (const auto& make : {+count, +reached, +milestone, +sum}) {
    EXPECT_FALSE(refused(make(conditions(6))));
    EXPECT_TRUE(refused(make(conditions(7))));
  }
  const std::string other = R"({"unit.level":"commune"})";
  EXPECT_FALSE(
      refused(R"({"kind":"share","where":)" + conditions(5) + R"(,"among":)" + other + "}"));
  EXPECT_TRUE(
      refused(R"({"kind":"share","where":)" + conditions(6) + R"(,"among":)" + other + "}"));
}

}  // namespace
}  // namespace tiendo

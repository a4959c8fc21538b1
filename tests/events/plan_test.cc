#include "events/plan.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace tiendo {
namespace {

Day day(std::string_view text) { return *parse_day(text); }

ParsedPlan parse(const std::string& text) {
  json::Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  return parse_plan(document.root());
}

// A plan without fault, one part of which a test bends.
struct Parts {
  std::string head =
      R"("plan":"p","version":1,"valid_from":"2024-01-01","first":"2024-01-01","last":"2024-12-31","title":{"vi":"t"})";
  std::string periods;
  std::string indicators = R"({"id":"i","name":{"vi":"i"},"formula":{"kind":"count"}})";
  std::string targets;
  std::string obligations;

  [[nodiscard]] std::string text() const {
    return "{" + head + R"(,"periods":[)" + periods + R"(],"indicators":[)" + indicators +
           R"(],"targets":[)" + targets + R"(],"obligations":[)" + obligations + "]}";
  }
};

std::string target(std::string_view when,
                   std::string_view whom = R"({"scope":"unit","level":"any"})",
                   std::string_view rest = R"("indicator":"i","comparator":">=","value":1)") {
  return R"({"id":"t",)" + std::string(rest) + R"(,"for":)" + std::string(whom) + R"(,"when":)" +
         std::string(when) + "}";
}
const std::string by_june = R"({"kind":"by","day":"2024-06-30"})";

std::string obligation(std::string_view instances, std::string_view more = "") {
  return R"({"id":"o","from":{"level":"district"},"instances":[)" + std::string(instances) + "]" +
         std::string(more) + "}";
}

std::string fault_of(const Parts& parts) {
  const ParsedPlan parsed = parse(parts.text());
  const auto* refusal = std::get_if<Refusal>(&parsed);
  if (refusal == nullptr) return "";
  return std::string(name_of(refusal->reason)) + " " + refusal->field;
}

TEST(Plan, APlanWithoutFaultIsRead) {
  EXPECT_EQ(fault_of({}), "");
  EXPECT_EQ(fault_of({.targets = target(by_june)}), "");
  EXPECT_EQ(fault_of({.obligations =
                          obligation(R"({"period":"2024-9M","due":{"before":"2024-09-01"}})")}),
            "");
}

TEST(Plan, EveryFaultHasItsCodeAndPath) {
  const auto head = [](std::string_view text) { return Parts{.head = std::string(text)}; };
  EXPECT_EQ(fault_of(head(R"("plan":"p")")), "plan_schema data.version");
  EXPECT_EQ(
      fault_of(head(
          R"("plan":"","version":1,"valid_from":"2024-01-01","first":"2024-01-01","last":"2024-12-31","title":{"vi":"t"})")),
      "plan_schema data.plan");
  EXPECT_EQ(
      fault_of(head(
          R"("plan":"p","version":1.5,"valid_from":"2024-01-01","first":"2024-01-01","last":"2024-12-31","title":{"vi":"t"})")),
      "plan_schema data.version");
  EXPECT_EQ(
      fault_of(head(
          R"("plan":"p","version":1,"valid_from":"2024-02-30","first":"2024-01-01","last":"2024-12-31","title":{"vi":"t"})")),
      "plan_schema data.valid_from");
  EXPECT_EQ(
      fault_of(head(
          R"("plan":"p","version":1,"valid_from":"2024-01-01","first":"2024-01-01","last":"2023-12-31","title":{"vi":"t"})")),
      "plan_window data.last");
  EXPECT_EQ(
      fault_of(head(
          R"("plan":"p","version":1,"valid_from":"2024-01-01","first":"2024-01-01","last":"2024-12-31","title":{"en":"t"})")),
      "plan_schema data.title.vi");
  EXPECT_EQ(
      fault_of(head(
          R"("plan":"p","version":1,"valid_from":"2024-01-01","first":"2024-01-01","last":"2024-12-31","title":{"vi":"t"},"calendar":"lunar")")),
      "value_unknown data.calendar");
  EXPECT_EQ(fault_of({.periods = R"({"id":"q","first":"2024-02-01","last":"2024-01-31"})"}),
            "plan_window data.periods[0]");
  EXPECT_EQ(fault_of({.periods = R"({"id":"q","first":"2024-01-01","last":"2024-01-31"},)"
                                 R"({"id":"q","first":"2024-01-01","last":"2024-01-31"})"}),
            "plan_duplicate data.periods[1].id");

  const std::string indicator = Parts{}.indicators;
  EXPECT_EQ(fault_of({.indicators = indicator + "," + indicator}),
            "plan_duplicate data.indicators[1].id");
  EXPECT_EQ(fault_of({.indicators = "7"}), "plan_schema data.indicators[0]");
  EXPECT_EQ(fault_of({.indicators = R"({"id":"i","name":{"vi":"i"},"formula":{"kind":"mean"}})"}),
            "value_unknown data.indicators[0].formula.kind");
  EXPECT_EQ(
      fault_of(
          {.indicators =
               R"({"id":"i","name":{"vi":"i"},"formula":{"kind":"count","where":{"colour":1}}})"}),
      "plan_formula data.indicators[0].formula.where.colour");
  EXPECT_EQ(
      fault_of(
          {.indicators =
               R"({"id":"i","name":{"vi":"i"},"formula":{"kind":"coverage","units":{},"have":{"indicator":"j","comparator":">","value":1}}})"}),
      "plan_reference data.indicators[0].formula.have.indicator");
  EXPECT_EQ(
      fault_of(
          {.indicators =
               R"({"id":"i","name":{"vi":"i"},"formula":{"kind":"milestone","obligation":"o"}})"}),
      "plan_reference data.indicators[0].formula.obligation");
}

TEST(Plan, EveryFaultOfATargetHasItsCodeAndPath) {
  const auto of = [](const std::string& text) { return fault_of({.targets = text}); };
  EXPECT_EQ(of(target(by_june) + "," + target(by_june)), "plan_duplicate data.targets[1].id");
  EXPECT_EQ(of(target(by_june, R"({"scope":"unit"})")), "plan_level data.targets[0].for");
  EXPECT_EQ(of(target(by_june, R"({"level":"any"})")), "plan_level data.targets[0].for");
  EXPECT_EQ(of(target(by_june, R"({"scope":"all","level":"any"})")),
            "value_unknown data.targets[0].for.scope");
  EXPECT_EQ(of(target(by_june, R"({"scope":"unit","level":"any","of":"whole"})")),
            "value_unknown data.targets[0].for.of");
  EXPECT_EQ(of(target(by_june, R"({"scope":"share","level":"any"})")),
            "plan_schema data.targets[0].inner");
  EXPECT_EQ(of(target(by_june, R"({"scope":"unit","level":"any"})",
                      R"("indicator":"j","comparator":">=","value":1)")),
            "plan_reference data.targets[0].indicator");
  EXPECT_EQ(of(target(by_june, R"({"scope":"unit","level":"any"})",
                      R"("indicator":"i","comparator":"~","value":1)")),
            "value_unknown data.targets[0].comparator");
  EXPECT_EQ(of(target(by_june, R"({"scope":"unit","level":"any"})",
                      R"("indicator":"i","comparator":">=","value":"many")")),
            "plan_schema data.targets[0].value");
  EXPECT_EQ(of(target(R"({"kind":"someday"})")), "value_unknown data.targets[0].when.kind");
  EXPECT_EQ(of(target(R"({"kind":"by"})")), "plan_schema data.targets[0].when.day");
  EXPECT_EQ(of(target(R"({"kind":"before","day":"2024-01-01"})")),
            "plan_window data.targets[0].when");
  EXPECT_EQ(of(target(R"({"kind":"by","day":"2024-06-30","first":"2024-07-01"})")),
            "plan_window data.targets[0].when");
  EXPECT_EQ(of(target(R"({"kind":"in","period":"harvest"})")),
            "plan_reference data.targets[0].when.period");
}

// A year too large for an int must be refused, not turned into another year.
TEST(Plan, YearsAreBounded) {
  const auto of = [](std::string_view years) {
    return fault_of(
        {.targets = target(R"({"kind":"each_year","years":[)" + std::string(years) + "]}")});
  };
  EXPECT_EQ(of("1900,2199"), "");
  EXPECT_EQ(of("1899"), "plan_schema data.targets[0].when.years[0]");
  EXPECT_EQ(of("2024,2200"), "plan_schema data.targets[0].when.years[1]");
  EXPECT_EQ(of("4294969320"), "plan_schema data.targets[0].when.years[0]");
  EXPECT_EQ(of("999999999999999999"), "plan_schema data.targets[0].when.years[0]");
}

TEST(Plan, UntilIsADayOfEveryYearNamed) {
  const auto of = [](std::string_view until, std::string_view more = "") {
    return fault_of({.targets = target(R"({"kind":"each_year","years":[2024,2025],"until":)" +
                                       std::string(until) + std::string(more) + "}")});
  };
  const std::string at = "plan_schema data.targets[0].when.until";
  EXPECT_EQ(of(R"("06-30")"), "");
  EXPECT_EQ(of(R"("02-28")"), "");
  EXPECT_EQ(of(R"("02-29")"), at);  // of 2024 alone
  EXPECT_EQ(of(R"("06-31")"), at);
  EXPECT_EQ(of(R"("6-30")"), at);
  EXPECT_EQ(of(R"("2024-06-30")"), at);
  EXPECT_EQ(of(R"("06-30")", R"(,"calendar":"statutory")"), at);
}

TEST(Plan, EveryFaultOfAnObligationHasItsCodeAndPath) {
  const auto of = [](const std::string& text) { return fault_of({.obligations = text}); };
  const std::string good = R"({"period":"2024"})";
  EXPECT_EQ(of(obligation(good) + "," + obligation(good)), "plan_duplicate data.obligations[1].id");
  EXPECT_EQ(of(R"({"id":"o","instances":[]})"), "plan_schema data.obligations[0].from");
  EXPECT_EQ(of(obligation(R"({"period":"harvest"})")),
            "plan_reference data.obligations[0].instances[0].period");
  EXPECT_EQ(of(obligation(R"({"period":"2024","due":{"soon":true}})")),
            "plan_schema data.obligations[0].instances[0].due");
  EXPECT_EQ(of(obligation(good, R"(,"requires":["j"])")),
            "plan_reference data.obligations[0].requires[0]");
  EXPECT_EQ(of(obligation(good, R"(,"judged_by":"feeling")")),
            "value_unknown data.obligations[0].judged_by");
}

// A due day that is not the target's own would judge a report twice, and differently.
TEST(Plan, AMilestoneByObligationIsDueOnTheTargetsLastDay) {
  Parts parts;
  parts.indicators =
      R"({"id":"i","name":{"vi":"i"},"formula":{"kind":"milestone","obligation":"o"}})";
  parts.obligations = obligation(R"({"period":"2024","due":{"before":"2024-07-01"}})");
  parts.targets = target(by_june);
  EXPECT_EQ(fault_of(parts), "");
  parts.targets = target(R"({"kind":"by","day":"2024-06-29"})");
  EXPECT_EQ(fault_of(parts), "plan_reference data.targets[0].when.day");
}

TEST(Plan, TheMostBasicFaultWinsWhereverItStands) {
  Parts parts;
  parts.targets = target(R"({"kind":"before","day":"2024-01-01"})");  // plan_window
  parts.obligations = R"({"id":"o","instances":[]})";                 // plan_schema
  EXPECT_EQ(fault_of(parts), "plan_schema data.obligations[0].from");
}

TEST(Plan, FoundIsCutAtAWholeCharacter) {
  std::string word;
  for (int i = 0; i < 100; ++i) word += "ế";
  Parts parts{.targets = target(by_june, R"({"scope":")" + word + R"(","level":"any"})")};
  const auto refusal = std::get<Refusal>(parse(parts.text()));
  EXPECT_LE(refusal.found.size(), 120U);
  EXPECT_EQ((refusal.found.size() - 1) % std::string("ế").size(), 0U);  // after the quote
}

TEST(Plan, TheShippedPlanIsRead) {
  std::ifstream file(std::string(TIENDO_ROOT) + "/deploy/plans/tayninh-2024.json");
  std::stringstream text;
  text << file.rdbuf();
  const ParsedPlan parsed = parse(text.str());
  const auto* plan = std::get_if<Plan>(&parsed);
  ASSERT_NE(plan, nullptr) << std::get<Refusal>(parsed).field << " "
                           << std::get<Refusal>(parsed).expected;
  EXPECT_EQ(plan->id, "tayninh-2024");
  EXPECT_EQ(plan->unit, "tayninh");
  EXPECT_NE(plan->indicator("dx_acts"), nullptr);
  EXPECT_EQ(plan->indicator("no_such"), nullptr);
  ASSERT_NE(plan->obligation("nine_month"), nullptr);
  EXPECT_EQ(plan->targets.front().id, "TN-001");
  for (const Target& one : plan->targets) {
    EXPECT_NE(plan->indicator(one.indicator), nullptr) << one.id;
    EXPECT_FALSE(one.note.vi.empty()) << one.id;
    EXPECT_TRUE(window_of(*plan, one, day("2024-12-31"))) << one.id;
  }
}

TEST(Plan, PeriodsOfItsOwnAndOfTheCalendar) {
  const Plan plan = std::get<Plan>(
      parse(Parts{.periods = R"({"id":"dxday","first":"2024-10-01","last":"2024-10-10"})"}.text()));
  EXPECT_EQ(plan.period("plan"), (Window{day("2024-01-01"), day("2024-12-31")}));
  EXPECT_EQ(plan.period("dxday"), (Window{day("2024-10-01"), day("2024-10-10")}));
  EXPECT_EQ(plan.period("..2024-03-05"), (Window{day("2024-01-01"), day("2024-03-05")}));
  EXPECT_EQ(plan.period("2024s-03"), (Window{day("2024-02-15"), day("2024-03-14")}));
  EXPECT_EQ(plan.period("..2023-12-31"), std::nullopt);
  EXPECT_EQ(plan.period("harvest"), std::nullopt);
}

TEST(Plan, WindowsOfTargets) {
  const auto window = [](std::string_view when, std::string_view on) {
    const std::string state =
        R"({"id":"i","name":{"vi":"i"},"formula":{"kind":"gauge","register":"team"}})";
    const Plan plan =
        std::get<Plan>(parse(Parts{.indicators = state, .targets = target(when)}.text()));
    return window_of(plan, plan.targets.front(), day(on));
  };
  const std::string years = R"({"kind":"each_year","years":[2024]})";
  EXPECT_EQ(window(years, "2024-05-05"), (Window{day("2024-01-01"), day("2024-12-31")}));
  EXPECT_EQ(window(years, "2025-01-01"), std::nullopt);
  const std::string june = R"({"kind":"each_year","years":[2024],"until":"06-30"})";
  EXPECT_EQ(window(june, "2024-02-05"), (Window{day("2024-01-01"), day("2024-06-30")}));
  EXPECT_EQ(window(june, "2024-11-05"), (Window{day("2024-01-01"), day("2024-06-30")}));
  EXPECT_EQ(window(june, "2025-01-01"), std::nullopt);
  const std::string statutory = R"({"kind":"each_year","years":[2024],"calendar":"statutory"})";
  EXPECT_EQ(window(statutory, "2023-12-15"), (Window{day("2023-12-15"), day("2024-12-14")}));
  EXPECT_EQ(window(statutory, "2024-12-14"), (Window{day("2023-12-15"), day("2024-12-14")}));
  EXPECT_EQ(window(statutory, "2024-12-15"), std::nullopt);
  EXPECT_EQ(window(R"({"kind":"before","day":"2024-09-01"})", "2024-12-31"),
            (Window{day("2024-01-01"), day("2024-08-31")}));
  EXPECT_EQ(window(R"({"kind":"by","day":"2024-09-01","first":"2024-03-01"})", "2024-12-31"),
            (Window{day("2024-03-01"), day("2024-09-01")}));
  EXPECT_EQ(window(R"({"kind":"throughout","last":"2024-06-30"})", "2024-12-31"),
            (Window{day("2024-01-01"), day("2024-06-30")}));
  EXPECT_EQ(window(R"({"kind":"in","period":"2024-Q2"})", "2024-12-31"),
            (Window{day("2024-04-01"), day("2024-06-30")}));
}

TEST(Plan, DueDaysAreExclusive) {
  const auto too_late = [](std::string_view due) {
    const Plan plan = std::get<Plan>(parse(
        Parts{.obligations = obligation(R"({"period":"2024-9M","due":)" + std::string(due) + "}")}
            .text()));
    return plan.obligations.front().instances.front().due.too_late();
  };
  EXPECT_EQ(too_late(R"({"before":"2024-09-01"})"), day("2024-09-01"));
  EXPECT_EQ(too_late(R"({"by":"2024-09-01"})"), day("2024-09-02"));
  EXPECT_EQ(too_late(R"({"assumed":"2024-12-31"})"), day("2025-01-01"));
  EXPECT_EQ(too_late(R"({"month":"2024-02"})"), day("2024-03-01"));
  EXPECT_EQ(too_late(R"({"year":"2024"})"), day("2025-01-01"));
  EXPECT_EQ(too_late("null"), std::nullopt);
}

TEST(Plan, AMilestoneMeansTheNamedTheOnlyOrTheOneInstanceDueInTheWindow) {
  const Plan plan = std::get<Plan>(
      parse(Parts{.obligations = obligation(R"({"period":"2024-9M","due":{"by":"2024-09-01"}},)"
                                            R"({"period":"2024","due":{"by":"2024-12-10"}})")}
                .text()));
  const Obligation& two = plan.obligations.front();
  const Window autumn{day("2024-08-01"), day("2024-10-31")};
  const Window all{day("2024-01-01"), day("2024-12-31")};
  EXPECT_EQ(instance_of(two, {.period = "2024"}, autumn)->period, "2024");
  EXPECT_EQ(instance_of(two, {.period = "2023"}, autumn), nullptr);
  EXPECT_EQ(instance_of(two, {}, autumn)->period, "2024-9M");
  EXPECT_EQ(instance_of(two, {}, all), nullptr);
}

}  // namespace
}  // namespace tiendo

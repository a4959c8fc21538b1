#include "projector/preview.h"

#include <gtest/gtest.h>

#include "tests/support/random_history.h"

namespace tiendo {
namespace {

using testing::History;
using testing::indicator_data;
using testing::plan_data;

constexpr std::string_view now = "2025-06-01";

std::string document(int version) {
  const std::vector<std::string> formulas = {
      R"({"kind":"count","where":{"form":"hybrid"}})",
      R"({"kind":"sum","of":"participants","audiences":["members","guests"]})",
      R"({"kind":"share","where":{"form":"online"},"among":{"unit.level":"commune"}})",
      R"({"kind":"distinct","of":"outputs","output":"site","where":{"form":"hybrid"}})",
      R"({"kind":"sum","of":"reported"})",
      R"({"kind":"coverage","units":{"level":["district","commune"]},"have":{"reached_by":{"form":"online"},"by":"subtree"}})"};
  std::string indicators;
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    indicators += (i == 0 ? "" : ",") + indicator_data("i" + std::to_string(i), formulas[i]);
  }
  return plan_data(indicators, "", "", version);
}

// Every figure of the plan, as `state` has it.
std::string figures_of(const std::shared_ptr<const ViewState>& state) {
  std::string out;
  const auto text = [](const std::optional<Decimal>& one) { return one ? one->text() : "-"; };
  for (const TreeMode mode : {TreeMode{}, TreeMode{*parse_day("2024-06-30")}}) {
    const Question question(state, Moment{.at = testing::instant(now)}, mode);
    const auto plan = question.knowledge().plan("p", *parse_day("2024-12-31"));
    if (plan == nullptr) return "no plan";
    out += "version " + std::to_string(plan->version) + "\n";
    for (const Indicator& indicator : plan->indicators) {
      for (UnitIndex unit = 0; unit < question.tree().size(); ++unit) {
        const Figure found = figure(question, {.plan = *plan,
                                               .formula = *indicator.formula,
                                               .unit = unit,
                                               .window = *plan->period("2024")})
                                 .value();
        out += indicator.id + " " + question.tree().unit(unit).id + " " + text(found.value) + " " +
               text(found.numerator) + "/" + text(found.denominator) +
               (found.building ? " building" : "") + "\n";
      }
    }
  }
  return out;
}

TEST(Preview, IsWhatPublishingTheDocumentWouldGive) {
  std::string any;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    History history;
    history.at("2023-12-01").units(testing::worked_example_units());
    auto streams = testing::Generator(seed).history(80);
    for (const auto& [name, all] : streams) {
      for (const auto& said : all) history.append(said);
    }
    history.catch_up();
    const std::string digest = history.digest();
    const std::string before = figures_of(history.state());
    const int version = 1 + static_cast<int>(seed % 3);
    auto preview = Preview::begin(history.state(), history.log().reader(), document(version),
                                  testing::instant(now))
                       .value();
    while (!preview->is_filled()) ASSERT_TRUE(preview->fill(3).ok());
    const std::string previewed = figures_of(preview->after());
    EXPECT_EQ(figures_of(preview->before()), before);
    EXPECT_EQ(history.digest(), digest) << "the views were written to";
    history.at(now).in("t:9:0").from("urn:z").say("plan.published", document(version));
    history.catch_up();
    EXPECT_EQ(previewed, figures_of(history.state())) << "seed " << seed;
    if (HasFailure()) break;
    any += previewed;
  }
  EXPECT_NE(any.find("i1 P 4"), std::string::npos) << "the histories say something";
}

TEST(Preview, IsBuildingUntilItsNewTermsAreFilled) {
  History history;
  history.units(testing::worked_example_units());
  for (int i = 0; i < 5; ++i) {
    history.say("activity.recorded",
                testing::activity_data("a" + std::to_string(i), "D1", "2024-01-01", 10));
  }
  history.catch_up();
  const std::string visits = R"({"kind":"sum","of":"participants"})";
  auto preview = Preview::begin(history.state(), history.log().reader(),
                                plan_data(indicator_data("v", visits)), testing::instant(now))
                     .value();
  EXPECT_FALSE(preview->is_filled());
  EXPECT_NE(figures_of(preview->after()).find("v P"), std::string::npos);
  EXPECT_NE(figures_of(preview->after()).find("building"), std::string::npos);
  ASSERT_TRUE(preview->fill(2).ok());
  EXPECT_EQ(preview->filled(), 2U);
  EXPECT_FALSE(preview->is_filled());
  ASSERT_TRUE(preview->fill(100).ok());
  EXPECT_TRUE(preview->is_filled());
  EXPECT_NE(figures_of(preview->after()).find("v P 50"), std::string::npos);
  // What is said in the meantime is not in it: it stands on the records it began with.
  history.say("activity.recorded", testing::activity_data("b", "D1", "2024-01-01", 10));
  history.catch_up();
  EXPECT_NE(figures_of(preview->after()).find("v P 50"), std::string::npos);
}

}  // namespace
}  // namespace tiendo

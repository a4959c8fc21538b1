#include "query/figure_changes.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "query/change_parts.h"
#include "query/history_parts.h"
#include "tests/support/random_history.h"

namespace tiendo {
namespace {

using testing::Dice;
using testing::Generator;
using testing::indicator_data;

// Formulas beside those of the generator's plans: one of each kind that reads what is declared.
std::string more_indicators() {
  const std::vector<std::string> formulas = {
      R"({"kind":"sum","of":"reported"})",
      R"({"kind":"gauge","of":"reported"})",
      R"({"kind":"ratio","of":"reported"})",
      R"({"kind":"gauge","register":"site","only":{"flag.open":true}})",
      R"({"kind":"state","register":"site","only":{}})",
      R"({"kind":"rank","statistic":"pop"})",
      R"({"kind":"ratio","numerator":{"kind":"count","where":{}},"denominator":{"kind":"statistic","statistic":"pop"}})",
      R"({"kind":"coverage","units":{"level":["district","commune"]},"have":{"register":"site"}})",
      R"({"kind":"kept","of":{"kind":"gauge","register":"site"}})"};
  std::string out;
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    out += indicator_data("j" + std::to_string(i), formulas[i]) + ",";
  }
  return out;
}

// Of the plan that is there from the first, with ids of the generator's own.
std::string basic_indicators() {
  return indicator_data("i0", R"({"kind":"count"})") + "," +
         indicator_data("i4", R"({"kind":"sum","of":"participants"})") + "," +
         indicator_data("i7", R"({"kind":"share","where":{"form":"online"},"among":{}})") + "," +
         indicator_data("i14", R"({"kind":"distinct","of":"outputs","output":"site"})");
}

// Reports of the generator speak of i0 and i1: as many of them speak of j0 to j2.
std::string adapted(std::string text, Dice& dice) {
  const auto replace = [&](const std::string& what, const std::string& by) {
    if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), by);
  };
  replace(R"("indicators":[)", R"("indicators":[)" + more_indicators());
  replace(R"({"indicator":"i0")",
          dice.chance(50) ? R"({"indicator":"j0")" : R"({"indicator":"j1")");
  replace(R"({"indicator":"i1")", R"({"indicator":"j2")");
  return text;
}

std::string text_of(const Figure& figure) {
  const auto text = [](const std::optional<Decimal>& one) { return one ? one->text() : "-"; };
  return text(figure.value) + " " + text(figure.numerator) + " " + text(figure.denominator) + " " +
         figure.no_data;
}

// Goal: the changes are the figure asked for after each record, with the clock of the end, and
// their parts add up. Method: random histories of everything, grants, re-judged and void records
// included; each record of the log is tried, whatever it speaks of.
class RandomChanges : public ::testing::Test {
 protected:
  void fill(uint64_t seed) {
    Dice dice(seed);
    history_.at("2023-12-01").units(testing::worked_example_units());
    history_.say("plan.published", testing::plan_data(more_indicators() + basic_indicators()));
    auto streams = Generator(seed).history(120);
    for (const bool control : {false, true}) {
      for (auto& [name, all] : streams) {
        if ((name == "control") != control) continue;
        for (auto& said : all) {
          said.value = adapted(std::move(said.value), dice);
          history_.append(said);
        }
      }
    }
    history_.catch_up();
    for (const auto& [stream, head] : history_.log().heads()) {
      for (uint64_t i = 0; i < head.next_position; ++i) {
        records_.push_back(history_.log().reader().read(stream, i).value().key());
      }
    }
    std::sort(records_.begin(), records_.end());
  }

  static Moment after(const OrderKey& key) {
    return {.at = key.recorded_at, .everything = false, .record = key};
  }

  static Figure ask(const HistoryQuestion& question, const Moment& moment) {
    const auto knowledge = question.views->reference->known(moment);
    const DefinedFigure defined = defined_at(question, *knowledge, moment);
    if (!defined.is_known()) return {};
    const Question asked(question.views, moment, defined.mode);
    return figure(asked, {.plan = *defined.plan,
                          .formula = *defined.indicator->formula,
                          .unit = defined.unit,
                          .window = defined.window,
                          .extent = question.extent})
        .value();
  }

  // Each record in turn.
  std::string expected(const HistoryQuestion& question, const Moment& from) {
    Figure last = ask(question, from);
    std::string out = text_of(last) + "\n";
    const auto go_on = [&](const Moment& moment, const std::string& name) {
      Figure now = ask(question, moment);
      if (is_another(now, last)) out += name + ": " + text_of(now) + "\n";
      last = std::move(now);
    };
    go_on({.at = question.until.at, .everything = false, .record = last_known(from)}, "clock");
    for (const OrderKey& key : records_) {
      if (key <= last_known(from) || !question.until.knows(key)) continue;
      go_on({.at = question.until.at, .everything = false, .record = key}, name_of(key));
    }
    return out;
  }

  static std::string told(const FigureChanges& changes) {
    std::string out = text_of(changes.before) + "\n";
    for (const FigureStep& step : changes.steps) {
      out += (step.record ? name_of(*step.record) : "clock") + ": " + text_of(step.figure) + "\n";
    }
    return out;
  }
  static std::string name_of(const OrderKey& key) {
    return key.stream.text() + "@" + std::to_string(key.position);
  }

  // Whatever the causes are.
  static void expect_no_remainder(const FigureChanges& changes, Dice& dice) {
    static constexpr std::array<std::string_view, 3> causes = {"a", "b", "c"};
    std::vector<CausedStep> steps;
    for (const FigureStep& step : changes.steps) {
      steps.push_back({causes[static_cast<std::size_t>(dice.below(3))], step.figure});
    }
    const ChangeParts parts = parts_of(changes.before, steps);
    FigureDifference sum;
    for (const ChangePart& part : parts.parts) {
      const auto add = [](std::optional<Decimal>& to, const std::optional<Decimal>& amount) {
        if (amount) to = to.value_or(Decimal()) + *amount;
      };
      EXPECT_EQ(part.difference.shown.has_value(), parts.whole.shown.has_value());
      add(sum.shown, part.difference.shown);
      add(sum.numerator, part.difference.numerator);
      add(sum.denominator, part.difference.denominator);
    }
    if (parts.parts.empty()) return;
    EXPECT_EQ(sum.shown, parts.whole.shown);
    EXPECT_EQ(sum.numerator, parts.whole.numerator);
    EXPECT_EQ(sum.denominator, parts.whole.denominator);
    const auto before = shown_number(changes.before);
    const auto after = shown_number(changes.after);
    if (!parts.whole.shown) return;
    EXPECT_EQ(*before + *parts.whole.shown, *after);
  }

  testing::History history_;
  std::vector<OrderKey> records_;
};

class RandomChangesOfSeed : public RandomChanges, public ::testing::WithParamInterface<int> {};

TEST_P(RandomChangesOfSeed, AreTheFigureAfterEachRecordAndAddUp) {
  const char* said = std::getenv("TIENDO_TEST_SEED");
  const int seed = (said != nullptr ? std::atoi(said) : 20240300) + GetParam();
  fill(static_cast<uint64_t>(seed));
  Dice dice(static_cast<uint64_t>(seed) + 1);
  std::vector<std::string> indicators = {"j0", "j1", "j2", "j3", "j4", "j5", "j6", "j7", "j8"};
  for (int i = 0; i < 18; ++i) indicators.push_back("i" + std::to_string(i));
  for (const std::string& indicator : indicators) {
    const std::size_t count = records_.size();
    const std::size_t first = static_cast<std::size_t>(dice.below(static_cast<int>(count / 2)));
    const std::size_t second =
        first + static_cast<std::size_t>(dice.below(static_cast<int>(count - first)));
    HistoryQuestion question{
        .views = history_.state(),
        .until = dice.chance(30) ? Moment{.at = testing::instant("2025-06-01")}
                                 : after(records_[second]),
        .plan = "p",
        .indicator = indicator,
        .unit = dice.chance(50) ? "P" : dice.one_of(testing::unit_ids),
        .period = dice.one_of<std::string>({"2024", "2024-Q1", "q", "plan"}),
        .tree = dice.one_of<HistoryTree>({HistoryTree::as_reported, HistoryTree::as_reported,
                                          HistoryTree::of_day, HistoryTree::current}),
        .tree_day = *parse_day("2024-06-30"),
        .extent = dice.chance(70) ? Extent::subtree : Extent::own};
    const Moment from = after(records_[first]);
    auto changes = figure_changes(question, from);
    ASSERT_TRUE(changes.ok()) << changes.error().message << " " << indicator << ", seed " << seed;
    EXPECT_EQ(told(*changes), expected(question, from))
        << indicator << " of " << question.unit << ", seed " << seed;
    expect_no_remainder(*changes, dice);
    if (HasFailure()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Histories, RandomChangesOfSeed, ::testing::Range(0, 12));

}  // namespace
}  // namespace tiendo

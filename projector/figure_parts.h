// The parts that figure() is made of, one for each kind of what is read: activities, reports, what
// was declared, units. Only figure*.cc and their tests include this.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "projector/figure.h"

namespace tiendo {

// Where facts lie: those that are divided with their unit, and those that are not.
struct Ground {
  std::vector<UnitDays> divided;
  std::vector<UnitDays> whole;
};

// A formula asked of a unit. `window` is [a, A], cut at N; `asked` is not.
struct FigureCall {
  const Question& question;
  const Plan& plan;
  const Formula* formula;
  std::string_view indicator;  // whose reports it reads
  UnitIndex unit = 0;
  Window asked;
  Window window;
  Extent extent = Extent::subtree;
  std::optional<Window> due_window;
  std::optional<Day> counted_from;
  const ContributorSink* sink = nullptr;  // none: nobody wants to know
  Role role = Role::amount;  // of what is added up, where the formula is a term of a ratio
  // Where the facts lie, by unit, if it is not the unit alone or its subtree.
  const Ground* ground = nullptr;

  void give(const Contributor& contributor) const {
    if (sink != nullptr && *sink) (*sink)(contributor);
  }
  [[nodiscard]] bool is_explained() const { return sink != nullptr && *sink; }
  [[nodiscard]] const std::string& id_of(UnitIndex index) const {
    return question.tree().unit(index).id;
  }
  [[nodiscard]] Day as_at() const { return window.last; }
  // The same question of another formula, or unit.
  [[nodiscard]] FigureCall of(const Formula& other) const;
  [[nodiscard]] FigureCall for_unit(UnitIndex other, Extent its_extent) const;
  // The units asked about with the days on which their facts count: the unit, its subtree, or the
  // ground given.
  [[nodiscard]] std::vector<UnitDays> places(Dividing dividing) const;
  // Of these the units of which something is so on a day, by unit.
  [[nodiscard]] std::vector<UnitDays> places_on(Day day, Dividing dividing) const;
};

// Any kind of formula.
[[nodiscard]] Result<Figure> figure_of(const FigureCall& call);
// The same without contributions.
[[nodiscard]] Result<Figure> quiet_figure_of(FigureCall call);
[[nodiscard]] FigureCall call_of(const Question& question, const FigureOf& of,
                                 const ContributorSink& sink);

// --- states across merges and splits (figure_states.cc) ---

// Whose declaration stands for a unit on A: its own, or, while it has said nothing since a merge or
// split brought something into it, those of the units that flowed into it, as of the day before.
struct Speaker {
  UnitIndex unit = 0;
  Day from;  // its declaration is of these days
  Day until;
  UnitIndex state_of = 0;          // whose state it is, or a part of
  Portion placed{};                // of that state, what counts where it was asked for
  std::vector<Portion> through{};  // the divisions it came by, the first one last

  [[nodiscard]] Decimal of(Decimal amount) const { return placed.of(whole(amount)); }
  // What of it is in the state.
  [[nodiscard]] Decimal whole(Decimal amount) const;
  [[nodiscard]] bool is_whole() const { return placed.is_whole() && through.empty(); }
};
// Whether a unit declared something of days within from .. until that can count.
using Declared = std::function<Result<bool>(UnitIndex, Day from, Day until)>;
[[nodiscard]] Result<std::vector<Speaker>> speakers_of(const FigureCall& call,
                                                       const UnitDays& place,
                                                       const Declared& declared);

// --- activities (figure_activities.cc) ---

[[nodiscard]] bool is_building(const Question& question, const SplitTerm& term);
// The facts of a term on the call's ground, with the unit they belong to and what of them counts.
// However many of its organisers lie there, it counts an activity once.
using FactVisitor = std::function<void(const UnitDays& place, const Fact&)>;
Status visit_facts(const FigureCall& call, const SplitTerm& term, Dividing dividing,
                   const FactVisitor& visit);
// The same on a ground of its own.
Status visit_facts_at(const FigureCall& call, const SplitTerm& term,
                      const std::vector<UnitDays>& ground, const FactVisitor& visit);
// The same of all units, whoever they are and wherever they stand.
Status visit_all_facts(const FigureCall& call, const SplitTerm& term, const FactVisitor& visit);
// Whether the facts of a term are divided with their unit.
[[nodiscard]] Dividing dividing_of(const SplitTerm& term);
// The term of a count or sum.
[[nodiscard]] std::optional<SplitTerm> additive_term(const Formula& formula);
[[nodiscard]] Result<Figure> sum_of_facts(const FigureCall& call, const SplitTerm& term);
[[nodiscard]] Result<Figure> share_of_facts(const FigureCall& call, const ShareFormula& formula);
[[nodiscard]] Result<Figure> distinct_figure(const FigureCall& call,
                                             const DistinctFormula& formula);
[[nodiscard]] Result<Figure> milestone_figure(const FigureCall& call,
                                              const MilestoneFormula& formula);

// --- reports (figure_reported.cc) ---

[[nodiscard]] Result<Figure> reported_sum(const FigureCall& call);
[[nodiscard]] Result<Figure> reported_gauge(const FigureCall& call,
                                            const ReportedGaugeFormula& formula);
[[nodiscard]] Result<Figure> reported_ratio(const FigureCall& call,
                                            const ReportedRatioFormula& formula);
[[nodiscard]] Result<Figure> survey_figure(const FigureCall& call, const SurveyFormula& formula);

// --- entities, statistics, attributes, money (figure_declared.cc) ---

// Whether an entity that exists on the day meets a filter (flag.K, unit.level, unit.kind,
// unit.attr.K).
[[nodiscard]] bool entity_matches(const Question& question, const EntityStanding& entity,
                                  const Filter& where, Day day);
// The unit whose own an entity is on a day; none: it does not exist, or its unit is not known.
[[nodiscard]] std::optional<UnitIndex> unit_of(const Tree& tree, const EntityStanding& entity,
                                               Day day);
// The record since which an entity is as it is on a day.
[[nodiscard]] OrderKey standing_since(const EntityStanding& entity, Day day);
// The entities on the call's ground that exist on A and meet the filter.
[[nodiscard]] Result<std::vector<const EntityStanding*>> entities_on(const FigureCall& call,
                                                                     const std::string& reg,
                                                                     const Filter& only);
[[nodiscard]] Result<Figure> gauge_figure(const FigureCall& call, const GaugeFormula& formula);
[[nodiscard]] Result<Figure> state_figure(const FigureCall& call, const StateFormula& formula);
[[nodiscard]] Result<Figure> rank_figure(const FigureCall& call, const RankFormula& formula);
[[nodiscard]] Result<Figure> money_figure(const FigureCall& call, const MoneyFormula& formula);
// The last value that a unit declared of a statistic within `days`.
[[nodiscard]] Result<const StatisticStanding*> statistic_on(const FigureCall& call,
                                                            const std::string& statistic,
                                                            UnitIndex unit, Window days);

// --- those who speak for all below them (figure_descent.cc) ---

// The topmost units at or below the asked one that have it: they, or who stands at their place.
// Goes on below a unit only where `stops_at` says no of all of them; `passed` takes the units it
// went past on the way to one that has it. `left_out`: of what has none, the topmost units that
// exist on A, and beside them those that stand at their place; or the asked unit.
struct Stop {
  UnitIndex node = 0;
  std::vector<UnitDays> having;
};
struct Descent {
  std::vector<Stop> stops;
  std::vector<UnitIndex> passed;
  std::vector<UnitIndex> left_out;
};
using StopsAt = std::function<Result<bool>(const UnitDays&)>;
[[nodiscard]] Result<Descent> descend(const FigureCall& call, const StopsAt& stops_at);

// --- whom a ratio of terms includes (figure_ground.cc) ---

// Asked in the tree of a day (that of A where facts are as reported): whole subtrees, and single
// units with what stands at their place. And those of whom just their own in the tree of A is.
struct Included {
  Day day;
  std::vector<UnitIndex> whole{};
  std::vector<UnitIndex> single{};
  std::vector<UnitIndex> own{};
};
// Whether it all stands in one place, and in nobody's own figure.
[[nodiscard]] bool is_unplaced(const std::vector<TreePart>& parts);
// Of the facts below the asked unit, those that belong to somebody included.
[[nodiscard]] Ground ground_of(const FigureCall& call, const Included& included);

// --- a term over another (figure_ratio.cc) ---

[[nodiscard]] Result<Figure> statistic_figure(const FigureCall& call,
                                              const StatisticFormula& formula);
[[nodiscard]] Result<Figure> ratio_figure(const FigureCall& call, const RatioFormula& formula);

// --- coverage (figure_coverage.cc) ---

[[nodiscard]] Result<Figure> coverage_figure(const FigureCall& call,
                                             const CoverageFormula& formula);
[[nodiscard]] Result<Figure> register_coverage_figure(const FigureCall& call,
                                                      const RegisterCoverageFormula& formula);

// --- over days (figure_kept.cc, figure_days.cc) ---

[[nodiscard]] Result<Figure> kept_figure(const FigureCall& call, const KeptFormula& formula);
[[nodiscard]] Result<Figure> least_figure(const FigureCall& call, const LeastFormula& formula);
// The first day of `window`, and those on which the figure up to that day may be another than up to
// the day before; in order.
[[nodiscard]] Result<std::vector<Day>> days_of_change(const FigureCall& call, Window window);

}  // namespace tiendo

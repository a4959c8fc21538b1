// What a question about figures asks: which plan version, unit and days, known when, under which
// tree.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "projector/figure.h"
#include "query/json_writer.h"
#include "query/parameters.h"

namespace tiendo {

struct AskedPeriod {
  std::shared_ptr<const Plan> plan;  // the version that serves the whole question (semantics 2)
  std::string period;
  Window window;
};
// No plan in it: `plan_known` says whether it is the plan or the period that is missing. Without a
// period: the year of `today`, by the plan's own calendar.
struct AskedPlan {
  bool plan_known = false;
  std::optional<AskedPeriod> found;
};
[[nodiscard]] AskedPlan find_plan(const Knowledge& knowledge, std::string_view plan,
                                  const std::optional<std::string>& period, Day today);

// One thread at a time, for the time of one request.
struct Asked {
  std::unique_ptr<Question> question;
  AskedPeriod period;
  UnitIndex unit = 0;
  std::string tree;  // as asked

  [[nodiscard]] const Plan& plan() const { return *period.plan; }
  [[nodiscard]] const Moment& moment() const { return question->moment(); }
};
// Reads as_of, tree, unit and period. Errors: as_of_invalid, tree_invalid, plan_unknown,
// period_invalid, unit_unknown, unit_not_in_tree.
[[nodiscard]] Result<Asked> read_asked(const Call& call, std::string_view plan,
                                       const std::optional<std::string>& unit,
                                       const std::optional<std::string>& period);
// The same where the moment is said otherwise.
[[nodiscard]] Result<Asked> read_asked_at(const Call& call, const Moment& moment,
                                          std::string_view plan,
                                          const std::optional<std::string>& unit,
                                          const std::optional<std::string>& period);
// The target of that id; none: the plan has no such target.
[[nodiscard]] const Target* target_in(const Plan& plan, std::string_view id);
// Error: indicator_unknown.
[[nodiscard]] Result<const Indicator*> indicator_of(const Call& call, const Plan& plan,
                                                    std::string_view id);
// Error: unit_unknown.
[[nodiscard]] Result<UnitIndex> find_unit(const Call& call, const Tree& tree, std::string_view id);

// plan, version, unit, unit_name, period, first, last, tree.
void write_asked(JsonWriter& json, const Asked& asked);

// How a target shows a percentage: never so that it seems met where it is not.
[[nodiscard]] ShownThreshold threshold_of(const Target& target);

}  // namespace tiendo

#include "events/formula.h"

#include <algorithm>

#include "events/plan_words.h"

namespace tiendo {

std::string_view text_of(Comparator comparator) {
  return words::comparators[static_cast<std::size_t>(comparator)];
}

std::optional<Comparator> parse_comparator(std::string_view text) {
  const auto found = std::find(words::comparators.begin(), words::comparators.end(), text);
  if (found == words::comparators.end()) return std::nullopt;
  return static_cast<Comparator>(found - words::comparators.begin());
}

bool holds(Comparator comparator, Decimal n, Decimal d, Decimal target, int64_t scale) {
  // n/d x scale against target, cross-multiplied; both sides carry the unit of Decimal twice.
  const int exact =
      compare_products(n.units(), int128{scale} * Decimal::one_units, target.units(), d.units());
  switch (comparator) {
    case Comparator::at_least:
      return exact >= 0;
    case Comparator::above:
      return exact > 0;
    case Comparator::at_most:
      return exact <= 0;
    case Comparator::below:
      return exact < 0;
    case Comparator::exactly:
      return exact == 0;
  }
  return false;
}

bool is_ratio(const Formula& formula) {
  if (const auto* kept = std::get_if<KeptFormula>(&formula.of))
    return kept->of && is_ratio(*kept->of);
  if (const auto* shown = std::get_if<ReferenceFormula>(&formula.of)) {
    return shown->of && is_ratio(*shown->of);
  }
  return std::holds_alternative<ShareFormula>(formula.of) ||
         std::holds_alternative<CoverageFormula>(formula.of) ||
         std::holds_alternative<RegisterCoverageFormula>(formula.of) ||
         std::holds_alternative<ReportedRatioFormula>(formula.of) ||
         std::holds_alternative<SurveyFormula>(formula.of) ||
         std::holds_alternative<RatioFormula>(formula.of) ||
         std::holds_alternative<LeastFormula>(formula.of);
}

namespace {

bool have_reads_reports(const Have& have) {
  return (have.formula && reads_reports(*have.formula)) ||
         std::any_of(have.parts.begin(), have.parts.end(), have_reads_reports);
}

}  // namespace

bool reads_reports(const Formula& formula) {
  const auto inner = [](const FormulaPtr& one) { return one && reads_reports(*one); };
  if (const auto* kept = std::get_if<KeptFormula>(&formula.of)) return inner(kept->of);
  if (const auto* shown = std::get_if<ReferenceFormula>(&formula.of)) return inner(shown->of);
  if (const auto* ratio = std::get_if<RatioFormula>(&formula.of)) {
    return inner(ratio->numerator) || inner(ratio->denominator);
  }
  if (const auto* coverage = std::get_if<CoverageFormula>(&formula.of)) {
    return have_reads_reports(coverage->have);
  }
  if (const auto* least = std::get_if<LeastFormula>(&formula.of)) {
    return std::any_of(least->of.begin(), least->of.end(),
                       [&](const LeastFormula::Part& part) { return inner(part.formula); });
  }
  return std::holds_alternative<ReportedSumFormula>(formula.of) ||
         std::holds_alternative<ReportedGaugeFormula>(formula.of) ||
         std::holds_alternative<ReportedRatioFormula>(formula.of) ||
         std::holds_alternative<SurveyFormula>(formula.of);
}

}  // namespace tiendo

// The difference between two figures, split by cause, with nothing left over (semantics 9). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projector/figure.h"

namespace tiendo {

// A figure after something of one cause changed it.
struct CausedStep {
  std::string_view cause;
  Figure figure;
};

// What one cause, or all of them, did to a figure.
struct FigureDifference {
  std::optional<Decimal> shown;        // sums: the exact amount; percentages: points, two decimals
  std::string exact;                   // of percentages, in points: "100/3"; empty: no percentage
  std::optional<Decimal> numerator;    // of ratios
  std::optional<Decimal> denominator;  // of ratios
};
struct ChangePart {
  std::string_view cause;
  FigureDifference difference;
  std::vector<std::size_t> steps;  // by index
};
struct ChangeParts {
  FigureDifference whole;
  std::vector<ChangePart> parts;  // in the order of their first steps
};
// `shown` is null where one of the ends has no data, or one is a sum and the other a ratio; and
// where no Decimal holds it. No data in between counts as 0. The shown parts add up to the shown
// difference, which is that of the two figures as they are shown: parts of percentages by largest
// remainder in units of 0.01, a tie to the earlier one.
[[nodiscard]] ChangeParts parts_of(const Figure& before, const std::vector<CausedStep>& steps);

// The figure as a number: the value, or the percentage. None: no data.
[[nodiscard]] std::optional<Decimal> shown_number(const Figure& figure);

}  // namespace tiendo

// Formulas and filters of a plan as sentences.
#pragma once

#include <string>

#include "events/formula.h"
#include "events/glossary.h"

namespace tiendo {

// What the figure of a unit is: "số hoạt động loại training_class, chủ đề năng lực số".
[[nodiscard]] std::string say_formula(const Formula& formula, const Glossary& glossary);
// The conditions of a filter, " có X và chủ đề Y" with a space before, or nothing.
[[nodiscard]] std::string say_filter(const Filter& filter, const Glossary& glossary);
[[nodiscard]] std::string say_units(const UnitSet& units, const Glossary& glossary);

}  // namespace tiendo

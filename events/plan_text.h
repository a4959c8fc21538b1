// A plan in plain words, for people who do not read JSON: what is measured, how, for whom, by when,
// what counts as met; who reports and until when; tasks and the budget. Pure text.
#pragma once

#include <cstdint>
#include <string>

#include "events/plan.h"

namespace tiendo {

enum class TextLanguage : uint8_t { vi, en };

// Lines of at most 80 columns, each ended by a line feed. Words of the plan's own choice (types,
// topics, flags ...) are said as its `words` say them, else as they are.
[[nodiscard]] std::string explain_plan(const Plan& plan, TextLanguage language);

}  // namespace tiendo

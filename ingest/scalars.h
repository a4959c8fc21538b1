// The checks of single values: texts, ids, days, numbers.
#pragma once

#include <span>
#include <string_view>

#include "events/json.h"
#include "events/refusal.h"

namespace tiendo {

// Whether `value` is of this kind; if not, it is refused as field_type.
[[nodiscard]] bool has_kind(json::Value value, json::Kind kind, const Path& path,
                            FirstRefusal& first);

void check_id(json::Value value, const Path& path, FirstRefusal& first);

enum class Blank { refused, allowed };
void check_text(json::Value value, Blank blank, const Path& path, FirstRefusal& first);

// `listed` is shown as what is expected: in_person | online | hybrid.
void check_one_of(json::Value value, std::span<const std::string_view> words,
                  std::string_view listed, const Path& path, FirstRefusal& first);

void check_date(json::Value value, const Path& path, FirstRefusal& first);
void check_day_or_instant(json::Value value, const Path& path, FirstRefusal& first);
void check_instant(json::Value value, const Path& path, FirstRefusal& first);
void check_period(json::Value value, const Path& path, FirstRefusal& first);
void check_year(json::Value value, const Path& path, FirstRefusal& first);

// A JSON number, or a text of the same grammar (semantics 8). A share's own faults are
// shares_invalid.
enum class NumberRule { whole, not_negative, any_sign, share };
void check_number(json::Value value, NumberRule rule, const Path& path, FirstRefusal& first);

}  // namespace tiendo

// What plan documents are expected to hold, in English and Vietnamese. A refusal keeps the English
// text; the Vietnamese one is found again from it, so that stored refusals speak both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiendo {

// `{}` in a text of plan_phrases.cc is filled, in the same order in both languages.
enum class Phrase : uint8_t {
  // Of one value.
  required,
  object,
  list,
  text,
  text_not_empty,
  clean_text,
  truth,
  number,
  whole_number,
  day,
  day_that_exists,
  year,
  month,
  one_of,
  unknown_field,
  id_once,
  line_once,
  // Of the head and the parts without formula.
  last_after_first,
  period_name,
  days_in_window,
  day_of_years,
  from_before_to,
  period_known,
  due_known,
  task_time,
  amounts_by_year,
  // Of filters.
  filter,
  filter_field,
  scalar,
  scalar_or_list,
  some_value,
  unit_conditions,
  // Of formulas.
  formula,
  have_known,
  have_one,
  milestone_one,
  state_one,
  some_formula,
  only_ratios,
  only_terms,
  only_in_ratio,
  no_reference_inside,
  only_states,
  not_throughout,
  both_terms,
  can_match,
  equal_measures,
  measure_of_kind,
  same_measure,
  why_reported,
  // Of what parts say together.
  indicator_known,
  indicator_not_itself,
  obligation_known,
  instance_known,
  instance_named,
  due_of_target,
  line_known,
  line_of_level,
  scope_and_level,
  inner,
  inner_only_in_share,
  or_more_with_equals,
  done_is_one,
  not_overlapping,
  sum_of_years,
  sum_of_rows,
  sum_of_level,
  unit_of_rows,
};
inline constexpr uint8_t phrase_count = static_cast<uint8_t>(Phrase::unit_of_rows) + 1;

// How many arguments it takes.
[[nodiscard]] std::size_t holes_of(Phrase phrase);
[[nodiscard]] std::string in_english(Phrase phrase, const std::vector<std::string_view>& args = {});
// What follows a phrase: a word that may have been meant, and whose part of the plan it is.
[[nodiscard]] std::string did_you_mean(std::string_view word);
enum class Owner : uint8_t { indicator, target, obligation, task, line };
[[nodiscard]] std::string belonging_to(Owner owner, std::string_view id);

// The Vietnamese of such a text; none where nothing of it is of this page.
[[nodiscard]] std::optional<std::string> in_vietnamese(std::string_view english);
// The phrase that such a text is made of, if any.
[[nodiscard]] std::optional<Phrase> phrase_of(std::string_view english);

}  // namespace tiendo

// A message as a source gave it, and why one is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiendo {

// Where the timestamp comes from. Stored, never renumber.
enum class TimestampType : uint8_t {
  none = 0,
  create_time = 1,      // the producer's
  log_append_time = 2,  // the broker's
  admission = 3,        // ours: the embedded intake and the control stream
  event_time = 4,       // the event's own `time`: imports
};

struct Header {
  std::string name;
  std::optional<std::string> value;
  friend bool operator==(const Header&, const Header&) = default;
};

struct Message {
  int64_t offset = -1;  // in the source; -1 where it has none
  TimestampType timestamp_type = TimestampType::none;
  int64_t timestamp_ms = 0;
  std::optional<std::string> key;
  std::vector<Header> headers;
  std::optional<std::string> value;  // none: a Kafka tombstone

  // The value of the first header of this name (compared without case), if there is one.
  [[nodiscard]] const std::optional<std::string>* header(std::string_view name) const;
  friend bool operator==(const Message&, const Message&) = default;
};

// Semantics 11, in the order of the checks. Stored, never renumber.
enum class Reason : uint8_t {
  none = 0,
  empty = 1,
  too_large = 2,
  content_type = 3,
  header_invalid = 4,
  not_utf8 = 5,
  not_json = 6,
  too_deep = 7,
  duplicate_key = 8,
  not_object = 9,
  specversion = 10,
  attribute_missing = 11,
  attribute_invalid = 12,
  time_invalid = 13,
  type_unknown = 14,
  type_version = 15,
  data_missing = 16,
  data_binary = 17,
  field_missing = 18,
  field_type = 19,
  subject_mismatch = 20,
  id_invalid = 21,
  text_empty = 22,
  text_too_long = 23,
  text_invalid = 24,
  value_unknown = 25,
  date_invalid = 26,
  dates_reversed = 27,
  span_too_long = 28,
  year_invalid = 29,
  period_invalid = 30,
  number_invalid = 31,
  number_not_whole = 32,
  number_negative = 33,
  number_range = 34,
  number_precision = 35,
  list_empty = 36,
  list_too_long = 37,
  list_repeats = 38,
  shares_invalid = 39,
  self_reference = 40,
  code_invalid = 41,
  figure_shape = 42,
  output_shape = 43,
  moment_invalid = 44,
  plan_schema = 45,
  plan_duplicate = 46,
  plan_reference = 47,
  plan_formula = 48,
  plan_denominator = 49,
  plan_measure = 50,
  plan_level = 51,
  plan_window = 52,
  plan_overlap = 53,
  plan_budget = 54,
};
inline constexpr uint8_t reason_count = 55;

[[nodiscard]] std::string_view name_of(TimestampType type);
[[nodiscard]] std::string_view name_of(Reason reason);

// A refusal a person can act on. `field` is a path such as data.participants.members or
// headers.ce_id; `found` is cut to limits::found_bytes_max.
struct Refusal {
  Reason reason = Reason::none;
  std::string field;
  std::string found;
  std::string expected;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

// The sentence made of a refusal, in Vietnamese and English.
struct Sentence {
  std::string vi;
  std::string en;
};
[[nodiscard]] Sentence sentence_of(const Refusal& refusal);

}  // namespace tiendo

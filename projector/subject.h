// Subjects: what events speak of, an activity, a report, a unit, a plan ...
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/event.h"
#include "events/log.h"
#include "events/sha256.h"
#include "projector/rejudged.h"

namespace tiendo {

// One letter for the kind, then the hash of what names it (semantics 1). Sorts by kind.
struct SubjectKey {
  char kind = 0;
  Hash16 hash;
  friend auto operator<=>(const SubjectKey&, const SubjectKey&) = default;
  [[nodiscard]] std::string bytes() const { return kind + std::string(hash.view()); }
};
[[nodiscard]] std::optional<SubjectKey> parse_subject_key(std::string_view bytes);

inline constexpr char activity_subject = 'a';
inline constexpr char report_subject = 'r';
inline constexpr char unit_subject = 'u';
inline constexpr char plan_subject = 'p';
inline constexpr char entity_subject = 'e';
inline constexpr char statistic_subject = 's';
inline constexpr char allocation_subject = 'm';
inline constexpr char expense_subject = 'x';
inline constexpr char grant_subject = 'g';
inline constexpr char rejudged_subject = 'j';  // a refused record, of the control records naming it

[[nodiscard]] SubjectKey activity_key(std::string_view source, std::string_view activity);
[[nodiscard]] SubjectKey report_key(std::string_view source, std::string_view report);
[[nodiscard]] SubjectKey rejudged_key(const RecordPlace& place);

// What an event speaks of (semantics 1, "key").
[[nodiscard]] std::vector<SubjectKey> subjects_of(const Event& event);
// Whose things the event means: `of_source` where it says so, else the speaker's own.
[[nodiscard]] std::string_view speaker(const Event& event);

}  // namespace tiendo

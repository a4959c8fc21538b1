// Instants, local days and periods. Days are days in Asia/Ho_Chi_Minh (+07:00, no summer time).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiendo {

// Milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  int64_t ms = 0;
  friend constexpr auto operator<=>(Instant, Instant) = default;
};

// A local day, counted from 1970-01-01.
struct Day {
  int32_t number = 0;
  friend constexpr auto operator<=>(Day, Day) = default;
  [[nodiscard]] constexpr Day next() const { return {number + 1}; }
  [[nodiscard]] constexpr Day previous() const { return {number - 1}; }
};
inline constexpr Day day_min{-1'000'000};
inline constexpr Day day_max{1'000'000};

struct Date {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
};

[[nodiscard]] Day to_day(Date date);
[[nodiscard]] Date to_date(Day day);
[[nodiscard]] Day local_day(Instant instant);
[[nodiscard]] Instant start_of(Day day);             // 00:00 local time
[[nodiscard]] std::string to_text(Day day);          // 2024-03-10
[[nodiscard]] std::string to_text(Instant instant);  // 2024-03-10T07:00:00.000+07:00

// YYYY-MM-DD, a day that exists, in the years of limits.h.
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);
// RFC 3339 with offset, T and Z in either case, in the same years; parts of a millisecond are cut.
// A second 60 is taken, as the start of the next one, only at the end of a month in UTC.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);
// A date, or a date-time with offset turned to the local day, which must be in those years too.
[[nodiscard]] std::optional<Day> parse_day_or_instant(std::string_view text);

// First and last local day, both included; empty when last < first.
struct Window {
  Day first;
  Day last;
  friend constexpr bool operator==(Window, Window) = default;
  [[nodiscard]] constexpr bool contains(Day day) const { return first <= day && day <= last; }
  [[nodiscard]] constexpr bool empty() const { return last < first; }
  [[nodiscard]] constexpr int64_t days() const {
    return empty() ? 0 : int64_t{last.number} - first.number + 1;
  }
};

// The period ids that mean the same days in every plan: 2024, 2024-H1, 2024-Q2, 2024-03, 2024-9M,
// their statutory twins (2024s, 2024s-03: the 15th of the month before to the 14th), a day, and
// A..B. Names of a plan, `plan` and `..B` need the plan and are resolved by it.
[[nodiscard]] std::optional<Window> parse_period(std::string_view id);
// Whether a plan's own period can have this name: small letters, digits, '_' and '-', beginning
// with a letter. (`plan` is one too, and means the plan's days.)
[[nodiscard]] bool is_period_name(std::string_view text);

// Half months: 1st to 14th, 15th to the end. Every calendar month and every statutory month is two
// of them. Numbers grow with time by one.
struct HalfMonth {
  int32_t number = 0;
  friend constexpr auto operator<=>(HalfMonth, HalfMonth) = default;
};
[[nodiscard]] HalfMonth half_month_of(Day day);
[[nodiscard]] Window days_of(HalfMonth half);

}  // namespace tiendo

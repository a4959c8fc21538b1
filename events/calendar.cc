#include "events/calendar.h"

#include <algorithm>
#include <array>

#include "events/limits.h"

namespace tiendo {
namespace {

constexpr int64_t ms_in_a_second = 1'000;
constexpr int64_t ms_in_a_minute = 60 * ms_in_a_second;
constexpr int64_t ms_in_a_day = 24 * 60 * ms_in_a_minute;
constexpr int64_t local_offset_ms = 7 * 60 * ms_in_a_minute;
constexpr int days_in_400_years = 146'097;

constexpr int64_t floor_divide(int64_t value, int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

constexpr bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int days_in_month(int year, int month) {
  constexpr std::array<int8_t, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

constexpr bool is_known_year(int year) {
  return limits::year_min <= year && year <= limits::year_max;
}

// The number written in all of `text`, or -1 when there is anything but digits in it. Meant for a
// handful of digits.
constexpr int digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return text.empty() ? -1 : value;
}

void append_digits(std::string& text, int value, int width) {
  std::array<char, 12> buffer;
  std::size_t start = buffer.size();
  for (int place = 0; place < width || value != 0; ++place, value /= 10) {
    buffer[--start] = static_cast<char>('0' + value % 10);
  }
  text.append(buffer.data() + start, buffer.size() - start);
}

Day day_of(int year, int month, int day) { return to_day({year, month, day}); }

// Months counted from year 0, so that the one before January is plain arithmetic.
Day day_in_month(int months, int day) {
  const auto year = static_cast<int>(floor_divide(months, 12));
  return day_of(year, months - year * 12 + 1, day);
}

// The months `first`..`last` (1..12) of a year: calendar months, or statutory ones, each from the
// 15th of the month before to the 14th.
Window months_of(int year, int first, int last, bool statutory) {
  const int first_month = year * 12 + first - 1;
  const int last_month = year * 12 + last - 1;
  if (statutory) return {day_in_month(first_month - 1, 15), day_in_month(last_month, 14)};
  return {day_in_month(first_month, 1), day_in_month(last_month + 1, 1).previous()};
}

std::optional<Window> parse_range(std::string_view id, std::size_t dots) {
  const auto first = parse_day(id.substr(0, dots));
  const auto last = parse_day(id.substr(dots + 2));
  if (!first || !last || *last < *first) return std::nullopt;
  return Window{*first, *last};
}

// hh:mm after the sign of an offset, in milliseconds.
std::optional<int64_t> parse_offset(std::string_view text) {
  if (text.size() == 1 && (text[0] == 'Z' || text[0] == 'z')) return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = digits(text.substr(1, 2));
  const int minutes = digits(text.substr(4, 2));
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const int64_t offset = (hours * 60 + minutes) * ms_in_a_minute;
  return text[0] == '-' ? -offset : offset;
}

// Takes ".ddd" of any length from the start of `text`; milliseconds, cut. -1: a point without
// digits.
int64_t take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return 0;
  int64_t ms = 0;
  int64_t weight = 100;
  std::size_t length = 1;
  for (; length < text.size() && text[length] >= '0' && text[length] <= '9'; ++length) {
    ms += weight * (text[length] - '0');
    weight /= 10;
  }
  text.remove_prefix(length);
  return length == 1 ? -1 : ms;
}

// A leap second can only be the last of a month in UTC, so the second after it begins a month.
bool begins_utc_month(int64_t ms) {
  return ms % ms_in_a_day == 0 &&
         to_date({static_cast<int32_t>(floor_divide(ms, ms_in_a_day))}).day == 1;
}

}  // namespace

// Both ways count days from 1 March of year 0, so that the leap day is the last of a year.
Day to_day(Date date) {
  const int year = date.month <= 2 ? date.year - 1 : date.year;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int month_from_march = date.month > 2 ? date.month - 3 : date.month + 9;
  const int day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  constexpr int days_to_1970 = 719'468;
  return {era * days_in_400_years + day_of_era - days_to_1970};
}

Date to_date(Day day) {
  constexpr int days_to_1970 = 719'468;
  const int count = day.number + days_to_1970;
  const int era = (count >= 0 ? count : count - (days_in_400_years - 1)) / days_in_400_years;
  const int day_of_era = count - era * days_in_400_years;
  const int year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = (5 * day_of_year + 2) / 153;
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const int year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

Day local_day(Instant instant) {
  return {static_cast<int32_t>(floor_divide(instant.ms + local_offset_ms, ms_in_a_day))};
}

Instant start_of(Day day) { return {int64_t{day.number} * ms_in_a_day - local_offset_ms}; }

std::string to_text(Day day) {
  const Date date = to_date(day);
  std::string text;
  if (date.year < 0) text += '-';
  append_digits(text, date.year < 0 ? -date.year : date.year, 4);
  text += '-';
  append_digits(text, date.month, 2);
  text += '-';
  append_digits(text, date.day, 2);
  return text;
}

std::string to_text(Instant instant) {
  const Day day = local_day(instant);
  const auto ms = static_cast<int>(instant.ms - start_of(day).ms);
  std::string text = to_text(day);
  text += 'T';
  append_digits(text, ms / 3'600'000, 2);
  text += ':';
  append_digits(text, ms / 60'000 % 60, 2);
  text += ':';
  append_digits(text, ms / 1'000 % 60, 2);
  text += '.';
  append_digits(text, ms % 1'000, 3);
  text += "+07:00";
  return text;
}

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(text.substr(0, 4));
  const int month = digits(text.substr(5, 2));
  const int day = digits(text.substr(8, 2));
  if (!is_known_year(year) || month < 1 || month > 12) return std::nullopt;
  if (day < 1 || day > days_in_month(year, month)) return std::nullopt;
  return day_of(year, month, day);
}

std::optional<Instant> parse_instant(std::string_view text) {
  constexpr std::size_t shortest = std::string_view("2024-03-10T07:00:00Z").size();
  if (text.size() < shortest || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  if (text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const int hour = digits(text.substr(11, 2));
  const int minute = digits(text.substr(14, 2));
  const int second = digits(text.substr(17, 2));
  if (!day || hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  if (second < 0 || second > 60) return std::nullopt;

  std::string_view rest = text.substr(19);
  const int64_t fraction_ms = take_fraction(rest);
  const auto offset = parse_offset(rest);
  if (fraction_ms < 0 || !offset) return std::nullopt;
  const int64_t whole_seconds_ms = day->number * ms_in_a_day +
                                   (hour * 60 + minute) * ms_in_a_minute + second * ms_in_a_second -
                                   *offset;
  if (second < 60) return Instant{whole_seconds_ms + fraction_ms};
  if (!begins_utc_month(whole_seconds_ms)) return std::nullopt;
  return Instant{whole_seconds_ms};
}

std::optional<Day> parse_day_or_instant(std::string_view text) {
  if (text.size() <= 10) return parse_day(text);
  const auto instant = parse_instant(text);
  if (!instant) return std::nullopt;
  const Day day = local_day(*instant);
  if (!is_known_year(to_date(day).year)) return std::nullopt;
  return day;
}

bool is_period_name(std::string_view text) {
  if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::optional<Window> parse_period(std::string_view id) {
  if (const auto dots = id.find(".."); dots != std::string_view::npos) return parse_range(id, dots);
  if (const auto day = parse_day(id)) return Window{*day, *day};
  if (id.size() < 4) return std::nullopt;
  const int year = digits(id.substr(0, 4));
  if (!is_known_year(year)) return std::nullopt;
  std::string_view part = id.substr(4);
  const bool statutory = part.starts_with('s');
  if (statutory) part.remove_prefix(1);
  if (part.empty()) return months_of(year, 1, 12, statutory);
  if (part.size() != 3 || part[0] != '-') return std::nullopt;

  const std::string_view name = part.substr(1);
  if (name == "9M") return months_of(year, 1, 9, statutory);
  const int place = digits(name[0] == 'H' || name[0] == 'Q' ? name.substr(1) : name);
  if (place < 1) return std::nullopt;
  if (name[0] == 'H' && place > 2) return std::nullopt;
  if (name[0] == 'Q' && place > 4) return std::nullopt;
  if (place > 12) return std::nullopt;
  const int months = name[0] == 'H' ? 6 : name[0] == 'Q' ? 3 : 1;
  return months_of(year, (place - 1) * months + 1, place * months, statutory);
}

HalfMonth half_month_of(Day day) {
  const Date date = to_date(day);
  return {(date.year * 12 + date.month - 1) * 2 + (date.day >= 15 ? 1 : 0)};
}

Window days_of(HalfMonth half) {
  const auto months = static_cast<int>(floor_divide(half.number, 2));
  if (half.number - months * 2 == 0) return {day_in_month(months, 1), day_in_month(months, 14)};
  return {day_in_month(months, 15), day_in_month(months + 1, 1).previous()};
}

}  // namespace tiendo

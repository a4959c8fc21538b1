#include "events/calendar.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

#include "events/limits.h"

namespace tiendo {
namespace {

std::string text_of(Window window) { return to_text(window.first) + ".." + to_text(window.last); }

std::string period(std::string_view id) {
  const auto window = parse_period(id);
  return window ? text_of(*window) : "none";
}

Day day(std::string_view text) {
  const auto parsed = parse_day(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Day{});
}

int64_t ms(std::string_view text) {
  const auto parsed = parse_instant(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Instant{-1}).ms;
}

TEST(Day, AgreesWithChronoOnEveryDayFromMinToMax) {
  for (int number = day_min.number; number <= day_max.number; ++number) {
    const std::chrono::year_month_day expected{std::chrono::sys_days(std::chrono::days(number))};
    const Date date = to_date({number});
    ASSERT_EQ(date.year, static_cast<int>(expected.year())) << number;
    ASSERT_EQ(date.month, static_cast<int>(static_cast<unsigned>(expected.month()))) << number;
    ASSERT_EQ(date.day, static_cast<int>(static_cast<unsigned>(expected.day()))) << number;
    ASSERT_EQ(to_day(date).number, number);
  }
}

TEST(Day, IsPrintedAsItIsRead) {
  EXPECT_EQ(to_text(Day{0}), "1970-01-01");
  EXPECT_EQ(to_text(day("2024-03-10")), "2024-03-10");
  EXPECT_EQ(to_text(to_day({33, 4, 3})), "0033-04-03");
  EXPECT_EQ(to_text(day_min), "-0768-02-04");
  EXPECT_EQ(to_text(day_max), "4707-11-29");
}

TEST(ParseDay, TakesExactlyTheDaysThatExist) {
  for (int year = limits::year_min - 1; year <= limits::year_max + 1; ++year) {
    for (int month = 0; month <= 13; ++month) {
      for (int number = 0; number <= 32; ++number) {
        std::string text = "0000-00-00";
        text.replace(0, 4, std::to_string(year));
        text[5] = static_cast<char>('0' + month / 10);
        text[6] = static_cast<char>('0' + month % 10);
        text[8] = static_cast<char>('0' + number / 10);
        text[9] = static_cast<char>('0' + number % 10);
        const std::chrono::year_month_day model{std::chrono::year(year),
                                                std::chrono::month(static_cast<unsigned>(month)),
                                                std::chrono::day(static_cast<unsigned>(number))};
        const bool expected = model.ok() && year >= limits::year_min && year <= limits::year_max;
        const auto parsed = parse_day(text);
        ASSERT_EQ(parsed.has_value(), expected) << text;
        if (!expected) continue;
        ASSERT_EQ(parsed->number, std::chrono::sys_days(model).time_since_epoch().count()) << text;
      }
    }
  }
}

TEST(ParseDay, RefusesOtherSpellings) {
  for (const auto* text : {"", "2024", "2024-3-10", "2024/03/10", "2024-03-10 ", " 2024-03-10",
                           "20240310", "2024-03-1a", "2024-03--1", "+024-03-10", "2024-+3-10",
                           "2024-03-10T00:00:00Z", "10-03-2024", "24-03-10"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

TEST(Instant, BelongsToTheLocalDay) {
  EXPECT_EQ(local_day({ms("2022-10-10T16:59:59.999Z")}), day("2022-10-10"));
  EXPECT_EQ(local_day({ms("2022-10-10T17:00:00Z")}), day("2022-10-11"));
  EXPECT_EQ(local_day({ms("1969-12-31T16:59:59.999Z")}), day("1969-12-31"));
  EXPECT_EQ(start_of(day("2022-10-11")).ms, ms("2022-10-10T17:00:00Z"));
  for (int number = -1'000; number <= 1'000; ++number) {
    ASSERT_EQ(local_day(start_of({number})).number, number);
    ASSERT_EQ(local_day({start_of({number}).ms - 1}).number, number - 1);
  }
}

TEST(Instant, IsPrintedInLocalTime) {
  EXPECT_EQ(to_text(Instant{0}), "1970-01-01T07:00:00.000+07:00");
  EXPECT_EQ(to_text(Instant{-25'200'001}), "1969-12-31T23:59:59.999+07:00");
  EXPECT_EQ(to_text(Instant{ms("2024-03-10T01:02:03.004+07:00")}), "2024-03-10T01:02:03.004+07:00");
}

TEST(ParseInstant, ReadsEveryOffsetAndFraction) {
  const int64_t noon = ms("2024-03-10T12:00:00Z");
  EXPECT_EQ(noon, 1'710'072'000'000);
  EXPECT_EQ(ms("2024-03-10T19:00:00+07:00"), noon);
  EXPECT_EQ(ms("2024-03-10t12:00:00z"), noon);
  EXPECT_EQ(ms("2024-03-10T12:00:00-00:00"), noon);
  EXPECT_EQ(ms("2024-03-09T12:01:00-23:59"), noon);
  EXPECT_EQ(ms("2024-03-11T11:59:00+23:59"), noon);
  EXPECT_EQ(ms("2024-03-10T12:00:00.5Z"), noon + 500);
  EXPECT_EQ(ms("2024-03-10T12:00:00.12+00:00"), noon + 120);
  EXPECT_EQ(ms("2024-03-10T12:00:00.001Z"), noon + 1);
  EXPECT_EQ(ms("2024-03-10T12:00:00.0019999999999999999999999999999Z"), noon + 1);
  EXPECT_EQ(ms("1969-12-31T23:59:59.9999Z"), -1);
}

TEST(ParseInstant, RefusesWhatIsNoRfc3339) {
  for (const auto* text : {"",
                           "2024-03-10",
                           "2024-03-10T12:00:00",
                           "2024-03-10 12:00:00Z",
                           "2024-03-10T12:00Z",
                           "2024-03-10T24:00:00Z",
                           "2024-03-10T12:60:00Z",
                           "2024-03-10T12:00:61Z",
                           "2024-03-10T12:00:00.Z",
                           "2024-03-10T12:00:00,5Z",
                           "2024-03-10T12:00:00+7:00",
                           "2024-03-10T12:00:00+0700",
                           "2024-03-10T12:00:00+07",
                           "2024-03-10T12:00:00+24:00",
                           "2024-03-10T12:00:00+07:60",
                           "2024-03-10T12:00:00Z ",
                           "2024-03-10T12:00:00ZZ",
                           "2024-02-30T12:00:00Z",
                           "1899-12-31T23:00:00Z",
                           "2200-01-01T00:00:00Z",
                           "2024-03-10T1a:00:00Z",
                           "2024-03-10T12-00:00Z",
                           "2024-03-10T12:00:00.5",
                           "+2024-03-10T1:0:0Z",
                           "2024-03-10T12:00:-1Z",
                           "2024-03-10T12:00:00+-7:00"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(ParseInstant, TakesALeapSecondAsTheNextSecondAtTheEndOfAUtcMonthOnly) {
  EXPECT_EQ(ms("2016-12-31T23:59:60Z"), ms("2017-01-01T00:00:00Z"));
  EXPECT_EQ(ms("2017-01-01T06:59:60.9+07:00"), ms("2017-01-01T00:00:00Z"));
  EXPECT_EQ(ms("1969-12-31T23:59:60Z"), 0);
  EXPECT_FALSE(parse_instant("2016-12-30T23:59:60Z"));
  EXPECT_FALSE(parse_instant("2016-12-31T23:58:60Z"));
  EXPECT_FALSE(parse_instant("2016-12-31T23:59:60+07:00"));
}

TEST(ParseInstant, ReadsBackWhatIsPrinted) {
  constexpr uint64_t seed = 31'337;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const int64_t first = ms("1900-01-01T00:00:00+07:00");
  const int64_t last = ms("2199-12-31T23:59:59.999+07:00");
  for (int round = 0; round < 50'000; ++round) {
    const auto offset = random() % static_cast<uint64_t>(last - first + 1);
    const Instant instant{first + static_cast<int64_t>(offset)};
    const auto parsed = parse_instant(to_text(instant));
    ASSERT_TRUE(parsed.has_value()) << to_text(instant);
    ASSERT_EQ(parsed->ms, instant.ms) << to_text(instant);
  }
}

TEST(ParseDayOrInstant, TurnsADateTimeToTheLocalDay) {
  EXPECT_EQ(parse_day_or_instant("2022-10-10"), day("2022-10-10"));
  EXPECT_EQ(parse_day_or_instant("2022-10-10T16:59:59Z"), day("2022-10-10"));
  EXPECT_EQ(parse_day_or_instant("2022-10-10T17:00:00Z"), day("2022-10-11"));
  EXPECT_FALSE(parse_day_or_instant("2022-10-10T17:00:00"));
  EXPECT_FALSE(parse_day_or_instant("2022-10"));
  EXPECT_EQ(parse_day_or_instant("2199-12-31T16:59:59Z"), day("2199-12-31"));
  EXPECT_FALSE(parse_day_or_instant("2199-12-31T17:00:00Z"));  // local year 2200
  EXPECT_FALSE(parse_day_or_instant("1900-01-01T00:00:00+08:00"));
}

struct PeriodRow {
  const char* id;
  const char* days;
};

class PeriodTable : public testing::TestWithParam<PeriodRow> {};

TEST_P(PeriodTable, MeansTheseDays) { EXPECT_EQ(period(GetParam().id), GetParam().days); }

INSTANTIATE_TEST_SUITE_P(
    Calendar, PeriodTable,
    testing::Values(PeriodRow{"2024", "2024-01-01..2024-12-31"},
                    PeriodRow{"2025", "2025-01-01..2025-12-31"},
                    PeriodRow{"2024-H1", "2024-01-01..2024-06-30"},
                    PeriodRow{"2024-H2", "2024-07-01..2024-12-31"},
                    PeriodRow{"2024-Q1", "2024-01-01..2024-03-31"},
                    PeriodRow{"2024-Q2", "2024-04-01..2024-06-30"},
                    PeriodRow{"2024-Q3", "2024-07-01..2024-09-30"},
                    PeriodRow{"2024-Q4", "2024-10-01..2024-12-31"},
                    PeriodRow{"2024-01", "2024-01-01..2024-01-31"},
                    PeriodRow{"2024-02", "2024-02-01..2024-02-29"},
                    PeriodRow{"2025-02", "2025-02-01..2025-02-28"},
                    PeriodRow{"2024-12", "2024-12-01..2024-12-31"},
                    PeriodRow{"2024-9M", "2024-01-01..2024-09-30"},
                    PeriodRow{"2025-9M", "2025-01-01..2025-09-30"},
                    PeriodRow{"2024-03-10", "2024-03-10..2024-03-10"},
                    PeriodRow{"2022-10-01..2022-10-10", "2022-10-01..2022-10-10"},
                    PeriodRow{"2024-03-10..2024-03-10", "2024-03-10..2024-03-10"}));

INSTANTIATE_TEST_SUITE_P(Statutory, PeriodTable,
                         testing::Values(PeriodRow{"2024s", "2023-12-15..2024-12-14"},
                                         PeriodRow{"2025s", "2024-12-15..2025-12-14"},
                                         PeriodRow{"2024s-H1", "2023-12-15..2024-06-14"},
                                         PeriodRow{"2024s-H2", "2024-06-15..2024-12-14"},
                                         PeriodRow{"2025s-H1", "2024-12-15..2025-06-14"},
                                         PeriodRow{"2025s-H2", "2025-06-15..2025-12-14"},
                                         PeriodRow{"2024s-Q1", "2023-12-15..2024-03-14"},
                                         PeriodRow{"2024s-Q2", "2024-03-15..2024-06-14"},
                                         PeriodRow{"2024s-Q3", "2024-06-15..2024-09-14"},
                                         PeriodRow{"2024s-Q4", "2024-09-15..2024-12-14"},
                                         PeriodRow{"2025s-Q1", "2024-12-15..2025-03-14"},
                                         PeriodRow{"2024s-01", "2023-12-15..2024-01-14"},
                                         PeriodRow{"2024s-03", "2024-02-15..2024-03-14"},
                                         PeriodRow{"2025s-01", "2024-12-15..2025-01-14"},
                                         PeriodRow{"2024s-12", "2024-11-15..2024-12-14"},
                                         PeriodRow{"2024s-9M", "2023-12-15..2024-09-14"},
                                         PeriodRow{"2025s-9M", "2024-12-15..2025-09-14"},
                                         PeriodRow{"1900s", "1899-12-15..1900-12-14"}));

TEST(ParsePeriod, RefusesEveryOtherId) {
  for (const auto* id : {"",
                         "202",
                         "20244",
                         "2024-",
                         "2024-1",
                         "2024-00",
                         "2024-13",
                         "2024-H0",
                         "2024-H3",
                         "2024-Q0",
                         "2024-Q5",
                         "2024-h1",
                         "2024-8M",
                         "2024-9m",
                         "2024-M9",
                         "2024S",
                         "2024ss",
                         "2024s-",
                         "s2024",
                         "2024s-13",
                         "2024s-03-10",
                         "2024-02-30",
                         "1899",
                         "2200",
                         "2200s",
                         "..2024-03-10",
                         "plan",
                         "dxday",
                         "2024-03-10..",
                         "2024-03-11..2024-03-10",
                         "2024..2025",
                         "2024-03-10...2024-03-11",
                         "2024-03-10..2024-03-11..2024-03-12",
                         " 2024",
                         "2024 ",
                         "2024-+1",
                         "2024-H+",
                         "2024-Q "}) {
    EXPECT_EQ(period(id), "none") << id;
  }
}

TEST(ParsePeriod, CoversEachYearWithItsPartsInBothCalendars) {
  for (const std::string year : {"1900", "2000", "2023", "2024", "2100", "2199"}) {
    for (const std::string calendar : {"", "s"}) {
      const std::string base = year + calendar;
      const Window whole = *parse_period(base);
      Day next = whole.first;
      for (int month = 1; month <= 12; ++month) {
        const auto part = parse_period(base + (month < 10 ? "-0" : "-") + std::to_string(month));
        ASSERT_TRUE(part && part->first == next) << base << " month " << month;
        next = part->last.next();
      }
      ASSERT_EQ(next, whole.last.next()) << base;
      EXPECT_EQ(parse_period(base + "-Q2")->last, parse_period(base + "-H1")->last);
      EXPECT_EQ(parse_period(base + "-Q3")->last, parse_period(base + "-9M")->last);
    }
  }
}

TEST(HalfMonth, GrowsByOneAndLeavesNoDayOut) {
  HalfMonth previous = half_month_of(day_min);
  for (int number = day_min.number; number <= day_max.number; ++number) {
    const HalfMonth half = half_month_of({number});
    const Window days = days_of(half);
    ASSERT_TRUE(days.contains({number})) << number;
    const bool begins = number != day_min.number && days.first.number == number;
    ASSERT_EQ(half.number, previous.number + (begins ? 1 : 0)) << number;
    previous = half;
  }
}

TEST(HalfMonth, MakesEveryMonthOfBothCalendarsOutOfTwo) {
  for (int year = limits::year_min; year <= limits::year_max; ++year) {
    for (int month = 1; month <= 12; ++month) {
      const auto tail = (month < 10 ? "-0" : "-") + std::to_string(month);
      for (const std::string calendar : {"", "s"}) {
        const auto id = std::to_string(year) + calendar + tail;
        const Window whole = *parse_period(id);
        const HalfMonth first = half_month_of(whole.first);
        ASSERT_EQ(days_of(first).first, whole.first) << id;
        ASSERT_EQ(days_of({first.number + 1}).last, whole.last) << id;
      }
    }
  }
}

TEST(Window, KnowsItsDays) {
  const Window window{day("2024-02-28"), day("2024-03-01")};
  EXPECT_EQ(window.days(), 3);
  EXPECT_TRUE(window.contains(day("2024-03-01")));
  EXPECT_FALSE(window.contains(day("2024-03-02")));
  EXPECT_EQ((Window{day("2024-03-01"), day("2024-02-29")}).days(), 0);
}

}  // namespace
}  // namespace tiendo

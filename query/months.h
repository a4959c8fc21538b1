// The months of a period's calendar: ordinary ones, or those from the 15th to the 14th.
#pragma once

#include "query/asked.h"

namespace tiendo {

struct CalendarMonth {
  std::string id;  // 2024-03, 2024s-03
  Day last;
};
// The month that holds a day, by the calendar of the period asked for (2024 or 2024s), or, where it
// has none, the plan's.
[[nodiscard]] CalendarMonth month_of(const AskedPeriod& asked, Day day);

}  // namespace tiendo

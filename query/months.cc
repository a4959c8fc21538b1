#include "query/months.h"

namespace tiendo {
namespace {

bool is_statutory(const AskedPeriod& asked) {
  const std::string& id = asked.period;
  const bool names_a_year = !asked.plan->periods.contains(id) &&
                            id.find_first_not_of("0123456789") >= 4 && parse_period(id) &&
                            !parse_day(id.substr(0, 10));
  return names_a_year ? id.size() > 4 && id[4] == 's' : asked.plan->statutory;
}

}  // namespace

CalendarMonth month_of(const AskedPeriod& asked, Day day) {
  Date date = to_date(day);
  const bool statutory = is_statutory(asked);
  if (statutory && date.day >= 15) date = {date.year + date.month / 12, date.month % 12 + 1, 1};
  std::string id = std::to_string(date.year) + (statutory ? "s-" : "-");
  if (date.month < 10) id += '0';
  id += std::to_string(date.month);
  const auto days = parse_period(id);
  return {id, days ? days->last : asked.window.last};
}

}  // namespace tiendo

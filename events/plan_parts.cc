#include "events/plan_parts.h"

#include <algorithm>

#include "events/limits.h"

namespace tiendo {
namespace {

int read_year(PlanReader& reader, const Place& place) {
  if (!place.value.present()) return 0;
  const int64_t year = reader.whole(place);
  if (year >= limits::year_min && year <= limits::year_max) return static_cast<int>(year);
  reader.fault(Reason::plan_schema, place, "a year such as 2024");
  return 0;
}

TaskTime read_time_in_words(PlanReader& reader, const Place& place) {
  using Kind = TaskTime::Kind;
  static constexpr Kind kinds[] = {Kind::none, Kind::continuous, Kind::each_year, Kind::on_demand};
  return {.kind = kinds[reader.one_of(place, {"none", "continuous", "each_year", "on_demand"})],
          .years = {},
          .months = {},
          .window = {}};
}

std::vector<int> read_months(PlanReader& reader, const Place& place) {
  std::vector<int> months;
  for (const Place& at : reader.elements(place)) {
    const int64_t month = reader.whole(at);
    if (month >= 1 && month <= 12) {
      months.push_back(static_cast<int>(month));
    } else {
      reader.fault(Reason::plan_schema, at, "a month, 1 to 12");
    }
  }
  return months;
}

TaskTime read_time(PlanReader& reader, const Place& place) {
  TaskTime time;
  if (!place.value.present()) return time;
  if (place.value.is(json::Kind::text)) return read_time_in_words(reader, place);
  const Place years = reader.optional_field(place, "years");
  const Place from = reader.optional_field(place, "from");
  const Place to = reader.optional_field(place, "to");
  const Place months = reader.optional_field(place, "months");
  const Place first = reader.optional_field(place, "first");
  if (years.value.present()) {
    time.kind = TaskTime::Kind::years;
    for (const Place& at : reader.elements(years)) time.years.push_back(read_year(reader, at));
  } else if (from.value.present()) {
    time.kind = to.value.present() ? TaskTime::Kind::year_span : TaskTime::Kind::from_year;
    time.years.push_back(read_year(reader, from));
    if (to.value.present()) time.years.push_back(read_year(reader, to));
    if (!std::is_sorted(time.years.begin(), time.years.end())) {
      reader.fault(Reason::plan_window, place, "`from` not after `to`");
    }
  } else if (months.value.present()) {
    time.kind = TaskTime::Kind::months;
    time.months = read_months(reader, months);
  } else if (first.value.present()) {
    time.kind = TaskTime::Kind::window;
    time.window = {reader.day(first), reader.day(reader.required_field(place, "last"))};
    if (time.window.empty()) {
      reader.fault(Reason::plan_window, place, "`first` not after `last`");
    }
  } else {
    reader.fault(Reason::plan_schema, place,
                 "continuous, each_year, on_demand, none, {years}, {from}, {from, to}, {months} or "
                 "{first, last}");
  }
  return time;
}

std::map<int, Decimal> read_years(PlanReader& reader, const Place& place) {
  std::map<int, Decimal> years;
  if (place.value.present() && !place.value.is(json::Kind::object)) {
    reader.fault(Reason::plan_schema, place, "amounts by year, {\"2024\": 300}");
    return years;
  }
  if (!place.value.present()) return years;
  for (const json::Value amount : place.value) {
    const Place at{amount, place.path + "." + std::string(amount.key())};
    const auto year = parse_period(amount.key());
    if (amount.key().size() != 4 || !year) {
      reader.fault(Reason::plan_schema, at, "a year such as 2024, in quotes");
      continue;
    }
    years.emplace(to_date(year->first).year, reader.decimal(at));
  }
  return years;
}

Decimal sum_of(const std::map<int, Decimal>& years) {
  Decimal sum;
  for (const auto& [year, amount] : years) sum += amount;
  return sum;
}

std::string read_level(PlanReader& reader, const Place& place) {
  std::string level = reader.text(place);
  return level == "any" ? "" : level;
}

}  // namespace

Name read_name(PlanReader& reader, const Place& place) {
  if (!place.value.present()) return {};
  if (place.value.is(json::Kind::text)) return {reader.text(place), {}};
  return {reader.text(reader.required_field(place, "vi")),
          reader.text(reader.optional_field(place, "en"))};
}

Task read_task(PlanReader& reader, const Place& place, std::string id) {
  return {.id = std::move(id),
          .ref = reader.text(reader.optional_field(place, "ref")),
          .name = read_name(reader, reader.required_field(place, "name")),
          .leads = reader.texts(reader.optional_field(place, "leads")),
          .with = reader.texts(reader.optional_field(place, "with")),
          .time = read_time(reader, reader.optional_field(place, "time")),
          .lines = reader.texts(reader.optional_field(place, "lines")),
          .note = read_name(reader, reader.optional_field(place, "note"))};
}

void read_budget(PlanReader& reader, const Place& root, Plan& plan) {
  for (const Place& place : reader.elements(reader.optional_field(root, "budget"))) {
    const Place years = reader.required_field(place, "years");
    BudgetRow row{.line = reader.text(reader.required_field(place, "line")),
                  .name = read_name(reader, reader.optional_field(place, "name")),
                  .level = read_level(reader, reader.optional_field(place, "level")),
                  .unit_of_measure = reader.text(reader.optional_field(place, "unit_of_measure")),
                  .years = read_years(reader, years),
                  .total = {},
                  .note = read_name(reader, reader.optional_field(place, "note"))};
    row.total = sum_of(row.years);
    plan.budget.push_back(std::move(row));
  }
  for (const Place& place : reader.elements(reader.optional_field(root, "budget_totals"))) {
    plan.budget_totals.push_back(
        {.level = read_level(reader, reader.optional_field(place, "level")),
         .years = read_years(reader, reader.optional_field(place, "years")),
         .total = reader.decimal(reader.required_field(place, "total"))});
  }
}

}  // namespace tiendo

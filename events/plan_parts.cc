#include "events/plan_parts.h"

#include <algorithm>

#include "events/plan_words.h"

namespace tiendo {
namespace {

// 2024 or 2024s; 2024-06 or 2024s-06.
bool is_year(std::string_view id) {
  return id.size() == 4 || (id.size() == 5 && id.ends_with('s'));
}
bool is_month(std::string_view id) {
  const std::size_t dash = id.rfind('-');
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return dash != std::string_view::npos && id.size() == dash + 3 && is_year(id.substr(0, dash)) &&
         is_digit(id[dash + 1]) && is_digit(id[dash + 2]);
}

Day read_due_of_span(PlanReader& reader, const Place& place, Due& due) {
  const Place month = reader.optional_field(place, "month");
  const Place year = reader.optional_field(place, "year");
  const Place& span = month.value.present() ? month : year;
  const std::string_view id = span.value.text();
  const auto window = parse_period(id);
  if (!window || !(month.value.present() ? is_month(id) : is_year(id))) {
    reader.fault(Reason::plan_schema, place, Phrase::due_known);
    return {};
  }
  due.kind = month.value.present() ? Due::Kind::month : Due::Kind::year;
  return window->last;
}

TaskTime read_time_in_words(PlanReader& reader, const Place& place, const Plan& plan) {
  using Kind = TaskTime::Kind;
  static constexpr std::pair<std::string_view, Kind> known[] = {{"none", Kind::none},
                                                                {"continuous", Kind::continuous},
                                                                {"each_year", Kind::each_year},
                                                                {"on_demand", Kind::on_demand}};
  TaskTime time;
  const std::string_view said = place.value.text();
  for (const auto& [word, kind] : known) {
    if (said != word) continue;
    time.kind = kind;
    return time;
  }
  const auto window = plan.period(said);
  if (!window) {
    reader.fault(Reason::plan_schema, place, Phrase::task_time);
  } else if (const int year = to_date(window->first).year; said == std::to_string(year)) {
    time.kind = Kind::years;
    time.years = {year};
  } else {
    time.kind = Kind::window;
    time.window = *window;
  }
  return time;
}

std::vector<int> read_months(PlanReader& reader, const Place& place) {
  std::vector<int> months;
  for (const Place& at : reader.elements(place)) {
    const int64_t month = reader.whole(at);
    if (month >= 1 && month <= 12) {
      months.push_back(static_cast<int>(month));
    } else {
      reader.fault(Reason::plan_schema, at, Phrase::month);
    }
  }
  return months;
}

TaskTime read_time(PlanReader& reader, const Place& place, const Plan& plan) {
  TaskTime time;
  if (!place.value.present()) return time;
  if (place.value.is(json::Kind::text)) return read_time_in_words(reader, place, plan);
  if (!reader.expect(place, json::Kind::object, Phrase::task_time)) return time;
  const Place years = reader.optional_field(place, "years");
  const Place from = reader.optional_field(place, "from");
  const Place to = reader.optional_field(place, "to");
  const Place months = reader.optional_field(place, "months");
  const Place first = reader.optional_field(place, "first");
  if (years.value.present()) {
    time.kind = TaskTime::Kind::years;
    for (const Place& at : reader.elements(years)) time.years.push_back(reader.year(at));
  } else if (from.value.present()) {
    time.kind = to.value.present() ? TaskTime::Kind::year_span : TaskTime::Kind::from_year;
    time.years.push_back(reader.year(from));
    if (to.value.present()) time.years.push_back(reader.year(to));
    if (!std::is_sorted(time.years.begin(), time.years.end())) {
      reader.fault(Reason::plan_window, place, Phrase::from_before_to);
    }
  } else if (months.value.present()) {
    time.kind = TaskTime::Kind::months;
    time.months = read_months(reader, months);
  } else if (first.value.present()) {
    time.kind = TaskTime::Kind::window;
    time.window = {reader.day(first), reader.day(reader.required_field(place, "last"))};
    if (time.window.empty()) {
      reader.fault(Reason::plan_window, place, Phrase::days_in_window);
    }
  } else {
    reader.fault(Reason::plan_schema, place, Phrase::task_time);
    return time;
  }
  reader.no_other_fields(place);
  return time;
}

std::map<int, Decimal> read_years(PlanReader& reader, const Place& place) {
  std::map<int, Decimal> years;
  if (!reader.expect(place, json::Kind::object, Phrase::amounts_by_year)) return years;
  for (const json::Value amount : place.value) {
    const Place at{amount, place.path + "." + std::string(amount.key())};
    const auto year = parse_period(amount.key());
    if (amount.key().size() != 4 || !year) {
      reader.fault(Reason::plan_schema, at, Phrase::amounts_by_year);
      continue;
    }
    // An empty cell of the table.
    if (amount.is_null()) continue;
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

Due read_due(PlanReader& reader, const Place& place, Day period_last) {
  Due due;
  if (!place.value.present()) return due;
  if (place.value.is(json::Kind::text)) {
    const std::size_t kind = reader.one_of(place, {"month", "year", "never"}, Reason::plan_schema);
    due.kind = kind == 0 ? Due::Kind::month : kind == 1 ? Due::Kind::year : Due::Kind::never;
    due.day = period_last;
    return due;
  }
  if (!reader.expect(place, json::Kind::object, Phrase::due_known)) return due;
  static constexpr std::pair<std::string_view, Due::Kind> kinds[] = {
      {"before", Due::Kind::before}, {"by", Due::Kind::by}, {"assumed", Due::Kind::assumed}};
  for (const auto& [name, kind] : kinds) {
    const Place day = reader.optional_field(place, name);
    if (!day.value.present() || due.kind != Due::Kind::never) continue;
    due.kind = kind;
    due.day = reader.day(day);
  }
  if (due.kind == Due::Kind::never) due.day = read_due_of_span(reader, place, due);
  reader.no_other_fields(place);
  return due;
}

Task read_task(PlanReader& reader, const Place& place, std::string id, const Plan& plan) {
  return {.id = std::move(id),
          .ref = reader.text(reader.optional_field(place, "ref")),
          .name = read_name(reader, reader.required_field(place, "name")),
          .leads = reader.texts(reader.optional_field(place, "leads")),
          .with = reader.texts(reader.optional_field(place, "with")),
          .time = read_time(reader, reader.optional_field(place, "time"), plan),
          .lines = reader.texts(reader.optional_field(place, "lines")),
          .note = read_name(reader, reader.optional_field(place, "note"))};
}

void read_budget(PlanReader& reader, const Place& root, Plan& plan) {
  for (const Place& place : reader.elements(reader.optional_field(root, "budget"))) {
    if (!reader.expect(place, json::Kind::object, Phrase::object)) continue;
    BudgetRow row;
    row.line = reader.text(reader.required_field(place, "line"));
    reader.begin_part(Owner::line, row.line);
    row.name = read_name(reader, reader.optional_field(place, "name"));
    row.level = read_level(reader, reader.optional_field(place, "level"));
    const Place unit = reader.optional_field(place, "unit_of_measure");
    static_cast<void>(reader.one_of(unit, words::measures));
    row.unit_of_measure = reader.text(unit);
    row.years = read_years(reader, reader.required_field(place, "years"));
    row.total = sum_of(row.years);
    static_cast<void>(reader.optional_field(place, "total"));
    row.note = read_name(reader, reader.optional_field(place, "note"));
    reader.no_other_fields(place);
    reader.end_part();
    plan.budget.push_back(std::move(row));
  }
  for (const Place& place : reader.elements(reader.optional_field(root, "budget_totals"))) {
    if (!reader.expect(place, json::Kind::object, Phrase::object)) continue;
    plan.budget_totals.push_back(
        {.level = read_level(reader, reader.optional_field(place, "level")),
         .years = read_years(reader, reader.optional_field(place, "years")),
         .total = reader.decimal(reader.required_field(place, "total"))});
    reader.no_other_fields(place);
  }
}

}  // namespace tiendo

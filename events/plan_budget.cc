// The table of a budget: rows, years and printed totals must agree (events/plan_consistency.h).
#include <set>

#include "events/plan_consistency.h"

namespace tiendo {
namespace {

class BudgetCheck {
 public:
  BudgetCheck(PlanReader& reader, const Plan& plan) : reader_(reader), plan_(plan) {}

  void rows(const std::vector<Place>& places) {
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < plan_.budget.size(); ++i) {
      const BudgetRow& row = plan_.budget[i];
      reader_.begin_part(Owner::line, row.line);
      if (!seen.insert({row.line, row.level}).second) {
        reader_.fault(Reason::plan_duplicate, reader_.optional_field(places[i], "line"),
                      Phrase::line_once);
      }
      const std::string& unit = plan_.budget.front().unit_of_measure;
      if (row.unit_of_measure != unit) {
        reader_.fault(Reason::plan_measure, reader_.optional_field(places[i], "unit_of_measure"),
                      Phrase::unit_of_rows, {unit.empty() ? "none" : unit});
      }
      const Place total = reader_.optional_field(places[i], "total");
      if (total.value.present() && reader_.decimal(total) != row.total) {
        reader_.fault(Reason::plan_budget, total, Phrase::sum_of_years, {row.total.text()});
      }
      reader_.end_part();
    }
  }

  void printed_total(const Place& place, const BudgetTotal& printed) {
    const BudgetTotal sum = sum_of(printed);
    const auto check = [&](const Place& at, Decimal said, Decimal added) {
      if (said == added) return;
      if (printed.level.empty()) {
        reader_.fault(Reason::plan_budget, at, Phrase::sum_of_rows, {added.text()});
      } else {
        reader_.fault(Reason::plan_budget, at, Phrase::sum_of_level, {added.text(), printed.level});
      }
    };
    const Place years = reader_.optional_field(place, "years");
    if (years.value.present()) {
      for (const auto& [year, added] : sum.years) {
        const auto said = printed.years.find(year);
        check(reader_.optional_field(years, std::to_string(year)),
              said == printed.years.end() ? Decimal() : said->second, added);
      }
    }
    check(reader_.optional_field(place, "total"), printed.total, sum.total);
  }

 private:
  // Of the same rows, with a year for each that stands in a row or is printed: a year that a
  // printed total leaves out is one in which it prints nothing.
  [[nodiscard]] BudgetTotal sum_of(const BudgetTotal& printed) const {
    BudgetTotal sum{.level = printed.level, .years = {}, .total = {}};
    for (const BudgetRow& row : plan_.budget) {
      if (!printed.level.empty() && row.level != printed.level) continue;
      for (const auto& [year, amount] : row.years) sum.years[year] += amount;
      sum.total += row.total;
    }
    for (const auto& [year, amount] : printed.years) sum.years.emplace(year, Decimal());
    return sum;
  }

  PlanReader& reader_;
  const Plan& plan_;
};

}  // namespace

void check_budget(PlanReader& reader, const Place& root, const Plan& plan) {
  BudgetCheck check(reader, plan);
  check.rows(objects(reader, root, "budget"));
  const std::vector<Place> totals = objects(reader, root, "budget_totals");
  for (std::size_t i = 0; i < plan.budget_totals.size(); ++i) {
    check.printed_total(totals[i], plan.budget_totals[i]);
  }
}

}  // namespace tiendo

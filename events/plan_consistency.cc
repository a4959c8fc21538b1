#include "events/plan_consistency.h"

#include <algorithm>
#include <set>

#include "events/text.h"

namespace tiendo {
namespace {

std::string_view word(const Place& object, std::string_view field) {
  return object.value[field].text();
}

void check_measure(PlanReader& reader, const Place& place) {
  static_cast<void>(
      reader.one_of(place, {"activities", "visits", "people", "households", "enterprises",
                            "accounts", "products", "sites", "teams", "dossiers", "models",
                            "classes", "documents", "units", "rank", "million_vnd", "percent"}));
}

// The measure a term has by its kind, or states; empty: unknown.
std::string_view measure_of(const Place& term) {
  const std::string_view of = word(term, "of");
  if (word(term, "kind") == "count") return "activities";
  if (of == "participants") return "visits";
  if (of == "people") return "people";
  if (of == "cost") return "million_vnd";
  if (of == "reached_units") return "units";
  return word(term, "measure");
}

class ConsistencyCheck {
 public:
  ConsistencyCheck(PlanReader& reader, const Place& root, const Plan& plan)
      : reader_(reader), root_(root), plan_(plan) {}

  void run() {
    check_budget();
    for (const Place& indicator : elements("indicators")) {
      check_measure(reader_, reader_.optional_field(indicator, "measure"));
      check_formula(reader_.optional_field(indicator, "formula"));
    }
    check_series();
  }

 private:
  std::vector<Place> elements(std::string_view list) {
    return reader_.elements(reader_.optional_field(root_, list));
  }

  void check_budget() {
    const std::vector<Place> rows = elements("budget");
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < plan_.budget.size(); ++i) {
      const BudgetRow& row = plan_.budget[i];
      const Place line = reader_.optional_field(rows[i], "line");
      lines_.insert(row.line);
      if (!seen.insert({row.line, row.level}).second) {
        reader_.fault(Reason::plan_duplicate, line, "a line that stands once at each level");
      }
      const Place unit = reader_.optional_field(rows[i], "unit_of_measure");
      check_measure(reader_, unit);
      if (row.unit_of_measure != plan_.budget.front().unit_of_measure) {
        reader_.fault(Reason::plan_measure, unit, "the unit of measure of the other rows");
      }
      const Place total = reader_.optional_field(rows[i], "total");
      if (total.value.present() && reader_.decimal(total) != row.total) {
        reader_.fault(Reason::plan_budget, total, row.total.text() + ", the sum of its years");
      }
    }
    check_printed_totals();
  }

  // A year that a printed total leaves out is one in which it prints nothing.
  void check_printed_totals() {
    const std::vector<Place> places = elements("budget_totals");
    for (std::size_t i = 0; i < plan_.budget_totals.size(); ++i) {
      const BudgetTotal& printed = plan_.budget_totals[i];
      BudgetTotal sum{.level = printed.level, .years = {}, .total = {}};
      for (const BudgetRow& row : plan_.budget) {
        if (!printed.level.empty() && row.level != printed.level) continue;
        for (const auto& [year, amount] : row.years) sum.years[year] += amount;
        sum.total += row.total;
      }
      for (const auto& [year, amount] : printed.years) sum.years.emplace(year, Decimal());
      const std::string of = printed.level.empty()
                                 ? ", the sum of all rows"
                                 : ", the sum of the rows of level " + printed.level;
      const Place years = reader_.optional_field(places[i], "years");
      for (const auto& [year, amount] : sum.years) {
        const auto said = printed.years.find(year);
        if (!years.value.present() ||
            amount == (said == printed.years.end() ? Decimal() : said->second)) {
          continue;
        }
        reader_.fault(Reason::plan_budget, reader_.optional_field(years, std::to_string(year)),
                      amount.text() + of);
      }
      if (sum.total != printed.total) {
        reader_.fault(Reason::plan_budget, reader_.optional_field(places[i], "total"),
                      sum.total.text() + of);
      }
    }
  }

  void check_formula(const Place& formula) {
    if (!formula.value.is(json::Kind::object)) return;
    static_cast<void>(
        reader_.one_of(reader_.optional_field(formula, "covers"), {"own", "subtree"}));
    const std::string_view kind = word(formula, "kind");
    if (kind == "kept") {
      check_kept(formula);
    } else if (kind == "ratio" && word(formula, "of") != "reported") {
      check_ratio(formula);
    } else if (kind == "money") {
      check_lines(reader_.optional_field(formula, "line"));
    } else if (kind == "least") {
      for (const Place& one : reader_.elements(reader_.optional_field(formula, "of"))) {
        check_formula(one);
      }
    } else if (kind == "reference") {
      check_formula(reader_.optional_field(formula, "of"));
    } else if (kind == "coverage") {
      check_formula(reader_.optional_field(reader_.optional_field(formula, "have"), "formula"));
    }
  }

  // What is added up over days has no value on a day.
  void check_kept(const Place& formula) {
    const Place inner = reader_.optional_field(formula, "of");
    const std::string_view kind = word(inner, "kind");
    if (kind == "count" || kind == "sum" || kind == "distinct") {
      reader_.fault(Reason::plan_formula, inner, "a formula of a state, such as gauge or coverage");
    }
    check_formula(inner);
  }

  void check_ratio(const Place& formula) {
    const Place numerator = reader_.optional_field(formula, "numerator");
    const Place denominator = reader_.optional_field(formula, "denominator");
    if (!numerator.value.present() || !denominator.value.present()) {
      reader_.fault(Reason::plan_denominator, formula, "both `numerator` and `denominator`");
      return;
    }
    for (const Place* term : {&numerator, &denominator}) {
      check_measure(reader_, reader_.optional_field(*term, "measure"));
      check_formula(*term);
    }
    const std::string_view above = measure_of(numerator);
    const std::string_view below = measure_of(denominator);
    if (!above.empty() && !below.empty() && above != below) {
      reader_.fault(
          Reason::plan_measure, formula,
          "equal measures; this divides " + std::string(above) + " by " + std::string(below));
    }
  }

  void check_lines(const Place& said) {
    const std::vector<std::string> lines = reader_.texts(said);
    const bool are_known =
        !lines.empty() && std::all_of(lines.begin(), lines.end(),
                                      [&](const std::string& one) { return lines_.contains(one); });
    if (!are_known) reader_.fault(Reason::plan_reference, said, "the id of a line of `budget`");
  }

  struct InSeries {
    std::string series;
    const Target* target;
    std::vector<Window> windows;
  };

  std::vector<Window> windows_of(const Target& target) const {
    std::vector<Window> windows;
    const auto add = [&](Day day) {
      if (const auto window = window_of(plan_, target, day)) windows.push_back(*window);
    };
    for (const int year : target.when.years) add(to_day({year, 6, 30}));
    if (target.when.kind != TargetWhen::Kind::each_year) add(plan_.last);
    return windows;
  }

  // Two targets of one series may share a unit, or a day, but not both.
  static bool overlap(const InSeries& a, const InSeries& b) {
    const TargetFor& one = a.target->whom;
    const TargetFor& other = b.target->whom;
    if (one.scope != other.scope || canonical(one.where) != canonical(other.where)) return false;
    const bool share_a_level =
        one.levels.empty() || other.levels.empty() ||
        std::any_of(one.levels.begin(), one.levels.end(), [&](const std::string& level) {
          return std::find(other.levels.begin(), other.levels.end(), level) != other.levels.end();
        });
    return share_a_level && std::any_of(a.windows.begin(), a.windows.end(), [&](Window mine) {
             return std::any_of(b.windows.begin(), b.windows.end(), [&](Window its) {
               return mine.first <= its.last && its.first <= mine.last;
             });
           });
  }

  void check_series() {
    std::vector<InSeries> seen;
    const std::vector<Place> places = elements("targets");
    for (std::size_t i = 0; i < plan_.targets.size(); ++i) {
      const Place series = reader_.optional_field(places[i], "series");
      if (!series.value.present()) continue;
      InSeries mine{reader_.text(series), &plan_.targets[i], windows_of(plan_.targets[i])};
      for (const InSeries& earlier : seen) {
        if (earlier.series != mine.series || !overlap(earlier, mine)) continue;
        reader_.fault(Reason::plan_overlap, places[i],
                      "days, or units, other than those of target " + earlier.target->id);
        break;
      }
      seen.push_back(std::move(mine));
    }
  }

  PlanReader& reader_;
  const Place& root_;
  const Plan& plan_;
  std::set<std::string> lines_;  // of the budget
};

}  // namespace

void check_consistency(PlanReader& reader, const Place& root, const Plan& plan) {
  ConsistencyCheck(reader, root, plan).run();
}

}  // namespace tiendo

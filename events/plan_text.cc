#include "events/plan_text.h"

#include <algorithm>
#include <set>

#include "events/formula_text.h"
#include "events/glossary.h"
#include "events/plan_page.h"

namespace tiendo {
namespace {

class PlanSpeaker {
 public:
  PlanSpeaker(const Plan& plan, TextLanguage language) : plan_(plan), words_(plan, language) {}

  std::string speak() && {
    head();
    targets();
    unjudged_indicators();
    obligations();
    tasks();
    budget();
    return std::move(page_).take();
  }

 private:
  [[nodiscard]] std::string say(std::string_view vi, std::string_view en) const {
    return words_.say(vi, en);
  }

  void head() {
    page_.paragraph(words_.name(plan_.title));
    page_.paragraph(say("Kế hoạch ", "Plan ") + plan_.id + say(", phiên bản ", ", version ") +
                    std::to_string(plan_.version) + say(", có hiệu lực từ ", ", valid from ") +
                    words_.day(plan_.valid_from) + ".");
    page_.paragraph(say("Thời gian: từ ", "From ") + words_.day(plan_.first) +
                    say(" đến hết ", " to ") + words_.day(plan_.last) + "." +
                    (plan_.statutory ? say(" Năm thống kê: từ 15/12 năm trước đến 14/12.",
                                           " Years are statutory: 15 December to 14 December.")
                                     : ""));
    for (const auto& [id, window] : plan_.periods) {
      page_.paragraph(say("Kỳ riêng: ", "Its own period: ") + words_.period(id) + " (" + id +
                      "), " + words_.day(window.first) + " – " + words_.day(window.last) + ".");
    }
  }

  void targets() {
    page_.heading(say("MỤC TIÊU (", "TARGETS (") + std::to_string(plan_.targets.size()) + ")");
    for (const Target& target : plan_.targets) {
      const Indicator* indicator = plan_.indicator(target.indicator);
      if (indicator == nullptr) continue;
      page_.line();
      page_.line(target.id + (target.ref.empty() ? "" : "  " + target.ref));
      page_.labelled(say("Đo gì", "What"), words_.name(indicator->name));
      page_.labelled(say("Cách tính", "How"), say_formula(*indicator->formula, words_));
      page_.labelled(say("Cho ai", "For whom"), whom(target));
      page_.labelled(say("Khi nào", "When"), when(target));
      page_.labelled(say("Đạt khi", "Met when"), goal(target, *indicator));
      page_.labelled(say("Nguồn", "Source"), source(*indicator));
      page_.labelled(say("Ghi chú", "Note"), words_.name(target.note));
    }
  }

  [[nodiscard]] std::string source(const Indicator& indicator) const {
    if (!reads_reports(*indicator.formula)) return "";
    return say("báo cáo của đơn vị, vì: ", "reports of units, because: ") +
           words_.name(indicator.why_reported);
  }

  // Indicators that no target judges are asked for in reports, or inside others.
  void unjudged_indicators() {
    std::set<std::string> judged;
    for (const Target& target : plan_.targets) judged.insert(target.indicator);
    bool is_first = true;
    for (const Indicator& indicator : plan_.indicators) {
      if (judged.contains(indicator.id)) continue;
      if (is_first) page_.heading(say("CHỈ TIÊU KHÔNG XÉT RIÊNG", "INDICATORS WITHOUT A TARGET"));
      is_first = false;
      page_.line();
      page_.line(indicator.id);
      page_.labelled(say("Đo gì", "What"), words_.name(indicator.name));
      page_.labelled(say("Cách tính", "How"), say_formula(*indicator.formula, words_));
      page_.labelled(say("Nguồn", "Source"), source(indicator));
    }
  }

  [[nodiscard]] std::string whom(const Target& target) const {
    const UnitSet units{.levels = target.whom.levels, .where = target.whom.where};
    const std::string who = say_units(units, words_);
    std::string text;
    switch (target.whom.scope) {
      case Scope::unit:
        text = who;
        break;
      case Scope::each:
        text = say("từng ", "each of the ") + who;
        break;
      case Scope::rollup:
        text = say("cả địa bàn của ", "the whole area of ") + who +
               say(" (gồm mọi đơn vị bên dưới)", ", all units below included");
        break;
      case Scope::share:
        text = say("tỷ lệ ", "the share of ") + who +
               say(" có số của mình ", " whose own figure is ") +
               (target.inner_comparator ? words_.comparator(*target.inner_comparator, false) : "") +
               " " + amount(target.inner_value, target.indicator);
        break;
    }
    if (target.whom.extent == Extent::own) {
      text += say("; chỉ tính việc của chính đơn vị", "; of the unit's own doing alone");
    } else if (target.whom.extent == Extent::subtree) {
      text += say("; tính cả các đơn vị bên dưới", "; units below included");
    }
    return text;
  }

  [[nodiscard]] std::string amount(Decimal value, const std::string& id) const {
    const Indicator* indicator = plan_.indicator(id);
    if (indicator == nullptr) return words_.number(value);
    return words_.amount(value, is_ratio(*indicator->formula), indicator->measure);
  }

  [[nodiscard]] std::string when(const Target& target) const {
    const TargetWhen& when = target.when;
    std::string text;
    switch (when.kind) {
      case TargetWhen::Kind::each_year: {
        std::vector<std::string> years;
        for (const int year : when.years) years.push_back(std::to_string(year));
        text = years.size() == 1 ? say("trong năm ", "in ") + years.front()
                                 : say("hằng năm, tính lại từ đầu mỗi năm: ", "each year anew: ") +
                                       words_.all_of(years);
        if (when.statutory) text += say(" (năm thống kê)", " (statutory)");
        if (!when.until.empty()) {
          text += say("; từ đầu năm đến hết ngày ", "; from the first day to ") +
                  say(when.until.substr(3) + "/" + when.until.substr(0, 2), when.until);
        }
        break;
      }
      case TargetWhen::Kind::by:
        text = say("đến hết ngày ", "by ") + words_.day(when.day);
        break;
      case TargetWhen::Kind::before:
        text = say("trước ngày ", "before ") + words_.day(when.day) +
               say(" (ngày cuối còn kịp: ", " (last timely day: ") +
               words_.day(when.day.previous()) + ")";
        break;
      case TargetWhen::Kind::throughout:
        text = say("mọi ngày, đến hết ", "on every day to ") + words_.day(when.day);
        break;
      case TargetWhen::Kind::in: {
        const auto window = plan_.period(when.period);
        text = words_.period(when.period);
        if (window) text += ": " + words_.day(window->first) + " – " + words_.day(window->last);
        break;
      }
    }
    if (when.first) text += say("; tính từ ", "; from ") + words_.day(*when.first);
    if (target.hold) {
      text += say("; sau đó phải giữ được", "; afterwards it must hold");
      if (!target.series.empty()) {
        text += say(" cho đến mục tiêu tiếp theo", " until the next target begins");
      }
    }
    return text;
  }

  [[nodiscard]] std::string goal(const Target& target, const Indicator& indicator) const {
    if (std::holds_alternative<ReferenceFormula>(indicator.formula->of)) {
      return say("không xét", "never judged");
    }
    if (std::holds_alternative<MilestoneFormula>(indicator.formula->of)) {
      return say("đã làm trong thời hạn; làm sau hạn là muộn", "done in time; done later is late");
    }
    std::string number = target.whom.scope == Scope::share ? words_.number(target.value) + "%"
                                                           : amount(target.value, target.indicator);
    if (target.comparator == Comparator::exactly && target.or_more) {
      number += say(" trở lên", " or more");
    }
    const bool is_strict =
        target.comparator == Comparator::above || target.comparator == Comparator::below;
    return words_.comparator(target.comparator, target.or_more) + " " + number +
           (is_strict ? say(" (đúng bằng là chưa đạt)", " (equal is not enough)") : "");
  }

  void obligations() {
    if (plan_.obligations.empty()) return;
    page_.heading(say("BÁO CÁO PHẢI GỬI", "REPORTS OWED"));
    for (const Obligation& one : plan_.obligations) {
      page_.line();
      page_.paragraph(one.id + (one.name.vi.empty() ? "" : "  " + words_.name(one.name)));
      const UnitSet units{.levels = one.levels, .where = one.where};
      page_.labelled(say("Ai gửi", "From"), say_units(units, words_));
      page_.labelled(say("Gửi cho", "To"), one.to);
      std::vector<std::string> names;
      for (const std::string& id : one.required) {
        const Indicator* indicator = plan_.indicator(id);
        names.push_back(indicator == nullptr ? id : words_.name(indicator->name));
      }
      page_.labelled(say("Phải có", "Holds"), words_.all_of(names));
      for (const Instance& instance : one.instances) {
        page_.labelled(say("Hạn", "Due"),
                       words_.period(instance.period) + ": " + due(instance.due));
      }
      if (one.judged_by_received) {
        page_.labelled(say("Tính theo", "Judged by"), say("lúc nhận được", "the time of receipt"));
      }
    }
  }

  [[nodiscard]] std::string due(const Due& due) const {
    const std::string day = words_.day(due.day);
    switch (due.kind) {
      case Due::Kind::before:
        return say("trước ngày ", "before ") + day +
               say(" (ngày cuối còn kịp: ", " (last timely day: ") +
               words_.day(due.day.previous()) + ")";
      case Due::Kind::by:
        return say("đến hết ngày ", "by ") + day;
      case Due::Kind::month:
      case Due::Kind::year:
        return say("chỉ ghi tháng hoặc năm: đến hết ngày ", "month or year only: by ") + day;
      case Due::Kind::assumed:
        return say("không ghi ngày; coi như đến hết ngày ", "undated; taken as by ") + day;
      case Due::Kind::never:
        return say("khi có yêu cầu, không có hạn", "on demand, never overdue");
    }
    return "";
  }

  void tasks() {
    if (plan_.tasks.empty()) return;
    page_.heading(say("NHIỆM VỤ (", "TASKS (") + std::to_string(plan_.tasks.size()) + ")");
    for (const Task& task : plan_.tasks) {
      page_.line();
      page_.labelled(task.id, words_.name(task.name));
      page_.labelled(say("Chủ trì", "Leads"), words_.all_of(task.leads));
      page_.labelled(say("Phối hợp", "With"), words_.all_of(task.with));
      page_.labelled(say("Thời gian", "Time"), time(task.time));
      page_.labelled(say("Kinh phí", "Budget"),
                     task.lines.empty() ? "" : say("dòng ", "line ") + words_.all_of(task.lines));
    }
  }

  [[nodiscard]] std::string time(const TaskTime& time) const {
    std::vector<std::string> numbers;
    for (const int number : time.kind == TaskTime::Kind::months ? time.months : time.years) {
      numbers.push_back(std::to_string(number));
    }
    switch (time.kind) {
      case TaskTime::Kind::none:
        return "";
      case TaskTime::Kind::continuous:
        return say("thường xuyên", "all the time");
      case TaskTime::Kind::each_year:
        return say("hằng năm", "each year");
      case TaskTime::Kind::years:
        return say("năm ", "in ") + words_.all_of(numbers);
      case TaskTime::Kind::from_year:
        return say("từ năm ", "from ") + numbers.front() + say(" trở đi", " on");
      case TaskTime::Kind::year_span:
        return say("từ năm ", "from ") + numbers.front() + say(" đến năm ", " to ") +
               numbers.back();
      case TaskTime::Kind::months:
        return say("tháng ", "months ") + words_.all_of(numbers) +
               say(" hằng năm", " of each year");
      case TaskTime::Kind::window:
        return words_.day(time.window.first) + " – " + words_.day(time.window.last);
      case TaskTime::Kind::on_demand:
        return say("khi có yêu cầu", "on demand");
    }
    return "";
  }

  void budget() {
    if (plan_.budget.empty()) return;
    const std::string& unit = plan_.budget.front().unit_of_measure;
    page_.heading(say("KINH PHÍ", "BUDGET") + (unit.empty() ? "" : " (" + words_.word(unit) + ")"));
    std::set<int> years;
    std::vector<std::string> levels;  // as the rows come
    for (const BudgetRow& row : plan_.budget) {
      for (const auto& [year, amount] : row.years) years.insert(year);
      if (std::find(levels.begin(), levels.end(), row.level) == levels.end()) {
        levels.push_back(row.level);
      }
    }
    std::vector<std::vector<std::string>> rows = {
        {say("Dòng", "Line"), say("Nội dung", "What for"), say("Cấp", "Level")}};
    for (const int year : years) rows.front().push_back(std::to_string(year));
    rows.front().push_back(say("Tổng", "Total"));
    for (const BudgetRow& row : plan_.budget) {
      rows.push_back({row.line, words_.name(row.name), words_.word(row.level)});
      add_amounts(rows.back(), years, row.years, row.total);
    }
    std::size_t sums = 0;
    for (const std::string& level : levels) {
      if (levels.size() < 2) break;
      add_sum(rows, years, &level);
      ++sums;
    }
    add_sum(rows, years, nullptr);
    page_.line();
    page_.table(rows, 3, sums + 1);
    if (!plan_.budget_totals.empty()) {
      page_.line();
      page_.paragraph(say("Các tổng đã in trong văn bản khớp với tổng các dòng ở trên.",
                          "The totals that the document prints agree with these sums."));
    }
  }

  void add_amounts(std::vector<std::string>& cells, const std::set<int>& years,
                   const std::map<int, Decimal>& amounts, Decimal total) const {
    for (const int year : years) {
      const auto amount = amounts.find(year);
      cells.push_back(amount == amounts.end() ? "" : words_.number(amount->second));
    }
    cells.push_back(words_.number(total));
  }

  // Of the rows of a level, or of all.
  void add_sum(std::vector<std::vector<std::string>>& rows, const std::set<int>& years,
               const std::string* level) const {
    std::map<int, Decimal> sums;
    Decimal total;
    for (const BudgetRow& row : plan_.budget) {
      if (level != nullptr && row.level != *level) continue;
      for (const auto& [year, amount] : row.years) sums[year] += amount;
      total += row.total;
    }
    rows.push_back({"", level == nullptr ? say("Tổng cộng", "All rows") : say("Cộng cấp", "Level"),
                    level == nullptr ? "" : words_.word(*level)});
    add_amounts(rows.back(), years, sums, total);
  }

  const Plan& plan_;
  Glossary words_;
  PlanPage page_;
};

}  // namespace

std::string explain_plan(const Plan& plan, TextLanguage language) {
  return PlanSpeaker(plan, language).speak();
}

}  // namespace tiendo

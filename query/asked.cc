#include "query/asked.h"

#include <algorithm>
#include <vector>

#include "query/answer.h"

namespace tiendo {
namespace {

std::string year_id(const Plan& plan, Day today) {
  // The statutory year that holds a day begins on 15 December of the year before.
  constexpr int32_t days_to_new_year = 17;
  const Day day = plan.statutory ? Day{today.number + days_to_new_year} : today;
  return std::to_string(to_date(day).year) + (plan.statutory ? "s" : "");
}

std::optional<AskedPeriod> in_version(const std::shared_ptr<const Plan>& plan,
                                      const std::optional<std::string>& period, Day today) {
  const std::string id = period ? *period : year_id(*plan, today);
  const auto window = plan->period(id);
  if (!window) return std::nullopt;
  return AskedPeriod{plan, id, *window};
}

Error plan_unknown(const Call& call, std::string_view id, const Knowledge& knowledge) {
  std::string known;
  for (const auto& [name, versions] : knowledge.plans) {
    if (known.size() > 300) break;
    known += known.empty() ? name : ", " + name;
  }
  const std::string what = "\"" + std::string(id) + "\"";
  return refuse(
      call, "plan_unknown",
      {"Không có kế hoạch " + what + " tại thời điểm được hỏi. Đã biết: " + known + ".",
       "No plan " + what + " is known at the moment asked for. Known are: " + known + "."});
}

Error period_invalid(const Call& call, std::string_view id) {
  const std::string what = "\"" + std::string(id) + "\"";
  return refuse(
      call, "period_invalid",
      {what + " không phải một kỳ: dùng 2024, 2024-Q2, 2024-03, 2024-9M, 2024s-03 (kỳ 15 đến 14), "
              "một ngày, A..B, ..B, plan, hoặc tên kỳ trong kế hoạch.",
       what + " is no period: use 2024, 2024-Q2, 2024-03, 2024-9M, 2024s-03 (from the 15th to the "
              "14th), a day, A..B, ..B, plan, or a name of the plan's own."});
}

// Says since when or from when on, and under whom its figures stand then.
Error unit_not_in_tree(const Call& call, const Tree& tree, UnitIndex unit, Day day) {
  const std::string what = tree.unit(unit).id;
  Sentence why;
  if (const auto end = tree.ended(unit, day)) {
    const std::string last = to_text(end->previous());
    why = {"ngày cuối cùng là " + last, "its last day was " + last};
  } else {
    const std::string first = to_text(tree.first_day(unit));
    why = {"bắt đầu từ " + first, "it begins on " + first};
  }
  std::string heirs;
  for (const TreePart& part : tree.place(unit, day, {day})) {
    if (!part.place || heirs.size() > 300) continue;
    heirs += (heirs.empty() ? "" : ", ") + tree.unit(part.place->unit).id;
  }
  if (!heirs.empty()) {
    why.vi += "; số liệu khi đó đứng dưới " + heirs + ", hãy hỏi đơn vị ấy";
    why.en += "; its figures then stand under " + heirs + ", ask for that unit";
  }
  return refuse(call, "unit_not_in_tree",
                {"Đơn vị " + what + " không có trong cây ngày " + to_text(day) + ": " + why.vi +
                     ", hoặc hỏi ngày khác, hoặc tree=as_reported.",
                 "Unit " + what + " does not exist in the tree of " + to_text(day) + ": " + why.en +
                     ", or ask for another day, or with tree=as_reported."});
}

}  // namespace

// The latest version that can name the period and begins by its last day; if all begin later, the
// one that begins first.
AskedPlan find_plan(const Knowledge& knowledge, std::string_view plan,
                    const std::optional<std::string>& period, Day today) {
  const auto found = knowledge.plans.find(plan);
  if (found == knowledge.plans.end()) return {};
  std::vector<const Knowledge::Version*> versions;
  for (const auto& [number, version] : found->second) versions.push_back(&version);
  std::sort(versions.begin(), versions.end(), [](const auto* a, const auto* b) {
    return std::pair(a->plan->valid_from, a->said) > std::pair(b->plan->valid_from, b->said);
  });
  for (const Knowledge::Version* version : versions) {
    auto asked = in_version(version->plan, period, today);
    if (asked && version->plan->valid_from <= asked->window.last) return {true, std::move(asked)};
  }
  const auto* first = *std::min_element(versions.begin(), versions.end(), [](auto* a, auto* b) {
    return a->plan->valid_from < b->plan->valid_from;  // of equal ones the last in order, as sorted
  });
  return {true, in_version(first->plan, period, today)};
}

Result<UnitIndex> find_unit(const Call& call, const Tree& tree, std::string_view id) {
  if (const auto unit = tree.find(id)) return *unit;
  const std::string what = "\"" + std::string(id) + "\"";
  return refuse(call, "unit_unknown",
                {"Không có đơn vị " + what + " tại thời điểm được hỏi; tìm bằng /v1/units?q=TÊN.",
                 "No unit " + what +
                     " is known at the moment asked for; look for it with /v1/units?q=NAME."});
}

Result<Asked> read_asked(const Call& call, std::string_view plan,
                         const std::optional<std::string>& unit,
                         const std::optional<std::string>& period) {
  TRY_ASSIGN(moment, moment_of(call));
  return read_asked_at(call, moment, plan, unit, period);
}

Result<Asked> read_asked_at(const Call& call, const Moment& moment, std::string_view plan,
                            const std::optional<std::string>& unit,
                            const std::optional<std::string>& period) {
  TRY_ASSIGN(mode, tree_of(call, moment));
  Asked asked{.question = std::make_unique<Question>(call.views, moment, mode),
              .tree = text_of(call, "tree").value_or("as_reported")};
  const Question& question = *asked.question;
  AskedPlan found = find_plan(question.knowledge(), plan, period, moment.today());
  if (!found.plan_known) return plan_unknown(call, plan, question.knowledge());
  if (!found.found) return period_invalid(call, period.value_or(""));
  asked.period = std::move(*found.found);
  TRY_ASSIGN(index, find_unit(call, question.tree(), unit.value_or(asked.plan().unit)));
  asked.unit = index;
  if (mode.day && !question.tree().exists(index, *mode.day)) {
    return unit_not_in_tree(call, question.tree(), index, *mode.day);
  }
  return asked;
}

Result<const Indicator*> indicator_of(const Call& call, const Plan& plan, std::string_view id) {
  if (const Indicator* indicator = plan.indicator(id)) return indicator;
  std::string known;
  for (const Indicator& one : plan.indicators) {
    if (known.size() > 1'000) break;
    known += known.empty() ? one.id : ", " + one.id;
  }
  const std::string what = "\"" + std::string(id) + "\"";
  return refuse(call, "indicator_unknown",
                {"Kế hoạch không có chỉ tiêu " + what + ". Các chỉ tiêu: " + known + ".",
                 "The plan has no indicator " + what + ". It has: " + known + "."});
}

void write_asked(JsonWriter& json, const Asked& asked) {
  const Tree& tree = asked.question->tree();
  json.field("plan", asked.plan().id);
  json.field("version", asked.plan().version);
  json.field("unit", tree.unit(asked.unit).id);
  const Day day = std::min(asked.period.window.last, asked.moment().today());
  json.field("unit_name", tree.name(asked.unit, asked.question->mode().day.value_or(day)));
  json.field("period", asked.period.period);
  json.field("first", asked.period.window.first);
  json.field("last", asked.period.window.last);
  json.field("tree", asked.tree);
}

ShownThreshold threshold_of(const Target& target) {
  const bool or_more = target.comparator == Comparator::exactly && target.or_more;
  return {text_of(or_more ? Comparator::at_least : target.comparator), target.value};
}

const Target* target_in(const Plan& plan, std::string_view id) {
  const auto found = std::find_if(plan.targets.begin(), plan.targets.end(),
                                  [&](const Target& one) { return one.id == id; });
  return found == plan.targets.end() ? nullptr : &*found;
}

}  // namespace tiendo

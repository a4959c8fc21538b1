#include "events/plan_warnings.h"

#include <algorithm>

#include "events/free_words.h"
#include "events/nearest_word.h"
#include "events/plan_words.h"

namespace tiendo {
namespace {

std::string quoted_word(std::string_view word) { return "`" + std::string(word) + "`"; }

// Figures of such a formula are of the subtree, whatever a target asks for (semantics 5).
bool is_always_of_subtree(const Formula& formula) {
  if (const auto* kept = std::get_if<KeptFormula>(&formula.of)) {
    return is_always_of_subtree(*kept->of);
  }
  return std::holds_alternative<CoverageFormula>(formula.of) ||
         std::holds_alternative<RegisterCoverageFormula>(formula.of) ||
         std::holds_alternative<RatioFormula>(formula.of);
}

bool is_always_own(const Formula& formula) {
  if (const auto* kept = std::get_if<KeptFormula>(&formula.of)) return is_always_own(*kept->of);
  return std::holds_alternative<StateFormula>(formula.of) ||
         std::holds_alternative<RankFormula>(formula.of);
}

class PlanWarnings {
 public:
  PlanWarnings(json::Value document, const Plan& plan) : document_(document), plan_(plan) {}

  std::vector<Warning> find() {
    std::size_t at = 0;
    for (const Target& target : plan_.targets) {
      const std::string path = "data.targets[" + std::to_string(at++) + "]";
      const Indicator* indicator = plan_.indicator(target.indicator);
      check_days(target, path + ".when");
      if (indicator == nullptr) continue;
      check_percentages(target, *indicator->formula, path);
      check_extent(target, *indicator->formula, path + ".for.of");
      check_rank(target, *indicator->formula, path + ".comparator");
    }
    check_thresholds(document_["indicators"], "data.indicators");
    const std::vector<FreeWord> used = free_words_of(document_);
    for (const FreeWord& one : used) {
      if (one.category == "level") check_level(one);
    }
    for (const Slip& slip : slips_of(used, plan_)) {
      if (slip.said.category != "level") warn_of(slip);
    }
    return std::move(found_);
  }

 private:
  void warn(const std::string& field, std::string vi, std::string en) {
    found_.push_back({field, {std::move(vi), std::move(en)}});
  }

  [[nodiscard]] std::string days_of_plan() const {
    return to_text(plan_.first) + " – " + to_text(plan_.last);
  }

  void check_days(const Target& target, const std::string& path) {
    const TargetWhen& when = target.when;
    if (when.kind == TargetWhen::Kind::each_year) return check_years(when, path);
    const auto window = window_of(plan_, target, plan_.last);
    if (!window || window->last <= plan_.last) return;
    const bool is_by = when.kind == TargetWhen::Kind::by || when.kind == TargetWhen::Kind::before;
    const char* field = when.kind == TargetWhen::Kind::in ? ".period" : is_by ? ".day" : ".last";
    warn(path + field,
         "thời gian của mục tiêu kết thúc ngày " + to_text(window->last) +
             ", sau khi kế hoạch đã hết (" + days_of_plan() + ")",
         "the target's days end on " + to_text(window->last) + ", after the plan has ended (" +
             days_of_plan() + ")");
  }

  void check_years(const TargetWhen& when, const std::string& path) {
    for (std::size_t i = 0; i < when.years.size(); ++i) {
      const std::string year = std::to_string(when.years[i]);
      const auto days = parse_period(when.statutory ? year + "s" : year);
      if (!days || (days->first <= plan_.last && plan_.first <= days->last)) continue;
      warn(path + ".years[" + std::to_string(i) + "]",
           year + " không phải một năm của kế hoạch (" + days_of_plan() + ")",
           year + " is no year of the plan (" + days_of_plan() + ")");
    }
  }

  void check_percentage(const std::string& field, Decimal value) {
    if (value <= Decimal() || value >= Decimal::whole(1)) return;
    const std::string shown = value.text();
    warn(field,
         "đây là một tỷ lệ phần trăm, nên " + shown + " nghĩa là " + shown +
             "%; ba mươi phần trăm ghi là 30, không phải 0.3",
         "this is a percentage, so " + shown + " means " + shown +
             "%; thirty per cent is written 30, not 0.3");
  }

  void check_percentages(const Target& target, const Formula& formula, const std::string& path) {
    const bool is_share = target.whom.scope == Scope::share;
    if (is_ratio(formula)) {
      check_percentage(path + (is_share ? ".inner.value" : ".value"),
                       is_share ? target.inner_value : target.value);
    }
    if (is_share) check_percentage(path + ".value", target.value);
  }

  // Thresholds inside formulas, of an indicator whose figures are percentages.
  void check_thresholds(json::Value value, const std::string& path) {
    if (value.is(json::Kind::array)) {
      std::size_t at = 0;
      for (const json::Value one : value) {
        check_thresholds(one, path + "[" + std::to_string(at++) + "]");
      }
    }
    if (!value.is(json::Kind::object)) return;
    const Indicator* indicator = plan_.indicator(value["indicator"].text());
    const ParsedDecimal threshold = parse_decimal(value["value"].text());
    if (value["comparator"].present() && indicator != nullptr && is_ratio(*indicator->formula) &&
        threshold.fault == NumberFault::none) {
      check_percentage(path + ".value", threshold.value);
    }
    for (const json::Value field : value) {
      check_thresholds(field, path + "." + std::string(field.key()));
    }
  }

  void check_extent(const Target& target, const Formula& formula, const std::string& field) {
    if (!target.whom.extent) return;
    if (*target.whom.extent == Extent::own && is_always_of_subtree(formula)) {
      warn(field,
           "`own` không có tác dụng: tỷ lệ bao phủ và tỷ lệ của hai vế luôn tính cho đơn vị cùng "
           "mọi đơn vị bên dưới",
           "`own` has no effect: coverages and ratios of terms are always of the unit and all "
           "below it");
    }
    if (*target.whom.extent == Extent::subtree && is_always_own(formula)) {
      warn(field, "`subtree` không có tác dụng: state và rank luôn là của riêng đơn vị",
           "`subtree` has no effect: states and ranks are always of the unit itself");
    }
  }

  void check_rank(const Target& target, const Formula& formula, const std::string& field) {
    const bool wants_more =
        target.comparator == Comparator::at_least || target.comparator == Comparator::above;
    if (!wants_more || !std::holds_alternative<RankFormula>(formula.of)) return;
    warn(field, "thứ hạng càng nhỏ càng tốt: \"trong nhóm 15\" ghi là <= 15",
         "of ranks the lower is better: \"among the first 15\" is written <= 15");
  }

  void check_level(const FreeWord& one) {
    const auto& known = words::levels;
    if (one.word == "any" || std::find(known.begin(), known.end(), one.word) != known.end()) return;
    std::string listed;
    for (const std::string_view level : known) {
      listed += (listed.empty() ? "" : ", ") + std::string(level);
    }
    std::string vi = quoted_word(one.word) + " không phải cấp thường dùng (" + listed +
                     "); chỉ đơn vị tự khai cấp này mới được xét";
    std::string en = quoted_word(one.word) + " is none of the usual levels (" + listed +
                     "); only units registered with this level are meant";
    if (const std::string_view near = nearest_word(one.word, known); !near.empty()) {
      vi += "; có phải ý là " + quoted_word(near) + "?";
      en += "; did you mean " + quoted_word(near) + "?";
    }
    warn(one.field, std::move(vi), std::move(en));
  }

  void warn_of(const Slip& slip) {
    warn(slip.said.field,
         "`words` không giải thích " + quoted_word(slip.said.word) + ", gần giống " +
             quoted_word(slip.meant) + "; có phải ý là " + quoted_word(slip.meant) + "?",
         "`words` does not explain " + quoted_word(slip.said.word) + ", which is spelt nearly as " +
             quoted_word(slip.meant) + "; did you mean " + quoted_word(slip.meant) + "?");
  }

  json::Value document_;
  const Plan& plan_;
  std::vector<Warning> found_;
};

}  // namespace

std::vector<Warning> warnings_of_plan(json::Value document, const Plan& plan) {
  return PlanWarnings(document, plan).find();
}

}  // namespace tiendo

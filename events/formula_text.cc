#include "events/formula_text.h"

#include <algorithm>

namespace tiendo {
namespace {

std::string value_text(const Scalar& value, const Glossary& glossary) {
  return value.kind == Scalar::Kind::text ? glossary.word(value.text) : value.text;
}

std::string key_word(std::string_view field, const Glossary& glossary) {
  if (glossary.knows(field)) return glossary.word(field);
  return glossary.word(field.substr(field.rfind('.') + 1));
}

// A flag or attribute: "đơn vị có X", "không có X", "X là a hoặc b".
std::string say_key(const Filter& filter, const Glossary& glossary, const std::string& values) {
  const std::string key = key_word(filter.field, glossary);
  const bool is_truth =
      filter.values.size() == 1 && filter.values.front().kind == Scalar::Kind::truth;
  if (!is_truth) return key + glossary.say(" là ", " is ") + values;
  const bool is_true = filter.values.front().text == "true";
  return (is_true ? glossary.say("có “", "with “") : glossary.say("không có “", "without “")) +
         key + "”";
}

struct FieldWords {
  std::string_view field;
  std::string_view vi;
  std::string_view en;
};
constexpr FieldWords field_words[] = {
    {"type", "loại ", "of type "},
    {"form", "hình thức ", "held "},
    {"pillar", "trụ cột ", "of pillar "},
    {"topics", "chủ đề ", "on "},
    {"task", "thuộc nhiệm vụ ", "of task "},
    {"plan", "của kế hoạch ", "of plan "},
    {"organisation", "của ", "of "},
    {"level", "cấp ", "of level "},
    {"kind", "loại ", "of kind "},
    {"parent_level", "có cấp trên trực tiếp là cấp ", "directly under level "},
    {"unit.level", "của đơn vị cấp ", "of a unit of level "},
    {"unit.kind", "của đơn vị loại ", "of a unit of kind "},
    {"unit.parent_level", "của đơn vị ngay dưới cấp ", "of a unit directly under level "},
};

std::string say_condition(const Filter& filter, const Glossary& glossary) {
  std::vector<std::string> values;
  for (const Scalar& value : filter.values) values.push_back(value_text(value, glossary));
  const std::string any = glossary.any_of(values);
  for (const FieldWords& one : field_words) {
    if (one.field == filter.field) return glossary.say(one.vi, one.en) + any;
  }
  std::string said = say_key(filter, glossary, any);
  if (!filter.field.starts_with("unit.")) return said;
  return glossary.say("của đơn vị " + said, "of a unit " + said);
}

// The same text without brackets at the top.
std::string say_inner(const Filter& filter, const Glossary& glossary, bool is_top) {
  std::vector<std::string> parts;
  for (const Filter& part : filter.parts) parts.push_back(say_inner(part, glossary, false));
  std::string joined;
  switch (filter.kind) {
    case Filter::Kind::everything:
      return "";
    case Filter::Kind::nothing:
      return glossary.say("(không có gì)", "(nothing)");
    case Filter::Kind::field:
      return say_condition(filter, glossary);
    case Filter::Kind::negation:
      return glossary.say("trừ (", "except (") + parts.front() + ")";
    case Filter::Kind::all:
      for (const std::string& part : parts) joined += (joined.empty() ? "" : ", ") + part;
      break;
    case Filter::Kind::any:
      joined = glossary.any_of(parts);
      break;
  }
  return is_top ? joined : "(" + joined + ")";
}

class FormulaSpeaker {
 public:
  explicit FormulaSpeaker(const Glossary& glossary) : glossary_(glossary) {}

  std::string operator()(const CountFormula& count) const {
    return say("số hoạt động", "the number of activities") + filter(count.where) +
           credit(count.credit_all);
  }
  std::string operator()(const SumFormula& sum) const {
    std::string what;
    if (sum.of == SumFormula::Of::participants) {
      what = sum.audiences.empty()
                 ? say("tổng số lượt người tham gia", "all visits")
                 : say("tổng số lượt " + glossary_.all_of(words(sum.audiences)) + " tham gia",
                       "visits of " + glossary_.all_of(words(sum.audiences)));
    } else if (sum.of == SumFormula::Of::outputs) {
      what = say("tổng số " + word(sum.output) + " là kết quả",
                 "the number of " + word(sum.output) + " that came out");
    } else {
      what = say("tổng chi phí", "the cost");
    }
    const bool is_visits = sum.of == SumFormula::Of::participants;
    return what + say(is_visits ? " hoạt động" : " của hoạt động", " of activities") +
           filter(sum.where);
  }
  std::string operator()(const ReportedSumFormula&) const {
    return say("tổng số liệu mà các đơn vị báo cáo cho các kỳ nằm trong thời gian tính",
               "the sum of what units report for periods inside the window");
  }
  std::string operator()(const DistinctFormula& distinct) const;
  std::string operator()(const GaugeFormula& gauge) const {
    return say("số " + word(gauge.reg) + " đang có trong sổ vào ngày tính",
               "the number of " + word(gauge.reg) + " in the register on the day") +
           filter(gauge.only);
  }
  std::string operator()(const ReportedGaugeFormula& gauge) const {
    return say("số hiện có theo khai báo gần nhất của các đơn vị",
               "what there is, by the last declarations of units") +
           covers(gauge.covers);
  }
  std::string operator()(const StateFormula& state) const {
    if (!state.reg.empty()) {
      return say("đơn vị có ít nhất một " + word(state.reg) + " của mình (1 là có, 0 là không)",
                 "whether the unit has one " + word(state.reg) + " of its own at least (1 or 0)") +
             filter(state.only);
    }
    return say("đơn vị ", "whether the unit is ") + attribute(state.attribute, state.is) +
           say(" (1 là có, 0 là không)", " (1 or 0)");
  }
  std::string operator()(const RankFormula& rank) const {
    return say("thứ hạng mới nhất “" + word(rank.statistic) + "”, càng nhỏ càng tốt",
               "the last rank “" + word(rank.statistic) + "”, lower is better");
  }
  std::string operator()(const KeptFormula& kept) const {
    std::string text =
        say("giá trị thấp nhất trong mọi ngày của: ", "the least value on any day of: ") +
        say_formula(*kept.of, glossary_);
    if (kept.since) {
      text += say("; tính từ ngày đầu tiên đạt ", "; from the first day it was ") +
              glossary_.amount(*kept.since, is_ratio(*kept.of), "");
    }
    return text;
  }
  std::string operator()(const ReportedRatioFormula& ratio) const {
    return say("tổng tử số chia tổng mẫu số mà các đơn vị khai báo, theo khai báo gần nhất",
               "the sum of numerators over the sum of denominators that units last declared") +
           covers(ratio.covers) + fresh(ratio.fresh) + only_units(ratio.units);
  }
  std::string operator()(const RatioFormula& ratio) const {
    return term(*ratio.numerator) + say(" chia cho ", " over ") + term(*ratio.denominator);
  }
  std::string operator()(const StatisticFormula& statistic) const {
    return say("số liệu “" + word(statistic.statistic) + "” do cơ quan khác cung cấp",
               "the statistic “" + word(statistic.statistic) + "” that others supply") +
           fresh(statistic.fresh);
  }
  std::string operator()(const SurveyFormula& survey) const {
    return say("tỷ lệ trả lời đạt trong khảo sát gần nhất (phải nêu ngày và số phiếu)",
               "the share of good answers in the last survey (with its day and size)") +
           fresh(survey.fresh) + only_units(survey.units);
  }
  std::string operator()(const CoverageFormula& coverage) const {
    return say("tỷ lệ ", "the share of ") + say_units(coverage.units, glossary_) + " " +
           have(coverage.have);
  }
  std::string operator()(const RegisterCoverageFormula& coverage) const {
    std::string text = say("tỷ lệ ", "the share of ") + word(coverage.reg) + filter(coverage.only);
    if (coverage.named_by) {
      return text +
             say(" được nêu trong kết quả của hoạt động", " named in outputs of activities") +
             filter(*coverage.named_by);
    }
    return text + say(" mà", " that is") + filter(coverage.have);
  }
  std::string operator()(const ShareFormula& share) const {
    return say("tỷ lệ hoạt động", "the share of activities") + filter(share.where) +
           (share.among.kind == Filter::Kind::everything
                ? say(" trong mọi hoạt động", " among all activities")
                : say(" trong các hoạt động", " among activities") + filter(share.among));
  }
  std::string operator()(const LeastFormula& least) const {
    std::string text = say("tỷ lệ thấp nhất trong ", "the least of ");
    for (std::size_t i = 0; i < least.of.size(); ++i) {
      text += (i > 0 ? "; (" : "(") + std::to_string(i + 1) + ") " +
              say_formula(*least.of[i].formula, glossary_);
    }
    return text;
  }
  std::string operator()(const MilestoneFormula& milestone) const {
    if (milestone.where) {
      return say("đã có một hoạt động", "one activity is done") + filter(*milestone.where) +
             credit(milestone.credit_all);
    }
    const Obligation* obligation = glossary_.plan().obligation(milestone.obligation);
    const std::string name = obligation != nullptr && !obligation->name.vi.empty()
                                 ? glossary_.name(obligation->name)
                                 : milestone.obligation;
    std::string text = say("đã gửi “", "sent: “") + name + "”";
    if (!milestone.period.empty()) text += ", " + glossary_.period(milestone.period);
    return text;
  }
  std::string operator()(const MoneyFormula& money) const {
    return say("kinh phí được cấp cho dòng ", "money allocated to line ") +
           glossary_.all_of(money.lines) +
           (money.level.empty() ? "" : ", " + glossary_.levels({money.level})) +
           say(" của dự toán; số chi không được vượt mục tiêu",
               " of the budget; spending must not exceed the target");
  }
  std::string operator()(const ReferenceFormula& shown) const {
    const std::string text = say("chỉ để tham khảo, không xét đạt", "for reference, never judged");
    return shown.of ? say_formula(*shown.of, glossary_) + " (" + text + ")" : text;
  }

 private:
  [[nodiscard]] std::string say(std::string_view vi, std::string_view en) const {
    return glossary_.say(vi, en);
  }
  [[nodiscard]] std::string word(const std::string& word) const {
    return word.empty() ? "?" : glossary_.word(word);
  }
  [[nodiscard]] std::vector<std::string> words(const std::vector<std::string>& all) const {
    std::vector<std::string> said;
    for (const std::string& one : all) said.push_back(word(one));
    return said;
  }
  [[nodiscard]] std::string filter(const Filter& filter) const {
    return say_filter(filter, glossary_);
  }
  [[nodiscard]] std::string term(const Formula& formula) const {
    return say_formula(formula, glossary_);
  }
  [[nodiscard]] std::string credit(bool all) const {
    return all ? say("; đơn vị phối hợp cũng được tính", "; co-organisers have it too") : "";
  }
  [[nodiscard]] std::string covers(Covers covers) const {
    return covers == Covers::own
               ? ""
               : say(" (mỗi khai báo gồm cả cấp dưới)", " (each speaks for all units below too)");
  }
  [[nodiscard]] std::string fresh(bool is_fresh) const {
    return is_fresh ? say(", chỉ lấy số nói trong thời gian tính", ", said inside the window only")
                    : "";
  }
  [[nodiscard]] std::string only_units(const std::optional<UnitSet>& units) const {
    return units ? say("; chỉ tính ", "; only of ") + say_units(*units, glossary_) : "";
  }
  [[nodiscard]] std::string attribute(const std::string& key, const Scalar& is) const {
    const Filter same{.kind = Filter::Kind::field, .field = "attr." + key, .values = {is}};
    return say_filter(same, glossary_).substr(1);
  }
  [[nodiscard]] std::string have(const Have& have) const;
  [[nodiscard]] std::string threshold(const Have& have) const;

  const Glossary& glossary_;
};

std::string FormulaSpeaker::operator()(const DistinctFormula& distinct) const {
  using Of = DistinctFormula::Of;
  using Counts = DistinctFormula::Counts;
  std::string text;
  if (distinct.of == Of::outputs) {
    text = say("số " + word(distinct.output) + " khác nhau có",
               "the number of different " + word(distinct.output) + " in the outputs");
  } else if (distinct.of == Of::people) {
    const std::string who = distinct.audiences.empty()
                                ? say("người", "people")
                                : glossary_.all_of(words(distinct.audiences));
    text = say("số " + who + " khác nhau (mỗi người một lần) có tên",
               "the number of different " + who + " (each once)");
  } else {
    text = say("số đơn vị khác nhau được triển khai đến", "the number of different units reached");
  }
  text += say(" trong hoạt động", " of activities") + filter(distinct.where);
  if (distinct.only) {
    text += say("; chỉ tính ", "; only ") + word(distinct.output) + filter(*distinct.only);
  }
  if (distinct.counts == Counts::distinct) {
    text +=
        say("; số chỉ ghi tổng được coi là không trùng", "; bare counts are taken as different");
  } else if (distinct.counts == Counts::ignore) {
    text += say("; không tính số chỉ ghi tổng", "; bare counts do not count");
  }
  if (!distinct.subset_of.empty()) {
    const Indicator* whole = glossary_.plan().indicator(distinct.subset_of);
    text += say("; nằm trong “", "; a part of “") +
            (whole == nullptr ? distinct.subset_of : glossary_.name(whole->name)) + "”";
  }
  return text;
}

std::string FormulaSpeaker::threshold(const Have& have) const {
  const Indicator* indicator = glossary_.plan().indicator(have.indicator);
  const Formula* formula = indicator != nullptr ? indicator->formula.get() : have.formula.get();
  const std::string what = indicator != nullptr ? "“" + glossary_.name(indicator->name) + "”"
                           : formula != nullptr ? say_formula(*formula, glossary_)
                                                : have.indicator;
  const bool ratio = formula != nullptr && is_ratio(*formula);
  return say("có ", "with ") + what + " " + glossary_.comparator(have.comparator, false) + " " +
         glossary_.amount(have.value, ratio, indicator != nullptr ? indicator->measure : "");
}

std::string FormulaSpeaker::have(const Have& have) const {
  switch (have.kind) {
    case Have::Kind::reached: {
      const std::string by =
          have.by == Have::By::own ? say("của chính đơn vị được xét", "of the unit itself")
          : have.by == Have::By::subtree
              ? say("của đơn vị được xét và cấp dưới", "of the unit and those below it")
              : say("của bất kỳ đơn vị nào", "of any unit");
      const std::string by_how_many =
          have.mode == Have::Mode::each_of_them
              ? say("được mọi hoạt động ", "that every activity ")
              : say("được ít nhất một hoạt động ", "that at least one activity ");
      return by_how_many + by + filter(have.reached_by) + say(" triển khai đến", " reached");
    }
    case Have::Kind::threshold:
      return threshold(have);
    case Have::Kind::attribute:
      return attribute(have.attribute, have.is);
    case Have::Kind::entity:
      return say("có ít nhất một " + word(have.reg), "with at least one " + word(have.reg)) +
             filter(have.only);
    case Have::Kind::any:
    case Have::Kind::all: {
      std::vector<std::string> parts;
      for (const Have& part : have.parts) parts.push_back(this->have(part));
      return have.kind == Have::Kind::any ? glossary_.any_of(parts) : glossary_.all_of(parts);
    }
  }
  return "";
}

}  // namespace

std::string say_formula(const Formula& formula, const Glossary& glossary) {
  std::string text = std::visit(FormulaSpeaker(glossary), formula.of);
  if (formula.whole_plan) {
    text += glossary.say(", cộng dồn từ ngày đầu kế hoạch", ", since the plan's first day");
  }
  return text;
}

std::string say_filter(const Filter& filter, const Glossary& glossary) {
  const std::string text = say_inner(filter, glossary, true);
  return text.empty() ? "" : " " + text;
}

std::string say_units(const UnitSet& units, const Glossary& glossary) {
  return glossary.say("đơn vị ", "units of ") + glossary.levels(units.levels) +
         (units.children_only ? glossary.say(" ngay dưới đơn vị được xét", " directly below")
                              : "") +
         say_filter(units.where, glossary);
}

}  // namespace tiendo

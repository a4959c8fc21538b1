#include "events/plan_phrases.h"

#include <array>
#include <vector>

#include "events/ensure.h"

namespace tiendo {
namespace {

struct Wording {
  Phrase phrase;
  std::string_view en;
  std::string_view vi;
};

constexpr std::string_view hole = "{}";

constexpr std::array<Wording, phrase_count> wordings = {{
    {Phrase::required, "this field is required", "bắt buộc phải có trường này"},
    {Phrase::object, "an object, {…}", "một đối tượng, {…}"},
    {Phrase::list, "a list, […]", "một danh sách, […]"},
    {Phrase::text, "a text, in quotes", "một đoạn chữ, đặt trong ngoặc kép"},
    {Phrase::text_not_empty, "a text that is not empty", "một đoạn chữ không để trống"},
    {Phrase::clean_text, "a text without line breaks, tabs and other control characters",
     "một đoạn chữ không có xuống dòng, tab hay ký tự điều khiển"},
    {Phrase::truth, "true or false", "true (có) hoặc false (không)"},
    {Phrase::number, "a number such as 1000 or 12.5", "một số, như 1000 hoặc 12.5"},
    {Phrase::whole_number, "a whole number", "một số nguyên"},
    {Phrase::day, "a day, \"YYYY-MM-DD\"", "một ngày, \"năm-tháng-ngày\" như \"2024-09-01\""},
    {Phrase::day_that_exists, "a day that exists, \"YYYY-MM-DD\"",
     "một ngày có thật, \"năm-tháng-ngày\" như \"2024-09-01\""},
    {Phrase::year, "a year such as 2024", "một năm, như 2024"},
    {Phrase::month, "a month, 1 to 12", "một tháng, từ 1 đến 12"},
    {Phrase::one_of, "one of {}", "một trong: {}"},
    {Phrase::unknown_field, "no field `{}`; the fields here are {}",
     "không có trường `{}`; các trường ở đây là {}"},
    {Phrase::id_once, "an id used once", "mỗi mã chỉ dùng một lần"},
    {Phrase::line_once, "a line that stands once at each level",
     "mỗi dòng ngân sách chỉ một lần ở mỗi cấp"},
    {Phrase::last_after_first, "a day not before `first`", "ngày không trước `first`"},
    {Phrase::period_name, "small letters, digits, '_' and '-', a letter first; not `plan`",
     "chữ thường không dấu, chữ số, '_' và '-', bắt đầu bằng chữ; không phải `plan`"},
    {Phrase::days_in_window, "a window with at least one day, `first` not after `last`",
     "khoảng thời gian có ít nhất một ngày, `first` không sau `last`"},
    {Phrase::day_of_years,
     "a month and a day of each of the years, such as \"06-30\"; not of statutory years",
     "tháng và ngày có trong mọi năm đã nêu, như \"06-30\"; không dùng cho năm thống kê"},
    {Phrase::from_before_to, "`from` not after `to`", "`from` không sau `to`"},
    {Phrase::period_known, "a period such as 2024, 2024-Q2 or 2024-9M, or a name of `periods`",
     "một kỳ như 2024, 2024-Q2 hoặc 2024-9M, hoặc một tên trong `periods`"},
    {Phrase::due_known,
     "{\"before\": day}, {\"by\": day}, {\"month\": \"2024-06\"}, {\"year\": \"2024\"} or "
     "{\"assumed\": day}; nothing for a report on demand",
     "{\"before\": ngày}, {\"by\": ngày}, {\"month\": \"2024-06\"}, {\"year\": \"2024\"} hoặc "
     "{\"assumed\": ngày}; báo cáo đột xuất thì bỏ trống"},
    {Phrase::task_time,
     "\"continuous\", \"each_year\", \"on_demand\", \"none\", {\"years\": [2022, 2024]}, "
     "{\"from\": "
     "2022}, {\"from\": 2024, \"to\": 2027}, {\"months\": [6, 12]}, {\"first\": day, \"last\": "
     "day} or a period",
     "\"continuous\" (thường xuyên), \"each_year\" (hằng năm), \"on_demand\" (khi có yêu cầu), "
     "\"none\" (không ghi), {\"years\": [2022, 2024]}, {\"from\": 2022}, {\"from\": 2024, \"to\": "
     "2027}, {\"months\": [6, 12]}, {\"first\": ngày, \"last\": ngày} hoặc một kỳ"},
    {Phrase::amounts_by_year, "amounts by year, {\"2024\": 300}",
     "số tiền theo năm, {\"2024\": 300}"},
    {Phrase::filter, "a filter such as {} or {\"form\": \"online\"}",
     "một bộ lọc như {} hoặc {\"form\": \"online\"}"},
    {Phrase::filter_field, "no field `{}` of {}; the fields are {}",
     "không có trường `{}` của {}; các trường là {}"},
    {Phrase::scalar, "a text, a number, true or false", "chữ, số, true hoặc false"},
    {Phrase::scalar_or_list, "a text, a number, true, false, or a list of them",
     "chữ, số, true, false, hoặc danh sách của chúng"},
    {Phrase::some_value, "a list with at least one value; an empty one never matches",
     "danh sách có ít nhất một giá trị; danh sách rỗng không khớp với gì"},
    {Phrase::unit_conditions, "at most {} conditions on the unit (unit.*) in one filter",
     "nhiều nhất {} điều kiện về đơn vị (unit.*) trong một bộ lọc"},
    {Phrase::formula, "a formula such as {\"kind\": \"count\"}",
     "một công thức như {\"kind\": \"count\"}"},
    {Phrase::have_known,
     "what a unit must have: reached_by, indicator, formula, attribute, register, any or all",
     "điều đơn vị phải có: reached_by, indicator, formula, attribute, register, any hoặc all"},
    {Phrase::have_one, "only one of {}; several go into {\"all\": […]} or {\"any\": […]}",
     "chỉ một trong {}; nhiều điều kiện thì đặt trong {\"all\": […]} hoặc {\"any\": […]}"},
    {Phrase::milestone_one, "either `where`, of activities, or `obligation`, of reports",
     "hoặc `where` (hoạt động), hoặc `obligation` (báo cáo)"},
    {Phrase::state_one, "either `attribute` with `is`, or `register`",
     "hoặc `attribute` kèm `is`, hoặc `register`"},
    {Phrase::some_formula, "at least one formula", "ít nhất một công thức"},
    {Phrase::only_ratios, "a ratio, coverage, share or survey",
     "ratio, coverage, share hoặc survey"},
    {Phrase::only_terms, "a term of a ratio: count, sum, distinct, gauge or statistic",
     "một vế của tỷ lệ: count, sum, distinct, gauge hoặc statistic"},
    {Phrase::only_in_ratio,
     "`statistic` only as numerator or denominator of a ratio; to show a figure of others, `rank` "
     "or a reported `gauge`",
     "`statistic` chỉ làm tử số hoặc mẫu số của ratio; để nêu số của nơi khác, dùng `rank` hoặc "
     "`gauge` theo báo cáo"},
    {Phrase::no_reference_inside, "a formula that is judged; `reference` stands alone",
     "công thức có xét đạt hay không; `reference` chỉ đứng riêng"},
    {Phrase::only_states,
     "a state, which has a value on each day: gauge, state, coverage or a ratio of declarations; "
     "{} "
     "adds up over days and cannot be kept",
     "một trạng thái, ngày nào cũng có giá trị: gauge, state, coverage hoặc ratio theo khai báo; "
     "{} "
     "cộng dồn theo ngày nên không thể duy trì"},
    {Phrase::not_throughout,
     "an indicator that has a value on each day, which {} has not: use `by`, `before` or "
     "`each_year`",
     "một chỉ tiêu ngày nào cũng có giá trị, mà {} thì không: hãy dùng `by`, `before` hoặc "
     "`each_year`"},
    {Phrase::both_terms, "both `numerator` and `denominator`, or \"of\": \"reported\"",
     "cả `numerator` (tử số) và `denominator` (mẫu số), hoặc \"of\": \"reported\""},
    {Phrase::can_match,
     "a denominator that something can be counted in; no {} can ever meet this condition",
     "một mẫu số có thể đếm được; không có {} nào thỏa điều kiện này"},
    {Phrase::equal_measures, "equal measures; this divides {} by {}",
     "cùng một đơn vị tính; ở đây chia {} cho {}"},
    {Phrase::measure_of_kind, "a measure that this formula can give; it counts {}",
     "một đơn vị tính mà công thức này cho được; nó đếm {}"},
    {Phrase::same_measure, "one measure; the indicator says {}, its formula {}",
     "một đơn vị tính; chỉ tiêu ghi {}, công thức ghi {}"},
    {Phrase::why_reported,
     "why this figure comes from reports and no events can give it, {\"vi\": …, \"en\": …}",
     "vì sao số này lấy từ báo cáo mà không tính được từ sự kiện, {\"vi\": …, \"en\": …}"},
    {Phrase::indicator_known, "the id of an indicator of this plan",
     "mã của một chỉ tiêu trong kế hoạch này"},
    {Phrase::indicator_not_itself, "an indicator that does not lead back here: {}",
     "một chỉ tiêu không quay lại chính nó: {}"},
    {Phrase::obligation_known, "the id of an obligation of this plan",
     "mã của một nghĩa vụ báo cáo trong kế hoạch này"},
    {Phrase::instance_known, "a period of the obligation's instances: {}",
     "một kỳ trong `instances` của nghĩa vụ: {}"},
    {Phrase::instance_named,
     "a milestone whose `period` says which report; several or none are due in the target's window",
     "`period` của milestone nêu rõ báo cáo nào; có nhiều hoặc không có báo cáo nào đến hạn trong "
     "thời gian của mục tiêu"},
    {Phrase::due_of_target,
     "{} as the last day, that of the report {} of obligation {}; the target's last day is {}",
     "ngày cuối là {}, của báo cáo kỳ {} theo nghĩa vụ {}; ngày cuối của mục tiêu là {}"},
    {Phrase::line_known, "the id of a line of `budget`", "mã của một dòng trong `budget`"},
    {Phrase::line_of_level, "lines of which one at least has a row of level {}",
     "các dòng có ít nhất một khoản của cấp {}"},
    {Phrase::scope_and_level,
     "both `scope` (unit, each, rollup, share) and `level` (such as \"district\", or \"any\")",
     "cả `scope` (unit, each, rollup, share) và `level` (như \"district\", hoặc \"any\")"},
    {Phrase::inner, "what each unit must meet, {\"comparator\": \">=\", \"value\": 60}",
     "điều mỗi đơn vị phải đạt, {\"comparator\": \">=\", \"value\": 60}"},
    {Phrase::inner_only_in_share, "`inner` only beside \"scope\": \"share\"",
     "`inner` chỉ đi cùng \"scope\": \"share\""},
    {Phrase::or_more_with_equals,
     "`or_more` only beside the comparator =", "`or_more` chỉ đi cùng phép so sánh ="},
    {Phrase::done_is_one, "1: a milestone is 1 when it is done",
     "1: milestone bằng 1 khi đã làm xong"},
    {Phrase::not_overlapping, "days, or units, other than those of target {}",
     "ngày hoặc đơn vị khác với mục tiêu {}"},
    {Phrase::sum_of_years, "{}, the sum of its years", "{}, tổng các năm của dòng"},
    {Phrase::sum_of_rows, "{}, the sum of all rows", "{}, tổng mọi dòng"},
    {Phrase::sum_of_level, "{}, the sum of the rows of level {}", "{}, tổng các dòng của cấp {}"},
    {Phrase::unit_of_rows, "{}, the unit of measure of the first row",
     "{}, đơn vị tính của dòng đầu tiên"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < wordings.size(); ++i) {
    if (static_cast<std::size_t>(wordings[i].phrase) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the wordings are in the order of Phrase");

constexpr std::string_view hint_begins = "; did you mean `";
constexpr std::string_view hint_begins_vi = "; có phải ý là `";

struct OwnerName {
  std::string_view en;
  std::string_view vi;
};
constexpr std::array<OwnerName, 5> owner_names = {{{" (indicator ", " (chỉ tiêu "},
                                                   {" (target ", " (mục tiêu "},
                                                   {" (obligation ", " (nghĩa vụ "},
                                                   {" (task ", " (nhiệm vụ "},
                                                   {" (budget line ", " (dòng ngân sách "}}};

// Words that fill a hole and are no ids.
constexpr std::array<OwnerName, 6> filled_words = {{{"activities", "hoạt động"},
                                                    {"units", "đơn vị"},
                                                    {"entities", "đối tượng của sổ"},
                                                    {"activity", "hoạt động"},
                                                    {"unit", "đơn vị"},
                                                    {"entity", "đối tượng"}}};

using Filled = std::vector<std::string_view>;

std::string filled(std::string_view text, const Filled& args) {
  std::string out;
  for (const std::string_view arg : args) {
    const std::size_t at = text.find(hole);
    ENSURE(at != std::string_view::npos, "a phrase has a hole for each argument");
    out += text.substr(0, at);
    out += arg;
    text.remove_prefix(at + hole.size());
  }
  out += text;
  return out;
}

// What fills the holes of `pattern` to give `text`, if anything does.
std::optional<Filled> fillings(std::string_view pattern, std::string_view text) {
  Filled args;
  std::size_t at = pattern.find(hole);
  if (at == std::string_view::npos) return pattern == text ? std::optional(args) : std::nullopt;
  if (!text.starts_with(pattern.substr(0, at))) return std::nullopt;
  text.remove_prefix(at);
  pattern.remove_prefix(at + hole.size());
  for (;;) {
    at = pattern.find(hole);
    if (at == std::string_view::npos) {
      if (!text.ends_with(pattern)) return std::nullopt;
      args.push_back(text.substr(0, text.size() - pattern.size()));
      return args;
    }
    const std::size_t end = text.find(pattern.substr(0, at));
    if (end == std::string_view::npos) return std::nullopt;
    args.push_back(text.substr(0, end));
    text.remove_prefix(end + at);
    pattern.remove_prefix(at + hole.size());
  }
}

std::string_view filled_word_in_vietnamese(std::string_view word) {
  for (const OwnerName& name : filled_words) {
    if (name.en == word) return name.vi;
  }
  return word;
}

struct Recognised {
  const Wording* wording;
  Filled args;
};

std::optional<Recognised> recognised(std::string_view english) {
  for (const Wording& wording : wordings) {
    if (holes_of(wording.phrase) == 0) {
      if (wording.en == english) return Recognised{&wording, {}};
      continue;
    }
    if (auto args = fillings(wording.en, english)) return Recognised{&wording, std::move(*args)};
  }
  return std::nullopt;
}

std::optional<std::string> phrase_in_vietnamese(std::string_view english) {
  auto found = recognised(english);
  if (!found) return std::nullopt;
  const Phrase phrase = found->wording->phrase;
  if (holes_of(phrase) == 0) return std::string(found->wording->vi);
  if (phrase == Phrase::filter_field || phrase == Phrase::can_match) {
    for (std::string_view& arg : found->args) arg = filled_word_in_vietnamese(arg);
  }
  return filled(found->wording->vi, found->args);
}

// A text without what follows its phrase, which in Vietnamese is `ending`.
struct Parted {
  std::string_view phrase;
  std::string ending;
};

Parted parted(std::string_view english) {
  Parted parted{english, {}};
  for (const OwnerName& owner : owner_names) {
    const std::size_t at = english.rfind(owner.en);
    if (at == std::string_view::npos || !english.ends_with(')')) continue;
    parted.ending = std::string(owner.vi) + std::string(english.substr(at + owner.en.size()));
    parted.phrase = english.substr(0, at);
    break;
  }
  const std::size_t at = parted.phrase.rfind(hint_begins);
  if (at == std::string_view::npos) return parted;
  parted.ending = std::string(hint_begins_vi) +
                  std::string(parted.phrase.substr(at + hint_begins.size())) + parted.ending;
  parted.phrase = parted.phrase.substr(0, at);
  return parted;
}

}  // namespace

std::size_t holes_of(Phrase phrase) {
  // In this one `{}` is an empty filter.
  if (phrase == Phrase::filter) return 0;
  const std::string_view text = wordings[static_cast<std::size_t>(phrase)].en;
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(hole, at)) != std::string_view::npos; ++at) ++count;
  return count;
}

std::string in_english(Phrase phrase, const std::vector<std::string_view>& args) {
  return filled(wordings[static_cast<std::size_t>(phrase)].en, args);
}

std::string did_you_mean(std::string_view word) {
  return std::string(hint_begins) + std::string(word) + "`?";
}

std::string belonging_to(Owner owner, std::string_view id) {
  return std::string(owner_names[static_cast<std::size_t>(owner)].en) + std::string(id) + ")";
}

std::optional<std::string> in_vietnamese(std::string_view english) {
  const Parted said = parted(english);
  auto phrase = phrase_in_vietnamese(said.phrase);
  if (!phrase && said.ending.empty()) return std::nullopt;
  return phrase.value_or(std::string(said.phrase)) + said.ending;
}

std::optional<Phrase> phrase_of(std::string_view english) {
  const auto found = recognised(parted(english).phrase);
  if (!found) return std::nullopt;
  return found->wording->phrase;
}

}  // namespace tiendo

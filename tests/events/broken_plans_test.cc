// Plan documents that are wrong in one place, each made of a right one by one change: what is said
// of it must name the place, and say in both languages what to write instead.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "events/plan.h"

namespace tiendo {
namespace {

struct Broken {
  const char* right;  // stands once in the right document
  const char* wrong;
  const char* code;
  const char* field;
  const char* words;     // of the mend
  const char* words_vi;  // the same in Vietnamese
};

std::string right_plan() {
  std::ifstream file(std::string(TIENDO_ROOT) + "/tests/events/right_plan.json");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Refusal> faults_in(const std::string& text) {
  json::Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  return faults_of_plan(document.root());
}

constexpr Broken broken_plans[] = {
    // The head.
    {R"("version":1,)", "", "plan_schema", "version", "this field is required", "bắt buộc"},
    {R"("valid_from":"2024-01-01")", R"("valid_from":"2024-02-30")", "plan_schema", "valid_from",
     "a day that exists", "ngày có thật"},
    {R"("last":"2025-12-31","unit")", R"("last":"2023-12-31","unit")", "plan_window", "last",
     "not before `first`", "không trước `first`"},
    {R"("title":{"vi":)", R"("title":{"en":)", "plan_schema", "title.vi", "required", "bắt buộc"},
    {R"("unit":"P",)", R"("unti":"P",)", "plan_schema", "unti", "did you mean `unit`?",
     "có phải ý là `unit`?"},
    {R"({"id":"he","first")", R"({"id":"Hè","first")", "plan_schema", "periods[0].id",
     "small letters", "chữ thường không dấu"},
    // Indicators.
    {R"("measure":"visits")", R"("measure":"lượt")", "value_unknown", "indicators[1].measure",
     "one of activities, visits", "một trong: activities, visits"},
    {R"("measure":"visits")", R"("measure":"visit")", "value_unknown", "indicators[1].measure",
     "did you mean `visits`? (indicator visits)", "có phải ý là `visits`? (chỉ tiêu visits)"},
    {R"("id":"visits","name")", R"("id":"acts","name")", "plan_duplicate", "indicators[1].id",
     "an id used once", "chỉ dùng một lần"},
    {R"("why_reported":{"vi":"không có sự kiện"},)", "", "plan_schema",
     "indicators[5].why_reported", "why this figure comes from reports",
     "vì sao số này lấy từ báo cáo"},
    // Formulas.
    {R"({"kind":"count","where")", R"({"kind":"counts","where")", "value_unknown",
     "indicators[0].formula.kind", "did you mean `count`?", "có phải ý là `count`?"},
    {R"("count","where":)", R"("count","wher":)", "plan_formula", "indicators[0].formula.wher",
     "did you mean `where`?", "có phải ý là `where`?"},
    {R"("flag.digital":true},"credit")", R"("digital":true},"credit")", "plan_formula",
     "indicators[0].formula.where.digital", "did you mean `flag.digital`?", "của hoạt động"},
    {R"("flag.digital":true},"credit")", R"("level":"district"},"credit")", "plan_formula",
     "indicators[0].formula.where.level", "did you mean `unit.level`?", "các trường là type, form"},
    {R"("only":{"flag.pilot":true})", R"("only":{"form":"online"})", "plan_formula",
     "indicators[3].formula.only.form", "no field `form` of entities", "đối tượng của sổ"},
    {R"({"form":"in_person"})", R"({"form":"offline"})", "value_unknown",
     "indicators[1].formula.where.form", "one of in_person, online, hybrid",
     "một trong: in_person"},
    {R"("subset_of":"sites")", R"("subset_of":"site")", "plan_reference",
     "indicators[3].formula.subset_of", "the id of an indicator", "mã của một chỉ tiêu"},
    {R"("subset_of":"sites")", R"("subset_of":"pilots")", "plan_reference", "indicators[3].formula",
     "does not lead back here: pilots, pilots", "không quay lại"},
    {R"(,"denominator":{"kind":"statistic","statistic":"youth","measure":"people"})", "",
     "plan_denominator", "indicators[4].formula", "both `numerator` and `denominator`", "mẫu số"},
    {R"("statistic":"youth","measure":"people")", R"("statistic":"youth","measure":"households")",
     "plan_measure", "indicators[4].formula", "this divides people by households",
     "chia people cho households"},
    {R"("numerator":{"kind":"distinct","of":"people"})",
     R"("numerator":{"kind":"rank","statistic":"r"})", "plan_formula",
     "indicators[4].formula.numerator.kind", "a term of a ratio", "một vế của tỷ lệ"},
    {R"({"kind":"ratio","of":"reported"})", R"({"kind":"statistic","statistic":"youth"})",
     "plan_formula", "indicators[5].formula.kind", "only as numerator or denominator",
     "chỉ làm tử số hoặc mẫu số"},
    {R"("units":{"level":"district"})",
     R"("units":{"level":"district","where":{"level":"commune"}})", "plan_denominator",
     "indicators[6].formula.units", "no unit can ever meet", "không có đơn vị nào"},
    {R"("have":{"indicator":"acts")", R"("have":{"indicator":"act")", "plan_reference",
     "indicators[6].formula.have.indicator", "the id of an indicator", "mã của một chỉ tiêu"},
    {R"("have":{"indicator":"acts","comparator":">=","value":2})",
     R"("have":{"comparator":">=","value":2})", "plan_formula", "indicators[6].formula.have",
     "what a unit must have", "điều đơn vị phải có"},
    {R"("of":{"kind":"gauge","register":"team"})", R"("of":{"kind":"count"})", "plan_formula",
     "indicators[7].formula.of", "count adds up over days", "cộng dồn theo ngày"},
    {R"("among":{"flag.digital":true})", R"("among":{"all":[{"form":"online"},{"form":"hybrid"}]})",
     "plan_denominator", "indicators[8].formula.among", "no activity can ever meet",
     "không có hoạt động nào"},
    {R"("obligation":"nine_month")", R"("obligation":"nine_months")", "plan_reference",
     "indicators[9].formula.obligation", "the id of an obligation", "nghĩa vụ báo cáo"},
    {R"("period":"2024-9M"}},)", R"("period":"2024-Q3"}},)", "plan_reference",
     "indicators[9].formula.period", "instances: 2024-9M", "một kỳ trong `instances`"},
    {R"("kind":"money","line":"9")", R"("kind":"money","line":"8")", "plan_reference",
     "indicators[10].formula.line", "a line of `budget`", "một dòng trong `budget`"},
    // Targets.
    {R"({"id":"T1","indicator":"acts")", R"({"id":"T1","indicator":"actz")", "plan_reference",
     "targets[0].indicator", "the id of an indicator of this plan (target T1)", "(mục tiêu T1)"},
    {R"("scope":"each","level":"district","of":"own")", R"("scope":"each","of":"own")",
     "plan_level", "targets[0].for", "both `scope`", "cả `scope`"},
    {R"("years":[2025]},"series")", R"("years":[2024,2025]},"series")", "plan_overlap",
     "targets[1]", "other than those of target T1", "khác với mục tiêu T1"},
    {R"("comparator":"=")", R"("comparator":"≥")", "value_unknown", "targets[1].comparator",
     "one of >=, >", "một trong: >=, >"},
    {R"("day":"2024-09-01"}},)", R"("day":"2024-08-31"}},)", "plan_reference",
     "targets[2].when.day", "2024-08-31 as the last day, that of the report 2024-9M of obligation",
     "ngày cuối của mục tiêu là 2024-08-30"},
    {R"("inner":{"comparator":">=","value":1},)", "", "plan_schema", "targets[3].inner",
     "what each unit must meet", "điều mỗi đơn vị phải đạt"},
    {R"("kind":"in","period":"he")", R"("kind":"in","period":"harvest")", "plan_reference",
     "targets[4].when.period", "a name of `periods`", "một tên trong `periods`"},
    {R"("value":"1200.5")", R"("value":"1.200,5")", "plan_schema", "targets[4].value",
     "a number such as 1000 or 12.5", "một số, như 1000 hoặc 12.5"},
    // Obligations, tasks, the budget.
    {R"("requires":["acts"])", R"("requires":["acts","act"])", "plan_reference",
     "obligations[0].requires[1]", "(obligation nine_month)", "(nghĩa vụ nine_month)"},
    {R"("due":{"before":"2024-09-01"})", R"("due":{"befor":"2024-09-01"})", "plan_schema",
     "obligations[0].instances[0].due", "{\"before\": day}", "{\"before\": ngày}"},
    {R"("time":{"years":[2024,2025]})", R"("time":"sometimes")", "plan_schema", "tasks[0].time",
     "\"continuous\"", "thường xuyên"},
    {R"("lines":["9"])", R"("lines":["10"])", "plan_reference", "tasks[0].lines[0]",
     "a line of `budget` (task 1)", "(nhiệm vụ 1)"},
    {R"("years":{"2024":1300},"total":1300)", R"("years":{"2024":1300},"total":1200)",
     "plan_budget", "budget[1].total", "1300, the sum of its years (budget line 9)",
     "tổng các năm của dòng"},
    {R"("years":{"2024":80,"2025":80.5},"total")", R"("years":{"2024":90,"2025":80.5},"total")",
     "plan_budget", "budget_totals[0].years.2024", "80, the sum of the rows of level province",
     "tổng các dòng của cấp province"},
    {R"("total":1460.5)", R"("total":1461)", "plan_budget", "budget_totals[1].total",
     "1460.5, the sum of all rows", "tổng mọi dòng"},
    // What no reader of a document can mean.
    {R"("unit":"P",)", R"("unit":"P\f",)", "text_invalid", "unit", "without line breaks",
     "ký tự điều khiển"},
    {R"("due":{"before":"2024-09-01"})", R"("due":{"year":"2024-08"})", "plan_schema",
     "obligations[0].instances[0].due", "{\"year\": \"2024\"}", "{\"year\": \"2024\"}"},
    {R"("due":{"before":"2024-09-01"})", R"("due":{"month":"2024-Q3"})", "plan_schema",
     "obligations[0].instances[0].due", "{\"month\": \"2024-06\"}", "{\"month\": \"2024-06\"}"},
};

TEST(BrokenPlans, TheRightOneIsRight) {
  for (const Refusal& fault : faults_in(right_plan())) {
    ADD_FAILURE() << fault.field << ": " << fault.expected;
  }
}

TEST(BrokenPlans, EachIsToldItsPlaceAndItsMendInBothLanguages) {
  static_assert(std::size(broken_plans) >= 40);
  const std::string right = right_plan();
  for (const Broken& broken : broken_plans) {
    SCOPED_TRACE(broken.wrong[0] == '\0' ? broken.right : broken.wrong);
    const std::size_t at = right.find(broken.right);
    ASSERT_NE(at, std::string::npos);
    ASSERT_EQ(right.find(broken.right, at + 1), std::string::npos) << "stands twice";
    std::string text = right;
    text.replace(at, std::string_view(broken.right).size(), broken.wrong);
    const std::vector<Refusal> faults = faults_in(text);
    ASSERT_FALSE(faults.empty());
    json::Document document;
    ASSERT_TRUE(document.parse(text).ok());
    const Refusal refusal = check_plan(document.root()).value();
    EXPECT_EQ(name_of(refusal.reason), broken.code);
    EXPECT_EQ(refusal.field, "data." + std::string(broken.field));
    const Sentence said = sentence_of(refusal);
    EXPECT_NE(said.en.find(broken.words), std::string::npos) << said.en;
    EXPECT_NE(said.vi.find(broken.words_vi), std::string::npos) << said.vi;
    EXPECT_NE(said.en.find(broken.field), std::string::npos) << said.en;
    EXPECT_NE(said.vi.find(broken.field), std::string::npos) << said.vi;
  }
}

TEST(BrokenPlans, AllFaultsOfADocumentAreFound) {
  std::string text = right_plan();
  std::size_t changed = 0;
  std::vector<std::string> fields;
  for (const std::size_t i : {4U, 6U, 11U, 22U, 30U, 42U}) {
    const Broken& broken = broken_plans[i];
    const std::size_t at = text.find(broken.right);
    if (at == std::string::npos) continue;
    text.replace(at, std::string_view(broken.right).size(), broken.wrong);
    fields.push_back("data." + std::string(broken.field));
    ++changed;
  }
  ASSERT_EQ(changed, 6U);
  const std::vector<Refusal> faults = faults_in(text);
  for (const std::string& field : fields) {
    EXPECT_TRUE(std::any_of(faults.begin(), faults.end(), [&](const Refusal& one) {
      return one.field == field;
    })) << field;
  }
}

}  // namespace
}  // namespace tiendo

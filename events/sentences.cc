#include <algorithm>
#include <array>

#include "events/ensure.h"
#include "events/message.h"
#include "events/plan_phrases.h"

// What a refusal says to a person: where, what is wrong, what was found, what is expected, and how
// to mend it. A refused message takes no identity, so it can always be sent again under its id.
namespace tiendo {
namespace {

struct Wording {
  Reason reason;
  Sentence problem;
  Sentence mend;
};

const auto& wordings() {
  static const std::array<Wording, reason_count> table = {{
      {Reason::none, {"không có gì sai", "nothing is wrong"}, {"Không cần sửa.", "Nothing to do."}},
      {Reason::empty,
       {"thông điệp rỗng", "the message has no bytes"},
       {"Hãy gửi một sự kiện; muốn rút lại thì gửi sự kiện huỷ, không gửi thông điệp rỗng.",
        "Send an event; to take something back send a cancellation, not an empty message."}},
      {Reason::too_large,
       {"thông điệp lớn quá 1 MiB", "the message is over 1 MiB"},
       {"Hãy chia thành nhiều sự kiện, hoặc chỉ ghi địa chỉ của tệp minh chứng.",
        "Split it into several events, or send the address of an attachment, not its bytes."}},
      {Reason::content_type,
       {"không phải CloudEvents dạng structured hoặc binary, hoặc dữ liệu không phải JSON",
        "neither structured nor binary CloudEvents, or the data is not JSON"},
       {"Hãy đặt content-type là application/cloudevents+json và gửi mỗi thông điệp một sự kiện.",
        "Set content-type to application/cloudevents+json and send one event in each message."}},
      {Reason::header_invalid,
       {"header ce_ không phải văn bản hợp lệ", "a ce_ header is not valid text"},
       {"Hãy ghi header này một lần duy nhất, bằng UTF-8.", "Write this header once, in UTF-8."}},
      {Reason::not_utf8,
       {"nội dung không phải UTF-8, hoặc bắt đầu bằng BOM", "not UTF-8, or it begins with a BOM"},
       {"Hãy xuất lại dữ liệu bằng UTF-8 không BOM (không dùng TCVN3, VNI hay Windows-1258).",
        "Export it again as UTF-8 without a BOM."}},
      {Reason::not_json,
       {"không phải đúng một giá trị JSON", "not exactly one JSON value"},
       {"Hãy sửa cú pháp JSON ở chỗ đã nêu và bỏ mọi ký tự sau giá trị.",
        "Mend the JSON at the place named, and leave nothing after the value."}},
      {Reason::too_deep,
       {"JSON lồng quá 32 tầng", "nested deeper than 32"},
       {"Hãy làm phẳng dữ liệu.", "Flatten the data."}},
      {Reason::duplicate_key,
       {"một khoá xuất hiện hai lần trong một đối tượng", "a key stands twice in one object"},
       {"Hãy giữ một khoá và bỏ khoá kia.", "Keep one of them and remove the other."}},
      {Reason::not_object,
       {"sự kiện hoặc data không phải đối tượng JSON", "the event or its data is not an object"},
       {"Hãy ghi thành một đối tượng {...}.", "Write it as one object {...}."}},
      {Reason::specversion,
       {"specversion không phải 1.0", "specversion is not 1.0"},
       {"Hãy ghi \"specversion\": \"1.0\".", "Write \"specversion\": \"1.0\"."}},
      {Reason::attribute_missing,
       {"thiếu thuộc tính bắt buộc", "a required attribute is missing"},
       {"Hãy thêm thuộc tính này.", "Add this attribute."}},
      {Reason::attribute_invalid,
       {"thuộc tính rỗng, dài quá 200 byte, có ký tự điều khiển hoặc không phải văn bản",
        "the attribute is empty, over 200 bytes, has control characters, or is not text"},
       {"Hãy ghi thuộc tính này bằng một văn bản ngắn, hoặc bỏ nó nếu không bắt buộc.",
        "Write a short text, or leave the attribute out where it is not required."}},
      {Reason::time_invalid,
       {"time không đúng RFC 3339 có múi giờ", "time is not RFC 3339 with an offset"},
       {"Hãy ghi cả múi giờ, như 2024-03-10T07:30:00+07:00.",
        "Write the offset too, as in 2024-03-10T07:30:00+07:00."}},
      {Reason::type_unknown,
       {"loại sự kiện không có trong danh mục", "the type is not in the vocabulary"},
       {"Hãy kiểm tra chính tả của type; sau khi nâng cấp có thể xét lại thông điệp này.",
        "Check the spelling of the type; after an upgrade the message can be judged again."}},
      {Reason::type_version,
       {"chưa biết phiên bản này của loại sự kiện", "this version of the type is not known"},
       {"Hãy gửi phiên bản v1, hoặc nâng cấp chương trình rồi xét lại.",
        "Send version v1, or upgrade and judge the message again."}},
      {Reason::data_missing,
       {"sự kiện không có data", "the event has no data"},
       {"Hãy thêm data.", "Add data."}},
      {Reason::data_binary,
       {"dữ liệu gửi bằng data_base64", "the data came as data_base64"},
       {"Hãy ghi dữ liệu thành đối tượng JSON trong data và bỏ data_base64.",
        "Write the data as a JSON object in data, and leave data_base64 out."}},
      {Reason::field_missing,
       {"thiếu trường bắt buộc", "a required field is missing"},
       {"Hãy thêm trường này.", "Add this field."}},
      {Reason::field_type,
       {"giá trị sai kiểu JSON", "the value has the wrong JSON type"},
       {"Hãy ghi lại giá trị đúng kiểu.", "Write the value in the type expected."}},
      {Reason::subject_mismatch,
       {"subject khác với data.unit", "subject is not the unit of data.unit"},
       {"Hãy sửa cho hai mã đơn vị trùng nhau, hoặc bỏ subject.",
        "Make the two agree, or leave subject out."}},
      {Reason::id_invalid,
       {"mã rỗng, dài quá 200 byte, có khoảng trắng ở đầu hoặc cuối, hoặc có ký tự điều khiển",
        "the id is empty, over 200 bytes, has outer spaces or control characters"},
       {"Hãy ghi đúng mã, không thêm khoảng trắng.", "Write the id alone, without spaces around."}},
      {Reason::text_empty,
       {"tên hoặc lý do để trống", "the name or reason is blank"},
       {"Hãy ghi nội dung, hoặc bỏ trường này nếu không bắt buộc.",
        "Write it, or leave the field out where it is not required."}},
      {Reason::text_too_long,
       {"văn bản dài quá 4000 byte", "the text is over 4,000 bytes"},
       {"Hãy rút ngắn.", "Shorten it."}},
      {Reason::text_invalid,
       {"văn bản có ký tự điều khiển, ký tự không hợp lệ hoặc surrogate lẻ",
        "the text has control characters, non-characters or a lone surrogate"},
       {"Hãy bỏ các ký tự đó (kể cả xuống dòng và tab).",
        "Remove them (line breaks and tabs too)."}},
      {Reason::value_unknown,
       {"giá trị ngoài danh sách cho phép", "the value is outside its list"},
       {"Hãy dùng một trong các giá trị đã nêu.", "Use one of the values named."}},
      {Reason::date_invalid,
       {"không có ngày này, hoặc ngoài khoảng 1900 đến 2199",
        "there is no such day, or it is outside 1900 to 2199"},
       {"Hãy ghi ngày theo thứ tự năm-tháng-ngày, như 2024-03-10.",
        "Write year-month-day, as in 2024-03-10."}},
      {Reason::dates_reversed,
       {"kết thúc trước khi bắt đầu", "it ends before it starts"},
       {"Hãy đổi lại hai ngày.", "Exchange the two days."}},
      {Reason::span_too_long,
       {"hoạt động kéo dài quá 1096 ngày", "the activity is longer than 1,096 days"},
       {"Hãy kiểm tra năm, hoặc chia thành nhiều hoạt động.",
        "Check the year, or split it into several activities."}},
      {Reason::year_invalid,
       {"năm không phải số nguyên từ 1900 đến 2199", "the year is not 1900 to 2199"},
       {"Hãy ghi năm bằng số, như 2024.", "Write the year as a number, as in 2024."}},
      {Reason::period_invalid,
       {"không phải mã kỳ", "not a period id"},
       {"Hãy dùng mã như 2024, 2024-Q3, 2024-9M, 2024s-03, hoặc tên kỳ bằng chữ thường.",
        "Use an id such as 2024, 2024-Q3, 2024-9M, 2024s-03, or a name in small letters."}},
      {Reason::number_invalid,
       {"không phải số viết theo quy định", "not a number as it must be written"},
       {"Hãy chỉ dùng chữ số, dấu trừ và dấu chấm thập phân: không dấu phẩy, không số 0 ở đầu, "
        "không dùng số mũ.",
        "Use digits, a minus and a decimal point only: no comma, no leading zero, no exponent."}},
      {Reason::number_not_whole,
       {"số đếm viết có dấu chấm", "a count is written with a point"},
       {"Hãy ghi số nguyên không có dấu chấm: một nghìn là 1000, không phải 1.000.",
        "Write a whole number without a point: a thousand is 1000, not 1.000."}},
      {Reason::number_negative,
       {"số âm", "the number is below 0"},
       {"Hãy ghi số từ 0 trở lên; muốn giảm số đã báo cáo thì gửi bản đính chính.",
        "Write 0 or more; to lower what was reported, send a correction."}},
      {Reason::number_range,
       {"quá 18 chữ số trước dấu chấm", "over 18 digits before the point"},
       {"Hãy kiểm tra đơn vị tính.", "Check the unit of measure."}},
      {Reason::number_precision,
       {"quá 6 chữ số sau dấu chấm", "over 6 digits after the point"},
       {"Hãy làm tròn trước khi gửi.", "Round it before it is sent."}},
      {Reason::list_empty,
       {"danh sách không có phần tử", "the list has no element"},
       {"Hãy ghi ít nhất một phần tử.", "Give at least one element."}},
      {Reason::list_too_long,
       {"danh sách quá 20000 phần tử", "the list is over 20,000 elements"},
       {"Hãy chia thành nhiều sự kiện.", "Split it into several events."}},
      {Reason::list_repeats,
       {"một phần tử xuất hiện hai lần", "an element stands twice in the list"},
       {"Hãy bỏ phần tử lặp.", "Remove the repetition."}},
      {Reason::shares_invalid,
       {"tỷ phần âm, quá 6 chữ số thập phân, hoặc tổng không bằng 1",
        "a share is below 0 or has over 6 decimals, or they do not add up to 1"},
       {"Hãy sửa để các tỷ phần cộng lại đúng bằng 1.", "Make the shares add up to exactly 1."}},
      {Reason::self_reference,
       {"đơn vị trực thuộc chính nó, hoặc sáp nhập vào chính nó",
        "a unit is its own parent, or is merged into itself"},
       {"Hãy ghi đúng đơn vị kia.", "Name the other unit."}},
      {Reason::code_invalid,
       {"mã ngoài không kèm danh mục", "a foreign code without its catalogue"},
       {"Hãy ghi catalogue: cùng một mã có nghĩa khác nhau ở danh mục khác nhau.",
        "Say the catalogue: the same code means different places in different catalogues."}},
      {Reason::figure_shape,
       {"số liệu không phải chỉ có value, cũng không phải đủ cả numerator và denominator",
        "the figure is neither value alone nor both numerator and denominator"},
       {"Hãy ghi value, hoặc ghi cả tử số và mẫu số.",
        "Write value, or both numerator and denominator."}},
      {Reason::output_shape,
       {"kết quả phải có đúng một trong hai: id hoặc count",
        "an output holds not exactly one of id and count"},
       {"Hãy ghi id của thứ đã làm ra, hoặc số lượng.",
        "Write the id of what was made, or how many."}},
      {Reason::moment_invalid,
       {"moment không phải thời điểm có múi giờ", "moment is not a time with an offset"},
       {"Hãy ghi như 2024-12-15T00:00:00+07:00.", "Write it as 2024-12-15T00:00:00+07:00."}},
      {Reason::plan_schema,
       {"văn bản kế hoạch không đúng cấu trúc", "the plan document does not fit the schema"},
       {"Hãy sửa chỗ đã nêu.", "Mend the place named."}},
      {Reason::plan_duplicate,
       {"một mã chỉ tiêu, mục tiêu, nghĩa vụ hoặc dòng ngân sách xuất hiện hai lần",
        "an indicator, target, obligation or line id stands twice"},
       {"Hãy đổi một trong hai mã.", "Change one of the two ids."}},
      {Reason::plan_reference,
       {"nhắc đến chỉ tiêu, nghĩa vụ, dòng ngân sách hoặc kỳ không có trong kế hoạch",
        "it names an indicator, obligation, line or period that the plan does not have"},
       {"Hãy sửa mã, hoặc thêm phần còn thiếu.", "Mend the id, or add what is missing."}},
      {Reason::plan_formula,
       {"công thức không hợp lệ", "the formula cannot be used so"},
       {"Hãy dùng một loại công thức và các trường của nó.",
        "Use a known kind of formula and its fields."}},
      {Reason::plan_denominator,
       {"tỷ lệ không bao giờ có mẫu số", "a ratio that can never have a denominator"},
       {"Hãy nêu nguồn của mẫu số.", "Say where the denominator comes from."}},
      {Reason::plan_measure,
       {"cộng hoặc chia các đại lượng khác đơn vị tính", "unequal measures are added or divided"},
       {"Hãy dùng cùng một đơn vị tính.", "Use equal measures."}},
      {Reason::plan_level,
       {"mục tiêu thiếu cấp hoặc phạm vi", "a target without level or scope"},
       {"Hãy ghi level và scope trong for.", "Say level and scope in for."}},
      {Reason::plan_window,
       {"khoảng thời gian không có ngày nào, hoặc ngày đầu sau ngày cuối",
        "a window without a day, or first after last"},
       {"Hãy sửa các ngày.", "Mend the days."}},
      {Reason::plan_overlap,
       {"các mục tiêu cùng series chồng lên nhau về thời gian cho cùng đơn vị",
        "targets of one series overlap in time for the same units"},
       {"Hãy chia thời gian cho từng mục tiêu, hoặc đổi series.",
        "Part their windows, or change the series."}},
      {Reason::plan_budget,
       {"các năm không cộng thành dòng, hoặc các dòng không cộng thành tổng đã in",
        "the years do not add up to the row, or the rows not to the printed total"},
       {"Hãy đối chiếu với bảng in.", "Compare it with the printed table."}},
  }};
  return table;
}

// What some phrases of plan documents say better than the reason they come under.
struct PhraseWording {
  Phrase phrase;
  Sentence problem;
  Sentence mend;
};

const PhraseWording* wording_of(std::optional<Phrase> phrase) {
  static const std::array<PhraseWording, 4> table = {{
      {Phrase::required,
       {"thiếu trường bắt buộc", "a required field is missing"},
       {"Hãy thêm trường này.", "Add this field."}},
      {Phrase::unknown_field,
       {"không có trường tên này", "there is no field of this name"},
       {"Hãy sửa tên trường, hoặc bỏ trường này.", "Correct the name, or leave the field out."}},
      {Phrase::filter_field,
       {"không có trường tên này để lọc", "there is no field of this name to filter by"},
       {"Hãy sửa tên trường, hoặc bỏ điều kiện này.",
        "Correct the name, or leave the condition out."}},
      {Phrase::due_of_target,
       {"mục tiêu và báo cáo của nó hết hạn vào hai ngày khác nhau",
        "the target and the report it asks for end on different days"},
       {"Hãy ghi cùng một ngày ở cả hai.", "Write one day in both."}},
  }};
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const PhraseWording& one) { return one.phrase == phrase; });
  return found == table.end() ? nullptr : found;
}

struct Frame {
  std::string_view message;
  std::string_view found;
  std::string_view nothing;
  std::string_view expected;
};

std::string compose(const Frame& frame, const Refusal& refusal, const std::string& problem,
                    const std::string& expected, const std::string& mend) {
  std::string text(refusal.field.empty() ? frame.message : refusal.field);
  text += ": ";
  text += problem;
  text += frame.found;
  text += refusal.found.empty() ? frame.nothing : refusal.found;
  text += frame.expected;
  text += expected;
  text += expected.ends_with('?') ? " " : ". ";
  text += mend;
  return text;
}

}  // namespace

Sentence sentence_of(const Refusal& refusal) {
  const auto index = static_cast<std::size_t>(refusal.reason);
  ENSURE(index < wordings().size(), "every Reason has its wording");
  const Wording& wording = wordings()[index];
  ENSURE(wording.reason == refusal.reason, "the wordings are in the order of Reason");
  constexpr Frame vietnamese = {"Thông điệp", ". Nhận được: ", "(không có gì)", ". Cần: "};
  constexpr Frame english = {"The message", ". Found: ", "(nothing)", ". Expected: "};
  // What is not one of the phrases of plan documents is short and the same in both.
  const std::string expected = in_vietnamese(refusal.expected).value_or(refusal.expected);
  const PhraseWording* own = wording_of(phrase_of(refusal.expected));
  const Sentence& problem = own == nullptr ? wording.problem : own->problem;
  const Sentence& mend = own == nullptr ? wording.mend : own->mend;
  return {compose(vietnamese, refusal, problem.vi, expected, mend.vi),
          compose(english, refusal, problem.en, refusal.expected, mend.en)};
}

}  // namespace tiendo

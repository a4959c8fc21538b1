#include "query/waiting_codes.h"

#include <algorithm>
#include <array>
#include <string>

#include "events/ensure.h"

namespace tiendo {
namespace {

struct Wording {
  std::string_view code;
  std::string_view what_vi;
  std::string_view what_en;
  std::string_view mend_vi;
  std::string_view mend_en;
};

constexpr std::array<Wording, 11> wordings = {{
    {"unit_unknown", "Đơn vị chưa đăng ký", "The unit is not registered",
     "Hãy gửi unit.registered cho đơn vị này. Nếu mã sai: với hoạt động hãy gửi "
     "activity.corrected; với mọi thứ khác hãy gửi lại với mã đơn vị đúng và một id sự kiện mới.",
     "Send unit.registered for it. If the id is wrong: of an activity send activity.corrected; say "
     "everything else again with the right unit and a new event id."},
    {"plan_unknown", "Kế hoạch chưa được công bố", "The plan is not published",
     "Hãy gửi plan.published; nếu mã sai, hãy gửi lại báo cáo với mã đúng.",
     "Send plan.published; if the id is wrong, submit the report again with the right one."},
    {"period_unknown", "Kế hoạch không có kỳ này", "The plan has no such period",
     "Hãy dùng kỳ chung như 2024-Q2, hoặc công bố phiên bản kế hoạch có kỳ này.",
     "Use a common period such as 2024-Q2, or publish a version of the plan that names this one."},
    {"indicator_unknown", "Kế hoạch không có chỉ tiêu này", "The plan has no such indicator",
     "Số liệu này chưa được tính, các số liệu khác của báo cáo (nếu có) vẫn được tính; hãy sửa mã "
     "hoặc "
     "bổ sung chỉ tiêu vào kế hoạch.",
     "This figure does not count, others of the report do; correct the id, or add the indicator to "
     "the plan."},
    {"activity_unknown", "Chưa có bản ghi gốc của hoạt động", "The activity was never recorded",
     "Hãy gửi activity.recorded; của nguồn khác thì ghi of_source.",
     "Send activity.recorded; if it is another source's activity, say of_source."},
    {"report_unknown", "Chưa có báo cáo gốc", "The report was never submitted",
     "Hãy gửi report.submitted; của nguồn khác thì ghi of_source.",
     "Send report.submitted; if it is another source's report, say of_source."},
    {"entity_unknown", "Đối tượng chưa đăng ký", "The entity is not registered",
     "Hãy gửi entity.registered cho đối tượng này.", "Send entity.registered for it."},
    {"expense_unknown", "Chưa có khoản chi gốc", "The expense was never said",
     "Hãy gửi money.spent với cùng entry; của nguồn khác thì ghi of_source.",
     "Send money.spent with the same entry; if it is another source's expense, say of_source."},
    {"publication_unknown", "Chưa có kỳ công bố này", "The publication was never closed",
     "Hãy gửi publication.closed trước.", "Send publication.closed first."},
    {"streams_behind", "Còn luồng chưa đọc đến thời điểm chốt",
     "Not every stream is read up to the moment of the publication",
     "Chờ các luồng đọc kịp, hoặc để người vận hành chốt mà không chờ chúng.",
     "Wait until the streams have caught up, or let an operator close it without them."},
    {"not_granted", "Nguồn chưa được quyền nói về đơn vị này",
     "The source may not speak for this unit",
     "Hãy gửi source.granted cho nguồn và đơn vị này; sự kiện sẽ có hiệu lực từ đó.",
     "Send source.granted for the source and unit; the event has effect from then on."},
}};

struct Remark {
  std::string_view code;
  std::string_view vi;
  std::string_view en;
};

constexpr std::array<Remark, 20> remarks = {{
    {"duplicate_across",
     "Luồng khác đã nói sự kiện này (cùng source và id) trước; bản đó được tính.",
     "Another stream said this event (same source and id) before; that one counts."},
    {"tree_loop",
     "Quan hệ cấp trên này khép thành vòng nên không có hiệu lực; hãy gửi lại unit.moved với cấp "
     "trên đúng.",
     "This parent closes a loop and is void; send unit.moved again with the right parent."},
    {"succession_loop",
     "Đơn vị sẽ kế tục chính nó nên không có hiệu lực; hãy kiểm tra lại việc sáp nhập, chia tách.",
     "A unit would succeed itself, so this is void; look at the merge or split again."},
    {"already_closed", "Kỳ công bố này đã chốt; muốn thay đổi hãy gửi publication.amended.",
     "This publication is closed already; to change it send publication.amended."},
    {"implicit_correction",
     "Hoạt động đã được ghi trước đó; bản này được tính như một bản đính chính.",
     "The activity was recorded before; this one is taken as a correction."},
    {"restated", "Đã được nói trước đó; bản cuối cùng được tính.",
     "It was said before; the last one counts."},
    {"several_sources", "Một số liệu do hai nguồn báo cáo; bản nói sau được tính.",
     "Two sources report one figure; the last said counts."},
    {"future_dated", "Ngày ở tương lai: chỉ được tính khi đến ngày đó.",
     "It is dated in the future and counts once that day has come."},
    {"unit_not_in_force",
     "Ngày nằm ngoài thời gian tồn tại của đơn vị; hãy kiểm tra ngày và đơn vị.",
     "The day is outside the life of the unit; check the day and the unit."},
    {"parent_unknown", "Cấp trên chưa đăng ký: đơn vị chưa được cộng vào cấp nào.",
     "The parent is not registered: the unit counts in no unit above yet."},
    {"reached_unknown", "Có đơn vị được tiếp cận chưa đăng ký nên chưa được tính.",
     "A unit that was reached is not registered and does not count yet."},
    {"ratio_over_one", "Tử số lớn hơn mẫu số; hãy kiểm tra hai số.",
     "The numerator is above the denominator; check both."},
    {"subset_exceeds", "Phần \"trong đó\" lớn hơn tổng; hãy kiểm tra hai số.",
     "A part is greater than its whole; check both."},
    {"upper_bound", "Chỉ có số đếm, không có mã: số liệu là cận trên.",
     "There are counts without ids: the figure is an upper bound."},
    {"entity_not_registered",
     "Đối tượng được nêu chưa đăng ký: được đếm, nhưng không tính vào độ phủ.",
     "The entity named is not registered: it is counted, but not in coverage."},
    {"figure_unusable", "Số liệu có dạng mà công thức không dùng được nên không được tính.",
     "The figure has a shape its formula cannot use and does not count."},
    {"reopened", "Báo cáo đã duyệt được sửa: cần duyệt lại; số liệu mới đã được tính.",
     "An approved report was corrected: it waits for approval again; the new figures count."},
    {"backdated", "Được gửi đến hơn 7 ngày sau thời điểm tự ghi; cả hai thời điểm đều được giữ.",
     "It arrived more than 7 days after the time it gives itself; both times are kept."},
    {"over_spent", "Đã chi nhiều hơn số được giao.", "More was spent than allocated."},
    {"stale", "Số liệu trạng thái cũ hơn một năm; hãy báo cáo lại.",
     "The state is older than a year; report it again."},
}};

}  // namespace

Sentence sentence_of_remark(std::string_view code) {
  const auto* const remark = std::find_if(remarks.begin(), remarks.end(),
                                          [&](const Remark& one) { return one.code == code; });
  ENSURE(remark != remarks.end(), "every code of void and of findings has its sentence");
  return {std::string(remark->vi), std::string(remark->en)};
}

namespace {

const Wording* wording_of(std::string_view code) {
  return std::find_if(wordings.begin(), wordings.end(),
                      [&](const Wording& one) { return one.code == code; });
}

}  // namespace

bool is_waiting_code(std::string_view code) { return wording_of(code) != wordings.end(); }

Sentence sentence_of_waiting(std::string_view code, std::string_view waits_for) {
  const auto* const wording = wording_of(code);
  ENSURE(wording != wordings.end(), "every waiting code has its sentence");
  const auto say = [&](std::string_view what, std::string_view mend) {
    return std::string(what) + ": " + std::string(waits_for) + ". " + std::string(mend);
  };
  return {say(wording->what_vi, wording->mend_vi), say(wording->what_en, wording->mend_en)};
}

}  // namespace tiendo

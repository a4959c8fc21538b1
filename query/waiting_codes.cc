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

constexpr std::array<Wording, 10> wordings = {{
    {"unit_unknown", "Đơn vị chưa đăng ký", "The unit is not registered",
     "Hãy gửi unit.registered cho đơn vị này; nếu mã sai, hãy gửi lại sự kiện với mã đúng.",
     "Send unit.registered for it; if the id is wrong, send a correction with the right one."},
    {"plan_unknown", "Kế hoạch chưa được công bố", "The plan is not published",
     "Hãy gửi plan.published; nếu mã sai, hãy gửi lại báo cáo với mã đúng.",
     "Send plan.published; if the id is wrong, submit the report again with the right one."},
    {"period_unknown", "Kế hoạch không có kỳ này", "The plan has no such period",
     "Hãy dùng kỳ chung như 2024-Q2, hoặc công bố phiên bản kế hoạch có kỳ này.",
     "Use a common period such as 2024-Q2, or publish a version of the plan that names this one."},
    {"indicator_unknown", "Kế hoạch không có chỉ tiêu này", "The plan has no such indicator",
     "Các chỉ tiêu khác của báo cáo vẫn được tính; hãy sửa mã hoặc bổ sung chỉ tiêu vào kế hoạch.",
     "The report's other figures count; correct the id, or add the indicator to the plan."},
    {"activity_unknown", "Chưa có bản ghi gốc của hoạt động", "The activity was never recorded",
     "Hãy gửi activity.recorded; của nguồn khác thì ghi of_source.",
     "Send activity.recorded; if it is another source's activity, say of_source."},
    {"report_unknown", "Chưa có báo cáo gốc", "The report was never submitted",
     "Hãy gửi report.submitted; của nguồn khác thì ghi of_source.",
     "Send report.submitted; if it is another source's report, say of_source."},
    {"entity_unknown", "Đối tượng chưa đăng ký", "The entity is not registered",
     "Hãy gửi entity.registered cho đối tượng này.", "Send entity.registered for it."},
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

}  // namespace

Sentence sentence_of_waiting(std::string_view code, std::string_view waits_for) {
  const auto* const wording = std::find_if(wordings.begin(), wordings.end(),
                                           [&](const Wording& one) { return one.code == code; });
  ENSURE(wording != wordings.end(), "every waiting code has its sentence");
  const auto say = [&](std::string_view what, std::string_view mend) {
    return std::string(what) + ": " + std::string(waits_for) + ". " + std::string(mend);
  };
  return {say(wording->what_vi, wording->mend_vi), say(wording->what_en, wording->mend_en)};
}

}  // namespace tiendo

#include "deploy/views_verification.h"

#include <fmt/format.h>

namespace tiendo {

Result<ReconciliationReport> verify_views(LogReader log,
                                          const std::shared_ptr<const ViewState>& state,
                                          const std::function<void(double)>& progress) {
  Reconciliation reconciliation(log);
  for (;;) {
    TRY_ASSIGN(ended, reconciliation.step(state));
    if (ended) return reconciliation.report();
    progress(reconciliation.report().progress);
  }
}

std::string in_words(const ReconciliationReport& report, Language language) {
  const bool vi = language == Language::vi;
  std::string text =
      fmt::format(fmt::runtime(vi ? "số liệu  {} chủ thể, {} dòng, {} ô tổng\n"
                                  : "views  {} subjects, {} rows, {} sums\n"),
                  report.subjects_checked, report.rows_checked, report.cells_checked);
  for (const Difference& one : report.first) text += "  ! " + one.in_words() + "\n";
  if (report.differences > report.first.size()) {
    text += fmt::format(fmt::runtime(vi ? "  ! và {} dòng nữa\n" : "  ! and {} rows more\n"),
                        report.differences - report.first.size());
  }
  if (report.differences == 0) {
    return text + (vi ? "số liệu khớp với sổ\n" : "the views are what the log comes to\n");
  }
  return text + (vi ? "SỐ LIỆU KHÔNG KHỚP VỚI SỔ: hãy chạy tiendo rebuild\n"
                    : "THE VIEWS ARE NOT WHAT THE LOG COMES TO: run tiendo rebuild\n");
}

}  // namespace tiendo

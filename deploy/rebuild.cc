#include "deploy/rebuild.h"

#include <algorithm>
#include <utility>

namespace tiendo {
namespace {

std::shared_lock<std::shared_mutex> lock_log(const RebuildParts& parts) {
  return parts.log_access ? parts.log_access() : std::shared_lock<std::shared_mutex>();
}

// Steps until the log's end, as it was when the last step began.
Status fill(const RebuildParts& parts, OpenViews& views, RebuildReport& report) {
  for (bool done = false; !done;) {
    if (parts.ending && parts.ending()) return Error{"ending", "the program is ending"};
    const auto lock = lock_log(parts);
    TRY_ASSIGN(heads, parts.log.heads());
    TRY_ASSIGN(caught_up, views.step_once());
    done = caught_up;
    report.records_done = records_in(views.projector().state()->checkpoint);
    report.records_total = std::max(records_in(heads), report.records_done);
    parts.report(report);
  }
  return Done{};
}

struct Compared {
  std::shared_ptr<const ViewState> before;
  std::shared_ptr<const ViewState> after;
};

// Brings both to the log's present end.
Result<Compared> meet(const RebuildParts& parts, OpenViews& views) {
  std::optional<Gate::Hold> ingest;
  std::optional<Gate::Hold> project;
  if (parts.ingest != nullptr) ingest.emplace(*parts.ingest);
  if (parts.project != nullptr) project.emplace(*parts.project);
  const auto lock = lock_log(parts);
  TRY_DO(views.catch_up());
  TRY_DO(parts.live->catch_up());
  return Compared{parts.live->state(), views.state()};
}

Status compare(const RebuildParts& parts, OpenViews& views, RebuildReport& report) {
  report.phase = RebuildReport::Phase::comparing;
  parts.report(report);
  TRY_ASSIGN(both, meet(parts, views));
  ENSURE(both.before->checkpoint == both.after->checkpoint, "both have read the same records");
  TRY_ASSIGN(before, ViewReader(*both.before->rows).digest());
  TRY_ASSIGN(after, ViewReader(*both.after->rows).digest());
  report.previous_digest = before;
  report.digest = after;
  return Done{};
}

}  // namespace

std::string_view name_of(RebuildReport::Phase phase) {
  switch (phase) {
    case RebuildReport::Phase::none:
      return "none";
    case RebuildReport::Phase::filling:
      return "filling";
    case RebuildReport::Phase::comparing:
      return "comparing";
    case RebuildReport::Phase::switching:
      return "switching";
    case RebuildReport::Phase::done:
      return "done";
    case RebuildReport::Phase::failed:
      return "failed";
  }
  return "";
}

Result<std::shared_ptr<OpenViews>> fill_generation(const RebuildParts& parts,
                                                   RebuildReport& report) {
  TRY_ASSIGN(name, parts.generations.next_name());
  report = {.phase = RebuildReport::Phase::filling,
            .generation = name,
            .previous = parts.live ? parts.live->generation() : std::string()};
  parts.report(report);
  TRY_ASSIGN(views, OpenViews::open(name, parts.generations.path(name), parts.log, parts.options));
  TRY_DO(fill(parts, *views, report));
  if (parts.live) TRY_DO(compare(parts, *views, report));
  report.phase = RebuildReport::Phase::switching;
  parts.report(report);
  TRY_DO(fill(parts, *views, report));
  return views;
}

}  // namespace tiendo

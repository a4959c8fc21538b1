#include "deploy/reconciling.h"

#include <fmt/format.h>

#include "deploy/log_lines.h"

namespace tiendo {
namespace {

// Small views would be gone through over and over.
constexpr std::chrono::milliseconds rest_between_cycles{30'000};
constexpr std::chrono::milliseconds rest_in_trouble{60'000};
constexpr std::string_view what_to_do =
    "run `tiendo rebuild` to fill the views anew from the log, and look at the disk";

}  // namespace

std::string ReconcilingStatus::in_words() const {
  if (!first.empty()) {
    return fmt::format(
        "rows of the views that are not what the log comes to: {}; the first: {}; {}",
        differing_rows, first.front().in_words(), what_to_do);
  }
  return trouble.empty() ? "" : "the views cannot be checked: " + trouble;
}

void Reconciling::run(Ending& ending) {
  while (!ending.wait(step())) {
  }
}

std::chrono::milliseconds Reconciling::step() {
  using namespace std::chrono;
  const auto began = steady_clock::now();
  const auto ended = check();
  const auto took = duration_cast<microseconds>(steady_clock::now() - began);
  const auto rest = duration_cast<milliseconds>(took * (100 - parts_.percent) / parts_.percent);
  const bool is_news = !ended.ok() && ended.error().message != status().trouble;
  if (is_news) log_line(Importance::warning, "reconciliation: " + ended.error().message);
  {
    const std::lock_guard lock(mutex_);
    trouble_ = ended.ok() ? "" : ended.error().message;
    if (ended.ok() && *ended) last_cycle_ = parts_.clock.now();
  }
  if (!ended.ok()) return std::max(rest, rest_in_trouble);
  return *ended ? std::max(rest, rest_between_cycles) : rest;
}

Result<bool> Reconciling::check() {
  auto [generation, state] = parts_.projection.current();
  if (generation != generation_) begin(generation);
  const auto lock = parts_.log_access ? parts_.log_access() : std::shared_lock<std::shared_mutex>();
  auto ended = reconciliation_->step(std::move(state));
  const ReconciliationReport report = reconciliation_->report();
  tell_news(report);
  const std::lock_guard guard(mutex_);
  report_ = report;
  return ended;
}

void Reconciling::begin(const std::string& generation) {
  ReconcilingStatus before = status();
  reconciliation_ = std::make_unique<Reconciliation>(parts_.log);
  generation_ = generation;
  told_ = 0;
  const std::lock_guard lock(mutex_);
  earlier_ = std::move(before);
  report_ = {};
}

void Reconciling::tell_news(const ReconciliationReport& report) {
  for (; told_ < report.first.size(); ++told_) {
    log_line(Importance::error, fmt::format("the views are damaged: {}; {}",
                                            report.first[told_].in_words(), what_to_do));
  }
}

ReconcilingStatus Reconciling::status() const {
  const std::lock_guard lock(mutex_);
  return {.cycles = earlier_.cycles + report_.cycles,
          .subjects_checked = earlier_.subjects_checked + report_.subjects_checked,
          .cells_checked = earlier_.cells_checked + report_.cells_checked,
          .differences = earlier_.differences + report_.differences,
          .differing_rows = report_.differences,
          .first = report_.first,
          .progress = report_.progress,
          .last_cycle = last_cycle_,
          .trouble = trouble_};
}

}  // namespace tiendo

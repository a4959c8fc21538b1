#include "projector/reconciliation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/scan_end.h"
#include "projector/reconcile.h"
#include "projector/row_words.h"

namespace tiendo {
namespace {

// What each pass takes of a cycle, as measured: the rows are folded once for each of them.
constexpr std::array pass_shares = {0.10, 0.25, 0.55, 0.10};

// Terms are never taken away, so equal numbers of them are equal terms.
Result<std::size_t> count_terms(const Snapshot& rows) {
  std::size_t count = 0;
  std::string last;
  const auto cursor = rows.cursor(view_family::terms);
  for (cursor->seek(""); cursor->valid(); cursor->next(), ++count) last = cursor->key();
  TRY_DO(scan_end(*cursor, last));
  return count;
}

}  // namespace

std::string Difference::in_words() const {
  const bool is_sum = family == view_family::rollups;
  std::string words =
      fmt::format("{}: {}: the views hold {}, the {} {}", views_families()[family].name, row,
                  stored, is_sum ? "facts come to" : "log gives", derived);
  if (record) {
    words += fmt::format("; first record {}@{}", record->stream.text(), record->position);
  }
  return words;
}

Result<std::shared_ptr<const ReconciliationBasis>> basis_of(std::shared_ptr<const ViewState> state,
                                                            LogReader log,
                                                            const ReconciliationBasis* before) {
  auto basis = std::make_shared<ReconciliationBasis>(ReconciliationBasis{
      .state = std::move(state), .log = log, .slots = {}, .terms = {}, .wanted = {}});
  TRY_ASSIGN(count, count_terms(basis->rows()));
  if (before != nullptr && before->slots.size() == count) {
    basis->slots = before->slots;
  } else {
    TRY_ASSIGN(slots, read_slots(basis->rows()));
    basis->slots = std::move(slots);
  }
  for (const TermSlot& slot : basis->slots) basis->terms.push_back(&slot.term);
  TRY_ASSIGN(stored, basis->rows().get(view_family::meta, backfill_key));
  const Backfill backfill = stored ? parse_backfill(*stored) : Backfill();
  basis->wanted = wanted_slots(basis->slots, basis->slots.size(), backfill);
  return std::shared_ptr<const ReconciliationBasis>(std::move(basis));
}

void ReconciliationTally::note(Difference difference) {
  if (noted_.size() >= Reconciliation::differences_max) return;
  const std::string family(1, static_cast<char>(difference.family));
  if (!noted_.insert(hash16({family, difference.key})).second) return;
  ++report.differences;
  if (report.first.size() < Reconciliation::first_max) {
    report.first.push_back(std::move(difference));
  }
}

void ReconciliationTally::note(const ReconciliationBasis& basis, Family family,
                               const std::string& key, const std::optional<std::string>& stored,
                               const std::optional<std::string>& derived,
                               std::optional<OrderKey> record) {
  const RowPlace place = place_of_row(family, key, basis.slots);
  note({.family = family,
        .key = key,
        .row = place.words,
        .stored = content_in_words(family, stored),
        .derived = content_in_words(family, derived),
        .record = record ? record : place.record});
}

Result<bool> walk_rows(const Snapshot& rows, Family family, std::string& after,
                       const std::function<bool(std::string_view, std::string_view)>& visit) {
  const auto cursor = rows.cursor(family);
  cursor->seek(after);
  if (!after.empty() && cursor->valid() && cursor->key() == after) cursor->next();
  for (; cursor->valid(); cursor->next()) {
    const bool goes_on = visit(cursor->key(), cursor->value());
    after = cursor->key();
    if (!goes_on) return false;
  }
  TRY_DO(scan_end(*cursor, after));
  return true;
}

Reconciliation::Reconciliation(LogReader log, ReconciliationOptions options)
    : log_(log), options_(options), tally_(std::make_unique<ReconciliationTally>()) {
  begin_cycle();
}

Reconciliation::~Reconciliation() = default;

void Reconciliation::begin_cycle() {
  passes_.clear();
  passes_.push_back(make_log_pass());
  passes_.push_back(make_subject_pass());
  passes_.push_back(make_row_pass());
  passes_.push_back(make_rollup_pass());
  pass_ = 0;
  basis_.reset();
  tally_->marks = tally_->accepted = tally_->derived_rows = tally_->facts = 0;
}

Result<bool> Reconciliation::step(std::shared_ptr<const ViewState> state) {
  auto ended = step_pass(std::move(state));
  if (!ended.ok()) begin_cycle();
  return ended;
}

Result<bool> Reconciliation::step_pass(std::shared_ptr<const ViewState> state) {
  if (basis_ == nullptr || basis_->state != state) {
    TRY_ASSIGN(basis, basis_of(std::move(state), log_, basis_.get()));
    basis_ = std::move(basis);
  }
  TRY_ASSIGN(over, passes_[pass_]->step(basis_, options_.slice, *tally_));
  if (over) ++pass_;
  if (pass_ < passes_.size()) return false;
  ++tally_->report.cycles;
  begin_cycle();
  return true;
}

ReconciliationReport Reconciliation::report() const {
  ReconciliationReport report = tally_->report;
  report.progress = 0;
  for (std::size_t i = 0; i < pass_; ++i) report.progress += pass_shares[i];
  report.progress += pass_shares[pass_] * passes_[pass_]->progress();
  return report;
}

}  // namespace tiendo

#include "projector/preview.h"

#include <algorithm>

#include "projector/view_update.h"

namespace tiendo {
namespace {

// The record that would publish the document.
Record published(std::string_view document, Instant at) {
  Record record;
  record.stream = StreamName("preview");
  record.recorded_at = at;
  record.judgement.verdict = Verdict::accepted;
  record.message = publishing(document);
  return record;
}

// After the last record of each stream.
Result<Instant> after_all(const ViewState& state, const LogReader& log, Instant now) {
  for (const auto& [stream, next] : state.checkpoint) {
    if (next == 0) continue;
    TRY_ASSIGN(last, log.read(stream, next - 1));
    now = std::max(now, Instant{last.recorded_at.ms + 1});
  }
  return now;
}

}  // namespace

Message publishing(std::string_view document) {
  Message message;
  message.headers = {{"content-type", "application/json"},
                     {"ce_specversion", "1.0"},
                     {"ce_id", "preview"},
                     {"ce_source", "urn:tiendo:preview"},
                     {"ce_type", std::string(type_prefix) + "plan.published.v1"}};
  message.value = std::string(document);
  return message;
}

Preview::Preview(std::shared_ptr<const ViewState> state, LogReader log)
    : before_(std::move(state)),
      log_(log),
      rows_(std::make_shared<OverlayRows>(
          std::shared_ptr<const Snapshot>(before_, before_->rows.get()))),
      reference_(before_->reference) {}

Result<std::unique_ptr<Preview>> Preview::begin(std::shared_ptr<const ViewState> state,
                                                LogReader log, std::string_view document,
                                                Instant now) {
  std::unique_ptr<Preview> preview(new Preview(std::move(state), log));
  TRY_ASSIGN(slots, read_slots(*preview->rows_));
  preview->slots_ = std::move(slots);
  TRY_ASSIGN(backfill, preview->rows_->get(view_family::meta, backfill_key));
  if (backfill) preview->backfill_ = parse_backfill(*backfill);
  TRY_ASSIGN(at, after_all(*preview->before_, log, now));
  StatementReader reader;
  std::vector<Statement> fresh;
  fresh.push_back(reader.read(published(document, at), {}));
  TRY_DO(preview->apply(std::move(fresh), 0));
  return preview;
}

Status Preview::apply(std::vector<Statement> fresh, std::size_t subjects) {
  const Parallel parallel = sequential();
  ViewUpdate update({.rows = *rows_,
                     .log = log_,
                     .reference = reference_,
                     .slots = slots_,
                     .backfill = backfill_,
                     .backfill_subjects = subjects,
                     .parallel = parallel});
  TRY_DO(update.apply(std::move(fresh), {}));
  rows_->apply(update.batch());
  reference_ = update.reference();
  slots_ = update.take_slots();
  backfill_ = update.take_backfill();
  filled_ += update.filled();
  return Done{};
}

Status Preview::fill(std::size_t subjects) {
  const std::size_t end = filled_ + subjects;
  while (!is_filled() && filled_ < end) TRY_DO(apply({}, end - filled_));
  return Done{};
}

bool Preview::is_filled() const { return backfill_.building.empty() && backfill_.queued.empty(); }

std::shared_ptr<const ViewState> Preview::after() const {
  auto state = std::make_shared<ViewState>();
  state->rows = rows_;
  state->reference = reference_;
  state->checkpoint = before_->checkpoint;
  state->unfinished = backfill_.building;
  state->unfinished.insert(backfill_.queued.begin(), backfill_.queued.end());
  return state;
}

}  // namespace tiendo

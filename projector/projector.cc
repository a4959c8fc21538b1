#include "projector/projector.h"

#include <algorithm>

#include "events/bytes.h"
#include "events/scan_end.h"
#include "projector/view_update.h"

namespace tiendo {
namespace {

constexpr std::string_view format_key = "format";

// Records to statements, in the order given.
std::vector<Statement> read_statements(const std::vector<Effect>& records,
                                       const std::vector<TermSlot>& slots,
                                       const Parallel& parallel) {
  std::vector<const Term*> terms;
  for (const TermSlot& slot : slots) terms.push_back(&slot.term);
  std::vector<Statement> statements(records.size());
  parallel(records.size(), [&](std::size_t begin, std::size_t end) {
    StatementReader reader;
    for (std::size_t i = begin; i < end; ++i) statements[i] = reader.read(records[i], terms);
  });
  return statements;
}

}  // namespace

Parallel sequential() {
  return [](std::size_t count, const auto& work) {
    if (count > 0) work(0, count);
  };
}

Result<std::unique_ptr<Projector>> Projector::open(KvStore& views, LogReader log,
                                                   ProjectorOptions options) {
  std::unique_ptr<Projector> projector(new Projector(views, log, std::move(options)));
  TRY_DO(projector->load());
  return projector;
}

Status Projector::load() {
  std::string format;
  bytes::put(format, views_format_version);
  TRY_ASSIGN(stored, views_->get(view_family::meta, format_key));
  if (!stored) {
    WriteBatch batch;
    batch.put(view_family::meta, format_key, format);
    TRY_DO(views_->commit(batch, Durability::unsynced));
  } else if (*stored != format) {
    return must_rebuild("they have another format");
  }
  std::shared_ptr<const Snapshot> rows = views_->snapshot();
  TRY_ASSIGN(checkpoint, ViewReader(*rows).checkpoint());
  checkpoint_ = std::move(checkpoint);
  TRY_ASSIGN(heads, log_.heads());
  for (const auto& [stream, position] : checkpoint_) {
    const auto head = heads.find(stream);
    if (head == heads.end() || head->second.next_position < position) {
      return must_rebuild("they are ahead of the log in stream " + stream.text());
    }
  }
  TRY_ASSIGN(slots, read_slots(*rows));
  slots_ = std::move(slots);
  TRY_ASSIGN(backfill, rows->get(view_family::meta, backfill_key));
  if (backfill) backfill_ = parse_backfill(*backfill);
  TRY_DO(load_references(*rows));
  publish(std::move(rows));
  return Done{};
}

Status Projector::load_references(const Snapshot& rows) {
  std::vector<std::shared_ptr<const Statement>> statements;
  StatementReader reader;
  const auto cursor = rows.cursor(view_family::references);
  std::string last;
  for (cursor->seek(""); cursor->valid(); cursor->next()) {
    last = cursor->key();
    std::string_view key_bytes = cursor->key();
    const auto key = take_order_key(key_bytes);
    if (!key) return must_rebuild("a reference cannot be read");
    TRY_ASSIGN(effect, read_effect(log_, key->stream, key->position));
    statements.push_back(std::make_shared<const Statement>(reader.read(effect, {})));
  }
  TRY_DO(scan_end(*cursor, last));
  reference_ = std::make_shared<const Reference>(std::move(statements));
  return Done{};
}

// Takes from each stream that is ahead, so that none waits for another to end.
Result<Projector::NewRecords> Projector::read_new(const Parallel& parallel) const {
  NewRecords news;
  std::vector<Effect> accepted;
  TRY_ASSIGN(heads, log_.heads());
  std::vector<std::pair<StreamName, uint64_t>> behind;  // stream, next position
  for (const auto& [stream, head] : heads) {
    const auto at = checkpoint_.find(stream);
    const uint64_t next = at == checkpoint_.end() ? 0 : at->second;
    if (next < head.next_position) behind.emplace_back(stream, next);
  }
  if (behind.empty()) return news;
  const std::size_t share = std::max<std::size_t>(1, options_.step_records / behind.size());
  const std::size_t share_bytes = options_.step_bytes / behind.size();
  for (const auto& [stream, next] : behind) {
    const uint64_t end = std::min(heads.at(stream).next_position, next + share);
    uint64_t read = next;
    std::size_t read_bytes = 0;
    TRY_DO(log_.scan(stream, next, end, [&](const Record& record) {
      if (record.judgement.verdict == Verdict::accepted) accepted.push_back({record, {}});
      ++read;
      read_bytes += record.message.value ? record.message.value->size() : 0;
      return read_bytes < share_bytes;
    }));
    news.read.emplace(stream, read);
    news.records += read - next;
  }
  static const StreamName control("control");
  for (Effect& effect : accepted) {
    if (effect.record.stream != control) continue;
    TRY_ASSIGN(resolved, effect_of(log_, std::move(effect.record)));
    effect = std::move(resolved);
  }
  news.statements = read_statements(accepted, slots_, parallel);
  return news;
}

Result<ProjectorStep> Projector::step() {
  NewRecords news;
  if (read_ahead_) {
    news = std::move(*read_ahead_);
    read_ahead_.reset();
  }
  if (news.records == 0) {
    TRY_ASSIGN(read, read_new(options_.parallel));
    news = std::move(read);
  }
  if (news.records == 0 && backfill_.building.empty() && backfill_.queued.empty()) {
    return ProjectorStep{};
  }
  const std::shared_ptr<const Snapshot> before = views_->snapshot();
  ViewUpdate update({.rows = *before,
                     .log = log_,
                     .reference = reference_,
                     .slots = slots_,
                     .backfill = backfill_,
                     .backfill_subjects = options_.backfill_subjects,
                     .parallel = options_.parallel});
  TRY_DO(update.apply(std::move(news.statements), news.read));
  for (const auto& [stream, position] : news.read) checkpoint_.insert_or_assign(stream, position);
  reference_ = update.reference();
  slots_ = update.take_slots();
  backfill_ = update.take_backfill();
  const bool large = news.records + update.filled() >= options_.sorted_run_records;
  TRY_DO(large ? commit_and_read_on(update.batch())
               : views_->commit(update.batch(), Durability::unsynced));
  publish(views_->snapshot());
  const bool filling = !backfill_.building.empty() || !backfill_.queued.empty();
  return ProjectorStep{.records = news.records,
                       .filled = std::max(update.filled(), std::size_t{filling ? 1u : 0u})};
}

// Writing takes about as long as reading on and decoding, and neither needs the other.
Status Projector::commit_and_read_on(const WriteBatch& batch) {
  Status committed = Done{};
  Result<NewRecords> read = NewRecords{};
  options_.parallel(2, [&](std::size_t begin, std::size_t end) {
    for (std::size_t task = begin; task < end; ++task) {
      if (task == 0) {
        committed = views_->commit_sorted_run(batch);
      } else {
        read = read_new(sequential());
      }
    }
  });
  if (!committed.ok()) return committed;
  TRY_ASSIGN(ahead, std::move(read));
  read_ahead_ = std::move(ahead);
  return Done{};
}

void Projector::publish(std::shared_ptr<const Snapshot> rows) {
  auto state = std::make_shared<ViewState>();
  state->rows = std::move(rows);
  state->reference = reference_;
  state->checkpoint = checkpoint_;
  state->unfinished = backfill_.building;
  state->unfinished.insert(backfill_.queued.begin(), backfill_.queued.end());
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
}

std::shared_ptr<const ViewState> Projector::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace tiendo

#include "projector/view_update.h"

#include <algorithm>
#include <mutex>

#include "events/bytes.h"
#include "events/ensure.h"

namespace tiendo {
namespace {

// Inserts a record at its place in the order of K.
void insert_mark(std::vector<RecordMark>& marks, RecordMark mark) {
  const auto place = std::upper_bound(
      marks.begin(), marks.end(), mark,
      [](const RecordMark& a, const RecordMark& b) { return a.key < b.key; });
  marks.insert(place, std::move(mark));
}

std::string order_key_bytes(const OrderKey& key) {
  std::string bytes;
  append_order_key(bytes, key);
  return bytes;
}

}  // namespace

std::vector<Statement> read_statements(const std::vector<Record>& records,
                                       const std::vector<TermSlot>& slots,
                                       const Parallel& parallel) {
  std::vector<const Term*> terms;
  for (const TermSlot& slot : slots) terms.push_back(&slot.term);
  std::vector<std::optional<Statement>> read(records.size());
  parallel(records.size(), [&](std::size_t begin, std::size_t end) {
    StatementReader reader;
    for (std::size_t i = begin; i < end; ++i) read[i] = reader.read(records[i], terms);
  });
  std::vector<Statement> statements;
  statements.reserve(read.size());
  for (auto& one : read) statements.push_back(std::move(*one));
  return statements;
}

ViewUpdate::ViewUpdate(Basis basis)
    : basis_(std::move(basis)),
      reader_(basis_.rows),
      reference_(basis_.reference),
      slots_(basis_.slots),
      backfill_(basis_.backfill) {}

Status ViewUpdate::apply(const std::vector<Record>& records, const Checkpoint& read) {
  fresh_ = read_statements(records, slots_, basis_.parallel);
  by_record_.reserve(fresh_.size() * 2);
  for (const Statement& statement : fresh_) by_record_.emplace(statement.key, &statement);
  TRY_DO(settle_identities());
  TRY_DO(update_reference());
  TRY_DO(gather_subjects());
  TRY_DO(gather_released());
  TRY_DO(gather_backfill());
  TRY_DO(load_statements());
  TRY_DO(move_rollups());
  fold_subjects();
  TRY_DO(delta_.write(basis_.rows, batch_));
  write_progress(read);
  return Done{};
}

// Of the records that bear one identity, in whatever stream, the first in order has effect.
Status ViewUpdate::settle_identities() {
  std::unordered_map<Hash16, std::vector<const Statement*>> by_identity;
  by_identity.reserve(fresh_.size());
  for (const Statement& statement : fresh_) by_identity[statement.identity].push_back(&statement);
  std::vector<std::string_view> keys;
  keys.reserve(by_identity.size());
  for (const auto& [identity, statements] : by_identity) keys.push_back(identity.view());
  TRY_ASSIGN(rows, basis_.rows.get_many(view_family::identities, keys));
  effects_.reserve(fresh_.size());
  std::size_t next = 0;
  for (const auto& [identity, statements] : by_identity) {
    const auto& row = rows[next++];
    std::vector<RecordMark> marks = row ? parse_marks(*row) : std::vector<RecordMark>();
    const std::optional<OrderKey> first_before =
        marks.empty() ? std::nullopt : std::optional(marks.front().key);
    for (const Statement* statement : statements) insert_mark(marks, {statement->key});
    for (std::size_t i = 0; i < marks.size(); ++i) marks[i].has_effect = i == 0;
    if (first_before && marks.front().key != *first_before) lost_effect_.push_back(*first_before);
    for (const Statement* statement : statements) {
      effects_[statement->key] = statement->key == marks.front().key;
    }
    batch_.put(view_family::identities, identity.view(), marks_value(marks));
  }
  for (const OrderKey& key : lost_effect_) TRY_DO(load(key));
  return Done{};
}

Status ViewUpdate::update_reference() {
  std::vector<std::shared_ptr<const Statement>> statements = basis_.reference->statements();
  for (const OrderKey& key : lost_effect_) {
    if (!statement(key).is_reference()) continue;
    std::erase_if(statements, [&](const auto& one) { return one->key == key; });
    batch_.erase(view_family::references, order_key_bytes(key));
    reference_lost_ = true;
  }
  bool changed = reference_lost_;
  for (const Statement& statement : fresh_) {
    if (!statement.is_reference() || !effects_.at(statement.key)) continue;
    statements.push_back(std::make_shared<const Statement>(statement));
    batch_.put(view_family::references, order_key_bytes(statement.key), "");
    changed = true;
  }
  if (!changed) return Done{};
  reference_ = std::make_shared<const Reference>(std::move(statements));
  add_terms();
  return Done{};
}

// Terms that no plan asked for before wait for a round of filling.
void ViewUpdate::add_terms() {
  std::set<TermId> known;
  for (const TermSlot& slot : slots_) known.insert(slot.id);
  for (const Statement& statement : fresh_) {
    const auto* said = std::get_if<PlanSaid>(&statement.said);
    if (said == nullptr || !effects_.at(statement.key)) continue;
    for (Term& term : terms_of(*said->plan)) {
      const TermId id = id_of(term);
      if (!known.insert(id).second) continue;
      batch_.put(view_family::terms, id.view(), canonical(term));
      backfill_.queued.insert(id);
      slots_.push_back({id, std::move(term)});
    }
  }
}

Status ViewUpdate::gather_subjects() {
  std::vector<SubjectKey> subjects;
  for (const Statement& statement : fresh_) {
    subjects.insert(subjects.end(), statement.subjects.begin(), statement.subjects.end());
  }
  for (const OrderKey& key : lost_effect_) {
    const auto& of_record = statement(key).subjects;
    subjects.insert(subjects.end(), of_record.begin(), of_record.end());
  }
  TRY_DO(touch(subjects));
  for (const Statement& statement : fresh_) {
    for (const SubjectKey& subject : statement.subjects) {
      insert_mark(changes_[change_of_.at(subject)].after,
                  {statement.key, effects_.at(statement.key)});
    }
  }
  for (const OrderKey& key : lost_effect_) {
    for (const SubjectKey& subject : statement(key).subjects) {
      for (RecordMark& mark : changes_[change_of_.at(subject)].after) {
        if (mark.key == key) mark.has_effect = false;
      }
    }
  }
  for (const SubjectChange& change : changes_) {
    batch_.put(view_family::subjects, change.subject.bytes(), marks_value(change.after));
  }
  return Done{};
}

// Subjects with records that came before what they speak of, where that is now known, or known
// from another record on. Where a record of reference data lost its effect, any may be concerned.
Status ViewUpdate::gather_released() {
  if (reference_ == basis_.reference) return Done{};
  if (reference_lost_) {
    TRY_DO(touch_all(activity_subject));
    return touch_all(report_subject);
  }
  for (const Statement& statement : fresh_) {
    if (!effects_.at(statement.key)) continue;
    if (const auto* said = std::get_if<UnitSaid>(&statement.said)) {
      const auto before = basis_.reference->unit_known_from(said->unit);
      if (before != reference_->unit_known_from(said->unit)) {
        TRY_DO(touch_held(HeldFor::unit, said->unit));
      }
    } else if (const auto* plan = std::get_if<PlanSaid>(&statement.said)) {
      TRY_DO(touch_held(HeldFor::plan, plan->plan->id));
    }
  }
  return Done{};
}

Status ViewUpdate::touch_held(HeldFor what, const std::string& name) {
  std::string prefix(1, static_cast<char>(what));
  bytes::put_key_text(prefix, name);
  std::vector<SubjectKey> subjects;
  TRY_DO(reader_.held(prefix, [&](std::string_view key, const Held& held) {
    if (!key.starts_with(prefix)) return false;
    subjects.push_back(held.subject);
    return true;
  }));
  return touch(subjects);
}

Status ViewUpdate::touch_all(char kind) {
  std::vector<SubjectKey> subjects;
  const auto cursor = basis_.rows.cursor(view_family::subjects);
  for (cursor->seek(std::string(1, kind)); cursor->valid(); cursor->next()) {
    if (cursor->key().front() != kind) break;
    subjects.push_back(*parse_subject_key(cursor->key()));
  }
  TRY_DO(cursor->status());
  return touch(subjects);
}

// Goes on filling new terms, from the subject after the cursor.
Status ViewUpdate::gather_backfill() {
  if (basis_.backfill.building.empty()) {
    if (!backfill_.queued.empty()) {
      backfill_.building = std::move(backfill_.queued);
      backfill_.queued.clear();
      backfill_.cursor.clear();
    }
    return Done{};
  }
  std::vector<SubjectKey> subjects;
  const auto cursor = basis_.rows.cursor(view_family::subjects);
  cursor->seek(backfill_.cursor.empty() ? std::string(1, activity_subject)
                                        : backfill_.cursor + '\0');
  bool more = true;
  for (; (more = cursor->valid() && cursor->key().front() == activity_subject); cursor->next()) {
    if (subjects.size() == basis_.backfill_subjects) break;
    subjects.push_back(*parse_subject_key(cursor->key()));
  }
  TRY_DO(cursor->status());
  filled_ = std::max<std::size_t>(subjects.size(), 1);
  if (more) {
    backfill_.cursor = subjects.back().bytes();
  } else {
    backfill_.building = std::move(backfill_.queued);
    backfill_.queued.clear();
    backfill_.cursor.clear();
  }
  return touch(subjects);
}

// Adds subjects to those that may change, with the records they have so far.
Status ViewUpdate::touch(const std::vector<SubjectKey>& subjects) {
  const std::size_t first = changes_.size();
  for (const SubjectKey& subject : subjects) {
    if (change_of_.emplace(subject, changes_.size()).second) changes_.push_back({.subject = subject});
  }
  std::vector<std::string> keys;
  for (std::size_t i = first; i < changes_.size(); ++i) keys.push_back(changes_[i].subject.bytes());
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  TRY_ASSIGN(rows, basis_.rows.get_many(view_family::subjects, views));
  for (std::size_t i = first; i < changes_.size(); ++i) {
    if (!rows[i - first]) continue;
    changes_[i].before = parse_marks(*rows[i - first]);
    changes_[i].after = changes_[i].before;
  }
  return Done{};
}

Status ViewUpdate::load(const OrderKey& key) {
  if (by_record_.contains(key)) return Done{};
  TRY_ASSIGN(record, basis_.log.read(key.stream, key.position));
  std::vector<const Term*> terms;
  for (const TermSlot& slot : slots_) terms.push_back(&slot.term);
  loaded_.push_back(statement_reader_.read(record, terms));
  by_record_.emplace(key, &loaded_.back());
  return Done{};
}

Status ViewUpdate::load_statements() {
  for (const SubjectChange& change : changes_) {
    if (change.subject.kind != activity_subject && change.subject.kind != report_subject) continue;
    for (const auto* marks : {&change.before, &change.after}) {
      for (const RecordMark& mark : *marks) {
        if (mark.has_effect) TRY_DO(load(mark.key));
      }
    }
  }
  return Done{};
}

ViewUpdate::Wanted ViewUpdate::wanted(const Backfill& backfill, std::size_t slot_count) const {
  Wanted wanted{.cursor = backfill.cursor};
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const bool known = i < slot_count && !backfill.queued.contains(slots_[i].id);
    wanted.filled.push_back(known);
    wanted.unfilled.push_back(known && !backfill.building.contains(slots_[i].id));
  }
  return wanted;
}

Derived ViewUpdate::fold_marks(const SubjectChange& change, const std::vector<RecordMark>& marks,
                               const std::vector<bool>& wanted, const Reference& reference) const {
  std::vector<const Statement*> statements;
  for (const RecordMark& mark : marks) {
    if (mark.has_effect) statements.push_back(&statement(mark.key));
  }
  if (statements.empty()) return {};
  return fold(change.subject, statements, slots_, wanted, reference);
}

void ViewUpdate::fold_range(std::size_t begin, std::size_t end, std::vector<Write>& writes,
                            RollupDelta& delta) const {
  const Wanted before = wanted(basis_.backfill, basis_.slots.size());
  const Wanted after = wanted(backfill_, slots_.size());
  const auto knowledge = reference_->all();
  for (std::size_t i = begin; i < end; ++i) {
    const SubjectChange& change = changes_[i];
    if (change.subject.kind != activity_subject && change.subject.kind != report_subject) continue;
    Derived was = fold_marks(change, change.before, before.of(change.subject), *basis_.reference);
    Derived is = fold_marks(change, change.after, after.of(change.subject), *reference_);
    for (const Amount& amount : was.amounts) {
      delta.add(slots_[amount.slot].id, amount.unit, amount.day, amount.amount, -1,
                knowledge->tree);
    }
    for (const Amount& amount : is.amounts) {
      delta.add(slots_[amount.slot].id, amount.unit, amount.day, amount.amount, 1, knowledge->tree);
    }
    std::sort(was.rows.begin(), was.rows.end());
    std::sort(is.rows.begin(), is.rows.end());
    auto old_row = was.rows.begin();
    for (ViewRow& row : is.rows) {
      const auto place = [](const ViewRow& one) { return std::tie(one.family, one.key); };
      while (old_row != was.rows.end() && place(*old_row) < place(row)) {
        writes.push_back({std::move(*old_row++), true});
      }
      const bool same_place = old_row != was.rows.end() && place(*old_row) == place(row);
      const bool same = same_place && old_row->value == row.value;
      if (same_place) ++old_row;
      if (!same) writes.push_back({std::move(row), false});
    }
    for (; old_row != was.rows.end(); ++old_row) writes.push_back({std::move(*old_row), true});
  }
}

void ViewUpdate::fold_subjects() {
  std::mutex mutex;
  basis_.parallel(changes_.size(), [&](std::size_t begin, std::size_t end) {
    std::vector<Write> writes;
    RollupDelta delta;
    fold_range(begin, end, writes, delta);
    const std::lock_guard lock(mutex);
    delta_.add_all(delta);
    for (const Write& write : writes) {
      if (write.erase) {
        batch_.erase(write.row.family, write.row.key);
      } else {
        batch_.put(write.row.family, write.row.key, write.row.value);
      }
    }
  });
}

// Facts that were there before this step, of units that now stand elsewhere.
Status ViewUpdate::move_rollups() {
  if (reference_ == basis_.reference) return Done{};
  const auto before = basis_.reference->all();
  const auto after = reference_->all();
  for (const std::string& unit : moved_units(before->tree, after->tree)) {
    for (const TermSlot& slot : basis_.slots) {
      if (!slot.term.additive()) continue;
      TRY_DO(reader_.facts(slot.id, unit, {day_min, day_max}, Moment{}, [&](const Fact& fact) {
        delta_.move(slot.id, unit, fact.day, fact.amount, before->tree, after->tree);
      }));
    }
  }
  return Done{};
}

void ViewUpdate::write_progress(const Checkpoint& read) {
  for (const auto& [stream, position] : read) {
    std::string value;
    bytes::put(value, position);
    batch_.put(view_family::meta, checkpoint_key(stream), value);
  }
  batch_.put(view_family::meta, backfill_key, backfill_value(backfill_));
}

}  // namespace tiendo

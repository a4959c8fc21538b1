#include "projector/view_update.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <tuple>

#include "events/bytes.h"
#include "events/ensure.h"

namespace tiendo {
namespace {

std::string order_key_bytes(const OrderKey& key) {
  std::string bytes;
  append_order_key(bytes, key);
  return bytes;
}

// What must be written so that rows which were `was` become `is`. Sorts both.
void write_difference(std::vector<ViewRow>& was, std::vector<ViewRow>& is, WriteBatch& writes) {
  const auto put = [&](const ViewRow& row) { writes.put(row.family, row.key, row.value); };
  if (was.empty()) {
    std::for_each(is.begin(), is.end(), put);
    return;
  }
  std::sort(was.begin(), was.end());
  std::sort(is.begin(), is.end());
  const auto place = [](const ViewRow& row) { return std::tie(row.family, row.key); };
  auto old_row = was.begin();
  for (const ViewRow& row : is) {
    for (; old_row != was.end() && place(*old_row) < place(row); ++old_row) {
      writes.erase(old_row->family, old_row->key);
    }
    const bool stays = old_row != was.end() && *old_row == row;
    if (old_row != was.end() && place(*old_row) == place(row)) ++old_row;
    if (!stays) put(row);
  }
  for (; old_row != was.end(); ++old_row) writes.erase(old_row->family, old_row->key);
}

}  // namespace

ViewUpdate::ViewUpdate(Basis basis)
    : basis_(std::move(basis)),
      reader_(basis_.rows),
      reference_(basis_.reference),
      slots_(basis_.slots),
      backfill_(basis_.backfill) {}

Status ViewUpdate::apply(std::vector<Statement> fresh, const Checkpoint& read) {
  fresh_ = std::move(fresh);
  TRY_DO(settle_identities());
  TRY_DO(update_reference());
  TRY_DO(choose_subjects());
  TRY_DO(load_subjects());
  place_records();
  TRY_DO(load_statements());
  RollupDelta::Cells cells;
  TRY_DO(move_rollups(cells));
  fold_subjects(cells);
  TRY_DO(write_cells(cells, basis_.rows, batch_));
  write_progress(read);
  return Done{};
}

// Of the records that bear one identity, in whatever stream, the first in order has effect.
Status ViewUpdate::settle_identities() {
  has_effect_.assign(fresh_.size(), false);
  std::vector<uint32_t> order(fresh_.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::tie(fresh_[a].identity, fresh_[a].key) <
           std::tie(fresh_[b].identity, fresh_[b].key);
  });
  std::vector<std::string_view> keys;
  for (const uint32_t i : order) {
    if (keys.empty() || keys.back() != fresh_[i].identity.view()) {
      keys.push_back(fresh_[i].identity.view());
    }
  }
  TRY_ASSIGN(rows, basis_.rows.get_many(view_family::identities, keys));
  auto at = order.begin();
  for (std::size_t k = 0; k < keys.size(); ++k) {
    std::vector<RecordMark> marks = rows[k] ? parse_marks(*rows[k]) : std::vector<RecordMark>();
    const std::size_t stored = marks.size();
    const uint32_t first_fresh = *at;
    for (; at != order.end() && fresh_[*at].identity.view() == keys[k]; ++at) {
      marks.push_back({fresh_[*at].key});
    }
    has_effect_[first_fresh] = stored == 0 || fresh_[first_fresh].key < marks.front().key;
    if (stored > 0 && has_effect_[first_fresh]) {
      TRY_ASSIGN(statement, load(marks.front().key));
      lost_effect_.push_back({marks.front().key, statement});
    }
    std::sort(marks.begin(), marks.end(),
              [](const RecordMark& a, const RecordMark& b) { return a.key < b.key; });
    for (std::size_t i = 0; i < marks.size(); ++i) marks[i].has_effect = i == 0;
    batch_.put(view_family::identities, keys[k], marks_value(marks));
  }
  return Done{};
}

Status ViewUpdate::update_reference() {
  add_terms();
  std::set<OrderKey> lost_keys;
  for (const Lost& lost : lost_effect_) {
    if (!lost.statement->is_reference()) continue;
    lost_keys.insert(lost.key);
    batch_.erase(view_family::references, order_key_bytes(lost.key));
  }
  reference_lost_ = !lost_keys.empty();
  std::vector<std::shared_ptr<const Statement>> news;
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    if (!fresh_[i].is_reference() || !has_effect_[i]) continue;
    news.push_back(std::make_shared<const Statement>(fresh_[i]));
    batch_.put(view_family::references, order_key_bytes(fresh_[i].key), "");
  }
  if (news.empty() && !reference_lost_) return Done{};
  for (const auto& statement : basis_.reference->statements()) {
    if (!lost_keys.contains(statement->key)) news.push_back(statement);
  }
  reference_ = std::make_shared<const Reference>(std::move(news));
  return Done{};
}

// Terms that no plan asked for before wait for a round of filling. A plan without effect asks too:
// it may have had effect here until an earlier record of its identity came, and rows do not depend
// on what came when.
void ViewUpdate::add_terms() {
  std::set<TermId> known;
  for (const Statement& statement : fresh_) {
    const auto* said = std::get_if<PlanSaid>(&statement.said);
    if (said == nullptr) continue;
    if (known.empty()) {
      for (const TermSlot& slot : slots_) known.insert(slot.id);
    }
    for (Term& term : terms_of(*said->plan)) {
      const TermId id = id_of(term);
      if (!known.insert(id).second) continue;
      batch_.put(view_family::terms, id.view(), canonical(term));
      backfill_.queued.insert(id);
      slots_.push_back({id, std::move(term)});
    }
  }
}

Status ViewUpdate::load_subjects() {
  std::vector<std::string> keys;
  for (const SubjectKey& subject : chosen_) keys.push_back(subject.bytes());
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  TRY_ASSIGN(rows, basis_.rows.get_many(view_family::subjects, views));
  changes_.resize(chosen_.size());
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    changes_[i].subject = chosen_[i];
    if (!rows[i]) continue;
    for (const RecordMark& mark : parse_marks(*rows[i])) changes_[i].before.push_back({mark});
    changes_[i].after = changes_[i].before;
  }
  return Done{};
}

ViewUpdate::SubjectChange& ViewUpdate::change_of(const SubjectKey& subject) {
  const auto found = std::lower_bound(chosen_.begin(), chosen_.end(), subject);
  return changes_[static_cast<std::size_t>(found - chosen_.begin())];
}

// Puts the new records into their subjects, in the order of K, and takes the effect from those that
// lost it.
void ViewUpdate::place_records() {
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    for (const SubjectKey& subject : fresh_[i].subjects) {
      SubjectChange& change = change_of(subject);
      change.after.push_back({{fresh_[i].key, has_effect_[i]}, &fresh_[i]});
      change.records_changed = true;
    }
  }
  for (const Lost& lost : lost_effect_) {
    for (const SubjectKey& subject : lost.statement->subjects) {
      SubjectChange& change = change_of(subject);
      change.records_changed = true;
      for (Said& said : change.after) {
        if (said.mark.key == lost.key) said.mark.has_effect = false;
      }
    }
  }
  std::vector<RecordMark> marks;
  for (SubjectChange& change : changes_) {
    if (!change.records_changed) continue;
    std::sort(change.after.begin(), change.after.end(),
              [](const Said& a, const Said& b) { return a.mark.key < b.mark.key; });
    marks.clear();
    for (const Said& said : change.after) marks.push_back(said.mark);
    batch_.put(view_family::subjects, change.subject.bytes(), marks_value(marks));
  }
}

Result<const Statement*> ViewUpdate::load(const OrderKey& key) {
  if (const auto found = loaded_by_key_.find(key); found != loaded_by_key_.end()) {
    return found->second;
  }
  if (terms_.size() != slots_.size()) {
    terms_.clear();
    for (const TermSlot& slot : slots_) terms_.push_back(&slot.term);
  }
  TRY_ASSIGN(effect, read_effect(basis_.log, key.stream, key.position));
  loaded_.push_back(statement_reader_.read(effect, terms_));
  loaded_by_key_.emplace(key, &loaded_.back());
  return static_cast<const Statement*>(&loaded_.back());
}

Status ViewUpdate::load_statements() {
  // Those loaded before the new terms were known were not asked for them.
  loaded_by_key_.clear();
  for (SubjectChange& change : changes_) {
    if (!has_fold(change.subject)) continue;
    for (auto* records : {&change.before, &change.after}) {
      for (Said& said : *records) {
        if (!said.mark.has_effect || said.statement != nullptr) continue;
        TRY_ASSIGN(statement, load(said.mark.key));
        said.statement = statement;
      }
    }
  }
  return Done{};
}

Derived ViewUpdate::fold_records(const SubjectChange& change, const std::vector<Said>& records,
                                 const std::vector<bool>& wanted,
                                 const Reference& reference) const {
  std::vector<const Statement*> statements;
  for (const Said& said : records) {
    if (said.mark.has_effect) statements.push_back(said.statement);
  }
  if (statements.empty()) return {};
  return fold(change.subject, statements, slots_, wanted, reference);
}

void ViewUpdate::fold_range(std::size_t begin, std::size_t end, WriteBatch& writes,
                            RollupDelta& delta) const {
  const WantedSlots before = wanted_slots(slots_, basis_.slots.size(), basis_.backfill);
  const WantedSlots after = wanted_slots(slots_, slots_.size(), backfill_);
  for (std::size_t i = begin; i < end; ++i) {
    const SubjectChange& change = changes_[i];
    if (!has_fold(change.subject)) continue;
    Derived was = fold_records(change, change.before, before.of(change.subject), *basis_.reference);
    Derived is = fold_records(change, change.after, after.of(change.subject), *reference_);
    for (const Amount& amount : was.amounts) delta.add(amount, -1);
    for (const Amount& amount : is.amounts) delta.add(amount, 1);
    write_difference(was.rows, is.rows, writes);
  }
}

void ViewUpdate::fold_subjects(RollupDelta::Cells& cells) {
  const auto knowledge = reference_->all();
  std::mutex mutex;
  basis_.parallel(changes_.size(), [&](std::size_t begin, std::size_t end) {
    WriteBatch writes;
    RollupDelta delta(knowledge->tree, slots_);
    fold_range(begin, end, writes, delta);
    const std::lock_guard lock(mutex);
    delta.spread(cells);
    batch_.append(writes);
  });
}

// Facts that were there before this step, of units that now stand elsewhere.
Status ViewUpdate::move_rollups(RollupDelta::Cells& cells) {
  if (reference_ == basis_.reference) return Done{};
  const auto before = basis_.reference->all();
  const auto after = reference_->all();
  RollupDelta leaving(before->tree, slots_);
  RollupDelta arriving(after->tree, slots_);
  for (const std::string& unit : moved_units(before->tree, after->tree)) {
    for (uint32_t slot = 0; slot < basis_.slots.size(); ++slot) {
      if (!slots_[slot].term.additive()) continue;
      TRY_DO(
          reader_.facts(slots_[slot].id, unit, {day_min, day_max}, Moment{}, [&](const Fact& fact) {
            const Amount amount{slot, unit, fact.day, fact.amount};
            leaving.add(amount, -1);
            arriving.add(amount, 1);
          }));
    }
  }
  leaving.spread(cells);
  arriving.spread(cells);
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

// Which subjects a step must fold again: those that its records speak of, those that something new
// releases or holds, and the next ones of those to be filled with new terms.
#include <algorithm>
#include <set>

#include "events/bytes.h"
#include "events/scan_end.h"
#include "projector/view_update.h"

namespace tiendo {

Status ViewUpdate::choose_subjects() {
  for (const Statement& statement : fresh_) {
    chosen_.insert(chosen_.end(), statement.subjects.begin(), statement.subjects.end());
  }
  for (const Lost& lost : lost_effect_) {
    chosen_.insert(chosen_.end(), lost.statement->subjects.begin(), lost.statement->subjects.end());
  }
  TRY_DO(choose_released());
  TRY_DO(choose_backfill());
  std::sort(chosen_.begin(), chosen_.end());
  chosen_.erase(std::unique(chosen_.begin(), chosen_.end()), chosen_.end());
  return Done{};
}

// Subjects with records that came before what they speak of, where that is now known, or known
// from another record on. Where a record of reference data lost its effect, any may be concerned.
Status ViewUpdate::choose_released() {
  if (reference_ == basis_.reference) return Done{};
  if (reference_lost_) return choose_all();
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    const auto* plan = std::get_if<PlanSaid>(&fresh_[i].said);
    if (has_effect_[i] && plan != nullptr) TRY_DO(choose_held(HeldFor::plan, plan->plan->id));
  }
  TRY_DO(choose_known_units());
  return reference_->guard() == nullptr ? Status(Done{}) : choose_unheard();
}

// A grant can make units known, and one that comes late unknown.
Status ViewUpdate::choose_known_units() {
  std::set<std::string> spoken_of;
  if (reference_->guard() != nullptr) {
    for (const auto& [unit, from] : reference_->units_known_from()) spoken_of.insert(unit);
    for (const auto& [unit, from] : basis_.reference->units_known_from()) spoken_of.insert(unit);
  }
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    const auto* said = std::get_if<UnitSaid>(&fresh_[i].said);
    if (has_effect_[i] && said != nullptr) spoken_of.insert(said->unit);
  }
  for (const std::string& unit : spoken_of) {
    const auto before = basis_.reference->unit_known_from(unit);
    const auto after = reference_->unit_known_from(unit);
    if (before == after) continue;
    if (before && (!after || *before < *after)) return choose_all();
    TRY_DO(choose_held(HeldFor::unit, unit));
  }
  return Done{};
}

// Subjects with records whose source may now speak where it might not, or the other way round.
Status ViewUpdate::choose_unheard() {
  TRY_ASSIGN(last, last_known());
  if (!last) return Done{};
  if (may_unhear(*last) || has_other_past(*last)) return choose_all();
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    const auto* said = std::get_if<GrantSaid>(&fresh_[i].said);
    if (has_effect_[i] && said != nullptr) TRY_DO(choose_held(HeldFor::grant, said->source));
  }
  // Where units stood decides who may speak of them. Days that no record is of yet do not matter.
  const Window days{local_day(reference_->guard()->first().recorded_at),
                    local_day(last->recorded_at)};
  const auto moved = moved_units(basis_.reference->all()->tree, reference_->all()->tree, days);
  return moved.empty() ? Status(Done{}) : choose_all();
}

// A grant that comes before all others limits everyone, and a revocation its source, from their
// place on: that is felt by older records where they come late.
bool ViewUpdate::may_unhear(const OrderKey& last) const {
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    const auto* said = std::get_if<GrantSaid>(&fresh_[i].said);
    if (!has_effect_[i] || said == nullptr || fresh_[i].key > last) continue;
    const bool limits =
        said->what == GrantSaid::What::revoked || fresh_[i].key == reference_->guard()->first();
    if (limits) return true;
  }
  return false;
}

// Whether units may have stood elsewhere at some time in the past, as then known: a record of them
// comes late, or one from before had effect at another time than was thought. A unit that nobody
// knew, and that none hangs under, changes nothing.
bool ViewUpdate::has_other_past(const OrderKey& last) const {
  std::set<std::string> named;
  for (const auto& statement : basis_.reference->statements()) {
    const auto* said = std::get_if<UnitSaid>(&statement->said);
    const auto* succession = std::get_if<SuccessionSaid>(&statement->said);
    if (said == nullptr && succession == nullptr) continue;
    if (said != nullptr) named.insert(said->unit);
    if (said != nullptr && said->parent) named.insert(*said->parent);
    if (succession != nullptr) named.merge(succession->units());
    const auto before = basis_.reference->effective_from(*statement);
    const auto after = reference_->effective_from(*statement);
    if (before != after && ((before && *before <= last) || (after && *after <= last))) return true;
  }
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    const auto* said = std::get_if<UnitSaid>(&fresh_[i].said);
    if (!has_effect_[i] || fresh_[i].key > last) continue;
    if (std::holds_alternative<SuccessionSaid>(fresh_[i].said)) return true;
    if (said == nullptr) continue;
    if (said->what == UnitSaid::What::renamed || said->what == UnitSaid::What::attributes_set) {
      continue;
    }
    if (named.contains(said->unit)) return true;
  }
  return false;
}

// The last record, in order, that was read before this step.
Result<std::optional<OrderKey>> ViewUpdate::last_known() const {
  std::optional<OrderKey> last;
  TRY_ASSIGN(checkpoint, reader_.checkpoint());
  for (const auto& [stream, next] : checkpoint) {
    if (next == 0) continue;
    TRY_ASSIGN(record, basis_.log.read(stream, next - 1));
    last = std::max(last.value_or(record.key()), record.key());
  }
  return last;
}

Status ViewUpdate::choose_all() {
  for (const char kind : folded_subjects) TRY_DO(choose_all(kind));
  return Done{};
}

Status ViewUpdate::choose_held(HeldFor what, const std::string& name) {
  std::string prefix(1, static_cast<char>(what));
  bytes::put_key_text(prefix, name);
  return reader_.held(prefix, [&](std::string_view key, const Held& held) {
    if (!key.starts_with(prefix)) return false;
    chosen_.push_back(held.subject);
    return true;
  });
}

Status ViewUpdate::choose_all(char kind) {
  const auto cursor = basis_.rows.cursor(view_family::subjects);
  std::string last(1, kind);
  for (cursor->seek(last); cursor->valid(); cursor->next()) {
    if (cursor->key().front() != kind) break;
    last = cursor->key();
    chosen_.push_back(*parse_subject_key(last));
  }
  return scan_end(*cursor, last);
}

// Goes on filling new terms, from the subject after the cursor.
Status ViewUpdate::choose_backfill() {
  const auto begin_round = [&] {
    backfill_.building = std::move(backfill_.queued);
    backfill_.queued.clear();
    backfill_.cursor.clear();
  };
  if (basis_.backfill.building.empty()) {
    begin_round();
    return Done{};
  }
  const auto cursor = basis_.rows.cursor(view_family::subjects);
  std::string last = backfill_.cursor.empty() ? std::string(1, activity_subject) : backfill_.cursor;
  cursor->seek(last + '\0');
  const auto more = [&] { return cursor->valid() && cursor->key().front() == activity_subject; };
  for (; more() && filled_ < basis_.backfill_subjects; cursor->next(), ++filled_) {
    last = cursor->key();
    chosen_.push_back(*parse_subject_key(last));
  }
  const bool is_round_over = !more();
  TRY_DO(scan_end(*cursor, last));
  if (is_round_over) {
    begin_round();
  } else {
    backfill_.cursor = last;
  }
  return Done{};
}

}  // namespace tiendo

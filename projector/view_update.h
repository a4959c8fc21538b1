// One step of the projector: what a set of new records changes in the views, as one batch.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "projector/projector.h"
#include "projector/rollup.h"

namespace tiendo {

class ViewUpdate {
 public:
  struct Basis {
    const Snapshot& rows;
    LogReader log;
    std::shared_ptr<const Reference> reference;
    std::vector<TermSlot> slots;
    Backfill backfill;
    std::size_t backfill_subjects;
    const Parallel& parallel;
  };
  explicit ViewUpdate(Basis basis);

  // `records` are new accepted ones, in any order; `read` is the checkpoint once they are read.
  Status apply(const std::vector<Record>& records, const Checkpoint& read);

  // What apply() came to.
  [[nodiscard]] const WriteBatch& batch() const { return batch_; }
  [[nodiscard]] std::shared_ptr<const Reference> reference() const { return reference_; }
  [[nodiscard]] std::vector<TermSlot> take_slots() { return std::move(slots_); }
  [[nodiscard]] Backfill take_backfill() { return std::move(backfill_); }
  [[nodiscard]] std::size_t filled() const { return filled_; }

 private:
  // A subject whose rows may change: its records before this step and after it.
  struct SubjectChange {
    SubjectKey subject;
    std::vector<RecordMark> before;
    std::vector<RecordMark> after;
  };
  struct RecordHash {
    std::size_t operator()(const OrderKey& key) const {
      return std::hash<const void*>()(&key.stream.text()) ^ (key.position * 0x9E3779B97F4A7C15U);
    }
  };
  struct SubjectHash {
    std::size_t operator()(const SubjectKey& key) const { return std::hash<Hash16>()(key.hash); }
  };
  struct Write {
    ViewRow row;
    bool erase;
  };
  // Which slots are folded for subjects up to the backfill's cursor, and beyond it.
  struct Wanted {
    std::vector<bool> filled;
    std::vector<bool> unfilled;
    std::string cursor;
    [[nodiscard]] const std::vector<bool>& of(const SubjectKey& subject) const {
      return subject.bytes() <= cursor ? filled : unfilled;
    }
  };

  Status settle_identities();
  Status update_reference();
  void add_terms();
  Status gather_subjects();
  Status gather_released();
  Status gather_backfill();
  Status touch_held(HeldFor what, const std::string& name);
  Status touch_all(char kind);
  Status touch(const std::vector<SubjectKey>& subjects);
  Status load_statements();
  void fold_subjects();
  void fold_range(std::size_t begin, std::size_t end, std::vector<Write>& writes,
                  RollupDelta& delta) const;
  Status move_rollups();
  void write_progress(const Checkpoint& read);

  [[nodiscard]] Wanted wanted(const Backfill& backfill, std::size_t slot_count) const;
  [[nodiscard]] Derived fold_marks(const SubjectChange& change, const std::vector<RecordMark>& marks,
                                   const std::vector<bool>& wanted,
                                   const Reference& reference) const;
  Status load(const OrderKey& key);
  [[nodiscard]] const Statement& statement(const OrderKey& key) const {
    return *by_record_.at(key);
  }

  Basis basis_;
  ViewReader reader_;
  WriteBatch batch_;
  RollupDelta delta_;
  StatementReader statement_reader_;

  std::vector<Statement> fresh_;                    // of the new records
  std::deque<Statement> loaded_;                    // older ones that are needed again
  std::unordered_map<OrderKey, const Statement*, RecordHash> by_record_;
  std::unordered_map<OrderKey, bool, RecordHash> effects_;  // of the new records
  std::vector<OrderKey> lost_effect_;               // older records that are now void
  std::unordered_map<SubjectKey, std::size_t, SubjectHash> change_of_;
  std::vector<SubjectChange> changes_;

  std::shared_ptr<const Reference> reference_;
  bool reference_lost_ = false;                     // a record of reference data became void
  std::vector<TermSlot> slots_;
  Backfill backfill_;
  std::size_t filled_ = 0;
};

}  // namespace tiendo

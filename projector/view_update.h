// One step of the projector: what a set of new records changes in the views, as one batch.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "projector/projector.h"
#include "projector/rollup.h"

namespace tiendo {

class ViewUpdate {
 public:
  // What the step starts from; referred to until the step is done.
  struct Basis {
    const Snapshot& rows;
    LogReader log;
    std::shared_ptr<const Reference> reference;
    const std::vector<TermSlot>& slots;
    const Backfill& backfill;
    std::size_t backfill_subjects;
    const Parallel& parallel;
  };
  explicit ViewUpdate(Basis basis);

  // `fresh` are the statements of new accepted records, in any order; `read` is the checkpoint once
  // they are read.
  Status apply(std::vector<Statement> fresh, const Checkpoint& read);

  // What apply() came to.
  [[nodiscard]] const WriteBatch& batch() const { return batch_; }
  [[nodiscard]] std::shared_ptr<const Reference> reference() const { return reference_; }
  [[nodiscard]] std::vector<TermSlot> take_slots() { return std::move(slots_); }
  [[nodiscard]] Backfill take_backfill() { return std::move(backfill_); }
  [[nodiscard]] std::size_t filled() const { return filled_; }

 private:
  // A record of a subject, and what it says; none: not read, since nothing needs it.
  struct Said {
    RecordMark mark;
    const Statement* statement = nullptr;
  };
  // A subject whose rows may change: its records before this step and after it.
  struct SubjectChange {
    SubjectKey subject;
    std::vector<Said> before;
    std::vector<Said> after;
    bool records_changed = false;
  };
  struct RecordHash {
    std::size_t operator()(const OrderKey& key) const {
      return std::hash<const void*>()(&key.stream.text()) ^ (key.position * 0x9E3779B97F4A7C15U);
    }
  };

  // In this order.
  Status settle_identities();
  Status update_reference();
  void add_terms();
  Status choose_subjects();
  Status load_subjects();
  void place_records();
  Status load_statements();
  Status move_rollups(RollupDelta::Cells& cells);
  void fold_subjects(RollupDelta::Cells& cells);
  void write_progress(const Checkpoint& read);

  Status choose_released();
  Status choose_known_units();
  Status choose_unheard();
  [[nodiscard]] bool may_unhear(const OrderKey& last) const;
  [[nodiscard]] bool has_other_past(const OrderKey& last) const;
  [[nodiscard]] Result<std::optional<OrderKey>> last_known() const;
  Status choose_all();
  Status choose_held(HeldFor what, const std::string& name);
  Status choose_all(char kind);
  Status choose_backfill();
  [[nodiscard]] SubjectChange& change_of(const SubjectKey& subject);
  void fold_range(std::size_t begin, std::size_t end, WriteBatch& writes, RollupDelta& delta) const;
  [[nodiscard]] Derived fold_records(const SubjectChange& change, const std::vector<Said>& records,
                                     const std::vector<bool>& wanted,
                                     const Reference& reference) const;
  Result<const Statement*> load(const OrderKey& key);

  Basis basis_;
  ViewReader reader_;
  WriteBatch batch_;

  std::vector<Statement> fresh_;  // of the new records
  std::vector<bool> has_effect_;  // of each of them
  struct Lost {
    OrderKey key;
    const Statement* statement;
  };
  std::vector<Lost> lost_effect_;       // older records that are void from now on
  std::vector<SubjectKey> chosen_;      // subjects whose rows may change
  std::vector<SubjectChange> changes_;  // of the chosen, in their order

  StatementReader statement_reader_;
  std::vector<const Term*> terms_;  // of slots_, for loading
  std::deque<Statement> loaded_;    // older records that are needed again
  std::unordered_map<OrderKey, const Statement*, RecordHash> loaded_by_key_;

  std::shared_ptr<const Reference> reference_;
  bool reference_lost_ = false;  // a record of reference data became void
  std::vector<TermSlot> slots_;
  Backfill backfill_;
  std::size_t filled_ = 0;
};

}  // namespace tiendo

// The parts of a reconciliation: what a slice works on, what it finds, and the passes of a cycle.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "projector/reconciliation.h"

namespace tiendo {

// One unmoving state of the views, and what is needed to derive its rows.
struct ReconciliationBasis {
  std::shared_ptr<const ViewState> state;
  LogReader log;
  std::vector<TermSlot> slots;
  std::vector<const Term*> terms;  // of the slots
  WantedSlots wanted;
  [[nodiscard]] const Snapshot& rows() const { return *state->rows; }
};
// `before` spares reading the terms again where they are the same; it may be null.
[[nodiscard]] Result<std::shared_ptr<const ReconciliationBasis>> basis_of(
    std::shared_ptr<const ViewState> state, LogReader log, const ReconciliationBasis* before);

// What was gone through and found, over all cycles.
class ReconciliationTally {
 public:
  ReconciliationReport report;
  // Of the cycle under way, so that the later passes know how much there is for them.
  uint64_t marks = 0;
  uint64_t accepted = 0;
  uint64_t derived_rows = 0;
  uint64_t facts = 0;

  // A row that differs; what was noted before is not noted again.
  void note(Difference difference);
  // The row is stored as `stored` and must be `derived`. The record is the one that its key names
  // unless `record` says otherwise.
  void note(const ReconciliationBasis& basis, Family family, const std::string& key,
            const std::optional<std::string>& stored, const std::optional<std::string>& derived,
            std::optional<OrderKey> record = std::nullopt);

 private:
  std::set<Hash16> noted_;
};

class ReconciliationPass {
 public:
  virtual ~ReconciliationPass() = default;
  // Goes through about `slice` rows. True: the pass is over.
  virtual Result<bool> step(const std::shared_ptr<const ReconciliationBasis>& basis,
                            std::size_t slice, ReconciliationTally& tally) = 0;
  [[nodiscard]] virtual double progress() const = 0;  // 0 to 1, a guess
};

// Every record of the log that counts is in the index of its subjects and of its identity.
[[nodiscard]] std::unique_ptr<ReconciliationPass> make_log_pass();
// Every row that a subject's records come to is stored.
[[nodiscard]] std::unique_ptr<ReconciliationPass> make_subject_pass();
// Every row that is stored is one that its subject's records come to.
[[nodiscard]] std::unique_ptr<ReconciliationPass> make_row_pass();
// Every rollup cell is the sum of its facts.
[[nodiscard]] std::unique_ptr<ReconciliationPass> make_rollup_pass();

[[nodiscard]] inline double part_of(uint64_t done, uint64_t all) {
  return all == 0 || done >= all ? 1 : static_cast<double>(done) / static_cast<double>(all);
}

// The rows of a family behind `after` (empty: from the first on), until `visit` returns false or
// they end. The last key that was visited is left in `after`. True: they have ended.
[[nodiscard]] Result<bool> walk_rows(
    const Snapshot& rows, Family family, std::string& after,
    const std::function<bool(std::string_view key, std::string_view value)>& visit);

}  // namespace tiendo

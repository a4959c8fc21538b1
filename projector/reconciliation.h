// Reconciliation: whether the views still are what the log comes to. It goes round in cycles and
// derives again, a slice at a time, what every row must be: the index of records and the facts from
// the log, the rollups from the facts. It changes nothing; what differs is named and stays named,
// for views are mended by filling them anew.
//
// A plain object that steps, with no thread, clock or sleep of its own. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/log.h"
#include "projector/projector.h"
#include "projector/slots.h"

namespace tiendo {

// A row that is not what it must be.
struct Difference {
  Family family = 0;
  std::string key;      // the bytes of the row's key
  std::string row;      // the row in words
  std::string stored;   // what the views hold: "130 from 2", "nothing"
  std::string derived;  // what they must hold
  // The first record concerned; none: no record stands behind such a row.
  std::optional<OrderKey> record;
  // "facts: visits of D1 on 2024-05-01: the views hold 130, the log gives 120; first record
  // intake@12"
  [[nodiscard]] std::string in_words() const;
};

struct ReconciliationReport {
  uint64_t cycles = 0;  // brought to their end
  uint64_t records_checked = 0;
  uint64_t subjects_checked = 0;
  uint64_t rows_checked = 0;
  uint64_t cells_checked = 0;     // of the rollups
  uint64_t differences = 0;       // rows that differed, each once
  double progress = 0;            // of the cycle under way, 0 to 1
  std::vector<Difference> first;  // the first of them, in the order they were found
};

struct ReconciliationOptions {
  std::size_t slice = 500;  // about so many rows or records in one step
};

// What is gone through in a cycle, one after another.
class ReconciliationPass;
class ReconciliationTally;
struct ReconciliationBasis;

class Reconciliation {
 public:
  static constexpr std::size_t first_max = 20;            // differences that are told whole
  static constexpr std::size_t differences_max = 10'000;  // that are counted

  explicit Reconciliation(LogReader log, ReconciliationOptions options = ReconciliationOptions());
  ~Reconciliation();
  Reconciliation(const Reconciliation&) = delete;
  Reconciliation& operator=(const Reconciliation&) = delete;

  // Checks the next slice. `state` is the newest one, always of the same views; what is compared is
  // compared within one state, so that new records are no difference. True: a cycle has ended, and
  // nothing is kept open until the next step. After an error the next step begins a new cycle.
  Result<bool> step(std::shared_ptr<const ViewState> state);

  [[nodiscard]] ReconciliationReport report() const;

 private:
  Result<bool> step_pass(std::shared_ptr<const ViewState> state);
  void begin_cycle();

  LogReader log_;
  ReconciliationOptions options_;
  std::unique_ptr<ReconciliationTally> tally_;
  std::vector<std::unique_ptr<ReconciliationPass>> passes_;
  std::size_t pass_ = 0;
  std::shared_ptr<const ReconciliationBasis> basis_;
};

}  // namespace tiendo

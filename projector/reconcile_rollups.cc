// From facts: the sums they come to, against the cells that are stored. Term by term, each within
// one state of the views, for a cell is a sum over many units.
#include <algorithm>
#include <map>
#include <set>

#include "events/bytes.h"
#include "events/scan_end.h"
#include "projector/reconcile.h"
#include "projector/rollup.h"
#include "projector/row_words.h"

namespace tiendo {
namespace {

constexpr std::size_t id_bytes = 16;

// Reads the facts of a term in slices and passes on those that stand, as ViewReader::facts() does
// for one unit.
class FactWalk {
 public:
  using Visit = std::function<void(const std::string& unit, const Fact&)>;
  explicit FactWalk(const TermId& term) : term_(term.view()), after_(term.view()) {}

  // True: all are read, and the last one is passed on.
  Result<bool> step(const Snapshot& rows, std::size_t slice, const Visit& visit) {
    bool beyond = false;
    std::size_t taken = 0;
    TRY_ASSIGN(ended, walk_rows(rows, view_family::facts, after_,
                                [&](std::string_view key, std::string_view value) {
                                  beyond = !key.starts_with(term_);
                                  if (beyond) return false;
                                  take(key.substr(id_bytes), value, visit);
                                  return ++taken < slice;
                                }));
    read_ += taken;
    if (!ended && !beyond) return false;
    if (held_) give(visit);
    return true;
  }
  [[nodiscard]] uint64_t read() const { return read_; }

 private:
  // What cannot be read is left out here: it is told where all rows are gone through.
  void take(std::string_view key, std::string_view value, const Visit& visit) {
    bytes::Taker taker(key);
    const std::string unit(taker.take_key_text());
    Fact fact{.from = {}};
    if (!taker.ok() || !parse_fact(taker.rest(), value, fact)) return;
    if (held_ && (unit != unit_ || held_->day != fact.day || held_->subject != fact.subject)) {
      give(visit);
    }
    unit_ = unit;
    held_ = std::move(fact);
  }

  void give(const Visit& visit) {
    if (!held_->retracted) visit(unit_, *held_);
    held_.reset();
  }

  std::string term_;
  std::string after_;
  uint64_t read_ = 0;
  std::string unit_;
  std::optional<Fact> held_;
};

// The cells of one term.
class TermCheck {
 public:
  TermCheck(std::shared_ptr<const ReconciliationBasis> basis, const TermSlot& slot)
      : basis_(std::move(basis)),
        knowledge_(basis_->state->reference->all()),
        slots_{slot},
        delta_(knowledge_->tree, slots_),
        facts_(slot.id) {
    if (!slot.term.additive()) stage_ = Stage::own_cells;
    after_ = prefix(RollupScope::own);
  }

  // True: all is checked, and what differs is noted.
  Result<bool> step(std::size_t slice, ReconciliationTally& tally) {
    switch (stage_) {
      case Stage::facts:
        return sum_facts(slice);
      case Stage::own_cells:
      case Stage::subtree_cells:
        return compare_cells(slice, tally);
      case Stage::tracing:
        return trace(slice, tally);
    }
    return true;
  }
  [[nodiscard]] uint64_t read() const { return read_; }

 private:
  enum class Stage { facts, own_cells, subtree_cells, tracing };
  struct Wrong {
    std::optional<std::string> stored;
    std::optional<std::string> derived;
    std::optional<OrderKey> first;  // of the records behind it
  };

  [[nodiscard]] std::string prefix(RollupScope scope) const {
    return static_cast<char>(scope) + std::string(slots_.front().id.view());
  }

  Result<bool> sum_facts(std::size_t slice) {
    TRY_ASSIGN(over,
               facts_.step(basis_->rows(), slice, [&](const std::string& unit, const Fact& fact) {
                 delta_.add({0, unit, fact.day, fact.amount}, 1);
               }));
    read_ = facts_.read();
    if (over) {
      delta_.spread(cells_);
      stage_ = Stage::own_cells;
    }
    return false;
  }

  Result<bool> compare_cells(std::size_t slice, ReconciliationTally& tally) {
    const bool is_own = stage_ == Stage::own_cells;
    const std::string all = prefix(is_own ? RollupScope::own : RollupScope::subtree);
    bool beyond = false;
    std::size_t taken = 0;
    TRY_ASSIGN(ended, walk_rows(basis_->rows(), view_family::rollups, after_,
                                [&](std::string_view key, std::string_view value) {
                                  beyond = !key.starts_with(all);
                                  if (beyond) return false;
                                  compare(std::string(key), value);
                                  return ++taken < slice;
                                }));
    tally.report.cells_checked += taken;
    if (!ended && !beyond) return false;
    after_ = prefix(RollupScope::subtree);
    stage_ = is_own ? Stage::subtree_cells : Stage::tracing;
    return !is_own && !begin_tracing(tally);
  }

  void compare(const std::string& key, std::string_view stored) {
    std::optional<std::string> derived;
    if (const auto cell = cells_.find(key); cell != cells_.end()) {
      if (!cell->second.is_zero()) derived = cell_value(cell->second);
      cells_.erase(cell);
    }
    if (derived == stored) return;
    wrong_.emplace(key, Wrong{std::string(stored), derived, std::nullopt});
  }

  // False: nothing is wrong.
  bool begin_tracing(ReconciliationTally& tally) {
    for (const auto& [key, cell] : cells_) {
      if (cell.is_zero()) continue;
      ++tally.report.cells_checked;
      wrong_.emplace(key, Wrong{std::nullopt, cell_value(cell), std::nullopt});
    }
    facts_ = FactWalk(slots_.front().id);  // once more, from the first on
    return !wrong_.empty();
  }

  // Looks for the first record behind each cell that is wrong.
  Result<bool> trace(std::size_t slice, ReconciliationTally& tally) {
    TRY_ASSIGN(over,
               facts_.step(basis_->rows(), slice, [&](const std::string& unit, const Fact& fact) {
                 RollupDelta one(knowledge_->tree, slots_);
                 one.add({0, unit, fact.day, fact.amount}, 1);
                 RollupDelta::Cells cells;
                 one.spread(cells);
                 for (const auto& [key, cell] : cells) {
                   const auto wrong = wrong_.find(key);
                   if (wrong == wrong_.end()) continue;
                   std::optional<OrderKey>& first = wrong->second.first;
                   if (!first || fact.origin() < *first) first = fact.origin();
                 }
               }));
    if (!over) return false;
    for (const auto& [key, wrong] : wrong_) {
      tally.note(*basis_, view_family::rollups, key, wrong.stored, wrong.derived, wrong.first);
    }
    return true;
  }

  std::shared_ptr<const ReconciliationBasis> basis_;
  std::shared_ptr<const Knowledge> knowledge_;
  std::vector<TermSlot> slots_;  // the one
  RollupDelta delta_;
  FactWalk facts_;
  uint64_t read_ = 0;  // facts that were summed
  Stage stage_ = Stage::facts;
  std::string after_;
  RollupDelta::Cells cells_;
  std::map<std::string, Wrong> wrong_;
};

class RollupPass final : public ReconciliationPass {
 public:
  Result<bool> step(const std::shared_ptr<const ReconciliationBasis>& basis, std::size_t slice,
                    ReconciliationTally& tally) override {
    all_ = tally.facts;
    if (!term_) {
      const auto next = std::upper_bound(
          basis->slots.begin(), basis->slots.end(), last_,
          [](const std::optional<TermId>& last, const TermSlot& one) { return last < one.id; });
      if (next == basis->slots.end()) {
        TRY_DO(look_for_strangers(*basis, tally));
        return true;
      }
      last_ = next->id;
      term_ = std::make_unique<TermCheck>(basis, *next);
    }
    TRY_ASSIGN(over, term_->step(slice, tally));
    if (over) {
      done_ += term_->read();
      term_.reset();
    }
    return false;
  }

  [[nodiscard]] double progress() const override {
    return all_ == 0 ? 0 : part_of(done_ + (term_ ? term_->read() : 0), all_);
  }

 private:
  // Cells of terms that there are not.
  static Status look_for_strangers(const ReconciliationBasis& basis, ReconciliationTally& tally) {
    std::set<std::string, std::less<>> known;
    for (const TermSlot& slot : basis.slots) {
      for (const char scope : {'o', 's'}) known.insert(scope + std::string(slot.id.view()));
    }
    const auto cursor = basis.rows().cursor(view_family::rollups);
    std::string last;
    std::size_t noted = 0;
    for (cursor->seek(""); cursor->valid() && noted < Reconciliation::first_max;) {
      last = cursor->key();
      const std::string all = last.substr(0, 1 + id_bytes);
      if (known.contains(all)) {
        last = all + '\xff';  // behind its cells: no unit begins so
        cursor->seek(last);
        continue;
      }
      tally.note(basis, view_family::rollups, last, std::string(cursor->value()), std::nullopt);
      ++noted;
      cursor->next();
    }
    return scan_end(*cursor, last);
  }

  std::optional<TermId> last_;
  std::unique_ptr<TermCheck> term_;
  uint64_t done_ = 0;
  uint64_t all_ = 0;
};

}  // namespace

std::unique_ptr<ReconciliationPass> make_rollup_pass() { return std::make_unique<RollupPass>(); }

}  // namespace tiendo

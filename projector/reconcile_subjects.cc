// From the records of subjects: what they come to, against the rows that are stored.
#include <algorithm>
#include <map>

#include "projector/fold.h"
#include "projector/reconcile.h"
#include "projector/row_words.h"

namespace tiendo {
namespace {

using Marks = std::vector<RecordMark>;

// Folds subjects again.
class SubjectFolder {
 public:
  // Nothing where its records cannot be read any more; that is noted.
  Result<std::optional<std::vector<ViewRow>>> fold(const ReconciliationBasis& basis,
                                                   const SubjectKey& subject, const Marks& marks,
                                                   ReconciliationTally& tally) {
    std::vector<Statement> statements;
    for (const RecordMark& mark : marks) {
      auto effect = read_effect(basis.log, mark.key.stream, mark.key.position);
      if (!effect.ok() && effect.error().code != "not_found") return effect.error();
      if (effect.ok()) statements.push_back(reader_.read(*effect, basis.terms));
      if (!effect.ok() || !is_of(statements.back(), mark, subject)) {
        tally.note({.family = view_family::subjects,
                    .key = subject.bytes(),
                    .row = place_of_row(view_family::subjects, subject.bytes(), basis.slots).words,
                    .stored = "a mark of the record",
                    .derived = "no such record of this subject",
                    .record = mark.key});
        return std::optional<std::vector<ViewRow>>();
      }
    }
    std::vector<const Statement*> with_effect;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (marks[i].has_effect) with_effect.push_back(&statements[i]);
    }
    if (with_effect.empty() || !has_fold(subject)) return std::optional(std::vector<ViewRow>());
    return std::optional(tiendo::fold(subject, with_effect, basis.slots, basis.wanted.of(subject),
                                      *basis.state->reference)
                             .rows);
  }

 private:
  static bool is_of(const Statement& statement, const RecordMark& mark, const SubjectKey& subject) {
    const auto& all = statement.subjects;
    return statement.key == mark.key && std::find(all.begin(), all.end(), subject) != all.end();
  }

  StatementReader reader_;
};

bool in_order(const Marks& marks) {
  const auto not_before = [](const RecordMark& a, const RecordMark& b) { return a.key >= b.key; };
  return std::adjacent_find(marks.begin(), marks.end(), not_before) == marks.end();
}

// Where a row of marks cannot be read or is out of order, that is noted.
std::optional<Marks> marks_of(const ReconciliationBasis& basis, const std::string& key,
                              const std::string& value, ReconciliationTally& tally) {
  auto marks = try_parse_marks(value);
  if (marks && !marks->empty() && in_order(*marks)) return marks;
  tally.note({.family = view_family::subjects,
              .key = key,
              .row = place_of_row(view_family::subjects, key, basis.slots).words,
              .stored = "what is no list of records in their order",
              .derived = "one",
              .record = std::nullopt});
  return std::nullopt;
}

class SubjectPass final : public ReconciliationPass {
 public:
  Result<bool> step(const std::shared_ptr<const ReconciliationBasis>& basis, std::size_t slice,
                    ReconciliationTally& tally) override {
    std::vector<std::pair<std::string, std::string>> taken;
    std::size_t bytes = 0;
    TRY_ASSIGN(ended, walk_rows(basis->rows(), view_family::subjects, after_,
                                [&](std::string_view key, std::string_view value) {
                                  taken.emplace_back(key, value);
                                  bytes += value.size();
                                  return taken.size() < slice && bytes < slice * mark_bytes;
                                }));
    for (const auto& [key, value] : taken) TRY_DO(check(*basis, key, value, tally));
    done_ = tally.marks;
    all_ = tally.accepted;
    return ended;
  }

  [[nodiscard]] double progress() const override { return all_ == 0 ? 0 : part_of(done_, all_); }

 private:
  static constexpr std::size_t mark_bytes = 40;  // about

  Status check(const ReconciliationBasis& basis, const std::string& key, const std::string& value,
               ReconciliationTally& tally) {
    ++tally.report.subjects_checked;
    const auto subject = parse_subject_key(key);
    const auto marks = subject ? marks_of(basis, key, value, tally) : std::nullopt;
    if (!subject) {
      tally.note(basis, view_family::subjects, key, value, std::nullopt);
    }
    if (!marks) return Done{};
    tally.marks += marks->size();
    TRY_ASSIGN(derived, folder_.fold(basis, *subject, *marks, tally));
    return derived ? compare(basis, *derived, tally) : Done{};
  }

  static Status compare(const ReconciliationBasis& basis, std::vector<ViewRow>& derived,
                        ReconciliationTally& tally) {
    tally.derived_rows += derived.size();
    tally.report.rows_checked += derived.size();
    std::sort(derived.begin(), derived.end());
    for (auto begin = derived.begin(); begin != derived.end();) {
      const auto end = std::find_if(
          begin, derived.end(), [&](const ViewRow& row) { return row.family != begin->family; });
      std::vector<std::string_view> keys;
      for (auto row = begin; row != end; ++row) keys.push_back(row->key);
      TRY_ASSIGN(stored, basis.rows().get_many(begin->family, keys));
      for (std::size_t i = 0; i < keys.size(); ++i, ++begin) {
        if (stored[i] == begin->value) continue;
        tally.note(basis, begin->family, begin->key, stored[i], begin->value);
      }
    }
    return Done{};
  }

  std::string after_;
  uint64_t done_ = 0;
  uint64_t all_ = 0;
  SubjectFolder folder_;
};

// The families whose rows are folded from subjects.
constexpr std::array folded_families = {view_family::facts, view_family::reports,
                                        view_family::declared, view_family::held};

class RowPass final : public ReconciliationPass {
 public:
  Result<bool> step(const std::shared_ptr<const ReconciliationBasis>& basis, std::size_t slice,
                    ReconciliationTally& tally) override {
    const Family family = folded_families[family_];
    std::vector<std::pair<std::string, std::string>> taken;
    TRY_ASSIGN(ended, walk_rows(basis->rows(), family, after_,
                                [&](std::string_view key, std::string_view value) {
                                  taken.emplace_back(key, value);
                                  return taken.size() < slice;
                                }));
    done_ += taken.size();
    all_ = tally.derived_rows;
    if (family == view_family::facts) tally.facts += taken.size();
    TRY_DO(check(*basis, family, taken, tally));
    if (!ended) return false;
    after_.clear();
    return ++family_ == folded_families.size();
  }

  [[nodiscard]] double progress() const override { return all_ == 0 ? 0 : part_of(done_, all_); }

 private:
  using Rows = std::vector<std::pair<std::string, std::string>>;

  // Rows of one subject lie apart; each is folded once for all that were taken.
  Status check(const ReconciliationBasis& basis, Family family, const Rows& taken,
               ReconciliationTally& tally) {
    std::map<SubjectKey, std::vector<const Rows::value_type*>> by_subject;
    for (const auto& row : taken) {
      const RowPlace place = place_of_row(family, row.first, {});
      if (place.subject) {
        by_subject[*place.subject].push_back(&row);
      } else {
        tally.note(basis, family, row.first, row.second, std::nullopt);
      }
    }
    for (const auto& [subject, rows] : by_subject) {
      TRY_ASSIGN(derived, derive(basis, subject, tally));
      if (!derived) continue;
      std::sort(derived->begin(), derived->end());
      for (const auto* row : rows) {
        const ViewRow least{family, row->first, ""};
        const auto found = std::lower_bound(derived->begin(), derived->end(), least);
        const bool is_derived =
            found != derived->end() && found->family == family && found->key == row->first;
        if (!is_derived) tally.note(basis, family, row->first, row->second, std::nullopt);
      }
    }
    return Done{};
  }

  Result<std::optional<std::vector<ViewRow>>> derive(const ReconciliationBasis& basis,
                                                     const SubjectKey& subject,
                                                     ReconciliationTally& tally) {
    const std::string key = subject.bytes();
    TRY_ASSIGN(value, basis.rows().get(view_family::subjects, key));
    if (!value) return std::optional(std::vector<ViewRow>());
    const auto marks = marks_of(basis, key, *value, tally);
    if (!marks) return std::optional<std::vector<ViewRow>>();
    return folder_.fold(basis, subject, *marks, tally);
  }

  std::size_t family_ = 0;
  std::string after_;
  uint64_t done_ = 0;
  uint64_t all_ = 0;
  SubjectFolder folder_;
};

}  // namespace

std::unique_ptr<ReconciliationPass> make_subject_pass() { return std::make_unique<SubjectPass>(); }
std::unique_ptr<ReconciliationPass> make_row_pass() { return std::make_unique<RowPass>(); }

}  // namespace tiendo

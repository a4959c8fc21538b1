// From the log: each record that counts is where the views look for it.
#include <algorithm>

#include "projector/fold.h"
#include "projector/reconcile.h"
#include "projector/row_words.h"

namespace tiendo {
namespace {

constexpr std::size_t slice_bytes = 8u << 20;  // of messages, about

std::string key_bytes(const OrderKey& key) {
  std::string bytes;
  append_order_key(bytes, key);
  return bytes;
}

std::string effect_in_words(std::optional<bool> has_effect) {
  if (!has_effect) return "no mark of the record";
  return *has_effect ? "a mark of the record, with effect" : "a mark of the record, without effect";
}

// Whether the record has effect by the marks of a row; none: it is not among them, or they cannot
// be read.
std::optional<bool> effect_in(const std::optional<std::string>& row, const OrderKey& record) {
  if (!row) return std::nullopt;
  const auto marks = try_parse_marks(*row);
  if (!marks) return std::nullopt;
  const auto mark = std::find_if(marks->begin(), marks->end(),
                                 [&](const RecordMark& one) { return one.key == record; });
  return mark == marks->end() ? std::nullopt : std::optional(mark->has_effect);
}

// Of the records that bear an identity the first in the order of K has effect.
bool is_first_in(const std::optional<std::string>& row, const OrderKey& record) {
  const auto marks = row ? try_parse_marks(*row) : std::nullopt;
  return marks && std::all_of(marks->begin(), marks->end(),
                              [&](const RecordMark& one) { return record <= one.key; });
}

class LogPass final : public ReconciliationPass {
 public:
  Result<bool> step(const std::shared_ptr<const ReconciliationBasis>& basis, std::size_t slice,
                    ReconciliationTally& tally) override {
    if (!end_) end_ = basis->state->checkpoint;
    const auto behind = std::find_if(end_->begin(), end_->end(), [&](const auto& stream) {
      return read_[stream.first] < stream.second;
    });
    if (behind == end_->end()) return true;
    uint64_t& read = read_[behind->first];
    TRY_ASSIGN(statements, read_statements(basis->log, behind->first, read,
                                           std::min(behind->second, read + slice), tally));
    TRY_DO(check(*basis, statements, tally));
    return false;
  }

  [[nodiscard]] double progress() const override {
    uint64_t all = 0;
    uint64_t done = 0;
    if (!end_) return 0;
    for (const auto& [stream, end] : *end_) {
      const auto read = read_.find(stream);
      all += end;
      done += read == read_.end() ? 0 : read->second;
    }
    return part_of(done, all);
  }

 private:
  // Of the accepted records from `read` on, which is left behind the last one.
  Result<std::vector<Statement>> read_statements(LogReader log, StreamName stream, uint64_t& read,
                                                 uint64_t end, ReconciliationTally& tally) {
    std::vector<Effect> accepted;
    std::size_t bytes = 0;
    const uint64_t begin = read;
    TRY_DO(log.scan(stream, read, end, [&](const Record& record) {
      ++read;
      if (record.judgement.verdict == Verdict::accepted) accepted.push_back({record, {}});
      bytes += record.message.value ? record.message.value->size() : 0;
      return bytes < slice_bytes;
    }));
    tally.report.records_checked += read - begin;
    tally.accepted += accepted.size();
    std::vector<Statement> statements;
    for (Effect& effect : accepted) {
      TRY_ASSIGN(resolved, effect_of(log, std::move(effect.record)));
      statements.push_back(reader_.read(resolved, {}));
    }
    return statements;
  }

  static Status check(const ReconciliationBasis& basis, const std::vector<Statement>& statements,
                      ReconciliationTally& tally) {
    std::vector<std::string_view> keys;
    for (const Statement& statement : statements) keys.push_back(statement.identity.view());
    TRY_ASSIGN(identities, basis.rows().get_many(view_family::identities, keys));
    for (std::size_t i = 0; i < statements.size(); ++i) {
      TRY_DO(check(basis, statements[i], identities[i], tally));
    }
    return Done{};
  }

  static Status check(const ReconciliationBasis& basis, const Statement& statement,
                      const std::optional<std::string>& identity, ReconciliationTally& tally) {
    const bool has_effect = is_first_in(identity, statement.key);
    const auto compare = [&](Family family, const std::string& key,
                             const std::optional<std::string>& row) {
      const auto stored = effect_in(row, statement.key);
      if (stored == has_effect) return;
      tally.note({.family = family,
                  .key = key,
                  .row = place_of_row(family, key, basis.slots).words,
                  .stored = effect_in_words(stored),
                  .derived = effect_in_words(has_effect),
                  .record = statement.key});
    };
    compare(view_family::identities, std::string(statement.identity.view()), identity);
    if (effect_in(identity, statement.key) != has_effect) return Done{};
    for (const SubjectKey& subject : statement.subjects) {
      TRY_ASSIGN(row, basis.rows().get(view_family::subjects, subject.bytes()));
      compare(view_family::subjects, subject.bytes(), row);
    }
    if (!statement.is_reference()) return Done{};
    const std::string key = key_bytes(statement.key);
    TRY_ASSIGN(reference, basis.rows().get(view_family::references, key));
    if (reference.has_value() != has_effect) {
      const std::optional<std::string> derived = has_effect ? std::optional("") : std::nullopt;
      tally.note(basis, view_family::references, key, reference, derived, statement.key);
    }
    return Done{};
  }

  std::optional<Checkpoint>
      end_;  // of what is gone through; what comes later is for the next cycle
  Checkpoint read_;
  StatementReader reader_;
};

}  // namespace

std::unique_ptr<ReconciliationPass> make_log_pass() { return std::make_unique<LogPass>(); }

}  // namespace tiendo

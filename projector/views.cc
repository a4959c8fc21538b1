#include "projector/views.h"

#include "events/bytes.h"
#include "events/ensure.h"
#include "events/scan_end.h"

namespace tiendo {
namespace {

Error corrupt(std::string_view what) {
  return {"corrupt", "the views are damaged (" + std::string(what) +
                         "); run `tiendo rebuild` to fill them anew from the log"};
}

}  // namespace

Error must_rebuild(std::string_view why) {
  return {"rebuild", "the views cannot be used (" + std::string(why) +
                         "); they will be filled anew from the log"};
}

Status ViewReader::scan(Family family, std::string_view prefix, std::string_view start,
                        const std::function<Row(std::string_view, std::string_view)>& visit) const {
  const auto cursor = snapshot_->cursor(family);
  std::string last(start);
  for (cursor->seek(start); cursor->valid() && cursor->key().starts_with(prefix); cursor->next()) {
    last = cursor->key();
    const Row row = visit(cursor->key().substr(prefix.size()), cursor->value());
    if (row == Row::unreadable) {
      return corrupt("a row of `" + views_families()[family].name + "` cannot be read");
    }
    if (row == Row::beyond) break;
  }
  return scan_end(*cursor, last);
}

Status ViewReader::fact_rows(const TermId& term, std::string_view unit, Window window,
                             const std::function<void(const Fact&)>& visit) const {
  if (window.empty()) return Done{};
  const std::string prefix = fact_prefix(term, unit);
  std::string start = prefix;
  bytes::put_i32(start, window.first.number);
  Fact fact{.from = {{}, StreamName(""), 0}};
  return scan(view_family::facts, prefix, start, [&](std::string_view key, std::string_view value) {
    if (!parse_fact(key, value, fact)) return Row::unreadable;
    if (fact.day > window.last) return Row::beyond;
    visit(fact);
    return Row::read;
  });
}

// Rows of one (day, subject) follow each other in the order of K: the last one known holds.
Status ViewReader::facts(const TermId& term, std::string_view unit, Window window,
                         const Moment& moment,
                         const std::function<void(const Fact&)>& visit) const {
  std::optional<Fact> held;
  const auto give = [&] {
    if (held && !held->retracted) visit(*held);
    held.reset();
  };
  TRY_DO(fact_rows(term, unit, window, [&](const Fact& fact) {
    if (held && (held->day != fact.day || held->subject != fact.subject)) give();
    if (moment.knows(fact.from)) held = fact;
  }));
  give();
  return Done{};
}

Result<Cell> ViewReader::cells(RollupScope scope, const TermId& term, std::string_view unit,
                               HalfMonth first, HalfMonth last) const {
  Cell sum;
  const std::string end = cell_key(scope, term, unit, last);
  const auto cursor = snapshot_->cursor(view_family::rollups);
  std::string seen = cell_key(scope, term, unit, first);
  for (cursor->seek(seen); cursor->valid() && cursor->key() <= end; cursor->next()) {
    const Cell cell = parse_cell(cursor->value());
    sum.amount += cell.amount;
    sum.contributions += cell.contributions;
    seen = cursor->key();
  }
  TRY_DO(scan_end(*cursor, seen));
  return sum;
}

Status ViewReader::report_rows(
    std::string_view plan, std::string_view unit,
    const std::function<void(std::string_view, const ReportStanding&)>& visit) const {
  const std::string prefix = reports_prefix(plan, unit);
  return scan(view_family::reports, prefix, prefix,
              [&](std::string_view key, std::string_view value) {
                bytes::Taker taker(key);
                const std::string_view period = taker.take_key_text();
                const auto standing = parse_report(taker.rest(), value);
                if (!standing) return Row::unreadable;
                visit(period, *standing);
                return Row::read;
              });
}

Status ViewReader::reports_of(
    std::string_view plan, std::string_view unit, const Moment& moment,
    const std::function<void(std::string_view, const ReportStanding&)>& visit) const {
  std::string period;
  std::optional<ReportStanding> last;
  const auto give = [&] {
    if (last && last->state != ReportStanding::State::moved) visit(period, *last);
    last.reset();
  };
  TRY_DO(report_rows(plan, unit, [&](std::string_view row_period, const ReportStanding& row) {
    if (last && (period != row_period || last->subject != row.subject)) give();
    if (!moment.knows(row.from)) return;
    period = row_period;
    last = row;
  }));
  give();
  return Done{};
}

Result<std::vector<ReportStanding>> ViewReader::reports(std::string_view plan,
                                                        std::string_view unit,
                                                        std::string_view period,
                                                        const Moment& moment) const {
  std::string prefix = reports_prefix(plan, unit);
  bytes::put_key_text(prefix, period);
  std::vector<ReportStanding> reports;
  TRY_DO(
      scan(view_family::reports, prefix, prefix, [&](std::string_view key, std::string_view value) {
        auto row = parse_report(key, value);
        if (!row) return Row::unreadable;
        if (!moment.knows(row->from)) return Row::read;
        if (!reports.empty() && reports.back().subject == row->subject) reports.pop_back();
        reports.push_back(std::move(*row));
        return Row::read;
      }));
  std::erase_if(reports, [](const ReportStanding& report) {
    return report.state == ReportStanding::State::moved;
  });
  return reports;
}

Result<std::vector<RecordMark>> ViewReader::subject(const SubjectKey& subject) const {
  TRY_ASSIGN(row, snapshot_->get(view_family::subjects, subject.bytes()));
  return row ? parse_marks(*row) : std::vector<RecordMark>();
}

Result<std::vector<RecordMark>> ViewReader::identity(const Hash16& identity) const {
  TRY_ASSIGN(row, snapshot_->get(view_family::identities, identity.view()));
  return row ? parse_marks(*row) : std::vector<RecordMark>();
}

Status ViewReader::held(std::string_view after,
                        const std::function<bool(std::string_view, const Held&)>& visit) const {
  const auto cursor = snapshot_->cursor(view_family::held);
  std::string last(after);
  for (cursor->seek(after); cursor->valid(); cursor->next()) {
    const auto held = parse_held(cursor->key(), cursor->value());
    if (!held) return corrupt("a waiting row cannot be read");
    if (!visit(cursor->key(), *held)) return Done{};
    last = cursor->key();
  }
  return scan_end(*cursor, last);
}

Result<Checkpoint> ViewReader::checkpoint() const {
  Checkpoint checkpoint;
  const auto cursor = snapshot_->cursor(view_family::meta);
  std::string last(checkpoint_prefix);
  for (cursor->seek(checkpoint_prefix);
       cursor->valid() && cursor->key().starts_with(checkpoint_prefix); cursor->next()) {
    last = cursor->key();
    bytes::Taker taker(cursor->value());
    checkpoint.emplace(StreamName(cursor->key().substr(checkpoint_prefix.size())),
                       taker.take<uint64_t>());
    if (!taker.finished()) return corrupt("a checkpoint cannot be read");
  }
  TRY_DO(scan_end(*cursor, last));
  return checkpoint;
}

Result<Digest> ViewReader::digest() const {
  Sha256 sha;
  const auto families = static_cast<Family>(views_families().size());
  for (Family family = 0; family < families; ++family) {
    const auto cursor = snapshot_->cursor(family);
    std::string last;
    for (cursor->seek(""); cursor->valid(); cursor->next()) {
      last = cursor->key();
      if (family == view_family::meta && cursor->key() == backfill_key) continue;
      std::string row;
      bytes::put(row, family);
      bytes::put_text(row, cursor->key());
      bytes::put_text(row, cursor->value());
      sha.add(row);
    }
    TRY_DO(scan_end(*cursor, last));
  }
  return sha.finish();
}

}  // namespace tiendo

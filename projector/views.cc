#include "projector/views.h"

#include "events/bytes.h"
#include "events/ensure.h"
#include "events/scan_end.h"

namespace tiendo {
namespace {

constexpr std::string_view checkpoint_prefix = "checkpoint/";

Error corrupt(std::string_view what) {
  return {"corrupt", "the views are damaged (" + std::string(what) +
                         "); run `tiendo rebuild` to fill them anew from the log"};
}

std::string fact_prefix(const TermId& term, std::string_view unit) {
  std::string key(term.view());
  bytes::put_key_text(key, unit);
  return key;
}

constexpr uint8_t retracted_flag = 1;
constexpr uint8_t said_by_flag = 2;
constexpr uint8_t elements_flag = 4;

bool parse_fact(std::string_view key, std::size_t prefix_bytes, std::string_view value,
                Fact& fact) {
  bytes::Taker from_key(key.substr(prefix_bytes));
  fact.day = {from_key.take_i32()};
  const auto subject = parse_subject_key(from_key.raw_bytes(17));
  std::string_view rest = from_key.rest();
  const auto from = take_order_key(rest);
  if (!subject || !from || !rest.empty()) return false;
  fact.subject = *subject;
  fact.from = *from;
  bytes::Taker taker(value);
  const auto flags = taker.take<uint8_t>();
  fact.retracted = (flags & retracted_flag) != 0;
  fact.amount = fact.retracted ? Decimal() : taker.take_decimal();
  fact.said_by.reset();
  if ((flags & said_by_flag) != 0) {
    std::string_view said = taker.take_text();
    fact.said_by = take_order_key(said);
  }
  fact.elements.clear();
  if ((flags & elements_flag) != 0) {
    for (auto count = taker.take<uint32_t>(); count > 0 && taker.ok(); --count) {
      fact.elements.emplace_back(taker.take_text());
    }
  }
  return taker.finished();
}

void put_order_key_text(std::string& out, const OrderKey& key) {
  std::string text;
  append_order_key(text, key);
  bytes::put_text(out, text);
}

OrderKey take_order_key_text(bytes::Taker& taker) {
  std::string_view text = taker.take_text();
  const auto key = take_order_key(text);
  ENSURE(key.has_value(), "a stored order key can be read");
  return *key;
}

void put_optional_decimal(std::string& out, const std::optional<Decimal>& value) {
  bytes::put(out, static_cast<uint8_t>(value.has_value()));
  if (value) bytes::put_decimal(out, *value);
}

std::optional<Decimal> take_optional_decimal(bytes::Taker& taker) {
  if (taker.take<uint8_t>() == 0) return std::nullopt;
  return taker.take_decimal();
}

std::string reports_prefix(std::string_view plan, std::string_view unit) {
  std::string key;
  bytes::put_key_text(key, plan);
  bytes::put_key_text(key, unit);
  return key;
}

std::optional<ReportStanding> parse_report(std::string_view subject_and_key,
                                           std::string_view value) {
  bytes::Taker from_key(subject_and_key);
  const auto subject = parse_subject_key(from_key.raw_bytes(17));
  std::string_view rest = from_key.rest();
  const auto from = take_order_key(rest);
  if (!subject || !from) return std::nullopt;
  bytes::Taker taker(value);
  const auto state = static_cast<ReportStanding::State>(taker.take<uint8_t>());
  std::string source(taker.take_text());
  std::string report(taker.take_text());
  std::string obligation(taker.take_text());
  ReportStanding::Sent sent;
  for (Instant* const at : {&sent.first, &sent.first_received, &sent.last, &sent.last_received}) {
    at->ms = taker.take_i64();
  }
  if (!taker.ok()) return std::nullopt;
  sent.first_record = take_order_key_text(taker);
  ReportStanding standing{.from = *from,
                          .subject = *subject,
                          .state = state,
                          .source = std::move(source),
                          .report = std::move(report),
                          .obligation = std::move(obligation),
                          .sent = sent};
  for (auto count = taker.take<uint32_t>(); count > 0 && taker.ok(); --count) {
    ReportedFigure figure{.indicator = std::string(taker.take_text())};
    figure.value = take_optional_decimal(taker);
    figure.numerator = take_optional_decimal(taker);
    figure.denominator = take_optional_decimal(taker);
    const OrderKey by = take_order_key_text(taker);
    standing.figures.emplace(figure.indicator, ReportStanding::Said{figure, by});
  }
  if (!taker.finished()) return std::nullopt;
  return standing;
}

}  // namespace

std::vector<FamilySpec> views_families() {
  return {{.name = "facts"},
          {.name = "rollups"},
          {.name = "subjects", .point_lookups = true},
          {.name = "identities", .point_lookups = true},
          {.name = "reports"},
          {.name = "held"},
          {.name = "references"},
          {.name = "terms"},
          {.name = "meta"}};
}

std::string fact_key(const TermId& term, std::string_view unit, const Fact& fact) {
  std::string key = fact_prefix(term, unit);
  bytes::put_i32(key, fact.day.number);
  key += fact.subject.bytes();
  append_order_key(key, fact.from);
  return key;
}

std::string fact_value(const Fact& fact) {
  std::string value;
  const bool said_by = fact.said_by.has_value() && !fact.retracted;
  const bool elements = !fact.elements.empty() && !fact.retracted;
  bytes::put(value,
             static_cast<uint8_t>((fact.retracted ? retracted_flag : 0) |
                                  (said_by ? said_by_flag : 0) | (elements ? elements_flag : 0)));
  if (!fact.retracted) bytes::put_decimal(value, fact.amount);
  if (said_by) put_order_key_text(value, *fact.said_by);
  if (elements) {
    bytes::put(value, static_cast<uint32_t>(fact.elements.size()));
    for (const std::string& element : fact.elements) bytes::put_text(value, element);
  }
  return value;
}

std::string cell_key(RollupScope scope, const TermId& term, std::string_view unit, HalfMonth half) {
  std::string key(1, static_cast<char>(scope));
  key += fact_prefix(term, unit);
  bytes::put_i32(key, half.number);
  return key;
}

std::string cell_value(const Cell& cell) {
  std::string value;
  bytes::put_i64(value, cell.amount.high());
  bytes::put(value, cell.amount.low());
  bytes::put_i64(value, cell.contributions);
  return value;
}

Cell parse_cell(std::string_view value) {
  bytes::Taker taker(value);
  Cell cell;
  const int64_t high = taker.take_i64();
  cell.amount = Sum::from_parts(high, taker.take<uint128>());
  cell.contributions = taker.take_i64();
  ENSURE(taker.finished(), "a stored rollup cell can be read");
  return cell;
}

std::string_view name_of(ReportStanding::State state) {
  switch (state) {
    case ReportStanding::State::submitted:
      return "submitted";
    case ReportStanding::State::approved:
      return "approved";
    case ReportStanding::State::reopened:
      return "reopened";
    case ReportStanding::State::returned:
      return "returned";
    case ReportStanding::State::withdrawn:
      return "withdrawn";
    case ReportStanding::State::moved:
      return "moved";
  }
  return "";
}

std::string report_key(std::string_view plan, std::string_view unit, std::string_view period,
                       const ReportStanding& report) {
  std::string key = reports_prefix(plan, unit);
  bytes::put_key_text(key, period);
  key += report.subject.bytes();
  append_order_key(key, report.from);
  return key;
}

std::string report_value(const ReportStanding& report) {
  std::string value;
  bytes::put(value, static_cast<uint8_t>(report.state));
  bytes::put_text(value, report.source);
  bytes::put_text(value, report.report);
  bytes::put_text(value, report.obligation);
  const ReportStanding::Sent& sent = report.sent;
  for (const Instant at : {sent.first, sent.first_received, sent.last, sent.last_received}) {
    bytes::put_i64(value, at.ms);
  }
  put_order_key_text(value, sent.first_record);
  bytes::put(value, static_cast<uint32_t>(report.figures.size()));
  for (const auto& [indicator, said] : report.figures) {
    bytes::put_text(value, indicator);
    put_optional_decimal(value, said.figure.value);
    put_optional_decimal(value, said.figure.numerator);
    put_optional_decimal(value, said.figure.denominator);
    put_order_key_text(value, said.by);
  }
  return value;
}

std::string held_key(HeldFor what, std::string_view name, const SubjectKey& subject,
                     const OrderKey& record) {
  std::string key(1, static_cast<char>(what));
  bytes::put_key_text(key, name);
  key += subject.bytes();
  append_order_key(key, record);
  return key;
}

std::optional<Held> parse_held(std::string_view key, std::string_view value) {
  bytes::Taker taker(key);
  const auto what = static_cast<HeldFor>(taker.take<uint8_t>());
  std::string name(taker.take_key_text());
  const auto subject = parse_subject_key(taker.raw_bytes(17));
  std::string_view rest = taker.rest();
  const auto record = take_order_key(rest);
  if (!subject || !record) return std::nullopt;
  return Held{what, std::move(name), *subject, *record, std::string(value)};
}

std::string marks_value(const std::vector<RecordMark>& marks) {
  std::string value;
  for (const RecordMark& mark : marks) {
    bytes::put(value, static_cast<uint8_t>(mark.has_effect));
    append_order_key(value, mark.key);
  }
  return value;
}

std::vector<RecordMark> parse_marks(std::string_view value) {
  std::vector<RecordMark> marks;
  while (!value.empty()) {
    const bool has_effect = value.front() != 0;
    value.remove_prefix(1);
    const auto key = take_order_key(value);
    ENSURE(key.has_value(), "a stored order key can be read");
    marks.push_back({*key, has_effect});
  }
  return marks;
}

std::string checkpoint_key(StreamName stream) {
  return std::string(checkpoint_prefix) + stream.text();
}

std::string backfill_value(const Backfill& backfill) {
  std::string value;
  for (const auto* terms : {&backfill.building, &backfill.queued}) {
    bytes::put(value, static_cast<uint32_t>(terms->size()));
    for (const TermId& term : *terms) value.append(term.view());
  }
  bytes::put_text(value, backfill.cursor);
  return value;
}

Backfill parse_backfill(std::string_view value) {
  bytes::Taker taker(value);
  Backfill backfill;
  for (auto* terms : {&backfill.building, &backfill.queued}) {
    for (auto count = taker.take<uint32_t>(); count > 0 && taker.ok(); --count) {
      const std::string_view raw = taker.raw_bytes(16);
      TermId term;
      if (raw.size() == 16) __builtin_memcpy(term.bytes.data(), raw.data(), 16);
      terms->insert(term);
    }
  }
  backfill.cursor = taker.take_text();
  ENSURE(taker.finished(), "the stored backfill can be read");
  return backfill;
}

Status ViewReader::fact_rows(const TermId& term, std::string_view unit, Window window,
                             const std::function<void(const Fact&)>& visit) const {
  if (window.empty()) return Done{};
  const std::string prefix = fact_prefix(term, unit);
  std::string start = prefix;
  bytes::put_i32(start, window.first.number);
  Fact fact{.from = {{}, StreamName(""), 0}};
  const auto cursor = snapshot_->cursor(view_family::facts);
  std::string last = start;
  for (cursor->seek(start); cursor->valid(); cursor->next()) {
    if (!cursor->key().starts_with(prefix)) break;
    last = cursor->key();
    if (!parse_fact(cursor->key(), prefix.size(), cursor->value(), fact)) {
      return corrupt("a fact cannot be read");
    }
    if (fact.day > window.last) break;
    visit(fact);
  }
  return scan_end(*cursor, last);
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
  const auto cursor = snapshot_->cursor(view_family::reports);
  std::string last = prefix;
  for (cursor->seek(prefix); cursor->valid() && cursor->key().starts_with(prefix); cursor->next()) {
    last = cursor->key();
    bytes::Taker taker(cursor->key().substr(prefix.size()));
    const std::string_view period = taker.take_key_text();
    const auto standing = parse_report(taker.rest(), cursor->value());
    if (!standing) return corrupt("a report cannot be read");
    visit(period, *standing);
  }
  return scan_end(*cursor, last);
}

Result<std::vector<ReportStanding>> ViewReader::reports(std::string_view plan,
                                                        std::string_view unit,
                                                        std::string_view period,
                                                        const Moment& moment) const {
  std::vector<ReportStanding> reports;
  TRY_DO(report_rows(plan, unit, [&](std::string_view row_period, const ReportStanding& standing) {
    if (row_period != period || !moment.knows(standing.from)) return;
    if (!reports.empty() && reports.back().subject == standing.subject) reports.pop_back();
    reports.push_back(standing);
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

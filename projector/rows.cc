#include "projector/rows.h"

#include "events/bytes.h"
#include "events/ensure.h"
#include "projector/row_bytes.h"

namespace tiendo {
namespace {

constexpr uint8_t retracted_flag = 1;
constexpr uint8_t said_by_flag = 2;
constexpr uint8_t elements_flag = 4;

// What the bytes of a reported figure hold.
constexpr uint8_t value_flag = 1;
constexpr uint8_t numerator_flag = 2;
constexpr uint8_t denominator_flag = 4;
constexpr uint8_t point_flag = 8;
constexpr uint8_t own_flag = 16;
constexpr uint8_t subtree_flag = 32;
constexpr uint8_t as_at_flag = 64;
constexpr uint8_t surveyed_flag = 128;

void put_figure(std::string& out, const ReportedFigure& figure) {
  bytes::put_text(out, figure.indicator);
  const bool own = figure.scope == Covers::own;
  const bool subtree = figure.scope == Covers::subtree;
  bytes::put(
      out, static_cast<uint8_t>(
               (figure.value ? value_flag : 0) | (figure.numerator ? numerator_flag : 0) |
               (figure.denominator ? denominator_flag : 0) | (figure.with_point ? point_flag : 0) |
               (own ? own_flag : 0) | (subtree ? subtree_flag : 0) |
               (figure.as_at ? as_at_flag : 0) | (figure.surveyed ? surveyed_flag : 0)));
  for (const auto& number : {figure.value, figure.numerator, figure.denominator}) {
    if (number) bytes::put_decimal(out, *number);
  }
  if (figure.as_at) bytes::put_i32(out, figure.as_at->number);
}

ReportedFigure take_figure(bytes::Taker& taker) {
  ReportedFigure figure{.indicator = std::string(taker.take_text())};
  const auto flags = taker.take<uint8_t>();
  const auto has = [&](uint8_t flag) { return (flags & flag) != 0; };
  if (has(value_flag)) figure.value = taker.take_decimal();
  if (has(numerator_flag)) figure.numerator = taker.take_decimal();
  if (has(denominator_flag)) figure.denominator = taker.take_decimal();
  figure.with_point = has(point_flag);
  if (has(own_flag)) figure.scope = Covers::own;
  if (has(subtree_flag)) figure.scope = Covers::subtree;
  if (has(as_at_flag)) figure.as_at = Day{taker.take_i32()};
  figure.surveyed = has(surveyed_flag);
  return figure;
}

}  // namespace

std::vector<FamilySpec> views_families() {
  return {{.name = "facts"},
          {.name = "rollups"},
          {.name = "subjects", .point_lookups = true},
          {.name = "identities", .point_lookups = true},
          {.name = "reports"},
          {.name = "declared"},
          {.name = "held"},
          {.name = "references"},
          {.name = "terms"},
          {.name = "meta"}};
}

std::string fact_prefix(const TermId& term, std::string_view unit) {
  std::string key(term.view());
  bytes::put_key_text(key, unit);
  return key;
}

std::string fact_key(const TermId& term, std::string_view unit, const Fact& fact) {
  std::string key = fact_prefix(term, unit);
  bytes::put_i32(key, fact.day.number);
  put_subject_and_key(key, fact.subject, fact.from);
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

bool parse_fact(std::string_view key, std::string_view value, Fact& fact) {
  bytes::Taker from_key(key);
  fact.day = {from_key.take_i32()};
  const auto subject_and_from = parse_subject_and_key(from_key.rest());
  if (!subject_and_from) return false;
  fact.subject = subject_and_from->subject;
  fact.from = subject_and_from->key;
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

std::string reports_prefix(std::string_view plan, std::string_view unit) {
  std::string key;
  bytes::put_key_text(key, plan);
  bytes::put_key_text(key, unit);
  return key;
}

std::string report_key(std::string_view plan, std::string_view unit, std::string_view period,
                       const ReportStanding& report) {
  std::string key = reports_prefix(plan, unit);
  bytes::put_key_text(key, period);
  put_subject_and_key(key, report.subject, report.from);
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
    put_figure(value, said.figure);
    put_order_key_text(value, said.by);
    bytes::put_i32(value, said.said_on.number);
  }
  return value;
}

std::optional<ReportStanding> parse_report(std::string_view subject_and_key,
                                           std::string_view value) {
  const auto place = parse_subject_and_key(subject_and_key);
  if (!place) return std::nullopt;
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
  ReportStanding standing{.from = place->key,
                          .subject = place->subject,
                          .state = state,
                          .source = std::move(source),
                          .report = std::move(report),
                          .obligation = std::move(obligation),
                          .sent = sent};
  for (auto count = taker.take<uint32_t>(); count > 0 && taker.ok(); --count) {
    ReportedFigure figure = take_figure(taker);
    if (!taker.ok()) return std::nullopt;
    const OrderKey by = take_order_key_text(taker);
    const Day said_on{taker.take_i32()};
    standing.figures.emplace(figure.indicator, ReportStanding::Said{figure, by, said_on});
  }
  if (!taker.finished()) return std::nullopt;
  return standing;
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

std::optional<std::vector<RecordMark>> try_parse_marks(std::string_view value) {
  std::vector<RecordMark> marks;
  while (!value.empty()) {
    const bool has_effect = value.front() != 0;
    value.remove_prefix(1);
    const auto key = take_order_key(value);
    if (!key) return std::nullopt;
    marks.push_back({*key, has_effect});
  }
  return marks;
}

std::vector<RecordMark> parse_marks(std::string_view value) {
  auto marks = try_parse_marks(value);
  ENSURE(marks.has_value(), "the stored marks of records can be read");
  return std::move(*marks);
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

}  // namespace tiendo

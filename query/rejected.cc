// GET /v1/rejected and /v1/waiting: what was refused or waits, why, and how to mend it.
#include "events/bytes.h"
#include "events/event.h"
#include "events/limits.h"
#include "query/answer.h"
#include "query/publication_standing.h"
#include "query/rejudged.h"
#include "query/routes.h"
#include "query/standing.h"
#include "query/waiting_codes.h"

namespace tiendo {
namespace {

// A page ends after so many records were looked at, though it may not be full.
constexpr uint64_t scanned_max = 200'000;

// The parameter `code`, which must be one of those there are; none: any.
Result<std::optional<std::string>> known_code(
    const Call& call, const std::function<bool(std::string_view)>& is_known) {
  auto code = text_of(call, "code");
  if (!code || is_known(*code)) return code;
  return refuse(call, "parameter_invalid",
                {"Không có mã " + *code + ".", "There is no code " + *code + "."});
}

bool is_refusal_code(std::string_view text) {
  for (uint8_t reason = 1; reason < reason_count; ++reason) {
    if (name_of(static_cast<Reason>(reason)) == text) return true;
  }
  return false;
}

Status write_refused(JsonWriter& json, const Call& call, const Record& record) {
  const Refusal& refusal = record.judgement.refusal;
  json.begin_object();
  json.field("stream", record.stream.text());
  json.field("position", record.position);
  json.field("recorded_at", record.recorded_at);
  json.field("code", name_of(refusal.reason));
  json.field("field", refusal.field);
  json.field("found", refusal.found);
  json.field("expected", refusal.expected);
  json.field("message", sentence_of(refusal));
  TRY_DO(write_rejudged(json, call, record));
  json.end_object();
  return Done{};
}

// The place to go on from: a stream and a position in it.
std::string place_bytes(StreamName stream, uint64_t position) {
  std::string bytes;
  bytes::put(bytes, position);
  return bytes + stream.text();
}

struct Scan {
  std::size_t limit;
  std::optional<std::string> code;
  std::size_t rows = 0;
  uint64_t scanned = 0;
  std::optional<std::string> next;
};

Status scan_stream(JsonWriter& json, const Call& call, StreamName stream, uint64_t from,
                   uint64_t end, Scan& scan) {
  Status written = Done{};
  TRY_DO(call.context.log.scan(stream, from, end, [&](const Record& record) {
    if (scan.rows == scan.limit || scan.scanned == scanned_max) {
      scan.next = place_bytes(stream, record.position);
      return false;
    }
    ++scan.scanned;
    if (record.judgement.verdict != Verdict::rejected) return true;
    if (scan.code && name_of(record.judgement.refusal.reason) != *scan.code) return true;
    written = write_refused(json, call, record);
    ++scan.rows;
    return written.ok();
  }));
  return written;
}

}  // namespace

Result<HttpResponse> answer_rejected(const Call& call) {
  TRY_ASSIGN(limit, limit_of(call, limits::page_rows_default));
  TRY_ASSIGN(cursor, cursor_of(call));
  const auto only = text_of(call, "stream");
  bytes::Taker taker(cursor);
  const uint64_t first_position = cursor.empty() ? 0 : taker.take<uint64_t>();
  const std::string first_stream(cursor.empty() ? "" : taker.rest());
  if (!taker.ok()) return cursor_invalid(call);
  TRY_ASSIGN(heads, call.context.log.heads());
  TRY_ASSIGN(code, known_code(call, is_refusal_code));
  Scan scan{.limit = limit, .code = code};
  uint64_t total = 0;
  JsonWriter json;
  json.begin_object();
  json.begin_array("rows");
  for (const auto& [stream, head] : heads) {
    if (only && stream.text() != *only) continue;
    const uint64_t rejected = head.counters.rejected_total();
    total += rejected;
    if (rejected == 0 || stream.text() < first_stream || scan.next) continue;
    const uint64_t from = stream.text() == first_stream ? first_position : 0;
    TRY_DO(scan_stream(json, call, stream, from, head.next_position, scan));
  }
  json.end_array();
  json.field("total", total);  // of these streams, whatever their code
  json.field("next", scan.next ? std::optional(cursor_text(*scan.next)) : std::nullopt);
  json.end_object();
  return plain_json(std::move(json).text());
}

namespace {

struct WaitingRow {
  Held held;
  std::string waits_for;
  std::string source;
  std::string id;
};

std::string indicators_waited_for(const Reference& reference, const Effect& effect) {
  const Statement statement = StatementReader().read(effect, {});
  std::string list;
  for (const std::string& one :
       unknown_indicators(reference, std::get<ReportSaid>(statement.said))) {
    list += (list.empty() ? "" : ", ") + one;
  }
  return list;
}

// Who said it, and what exactly is missing: a row of the views names the plan where it is the
// period or an indicator that the plan lacks.
Result<WaitingRow> waiting_row(const Call& call, Held held) {
  WaitingRow row{.held = std::move(held)};
  row.waits_for = row.held.name;
  TRY_ASSIGN(effect,
             read_effect(call.context.log, row.held.record.stream, row.held.record.position));
  json::Document document;
  const Decoded decoded = decode(effect.record.message, document);
  if (const auto* event = std::get_if<Event>(&decoded)) {
    row.source = event->source;
    row.id = event->id;
    if (row.held.code == "period_unknown") row.waits_for = event->data["period"].text();
    if (row.held.code == "indicator_unknown") {
      row.waits_for = indicators_waited_for(*call.views->reference, effect);
    }
  }
  return row;
}

// First publications, all on the first page, then what is said of units and waits for them or for a
// grant, in the order of K, then the rows of the views.
struct WaitingPage {
  // Before the number of a statement in a cursor; no row of the views begins so.
  static constexpr char of_units = '\0';

  std::size_t limit;
  std::optional<std::string> code;
  std::vector<Held> rows{};
  std::optional<std::string> next{};

  Status take_publications(const Call& call) {
    TRY_ASSIGN(acts, waiting_acts(call));
    for (WaitingAct& act : acts) {
      if (code && *code != act.code) continue;
      rows.push_back({.what = HeldFor::base,
                      .name = std::move(act.waits_for),
                      .record = act.record,
                      .code = std::move(act.code)});
    }
    limit += rows.size();
    return Done{};
  }

  // The units that a record of units is about.
  static std::set<std::string> units_of(const Statement& statement) {
    if (const auto* said = std::get_if<UnitSaid>(&statement.said)) return {said->unit};
    const auto* succession = std::get_if<SuccessionSaid>(&statement.said);
    return succession != nullptr ? succession->units() : std::set<std::string>();
  }

  void take_units(const Reference& reference, std::string_view from) {
    if (!from.empty() && from[0] != of_units) return;
    bytes::Taker taker(from.substr(from.empty() ? 0 : 1));
    const auto& statements = reference.statements();
    for (uint64_t i = from.empty() ? 0 : taker.take<uint64_t>(); i < statements.size(); ++i) {
      const Statement& statement = *statements[i];
      const auto named = units_of(statement);
      if (named.empty()) continue;
      const auto unknown = std::find_if(named.begin(), named.end(), [&](const std::string& unit) {
        return !reference.unit_known_from(unit);
      });
      const bool is_granted =
          unknown != named.end() || reference.effective_from(statement).has_value();
      if (is_granted && unknown == named.end()) continue;
      const std::string_view waits = is_granted ? "unit_unknown" : "not_granted";
      if (code && *code != waits) continue;
      if (rows.size() == limit) {
        std::string cursor(1, of_units);
        bytes::put(cursor, i);
        next = cursor_text(cursor);
        return;
      }
      rows.push_back({.what = is_granted ? HeldFor::unit : HeldFor::grant,
                      .name = is_granted ? *unknown : statement.source,
                      .record = statement.key,
                      .code = std::string(waits)});
    }
  }

  Status take_held(const ViewReader& reader, std::string_view from) {
    uint64_t scanned = 0;
    const bool from_units = !from.empty() && from[0] == of_units;
    return reader.held(from_units ? "" : from, [&](std::string_view key, const Held& held) {
      if (rows.size() == limit || scanned == scanned_max) {
        next = cursor_text(key);
        return false;
      }
      ++scanned;
      if (!held.code.empty() && (!code || held.code == *code)) rows.push_back(held);
      return true;
    });
  }
};

void write_waiting(JsonWriter& json, const WaitingRow& row) {
  json.begin_object();
  json.field("stream", row.held.record.stream.text());
  json.field("position", row.held.record.position);
  json.field("recorded_at", row.held.record.recorded_at);
  json.field("code", row.held.code);
  json.field("waits_for", row.waits_for);
  json.field("source", row.source);
  json.field("id", row.id);
  json.field("message", sentence_of_waiting(row.held.code, row.waits_for));
  json.end_object();
}

}  // namespace

Result<HttpResponse> answer_waiting(const Call& call) {
  TRY_ASSIGN(limit, limit_of(call, limits::page_rows_default));
  TRY_ASSIGN(from, cursor_of(call));
  TRY_ASSIGN(code, known_code(call, is_waiting_code));
  const Moment moment{.at = call.now};
  TRY_ASSIGN(basis, basis_of(call, moment));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    WaitingPage page{.limit = limit, .code = code};
    if (from.empty()) TRY_DO(page.take_publications(call));
    page.take_units(*call.views->reference, from);
    if (!page.next) TRY_DO(page.take_held(ViewReader(*call.views->rows), from));
    json.begin_array("rows");
    for (Held& held : page.rows) {
      TRY_ASSIGN(row, waiting_row(call, std::move(held)));
      write_waiting(json, row);
    }
    json.end_array();
    json.field("next", page.next);
    return false;
  });
}

}  // namespace tiendo

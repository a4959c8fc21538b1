// GET /v1/rejected and /v1/waiting: what was refused or waits, why, and how to mend it.
#include "events/bytes.h"
#include "events/event.h"
#include "events/limits.h"
#include "query/answer.h"
#include "query/rejudged.h"
#include "query/routes.h"
#include "query/standing.h"
#include "query/waiting_codes.h"

namespace tiendo {
namespace {

// A page ends after so many records were looked at, though it may not be full.
constexpr uint64_t scanned_max = 200'000;

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
  Scan scan{.limit = limit, .code = text_of(call, "code")};
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
  const auto code = text_of(call, "code");
  const Moment moment{.at = call.now};
  TRY_ASSIGN(basis, basis_of(call, moment));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    std::vector<Held> page;
    std::optional<std::string> next;
    uint64_t scanned = 0;
    TRY_DO(ViewReader(*call.views->rows).held(from, [&](std::string_view key, const Held& held) {
      if (page.size() == limit || scanned == scanned_max) {
        next = cursor_text(key);
        return false;
      }
      ++scanned;
      const bool waits = !held.code.empty() && (!code || held.code == *code);
      if (waits) page.push_back(held);
      return true;
    }));
    json.begin_array("rows");
    for (Held& held : page) {
      TRY_ASSIGN(row, waiting_row(call, std::move(held)));
      write_waiting(json, row);
    }
    json.end_array();
    json.field("next", next);
    return false;
  });
}

}  // namespace tiendo

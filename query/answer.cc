#include "query/answer.h"

#include <algorithm>

#include "events/sha256.h"

namespace tiendo {
namespace {

// How many of the first `count` records of a stream a moment knows. recorded_at never falls within
// a stream, so the known ones come first.
Result<uint64_t> known_records(const LogReader& log, StreamName stream, uint64_t count,
                               const Moment& moment) {
  if (moment.everything) return count;
  return log.count_before(stream, count,
                          [&](const Record& record) { return moment.knows(record.key()); });
}

struct Unread {
  bool any = false;  // of the records the moment knows
  int64_t lag_ms = 0;
};

// What of the log the views do not hold.
Result<Unread> unread_of(const Call& call, const Moment& moment, const StreamHeads& heads) {
  Unread unread;
  for (const auto& [stream, head] : heads) {
    const auto read = call.views->checkpoint.find(stream);
    const uint64_t next = read == call.views->checkpoint.end() ? 0 : read->second;
    if (next >= head.next_position) continue;
    TRY_ASSIGN(record, call.context.log.read(stream, next));
    if (moment.knows(record.key())) unread.any = true;
    if (!is_import(stream)) {
      unread.lag_ms = std::max(unread.lag_ms, call.now.ms - record.recorded_at.ms);
    }
  }
  return unread;
}

}  // namespace

Result<std::map<StreamName, uint64_t>> known_positions(const LogReader& log, const Checkpoint& held,
                                                       const Moment& moment) {
  std::map<StreamName, uint64_t> positions;
  for (const auto& [stream, next] : held) {
    TRY_ASSIGN(known, known_records(log, stream, next, moment));
    if (known > 0) positions.emplace(stream, known - 1);
  }
  return positions;
}

Result<Basis> basis_of(const Call& call, const Moment& moment) {
  // First how far the sources are read, then what the log holds: what came in between is in the
  // log.
  const std::vector<StreamReach> reaches = call.context.streams();
  TRY_ASSIGN(heads, call.context.log.heads());
  Basis basis{.moment = moment};
  TRY_ASSIGN(known, known_positions(call.context.log, call.views->checkpoint, moment));
  basis.streams = std::move(known);
  for (const auto& [stream, position] : basis.streams) {
    if (is_import(stream)) basis.times.emplace(stream, "event_time");
  }
  TRY_ASSIGN(unread, unread_of(call, moment, heads));
  basis.lag_ms = unread.lag_ms;
  bool settled = true;
  bool stopped = false;
  bool lagging = unread.any;
  for (const StreamReach& reach : reaches) {
    if (reach.has_producer_time && basis.streams.contains(reach.stream)) {
      basis.times.emplace(reach.stream, "producer_time");
    }
    if (reach.settled_until && *reach.settled_until > moment.at) continue;
    settled = false;
    stopped = stopped || reach.stopped;
    lagging = lagging || reach.lag > 0 || reach.unheard;
  }
  basis.final = !moment.everything && settled && !unread.any;
  basis.state = stopped ? "incomplete" : lagging ? "behind" : "current";
  return basis;
}

void write_basis(JsonWriter& json, const Basis& basis, bool building) {
  json.begin_object("as_of");
  json.field("moment", basis.moment.at);
  json.begin_object("streams");
  for (const auto& [stream, position] : basis.streams) json.field(stream.text(), position);
  json.end_object();
  if (!basis.times.empty()) {
    json.begin_object("times");
    for (const auto& [stream, time] : basis.times) json.field(stream.text(), time);
    json.end_object();
  }
  json.end_object();
  json.field("final", basis.final && !building);
  json.field("lag_ms", basis.lag_ms);
  json.field("state", building ? "building" : basis.state);
}

std::string etag_of(const Call& call, const Basis& basis) {
  Sha256 hash;
  const auto add = [&](std::string_view part) {
    hash.add(std::to_string(part.size()));
    hash.add(":");
    hash.add(part);
  };
  add(call.request.path);
  std::vector<std::string> parameters;
  for (const QueryParameter& one : call.request.parameters) {
    parameters.push_back(one.name + "=" + one.value);
  }
  std::sort(parameters.begin(), parameters.end());
  for (const std::string& one : parameters) add(one);
  for (const auto& [stream, position] : basis.streams) {
    add(stream.text());
    add(std::to_string(position));
  }
  for (const TermId& term : call.views->unfinished) add(term.view());
  add(to_text(basis.moment.today()));
  add(basis.final ? "final" : "provisional");
  add(basis.state);
  return "W/\"" + to_hex(hash.finish()).substr(0, 32) + "\"";
}

namespace {

// If-None-Match compares weakly: W/ or not makes no difference.
bool is_known(const HttpRequest& request, std::string_view etag) {
  const auto header = request.header("If-None-Match");
  if (!header) return false;
  return *header == "*" || header->find(etag.substr(2)) != std::string_view::npos;
}

}  // namespace

Result<HttpResponse> answer(const Call& call, const Basis& basis, const BodyWriter& body) {
  const std::string etag = etag_of(call, basis);
  HttpResponse response;
  response.headers = {{"ETag", etag}, {"Cache-Control", "no-cache"}};
  if (is_known(call.request, etag)) {
    response.status = 304;
    return response;
  }
  JsonWriter json;
  json.begin_object();
  TRY_ASSIGN(building, body(json));
  write_basis(json, basis, building);
  json.end_object();
  response.content_type = "application/json";
  response.body = std::move(json).text();
  return response;
}

HttpResponse plain_json(std::string body) {
  return {.content_type = "application/json",
          .headers = {{"Cache-Control", "no-store"}},
          .body = std::move(body)};
}

std::string placed_json(const Placed& placed) {
  JsonWriter json;
  json.begin_object();
  json.field("stream", placed.stream.text());
  json.field("position", placed.position);
  json.field("verdict", name_of(placed.judgement.verdict));
  json.end_object();
  return std::move(json).text();
}

HttpResponse placed_answer(const Placed& placed) {
  HttpResponse response = plain_json(placed_json(placed));
  response.status = 202;
  return response;
}

void tell_overflow(const Call& call, const Figure& figure) {
  if (figure.no_data == no_data_overflow && call.context.overflowed) call.context.overflowed();
}

void write_figure(const Call& call, JsonWriter& json, const Figure& figure,
                  const std::optional<ShownThreshold>& threshold) {
  tell_overflow(call, figure);
  write_figure(json, figure, threshold);
}

void write_figure(JsonWriter& json, const Figure& figure,
                  const std::optional<ShownThreshold>& threshold) {
  const std::string_view reason = write_amounts(json, figure, threshold);
  if (!reason.empty()) json.field("reason", reason);
}

std::string_view write_amounts(JsonWriter& json, const Figure& figure,
                               const std::optional<ShownThreshold>& threshold) {
  if (figure.building) {
    json.field("value", std::optional<Decimal>());
    json.field("numerator", std::optional<Decimal>());
    json.field("denominator", std::optional<Decimal>());
    return "building";
  }
  std::optional<Decimal> value;
  if (figure.has_data()) value = figure.value;
  if (figure.has_data() && !value && !figure.denominator->is_zero()) {
    value = shown_percentage(*figure.numerator, *figure.denominator, threshold);
  }
  json.field("value", value);
  json.field("numerator", figure.numerator);
  json.field("denominator", figure.denominator);
  return value ? std::string_view() : figure.no_data;
}

}  // namespace tiendo

#include "deploy/control.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "deploy/decided.h"
#include "deploy/stream_acts.h"
#include "deploy/verdict_count.h"
#include "query/answer.h"
#include "query/json_writer.h"
#include "query/problem.h"

namespace tiendo {
namespace {

HttpResponse json_answer(std::string body, int status = 200) {
  return {.status = status, .content_type = "application/json", .body = std::move(body)};
}

HttpResponse not_here(std::string_view what) {
  return problem(409, "not_here", "Another process does this", what);
}

HttpResponse failed(const Error& error) {
  const bool later = error.code == "busy" || error.code == "closing";
  return problem(later ? 429 : 500, error.code, later ? "Not now" : "It could not be done",
                 error.message + ".");
}

std::vector<Message> messages_of_lines(std::string_view body) {
  std::vector<Message> messages;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    Message message;
    message.value = std::string(body.substr(0, end));
    messages.push_back(std::move(message));
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
  }
  return messages;
}

void write_counters(JsonWriter& json, const Counters& counters) {
  json.field("received", counters.received());
  json.field("accepted", counters.accepted);
  json.field("duplicate", counters.duplicate);
  json.field("conflict", counters.conflict);
  json.field("rejected", counters.rejected_total());
}

}  // namespace

bool is_import_name(std::string_view name) {
  constexpr std::size_t bytes_max = 100;
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= bytes_max &&
         std::all_of(name.begin(), name.end(), is_allowed);
}

std::string streams_json(const StreamHeads& heads, const std::vector<StreamReach>& reaches) {
  JsonWriter json;
  json.begin_object();
  json.begin_array("streams");
  for (const StreamReach& reach : reaches) {
    const auto found = heads.find(reach.stream);
    const StreamHead head = found == heads.end() ? StreamHead() : found->second;
    json.begin_object();
    json.field("stream", reach.stream.text());
    json.field("next_position", head.next_position);
    json.field("state", reach.state);
    json.field("message", reach.message);
    json.field("stopped", reach.stopped);
    json.field("has_producer_time", reach.has_producer_time);
    json.field("unheard", reach.unheard);
    json.field("lag", reach.lag);
    json.field_unless_empty("cluster", reach.cluster);
    if (reach.settled_until) json.field("settled_until_ms", reach.settled_until->ms);
    write_counters(json, head.counters);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return std::move(json).text();
}

std::string digest_json(const Digest& digest, const Checkpoint& checkpoint) {
  JsonWriter json;
  json.begin_object();
  json.field("digest", to_hex(digest));
  json.begin_object("streams");
  for (const auto& [stream, position] : checkpoint) json.field(stream.text(), position);
  json.end_object();
  json.end_object();
  return std::move(json).text();
}

bool Control::is_control(const HttpRequest& request) {
  return !request.segments.empty() && request.segments[0] == "control";
}

void Control::handle(const HttpRequest& request, HttpReply reply) const {
  const std::string what = request.method + " " + request.path;
  if (!request.local)
    return reply(problem(404, "not_found", "Not found", "There is no such page."));
  if (what == "POST /control/import") return import(request, std::move(reply));
  if (what == "POST /control/import/end") return reply(end_import(request));
  if (what == "GET /control/streams") return reply(streams());
  if (is_stream_act(request)) {
    if (parts_.ingestion == nullptr) return reply(not_here("This process reads no streams."));
    return act_on_stream(*parts_.ingestion, parts_.run, request, std::move(reply));
  }
  if (what == "POST /control/edition") {
    auto waiting = std::make_shared<HttpReply>(std::move(reply));
    return parts_.run([this, waiting, request] { (*waiting)(edition(request)); });
  }
  if (what == "POST /control/publication") {
    auto waiting = std::make_shared<HttpReply>(std::move(reply));
    return parts_.run([this, waiting, request] { (*waiting)(publication(request)); });
  }
  if (what == "POST /control/rebuild") return reply(start_rebuild());
  if (what == "GET /control/rebuild") return reply(rebuild());
  if (what == "GET /control/digest") {
    auto waiting = std::make_shared<HttpReply>(std::move(reply));
    return parts_.run([this, waiting] { (*waiting)(digest()); });
  }
  reply(problem(404, "not_found", "Not found", "There is no command " + what + "."));
}

void Control::import(const HttpRequest& request, HttpReply reply) const {
  if (parts_.ingestion == nullptr) return reply(not_here("This process does not write the log."));
  const std::string name(request.query("as").value_or(""));
  if (!is_import_name(name)) {
    return reply(problem(400, "wrong_use", "Name invalid",
                         "as: letters, digits, '.', '_' and '-', at most 100 of them."));
  }
  const StreamName stream("import:" + name);
  parts_.ingestion->imports().touch(stream);
  auto waiting = std::make_shared<HttpReply>(std::move(reply));
  const Status sent = parts_.ingestion->intake().submit(
      stream, messages_of_lines(request.body),
      [waiting, run = parts_.run](Result<std::vector<Placed>> placed) {
        run([waiting, placed = std::move(placed)] {
          if (!placed.ok()) return (*waiting)(failed(placed.error()));
          VerdictCount count;
          count.add(*placed);
          (*waiting)(json_answer(count.to_json()));
        });
      });
  if (!sent.ok()) (*waiting)(failed(sent.error()));
}

HttpResponse Control::end_import(const HttpRequest& request) const {
  if (parts_.ingestion == nullptr) return not_here("This process does not write the log.");
  const std::string name(request.query("as").value_or(""));
  parts_.ingestion->imports().end(StreamName("import:" + name));
  return json_answer("{}");
}

HttpResponse Control::streams() const {
  const auto heads = parts_.log.heads();
  if (!heads.ok()) return failed(heads.error());
  return json_answer(streams_json(*heads, parts_.streams()));
}

HttpResponse Control::digest() const {
  if (parts_.projection == nullptr) return not_here("This process does not keep the views.");
  const auto state = parts_.projection->state();
  const auto digest = ViewReader(*state->rows).digest();
  if (!digest.ok()) return failed(digest.error());
  return json_answer(digest_json(*digest, state->checkpoint));
}

HttpResponse Control::edition(const HttpRequest& request) const {
  if (!parts_.keep_edition) return not_here("This process does not write the log.");
  const auto edition = edition_parts_.take(request);
  if (!edition.ok()) return problem(400, "wrong_use", "No edition", edition.error().message + ".");
  if (!*edition) return json_answer("{}");  // more is to come
  const Status kept = parts_.keep_edition(**edition);
  return kept.ok() ? json_answer("{}") : failed(kept.error());
}

HttpResponse Control::publication(const HttpRequest& request) const {
  if (!parts_.publish) return not_here("This process does not write the log.");
  const auto event = publication_in(request);
  const auto placed = event.ok() ? parts_.publish(*event) : Result<Placed>(event.error());
  if (placed.ok()) return json_answer(placed_json(*placed));
  if (placed.error().code != "refused") return failed(placed.error());
  return problem(400, "refused", "Not taken", placed.error().message);
}

HttpResponse Control::start_rebuild() const {
  if (parts_.projection == nullptr) return not_here("This process does not keep the views.");
  const Status started = parts_.projection->start_rebuild();
  if (!started.ok()) return failed(started.error());
  return json_answer("{}", 202);
}

HttpResponse Control::rebuild() const {
  if (parts_.projection == nullptr) return not_here("This process does not keep the views.");
  const RebuildReport report = parts_.projection->rebuild_report();
  JsonWriter json;
  json.begin_object();
  json.field("phase", name_of(report.phase));
  json.field("generation", report.generation);
  json.field("previous", report.previous);
  json.field("records_done", report.records_done);
  json.field("records_total", report.records_total);
  if (report.previous_digest) json.field("previous_digest", to_hex(*report.previous_digest));
  if (report.digest) json.field("digest", to_hex(*report.digest));
  json.field("error", report.error);
  json.end_object();
  return json_answer(std::move(json).text());
}

}  // namespace tiendo

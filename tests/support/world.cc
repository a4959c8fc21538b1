#include "tests/support/world.h"

#include "events/ensure.h"
#include "ingest/operator_act.h"
#include "query/target.h"

namespace tiendo {
namespace {

Instant instant(std::string_view text) {
  const auto parsed = parse_instant(text);
  ENSURE(parsed.has_value(), "a test gives times as RFC 3339 with offset");
  return *parsed;
}

}  // namespace

World::World(std::string_view now, ProjectorOptions options)
    : clock_(instant(now)),
      log_store_(make_memory_store(log_families())),
      views_store_(make_memory_store(views_families())),
      log_(EventLog::open(*log_store_).value()),
      options_(std::move(options)),
      projector_(Projector::open(*views_store_, log_->reader(), options_).value()),
      context_{.views = [this] { return projector_->state(); },
               .log = log_->reader(),
               .clock = &clock_,
               .streams =
                   [this] {
                     std::vector<StreamReach> reaches;
                     for (const auto& [stream, head] : log_->heads()) {
                       const auto said = reaches_.find(stream);
                       reaches.push_back(
                           said != reaches_.end()
                               ? said->second
                               : StreamReach{.stream = stream, .settled_until = clock_.now()});
                     }
                     for (const auto& [stream, reach] : reaches_) {
                       if (!log_->heads().contains(stream)) reaches.push_back(reach);
                     }
                     return reaches;
                   }},
      editions_({.views = context_.views,
                 .log = context_.log,
                 .streams = context_.streams,
                 .keep = [this](const Edition& one) { return keep_edition(*log_store_, one); }}),
      api_(nullptr) {
  // What a person decides is recorded on the clock of the world.
  context_.publish = [this](const PublicationEvent& event) -> Result<Placed> {
    TRY_ASSIGN(record,
               control_record(event.type, event.id, event.author, event.data, clock_.now()));
    return message("control", to_text(clock_.now()), std::move(record));
  };
}

void World::set_now(std::string_view now) { clock_.set(instant(now)); }

Placed World::event(std::string_view stream, std::string_view time, std::string_view text) {
  Message message;
  message.value = std::string(text);
  return this->message(stream, time, std::move(message));
}

Placed World::message(std::string_view stream, std::string_view time, Message message) {
  const StreamName name(stream);
  const Speaker speaker = stream == "control" ? Speaker::control : Speaker::source;
  const Judged judged = judge_.judge(message, speaker);
  std::optional<Instant> stamp = instant(time);
  if (stream.starts_with("import:")) {
    stamp = judged.time ? std::optional(std::min(*judged.time, *stamp)) : std::nullopt;
    message.timestamp_type = stamp ? TimestampType::event_time : TimestampType::none;
  } else if (message.timestamp_type == TimestampType::none) {
    message.timestamp_type = TimestampType::admission;
  }
  message.timestamp_ms = stamp.value_or(Instant{}).ms;
  std::vector<EventLog::Batch> batches;
  batches.push_back({name, {{std::move(message), stamp, judged.refusal, judged.identity}}});
  return log_->append(std::move(batches)).value().front();
}

Placed World::refused(std::string_view stream, std::string_view time, std::string_view text) {
  Message message;
  message.value = std::string(text);
  std::vector<EventLog::Batch> batches;
  batches.push_back(
      {StreamName(std::string(stream)),
       {{std::move(message), parse_instant(time),
         Refusal{Reason::type_unknown, "type", "of tomorrow", "of today"}, Hash16{}}}});
  return log_->append(std::move(batches)).value().front();
}

void World::project() {
  while (!projector_->step().value().idle()) {
  }
  while (editions_.step().value()) {
  }
  if (api_) api_->on_views_changed();
}

void World::rebuild() {
  project();
  auto store = make_memory_store(views_families());
  projector_ = Projector::open(*store, log_->reader(), options_).value();
  views_store_ = std::move(store);
  project();
}

void World::set_reach(StreamReach reach) { reaches_.insert_or_assign(reach.stream, reach); }

Api& World::api() {
  if (!api_) api_ = std::make_unique<Api>(context_);
  return *api_;
}

std::shared_ptr<Answer> World::ask(std::string_view method, std::string_view target,
                                   HttpHeaders headers, std::string_view body) {
  if (!held_) project();
  RequestTarget parsed = parse_request_target(target).value();
  HttpRequest request{.method = std::string(method),
                      .path = std::move(parsed.path),
                      .segments = std::move(parsed.segments),
                      .parameters = std::move(parsed.parameters),
                      .headers = std::move(headers),
                      .body = std::string(body)};
  auto answer = std::make_shared<Answer>();
  api().handle(std::move(request), HttpReply([answer](HttpResponse response) {
                 answer->status = response.status;
                 answer->body = std::move(response.body);
                 answer->headers = std::move(response.headers);
                 answer->content_type = std::move(response.content_type);
                 if (answer->content_type.find("json") != std::string::npos) {
                   answer->json = nlohmann::json::parse(answer->body);
                 }
               }));
  return answer;
}

Answer World::request(std::string_view method, std::string_view target, HttpHeaders headers) {
  return *ask(method, target, std::move(headers));
}

Answer World::post(std::string_view target, std::string_view body) {
  return *ask("POST", target, {}, body);
}

Answer World::get(std::string_view target, HttpHeaders headers) {
  return request("GET", target, std::move(headers));
}

}  // namespace tiendo

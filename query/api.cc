#include "query/api.h"

#include <algorithm>

#include "events/text.h"

namespace tiendo {
namespace {

constexpr int64_t wait_ms_max = 10'000;

// The texts in the place of {...}; none where the path is another.
std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string>& segments) {
  std::vector<std::string> ids;
  std::size_t index = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the slash
    const std::string_view part = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(part.size());
    if (index == segments.size()) return std::nullopt;
    const std::string& segment = segments[index++];
    if (part.starts_with('{')) {
      if (segment.empty()) return std::nullopt;
      ids.push_back(to_nfc(segment));
    } else if (part != segment) {
      return std::nullopt;
    }
  }
  if (index != segments.size()) return std::nullopt;
  return ids;
}

struct Routing {
  const Route* route = nullptr;
  std::vector<std::string> ids;
  std::string allowed;  // methods of the path, where it exists
};

Routing find_route(const HttpRequest& request) {
  Routing routing;
  for (const Route& route : routes()) {
    auto ids = match(route.path, request.segments);
    if (!ids) continue;
    routing.allowed += routing.allowed.empty() ? "" : ", ";
    routing.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
    if (route.method != request.method) continue;
    routing.route = &route;
    routing.ids = std::move(*ids);
  }
  return routing;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// The three paths that are written most alike.
std::string near_paths(std::string_view path) {
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const Route& route : routes()) {
    near.emplace_back(edit_distance(path.substr(0, 200), route.path), route.path);
  }
  std::sort(near.begin(), near.end());
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, near.size()); ++i) {
    list += list.empty() ? "" : ", ";
    list += near[i].second;
  }
  return list;
}

HttpResponse not_found(const Call& call) {
  const std::string near = near_paths(call.request.path);
  return to_problem(
      refuse(call, "not_found",
             {"Không có đường dẫn này. Gần giống: " + near + ". Xem /openapi.json.",
              "There is nothing at this path. Near it are: " + near + ". See /openapi.json."}));
}

HttpResponse method_not_allowed(const Call& call, const std::string& allowed) {
  HttpResponse response = to_problem(refuse(
      call, "method_not_allowed",
      {"Đường dẫn này chỉ nhận: " + allowed + ".", "This path takes only: " + allowed + "."}));
  response.headers.push_back({"Allow", allowed});
  return response;
}

HttpResponse no_intake(const Call& call) {
  return to_problem(refuse(
      call, "takes_no_events",
      {"Tiến trình này không nhận sự kiện; hãy gửi đến tiến trình tiendo run hoặc tiendo ingest, "
       "hoặc vào Kafka.",
       "This process takes no events; send them to the one of tiendo run or tiendo ingest, or to "
       "Kafka."}));
}

HttpResponse respond(const Call& call, const Route& route) {
  if (route.needs_views && call.views == nullptr) {
    return to_problem(refuse(call, "not_ready",
                             {"Chưa có số liệu: các bảng tổng hợp đang được mở hoặc dựng lại.",
                              "There are no views yet: they are being opened or rebuilt."}));
  }
  auto response = route.handle(call);
  return response.ok() ? std::move(response).value() : to_problem(response.error());
}

}  // namespace

void Api::handle(HttpRequest request, HttpReply reply) {
  Routing routing = find_route(request);
  const Call call{.request = request,
                  .context = context_,
                  .language = preferred_language(request),
                  .now = context_.clock->now()};
  if (routing.allowed.empty()) {
    std::optional<HttpResponse> page;
    if (request.method == "GET" && context_.page) page = context_.page(request.path);
    return reply(page ? std::move(*page) : not_found(call));
  }
  if (routing.route == nullptr) return reply(method_not_allowed(call, routing.allowed));
  if (const Status known = check_parameters(call, routing.route->parameters); !known.ok()) {
    return reply(to_problem(known.error()));
  }
  if (routing.route->handle == nullptr) {
    if (!context_.intake) return reply(no_intake(call));
    return context_.intake(std::move(request), std::move(reply));
  }
  const auto after = text_of(call, "after");
  const auto record = after ? record_name(call, *after) : RecordName{StreamName(""), 0};
  if (!record.ok()) return reply(to_problem(record.error()));
  auto pending = std::make_shared<Pending>(Pending{.request = std::move(request),
                                                   .reply = std::move(reply),
                                                   .route = routing.route,
                                                   .ids = std::move(routing.ids),
                                                   .after = record->stream,
                                                   .position = record->position,
                                                   .deadline = {call.now.ms + wait_ms_max}});
  if (!after) return start(std::move(pending));
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(pending));
  }
  look_after_waiting();
}

std::size_t Api::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

bool Api::is_held(const Pending& pending) const {
  const auto views = context_.views();
  if (views == nullptr) return false;
  const auto read = views->checkpoint.find(pending.after);
  return read != views->checkpoint.end() && pending.position < read->second;
}

void Api::look_after_waiting() {
  const Instant now = context_.clock->now();
  std::list<PendingPtr> held;
  std::list<PendingPtr> expired;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      const auto one = it++;
      if (is_held(**one)) {
        held.splice(held.end(), waiting_, one);
      } else if ((*one)->deadline <= now) {
        expired.splice(expired.end(), waiting_, one);
      }
    }
  }
  for (PendingPtr& pending : held) start(std::move(pending));
  for (const PendingPtr& pending : expired) {
    const Call call{.request = pending->request,
                    .context = context_,
                    .language = preferred_language(pending->request),
                    .now = now};
    const std::string record = pending->after.text() + "@" + std::to_string(pending->position);
    pending->reply(to_problem(
        refuse(call, "behind",
               {"Sau 10 giây số liệu vẫn chưa có bản ghi " + record + "; hãy hỏi lại.",
                "After 10 seconds the views do not hold " + record + " yet; ask again."})));
  }
}

void Api::start(PendingPtr pending) {
  if (!context_.run) return finish(*pending);
  context_.run([this, pending = std::move(pending)] { finish(*pending); });
}

void Api::finish(Pending& pending) const {
  const Call call{.request = pending.request,
                  .context = context_,
                  .ids = std::move(pending.ids),
                  .language = preferred_language(pending.request),
                  .now = context_.clock->now(),
                  .views = context_.views(),
                  .previews = &previews_};
  pending.reply(respond(call, *pending.route));
}

}  // namespace tiendo

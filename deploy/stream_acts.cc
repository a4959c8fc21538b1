#include "deploy/stream_acts.h"

#include <memory>
#include <utility>

#include "events/json.h"
#include "events/whole_number.h"
#include "ingest/stream_remedy.h"
#include "query/json_writer.h"
#include "query/problem.h"

namespace tiendo {
namespace {

constexpr std::string_view accept_gap_path = "/control/stream/accept-gap";
constexpr std::string_view new_epoch_path = "/control/stream/new-epoch";

struct Asked {
  RemedyPlan plan;
  bool yes = false;
};

Result<std::optional<int64_t>> offset_in(json::Value value) {
  if (!value.present()) return std::optional<int64_t>();
  const auto offset = whole_number<int64_t>(value.text());
  if (!offset) return Error{"wrong_use", "to: " + std::string(value.text()) + " is no offset"};
  return offset;
}

Result<Asked> read_asked(const Ingestion& ingestion, const HttpRequest& request) {
  json::Document document;
  TRY_DO(document.parse(request.body));
  const json::Value said = document.root();
  const Remedy remedy = request.path == accept_gap_path ? Remedy::accept_gap : Remedy::new_epoch;
  TRY_ASSIGN(to, offset_in(said["to"]));
  TRY_ASSIGN(plan, plan_remedy(remedy, ingestion.status().streams, said["stream"].text(), to));
  plan.act.author = said["author"].text();
  plan.act.reason = said["reason"].text();
  return Asked{std::move(plan), said["yes"].truth()};
}

HttpResponse answer(const RemedyPlan& plan, const Placed* placed) {
  JsonWriter json;
  json.begin_object();
  json.field("state", name_of(plan.state));
  json.field("stream", plan.act.stream);
  if (plan.act.from) json.field("from", *plan.act.from);
  if (plan.act.to) json.field("to", *plan.act.to);
  json.field("goes_on_as", plan.goes_on_as.text());
  json.field("goes_on_at", plan.goes_on_at);
  json.field("done", placed != nullptr);
  if (placed != nullptr) {
    json.field("record", placed->stream.text() + "@" + std::to_string(placed->position));
  }
  json.end_object();
  return {.status = 200, .content_type = "application/json", .body = std::move(json).text()};
}

HttpResponse refusal(const Error& error) {
  if (error.code == "not_found") return problem(404, error.code, "No such stream", error.message);
  if (error.code == "refused") return problem(409, error.code, "Not done", error.message);
  if (error.code == "busy") return problem(429, error.code, "Not now", error.message);
  return problem(error.code == "closing" ? 503 : 400, error.code, "Not done", error.message);
}

}  // namespace

bool is_stream_act(const HttpRequest& request) {
  return request.method == "POST" &&
         (request.path == accept_gap_path || request.path == new_epoch_path);
}

void act_on_stream(Ingestion& ingestion, const std::function<void(std::function<void()>)>& run,
                   const HttpRequest& request, HttpReply reply) {
  auto asked = read_asked(ingestion, request);
  if (!asked.ok()) return reply(refusal(asked.error()));
  auto record = control_record(asked->plan.act, ingestion.clock().now());
  if (!record.ok()) return reply(refusal(record.error()));
  if (!asked->yes) return reply(answer(asked->plan, nullptr));
  std::vector<Message> messages;
  messages.push_back(std::move(record).value());
  auto waiting = std::make_shared<HttpReply>(std::move(reply));
  const Status sent = ingestion.intake().submit(
      StreamName("control"), std::move(messages),
      [waiting, run, plan = std::move(asked->plan)](Result<std::vector<Placed>> placed) {
        run([waiting, plan, placed = std::move(placed)] {
          (*waiting)(placed.ok() ? answer(plan, &placed->front()) : refusal(placed.error()));
        });
      });
  if (!sent.ok()) (*waiting)(refusal(sent.error()));
}

}  // namespace tiendo

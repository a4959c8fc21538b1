#include "deploy/gateway_http.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "events/json.h"
#include "ingest/source.h"
#include "query/json_writer.h"
#include "query/problem.h"

namespace tiendo {
namespace {

constexpr int64_t applied_wait_ms = 10'000;

bool is_appended(const PartitionEnds& ends, const Gateway::Sent& sent) {
  if (!sent.outcome.ok()) return true;
  const auto end = ends.find({sent.topic, sent.outcome->partition});
  return end != ends.end() && sent.outcome->offset < end->second.next_offset;
}

// Offset to index in the submission.
using Wanted = std::map<int64_t, std::size_t>;

Status place_partition(const LogReader& log, const PartitionEnd& end, const Wanted& wanted,
                       std::vector<std::optional<Placed>>& places) {
  const auto lies_below = [&](const Record& record) {
    return record.message.offset < wanted.begin()->first;
  };
  TRY_ASSIGN(from, log.count_before(end.stream, end.next_position, lies_below));
  auto next = wanted.begin();
  return log.scan(end.stream, from, end.next_position, [&](const Record& record) {
    while (next != wanted.end() && next->first < record.message.offset) ++next;
    if (next != wanted.end() && next->first == record.message.offset) {
      places[next->second] = Placed{record.stream, record.position, record.judgement};
      ++next;
    }
    return next != wanted.end();
  });
}

void write_outcome(JsonWriter& json, const Gateway::Sent& sent, const Placed* placed) {
  json.begin_object();
  json.field("topic", sent.topic);
  if (sent.outcome.ok()) {
    json.field("partition", sent.outcome->partition);
    json.field("offset", sent.outcome->offset);
    if (placed != nullptr) write_place(json, *placed);
  } else {
    json.field("code", sent.outcome.error().code);
    json.field("detail", sent.outcome.error().message);
  }
  json.end_object();
}

std::string outcomes_json(const std::vector<Gateway::Sent>& sent,
                          const std::vector<std::optional<Placed>>& places) {
  JsonWriter json;
  json.begin_array();
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const bool is_placed = i < places.size() && places[i].has_value();
    write_outcome(json, sent[i], is_placed ? &*places[i] : nullptr);
  }
  json.end_array();
  return std::move(json).text();
}

struct Tally {
  std::size_t delivered = 0;
  std::size_t unknown = 0;
  const Error* worst = nullptr;  // an unknown outcome, else the first refusal
};
Tally tally_of(const std::vector<Gateway::Sent>& sent) {
  Tally tally;
  for (const Gateway::Sent& one : sent) {
    if (one.outcome.ok()) {
      ++tally.delivered;
      continue;
    }
    const bool is_unknown = one.outcome.error().code == "unknown_outcome";
    if (tally.worst == nullptr || (is_unknown && tally.unknown == 0)) {
      tally.worst = &one.outcome.error();
    }
    if (is_unknown) ++tally.unknown;
  }
  return tally;
}

HttpResponse not_delivered(const Tally& tally, std::size_t all, Language language) {
  const bool vi = language == Language::vi;
  const std::string delivered = std::to_string(tally.delivered);
  const std::string refused = std::to_string(all - tally.delivered - tally.unknown);
  const std::string unknown = std::to_string(tally.unknown);
  const std::string counted =
      vi ? "Trong " + std::to_string(all) + " sự kiện, " + delivered + " đã vào Kafka, " + refused +
               " bị từ chối, " + unknown + " chưa rõ. "
         : delivered + " of " + std::to_string(all) + " events are in Kafka, " + refused +
               " were refused, of " + unknown + " it is not known. ";
  const Error& worst = *tally.worst;
  if (tally.unknown > 0) {
    return retry_later(problem(
        503, "unknown_outcome", "Outcome unknown",
        counted + (vi ? "Kafka không xác nhận kịp: " + worst.message +
                            ". Hãy gửi lại với đúng các id đó: không có gì được tính hai lần."
                      : "The brokers did not confirm them in time: " + worst.message +
                            ". Send them again with the same ids: nothing counts twice.")));
  }
  const std::string first =
      counted + (vi ? "Lần từ chối đầu tiên: " : "The first refusal: ") + worst.message + ".";
  if (worst.code == "too_large") {
    return problem(413, worst.code, "Event too large for the topic", first);
  }
  return retry_later(problem(
      503, worst.code, "The broker refuses it",
      first + (vi ? " Sau đó hãy gửi lại với đúng các id đó." : " Then send the same ids again.")));
}

}  // namespace

PartitionEnds ends_of(const LogReader& log) {
  const auto heads = log.heads();
  PartitionEnds ends;
  if (!heads.ok()) return ends;
  for (const auto& [stream, head] : *heads) {
    const auto name = parse_partition_name(stream.text());
    if (!name) continue;
    PartitionEnd& end = ends[{name->topic, name->partition}];
    if (end.next_position > 0 && name->epoch < end.epoch) continue;
    end = {stream, name->epoch, head.next_position, head.next_offset};
  }
  return ends;
}

std::vector<std::optional<Placed>> places_of(const LogReader& log, const PartitionEnds& before,
                                             const std::vector<Gateway::Sent>& sent) {
  std::vector<std::optional<Placed>> places(sent.size());
  const PartitionEnds ends = ends_of(log);
  std::map<std::pair<std::string, int32_t>, Wanted> wanted;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (!sent[i].outcome.ok()) continue;
    const std::pair partition{sent[i].topic, sent[i].outcome->partition};
    const auto now = ends.find(partition);
    if (now == ends.end()) continue;
    const auto then = before.find(partition);
    const bool is_older = then != before.end() && then->second.stream == now->second.stream &&
                          sent[i].outcome->offset < then->second.next_offset;
    if (!is_older) wanted[partition].emplace(sent[i].outcome->offset, i);
  }
  for (const auto& [partition, offsets] : wanted) {
    // Where the log cannot be read, the events are in Kafka all the same.
    (void)place_partition(log, ends.at(partition), offsets, places);
  }
  return places;
}

HttpResponse gateway_answer(const std::vector<Gateway::Sent>& sent,
                            const std::vector<std::optional<Placed>>& places, Language language) {
  const std::string events = outcomes_json(sent, places);
  const Tally tally = tally_of(sent);
  if (tally.worst != nullptr) {
    return with_member(not_delivered(tally, sent.size(), language), "events", events);
  }
  return {.status = 202, .content_type = "application/json", .body = "{\"events\":" + events + "}"};
}

void GatewayHttp::take(const HttpRequest& request, HttpReply reply) {
  const Language language = preferred_language(request);
  const auto waits = waits_for_verdict(request);
  if (!waits.ok()) return reply(intake_problem(waits.error(), language));
  auto messages = messages_of(request);
  if (!messages.ok()) return reply(intake_problem(messages.error(), language));
  std::vector<Outgoing> events;
  events.reserve(messages->size());
  json::Document document;
  for (Message& message : *messages) {
    events.push_back(outgoing(std::move(message), parts_.topics, document));
  }
  // A std::function must be copyable, and a reply is not.
  auto shared = std::make_shared<HttpReply>(std::move(reply));
  PartitionEnds before;
  if (*waits) before = ends_of(parts_.log);
  const Status sent = parts_.gateway.submit(
      std::move(events), [this, shared, language, waits = *waits,
                          before = std::move(before)](std::vector<Gateway::Sent> outcomes) {
        if (waits && is_read_here(outcomes)) {
          return wait_for_verdicts({std::move(outcomes), before, shared, language, {}});
        }
        parts_.run([shared, language, outcomes = std::move(outcomes)] {
          (*shared)(gateway_answer(outcomes, {}, language));
        });
      });
  if (!sent.ok()) (*shared)(intake_problem(sent.error(), language));
}

// Whether the verdict of every event that Kafka has will be known here.
bool GatewayHttp::is_read_here(const std::vector<Gateway::Sent>& sent) const {
  return std::all_of(sent.begin(), sent.end(), [this](const Gateway::Sent& one) {
    return !one.outcome.ok() || parts_.read_topics.contains(one.topic);
  });
}

void GatewayHttp::wait_for_verdicts(Waiting waiting) {
  waiting.deadline = {parts_.clock.now().ms + applied_wait_ms};
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(waiting));
  }
  look_after_waiting();
}

void GatewayHttp::look_after_waiting() {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty() || is_looking_) return;
    is_looking_ = true;
  }
  parts_.run([this] { answer_waiting(); });
}

void GatewayHttp::answer_waiting() {
  {
    // What comes from now on must be looked after once more.
    const std::lock_guard lock(mutex_);
    is_looking_ = false;
  }
  for (const Waiting& one : take_ripe(ends_of(parts_.log))) {
    (*one.reply)(
        gateway_answer(one.sent, places_of(parts_.log, one.before, one.sent), one.language));
  }
}

std::list<GatewayHttp::Waiting> GatewayHttp::take_ripe(const PartitionEnds& ends) {
  std::list<Waiting> ripe;
  const Instant now = parts_.clock.now();
  const std::lock_guard lock(mutex_);
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const auto next = std::next(at);
    const bool is_ripe = at->deadline <= now ||
                         std::all_of(at->sent.begin(), at->sent.end(),
                                     [&](const auto& sent) { return is_appended(ends, sent); });
    if (is_ripe) ripe.splice(ripe.end(), waiting_, at);
    at = next;
  }
  return ripe;
}

}  // namespace tiendo

#include "deploy/verdict_count.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/json.h"
#include "events/whole_number.h"
#include "query/json_writer.h"

namespace tiendo {
namespace {

constexpr std::size_t refusals_shown_max = 5;

uint64_t number(json::Value value) { return whole_number<uint64_t>(value.text()).value_or(0); }

ShownRefusal refusal_from(json::Value said, std::optional<uint64_t> nth) {
  return {.nth = nth,
          .place = "",
          .stream = std::string(said["stream"].text()),
          .position = number(said["position"]),
          .code = std::string(said["code"].text()),
          .sentence = {std::string(said["message"]["vi"].text()),
                       std::string(said["message"]["en"].text())}};
}

// One element of the answer to POST /v1/events.
void add_event(VerdictCount& count, json::Value event) {
  const std::string_view verdict = event["verdict"].text();
  if (verdict.empty()) {
    ++count.waiting;
  } else if (verdict == name_of(Verdict::accepted)) {
    ++count.accepted;
  } else if (verdict == name_of(Verdict::duplicate)) {
    ++count.duplicate;
    if (event["conflict"].truth()) ++count.conflict;
  } else {
    ++count.rejected;
    if (count.refusals.size() < refusals_shown_max) {
      count.refusals.push_back(refusal_from(event, count.received() - 1));
    }
  }
}

}  // namespace

void VerdictCount::add(std::span<const Placed> placed) {
  for (const Placed& one : placed) {
    const Judgement& judgement = one.judgement;
    switch (judgement.verdict) {
      case Verdict::accepted:
        ++accepted;
        break;
      case Verdict::duplicate:
        ++duplicate;
        if (judgement.conflict) ++conflict;
        break;
      case Verdict::rejected:
        ++rejected;
        if (refusals.size() == refusals_shown_max) break;
        refusals.push_back({received() - 1, "", one.stream.text(), one.position,
                            std::string(name_of(judgement.refusal.reason)),
                            sentence_of(judgement.refusal)});
        break;
    }
  }
}

void VerdictCount::add(const VerdictCount& other) {
  for (ShownRefusal refusal : other.refusals) {
    if (refusals.size() == refusals_shown_max) break;
    if (refusal.nth) *refusal.nth += received();
    refusals.push_back(std::move(refusal));
  }
  accepted += other.accepted;
  duplicate += other.duplicate;
  conflict += other.conflict;
  rejected += other.rejected;
  waiting += other.waiting;
}

void VerdictCount::locate(std::span<const LinePlace> places) {
  for (ShownRefusal& refusal : refusals) {
    if (refusal.nth && *refusal.nth < places.size()) refusal.place = places[*refusal.nth].text();
  }
}

std::string VerdictCount::to_json() const {
  JsonWriter json;
  json.begin_object();
  json.field("accepted", accepted);
  json.field("duplicate", duplicate);
  json.field("conflict", conflict);
  json.field("rejected", rejected);
  json.begin_array("refusals");
  for (const ShownRefusal& refusal : refusals) {
    json.begin_object();
    if (refusal.nth) json.field("nth", *refusal.nth);
    json.field("stream", refusal.stream);
    json.field("position", refusal.position);
    json.field("code", refusal.code);
    json.field("message", refusal.sentence);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return std::move(json).text();
}

Result<VerdictCount> VerdictCount::from_json(std::string_view text) {
  json::Document document;
  const Status parsed = document.parse(text);
  if (!parsed.ok()) return Error{"protocol", "the answer is not JSON: " + parsed.error().message};
  const json::Value said = document.root();
  VerdictCount count;
  if (said["events"].present()) {
    for (const json::Value event : said["events"]) add_event(count, event);
    return count;
  }
  if (!said["accepted"].present()) return Error{"protocol", "the answer counts nothing"};
  count.accepted = number(said["accepted"]);
  count.duplicate = number(said["duplicate"]);
  count.conflict = number(said["conflict"]);
  count.rejected = number(said["rejected"]);
  for (const json::Value refusal : said["refusals"]) {
    const json::Value nth = refusal["nth"];
    count.refusals.push_back(
        refusal_from(refusal, nth.present() ? std::optional(number(nth)) : std::nullopt));
  }
  return count;
}

std::string VerdictCount::summary(Language language) const {
  const bool vi = language == Language::vi;
  std::string text = vi ? fmt::format("{} sự kiện: {} được nhận, {} trùng, {} bị từ chối\n",
                                      received(), accepted, duplicate, rejected)
                        : fmt::format("{} events: {} accepted, {} duplicate, {} rejected\n",
                                      received(), accepted, duplicate, rejected);
  if (conflict > 0) {
    text += vi ? fmt::format("  trong số trùng, {} có nội dung khác\n", conflict)
               : fmt::format("  of the duplicates, {} say something else under the same id\n",
                             conflict);
  }
  if (waiting > 0) {
    text +=
        vi ? fmt::format("  {} đã vào Kafka, chưa có kết quả; xem sau: tiendo stream list\n",
                         waiting)
           : fmt::format("  {} are in Kafka and have no verdict yet; later: tiendo stream list\n",
                         waiting);
  }
  for (const ShownRefusal& refusal : refusals) {
    const std::string in_log = fmt::format("{}@{}", refusal.stream, refusal.position);
    text += fmt::format("  {}: rejected {}: {}{}\n", refusal.place.empty() ? in_log : refusal.place,
                        refusal.code, vi ? refusal.sentence.vi : refusal.sentence.en,
                        refusal.place.empty() ? "" : " (" + in_log + ")");
  }
  const bool is_a_plan_refused =
      std::any_of(refusals.begin(), refusals.end(),
                  [](const ShownRefusal& one) { return one.code.starts_with("plan_"); });
  if (is_a_plan_refused) {
    text += vi ? "  mọi lỗi của một kế hoạch, kèm chỗ sai: tiendo validate TỆP\n"
               : "  every fault of a plan, with its place: tiendo validate FILE\n";
  }
  if (rejected > refusals.size()) {
    text += vi ? fmt::format("  và {} sự kiện bị từ chối khác; xem tất cả: GET /v1/rejected\n",
                             rejected - refusals.size())
               : fmt::format("  and {} more; all of them: GET /v1/rejected\n",
                             rejected - refusals.size());
  }
  return text;
}

}  // namespace tiendo

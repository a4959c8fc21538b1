// POST /v1/rejected/{stream}/{position}/rejudge: a person has a refused record judged again, by the
// rules of this program. Only what they accept gets a control record; nothing else is written.
#include "events/json.h"
#include "query/answer.h"
#include "query/rejudged.h"
#include "query/routes.h"

namespace tiendo {
namespace {

struct Said {
  std::string author;
  std::string reason;
};

Result<Said> said_in(const Call& call) {
  json::Document document;
  const Status parsed = document.parse(call.request.body);
  const json::Value root = document.root();
  if (!parsed.ok() || !root.is(json::Kind::object)) {
    return refuse(call, "body_invalid",
                  {"Hãy gửi một đối tượng JSON {\"author\": ..., \"reason\": ...}.",
                   "Send a JSON object {\"author\": ..., \"reason\": ...}."});
  }
  Said said{std::string(root["author"].text()), std::string(root["reason"].text())};
  for (const char* name : {"author", "reason"}) {
    const json::Value text = root[name];
    if (text.is(json::Kind::text) && !text.text().empty() && !text.lone_surrogate()) continue;
    return refuse(call, "parameter_missing",
                  {std::string("Thiếu ") + name + " (văn bản) trong đối tượng JSON gửi lên.",
                   std::string("The JSON object sent lacks ") + name + ", a text."});
  }
  return said;
}

Result<Record> rejected_record(const Call& call) {
  const std::string name = call.ids[0] + "@" + call.ids[1];
  const auto place = record_name(call, name);
  auto record = place.ok() ? call.context.log.read(place->stream, place->position)
                           : Result<Record>(Error{"not_found", ""});
  if (!record.ok() && record.error().code == "not_found") {
    return refuse(call, "record_unknown",
                  {"Không có bản ghi " + name + ".", "There is no record " + name + "."});
  }
  if (!record.ok()) return record.error();
  if (record->judgement.verdict != Verdict::rejected) {
    const std::string verdict(name_of(record->judgement.verdict));
    return refuse(
        call, "not_rejected",
        {"Bản ghi " + name + " không bị từ chối (" + verdict + "); không có gì để xét lại.",
         name + " was not rejected (" + verdict + "); there is nothing to judge again."});
  }
  // Its message takes effect in the control record's place, which must be the later one.
  if (call.now <= record->recorded_at) {
    return refuse(call, "clock_behind",
                  {"Đồng hồ của nút này chậm hơn giờ ghi của " + name + "; hãy thử lại sau.",
                   "The clock of this node is behind the time of " + name + "; try again later."});
  }
  return record;
}

Status check_not_yet_rejudged(const Call& call, const Record& record) {
  TRY_ASSIGN(by, rejudged_by(call, record));
  if (!by) return Done{};
  const std::string place = by->key.stream.text() + "@" + std::to_string(by->key.position);
  return refuse(call, "already_rejudged",
                {"Đã được xét lại và chấp nhận tại " + place + ".",
                 "It was judged again and accepted at " + place + "."});
}

// Somebody else said so at the same time, and the log took that.
Error just_rejudged(const Call& call) {
  return refuse(call, "already_rejudged",
                {"Vừa được người khác cho xét lại và chấp nhận.",
                 "Somebody else has just had it judged again, and it was accepted."});
}

Error still_rejected(const Call& call, const Refusal& refusal) {
  const Sentence why = sentence_of(refusal);
  const std::string code(name_of(refusal.reason));
  return refuse(call, "still_rejected",
                {"Theo quy tắc hiện nay vẫn bị từ chối (" + code + "). " + why.vi,
                 "By the rules of today it would be rejected again (" + code + "). " + why.en});
}

}  // namespace

Result<HttpResponse> answer_rejudge(const Call& call) {
  if (!call.context.judge || !call.context.rejudge) {
    return refuse(
        call, "takes_no_events",
        {"Tiến trình này không ghi sổ; hãy hỏi tiến trình tiendo run hoặc tiendo ingest.",
         "This process does not write the log; ask that of tiendo run or tiendo ingest."});
  }
  TRY_ASSIGN(said, said_in(call));
  TRY_ASSIGN(record, rejected_record(call));
  TRY_DO(check_not_yet_rejudged(call, record));
  if (const auto refusal = call.context.judge(record.message))
    return still_rejected(call, *refusal);
  TRY_ASSIGN(placed,
             call.context.rejudge({record.stream, record.position, said.author, said.reason}));
  if (placed.judgement.verdict != Verdict::accepted) return just_rejudged(call);
  return placed_answer(placed);
}

}  // namespace tiendo

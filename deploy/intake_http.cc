#include "deploy/intake_http.h"

#include <memory>
#include <utility>

#include "events/json.h"
#include "events/limits.h"
#include "events/mode.h"
#include "ingest/files.h"
#include "query/problem.h"

namespace tiendo {
namespace {

// TYPE/SUBTYPE without its parameters and the space around it.
std::string_view media_of(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!content_type.empty() && is_space(content_type.front())) content_type.remove_prefix(1);
  while (!content_type.empty() && is_space(content_type.back())) content_type.remove_suffix(1);
  return content_type;
}

Message message_of(std::string_view value) {
  Message message;
  message.value = std::string(value);
  return message;
}

// Binary mode: the attributes are headers, and so the headers are part of the message.
Message binary_message(const HttpRequest& request) {
  Message message = message_of(request.body);
  for (const HttpHeader& header : request.headers) {
    const bool is_type = equal_without_case(header.name, "content-type") && !header.value.empty();
    if (is_type || is_attribute_header(header.name)) {
      message.headers.push_back({header.name, header.value});
    }
  }
  return message;
}

bool has_attributes(const HttpRequest& request) {
  for (const HttpHeader& header : request.headers) {
    if (is_attribute_header(header.name)) return true;
  }
  return false;
}

HttpResponse accepted(std::span<const Placed> placed) {
  return {.status = 202, .content_type = "application/json", .body = placed_json(placed)};
}

}  // namespace

void write_place(JsonWriter& json, const Placed& placed) {
  const Judgement& judgement = placed.judgement;
  json.field("stream", placed.stream.text());
  json.field("position", placed.position);
  json.field("verdict", name_of(judgement.verdict));
  json.field("conflict", judgement.conflict);
  if (judgement.verdict == Verdict::rejected) {
    const Refusal& refusal = judgement.refusal;
    json.field("code", name_of(refusal.reason));
    json.field("field", refusal.field);
    json.field("found", refusal.found);
    json.field("expected", refusal.expected);
    json.field("message", sentence_of(refusal));
  }
}

Result<bool> waits_for_verdict(const HttpRequest& request) {
  const auto wait = request.query("wait");
  if (!wait || wait->empty()) return false;
  if (*wait == "applied") return true;
  return Error{"parameter_invalid",
               "wait takes one value, applied; this is " + json::quoted(*wait)};
}

Result<std::vector<Message>> messages_of(const HttpRequest& request) {
  const std::string_view said = request.header("content-type").value_or("");
  const std::string_view media = media_of(said);
  std::vector<Message> messages;
  if (equal_without_case(media, "application/cloudevents+json")) {
    messages.push_back(message_of(request.body));
    return messages;
  }
  if (equal_without_case(media, "application/cloudevents-batch+json")) {
    TRY_ASSIGN(elements, split_array(request.body));
    if (elements.size() > limits::batch_events_max) {
      return Error{"batch_too_large",
                   "it has " + std::to_string(elements.size()) + " events and may have " +
                       std::to_string(limits::batch_events_max) + "; send it in several parts"};
    }
    messages.reserve(elements.size());
    for (const std::string_view element : elements) messages.push_back(message_of(element));
    return messages;
  }
  if (has_attributes(request) && (said.empty() || is_json_media(said))) {
    messages.push_back(binary_message(request));
    return messages;
  }
  return Error{"content_type",
               "an event comes as application/cloudevents+json (structured), several as "
               "application/cloudevents-batch+json, or its data as application/json with ce- "
               "headers (binary); this is " +
                   (said.empty() ? "none of them" : json::quoted(said))};
}

std::string placed_json(std::span<const Placed> placed) {
  JsonWriter json;
  json.begin_object();
  json.begin_array("events");
  for (const Placed& one : placed) {
    json.begin_object();
    write_place(json, one);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return std::move(json).text();
}

HttpResponse intake_problem(const Error& error, Language language) {
  const auto say = [&](int status, std::string_view title, const std::string& vi,
                       const std::string& en) {
    return problem(status, error.code, title,
                   language == Language::vi ? vi + " (" + error.message + ".)" : en);
  };
  if (error.code == "content_type") {
    return say(415, "Content type of no event",
               "Kiểu nội dung không phải của sự kiện: gửi một sự kiện bằng "
               "application/cloudevents+json, nhiều sự kiện bằng "
               "application/cloudevents-batch+json, hoặc phần data bằng application/json kèm các "
               "header ce-.",
               error.message + ".");
  }
  if (error.code == "not_an_array") {
    return say(400, "Not a JSON array",
               "Thân của lô sự kiện không phải là một mảng JSON, không có gì được nhận.",
               "The batch: " + error.message + ".");
  }
  if (error.code == "parameter_invalid") {
    return say(400, "A parameter has no possible value",
               "Tham số wait chỉ nhận một giá trị: applied.", error.message + ".");
  }
  if (error.code == "batch_too_large") {
    return say(413, "Batch too large", "Lô sự kiện quá lớn: hãy chia thành nhiều lần gửi.",
               error.message + ".");
  }
  if (error.code == "busy") {
    return retry_later(say(429, "Too many events at once",
                           "Đang có quá nhiều sự kiện chờ ghi: hãy gửi lại sau một giây.",
                           error.message + "."));
  }
  HttpResponse unknown =
      problem(503, "unknown_outcome", "Outcome unknown",
              language == Language::vi
                  ? "Không biết các sự kiện đã vào nhật ký hay chưa (" + error.message +
                        "). Hãy gửi lại với đúng các id đó: không có gì được tính hai lần."
                  : "The events may be in the log or not (" + error.message +
                        "). Send them again with the same ids: nothing counts twice.");
  return retry_later(std::move(unknown));
}

HttpResponse retry_later(HttpResponse response) {
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

void IntakeHttp::take(const HttpRequest& request, HttpReply reply) const {
  const Language language = preferred_language(request);
  const auto waits = waits_for_verdict(request);
  if (!waits.ok()) return reply(intake_problem(waits.error(), language));
  auto messages = messages_of(request);
  if (!messages.ok()) return reply(intake_problem(messages.error(), language));
  // A std::function must be copyable, and a reply is not.
  auto waiting = std::make_shared<HttpReply>(std::move(reply));
  const Status sent = intake_->submit(
      StreamName("intake"), std::move(messages).value(),
      [waiting, language, run = run_](Result<std::vector<Placed>> placed) {
        run([waiting, language, placed = std::move(placed)] {
          (*waiting)(placed.ok() ? accepted(*placed) : intake_problem(placed.error(), language));
        });
      });
  if (!sent.ok()) (*waiting)(intake_problem(sent.error(), language));
}

}  // namespace tiendo

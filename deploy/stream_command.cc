// tiendo stream accept-gap and new-epoch: they ask the process that reads the stream, for the log
// alone does not know what the broker still has.
#include <fmt/format.h>

#include "deploy/commands.h"
#include "deploy/said.h"
#include "events/json.h"
#include "events/whole_number.h"
#include "query/json_writer.h"

namespace tiendo {
namespace {

std::string body_of(const Config& config) {
  JsonWriter json;
  json.begin_object();
  json.field("stream", config.stream);
  json.field("author", config.author);
  json.field("reason", config.reason);
  if (config.to_offset) json.field("to", *config.to_offset);
  json.field("yes", config.yes);
  json.end_object();
  return std::move(json).text();
}

Result<std::string> ask(const Config& config, std::string_view path) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::log));
  if (!running) {
    return Error{"not_running",
                 "no process reads streams into " + config.data.string() +
                     "; start `tiendo run` (or ingest) with --brokers, and give this again"};
  }
  TRY_ASSIGN(response, running->request("POST", path, {}, body_of(config)));
  if (response.status != 200) return error_in(response);
  return response.body;
}

int64_t number(json::Value value) { return whole_number<int64_t>(value.text()).value_or(0); }

// What is passed over, and why.
std::string passed_over(json::Value plan, bool vi) {
  const int64_t from = number(plan["from"]);
  const int64_t to = number(plan["to"]);
  const std::string_view state = plan["state"].text();
  std::string text = vi ? fmt::format("{}: bỏ qua các offset từ {} đến {} ({} offset); ",
                                      plan["stream"].text(), from, to - 1, to - from)
                        : fmt::format("{}: passes over the offsets {} to {} ({} of them); ",
                                      plan["stream"].text(), from, to - 1, to - from);
  if (state == "gap") {
    text += vi ? "Kafka không còn giữ, sẽ không bao giờ có trong sổ"
               : "the broker has them no longer, and they will never be in the log";
  } else if (state == "poison") {
    text += vi ? "không đọc được" : "they cannot be read";
  } else {
    text += vi ? "có bản ghi mang giờ của bên gửi; nạp được nếu chạy với --create-time-topics"
               : "records with their producers' time are among them; to take them instead, start "
                 "with --create-time-topics";
  }
  return text + '\n';
}

std::string in_words(json::Value plan, bool vi) {
  std::string text = plan["from"].present() ? passed_over(plan, vi) : "";
  const std::string_view stream = plan["goes_on_as"].text();
  const int64_t at = number(plan["goes_on_at"]);
  if (!plan["from"].present()) {
    text = vi ? fmt::format(
                    "luồng mới {} bắt đầu từ offset {}, bản ghi cũ nhất Kafka còn giữ; "
                    "luồng trước được giữ nguyên và khép lại\n",
                    stream, at)
              : fmt::format(
                    "the new stream {} begins at offset {}, the oldest record at the "
                    "broker; the one before it is kept as it is, and closed\n",
                    stream, at);
  }
  if (plan["done"].truth()) {
    return text + (vi ? fmt::format("đã ghi vào sổ: {}\n", plan["record"].text())
                      : fmt::format("done, as {}\n", plan["record"].text()));
  }
  return text + (vi ? "CHƯA làm gì; thêm --yes để làm\n" : "nothing is done yet; --yes does it\n");
}

ExitCode act(const Config& config, std::string_view path) {
  const auto said = ask(config, path);
  if (!said.ok()) return say_failure(config, said.error());
  json::Document document;
  if (const Status parsed = document.parse(*said); !parsed.ok()) {
    return say_failure(config, parsed.error());
  }
  write_out(in_words(document.root(), config.language == Language::vi));
  return document.root()["done"].truth() ? exit_done : exit_no;
}

}  // namespace

ExitCode stream_accept_gap(const Config& config) {
  return act(config, "/control/stream/accept-gap");
}

ExitCode stream_new_epoch(const Config& config) { return act(config, "/control/stream/new-epoch"); }

}  // namespace tiendo

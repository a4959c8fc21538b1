// tiendo rejudge: asks the process that writes the log, as POST /v1/rejected/…/rejudge does.
#include <fmt/format.h>

#include "deploy/commands.h"
#include "deploy/said.h"
#include "events/json.h"
#include "query/json_writer.h"

namespace tiendo {
namespace {

std::string body_of(const Config& config) {
  JsonWriter json;
  json.begin_object();
  json.field("author", config.author);
  json.field("reason", config.reason);
  json.end_object();
  return std::move(json).text();
}

// What the interface refuses is no trouble of the environment.
Error refusal_in(const HttpResponse& response) {
  Error error = error_in(response);
  if (response.status == 409) error.code = "refused";
  if (response.status == 400 || response.status == 404) error.code = "wrong_use";
  return error;
}

Result<std::string> rejudge_over(const Config& config) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::log));
  if (!running) {
    return Error{"wrong_use", "no process writes the log in " + config.data.string() +
                                  "; start `tiendo run` (or ingest), and give this again"};
  }
  const std::string path =
      "/v1/rejected/" + config.stream + "/" + std::to_string(config.position) + "/rejudge";
  const HttpHeaders headers = {{"Content-Type", "application/json"},
                               {"Accept-Language", config.language == Language::vi ? "vi" : "en"}};
  TRY_ASSIGN(response, running->request("POST", path, headers, body_of(config)));
  if (response.status != 202) return refusal_in(response);
  return response.body;
}

}  // namespace

ExitCode rejudge(const Config& config) {
  const auto answer = rejudge_over(config);
  if (!answer.ok()) return say_failure(config, answer.error());
  json::Document document;
  if (!document.parse(*answer).ok()) return say_failure(config, {"protocol", "no JSON came back"});
  const json::Value placed = document.root();
  const Words words{"accepted; it has effect from {}@{} on\n",
                    "được chấp nhận; có hiệu lực từ {}@{}\n"};
  write_out(fmt::format(fmt::runtime(words.in(config.language)), placed["stream"].text(),
                        placed["position"].text()));
  return exit_done;
}

}  // namespace tiendo

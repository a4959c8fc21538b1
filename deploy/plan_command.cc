// tiendo plan explain: a plan document, or a plan of a running node, in plain words.
#include "deploy/commands.h"
#include "deploy/judged_text.h"
#include "deploy/said.h"
#include "events/json.h"
#include "events/plan.h"
#include "events/plan_text.h"

namespace tiendo {
namespace {

// The first text of the file, which a plan document is all of.
Result<std::string> text_of_file(const std::string& path) {
  TRY_ASSIGN(texts, JudgedTexts::open(path));
  TRY_ASSIGN(first, texts.next());
  if (first && first->line.text) return std::move(*first->line.text);
  return Error{"wrong_use", path + " holds no plan document"};
}

Result<std::string> answer_about(const Config& config) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::views));
  if (!running) {
    return Error{"wrong_use", "no process answers for the plans in " + config.data.string() +
                                  "; start `tiendo run`, or give the FILE of the document"};
  }
  TRY_ASSIGN(response, running->request("GET", "/v1/plans/" + config.plan, {}, ""));
  if (response.status == 200) return response.body;
  Error error = error_in(response);
  if (response.status == 404) error.code = "wrong_use";
  return error;
}

Result<std::string> explained(const Config& config) {
  const bool is_file = config.plan.empty();
  TRY_ASSIGN(text, is_file ? text_of_file(config.files.front()) : answer_about(config));
  json::Document document;
  if (const Status parsed = document.parse(text); !parsed.ok()) {
    return Error{"wrong_use", parsed.error().message + "; `tiendo validate` says where"};
  }
  const json::Value plan = is_file ? document.root() : document.root()["document"];
  // A plan in force is explained as it is read, whatever would be refused today.
  if (is_file && !faults_of_plan(plan).empty()) {
    return Error{"wrong_use", config.files.front() +
                                  " is no plan that would be accepted; `tiendo " + "validate " +
                                  config.files.front() + "` says what to mend"};
  }
  return explain_plan(read_plan(plan), config.in_english ? TextLanguage::en : TextLanguage::vi);
}

}  // namespace

ExitCode plan_explain(const Config& config) {
  const auto text = explained(config);
  if (!text.ok()) return say_failure(config, text.error());
  write_out(*text);
  return exit_done;
}

}  // namespace tiendo

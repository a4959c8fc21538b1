// tiendo publications …: asks the process that keeps the views, as /v1/publications answers.
#include <fmt/format.h>

#include "deploy/commands.h"
#include "deploy/said.h"
#include "events/json.h"
#include "query/json_writer.h"
#include "query/target.h"

namespace tiendo {
namespace {

constexpr std::string_view path = "/v1/publications";

bool in_vietnamese(const Config& config) { return config.language == Language::vi; }

// What the interface refuses is no trouble of the environment.
Error refusal_in(const HttpResponse& response) {
  Error error = error_in(response);
  if (response.status == 409) error.code = "refused";
  if (response.status == 400 || response.status == 404) error.code = "wrong_use";
  return error;
}

Result<std::string> ask(const Config& config, std::string_view method, const std::string& target,
                        const std::string& body) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::views));
  if (!running) {
    const Words words{"no process answers for {}; start `tiendo run`, and give this again",
                      "không có tiến trình nào trả lời cho {}; hãy chạy `tiendo run` rồi thử lại"};
    return Error{"wrong_use",
                 fmt::format(fmt::runtime(words.in(config.language)), config.data.string())};
  }
  const HttpHeaders headers = {{"Content-Type", "application/json"},
                               {"Accept-Language", in_vietnamese(config) ? "vi" : "en"}};
  TRY_ASSIGN(response, running->request(method, target, headers, body));
  if (response.status != 200 && response.status != 202) return refusal_in(response);
  return response.body;
}

Result<std::string> get(const Config& config, const std::string& query) {
  return ask(config, "GET", std::string(path) + query, "");
}

std::string said_of_act(json::Value act) {
  std::string text = fmt::format("{}@{}  {}", act["stream"].text(), act["position"].text(),
                                 act["recorded_at"].text());
  for (const char* name : {"actor", "decision", "reason"}) {
    if (!act[name].text().empty()) text += fmt::format("  {}", act[name].text());
  }
  return text;
}

std::string standing_of_act(const Config& config, json::Value act) {
  const std::string_view message = act["message"][in_vietnamese(config) ? "vi" : "en"].text();
  if (act["state"].text() == "made") {
    const Words words{"edition {}  sha256 {}", "bản {}  sha256 {}"};
    return fmt::format(fmt::runtime(words.in(config.language)), act["edition"].text(),
                       act["digest"].text());
  }
  return fmt::format("{} {}  {}", act["state"].text(), act["code"].text(), message);
}

// What was published, and each act with what came of it.
void show_publication(const Config& config, json::Value publication) {
  write_out(fmt::format("{}  {} {} {}  {}\n", publication["publication"].text(),
                        publication["plan"].text(), publication["period"].text(),
                        publication["unit"].text(), publication["tree"].text()));
  for (const json::Value act : publication["acts"]) {
    write_out(fmt::format("  {}  {}\n    {}\n", act["what"].text(), said_of_act(act),
                          standing_of_act(config, act)));
  }
}

void show_edition(const Config& config, json::Value edition) {
  const auto count = [&](const char* list) {
    std::size_t rows = 0;
    for (const json::Value row : edition[list]) rows += row.present() ? 1 : 0;
    return rows;
  };
  std::string without;
  for (const json::Value stream : edition["without"]) {
    without += fmt::format(" {}", stream.text());
  }
  const Words words{"  edition {}, as of {}: {} figures, {} slots; changed {}, {}\n",
                    "  bản {}, tại {}: {} số liệu, {} kỳ báo cáo; thay đổi {}, {}\n"};
  write_out(fmt::format(fmt::runtime(words.in(config.language)), edition["edition"].text(),
                        edition["as_of"]["moment"].text(), count("figures"), count("slots"),
                        count("changed"), count("changed_slots")));
  if (without.empty()) return;
  const Words left_out{"    without{}\n", "    không có{}\n"};
  write_out(fmt::format(fmt::runtime(left_out.in(config.language)), without));
}

ExitCode show_answer(const Config& config, const Result<std::string>& answer) {
  json::Document document;
  if (!answer.ok()) return say_failure(config, answer.error());
  if (!document.parse(*answer).ok()) return say_failure(config, {"protocol", "no JSON came back"});
  bool any = false;
  for (const json::Value one : document.root()["publications"]) {
    any = true;
    show_publication(config, one);
  }
  for (const json::Value one : document.root()["editions"]) show_edition(config, one);
  if (!any) {
    const Words none{"nothing was published yet; `tiendo publications close --help` says how\n",
                     "chưa chốt kỳ nào; xem cách làm: `tiendo publications close --help`\n"};
    write_out(none.in(config.language));
  }
  return exit_done;
}

std::string body_of(const Config& config, std::string_view act) {
  JsonWriter json;
  json.begin_object();
  json.field("act", act);
  const auto say = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) json.field(name, text);
  };
  say("publication", config.publication);
  say("plan", config.plan);
  say("period", config.period);
  say("unit", config.unit);
  say("author", config.author);
  say("reason", config.reason);
  say("decision", config.decision);
  say("moment", config.moment);
  say("tree", config.tree);
  if (!config.without.empty()) {
    json.begin_array("without");
    for (const std::string& stream : config.without) json.value(stream);
    json.end_array();
  }
  json.end_object();
  return std::move(json).text();
}

ExitCode act_on(const Config& config, std::string_view act) {
  const auto answer = ask(config, "POST", std::string(path), body_of(config, act));
  json::Document document;
  if (!answer.ok()) return say_failure(config, answer.error());
  if (!document.parse(*answer).ok()) return say_failure(config, {"protocol", "no JSON came back"});
  const Words words{
      "written at {}@{}; the edition is made once every stream is read past it:\n"
      "  tiendo publications show {}\n",
      "đã ghi tại {}@{}; bản công bố được lập khi mọi luồng đã được đọc qua thời điểm đó:\n"
      "  tiendo publications show {}\n"};
  write_out(fmt::format(fmt::runtime(words.in(config.language)), document.root()["stream"].text(),
                        document.root()["position"].text(), config.publication));
  return exit_done;
}

}  // namespace

ExitCode publications_list(const Config& config) { return show_answer(config, get(config, "")); }

ExitCode publications_show(const Config& config) {
  const std::string query = "?publication=" + percent_encoded(config.publication);
  if (!config.edition) return show_answer(config, get(config, query));
  const auto text = get(config, query + "&edition=" + std::to_string(*config.edition));
  if (!text.ok()) return say_failure(config, text.error());
  write_out(*text);
  return exit_done;
}

ExitCode publications_close(const Config& config) { return act_on(config, "close"); }

ExitCode publications_amend(const Config& config) { return act_on(config, "amend"); }

}  // namespace tiendo

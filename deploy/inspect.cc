// tiendo stream list, digest, export and verify: they read, beside whoever writes.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "deploy/commands.h"
#include "deploy/control.h"
#include "deploy/data_folder.h"
#include "deploy/exported.h"
#include "deploy/files_of_events.h"
#include "deploy/followed_store.h"
#include "deploy/generations.h"
#include "deploy/reach.h"
#include "deploy/said.h"
#include "deploy/verification.h"
#include "deploy/views_verification.h"
#include "events/json.h"

namespace tiendo {
namespace {

struct OpenLog {
  std::unique_ptr<KvStore> store;
  StreamHeads heads;
};

Result<OpenLog> open_log(const Config& config) {
  TRY_ASSIGN(folder, find_data_folder(config.data));
  TRY_ASSIGN(store, follow_log(folder));
  TRY_ASSIGN(heads, LogReader(*store).heads());
  return OpenLog{std::move(store), std::move(heads)};
}

// From the running store, or read where nothing runs.
Result<std::string> streams_said(const Config& config) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::log));
  if (running) {
    TRY_ASSIGN(answer, running->request("GET", "/control/streams"));
    if (answer.status != 200) return error_in(answer);
    return answer.body;
  }
  TRY_ASSIGN(log, open_log(config));
  std::vector<StreamReach> reaches = reaches_of(log.heads, nullptr);
  TRY_ASSIGN(origins, LogReader(*log.store).origins());
  for (StreamReach& reach : reaches) {
    if (reach.state == "followed") reach.state = "stopped";
    if (origins.contains(reach.stream)) reach.cluster = origins.at(reach.stream).cluster;
  }
  return streams_json(log.heads, reaches);
}

std::string stream_table(json::Value streams, Language language) {
  const bool vi = language == Language::vi;
  std::size_t width = 8;
  for (const json::Value one : streams) width = std::max(width, one["stream"].text().size());
  std::string text = fmt::format("{:<{}} {:>12} {:>12} {:>10} {:>10}  {}\n",
                                 vi ? "LUỒNG" : "STREAM", width, vi ? "ĐÃ GHI" : "RECEIVED",
                                 vi ? "ĐƯỢC NHẬN" : "ACCEPTED", vi ? "TRÙNG" : "DUPLICATE",
                                 vi ? "TỪ CHỐI" : "REJECTED", vi ? "TRẠNG THÁI" : "STATE");
  for (const json::Value one : streams) {
    text += fmt::format("{:<{}} {:>12} {:>12} {:>10} {:>10}  {}", one["stream"].text(), width,
                        one["received"].text(), one["accepted"].text(), one["duplicate"].text(),
                        one["rejected"].text(), one["state"].text());
    if (!one["cluster"].text().empty()) text += fmt::format("  [{}]", one["cluster"].text());
    if (!one["message"].text().empty()) text += fmt::format("  ({})", one["message"].text());
    text += '\n';
  }
  return text;
}

Result<std::string> digest_said(const Config& config) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::views));
  if (running) {
    TRY_ASSIGN(answer, running->request("GET", "/control/digest"));
    if (answer.status == 200) return answer.body;
    if (answer.status != 409) return error_in(answer);
  }
  TRY_ASSIGN(folder, find_data_folder(config.data));
  TRY_ASSIGN(views, FollowedViews::open(folder));
  const auto state = views->state();
  TRY_ASSIGN(digest, ViewReader(*state->rows).digest());
  return digest_json(digest, state->checkpoint);
}

}  // namespace

ExitCode stream_list(const Config& config) {
  const auto said = streams_said(config);
  if (!said.ok()) return say_failure(config, said.error());
  json::Document document;
  if (const Status parsed = document.parse(*said); !parsed.ok()) {
    return say_failure(config, parsed.error());
  }
  write_out(stream_table(document.root()["streams"], config.language));
  return exit_done;
}

ExitCode digest(const Config& config) {
  const auto said = digest_said(config);
  if (!said.ok()) return say_failure(config, said.error());
  write_out(*said + "\n");
  return exit_done;
}

ExitCode export_records(const Config& config) {
  const auto log = open_log(config);
  if (!log.ok()) return say_failure(config, log.error());
  const LogReader reader(*log->store);
  bool found = config.stream.empty();
  for (const auto& [stream, head] : log->heads) {
    if (!config.stream.empty() && stream.text() != config.stream) continue;
    found = true;
    const uint64_t before =
        std::min(config.before.value_or(head.next_position), head.next_position);
    // What cannot be written ends the scan here, and is said at the end of the program.
    const Status done = reader.scan(stream, config.from, before, [](const Record& record) {
      return write_out(exported_line(record));
    });
    if (!done.ok()) return say_failure(config, done.error());
  }
  if (!found) return say_failure(config, {"not_found", "there is no stream " + config.stream});
  return exit_done;
}

namespace {

ExitCode verify_log(const Config& config) {
  const auto log = open_log(config);
  if (!log.ok()) return say_failure(config, log.error());
  const Stopwatch watch;
  ProgressBar bar(on_stderr("verify", "records", records_in(log->heads)), write_to_stderr);
  uint64_t counted = 0;
  Verification verification;
  for (const auto& [stream, head] : log->heads) {
    verification.add(verify_stream(LogReader(*log->store), stream, head,
                                   [&] { bar.update(++counted, watch.elapsed()); }));
  }
  bar.finish(counted, watch.elapsed());
  if (const Status read = verify_editions(LogReader(*log->store), verification); !read.ok()) {
    return say_failure(config, read.error());
  }
  write_out(verification.in_words(config.language));
  return verification.clean() ? exit_done : exit_no;
}

// Beside whoever writes: what the views hold when it begins is compared.
Result<ReconciliationReport> views_verified(const Config& config) {
  TRY_ASSIGN(folder, find_data_folder(config.data));
  TRY_ASSIGN(views, FollowedViews::open(folder));
  constexpr uint64_t whole = 1'000;
  const Stopwatch watch;
  ProgressBar bar(on_stderr("verify views", "‰", whole), write_to_stderr);
  TRY_ASSIGN(report, verify_views(views->log(), views->state(), [&](double done) {
               bar.update(static_cast<uint64_t>(done * whole), watch.elapsed());
             }));
  bar.finish(whole, watch.elapsed());
  return report;
}

}  // namespace

ExitCode verify(const Config& config) {
  const ExitCode of_log = verify_log(config);
  if (!config.views || (of_log != exit_done && of_log != exit_no)) return of_log;
  const auto report = views_verified(config);
  if (!report.ok()) return say_failure(config, report.error());
  write_out(in_words(*report, config.language));
  return report->differences == 0 ? of_log : exit_no;
}

}  // namespace tiendo

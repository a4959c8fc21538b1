// tiendo rebuild: asks the process that keeps the views, or does it where nobody does.
#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <thread>

#include "deploy/commands.h"
#include "deploy/data_folder.h"
#include "deploy/files_of_events.h"
#include "deploy/followed_store.h"
#include "deploy/projection.h"
#include "deploy/said.h"
#include "events/json.h"
#include "events/whole_number.h"

namespace tiendo {
namespace {

constexpr std::chrono::milliseconds ask_interval{300};
constexpr std::size_t step_parts = 2;

// What is said of a rebuild, whoever does it.
struct Told {
  std::string phase;
  std::string generation;
  std::string previous;
  std::string digest;
  std::string previous_digest;
  std::string error;
  uint64_t done = 0;
  uint64_t total = 0;
};

uint64_t number(json::Value value) { return whole_number<uint64_t>(value.text()).value_or(0); }

Result<Told> told_over(HttpClient& client) {
  TRY_ASSIGN(answer, client.request("GET", "/control/rebuild"));
  if (answer.status != 200) return error_in(answer);
  json::Document document;
  TRY_DO(document.parse(answer.body));
  const json::Value said = document.root();
  const auto text = [&](std::string_view name) { return std::string(said[name].text()); };
  return Told{.phase = text("phase"),
              .generation = text("generation"),
              .previous = text("previous"),
              .digest = text("digest"),
              .previous_digest = text("previous_digest"),
              .error = text("error"),
              .done = number(said["records_done"]),
              .total = number(said["records_total"])};
}

Told told_by(const RebuildReport& report) {
  const auto hex = [](const std::optional<Digest>& digest) {
    return digest ? to_hex(*digest) : std::string();
  };
  return {.phase = std::string(name_of(report.phase)),
          .generation = report.generation,
          .previous = report.previous,
          .digest = hex(report.digest),
          .previous_digest = hex(report.previous_digest),
          .error = report.error,
          .done = report.records_done,
          .total = report.records_total};
}

// The bar begins once the total is known, and ends with the filling.
class FillingBar {
 public:
  void show(const Told& told) {
    if (told.phase == "filling" && told.total > 0) {
      if (!bar_) bar_.emplace(on_stderr("rebuild", "records", told.total), write_to_stderr);
      bar_->update(told.done, watch_.elapsed());
    } else if (bar_ && told.phase != "filling") {
      bar_->finish(told.total, watch_.elapsed());
    }
  }

 private:
  Stopwatch watch_;
  std::optional<ProgressBar> bar_;
};

Result<Told> rebuild_over(HttpClient& client) {
  TRY_ASSIGN(started, client.request("POST", "/control/rebuild"));
  if (started.status != 202) return error_in(started);
  FillingBar bar;
  for (;;) {
    TRY_ASSIGN(told, told_over(client));
    bar.show(told);
    if (told.phase == "done" || told.phase == "failed") return told;
    std::this_thread::sleep_for(ask_interval);
  }
}

Result<Told> rebuild_alone(const Config& config) {
  TRY_ASSIGN(folder, find_data_folder(config.data));
  TRY_ASSIGN(log, follow_log(folder));
  WorkerPool pool(static_cast<int>(step_parts));
  Projection::Parts parts{.folder = folder.views(), .log = LogReader(*log)};
  parts.options.parallel = parallel_on(pool, step_parts);
  Projection projection(std::move(parts));
  TRY_DO(projection.open());
  FillingBar bar;
  return told_by(projection.rebuild([&](const RebuildReport& now) { bar.show(told_by(now)); }));
}

Result<Told> rebuild_anywhere(const Config& config) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::views));
  if (running) return rebuild_over(*running);
  return rebuild_alone(config);
}

std::string in_words(const Told& told, Language language) {
  const bool vi = language == Language::vi;
  if (told.previous_digest.empty()) {
    return vi ? fmt::format("bản {} đã dựng xong; không có bản cũ để so\n", told.generation)
              : fmt::format("generation {} is filled; there was none to compare with\n",
                            told.generation);
  }
  const bool equal = told.digest == told.previous_digest;
  std::string text = fmt::format("{}  {}\n{}  {}\n", told.previous, told.previous_digest,
                                 told.generation, told.digest);
  if (equal) {
    text += vi ? fmt::format("giống nhau; đang dùng bản {}\n", told.generation)
               : fmt::format("equal; generation {} is read now\n", told.generation);
  } else {
    text += vi ? fmt::format("KHÁC NHAU: sổ quyết định, đang dùng bản {}; bản cũ được giữ lại\n",
                             told.generation)
               : fmt::format(
                     "DIFFERENT: the log decides, generation {} is read now; the old one "
                     "is kept\n",
                     told.generation);
  }
  return text;
}

}  // namespace

ExitCode rebuild(const Config& config) {
  const auto told = rebuild_anywhere(config);
  if (!told.ok()) return say_failure(config, told.error());
  if (told->phase == "failed") return say_failure(config, {"rebuild_failed", told->error});
  write_out(in_words(*told, config.language));
  return told->digest == told->previous_digest || told->previous_digest.empty() ? exit_done
                                                                                : exit_no;
}

}  // namespace tiendo

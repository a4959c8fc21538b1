// tiendo import: over the socket of a running store, or into a store nobody has open.
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

#include "deploy/commands.h"
#include "deploy/data_folder.h"
#include "deploy/files_of_events.h"
#include "deploy/ingestion.h"
#include "deploy/said.h"
#include "deploy/verdict_count.h"
#include "query/http_client.h"

namespace tiendo {
namespace {

constexpr std::size_t batch_events = 5'000;
constexpr std::size_t batch_bytes = 4u << 20;

// Joins what LineReader took apart; a line holds no line feed.
std::string lines_of(const std::vector<Message>& messages) {
  std::string body;
  for (const Message& message : messages) {
    body += *message.value;
    body += '\n';
  }
  return body;
}

Result<VerdictCount> import_over(HttpClient& client, const Config& config) {
  VerdictCount count;
  const auto send = [&](const std::vector<Message>& messages) -> Status {
    TRY_ASSIGN(answer,
               client.request("POST", "/control/import?as=" + config.as,
                              {{"Content-Type", "application/x-ndjson"}}, lines_of(messages)));
    if (answer.status != 200) return error_in(answer);
    TRY_ASSIGN(placed, VerdictCount::from_json(answer.body));
    count.add(placed);
    return Done{};
  };
  TRY_DO(each_batch(config.files, "import", batch_events, batch_bytes, send));
  TRY_ASSIGN(ended, client.request("POST", "/control/import/end?as=" + config.as));
  if (ended.status != 200) return error_in(ended);
  return count;
}

Status append(Ingestion& ingestion, StreamName stream, std::vector<Message> messages,
              VerdictCount& count) {
  std::optional<Result<std::vector<Placed>>> answer;
  TRY_DO(ingestion.intake().submit(
      stream, std::move(messages),
      [&](Result<std::vector<Placed>> placed) { answer.emplace(std::move(placed)); }));
  while (!answer) TRY_DO(ingestion.step());
  TRY_DO(*answer);
  count.add(**answer);
  return Done{};
}

Result<VerdictCount> import_alone(const Config& config) {
  TRY_ASSIGN(folder, open_data_folder(config.data));
  TRY_ASSIGN(store,
             open_rocks_store(
                 {.path = folder.log(), .families = log_families(), .profile = RocksProfile::log}));
  const SystemClock clock;
  TRY_ASSIGN(ingestion, Ingestion::open({.store = *store, .clock = clock}));
  VerdictCount count;
  const StreamName stream("import:" + config.as);
  TRY_DO(each_batch(config.files, "import", batch_events, batch_bytes,
                    [&](std::vector<Message> messages) {
                      return append(*ingestion, stream, std::move(messages), count);
                    }));
  return count;
}

Result<VerdictCount> import_into(const Config& config) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::log));
  if (running) return import_over(*running, config);
  return import_alone(config);
}

}  // namespace

ExitCode import_files(const Config& config) {
  const auto count = import_into(config);
  if (!count.ok()) return say_failure(config, count.error());
  std::fputs(count->summary(config.language).c_str(), stdout);
  return count->rejected == 0 ? exit_done : exit_no;
}

}  // namespace tiendo

// tiendo import: over the socket of a running store, or into a store nobody has open.
#include <functional>
#include <memory>
#include <optional>

#include "deploy/commands.h"
#include "deploy/data_folder.h"
#include "deploy/files_of_events.h"
#include "deploy/ingestion.h"
#include "deploy/remarks.h"
#include "deploy/said.h"
#include "deploy/verdict_count.h"
#include "query/http_client.h"

namespace tiendo {
namespace {

constexpr LineReader::Bounds batch{.lines_max = 5'000, .bytes_max = 4u << 20};

struct Imported {
  VerdictCount count;
  Remarks remarks{FilesAre::one_stream};
  std::vector<LineLeftOut> left_out;
};

void remark(Remarks& remarks, const EventBatch& events) {
  for (std::size_t i = 0; i < events.messages.size(); ++i) {
    remarks.look(events.places[i], events.messages[i]);
  }
}

// Joins what LineReader took apart; a line holds no line feed.
std::string lines_of(const std::vector<Message>& messages) {
  std::string body;
  for (const Message& message : messages) {
    body += *message.value;
    body += '\n';
  }
  return body;
}

Result<Imported> import_over(HttpClient& client, const Config& config) {
  Imported imported;
  const auto send = [&](const EventBatch& events) -> Status {
    remark(imported.remarks, events);
    TRY_ASSIGN(answer, client.request("POST", "/control/import?as=" + config.as,
                                      {{"Content-Type", "application/x-ndjson"}},
                                      lines_of(events.messages)));
    if (answer.status != 200) {
      return error_in(answer).with_context(events.places.front().text());
    }
    TRY_ASSIGN(placed, VerdictCount::from_json(answer.body));
    placed.locate(events.places);
    imported.count.add(placed);
    return Done{};
  };
  TRY_DO(each_batch({config.files, config.source}, "import", batch, send, imported.left_out));
  TRY_ASSIGN(ended, client.request("POST", "/control/import/end?as=" + config.as));
  if (ended.status != 200) return error_in(ended);
  return imported;
}

Status append(Ingestion& ingestion, StreamName stream, EventBatch events, VerdictCount& count) {
  std::optional<Result<std::vector<Placed>>> answer;
  TRY_DO(ingestion.intake().submit(
      stream, std::move(events.messages),
      [&](Result<std::vector<Placed>> placed) { answer.emplace(std::move(placed)); }));
  while (!answer) TRY_DO(ingestion.step());
  TRY_DO(*answer);
  VerdictCount placed;
  placed.add(**answer);
  placed.locate(events.places);
  count.add(placed);
  return Done{};
}

Result<Imported> import_alone(const Config& config) {
  TRY_ASSIGN(folder, open_data_folder(config.data));
  TRY_ASSIGN(store,
             open_rocks_store(
                 {.path = folder.log(), .families = log_families(), .profile = RocksProfile::log}));
  const SystemClock clock;
  TRY_ASSIGN(ingestion, Ingestion::open({.store = *store, .clock = clock}));
  Imported imported;
  const StreamName stream("import:" + config.as);
  const auto take = [&](EventBatch events) {
    remark(imported.remarks, events);
    return append(*ingestion, stream, std::move(events), imported.count);
  };
  TRY_DO(each_batch({config.files, config.source}, "import", batch, take, imported.left_out));
  return imported;
}

Result<Imported> import_into(const Config& config) {
  TRY_ASSIGN(running, running_store(config.data, StorePart::log));
  if (running) return import_over(*running, config);
  return import_alone(config);
}

}  // namespace

ExitCode import_files(const Config& config) {
  const auto imported = import_into(config);
  if (!imported.ok()) return say_failure(config, imported.error());
  write_out(imported->count.summary(config.language));
  write_out(in_words(imported->left_out, config.language));
  write_out(imported->remarks.in_words(config.language));
  return imported->count.rejected == 0 && imported->left_out.empty() ? exit_done : exit_no;
}

}  // namespace tiendo

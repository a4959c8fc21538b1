// Makes a log as an older version would have left it: the lines of standard input as records of one
// stream, each refused with type_unknown.
//
//   old_log --data DIR --stream NAME < events.ndjson
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <string>

#include "deploy/data_folder.h"
#include "events/log.h"
#include "events/store.h"

namespace tiendo {
namespace {

Status append_refused(const std::string& data, const std::string& stream) {
  TRY_ASSIGN(folder, open_data_folder(data));
  TRY_ASSIGN(store,
             open_rocks_store(
                 {.path = folder.log(), .families = log_families(), .profile = RocksProfile::log}));
  TRY_ASSIGN(log, EventLog::open(*store));
  EventLog::Batch batch{StreamName(stream), {}};
  std::string line;
  while (std::getline(std::cin, line)) {
    Admission admission;
    admission.message.value = line;
    admission.stamp = parse_instant("2024-06-01T08:00:00+07:00");
    admission.refusal = Refusal{Reason::type_unknown, "type", "of tomorrow", "of today"};
    batch.admissions.push_back(std::move(admission));
  }
  std::vector<EventLog::Batch> batches;
  batches.push_back(std::move(batch));
  TRY_DO(log->append(std::move(batches)));
  return Done{};
}

}  // namespace
}  // namespace tiendo

int main(int argc, char** argv) {
  CLI::App app("Writes a log with refused records.");
  std::string data;
  std::string stream;
  app.add_option("--data", data)->required();
  app.add_option("--stream", stream)->required();
  CLI11_PARSE(app, argc, argv);
  const auto done = tiendo::append_refused(data, stream);
  if (!done.ok()) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done.ok() ? 0 : 1;
}

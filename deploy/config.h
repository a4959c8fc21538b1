// What the program is told to do: the command line and the configuration file, as values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/language.h"

namespace tiendo {

enum class Command {
  run,
  ingest,
  project,
  query,
  publish,
  import_files,
  validate,
  plan_explain,
  rejudge,
  publications_list,
  publications_show,
  publications_close,
  publications_amend,
  rebuild,
  stream_list,
  stream_accept_gap,
  stream_new_epoch,
  verify,
  digest,
  export_records,
};

struct KafkaConfig {
  std::string brokers;  // empty: no Kafka
  std::vector<std::string> topics{"tiendo.events", "tiendo.reference"};
  std::vector<std::string> create_time_topics;    // among them: producers' times are taken
  std::map<std::string, std::string> properties;  // of the client library
  // Where the gateway puts what comes over HTTP.
  std::string events_topic = "tiendo.events";
  std::string reference_topic = "tiendo.reference";  // units, plans, grants
};

struct Config {
  Command command = Command::run;
  Language language = Language::en;
  std::filesystem::path data;
  std::string listen;  // empty: the command's own default
  int threads = 2;     // that answer requests
  // The share of one core, in percent, for reconciling the views with the log; 0: it is not done.
  int reconcile_percent = 5;
  KafkaConfig kafka;

  bool views = false;  // verify: the views too

  // Of publish, import and export.
  std::vector<std::string> files;
  bool json = false;                      // validate: a JSON object for each event
  std::string to;                         // publish: http://HOST:PORT
  std::string topic;                      // publish: to Kafka
  std::string as;                         // import: into the stream import:AS
  std::string source = "urn:tiendo:cli";  // publish, import: of plan documents
  std::string stream;                     // also of the acts on a stream
  std::string plan;                       // plan explain: its id; empty: of a file; also below
  bool in_english = false;                // plan explain: else in Vietnamese
  uint64_t from = 0;                      // export: the first position
  std::optional<uint64_t> before;         // export: the position after the last

  // Of the acts of an operator.
  std::string author;
  uint64_t position = 0;  // rejudge: of the record in `stream`
  std::string reason;
  bool yes = false;                  // else it is only said what would happen
  std::optional<int64_t> to_offset;  // accept-gap: to go on with

  // Of publications; empty: not said.
  std::string publication;
  std::optional<int64_t> edition;  // show: the bytes of this one
  std::string period, unit, moment, tree, decision;
  std::vector<std::string> without;  // streams that are not waited for
};

}  // namespace tiendo

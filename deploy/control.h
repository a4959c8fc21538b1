// What commands ask of a running store, over its socket: /control/… of the same HTTP server, for
// the account that owns the store alone.
//
//   POST /control/import?as=NAME    NDJSON into the stream import:NAME; answers a VerdictCount
//   POST /control/import/end?as=NAME
//   GET  /control/streams           {"streams":[…]}
//   POST /control/stream/…          acts on a stopped stream: stream_acts.h
//   GET  /control/digest            {"digest", "generation"?, "streams":{NAME: next position}}
//   POST /control/edition           keeps an edition: editions.h
//   POST /control/publication       writes what closes or amends a publication: decided.h
//   POST /control/rebuild           begins one; GET says how far it is
#pragma once

#include <functional>
#include <string>

#include "deploy/editions.h"
#include "deploy/ingestion.h"
#include "deploy/projection.h"
#include "deploy/reach.h"
#include "query/http_message.h"

namespace tiendo {

// Whether NAME may be the rest of import:NAME: letters, digits, '.', '_', '-', at most 100.
[[nodiscard]] bool is_import_name(std::string_view name);

[[nodiscard]] std::string streams_json(const StreamHeads& heads,
                                       const std::vector<StreamReach>& reaches);
[[nodiscard]] std::string digest_json(const Digest& digest, const Checkpoint& checkpoint);

class Control {
 public:
  struct Parts {
    Ingestion* ingestion = nullptr;    // none: another process writes the log
    Projection* projection = nullptr;  // none: another process keeps the views
    LogReader log;
    std::function<std::vector<StreamReach>()> streams;
    std::function<void(std::function<void()>)> run;                    // for what takes long
    std::function<Status(const Edition&)> keep_edition{};              // none: as of ingestion
    std::function<Result<Placed>(const PublicationEvent&)> publish{};  // the same
  };
  explicit Control(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] static bool is_control(const HttpRequest& request);
  // May answer in its own time. This must live until then.
  void handle(const HttpRequest& request, HttpReply reply) const;

 private:
  void import(const HttpRequest& request, HttpReply reply) const;
  [[nodiscard]] HttpResponse end_import(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse streams() const;
  [[nodiscard]] HttpResponse digest() const;
  [[nodiscard]] HttpResponse edition(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse publication(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse start_rebuild() const;
  [[nodiscard]] HttpResponse rebuild() const;

  Parts parts_;
  mutable EditionParts edition_parts_;
};

}  // namespace tiendo

// The part of the program that makes editions of publications, and how they come into the log's
// store, also from a process that does not write it:
//
//   POST /control/edition?publication=&edition=&stream=&position=&recorded_at_ms=&digest=&part=&of=
//   its text is the body, in as many requests as it takes: part 0 of 3, 1 of 3, 2 of 3
//
// Threads: run() is the makers' thread; all else on any.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/ingestion.h"
#include "deploy/rebuild.h"
#include "deploy/threads.h"
#include "events/edition.h"
#include "query/edition_maker.h"
#include "query/http_message.h"

namespace tiendo {

// Keeps an edition in the store that an ingester writes, between two of its steps.
Status keep_between_steps(Ingestion& ingestion, KvStore& log_store, const Edition& edition);
// Asks the process that writes the log, over its socket, to keep it.
Status keep_over(const std::string& socket, const Edition& edition);

// An edition as it is sent, one request after the other; `text` is that of the edition. A part has
// `bytes_max` bytes at most.
struct EditionPart {
  std::string target;
  std::string_view text;
};
[[nodiscard]] std::vector<EditionPart> parts_of(const Edition& edition, std::size_t bytes_max);

// Puts the parts together again, of one edition at a time. Any thread.
class EditionParts {
 public:
  // The edition, with its last part. Error `refused` where the request names no edition, does not
  // follow the part before it, or the whole is not that of the digest: all is to be sent again.
  Result<std::optional<Edition>> take(const HttpRequest& request);

 private:
  std::mutex mutex_;
  std::string of_;     // which edition
  uint32_t next_ = 0;  // its next part
  std::string text_;
};

// What the makers' thread did since the process began, and how it stands.
struct EditionsStatus {
  uint64_t made = 0;
  double making_s = 0;                        // time it took to make them
  std::map<std::string, uint64_t> waiting{};  // acts that wait, by what for (EditionMaker)
  std::string trouble{};                      // why none can be made just now; empty: there is none
};

class Editions {
 public:
  struct Parts {
    EditionMaker::Parts maker;
    LogAccess log_access;  // where the log's store follows another process's
  };
  explicit Editions(Parts parts) : parts_(std::move(parts)), maker_(parts_.maker) {}

  // Makes what can be made, a few times a second, until `ending` begins. What fails is said in the
  // log lines and tried again.
  void run(Ending& ending);
  // One edition, if there is one to be made.
  Result<bool> step();
  [[nodiscard]] EditionsStatus status() const;

 private:
  void note(const Result<bool>& made, std::chrono::duration<double> took);

  Parts parts_;
  EditionMaker maker_;
  mutable std::mutex mutex_;
  EditionsStatus status_;
};

}  // namespace tiendo

// What is remarked of files of events beside their verdicts: fields that look misspelt, and lines
// that are out of the order of their times, which an import cannot put right. Equal remarks are
// counted, so that a fault of a whole export is said once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/files_of_events.h"
#include "deploy/language.h"
#include "events/event.h"
#include "events/event_warnings.h"
#include "events/json.h"
#include "events/warning.h"

namespace tiendo {

// Whether the files are one stream, one after the other, or each is one of its own.
enum class FilesAre : uint8_t { one_stream, streams };

// One thread.
class Remarks {
 public:
  explicit Remarks(FilesAre files) : files_(files) {}

  // What is to be remarked of an event; also counted for in_words(). The file's name must outlive
  // this.
  std::vector<Warning> look(const LinePlace& place, const Event& event);
  // The same of a line as it is read; nothing of one that is no event.
  void look(const LinePlace& place, const Message& message);

  // Lines for people, each with the first place; empty where there is nothing.
  [[nodiscard]] std::string in_words(Language language) const;

 private:
  struct Stream {
    std::string_view file;  // its first
    uint64_t lines = 0;
    std::optional<Instant> latest;
    LinePlace latest_at;
    uint64_t earlier = 0;  // lines before whose place a later time stands
    LinePlace earlier_than;
  };
  struct Counted {
    LinePlace first;
    Warning warning;
    uint64_t lines = 0;
  };

  std::optional<Warning> check_order(const LinePlace& place, const Event& event);

  FilesAre files_;
  json::Document document_;
  std::vector<Stream> streams_;
  std::map<std::string, Counted> counted_;  // by type and field
};

}  // namespace tiendo

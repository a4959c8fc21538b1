// How far every known stream is read, as the answers need it.
#pragma once

#include <vector>

#include "deploy/ingestion.h"
#include "events/log.h"
#include "query/api_context.h"

namespace tiendo {

// What this process knows of the side that writes the log.
struct IngestKnowledge {
  IngestStatus status;
  const RunningImports* imports = nullptr;
  Instant now{INT64_MIN};
};

// A broker is asked every few seconds where its partitions end; after so long without an answer
// nobody knows how far behind the log is.
inline constexpr int64_t unheard_after_ms = 15'000;

// One for each stream of the log and of the sources. `ingest` is null where another process writes
// the log: then only a later record tells that a stream is past a moment.
[[nodiscard]] std::vector<StreamReach> reaches_of(const StreamHeads& heads,
                                                  const IngestKnowledge* ingest);

}  // namespace tiendo

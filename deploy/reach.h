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
};

// One for each stream of the log and of the sources. `ingest` is null where another process writes
// the log: then only a later record tells that a stream is past a moment.
[[nodiscard]] std::vector<StreamReach> reaches_of(const StreamHeads& heads,
                                                  const IngestKnowledge* ingest);

}  // namespace tiendo

// The services: run, ingest, project and query, put together from the layers below and run until a
// signal ends them.
#pragma once

#include "deploy/config.h"
#include "deploy/exit_code.h"

namespace tiendo {

// Blocks until SIGTERM or SIGINT, or until the service cannot go on.
[[nodiscard]] ExitCode serve(const Config& config);

}  // namespace tiendo

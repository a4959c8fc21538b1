// The commands that end. What they found goes to standard output, progress and what went wrong to
// standard error.
#pragma once

#include "deploy/config.h"
#include "deploy/exit_code.h"

namespace tiendo {

[[nodiscard]] ExitCode publish(const Config& config);
[[nodiscard]] ExitCode import_files(const Config& config);
[[nodiscard]] ExitCode validate(const Config& config);
[[nodiscard]] ExitCode plan_explain(const Config& config);
[[nodiscard]] ExitCode rebuild(const Config& config);
[[nodiscard]] ExitCode stream_list(const Config& config);
[[nodiscard]] ExitCode stream_accept_gap(const Config& config);
[[nodiscard]] ExitCode stream_new_epoch(const Config& config);
[[nodiscard]] ExitCode rejudge(const Config& config);
[[nodiscard]] ExitCode publications_list(const Config& config);
[[nodiscard]] ExitCode publications_show(const Config& config);
[[nodiscard]] ExitCode publications_close(const Config& config);
[[nodiscard]] ExitCode publications_amend(const Config& config);
[[nodiscard]] ExitCode verify(const Config& config);
[[nodiscard]] ExitCode digest(const Config& config);
[[nodiscard]] ExitCode export_records(const Config& config);

}  // namespace tiendo

// How commands reach a running store, what they print, and how they say that something went wrong.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "deploy/config.h"
#include "deploy/exit_code.h"
#include "events/result.h"
#include "query/http_client.h"

namespace tiendo {

enum class StorePart { log, views };

// A connection to the process that writes this part of the store, if one runs.
[[nodiscard]] Result<std::optional<HttpClient>> running_store(const std::filesystem::path& data,
                                                              StorePart part);

// The problem in an answer that is no success: its code and detail.
[[nodiscard]] Error error_in(const HttpResponse& response);

// To standard error; the exit code that fits.
[[nodiscard]] ExitCode say_failure(const Config& config, const Error& error);

// To standard output. False where it cannot be written, and ever after: there is no use in going
// on.
bool write_out(std::string_view text);

// The end of a command that would end with `code`: flushes standard output. Where not all of it
// could be written, says so on standard error and is exit_try_again.
[[nodiscard]] ExitCode end_output(Language language, ExitCode code);

}  // namespace tiendo

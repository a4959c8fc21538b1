// What a process that does not write the log asks of the one that does, over its socket.
#pragma once

#include <string>
#include <string_view>

#include "events/result.h"
#include "query/http_message.h"

namespace tiendo {

// Errors: `unreachable` where nobody listens there, or no answer comes.
[[nodiscard]] Result<HttpResponse> ask_log_writer(const std::string& socket,
                                                  const std::string& target, std::string_view body);

}  // namespace tiendo

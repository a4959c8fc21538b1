// A person's acts on stopped streams, over the socket:
//
//   POST /control/stream/accept-gap   {"stream", "author", "reason", "to"?, "yes"}
//   POST /control/stream/new-epoch    {"stream", "author", "reason", "yes"}
//
// The answer says what is passed over and where reading goes on; with "yes" it is done, and the
// record of the control stream is named.
#pragma once

#include <functional>

#include "deploy/ingestion.h"
#include "query/http_message.h"

namespace tiendo {

[[nodiscard]] bool is_stream_act(const HttpRequest& request);
// May answer in its own time, by `run`.
void act_on_stream(Ingestion& ingestion, const std::function<void(std::function<void()>)>& run,
                   const HttpRequest& request, HttpReply reply);

}  // namespace tiendo

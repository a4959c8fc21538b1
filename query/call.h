// One request on its way to its answer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "events/message.h"
#include "events/result.h"
#include "query/api_context.h"

namespace tiendo {

enum class Language { en, vi };
// What Accept-Language prefers; English where it says nothing of the two.
[[nodiscard]] Language preferred_language(const HttpRequest& request);

class Previews;

struct Call {
  const HttpRequest& request;
  const ApiContext& context;
  std::vector<std::string> ids;  // what stands in the path for {...}, in NFC
  Language language = Language::en;
  Instant now;
  std::shared_ptr<const ViewState> views;  // null for routes that need none
  Previews* previews = nullptr;            // null for those too
};

// A refusal with a stable code (api_problem.cc has the list and the HTTP status of each), in the
// language of the call. Routes return it as the Error of their Result.
[[nodiscard]] Error refuse(const Call& call, std::string_view code, const Sentence& detail);
// The problem (RFC 9457) that an Error becomes; one with an unknown code is the node's own fault.
[[nodiscard]] HttpResponse to_problem(const Error& error);

}  // namespace tiendo

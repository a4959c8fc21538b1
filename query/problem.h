// A refusal in the form of RFC 9457 (application/problem+json).
#pragma once

#include <string_view>

#include "query/http_message.h"

namespace tiendo {

// `code` is stable snake_case, for programs; `title` is the same for every problem of this code;
// `detail` says what is wrong this time and how to mend it. All are UTF-8.
// {"type":"urn:tiendo:problem:CODE","title":…,"status":…,"detail":…,"code":…}
[[nodiscard]] HttpResponse problem(int status, std::string_view code, std::string_view title,
                                   std::string_view detail);

// The same with one more member, whose value is `json`.
[[nodiscard]] HttpResponse with_member(HttpResponse problem, std::string_view name,
                                       std::string_view json);

}  // namespace tiendo

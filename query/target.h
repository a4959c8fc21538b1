// The request target of HTTP ("/v1/units/a%20b?level=commune") and network addresses, taken apart.
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "events/result.h"

namespace tiendo {

struct QueryParameter {
  std::string name;
  std::string value;
  friend bool operator==(const QueryParameter&, const QueryParameter&) = default;
};

// Everything is percent-decoded once and is UTF-8 without NUL.
struct RequestTarget {
  std::string path;  // "/v1/units/a b", to show and to log
  // The path between its slashes, to route by: an id that holds %2F is still one segment. "/" has
  // none; "/v1/" has two, the second empty.
  std::vector<std::string> segments;
  std::vector<QueryParameter> parameters;  // in the order sent, repeated names kept
};

// Takes the origin form and the absolute form (whose authority is passed over). In the query a '+'
// is a space, as HTML forms and URLSearchParams write it, so a '+' itself must be sent as %2B.
// Refuses (target_invalid): a bad percent escape, NUL, bytes that are not UTF-8, '#', and in the
// path also control characters, a backslash and the segments "." and "..".
[[nodiscard]] Result<RequestTarget> parse_request_target(std::string_view target);

// `text` as one path segment, or one name or value of a query.
[[nodiscard]] std::string percent_encoded(std::string_view text);

struct HostPort {
  std::string host;  // without the brackets of IPv6
  uint16_t port = 0;
};

// "127.0.0.1:8080", "localhost:8080", "[::1]:8080". Error: wrong_use.
[[nodiscard]] Result<HostPort> parse_host_port(std::string_view text);

}  // namespace tiendo

// What the server refuses by itself, before a handler hears of it, and the words for it. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "events/limits.h"
#include "query/http_message.h"

namespace tiendo {

// Each is tested at n and at n + 1.
struct RequestLimits {
  std::size_t header_bytes_max = limits::header_bytes_max;  // request line and headers
  std::size_t header_fields_max = limits::header_fields_max;
  std::size_t target_bytes_max = limits::request_target_bytes_max;
  std::size_t body_bytes_max = limits::body_bytes_max;
};

// A request's line and headers, well formed.
struct RequestHead {
  std::string_view target;
  int version = 11;  // 10 or 11
  const HttpHeaders& headers;
};

// Where a head must not be read further: at a bare line feed, or a header folded over two lines,
// which a proxy in front could read in another way. `start` is the head or its beginning.
[[nodiscard]] std::optional<HttpResponse> line_refusal(std::string_view start);

// Why a well-formed head is not taken all the same: 400, 414, 415, 417, 431.
[[nodiscard]] std::optional<HttpResponse> refusal(const RequestHead& head,
                                                  const RequestLimits& limits);

// `start`: the first header_bytes_max bytes of a head that has more.
[[nodiscard]] HttpResponse head_too_large(std::string_view start, const RequestLimits& limits);
[[nodiscard]] HttpResponse body_too_large(const RequestLimits& limits);
// 400; `why` is a sentence.
[[nodiscard]] HttpResponse malformed(std::string_view why);
// 503 that asks to come again; `what` is a sentence.
[[nodiscard]] HttpResponse busy(std::string_view code, std::string_view what);

}  // namespace tiendo

// What an HTTP handler is given and what it answers. Nothing here does I/O.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/calendar.h"
#include "query/target.h"

namespace tiendo {

struct HttpHeader {
  std::string name;
  std::string value;
};
using HttpHeaders = std::vector<HttpHeader>;

// Equal but for ASCII case, as header names and many of their values compare.
[[nodiscard]] bool same_ascii(std::string_view a, std::string_view b);

// False if it could not be sent as it stands: a name that is no token, or a control character in
// the value, which would let the value forge further headers.
[[nodiscard]] bool is_sendable(const HttpHeader& header);

// The value of the first header of this name, compared without ASCII case.
[[nodiscard]] std::optional<std::string_view> find_header(const HttpHeaders& headers,
                                                          std::string_view name);

struct HttpRequest {
  std::string method;  // a HEAD is given as GET; its answer is sent without the body
  std::string path;    // path, segments and parameters: see RequestTarget
  std::vector<std::string> segments;
  std::vector<QueryParameter> parameters;
  HttpHeaders headers;  // without the trailers of a chunked body
  std::string body;
  bool local = false;  // came over the unix socket, so from the account that owns the store

  // The first parameter of this name; names are case-sensitive.
  [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
    return find_header(headers, name);
  }
};

struct HttpResponse {
  int status = 200;
  std::string content_type = {};  // left out of the answer when empty
  HttpHeaders headers = {};       // beside Content-Type and those that response_head() adds
  std::string body = {};
};

// Answers one request, once, from any thread; may outlive the server, and then does nothing. One
// that is destroyed without having answered answers 500.
class HttpReply {
 public:
  using Send = std::function<void(HttpResponse)>;

  explicit HttpReply(Send send) : send_(std::move(send)) {}
  HttpReply(HttpReply&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  // What this held goes to `other`, which answers for it when it is destroyed.
  HttpReply& operator=(HttpReply&& other) noexcept {
    send_.swap(other.send_);
    return *this;
  }
  ~HttpReply();

  void operator()(HttpResponse response);

 private:
  Send send_;
};

// Called on a thread of the server, several threads at a time. It must not block or throw: long
// work goes to other threads, with the reply.
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

// False if a header is not sendable or is one that response_head() writes.
[[nodiscard]] bool is_sendable(const HttpResponse& response);

enum class AfterAnswer { keep_open, close };

// Status line and headers, up to and with the empty line. Adds Content-Length, Connection, Date (if
// the time is known), X-Content-Type-Options, and, to HTML that brings none of its own, a
// Content-Security-Policy that lets a page load from this server only. `response` must be sendable.
[[nodiscard]] std::string response_head(const HttpResponse& response, AfterAnswer after,
                                        std::optional<Instant> now);

// "Sun, 06 Nov 1994 08:49:37 GMT"
[[nodiscard]] std::string http_date(Instant instant);

}  // namespace tiendo

#include "query/request_rules.h"

#include <algorithm>

#include "query/problem.h"

namespace tiendo {
namespace {

HttpResponse target_too_long(const RequestLimits& limits) {
  return problem(414, "target_too_long", "Request target too long",
                 "The target may have " + std::to_string(limits.target_bytes_max) + " bytes.");
}

HttpResponse headers_too_large(const RequestLimits& limits) {
  return problem(431, "header_too_large", "Request headers too large",
                 "Request line and headers may have " + std::to_string(limits.header_bytes_max) +
                     " bytes and " + std::to_string(limits.header_fields_max) + " headers.");
}

std::size_t count(const HttpHeaders& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(),
                    [&](const HttpHeader& header) { return same_ascii(header.name, name); }));
}

bool host_is_good(const RequestHead& head) {
  const std::size_t hosts = count(head.headers, "Host");
  if (hosts == 0) return head.version < 11;
  return hosts == 1 &&
         find_header(head.headers, "Host")->find_first_of("/\\@,?# \t") == std::string_view::npos;
}

bool transfer_is_good(const RequestHead& head) {
  const std::size_t codings = count(head.headers, "Transfer-Encoding");
  return codings == 0 || (codings == 1 && head.version >= 11 &&
                          same_ascii(*find_header(head.headers, "Transfer-Encoding"), "chunked"));
}

}  // namespace

std::optional<HttpResponse> line_refusal(std::string_view start) {
  for (std::size_t i = start.find('\n'); i != std::string_view::npos; i = start.find('\n', i + 1)) {
    if (i == 0 || start[i - 1] != '\r') return malformed("A line does not end in CR LF.");
    if (i + 1 < start.size() && (start[i + 1] == ' ' || start[i + 1] == '\t'))
      return malformed("A header is folded over two lines.");
  }
  return std::nullopt;
}

std::optional<HttpResponse> refusal(const RequestHead& head, const RequestLimits& limits) {
  if (head.target.size() > limits.target_bytes_max) return target_too_long(limits);
  if (head.headers.size() > limits.header_fields_max) return headers_too_large(limits);
  if (!host_is_good(head))
    return problem(400, "host_invalid", "Host invalid", "A request names one Host.");
  if (!transfer_is_good(head))
    return malformed("The only Transfer-Encoding is chunked, once, in HTTP/1.1.");
  const auto compression = find_header(head.headers, "Content-Encoding");
  if (compression && !same_ascii(*compression, "identity"))
    return problem(415, "content_encoding", "Body compressed", "Send the body uncompressed.");
  const auto expected = find_header(head.headers, "Expect");
  if (expected && !same_ascii(*expected, "100-continue"))
    return problem(417, "expectation_unknown", "Expectation unknown",
                   "The only expectation that can be met is 100-continue.");
  return std::nullopt;
}

HttpResponse head_too_large(std::string_view start, const RequestLimits& limits) {
  const bool line_ends = start.find("\r\n") != std::string_view::npos;
  return line_ends ? headers_too_large(limits) : target_too_long(limits);
}

HttpResponse body_too_large(const RequestLimits& limits) {
  return problem(413, "body_too_large", "Body too large",
                 "A body may have " + std::to_string(limits.body_bytes_max) + " bytes.");
}

HttpResponse malformed(std::string_view why) {
  return problem(400, "malformed_request", "Malformed request", why);
}

HttpResponse busy(std::string_view code, std::string_view what) {
  HttpResponse response =
      problem(503, code, "Too busy", std::string(what) + " Try again in a second.");
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

}  // namespace tiendo

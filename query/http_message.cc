#include "query/http_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "query/problem.h"

namespace tiendo {
namespace {

constexpr std::string_view html_policy =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_token(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

bool is_servers_own(std::string_view name) {
  static constexpr std::array<std::string_view, 5> names = {
      "content-type", "content-length", "transfer-encoding", "connection", "date"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view own) { return same_ascii(own, name); });
}

std::string_view reason_phrase(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 25> phrases = {{
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {409, "Conflict"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
  }};
  for (const auto& [known, phrase] : phrases) {
    if (known == status) return phrase;
  }
  return "";  // an empty phrase is allowed, and nobody may rely on one
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

bool same_ascii(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> find_header(const HttpHeaders& headers, std::string_view name) {
  for (const HttpHeader& header : headers) {
    if (same_ascii(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> HttpRequest::query(std::string_view name) const {
  for (const QueryParameter& parameter : parameters) {
    if (parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

HttpReply::~HttpReply() {
  if (!send_) return;
  (*this)(problem(500, "no_answer", "No answer",
                  "The part of the server that took this request gave it up without an answer."));
}

void HttpReply::operator()(HttpResponse response) {
  ENSURE(send_ != nullptr, "a request is answered once");
  std::exchange(send_, nullptr)(std::move(response));
}

bool is_sendable(const HttpHeader& header) {
  return is_token(header.name) && is_field_value(header.value);
}

bool is_sendable(const HttpResponse& response) {
  return response.status >= 200 && response.status <= 599 &&
         is_field_value(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(),
                     [](const HttpHeader& header) {
                       return is_sendable(header) && !is_servers_own(header.name);
                     });
}

std::string response_head(const HttpResponse& response, AfterAnswer after,
                          std::optional<Instant> now) {
  ENSURE(is_sendable(response), "a header would change the shape of the answer");
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  const auto add = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  if (now) add("Date", http_date(*now));
  if (has_body(response.status)) {
    if (!response.content_type.empty()) add("Content-Type", response.content_type);
    add("Content-Length", std::to_string(response.body.size()));
  }
  add("X-Content-Type-Options", "nosniff");
  for (const HttpHeader& header : response.headers) add(header.name, header.value);
  if (response.content_type.rfind("text/html", 0) == 0 &&
      !find_header(response.headers, "Content-Security-Policy"))
    add("Content-Security-Policy", html_policy);
  if (after == AfterAnswer::close) add("Connection", "close");
  head += "\r\n";
  return head;
}

std::string http_date(Instant instant) {
  using namespace std::chrono;
  static constexpr std::array<const char*, 7> weekdays = {"Sun", "Mon", "Tue", "Wed",
                                                          "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds time{floor<seconds>(milliseconds{instant.ms})};
  const sys_days day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     weekdays[weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace tiendo

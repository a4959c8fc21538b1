#include "query/http_client.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include "query/answer_reader.h"
#include "query/socket.h"

namespace tiendo {

using std::chrono::milliseconds;

// The client reads and writes by plain system calls, each bounded by what is left of the timeout,
// and has Beast only take answers apart.
class HttpClient::Wire {
 public:
  using Clock = std::chrono::steady_clock;

  static Result<std::unique_ptr<Wire>> to(std::string_view address, Options options);

  Status open();
  // False too when the server has closed its end, or said something unasked.
  [[nodiscard]] bool is_usable() const;
  void close() { socket_ = Descriptor(-1); }
  Result<HttpResponse> exchange(const std::string& head, std::string_view body, bool without_body);

  [[nodiscard]] const std::string& host() const { return host_; }

 private:
  explicit Wire(Options options) : options_(options) {}

  enum class Sent { all, part };
  Result<Sent> send(std::string_view bytes, Clock::time_point end);
  Status receive(AnswerReader& answer, Clock::time_point end);
  [[nodiscard]] Error lost() const;
  [[nodiscard]] Error too_slow() const {
    return {"timeout", name_ + " did not answer within " +
                           std::to_string(options_.answer_timeout.count() / 1000) + " s"};
  }

  Options options_;
  std::string name_;  // as the user wrote it
  std::string host_;
  std::string how_to_start_;
  std::optional<HostPort> tcp_;  // else name_ is the path of a unix socket
  Descriptor socket_{-1};
};

Result<std::unique_ptr<HttpClient::Wire>> HttpClient::Wire::to(std::string_view address,
                                                               Options options) {
  static constexpr std::string_view scheme = "http://";
  std::unique_ptr<Wire> wire(new Wire(options));
  wire->name_ = address;
  if (address.substr(0, scheme.size()) == scheme) {
    std::string_view authority = address.substr(scheme.size());
    if (!authority.empty() && authority.back() == '/') authority.remove_suffix(1);
    TRY_ASSIGN(host_port, parse_host_port(authority));
    wire->tcp_ = host_port;
    wire->host_ = authority;
    wire->how_to_start_ = "tiendo run --listen " + wire->host_;
    return wire;
  }
  const std::size_t slash = address.rfind('/');
  if (slash == std::string_view::npos || address.find("://") != std::string_view::npos)
    return Error{
        "wrong_use",
        "\"" + wire->name_ + "\" is no address: write http://HOST:PORT or the path of a socket"};
  wire->host_ = "localhost";
  wire->how_to_start_ = "tiendo run --data " + std::string(address.substr(0, slash));
  return wire;
}

Status HttpClient::Wire::open() {
  Result<Descriptor> socket =
      tcp_ ? connect_tcp(*tcp_, options_.connect_timeout) : connect_unix(name_);
  if (!socket.ok() && socket.error().code == "unreachable")
    return Error{"unreachable", "nothing listens at " + name_ + ": start it with " + how_to_start_};
  if (!socket.ok()) return socket.error().with_context("cannot connect to " + name_);
  socket_ = std::move(socket).value();
  return Done{};
}

bool HttpClient::Wire::is_usable() const {
  if (socket_.number() < 0) return false;
  char byte = 0;
  const auto read = ::recv(socket_.number(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return read < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

Error HttpClient::Wire::lost() const {
  return {"connection_lost", "the connection to " + name_ +
                                 " was lost before the answer came; whether the request took "
                                 "effect is unknown"};
}

// Stops early when the server answers before it has everything, as it does when it refuses.
Result<HttpClient::Wire::Sent> HttpClient::Wire::send(std::string_view bytes,
                                                      Clock::time_point end) {
  while (!bytes.empty()) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    const short ready = wait_ready(socket_, POLLIN | POLLOUT, left);
    if (ready == 0) return too_slow();
    if ((ready & ~POLLOUT) != 0) return Sent::part;
    const auto sent =
        ::send(socket_.number(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return Sent::part;
  }
  return Sent::all;
}

Status HttpClient::Wire::receive(AnswerReader& answer, Clock::time_point end) {
  std::array<char, std::size_t{64} << 10> bytes;
  while (!answer.done()) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    if (wait_ready(socket_, POLLIN, left) == 0) return too_slow();
    const auto read = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0 || (read == 0 && !answer.end().ok())) return lost();
    const Status taken = answer.take({bytes.data(), static_cast<std::size_t>(read)});
    if (!taken.ok()) return taken.error().with_context(name_);
  }
  return Done{};
}

Result<HttpResponse> HttpClient::Wire::exchange(const std::string& head, std::string_view body,
                                                bool without_body) {
  const Clock::time_point end = Clock::now() + options_.answer_timeout;
  TRY_ASSIGN(sent, send(head, end));
  if (sent == Sent::all) {
    TRY_ASSIGN(sent_of_body, send(body, end));
    sent = sent_of_body;
  }
  AnswerReader answer(
      {.body_bytes_max = options_.answer_bytes_max, .to_head_request = without_body});
  TRY_DO(receive(answer, end));
  if (sent == Sent::part || !answer.keep_alive()) close();
  return std::move(answer).response();
}

HttpClient::HttpClient(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::connect(std::string_view address, Options options) {
  TRY_ASSIGN(wire, Wire::to(address, options));
  TRY_DO(wire->open());
  return HttpClient(std::move(wire));
}

Result<HttpResponse> HttpClient::request(std::string_view method, std::string_view target,
                                         const HttpHeaders& headers, std::string_view body) {
  const std::string_view line_breakers("\0 \t\r\n", 5);
  if (target.empty() || target[0] != '/' ||
      target.find_first_of(line_breakers) != std::string_view::npos)
    return Error{"wrong_use", "a request target begins with / and has no spaces"};
  std::string head;
  head.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  HttpHeaders all = {{"Host", wire_->host()}, {"Content-Length", std::to_string(body.size())}};
  all.insert(all.end(), headers.begin(), headers.end());
  for (const HttpHeader& header : all) {
    if (!is_sendable(header))
      return Error{"wrong_use", "a header cannot be sent: \"" + header.name + "\""};
    head.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  head += "\r\n";
  const bool kept = wire_->is_usable();
  if (!kept) TRY_DO(wire_->open());
  const bool reads_only = method == "GET" || method == "HEAD";
  Result<HttpResponse> response = wire_->exchange(head, body, method == "HEAD");
  if (!response.ok() && response.error().code == "connection_lost" && kept && reads_only) {
    TRY_DO(wire_->open());
    response = wire_->exchange(head, body, method == "HEAD");
  }
  if (!response.ok()) wire_->close();
  return response;
}

}  // namespace tiendo

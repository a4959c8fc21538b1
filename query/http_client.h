// HTTP/1.1 over TCP and over a unix-domain socket: a small blocking client, for the commands that
// talk to a running tiendo.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "events/result.h"
#include "query/http_message.h"

namespace tiendo {

// One connection to a server, opened again when the server has closed it in between. Blocks; used
// by one thread at a time.
class HttpClient {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds answer_timeout{60'000};  // from the first byte sent to the last read
    std::size_t answer_bytes_max = 256u << 20;
  };

  // `address`: "http://HOST:PORT", or the path of a unix socket (it holds a slash). Connects.
  // Errors: wrong_use, unreachable (nothing listens there), timeout, io.
  static Result<HttpClient> connect(std::string_view address, Options options);
  static Result<HttpClient> connect(std::string_view address) {
    return connect(address, Options());
  }
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  // `target` is in its percent-encoded form. An answer of any status is a success here. A GET or
  // HEAD is tried a second time if a kept connection breaks; of anything else the outcome is then
  // unknown. Errors: those of connect(), wrong_use (a header), connection_lost, protocol.
  Result<HttpResponse> request(std::string_view method, std::string_view target,
                               const HttpHeaders& headers = {}, std::string_view body = {});

 private:
  class Wire;

  explicit HttpClient(std::unique_ptr<Wire> wire);

  std::unique_ptr<Wire> wire_;
};

}  // namespace tiendo

// HTTP/1.1 over TCP and over a unix-domain socket: the server. No TLS and no HTTP/2: a proxy in
// front adds them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "events/clock.h"
#include "events/limits.h"
#include "events/result.h"
#include "query/http_message.h"
#include "query/request_rules.h"

namespace tiendo {

// Serves one handler. Owns its threads, each with its own event loop and its own listening socket
// on the same port (SO_REUSEPORT); a connection stays on the thread that accepted it. Requests of
// one connection are answered in turn, pipelined ones too.
//
// Refuses by itself, with a problem and before the handler hears of it: what is not HTTP/1.1 in its
// strict form (both Content-Length and Transfer-Encoding, folded headers, bare line feeds, a
// missing or second Host), a target that parse_request_target refuses, compressed bodies, and what
// is over a limit.
//
//   HttpServer server({.listen = "127.0.0.1:0"});
//   TRY_DO(server.start([](HttpRequest request, HttpReply reply) { reply({.body = "hello"}); }));
//
// start() and stop() are called by one thread.
class HttpServer {
 public:
  struct Options {
    std::string listen = "127.0.0.1:8080";  // port 0: any free one
    std::string unix_path;  // also listen here, mode 0600; a socket left by a crash is replaced
    int threads = 2;
    const Clock* clock = nullptr;  // for the Date header; without one it is left out

    RequestLimits request;
    std::size_t bodies_bytes_max = limits::bodies_bytes_max;  // all at one time: 503
    std::size_t connections_max = limits::connections_max;    // 503
    int requests_per_connection_max = limits::requests_per_connection_max;

    std::chrono::milliseconds idle_timeout{30'000};    // between requests
    std::chrono::milliseconds header_timeout{10'000};  // from a request's first byte
    std::chrono::milliseconds body_timeout{60'000};
    std::chrono::milliseconds write_timeout{60'000};  // for one whole answer
    std::chrono::milliseconds linger_timeout{2'000};  // for the client to read a last answer
    std::chrono::milliseconds stop_grace{3'000};      // for requests that the handler has
  };

  explicit HttpServer(Options options);
  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Listens before it returns. Errors: wrong_use (the address), address_in_use, io.
  Status start(HttpHandler handler);
  // Closes idle connections at once and the others when they are answered, or after stop_grace.
  // Afterwards the handler is not called any more and is destroyed. Harmless when not started.
  void stop();

  // The TCP port it listens on; 0 before start().
  [[nodiscard]] uint16_t port() const { return port_; }

 private:
  struct Running;

  Options options_;
  uint16_t port_ = 0;
  std::unique_ptr<Running> running_;
};

}  // namespace tiendo

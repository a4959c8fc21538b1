#include "query/http.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <list>
#include <optional>
#include <thread>
#include <unordered_set>
#include <vector>

#include "query/problem.h"
#include "query/socket.h"

namespace tiendo {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using std::chrono::milliseconds;

// The generic protocol carries TCP and unix sockets in one type, and naming the executor keeps its
// calls from going through a type-erased one on every operation.
using Protocol = asio::generic::stream_protocol;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Protocol, Executor>;
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
using Stream = beast::basic_stream<Protocol, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr std::size_t read_bytes = 4096;  // what one read of a head makes room for
// What is read ahead of a body at most; it also bounds the line that tells the size of a chunk.
constexpr std::size_t body_read_bytes = 64u << 10;
constexpr std::size_t turned_away_max = 64;   // connections over the cap that still hear why
constexpr milliseconds accept_pause_ms{100};  // when the system has no more descriptors

// Taken from a count that all threads draw on, and given back on destruction.
class Share {
 public:
  Share() = default;
  Share(Share&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)), amount_(other.amount_) {}
  Share& operator=(Share&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(amount_, other.amount_);
    return *this;
  }
  ~Share() {
    if (pool_) *pool_ -= amount_;
  }

  static std::optional<Share> take(std::atomic<std::size_t>& pool, std::size_t amount,
                                   std::size_t max) {
    Share share;
    share.pool_ = &pool;
    share.amount_ = amount;
    if ((pool += amount) > max) return std::nullopt;
    return share;
  }

 private:
  std::atomic<std::size_t>* pool_ = nullptr;
  std::size_t amount_ = 0;
};

// What all threads of a server have in common.
struct Service {
  HttpServer::Options options;
  HttpHandler handler;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> body_bytes{0};
};

class Connection;

// One io_context and the thread that runs it. Everything but the constructor, listen(), run(),
// stop() and io() happens on that thread.
class Loop : public std::enable_shared_from_this<Loop> {
 public:
  explicit Loop(std::shared_ptr<Service> service) : service_(std::move(service)) {}

  void listen(int family, Descriptor socket, bool local);
  void run();
  void ask_to_stop();
  void join() { thread_.join(); }

  [[nodiscard]] asio::io_context& io() { return io_; }
  [[nodiscard]] Service& service() { return *service_; }
  [[nodiscard]] const HttpServer::Options& options() const { return service_->options; }
  [[nodiscard]] bool stopping() const { return stopping_; }
  void forget(const std::shared_ptr<Connection>& connection);

 private:
  struct Listener {
    Acceptor acceptor;
    Timer pause;
    bool local;
  };

  void accept(Listener& listener);
  void welcome(Socket socket, bool local);
  void stop();
  void end_if_empty();

  std::shared_ptr<Service> service_;
  asio::io_context io_{1};
  asio::executor_work_guard<Executor> work_{io_.get_executor()};
  std::list<Listener> listeners_;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  Timer grace_{io_};
  bool stopping_ = false;
  std::thread thread_;
};

// One client: reads a request, hands it over, writes the answer, and again. At any time exactly one
// operation or one reply is outstanding, and holds the connection.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, Socket socket, bool local, Share share)
      : loop_(loop),
        share_(std::move(share)),
        stream_(std::move(socket)),
        local_(local),
        buffer_(loop.options().request.header_bytes_max + body_read_bytes) {}

  void await_request();
  void refuse(HttpResponse response);
  void close();
  void close_unless_answering() {
    if (!answering_) close();
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  [[nodiscard]] const HttpServer::Options& options() const { return loop_.options(); }
  [[nodiscard]] std::string_view buffered() const {
    const auto bytes = buffer_.data();
    return {static_cast<const char*>(bytes.data()), bytes.size()};
  }

  void read_head();
  void on_head_bytes(error_code error, std::size_t bytes);
  void take_head(std::size_t bytes);
  void take_body();
  void read_body(error_code error, std::size_t);
  void on_body(error_code error, std::size_t);
  void hand_over();
  void answer(HttpResponse response);
  void on_answered(error_code error, std::size_t);
  void linger(error_code error, std::size_t);

  Loop& loop_;
  Share share_;  // of the connections
  Stream stream_;
  bool local_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  HttpRequest request_;
  Share body_share_;  // of the bytes of bodies
  int requests_ = 0;
  bool body_left_out_ = false;  // the request is a HEAD
  bool keep_open_ = false;
  bool answering_ = false;  // from handing over or refusing until the answer is written
  std::string head_;        // of the answer being written
  std::string body_;
};

// Of a head or a body that Beast could not read.
HttpResponse unreadable(error_code error, const RequestLimits& limits) {
  if (error == http::error::body_limit) return body_too_large(limits);
  return malformed("This is not HTTP/1.1: " + error.message() + ".");
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

HttpHeaders headers_of(const http::fields& fields) {
  HttpHeaders headers;
  for (const auto& field : fields)
    headers.push_back({std::string(field.name_string()), std::string(field.value())});
  return headers;
}

void Connection::await_request() {
  stream_.expires_after(buffer_.size() == 0 ? options().idle_timeout : options().header_timeout);
  read_head();
}

void Connection::read_head() {
  const RequestLimits& limits = options().request;
  const std::string_view start = buffered().substr(0, limits.header_bytes_max);
  const std::size_t end = start.find("\r\n\r\n");
  if (auto refused = line_refusal(start.substr(0, end))) return refuse(std::move(*refused));
  if (end != std::string_view::npos) return take_head(end + 4);
  if (start.size() == limits.header_bytes_max) return refuse(head_too_large(start, limits));
  stream_.async_read_some(
      buffer_.prepare(read_bytes),
      beast::bind_front_handler(&Connection::on_head_bytes, shared_from_this()));
}

void Connection::on_head_bytes(error_code error, std::size_t bytes) {
  if (error) return close();
  if (buffer_.size() == 0) stream_.expires_after(options().header_timeout);
  buffer_.commit(bytes);
  read_head();
}

void Connection::take_head(std::size_t bytes) {
  const std::string_view head = buffered().substr(0, bytes);
  const RequestLimits& limits = options().request;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));  // of trailers too
  parser_->body_limit(limits.body_bytes_max);
  error_code error;
  parser_->put(asio::const_buffer(head.data(), head.size()), error);
  buffer_.consume(bytes);
  if (error) return refuse(unreadable(error, limits));
  const auto& fields = parser_->get();
  body_left_out_ = fields.method() == http::verb::head;
  HttpHeaders headers = headers_of(fields);
  const RequestHead rules_head{view(fields.target()), static_cast<int>(fields.version()), headers};
  if (auto refused = refusal(rules_head, limits)) return refuse(std::move(*refused));
  Result<RequestTarget> target = parse_request_target(view(fields.target()));
  if (!target.ok())
    return refuse(problem(400, target.error().code, "Request target invalid",
                          "The target cannot be read: " + target.error().message + "."));
  request_ = {.method = body_left_out_ ? "GET" : std::string(fields.method_string()),
              .path = std::move(target->path),
              .segments = std::move(target->segments),
              .parameters = std::move(target->parameters),
              .headers = std::move(headers),
              .body = {},
              .local = local_};
  keep_open_ = fields.keep_alive() && fields.version() >= 11 &&
               ++requests_ < options().requests_per_connection_max;
  if (parser_->is_done()) return hand_over();
  take_body();
}

void Connection::take_body() {
  const auto length = parser_->content_length();
  auto share =
      Share::take(loop_.service().body_bytes,
                  length ? static_cast<std::size_t>(*length) : options().request.body_bytes_max,
                  options().bodies_bytes_max);
  if (!share) return refuse(busy("bodies_too_large", "Too many bodies are being received."));
  body_share_ = std::move(*share);
  stream_.expires_after(options().body_timeout);
  if (parser_->get()[http::field::expect].empty() || buffer_.size() > 0) return read_body({}, 0);
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(go_on),
                    beast::bind_front_handler(&Connection::read_body, shared_from_this()));
}

void Connection::read_body(error_code error, std::size_t) {
  if (error) return close();
  http::async_read(stream_, buffer_, *parser_,
                   beast::bind_front_handler(&Connection::on_body, shared_from_this()));
}

void Connection::on_body(error_code error, std::size_t) {
  if (!error) {
    request_.body = std::move(parser_->get().body());
    return hand_over();
  }
  const bool is_clients_fault =
      error.category() == http::make_error_code(http::error::bad_chunk).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message;
  if (!is_clients_fault) return close();
  refuse(unreadable(error, options().request));
}

void Connection::hand_over() {
  answering_ = true;
  stream_.expires_never();
  parser_.reset();
  // The last owner of a connection must be its own loop, so the reply gives its share away.
  HttpReply reply(
      [self = shared_from_this(), loop = loop_.shared_from_this()](HttpResponse response) mutable {
        asio::post(loop->io(), [self = std::move(self), response = std::move(response)]() mutable {
          self->answer(std::move(response));
        });
      });
  loop_.service().handler(std::exchange(request_, {}), std::move(reply));
}

void Connection::refuse(HttpResponse response) {
  answering_ = true;
  keep_open_ = false;
  answer(std::move(response));
}

void Connection::answer(HttpResponse response) {
  if (!stream_.socket().is_open()) return;  // stop() did not wait for this reply any longer
  if (!is_sendable(response))
    response = problem(500, "answer_invalid", "Answer invalid", "The answer cannot be sent.");
  keep_open_ = keep_open_ && !loop_.stopping();
  std::optional<Instant> now;
  if (options().clock) now = options().clock->now();
  head_ = response_head(response, keep_open_ ? AfterAnswer::keep_open : AfterAnswer::close, now);
  const bool without_body = body_left_out_ || response.status == 204 || response.status == 304;
  body_ = without_body ? std::string() : std::move(response.body);
  stream_.expires_after(options().write_timeout);
  asio::async_write(stream_,
                    std::array<asio::const_buffer, 2>{asio::buffer(head_), asio::buffer(body_)},
                    beast::bind_front_handler(&Connection::on_answered, shared_from_this()));
}

void Connection::on_answered(error_code error, std::size_t) {
  answering_ = false;
  body_share_ = Share();
  body_ = std::string();
  if (error || loop_.stopping()) return close();
  if (keep_open_) return await_request();
  stream_.socket().shutdown(asio::socket_base::shutdown_send, error);
  stream_.expires_after(options().linger_timeout);
  linger(error, 0);
}

// Closing with bytes unread would reset the connection and could take the answer from the client
// before it has read it; so what still comes is read and dropped.
void Connection::linger(error_code error, std::size_t) {
  if (error) return close();
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(read_bytes),
                          beast::bind_front_handler(&Connection::linger, shared_from_this()));
}

void Connection::close() {
  stream_.close();
  loop_.forget(shared_from_this());
}

void Loop::listen(int family, Descriptor socket, bool local) {
  listeners_.push_back({Acceptor(io_, Protocol(family, 0), socket.number()), Timer(io_), local});
  static_cast<void>(socket.release());
}

void Loop::run() {
  thread_ = std::thread([this] {
    for (Listener& listener : listeners_) accept(listener);
    io_.run();
  });
}

void Loop::accept(Listener& listener) {
  listener.acceptor.async_accept([this, &listener](error_code error, Socket socket) {
    if (stopping_) return;
    if (!error) {
      welcome(std::move(socket), listener.local);
      return accept(listener);
    }
    listener.pause.expires_after(accept_pause_ms);
    listener.pause.async_wait([this, &listener](error_code) {
      if (!stopping_) accept(listener);
    });
  });
}

void Loop::welcome(Socket socket, bool local) {
  error_code ignored;  // without the option small answers are slower, no worse
  if (!local) socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const std::size_t max = options().connections_max;
  auto share = Share::take(service_->connections, 1, max);
  const bool turned_away = !share;
  if (turned_away) share = Share::take(service_->connections, 1, max + turned_away_max);
  if (!share) return;
  auto connection =
      std::make_shared<Connection>(*this, std::move(socket), local, std::move(*share));
  connections_.insert(connection);
  if (turned_away) {
    connection->refuse(busy("too_many_connections", "Too many clients are connected."));
  } else {
    connection->await_request();
  }
}

void Loop::forget(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
  end_if_empty();
}

void Loop::end_if_empty() {
  if (!stopping_ || !connections_.empty()) return;
  grace_.cancel();
  work_.reset();
}

void Loop::ask_to_stop() {
  asio::post(io_, [this] { stop(); });
}

void Loop::stop() {
  stopping_ = true;
  for (Listener& listener : listeners_) {
    error_code ignored;
    listener.acceptor.close(ignored);
    listener.pause.cancel();
  }
  const auto each_of = [this] {  // a copy, since closing takes from the set
    return std::vector<std::shared_ptr<Connection>>(connections_.begin(), connections_.end());
  };
  grace_.expires_after(options().stop_grace);
  grace_.async_wait([each_of](error_code error) {
    if (error) return;
    for (const auto& connection : each_of()) connection->close();
  });
  for (const auto& connection : each_of()) connection->close_unless_answering();
  end_if_empty();
}

}  // namespace

struct HttpServer::Running {
  std::shared_ptr<Service> service;
  std::vector<std::shared_ptr<Loop>> loops;
};

HttpServer::HttpServer(Options options) : options_(std::move(options)) {}

HttpServer::~HttpServer() { stop(); }

Status HttpServer::start(HttpHandler handler) try {
  ENSURE(running_ == nullptr, "a server is started once");
  ENSURE(options_.threads > 0, "a server has a thread");
  TRY_ASSIGN(address, parse_host_port(options_.listen));
  Result<Listeners> listeners = listen_tcp(address, options_.threads);
  if (!listeners.ok()) return listeners.error().with_context("cannot listen at " + options_.listen);
  std::optional<Descriptor> local;
  if (!options_.unix_path.empty()) {
    Result<Descriptor> socket = listen_unix(options_.unix_path);
    if (!socket.ok()) return socket.error().with_context("cannot listen at " + options_.unix_path);
    local = std::move(socket).value();
  }
  auto running = std::make_unique<Running>();
  running->service = std::make_shared<Service>();
  running->service->options = options_;
  running->service->handler = std::move(handler);
  for (Descriptor& socket : listeners->sockets) {
    running->loops.push_back(std::make_shared<Loop>(running->service));
    running->loops.back()->listen(listeners->family, std::move(socket), false);
  }
  if (local) running->loops[0]->listen(AF_UNIX, std::move(*local), true);
  port_ = listeners->port;
  running_ = std::move(running);
  for (const auto& loop : running_->loops) loop->run();
  return Done{};
} catch (const std::exception& exception) {
  return Error{"io", std::string("cannot start the HTTP server: ") + exception.what()};
}

void HttpServer::stop() {
  if (!running_) return;
  for (const auto& loop : running_->loops) loop->ask_to_stop();
  for (const auto& loop : running_->loops) loop->join();
  if (!options_.unix_path.empty()) ::unlink(options_.unix_path.c_str());
  // A reply may outlive us and keep its loop, but must not keep what the handler holds.
  running_->service->handler = nullptr;
  running_.reset();
}

}  // namespace tiendo

// The server and the client against each other, and the server against raw bytes, over real sockets
// on the loopback. Nothing here waits for a time to pass: a test that is wrong hangs or fails.
#include "query/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "query/http_client.h"
#include "query/socket.h"

namespace tiendo {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

HttpResponse text(std::string body) {
  return {.content_type = "text/plain", .body = std::move(body)};
}

void echo(HttpRequest request, HttpReply reply) {
  reply(text(request.method + " " + request.path + " " + request.body));
}

HttpServer::Options any_port() {
  HttpServer::Options options;
  options.listen = "127.0.0.1:0";
  options.stop_grace = hours(1);  // a stop that waits where it need not hangs the test
  return options;
}

// A started server.
class Server {
 public:
  explicit Server(HttpServer::Options options = any_port(), HttpHandler handler = echo)
      : server_(std::move(options)) {
    const Status started = server_.start(std::move(handler));
    if (!started.ok()) ADD_FAILURE() << started.error().message;
  }
  explicit Server(HttpHandler handler) : Server(any_port(), std::move(handler)) {}

  void stop() { server_.stop(); }
  [[nodiscard]] uint16_t port() const { return server_.port(); }
  [[nodiscard]] std::string address() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }

 private:
  HttpServer server_;
};

// A client that sends what it is told to.
class Raw {
 public:
  explicit Raw(const Server& server)
      : socket_(connect_tcp({"127.0.0.1", server.port()}, milliseconds(5'000)).value().release()) {}

  Raw& send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return *this;
  }
  // Everything until the server closes the connection.
  std::string read_all() {
    while (read_some()) continue;
    return std::exchange(received_, {});
  }
  // Everything up to and with `mark`.
  std::string read_to(std::string_view mark) {
    std::size_t at = 0;
    while ((at = received_.find(mark)) == std::string::npos) {
      if (!read_some()) return std::exchange(received_, {}) + " [closed]";
    }
    std::string read = received_.substr(0, at + mark.size());
    received_.erase(0, at + mark.size());
    return read;
  }

 private:
  bool read_some() {
    char bytes[4096];
    const auto read = ::recv(socket_.number(), bytes, sizeof(bytes), 0);
    if (read > 0) received_.append(bytes, static_cast<std::size_t>(read));
    return read > 0;
  }

  Descriptor socket_;
  std::string received_;
};

HttpClient client_of(const Server& server, HttpClient::Options options = {}) {
  return HttpClient::connect(server.address(), options).value();
}

HttpResponse get(const Server& server, std::string_view target) {
  return client_of(server).request("GET", target).value();
}

// The status of the answer to raw bytes, after which the server must have closed.
std::string status_of(const Server& server, std::string_view bytes) {
  const std::string answer = Raw(server).send(bytes).read_all();
  return answer.size() < 12 ? "none" : answer.substr(9, 3);
}

std::filesystem::path fresh_folder(const std::string& name) {
  const auto folder = std::filesystem::path(testing::TempDir()) /
                      ("tiendo-http-" + name + "-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

TEST(HttpServer, GivesTheHandlerWhatWasSent) {
  HttpRequest seen;
  const Server server([&seen](HttpRequest request, HttpReply reply) {
    seen = std::move(request);
    reply(text("done"));
  });
  HttpClient client = client_of(server);
  const auto response = client.request("POST", "/v1/units/x%C3%A3%2Fy?level=commune&q=a+b&level=2",
                                       {{"X-Actor", "lan"}}, "the body");
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "text/plain");
  EXPECT_EQ(response->body, "done");
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/v1/units/xã/y");
  EXPECT_EQ(seen.segments, (std::vector<std::string>{"v1", "units", "xã/y"}));
  EXPECT_EQ(seen.parameters.size(), 3u);
  EXPECT_EQ(seen.query("level"), "commune");
  EXPECT_EQ(seen.query("q"), "a b");
  EXPECT_EQ(seen.query("none"), std::nullopt);
  EXPECT_EQ(seen.header("x-aCTOR"), "lan");
  EXPECT_EQ(seen.body, "the body");
  EXPECT_FALSE(seen.local);
}

TEST(HttpServer, KeepsTheConnectionForTheNextRequest) {
  const Server server;
  Raw raw(server);
  raw.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(raw.read_to("GET /one "), Not(HasSubstr("Connection: close")));
  raw.send("GET /two HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(raw.read_all(), HasSubstr("Connection: close"));
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  std::vector<std::thread> threads;
  const Server server([&threads](HttpRequest request, HttpReply reply) {
    // The first answers come from elsewhere, so they could be overtaken.
    if (request.path == "/3") return reply(text(request.path + "."));
    threads.emplace_back(
        [path = request.path, reply = std::move(reply)]() mutable { reply(text(path + ".")); });
  });
  Raw raw(server);
  raw.send(
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\r\n\r"
      "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  raw.read_to("/1.");
  raw.read_to("/2.");
  EXPECT_THAT(raw.read_all(), HasSubstr("/3."));
  for (std::thread& thread : threads) thread.join();
}

TEST(HttpServer, TakesARequestInSingleBytes) {
  const Server server;
  Raw raw(server);
  for (const char c : std::string_view("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"))
    raw.send({&c, 1});
  EXPECT_THAT(raw.read_to("PUT /x hi"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(HttpServer, AnswersHeadWithTheHeadersOfGet) {
  const Server server;
  Raw raw(server);
  raw.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(raw.read_to("\r\n\r\n"), HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(raw.read_to("GET /y "), StartsWith("HTTP/1.1 200 OK\r\n"));
  HttpClient client = client_of(server);
  EXPECT_EQ(client.request("HEAD", "/x")->body, "");
  EXPECT_EQ(client.request("GET", "/x")->body, "GET /x ");
}

TEST(HttpServer, ReadsAChunkedBodyAndNotItsTrailers) {
  std::optional<std::string> injected;
  const Server server([&injected](HttpRequest request, HttpReply reply) {
    if (const auto value = request.header("X-Late")) injected = *value;
    echo(std::move(request), std::move(reply));
  });
  Raw raw(server);
  raw.send(
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n");
  EXPECT_THAT(raw.read_all(), HasSubstr("POST /x abcde"));
  EXPECT_EQ(injected, std::nullopt);
}

TEST(HttpServer, SaysContinueToAClientThatWaitsForIt) {
  const Server server;
  Raw raw(server);
  raw.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(raw.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(raw.send("hi").read_to("POST /x hi"), StartsWith("HTTP/1.1 200"));
}

TEST(HttpServer, ClosesAfterAnHttp10Request) {
  const Server server;
  EXPECT_THAT(Raw(server).send("GET /x HTTP/1.0\r\n\r\n").read_all(), HasSubstr("GET /x "));
}

TEST(HttpServer, ClosesAfterTheLastRequestOfAConnection) {
  HttpServer::Options options = any_port();
  options.requests_per_connection_max = 2;
  const Server server(options);
  Raw raw(server);
  raw.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(raw.read_to("GET /1 "), Not(HasSubstr("Connection: close")));
  EXPECT_THAT(raw.read_all(), HasSubstr("Connection: close"));
}

TEST(HttpServer, RefusesWhatIsNotStrictlyHttp) {
  const Server server([](HttpRequest, HttpReply reply) { reply(text("reached the handler")); });
  const std::vector<std::string> requests = {
      "rubbish\r\n\r\n",
      "GET /\r\n\r\n",
      "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\n\n",
      "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
      std::string("GET / HTTP/1.1\r\nHost: a\r\nX: b") + '\0' + "\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
      "1\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
      "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a/%2e%2e/b HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  for (const std::string& request : requests)
    EXPECT_EQ(status_of(server, request), "400") << request;
}

TEST(HttpServer, SaysWhyItRefusesAsAProblem) {
  const Server server;
  const HttpResponse response = get(server, "/a\\b");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_THAT(response.body, HasSubstr("\"code\":\"target_invalid\""));
  EXPECT_THAT(response.body, HasSubstr("backslash"));
}

TEST(HttpServer, RefusesCompressedBodiesAndUnknownExpectations) {
  const Server server;
  EXPECT_EQ(status_of(server,
                      "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: "
                      "1\r\n\r\nx"),
            "415");
  EXPECT_EQ(status_of(server, "GET / HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n\r\n"), "417");
}

TEST(HttpServer, TakesHeadersOfNBytesAndNotOneMore) {
  HttpServer::Options options = any_port();
  options.request.header_bytes_max = 200;
  options.request.target_bytes_max = 100;
  const Server server(options);
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ";
  const auto request = [&](std::size_t bytes) {
    return start + std::string(bytes - start.size() - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_EQ(status_of(server, request(200)), "200");
  EXPECT_EQ(status_of(server, request(201)), "431");
  EXPECT_EQ(status_of(server, request(9'000)), "431");
  EXPECT_EQ(status_of(server, "GET /" + std::string(9'000, 'x')), "414");
}

TEST(HttpServer, TakesTargetsOfNBytesAndNotOneMore) {
  HttpServer::Options options = any_port();
  options.request.target_bytes_max = 50;
  const Server server(options);
  EXPECT_EQ(get(server, "/" + std::string(49, 'x')).status, 200);
  EXPECT_EQ(get(server, "/" + std::string(50, 'x')).status, 414);
}

TEST(HttpServer, TakesNHeadersAndNotOneMore) {
  HttpServer::Options options = any_port();
  options.request.header_fields_max = 5;
  const Server server(options);
  HttpHeaders headers(3, {"X", "y"});  // beside Host and Content-Length
  EXPECT_EQ(client_of(server).request("GET", "/", headers)->status, 200);
  headers.push_back({"X", "y"});
  EXPECT_EQ(client_of(server).request("GET", "/", headers)->status, 431);
}

TEST(HttpServer, TakesBodiesOfNBytesAndNotOneMore) {
  HttpServer::Options options = any_port();
  options.request.body_bytes_max = 1'000;
  const Server server(options);
  EXPECT_EQ(client_of(server).request("POST", "/", {}, std::string(1'000, 'x'))->status, 200);
  EXPECT_EQ(client_of(server).request("POST", "/", {}, std::string(1'001, 'x'))->status, 413);
  // So large that the client must notice the refusal while it still sends.
  EXPECT_EQ(client_of(server).request("POST", "/", {}, std::string(8u << 20, 'x'))->status, 413);
  const std::string chunked =
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status_of(server, chunked + "3e8\r\n" + std::string(1'000, 'x') + "\r\n0\r\n\r\n"),
            "200");
  EXPECT_EQ(
      status_of(server, chunked + "3e8\r\n" + std::string(1'000, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n"),
      "413");
  EXPECT_EQ(status_of(server, chunked + "1;" + std::string(1u << 20, 'x')), "400");
}

TEST(HttpServer, HoldsBodiesOfNBytesAtOneTimeAndNotOneMore) {
  std::promise<HttpReply> held;
  HttpServer::Options options = any_port();
  options.bodies_bytes_max = 100;
  Server server(options, [&held](HttpRequest request, HttpReply reply) {
    if (request.path == "/held") return held.set_value(std::move(reply));
    reply(text("done"));
  });
  Raw raw(server);
  raw.send("POST /held HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n" + std::string(60, 'x'));
  HttpReply reply = held.get_future().get();
  EXPECT_EQ(client_of(server).request("POST", "/", {}, std::string(40, 'x'))->status, 200);
  const auto refused = client_of(server).request("POST", "/", {}, std::string(41, 'x'));
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(find_header(refused->headers, "Retry-After"), "1");
  reply(text("late"));
  EXPECT_THAT(raw.read_to("late"), StartsWith("HTTP/1.1 200"));
  // Given back once the answer is written, which the next request of the connection comes after.
  raw.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").read_to("done");
  EXPECT_EQ(client_of(server).request("POST", "/", {}, std::string(100, 'x'))->status, 200);
}

TEST(HttpServer, ServesNConnectionsAndTellsOneMoreToComeAgain) {
  HttpServer::Options options = any_port();
  options.connections_max = 2;
  const Server server(options);
  Raw first(server);
  Raw second(server);
  first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n").read_to("GET /1 ");
  second.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n").read_to("GET /2 ");
  Raw third(server);
  const std::string answer = third.send("GET /3 HTTP/1.1\r\nHost: a\r\n\r\n").read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(answer, HasSubstr("too_many_connections"));
}

TEST(HttpServer, ClosesConnectionsThatSayNothing) {
  HttpServer::Options options = any_port();
  options.idle_timeout = milliseconds(30);
  const Server server(options);
  EXPECT_EQ(Raw(server).read_all(), "");
}

TEST(HttpServer, ClosesConnectionsThatStopInTheMiddle) {
  HttpServer::Options options = any_port();
  options.idle_timeout = hours(1);
  options.header_timeout = milliseconds(30);
  options.body_timeout = milliseconds(30);
  const Server server(options);
  EXPECT_EQ(Raw(server).send("GET / HT").read_all(), "");
  EXPECT_EQ(
      Raw(server).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab").read_all(), "");
}

TEST(HttpServer, GivesUpOnAClientThatDoesNotRead) {
  HttpServer::Options options = any_port();
  options.connections_max = 1;
  options.write_timeout = milliseconds(30);
  const Server server(options, [](HttpRequest request, HttpReply reply) {
    reply(text(std::string(request.path == "/large" ? 64u << 20 : 1, 'x')));
  });
  Raw deaf(server);
  deaf.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").read_to("\r\n\r\n");
  while (get(server, "/small").status != 200) std::this_thread::yield();
  EXPECT_LT(deaf.read_all().size(), std::size_t{64} << 20);
}

TEST(HttpServer, AnswersForAReplyThatIsDropped) {
  const Server server([](HttpRequest, HttpReply) {});
  const HttpResponse response = get(server, "/");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, HasSubstr("\"code\":\"no_answer\""));
}

TEST(HttpServer, NeverSendsAHeaderThatHoldsALineBreak) {
  const Server server([](HttpRequest, HttpReply reply) {
    reply({.headers = {{"X-Found", "a\r\nSet-Cookie: b"}}, .body = "x"});
  });
  const HttpResponse response = get(server, "/");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(find_header(response.headers, "Set-Cookie"), std::nullopt);
}

TEST(HttpServer, ServesManyClientsAtOnce) {
  constexpr int clients = 16;
  constexpr int requests = 40;
  const Server server;
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int c = 0; c < clients; ++c) {
    threads.emplace_back([&, c] {
      HttpClient client = client_of(server);
      for (int r = 0; r < requests; ++r) {
        const std::string body = std::to_string(c * requests + r);
        const auto response = client.request("POST", "/n", {}, body);
        if (response.ok() && response->body == "POST /n " + body) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, clients * requests);
}

TEST(HttpServer, StopsAtOnceUnderIdleAndHalfSentRequests) {
  Server server;
  Raw silent(server);
  Raw half(server);
  Raw kept(server);
  half.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab");
  kept.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read_to("GET / ");
  server.stop();
  EXPECT_EQ(silent.read_all() + half.read_all() + kept.read_all(), "");
  EXPECT_EQ(HttpClient::connect(server.address()).error().code, "unreachable");
}

TEST(HttpServer, StopsOnlyAfterAnsweringWhatItHasTaken) {
  std::promise<HttpReply> held;
  Server server([&held](HttpRequest, HttpReply reply) { held.set_value(std::move(reply)); });
  Raw raw(server);
  Raw idle(server);
  raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  HttpReply reply = held.get_future().get();
  std::thread stopping([&server] { server.stop(); });
  EXPECT_EQ(idle.read_all(), "");  // so stop() has begun on its thread, if not on the other
  reply(text("the answer"));
  EXPECT_THAT(raw.read_to("the answer"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(raw.read_all(), "");
  stopping.join();
}

TEST(HttpServer, StopsWithoutAReplyThatDoesNotComeInTime) {
  std::promise<HttpReply> held;
  HttpServer::Options options = any_port();
  options.stop_grace = milliseconds(10);
  auto server = std::make_unique<Server>(
      options, [&held](HttpRequest, HttpReply reply) { held.set_value(std::move(reply)); });
  Raw raw(*server);
  raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  HttpReply reply = held.get_future().get();
  server->stop();
  EXPECT_EQ(raw.read_all(), "");
  server.reset();
  reply(text("too late"));  // harmless
}

TEST(HttpServer, LetsGoOfTheHandlerWhenItStops) {
  auto held = std::make_shared<int>(1);
  Server server(
      [held](HttpRequest request, HttpReply reply) { echo(std::move(request), std::move(reply)); });
  EXPECT_EQ(held.use_count(), 2);
  server.stop();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(HttpServer, RefusesAnAddressInUse) {
  const Server server;
  HttpServer::Options options = any_port();
  options.listen = "127.0.0.1:" + std::to_string(server.port());
  HttpServer second(options);
  const Status started = second.start(echo);
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, "address_in_use");
  EXPECT_THAT(started.error().message, HasSubstr(options.listen));
}

TEST(HttpServer, ServesTheOwnerOverAUnixSocket) {
  const std::string path = fresh_folder("unix") / "socket";
  HttpServer::Options options = any_port();
  options.unix_path = path;
  Server server(options, [](HttpRequest request, HttpReply reply) {
    reply(text(request.local ? "local" : "remote"));
  });
  struct stat found = {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  HttpClient client = HttpClient::connect(path).value();
  EXPECT_EQ(client.request("GET", "/")->body, "local");
  EXPECT_EQ(client.request("GET", "/")->body, "local");
  EXPECT_EQ(get(server, "/").body, "remote");
  server.stop();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(HttpServer, ReplacesAStaleUnixSocketAndNothingElse) {
  const std::string path = fresh_folder("stale") / "socket";
  { const Descriptor left = listen_unix(path).value(); }
  ASSERT_TRUE(std::filesystem::exists(path));
  HttpServer::Options options = any_port();
  options.unix_path = path;
  {
    const Server server(options);
    EXPECT_TRUE(HttpClient::connect(path).ok());
    HttpServer second(options);
    EXPECT_EQ(second.start(echo).error().code, "address_in_use");
    EXPECT_TRUE(HttpClient::connect(path).ok());
  }
  std::ofstream(path) << "a file";
  HttpServer third(options);
  EXPECT_EQ(third.start(echo).error().code, "address_in_use");
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(HttpClient, SaysHowToStartWhatIsNotThere) {
  const uint16_t port = listen_tcp({"127.0.0.1", 0}, 1)->port;  // free again
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const auto over_tcp = HttpClient::connect("http://" + address + "/");
  ASSERT_FALSE(over_tcp.ok());
  EXPECT_EQ(over_tcp.error().code, "unreachable");
  EXPECT_EQ(over_tcp.error().message, "nothing listens at http://" + address +
                                          "/: start it with tiendo run --listen " + address);
  const std::string folder = fresh_folder("none");
  const auto over_unix = HttpClient::connect(folder + "/socket");
  ASSERT_FALSE(over_unix.ok());
  EXPECT_EQ(over_unix.error().code, "unreachable");
  EXPECT_EQ(over_unix.error().message,
            "nothing listens at " + folder + "/socket: start it with tiendo run --data " + folder);
  EXPECT_EQ(HttpClient::connect("https://127.0.0.1:1").error().code, "wrong_use");
  EXPECT_EQ(HttpClient::connect("socket").error().code, "wrong_use");
}

TEST(HttpClient, ConnectsAgainWhenTheServerHasClosed) {
  HttpServer::Options options = any_port();
  options.requests_per_connection_max = 1;
  const Server server(options);
  HttpClient client = client_of(server);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.request("POST", "/", {}, "x")->status, 200);
}

TEST(HttpClient, GivesUpOnAServerThatDoesNotAnswer) {
  std::promise<HttpReply> held;
  HttpServer::Options options = any_port();
  options.stop_grace = milliseconds(10);
  const Server server(options,
                      [&held](HttpRequest, HttpReply reply) { held.set_value(std::move(reply)); });
  HttpClient client = client_of(server, {.answer_timeout = milliseconds(30)});
  EXPECT_EQ(client.request("GET", "/").error().code, "timeout");
}

TEST(HttpClient, SaysThatTheOutcomeIsUnknownWhenTheAnswerIsLost) {
  auto listeners = listen_tcp({"127.0.0.1", 0}, 1).value();
  std::thread peer([&listeners] {
    const Descriptor accepted(::accept(listeners.sockets[0].number(), nullptr, nullptr));
    char bytes[4096];
    EXPECT_GT(::recv(accepted.number(), bytes, sizeof(bytes), 0), 0);
  });
  HttpClient client =
      HttpClient::connect("http://127.0.0.1:" + std::to_string(listeners.port)).value();
  const auto response = client.request("POST", "/");
  EXPECT_EQ(response.error().code, "connection_lost");
  peer.join();
}

TEST(HttpClient, SendsNothingThatWouldForgeARequest) {
  const Server server;
  HttpClient client = client_of(server);
  EXPECT_EQ(client.request("GET", "/a b").error().code, "wrong_use");
  EXPECT_EQ(client.request("GET", "/", {{"X", "a\r\nY: b"}}).error().code, "wrong_use");
}

}  // namespace
}  // namespace tiendo

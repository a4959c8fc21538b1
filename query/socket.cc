#include "query/socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace tiendo {
namespace {

using std::chrono::milliseconds;

// A socket address of any family, as the system calls want it.
struct Address {
  sockaddr_storage bytes = {};
  socklen_t size = 0;
  [[nodiscard]] int family() const { return bytes.ss_family; }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&bytes); }
};

Error failed(std::string_view what, int error) {
  std::string code = "io";
  if (error == EADDRINUSE) code = "address_in_use";
  if (error == ECONNREFUSED || error == ENOENT || error == EHOSTUNREACH || error == ENETUNREACH)
    code = "unreachable";
  return {code, std::string(what) + ": " + std::generic_category().message(error)};
}

Result<Address> resolved(const HostPort& host_port) {
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host_port.host.c_str(), std::to_string(host_port.port).c_str(),
                                  &wanted, &found);
  if (error != 0)
    return Error{"wrong_use", "no host " + host_port.host + ": " + ::gai_strerror(error)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  Address address;
  address.size = found->ai_addrlen;
  std::memcpy(&address.bytes, found->ai_addr, found->ai_addrlen);
  return address;
}

Result<Address> unix_address(const std::string& path) {
  sockaddr_un un = {};
  if (path.empty() || path.size() >= sizeof(un.sun_path))
    return Error{"wrong_use", "the path of a unix socket may have " +
                                  std::to_string(sizeof(un.sun_path) - 1) + " bytes"};
  un.sun_family = AF_UNIX;
  std::memcpy(un.sun_path, path.data(), path.size());
  Address address;
  address.size = sizeof(un);
  std::memcpy(&address.bytes, &un, sizeof(un));
  return address;
}

Result<Descriptor> opened(int family) {
  const int number = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (number < 0) return failed("cannot open a socket", errno);
  return Descriptor(number);
}

Status switch_on(const Descriptor& socket, int level, int option) {
  const int on = 1;
  if (::setsockopt(socket.number(), level, option, &on, sizeof(on)) != 0)
    return failed("cannot set an option of a socket", errno);
  return Done{};
}

enum class Sharing { alone, with_own_threads };

Result<Descriptor> bound(const Address& address, Sharing sharing) {
  TRY_ASSIGN(socket, opened(address.family()));
  TRY_DO(switch_on(socket, SOL_SOCKET, SO_REUSEADDR));
  if (sharing == Sharing::with_own_threads) TRY_DO(switch_on(socket, SOL_SOCKET, SO_REUSEPORT));
  if (::bind(socket.number(), address.get(), address.size) != 0)
    return failed("cannot bind", errno);
  return socket;
}

Status start_listening(const Descriptor& socket) {
  if (::listen(socket.number(), SOMAXCONN) != 0) return failed("cannot listen", errno);
  return Done{};
}

// The address with the port that the system gave it.
Result<Address> local_address(const Descriptor& socket) {
  Address address;
  address.size = sizeof(address.bytes);
  if (::getsockname(socket.number(), address.get(), &address.size) != 0)
    return failed("cannot read the port", errno);
  return address;
}

uint16_t port_of(const Address& address) {
  const bool six = address.family() == AF_INET6;
  return ntohs(six ? reinterpret_cast<const sockaddr_in6*>(&address.bytes)->sin6_port
                   : reinterpret_cast<const sockaddr_in*>(&address.bytes)->sin_port);
}

// Finishes a connect() that did not block, in time or not at all.
Status await_connected(const Descriptor& socket, milliseconds timeout) {
  if (wait_ready(socket, POLLOUT, timeout) == 0) return Error{"timeout", "no answer in time"};
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) return failed("cannot connect", error);
  return Done{};
}

// Removes a socket that nobody listens on, and nothing else.
Status remove_stale_socket(const std::string& path) {
  struct stat found = {};
  if (::lstat(path.c_str(), &found) != 0) return Done{};
  if (!S_ISSOCK(found.st_mode))
    return Error{"address_in_use", "there is a file there, and it is no socket"};
  const Result<Descriptor> probe = connect_unix(path);
  if (probe.ok()) return failed("cannot bind", EADDRINUSE);
  if (probe.error().code != "unreachable") return probe.error();
  if (::unlink(path.c_str()) != 0) return failed("cannot replace the old socket", errno);
  return Done{};
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

short wait_ready(const Descriptor& socket, short events, milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    pollfd waited{socket.number(), events, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(std::max<int64_t>(left.count(), 0)));
    if (ready >= 0 || errno != EINTR) return ready > 0 ? waited.revents : short{0};
  }
}

Result<Listeners> listen_tcp(const HostPort& host_port, int count) {
  TRY_ASSIGN(address, resolved(host_port));
  // With SO_REUSEPORT two servers of one account would quietly share the port; binding once without
  // it finds the other one.
  if (host_port.port != 0) TRY_DO(bound(address, Sharing::alone));
  Listeners listeners;
  listeners.family = address.family();
  for (int i = 0; i < count; ++i) {
    TRY_ASSIGN(socket, bound(address, Sharing::with_own_threads));
    TRY_DO(start_listening(socket));
    TRY_ASSIGN(actual, local_address(socket));
    address = actual;
    listeners.sockets.push_back(std::move(socket));
  }
  listeners.port = port_of(address);
  return listeners;
}

Result<Descriptor> listen_unix(const std::string& path) {
  TRY_ASSIGN(address, unix_address(path));
  TRY_DO(remove_stale_socket(path));
  TRY_ASSIGN(socket, bound(address, Sharing::alone));
  // Nobody can connect between bind and listen, so the mode is right from the first connection.
  if (::chmod(path.c_str(), 0600) != 0) return failed("cannot set the mode", errno);
  TRY_DO(start_listening(socket));
  return socket;
}

Result<Descriptor> connect_tcp(const HostPort& host_port, milliseconds timeout) {
  TRY_ASSIGN(address, resolved(host_port));
  TRY_ASSIGN(socket, opened(address.family()));
  TRY_DO(switch_on(socket, IPPROTO_TCP, TCP_NODELAY));
  const int flags = ::fcntl(socket.number(), F_GETFL);
  ::fcntl(socket.number(), F_SETFL, flags | O_NONBLOCK);
  if (::connect(socket.number(), address.get(), address.size) != 0) {
    if (errno != EINPROGRESS) return failed("cannot connect", errno);
    TRY_DO(await_connected(socket, timeout));
  }
  ::fcntl(socket.number(), F_SETFL, flags);
  return socket;
}

Result<Descriptor> connect_unix(const std::string& path) {
  TRY_ASSIGN(address, unix_address(path));
  TRY_ASSIGN(socket, opened(AF_UNIX));
  if (::connect(socket.number(), address.get(), address.size) != 0)
    return failed("cannot connect", errno);
  return socket;
}

}  // namespace tiendo

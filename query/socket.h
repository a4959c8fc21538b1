// Stream sockets opened and handed over: listening ones and connected ones. Plain system calls;
// what goes over them is http.cc's affair.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "events/result.h"
#include "query/target.h"

namespace tiendo {

// An open descriptor, closed on destruction.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

struct Listeners {
  std::vector<Descriptor> sockets;  // all on one port; the system spreads connections over them
  int family = 0;                   // AF_INET or AF_INET6
  uint16_t port = 0;
};

// Listens `count` times at one address. Port 0 takes a free one. Errors: wrong_use (no such host),
// address_in_use, io.
[[nodiscard]] Result<Listeners> listen_tcp(const HostPort& address, int count);

// Listens at a path, mode 0600. A socket there that nobody listens on is replaced; anything else is
// left alone. Errors: wrong_use (too long), address_in_use, io.
[[nodiscard]] Result<Descriptor> listen_unix(const std::string& path);

// Errors: wrong_use, unreachable (nobody listens there), timeout, io.
[[nodiscard]] Result<Descriptor> connect_tcp(const HostPort& address,
                                             std::chrono::milliseconds timeout);
[[nodiscard]] Result<Descriptor> connect_unix(const std::string& path);

// Waits until a descriptor is ready for one of `events` (poll.h) and says for which; 0 after
// `timeout`.
[[nodiscard]] short wait_ready(const Descriptor& socket, short events,
                               std::chrono::milliseconds timeout);

}  // namespace tiendo

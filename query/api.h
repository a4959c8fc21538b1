// The HTTP interface: which route answers a request, and when. No I/O of its own; sockets are
// http.h's affair.
//
//   Api api(context);
//   server.start([&](HttpRequest request, HttpReply reply) {
//     api.handle(std::move(request), std::move(reply));
//   });
//   ... after each step of the projector: api.on_views_changed(); a few times a second: api.tick();
//
// All functions may be called from any thread, several at a time. Destroy the server, and end what
// ApiContext::run has begun, before the Api.
#pragma once

#include <list>
#include <memory>
#include <mutex>

#include "query/api_context.h"
#include "query/previews.h"
#include "query/routes.h"

namespace tiendo {

class Api {
 public:
  explicit Api(ApiContext context) : context_(std::move(context)) {}

  void handle(HttpRequest request, HttpReply reply);
  // The views hold more than before: answers requests that waited for it (after=).
  void on_views_changed() { look_after_waiting(); }
  // Time has passed: refuses with 503 `behind` what has waited for 10 s.
  void tick() { look_after_waiting(); }
  // How many requests wait for the views.
  [[nodiscard]] std::size_t waiting() const;

 private:
  // A request that was found to be in order, on its way to its answer.
  struct Pending {
    HttpRequest request;
    HttpReply reply;
    const Route* route;
    std::vector<std::string> ids;
    StreamName after;
    uint64_t position;
    Instant deadline;
  };
  using PendingPtr = std::shared_ptr<Pending>;  // std::function wants to copy what it holds

  void look_after_waiting();
  [[nodiscard]] bool is_held(const Pending& pending) const;
  void start(PendingPtr pending);
  void finish(Pending& pending) const;

  ApiContext context_;
  mutable Previews previews_;
  mutable std::mutex mutex_;
  std::list<PendingPtr> waiting_;
};

}  // namespace tiendo

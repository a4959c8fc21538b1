// What GET /metrics says, in Prometheus' text format. Counters of events are those of the log, not
// of the process: they go on across restarts.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deploy/editions.h"
#include "deploy/reconciling.h"
#include "events/log.h"
#include "ingest/gateway.h"
#include "projector/views.h"
#include "query/api_context.h"
#include "query/http_message.h"

namespace tiendo {

// How many requests there were and how long they took, by the part of the interface they asked for
// and the kind of answer. Any thread.
class RequestMetrics {
 public:
  static constexpr std::array<double, 11> bounds_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                   0.1,   0.25,   0.5,   1,    5};
  struct Series {
    std::array<uint64_t, bounds_s.size() + 1> by_bound{};  // not cumulated; the last is all others
    uint64_t count = 0;
    double sum_s = 0;
  };
  using Key = std::pair<std::string, std::string>;  // route, "2xx" ...

  void observe(const std::string& route, int status, std::chrono::duration<double> took);
  [[nodiscard]] std::map<Key, Series> series() const;

 private:
  mutable std::mutex mutex_;
  std::map<Key, Series> series_;
};

// The part of the interface a path belongs to: few values, whatever clients ask for.
[[nodiscard]] std::string route_of(const HttpRequest& request);

// A handler that does what `handler` does and observes it. `metrics` must outlive every reply.
[[nodiscard]] HttpHandler observed(HttpHandler handler, RequestMetrics& metrics);

struct MetricsInput {
  StreamHeads heads;
  std::vector<StreamReach> reaches;
  std::optional<Checkpoint> checkpoint;  // of the views; none: there are none here
  bool projector_stopped = false;
  std::map<RequestMetrics::Key, RequestMetrics::Series> requests;
  std::optional<GatewayCounters> gateway;        // none: there is no gateway here
  std::optional<ReconcilingStatus> reconciling;  // none: it is not done here
  std::optional<EditionsStatus> editions;        // none: they are not made here
  uint64_t editions_kept = 0;                    // with the log
  uint64_t figures_overflowed = 0;  // answers of this process that had a figure too large to tell
};
[[nodiscard]] std::string metrics_text(const MetricsInput& input);

}  // namespace tiendo

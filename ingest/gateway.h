// The gateway: events that came by another way than Kafka, on their way into Kafka. It holds at
// most limits::gateway_bytes_max of them; each submission is answered once the outcome of all its
// events is known, or known to be unknown.
//
// A plain object without thread, sleep or clock; step() is called again and again by one thread,
// all else may be called by any.
//
//   gateway.submit(std::move(events), [](std::vector<Gateway::Sent> sent) {
//     ...  // on the stepping thread: be quick
//   });
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "events/limits.h"
#include "events/result.h"
#include "ingest/outgoing.h"
#include "ingest/sink.h"

namespace tiendo {

// Of this process, in events.
struct GatewayCounters {
  uint64_t accepted = 0;     // in Kafka, on all in-sync replicas
  uint64_t refused = 0;      // by the broker; not in Kafka
  uint64_t unknown = 0;      // in Kafka or not
  uint64_t turned_away = 0;  // with `busy`, before anything was done
  uint64_t in_flight = 0;    // now
  uint64_t in_flight_bytes = 0;
  uint64_t reopened = 0;  // how often a sink that had broken was replaced
  friend bool operator==(const GatewayCounters&, const GatewayCounters&) = default;
};

class Gateway {
 public:
  // Opens the sink; called again when it has broken.
  using Open = std::function<Result<std::unique_ptr<EventSink>>()>;
  struct Sent {
    std::string topic;
    Result<EventSink::Delivered> outcome;
  };
  // One for each event, in the order sent.
  using Answer = std::function<void(std::vector<Sent>)>;

  // Errors: those of `open`, which say at once what is wrong with the settings.
  static Result<std::unique_ptr<Gateway>> create(Open open,
                                                 std::size_t bytes_max = limits::gateway_bytes_max);
  // Answers with `unknown_outcome` what is still owed. Nobody steps any more.
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // Errors: `busy`, `batch_too_large` (more than there will ever be room for), `closing`; `answer`
  // is called for what was taken on, and only for that. An empty submission is answered at once.
  Status submit(std::vector<Outgoing> events, Answer answer);
  // Hands over what waits, and serves answers; waits at most so long, and only while there is
  // nothing to do.
  void step(std::chrono::milliseconds wait);
  // Refuses what comes from now on.
  void close();
  [[nodiscard]] GatewayCounters counters() const;
  // The last failure that was no fault of an event; empty since the last success.
  [[nodiscard]] std::string trouble() const;

 private:
  struct Submission {
    Answer answer;
    std::vector<Sent> sent;
    std::size_t owed = 0;
  };
  struct Waiting {
    Outgoing event;
    std::shared_ptr<Submission> submission;
    std::size_t index = 0;  // in it
  };

  Gateway(Open open, std::size_t bytes_max) : open_(std::move(open)), bytes_max_(bytes_max) {}
  void replace_broken_sink();
  void hand_over();
  std::optional<Waiting> next_waiting();
  void settle(const std::shared_ptr<Submission>& submission, std::size_t index, std::size_t bytes,
              Result<EventSink::Delivered> outcome);
  void count(const Result<EventSink::Delivered>& outcome);

  const Open open_;
  const std::size_t bytes_max_;

  mutable std::mutex mutex_;
  std::deque<Waiting> waiting_;  // not yet with the sink
  GatewayCounters counters_;
  std::string trouble_;
  bool closing_ = false;
  std::unique_ptr<EventSink> sink_;  // replaced by the stepping thread, under the mutex
};

}  // namespace tiendo

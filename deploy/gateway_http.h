// POST /v1/events on a node with Kafka: bodies in the three modes of CloudEvents become messages,
// the gateway publishes them, and the answer says of each where in Kafka it is. With
// ?wait=applied it also says where in the log and with which verdict, as soon as this node's
// ingester has it there.
//
// Threads: all on any.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "deploy/intake_http.h"
#include "events/clock.h"
#include "events/log.h"
#include "ingest/gateway.h"
#include "query/http_message.h"

namespace tiendo {

// Where the partitions stand in the log: each in its newest epoch.
struct PartitionEnd {
  StreamName stream;
  uint32_t epoch = 0;
  uint64_t next_position = 0;
  int64_t next_offset = 0;
};
using PartitionEnds = std::map<std::pair<std::string, int32_t>, PartitionEnd>;
[[nodiscard]] PartitionEnds ends_of(const LogReader& log);

// Where in the log, with which verdict, the events are that Kafka has: one for each of `sent`, none
// where the log does not have it. What the log had `before` they were sent is another event, of a
// topic that was made anew since.
[[nodiscard]] std::vector<std::optional<Placed>> places_of(const LogReader& log,
                                                           const PartitionEnds& before,
                                                           const std::vector<Gateway::Sent>& sent);

// The answer when all are in Kafka (202), or what is known of each (413, 503). `places` is empty or
// has one for each.
[[nodiscard]] HttpResponse gateway_answer(const std::vector<Gateway::Sent>& sent,
                                          const std::vector<std::optional<Placed>>& places,
                                          Language language);

class GatewayHttp {
 public:
  struct Parts {
    Gateway& gateway;  // lives until the last reply, as all below
    GatewayTopics topics;
    std::set<std::string> read_topics;  // what this node's ingester reads
    LogReader log;
    const Clock& clock;
    // Runs what takes long on another thread than the gateway's or the ingester's.
    IntakeHttp::Run run;
  };
  explicit GatewayHttp(Parts parts) : parts_(std::move(parts)) {}

  void take(const HttpRequest& request, HttpReply reply);
  // The log holds more than before, or time has passed: answers those who wait for a verdict, after
  // 10 s without it.
  void look_after_waiting();

 private:
  struct Waiting {
    std::vector<Gateway::Sent> sent;
    PartitionEnds before;  // they were sent
    std::shared_ptr<HttpReply> reply;
    Language language = Language::en;
    Instant deadline;
  };

  void wait_for_verdicts(Waiting waiting);
  [[nodiscard]] bool is_read_here(const std::vector<Gateway::Sent>& sent) const;
  void answer_waiting();
  std::list<Waiting> take_ripe(const PartitionEnds& ends);

  Parts parts_;
  std::mutex mutex_;
  std::list<Waiting> waiting_;
  bool is_looking_ = false;
};

}  // namespace tiendo

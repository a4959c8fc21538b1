// What the HTTP interface is given by the composition root. Everything here may be called from any
// thread, and none of it may block for long.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/clock.h"
#include "events/log.h"
#include "events/vocabulary.h"
#include "projector/projector.h"
#include "query/http_message.h"

namespace tiendo {

// How far a known stream is read. Answers are final once all of them are settled past their moment.
struct StreamReach {
  StreamName stream;
  // Every record of it still to come into the log bears this moment or a later one; none: not
  // known.
  std::optional<Instant> settled_until = {};
  std::string state = "running";   // or retry, gap, poison ...
  std::string message = {};        // for people; empty where there is nothing to say
  bool stopped = false;            // only a person takes it out of this state
  bool has_producer_time = false;  // its records bear their producers' time
  bool unheard = false;            // for a while nobody has said how far its source goes
  int64_t lag = 0;                 // messages the source holds and the log does not have yet
  std::string cluster = {};        // the id of the Kafka cluster it was read from; empty: not known
};

// A person has a refused record judged again.
struct RejudgeAct {
  StreamName stream;
  uint64_t position = 0;
  std::string author;
  std::string reason;
};

// A person closes or amends a publication: the event that says so, but for its envelope.
struct PublicationEvent {
  EventType type = EventType::publication_closed;  // or publication_amended
  std::string id;                                  // of the event, before it is hashed
  std::string author;
  std::string data;  // JSON
};

// A part of the node that works or not, for /readyz.
struct HealthCheck {
  std::string name;
  bool ok = true;
  std::string message = {};
};

struct ApiContext {
  // The newest views; null while there are none yet.
  std::function<std::shared_ptr<const ViewState>()> views;
  // Views that the writer's go on under: a state of them is good for one request only.
  bool views_move = false;
  LogReader log;
  const Clock* clock = nullptr;
  // All known streams, those without a record too.
  std::function<std::vector<StreamReach>()> streams;

  // Optional from here on.
  // POST /v1/events: answers in its own time. None: this process takes no events.
  std::function<void(HttpRequest, HttpReply)> intake = {};
  // What the rules of this program say of a message; none: accepted.
  std::function<std::optional<Refusal>(const Message&)> judge = {};
  // Writes the control record and waits until the log has it. None: this process does not write the
  // log. Errors: `refused` (author or reason), others of the intake.
  std::function<Result<Placed>(const RejudgeAct&)> rejudge = {};
  // The same for a publication.
  std::function<Result<Placed>(const PublicationEvent&)> publish = {};
  // GET /metrics: the text format of Prometheus.
  std::function<std::string()> metrics = {};
  // GET of a path that is no part of the interface: the pages. None: there is no such page.
  std::function<std::optional<HttpResponse>(std::string_view path)> page = {};
  // The parts of the node. None: only whether there are views.
  std::function<std::vector<HealthCheck>()> health = {};
  // A figure was too large to be told.
  std::function<void()> overflowed = {};
  // Runs work that may take long on another thread. None: it runs at once.
  std::function<void(std::function<void()>)> run = {};
};

}  // namespace tiendo

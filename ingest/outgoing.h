// What the gateway makes of an event before it goes out to Kafka: its topic, its key, and its
// headers. Everything here depends on the event's own bytes alone, so that the same event sent
// again, in whatever mode, lands in the same partition, where the log knows it for a duplicate.
#pragma once

#include <cstddef>
#include <string>

#include "events/json.h"
#include "events/message.h"

namespace tiendo {

struct GatewayTopics {
  std::string events = "tiendo.events";
  std::string reference = "tiendo.reference";  // unit.*, plan.* and source.*
};

struct Outgoing {
  std::string topic;
  Message message;
};

// `received` is a message as HTTP or a file gave it: without headers in structured mode, with the
// ce- headers of HTTP in binary mode. An event that cannot be read goes out as it came, to the
// events topic: the log's verdict says what is wrong with it.
//
// The key: `partitionkey`, else the first two parts (province.district) of `data.unit`, else of
// `subject`, else `source`, in NFC; none where the event says none of them. `document` is memory to
// work in.
[[nodiscard]] Outgoing outgoing(Message received, const GatewayTopics& topics,
                                json::Document& document);

// What it takes up in memory, roughly.
[[nodiscard]] std::size_t bytes_of(const Outgoing& one);

}  // namespace tiendo

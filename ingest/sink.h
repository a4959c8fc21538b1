// The seam to where events are published: Apache Kafka (KafkaProducer in kafka.h); tests have one
// in memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "events/message.h"
#include "events/result.h"

namespace tiendo {

class EventSink {
 public:
  struct Delivered {
    int32_t partition = 0;
    int64_t offset = 0;
  };
  // On the thread that polls. Errors: `too_large`, `not_authorized`, `topic_unknown`, `refused`
  // (the broker would not have it, and it is not there), `unknown_outcome` (it may be there or not:
  // the same event can be sent again).
  using Answer = std::function<void(Result<Delivered>)>;

  // Whoever is still owed an answer is answered.
  virtual ~EventSink() = default;
  // Errors: `busy` (poll, and publish again), those of an Answer, and those of broken(). `answer`
  // is called unless one is returned.
  virtual Status publish(const std::string& topic, const Message& message, Answer answer) = 0;
  // Serves answers, waiting for the first at most so long.
  virtual void poll(std::chrono::milliseconds wait) = 0;
  // Ends the wait of the present or the next poll. Any thread.
  virtual void wake() = 0;
  // Why nothing can be published by this one any more; another has to be opened.
  [[nodiscard]] virtual std::optional<Error> broken() const = 0;
};

}  // namespace tiendo

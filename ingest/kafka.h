// Apache Kafka as a source, and a producer for it. Which settings of the client library
// are not for others to choose, and why, stands in kafka_source.cc and kafka_producer.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/clock.h"
#include "events/message.h"
#include "events/result.h"
#include "ingest/sink.h"
#include "ingest/source.h"

namespace tiendo {

struct KafkaConnection {
  std::string brokers;  // HOST:PORT,HOST:PORT
  // Handed to the client library as they are (security.protocol, sasl.*, ssl.*, fetch sizes ...).
  // Those that tiendo must set itself are refused with `wrong_use`.
  std::map<std::string, std::string> properties;
  // What the library wants to say, with a syslog level. Called on its threads; may be empty.
  std::function<void(int level, const std::string& text)> log;
};

struct KafkaSourceOptions {
  KafkaConnection connection;
  std::vector<std::string> topics;  // all partitions of each; one that is missing is waited for
  std::set<std::string> create_time_topics;  // among them: producers' timestamps are taken
  // The committed offsets are a hint for tools that show lag; they are never read back.
  std::string group = "tiendo";
  bool commit_hints = false;
  // How often the topics' partitions and their ends are asked for.
  std::chrono::milliseconds ask_interval{3'000};
};

// A source over explicitly assigned partitions: no consumer group decides, and no offset but the
// log's counts. It has a thread of its own for questions to the brokers. `clock` must live longer
// than the source. Errors: `wrong_use` (a setting). An absent broker is no error; it is waited for.
[[nodiscard]] Result<std::unique_ptr<EventSource>> open_kafka_source(KafkaSourceOptions options,
                                                                     const Clock& clock);

struct KafkaProducerOptions {
  KafkaConnection connection;
  // The outcome is unknown after that. The property delivery.timeout.ms goes before it.
  std::chrono::milliseconds delivery_timeout{120'000};
};

// An idempotent producer: a message counts as delivered once all in-sync replicas have it, and its
// key decides its partition as that of Kafka's Java clients does. Topics are never made by it; the
// broker stamps. publish() on any thread, poll() and flush() on one.
class KafkaProducer final : public EventSink {
 public:
  static Result<std::unique_ptr<KafkaProducer>> open(const KafkaProducerOptions& options);
  ~KafkaProducer() override;

  Status publish(const std::string& topic, const Message& message, Answer answer) override;
  void poll(std::chrono::milliseconds wait) override;
  void wake() override;
  [[nodiscard]] std::optional<Error> broken() const override;
  // Serves answers until none is owed. Error `unknown_outcome` when some still are after the wait.
  Status flush(std::chrono::milliseconds wait);
  [[nodiscard]] std::size_t unanswered() const;

 private:
  struct Library;
  explicit KafkaProducer(std::unique_ptr<Library> library);
  std::unique_ptr<Library> library_;
};

}  // namespace tiendo

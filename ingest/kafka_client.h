// What the source and the producer share of librdkafka 2.0.2. Only kafka_*.cc include this, and
// nothing of the library leaves them.
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "events/result.h"
#include "ingest/kafka.h"

namespace tiendo {

template <auto function>
struct Destroy {
  template <class T>
  void operator()(T* handle) const {
    function(handle);
  }
};
using ConfHandle = std::unique_ptr<rd_kafka_conf_t, Destroy<rd_kafka_conf_destroy>>;
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, Destroy<rd_kafka_topic_destroy>>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_t, Destroy<rd_kafka_queue_destroy>>;
using MessageHandle = std::unique_ptr<rd_kafka_message_t, Destroy<rd_kafka_message_destroy>>;
using ErrorHandle = std::unique_ptr<rd_kafka_error_t, Destroy<rd_kafka_error_destroy>>;
using HeadersHandle = std::unique_ptr<rd_kafka_headers_t, Destroy<rd_kafka_headers_destroy>>;
using PartitionsHandle = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                         Destroy<rd_kafka_topic_partition_list_destroy>>;

using ConfigHandle =
    std::unique_ptr<rd_kafka_ConfigResource_t, Destroy<rd_kafka_ConfigResource_destroy>>;
using AdminOptionsHandle =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroy<rd_kafka_AdminOptions_destroy>>;
using EventHandle = std::unique_ptr<rd_kafka_event_t, Destroy<rd_kafka_event_destroy>>;

inline void destroy_at_once(rd_kafka_t* client) {
  // No leaving of a group that was never joined; it could wait for a broker that is gone.
  rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}
using ClientHandle = std::unique_ptr<rd_kafka_t, Destroy<destroy_at_once>>;

struct Setting {
  const char* name;
  const char* value;
};

// Passes on what a client says of its brokers. Why they cannot be used (a wrong password, another
// CA) the library says here and nowhere else, so the last reason is kept for those who must tell.
// Any thread.
class Voice {
 public:
  explicit Voice(const KafkaConnection& connection) : connection_(&connection) {}
  [[nodiscard]] const KafkaConnection& connection() const { return *connection_; }

  void say(int level, const std::string& text) const;
  void warn(const std::string& text) const;
  void set_trouble(rd_kafka_resp_err_t error, const std::string& reason);
  void clear_trouble();
  [[nodiscard]] std::string with_trouble(const std::string& text) const;
  // How many connections were begun so far.
  [[nodiscard]] uint64_t connections() const { return connections_; }
  void count_connection() { ++connections_; }

 private:
  [[nodiscard]] std::string scram_advice() const;

  const KafkaConnection* connection_;
  mutable std::mutex mutex_;
  std::string trouble_;
  std::atomic<uint64_t> connections_ = 0;
};

// What is wrong with a setting is told without its value where it may be a password.
Status set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value);
// The connection's properties go before `defaults`; one of `musts` among them is refused. `voice`
// must live as long as the client made of it.
[[nodiscard]] Result<ConfHandle> configure(Voice& voice, std::span<const Setting> defaults,
                                           std::span<const Setting> musts);
[[nodiscard]] Result<ClientHandle> make_client(rd_kafka_type_t type, ConfHandle conf);

[[nodiscard]] int whole_ms(std::chrono::milliseconds duration);
[[nodiscard]] std::string text_of(rd_kafka_resp_err_t error);

}  // namespace tiendo

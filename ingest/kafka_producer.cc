// The producer over librdkafka 2.0.2.
#include <array>
#include <utility>

#include "ingest/kafka_client.h"

namespace tiendo {
namespace {

// For others to change by KafkaConnection::properties, but for the musts.
constexpr std::array producer_defaults = {
    Setting{"queue.buffering.max.kbytes", "65536"},
    Setting{"message.max.bytes", "17825792"},  // the broker's limit is the one that counts
    Setting{"partitioner", "murmur2_random"},  // a platform that uses Java agrees on the partition
};
constexpr std::array producer_musts = {
    Setting{"enable.idempotence", "true"},
    Setting{"acks", "all"},
    Setting{"allow.auto.create.topics", "false"},
    Setting{"statistics.interval.ms", "0"},
};

// Whether the broker has said that it will not have a message, and why; else the outcome is
// unknown.
const char* refusal_code(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
      return "too_large";
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return "not_authorized";
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return "topic_unknown";
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
      return "refused";
    default:
      return nullptr;
  }
}

std::string refusal_text(rd_kafka_resp_err_t error, const std::string& topic) {
  const std::string code = refusal_code(error);
  if (code == "too_large") {
    return "the broker takes no message of this size: send less in one event, or raise "
           "max.message.bytes of topic " +
           topic + " (" + text_of(error) + ")";
  }
  if (code == "not_authorized") {
    return "the broker does not let this account write to topic " + topic +
           ": allow it Write there, before Kafka 3 also IdempotentWrite (" + text_of(error) + ")";
  }
  if (code == "topic_unknown") {
    return "the broker has no topic " + topic +
           ": create it with message.timestamp.type=LogAppendTime (" + text_of(error) + ")";
  }
  return "the broker refuses it for topic " + topic + " (" + text_of(error) + ")";
}

}  // namespace

struct KafkaProducer::Library {
  explicit Library(const KafkaConnection& of) : connection(of) {}

  // What goes along with a message until its answer comes.
  struct Owed {
    Answer answer;
    Library* library;
  };

  const KafkaConnection connection;
  Voice voice{connection};
  ClientHandle client;
  QueueHandle answers;

  // What broke the client, if something did.
  [[nodiscard]] rd_kafka_resp_err_t fatal() const {
    return rd_kafka_fatal_error(client.get(), nullptr, 0);
  }

  [[nodiscard]] Error error_of(const rd_kafka_message_t& message) const {
    const bool is_broken = fatal() != RD_KAFKA_RESP_ERR_NO_ERROR;
    const rd_kafka_resp_err_t error = is_broken ? fatal() : message.err;
    const bool is_absent = rd_kafka_message_status(&message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
    if (is_absent && refusal_code(error) != nullptr) {
      return {refusal_code(error), refusal_text(error, rd_kafka_topic_name(message.rkt))};
    }
    return {"unknown_outcome", voice.with_trouble(text_of(error))};
  }

  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    const std::unique_ptr<Owed> owed(static_cast<Owed*>(message->_private));
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return owed->answer(owed->library->error_of(*message));
    }
    owed->library->voice.clear_trouble();
    owed->answer(Delivered{message->partition, message->offset});
  }
};

namespace {

// The library copies the bytes; that it does not take them as const is a matter of its age.
decltype(rd_kafka_vu_t::u.mem) bytes_for_library(const std::optional<std::string>& bytes) {
  if (!bytes) return {};
  return {const_cast<char*>(bytes->data()), bytes->size()};
}

}  // namespace

KafkaProducer::KafkaProducer(std::unique_ptr<Library> library) : library_(std::move(library)) {}

KafkaProducer::~KafkaProducer() {
  // Whoever still waits is answered.
  constexpr int flush_ms = 1'000;
  rd_kafka_purge(library_->client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(library_->client.get(), flush_ms);
}

Result<std::unique_ptr<KafkaProducer>> KafkaProducer::open(const KafkaProducerOptions& options) {
  auto library = std::make_unique<Library>(options.connection);
  TRY_ASSIGN(conf, configure(library->voice, producer_defaults, producer_musts));
  if (!options.connection.properties.contains("delivery.timeout.ms")) {
    TRY_DO(
        set(conf.get(), "delivery.timeout.ms", std::to_string(whole_ms(options.delivery_timeout))));
  }
  rd_kafka_conf_set_dr_msg_cb(conf.get(), Library::on_delivery);
  TRY_ASSIGN(client, make_client(RD_KAFKA_PRODUCER, std::move(conf)));
  library->client = std::move(client);
  library->answers.reset(rd_kafka_queue_get_main(library->client.get()));
  return std::unique_ptr<KafkaProducer>(new KafkaProducer(std::move(library)));
}

Status KafkaProducer::publish(const std::string& topic, const Message& message, Answer answer) {
  HeadersHandle headers(rd_kafka_headers_new(message.headers.size()));
  for (const Header& header : message.headers) {
    rd_kafka_header_add(headers.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
                        header.value ? header.value->data() : nullptr,
                        header.value ? static_cast<ssize_t>(header.value->size()) : -1);
  }
  auto owed = std::make_unique<Library::Owed>(Library::Owed{std::move(answer), library_.get()});
  std::array<rd_kafka_vu_t, 6> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = topic.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[1].u.i = RD_KAFKA_MSG_F_COPY;
  parts[2].vtype = RD_KAFKA_VTYPE_KEY;
  parts[2].u.mem = bytes_for_library(message.key);
  parts[3].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[3].u.mem = bytes_for_library(message.value);
  parts[4].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[4].u.headers = headers.get();
  parts[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[5].u.ptr = owed.get();
  const ErrorHandle failure(rd_kafka_produceva(library_->client.get(), parts.data(), parts.size()));
  const auto error = failure ? rd_kafka_error_code(failure.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
  if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    return Error{"busy", "the queue to the brokers is full; try again shortly"};
  }
  if (refusal_code(error) != nullptr) return Error{refusal_code(error), refusal_text(error, topic)};
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{"refused", text_of(error)};
  (void)headers.release();  // the client's now
  (void)owed.release();     // on_delivery's now
  return Done{};
}

void KafkaProducer::poll(std::chrono::milliseconds wait) {
  rd_kafka_poll(library_->client.get(), whole_ms(wait));
}

void KafkaProducer::wake() { rd_kafka_queue_yield(library_->answers.get()); }

std::optional<Error> KafkaProducer::broken() const {
  const rd_kafka_resp_err_t error = library_->fatal();
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  return Error{"broken", text_of(error)};
}

Status KafkaProducer::flush(std::chrono::milliseconds wait) {
  rd_kafka_flush(library_->client.get(), whole_ms(wait));
  const std::size_t left = unanswered();
  if (left == 0) return Done{};
  return Error{"unknown_outcome", std::to_string(left) + " messages are not confirmed yet"};
}

std::size_t KafkaProducer::unanswered() const {
  return static_cast<std::size_t>(rd_kafka_outq_len(library_->client.get()));
}

}  // namespace tiendo

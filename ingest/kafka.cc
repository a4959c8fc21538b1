// librdkafka 2.0.2, and nothing of it leaves this file.
//
// Its traps, and what is done here about each:
//   - A flipped bit passes for a good message unless check.crcs is set; and with it, a bad record
//     can leave the fetch position anywhere. So after every failed read the partition is assigned
//     anew at our own next offset (a seek would not do: it is refused once fetching has stopped).
//   - auto.offset.reset other than `error` skips or repeats records in silence.
//   - Groups may hand a partition to another in the middle of a batch: partitions are assigned
//   here,
//     and nothing is subscribed to. A group id is needed even so, for the consumer's queue.
//   - Batch consumption can lose messages around seeks: messages are polled one by one.
//   - Metadata and watermarks can only be asked for by waiting for them: a thread of its own does.
#include "ingest/kafka.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "ingest/partition.h"

namespace tiendo {
namespace {

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

void destroy_at_once(rd_kafka_t* client) {
  // No leaving of a group that was never joined; it could wait for a broker that is gone.
  rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}
using ClientHandle = std::unique_ptr<rd_kafka_t, Destroy<destroy_at_once>>;

constexpr int syslog_warning = 4;

struct Setting {
  const char* name;
  const char* value;
};

// For others to change by KafkaConnection::properties.
constexpr std::array source_defaults = {
    Setting{"queued.min.messages", "2000000"},        // the first of these two that is hit stops
    Setting{"queued.max.messages.kbytes", "262144"},  // fetching, for a whole second
    Setting{"fetch.max.bytes", "33554432"},
    Setting{"max.partition.fetch.bytes", "4194304"},
    Setting{"receive.message.max.bytes", "33554944"},  // must be fetch.max.bytes + 512 or more
};
constexpr std::array source_musts = {
    Setting{"check.crcs", "true"},
    Setting{"auto.offset.reset", "error"},
    Setting{"enable.auto.commit", "false"},
    Setting{"enable.auto.offset.store", "false"},
    Setting{"isolation.level", "read_committed"},
    Setting{"enable.partition.eof", "true"},
    Setting{"allow.auto.create.topics", "false"},
    Setting{"statistics.interval.ms", "0"},
};
constexpr std::array producer_defaults = {
    Setting{"queue.buffering.max.kbytes", "65536"},
    Setting{"message.max.bytes", "17825792"},  // the broker's limit is the one that counts
};
constexpr std::array producer_musts = {
    Setting{"enable.idempotence", "true"},
    Setting{"acks", "all"},
    Setting{"allow.auto.create.topics", "false"},
    Setting{"statistics.interval.ms", "0"},
};

Status set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) ==
      RD_KAFKA_CONF_OK) {
    return Done{};
  }
  return Error{"wrong_use", "Kafka setting " + name + "=" + value + ": " + why.data()};
}

void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  const auto* connection = static_cast<const KafkaConnection*>(rd_kafka_opaque(client));
  if (connection->log) connection->log(level, std::string(facility) + ": " + text);
}

void on_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
  const auto* connection = static_cast<const KafkaConnection*>(opaque);
  if (!connection->log) return;
  const auto error = static_cast<rd_kafka_resp_err_t>(code);
  connection->log(syslog_warning, std::string(rd_kafka_err2name(error)) + ": " + reason);
}

// `connection` must live as long as the client made of it.
template <class Defaults, class Musts>
Result<ConfHandle> configure(const KafkaConnection& connection, const Defaults& defaults,
                             const Musts& musts) {
  ConfHandle conf(rd_kafka_conf_new());
  for (const Setting& setting : defaults) TRY_DO(set(conf.get(), setting.name, setting.value));
  for (const auto& [name, value] : connection.properties) {
    for (const Setting& setting : musts) {
      if (name != setting.name) continue;
      return Error{"wrong_use", "Kafka setting " + name + " is " + setting.value +
                                    " and cannot be changed: no event could be vouched for"};
    }
    TRY_DO(set(conf.get(), name, value));
  }
  for (const Setting& setting : musts) TRY_DO(set(conf.get(), setting.name, setting.value));
  TRY_DO(set(conf.get(), "bootstrap.servers", connection.brokers));
  TRY_DO(set(conf.get(), "client.id", "tiendo"));
  rd_kafka_conf_set_opaque(conf.get(), const_cast<KafkaConnection*>(&connection));
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  return conf;
}

Result<ClientHandle> make_client(rd_kafka_type_t type, ConfHandle conf) {
  std::array<char, 512> why{};
  ClientHandle client(rd_kafka_new(type, conf.get(), why.data(), why.size()));
  if (!client) return Error{"wrong_use", std::string("Kafka client: ") + why.data()};
  (void)conf.release();  // the client's now
  return client;
}

int whole_ms(std::chrono::milliseconds duration) {
  return static_cast<int>(std::clamp<int64_t>(duration.count(), 0, 3'600'000));
}

std::string text_of(rd_kafka_resp_err_t error) {
  return std::string(rd_kafka_err2name(error)) + ": " + rd_kafka_err2str(error);
}

FailureKind kind_of(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return FailureKind::out_of_range;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
      return FailureKind::environment;
    default:
      return FailureKind::record;
  }
}

std::optional<std::string> bytes_or_none(const void* bytes, std::size_t size) {
  if (bytes == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(bytes), size);
}

Message message_of(const rd_kafka_message_t& from) {
  Message message;
  message.offset = from.offset;
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t timestamp = rd_kafka_message_timestamp(&from, &type);
  if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && timestamp >= 0) {
    message.timestamp_ms = timestamp;
    message.timestamp_type = type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME
                                 ? TimestampType::log_append_time
                                 : TimestampType::create_time;
  }
  message.key = bytes_or_none(from.key, from.key_len);
  message.value = bytes_or_none(from.payload, from.len);
  rd_kafka_headers_t* headers = nullptr;  // belongs to the message
  if (rd_kafka_message_headers(&from, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return message;
  message.headers.reserve(rd_kafka_header_cnt(headers));
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    message.headers.push_back({name, bytes_or_none(value, size)});
  }
  return message;
}

using PartitionKey = std::pair<std::string, int32_t>;

// Asks the brokers, on its own thread, again and again: which partitions the topics have, and from
// where to where each reaches.
class Scout {
 public:
  struct News {
    std::map<PartitionKey, Watermarks> marks;
    std::vector<std::string> notices;
  };

  Scout(rd_kafka_t* client, const KafkaSourceOptions& options, const Clock& clock,
        std::map<PartitionKey, int64_t> next_offsets)
      : client_(client),
        options_(&options),
        clock_(&clock),
        queue_(rd_kafka_queue_get_consumer(client)),
        next_offsets_(std::move(next_offsets)) {
    for (const std::string& topic : options.topics) {
      topics_.emplace_back(topic, rd_kafka_topic_new(client, topic.c_str(), nullptr));
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  // Our own next offsets, against which the answers are to be held.
  void tell(std::map<PartitionKey, int64_t> next_offsets) {
    const std::lock_guard lock(mutex_);
    next_offsets_ = std::move(next_offsets);
  }
  void hurry() {
    {
      const std::lock_guard lock(mutex_);
      hurried_ = true;
    }
    asked_.notify_one();
  }
  // None where there are none since the last call.
  std::optional<News> take_news() {
    if (!has_news_.exchange(false)) return std::nullopt;
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {{}, news_.notices});
  }

 private:
  static constexpr int answer_timeout_ms = 2'000;
  static constexpr std::chrono::milliseconds hurried_pause{200};

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      News news;
      ask_topics(stop, news);
      std::unique_lock lock(mutex_);
      for (const auto& [key, marks] : news.marks) news_.marks.insert_or_assign(key, marks);
      news_.notices = std::move(news.notices);
      has_news_ = true;
      rd_kafka_queue_yield(queue_.get());
      const auto pause = std::min(hurried_pause, options_->ask_interval);
      asked_.wait_for(lock, stop, pause, [] { return false; });
      asked_.wait_for(lock, stop, options_->ask_interval - pause, [this] { return hurried_; });
      hurried_ = false;
    }
  }

  void ask_topics(const std::stop_token& stop, News& news) {
    for (const auto& [topic, handle] : topics_) {
      if (stop.stop_requested()) return;
      const rd_kafka_metadata_t* answer = nullptr;
      const auto error = rd_kafka_metadata(client_, 0, handle.get(), &answer, answer_timeout_ms);
      if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        news.notices.push_back("the brokers " + options_->connection.brokers +
                               " do not answer: " + text_of(error));
        return;
      }
      const std::unique_ptr<const rd_kafka_metadata_t, Destroy<rd_kafka_metadata_destroy>> owner(
          answer);
      if (answer->topic_cnt == 1) ask_partitions(stop, topic, answer->topics[0], news);
    }
  }

  void ask_partitions(const std::stop_token& stop, const std::string& topic,
                      const rd_kafka_metadata_topic_t& answer, News& news) {
    if (answer.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
      news.notices.push_back("topic " + topic +
                             " does not exist; it is waited for. Create it with "
                             "message.timestamp.type=LogAppendTime");
    } else if (answer.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      news.notices.push_back("topic " + topic + ": " + text_of(answer.err));
    }
    for (int i = 0; i < answer.partition_cnt && !stop.stop_requested(); ++i) {
      const PartitionKey key{topic, answer.partitions[i].id};
      Watermarks marks;
      marks.asked_at = clock_->now();
      marks.next_when_asked = next_offset(key);
      const auto error = rd_kafka_query_watermark_offsets(
          client_, topic.c_str(), key.second, &marks.low, &marks.high, answer_timeout_ms);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        news.marks.insert_or_assign(key, marks);
      } else {
        news.notices.push_back("topic " + topic + ", partition " + std::to_string(key.second) +
                               " does not say where it ends: " + text_of(error));
      }
    }
  }

  int64_t next_offset(const PartitionKey& key) {
    const std::lock_guard lock(mutex_);
    const auto found = next_offsets_.find(key);
    return found == next_offsets_.end() ? 0 : found->second;
  }

  rd_kafka_t* client_;
  const KafkaSourceOptions* options_;
  const Clock* clock_;
  QueueHandle queue_;
  std::vector<std::pair<std::string, TopicHandle>> topics_;

  std::mutex mutex_;
  std::condition_variable_any asked_;
  bool hurried_ = false;
  std::map<PartitionKey, int64_t> next_offsets_;
  News news_;
  std::atomic<bool> has_news_ = false;

  std::jthread thread_;  // last: it uses all of the above
};

class KafkaSource final : public EventSource {
 public:
  static Result<std::unique_ptr<EventSource>> open(KafkaSourceOptions options, const Clock& clock) {
    std::unique_ptr<KafkaSource> source(new KafkaSource(std::move(options), clock));
    TRY_ASSIGN(conf, configure(source->options_.connection, source_defaults, source_musts));
    TRY_DO(set(conf.get(), "group.id", source->options_.group));
    TRY_ASSIGN(client, make_client(RD_KAFKA_CONSUMER, std::move(conf)));
    source->client_ = std::move(client);
    rd_kafka_poll_set_consumer(source->client_.get());
    source->queue_.reset(rd_kafka_queue_get_consumer(source->client_.get()));
    return std::unique_ptr<EventSource>(std::move(source));
  }

  Status start(const StreamHeads& heads) override {
    ENSURE(!scout_, "a source is started once");
    heads_ = heads;
    std::map<PartitionKey, int64_t> next_offsets;
    for (const auto& [stream, head] : heads) {
      const auto name = parse_partition_name(stream.text());
      if (!name) continue;
      const ResumePoint from = resume_point(heads, name->topic, name->partition);
      next_offsets[{name->topic, name->partition}] = from.next_offset.value_or(0);
    }
    scout_.emplace(client_.get(), options_, *clock_, std::move(next_offsets));
    return Done{};
  }

  Result<std::vector<SourceBatch>> poll(const PollBounds& bounds) override {
    ENSURE(scout_, "a source is started before it is polled");
    hear_news();
    const bool seek_waits = steer();
    auto wait = seek_waits ? std::min(bounds.wait, retry_check) : bounds.wait;
    std::size_t events = 0;
    std::size_t bytes = 0;
    while (events < bounds.events_max && bytes < bounds.bytes_max) {
      const MessageHandle message(rd_kafka_consumer_poll(client_.get(), whole_ms(wait)));
      if (!message) break;
      wait = std::chrono::milliseconds(0);
      const std::size_t added = take(*message);
      if (added > 0) ++events;
      bytes += added;
    }
    return collect();
  }

  void durable(StreamName stream, int64_t next_offset) override {
    if (!options_.commit_hints) return;
    hints_[stream] = next_offset;
    const Instant now = clock_->now();
    if (now >= hinted_at_ && now.ms - hinted_at_.ms < hint_interval_ms) return;
    hinted_at_ = now;
    const PartitionsHandle offsets(rd_kafka_topic_partition_list_new(0));
    for (const auto& [of, next] : std::exchange(hints_, {})) {
      const auto name = parse_partition_name(of.text());
      if (!name) continue;
      rd_kafka_topic_partition_list_add(offsets.get(), name->topic.c_str(), name->partition)
          ->offset = next;
    }
    rd_kafka_commit(client_.get(), offsets.get(), 1);  // a hint: nobody waits for it
  }

  [[nodiscard]] SourceStatus status() const override {
    SourceStatus status{{}, notices_};
    for (const auto& [key, feed] : feeds_) status.streams.push_back(feed.partition.status());
    return status;
  }

  void wake() override { rd_kafka_queue_yield(queue_.get()); }

 private:
  static constexpr std::chrono::milliseconds retry_check{20};
  static constexpr int64_t hint_interval_ms = 5'000;

  struct Feed {
    Partition partition;
    bool assigned = false;
    std::vector<Message> messages;  // polled, not yet handed over
  };

  KafkaSource(KafkaSourceOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(&clock) {}

  void hear_news() {
    auto news = scout_->take_news();
    if (!news) return;
    notices_ = std::move(news->notices);
    for (const auto& [key, marks] : news->marks) {
      auto found = feeds_.find(key);
      if (found == feeds_.end()) {
        const TrustedTime trusted = options_.create_time_topics.contains(key.first)
                                        ? TrustedTime::create_time_too
                                        : TrustedTime::append_time;
        const ResumePoint from = resume_point(heads_, key.first, key.second);
        found = feeds_.emplace(key, Feed{Partition(from, trusted), false, {}}).first;
      }
      found->second.partition.answered(marks, clock_->now());
    }
  }

  // Sets partitions to where they are to be read from, and lets stopped ones go. True while one
  // waits for its turn.
  bool steer() {
    bool seek_waits = false;
    bool answer_wanted = false;
    std::map<PartitionKey, int64_t> next_offsets;
    for (auto& [key, feed] : feeds_) {
      if (feed.partition.stopped() || feed.partition.seek_due(clock_->now())) release(key, feed);
      if (feed.partition.seek_due(clock_->now()) && !feed.assigned) assign(key, feed);
      answer_wanted = answer_wanted || feed.partition.wants_answer();
      seek_waits = seek_waits || !(feed.partition.reads() || feed.partition.stopped());
      next_offsets.emplace(key, feed.partition.status().next_offset);
    }
    scout_->tell(std::move(next_offsets));
    if (answer_wanted) scout_->hurry();
    return seek_waits;
  }

  void assign(const PartitionKey& key, Feed& feed) {
    feed.assigned = changed(rd_kafka_incremental_assign, key, feed);
    if (feed.assigned) feed.partition.sought();
  }

  void release(const PartitionKey& key, Feed& feed) {
    if (feed.assigned) feed.assigned = !changed(rd_kafka_incremental_unassign, key, feed);
  }

  using Change = rd_kafka_error_t* (*)(rd_kafka_t*, const rd_kafka_topic_partition_list_t*);
  bool changed(Change change, const PartitionKey& key, const Feed& feed) {
    const PartitionsHandle one(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(one.get(), key.first.c_str(), key.second)->offset =
        feed.partition.status().next_offset;
    const ErrorHandle error(change(client_.get(), one.get()));
    if (error && options_.connection.log) {
      options_.connection.log(syslog_warning, feed.partition.status().stream.text() + ": " +
                                                  rd_kafka_error_string(error.get()));
    }
    return !error;
  }

  Feed* feed_of(const rd_kafka_message_t& message) {
    if (message.rkt == nullptr) return nullptr;
    if (message.rkt == last_topic_ && message.partition == last_partition_) return last_feed_;
    const auto found = feeds_.find({rd_kafka_topic_name(message.rkt), message.partition});
    last_topic_ = message.rkt;
    last_partition_ = message.partition;
    last_feed_ = found == feeds_.end() ? nullptr : &found->second;
    return last_feed_;
  }

  // Its bytes, if it is to be delivered.
  std::size_t take(const rd_kafka_message_t& message) {
    Feed* feed = feed_of(message);
    if (feed == nullptr || !feed->assigned) return 0;
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      feed->partition.end_reached(message.offset);
      return 0;
    }
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      feed->partition.failed(kind_of(message.err), text_of(message.err), clock_->now());
      return 0;
    }
    Message taken = message_of(message);
    if (!feed->partition.admit(taken.offset, taken.timestamp_type)) return 0;
    const std::size_t bytes = bytes_of(taken);
    feed->messages.push_back(std::move(taken));
    return bytes;
  }

  std::vector<SourceBatch> collect() {
    std::vector<SourceBatch> batches;
    for (auto& [key, feed] : feeds_) {
      if (feed.messages.empty()) continue;
      batches.push_back({feed.partition.status().stream, std::exchange(feed.messages, {})});
    }
    return batches;
  }

  const KafkaSourceOptions options_;
  const Clock* clock_;
  ClientHandle client_;
  QueueHandle queue_;
  StreamHeads heads_;
  std::map<PartitionKey, Feed> feeds_;
  std::vector<std::string> notices_;
  std::map<StreamName, int64_t> hints_;
  Instant hinted_at_;

  const rd_kafka_topic_t* last_topic_ = nullptr;  // of the message before
  int32_t last_partition_ = -1;
  Feed* last_feed_ = nullptr;

  std::optional<Scout> scout_;  // last: its thread uses the client
};

}  // namespace

Result<std::unique_ptr<EventSource>> open_kafka_source(KafkaSourceOptions options,
                                                       const Clock& clock) {
  return KafkaSource::open(std::move(options), clock);
}

struct KafkaProducer::Library {
  explicit Library(const KafkaConnection& of) : connection(of) {}

  const KafkaConnection connection;
  ClientHandle client;

  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    const std::unique_ptr<Answer> answer(static_cast<Answer*>(message->_private));
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      (*answer)(Delivered{message->partition, message->offset});
      return;
    }
    const bool not_there = rd_kafka_message_status(message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED &&
                           message->err != RD_KAFKA_RESP_ERR__MSG_TIMED_OUT;
    (*answer)(Error{not_there ? "refused" : "unknown_outcome", text_of(message->err)});
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
  TRY_ASSIGN(conf, configure(library->connection, producer_defaults, producer_musts));
  TRY_DO(
      set(conf.get(), "delivery.timeout.ms", std::to_string(whole_ms(options.delivery_timeout))));
  rd_kafka_conf_set_dr_msg_cb(conf.get(), Library::on_delivery);
  TRY_ASSIGN(client, make_client(RD_KAFKA_PRODUCER, std::move(conf)));
  library->client = std::move(client);
  return std::unique_ptr<KafkaProducer>(new KafkaProducer(std::move(library)));
}

Status KafkaProducer::publish(const std::string& topic, const Message& message, Answer answer) {
  HeadersHandle headers(rd_kafka_headers_new(message.headers.size()));
  for (const Header& header : message.headers) {
    rd_kafka_header_add(headers.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
                        header.value ? header.value->data() : nullptr,
                        header.value ? static_cast<ssize_t>(header.value->size()) : -1);
  }
  auto owed = std::make_unique<Answer>(std::move(answer));
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
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Error{"refused", text_of(error)};
  (void)headers.release();  // the client's now
  (void)owed.release();     // on_delivery's now
  return Done{};
}

void KafkaProducer::poll(std::chrono::milliseconds wait) {
  rd_kafka_poll(library_->client.get(), whole_ms(wait));
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

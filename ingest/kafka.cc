// librdkafka 2.0.2, and nothing of it leaves this file.
//
// Its traps, and what is done here about each:
//   - A flipped bit passes for a good message unless check.crcs is set; and with it, a bad record
//     can leave the fetch position anywhere. So after every failed read the partition is assigned
//     anew at our own next offset (a seek would not do: it is refused once fetching has stopped).
//   - auto.offset.reset other than `error` skips or repeats records in silence.
//   - Groups may hand a partition to another in the middle of a batch: partitions are assigned
//     here, and nothing is subscribed to. A group id is needed even so, for the consumer's queue.
//   - A topic that was deleted and made anew is read on in silence: it speaks Metadata up to
//     version 4, where topics have no ids. So the partition is compared with the log at the start
//     and after every connection, and a broker is asked again and again where a known time lies.
//   - Batch consumption can lose messages around seeks: messages are polled one by one.
//   - SCRAM does not work with brokers of Kafka 4 (a wrong nonce; mended in 2.6.1): said where it
//     fails.
//   - Metadata and watermarks can only be asked for by waiting for them: a thread of its own does.
#include "ingest/kafka.h"

#include <librdkafka/rdkafka.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
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

using ConfigHandle =
    std::unique_ptr<rd_kafka_ConfigResource_t, Destroy<rd_kafka_ConfigResource_destroy>>;
using AdminOptionsHandle =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroy<rd_kafka_AdminOptions_destroy>>;
using EventHandle = std::unique_ptr<rd_kafka_event_t, Destroy<rd_kafka_event_destroy>>;

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
    Setting{"fetch.wait.max.ms", "100"},  // an idle fetch holds up what is asked behind it
    Setting{"socket.timeout.ms", "10000"},
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
    Setting{"partitioner", "murmur2_random"},  // a platform that uses Java agrees on the partition
};
constexpr std::array producer_musts = {
    Setting{"enable.idempotence", "true"},
    Setting{"acks", "all"},
    Setting{"allow.auto.create.topics", "false"},
    Setting{"statistics.interval.ms", "0"},
};

// What is wrong with a setting is told without its value: it may be a password.
Status set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  const bool is_secret =
      name.find("password") != std::string::npos || name.find("secret") != std::string::npos ||
      name.find(".pem") != std::string::npos || name.find("jaas") != std::string::npos;
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) ==
      RD_KAFKA_CONF_OK) {
    return Done{};
  }
  return Error{"wrong_use",
               "Kafka setting " + name + (is_secret ? "" : "=" + value) +
                   (is_secret ? " is not understood" : ": " + std::string(why.data()))};
}

// Passes on what a client says of its brokers. Why they cannot be used (a wrong password, another
// CA) the library says here and nowhere else, so the last reason is kept for those who must tell.
// Any thread.
class Voice {
 public:
  explicit Voice(const KafkaConnection& connection) : connection_(&connection) {}
  [[nodiscard]] const KafkaConnection& connection() const { return *connection_; }

  void say(int level, const std::string& text) const {
    if (connection_->log) connection_->log(level, text);
  }
  void set_trouble(rd_kafka_resp_err_t error, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    // This one only counts the brokers that have trouble of another name.
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !trouble_.empty()) return;
    trouble_ = reason;
    if (error == RD_KAFKA_RESP_ERR__AUTHENTICATION) {
      trouble_ += "; check sasl.username, sasl.password and sasl.mechanism" + scram_advice();
    }
    if (error == RD_KAFKA_RESP_ERR__SSL) trouble_ += "; check ssl.ca.location and the certificates";
  }
  void clear_trouble() {
    const std::lock_guard lock(mutex_);
    trouble_.clear();
  }
  [[nodiscard]] std::string with_trouble(const std::string& text) const {
    const std::lock_guard lock(mutex_);
    return trouble_.empty() ? text : text + " (" + trouble_ + ")";
  }
  // How many connections were begun so far.
  [[nodiscard]] uint64_t connections() const { return connections_; }
  void count_connection() { ++connections_; }

 private:
  // Older libraries send a nonce that brokers from version 4 on refuse, whatever the password.
  [[nodiscard]] std::string scram_advice() const {
    constexpr int first_sound = 0x020601ff;
    const auto& properties = connection_->properties;
    const bool is_scram = std::any_of(properties.begin(), properties.end(), [](const auto& one) {
      return one.first.starts_with("sasl.mechanism") && one.second.starts_with("SCRAM");
    });
    if (!is_scram || rd_kafka_version() >= first_sound) return "";
    return std::string("; this librdkafka (") + rd_kafka_version_str() +
           ") cannot do SCRAM with brokers of Kafka 4: use PLAIN over TLS or a client's "
           "certificate there, or librdkafka 2.6.1";
  }

  const KafkaConnection* connection_;
  mutable std::mutex mutex_;
  std::string trouble_;
  std::atomic<uint64_t> connections_ = 0;
};

int on_connect(int socket, const sockaddr* address, int size, const char*, void* opaque) {
  static_cast<Voice*>(opaque)->count_connection();
  const bool begun =
      ::connect(socket, address, static_cast<socklen_t>(size)) == 0 || errno == EINPROGRESS;
  return begun ? 0 : errno;
}

void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  static_cast<const Voice*>(rd_kafka_opaque(client))
      ->say(level, std::string(facility) + ": " + text);
}

void on_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
  auto* voice = static_cast<Voice*>(opaque);
  const auto error = static_cast<rd_kafka_resp_err_t>(code);
  voice->set_trouble(error, reason);
  voice->say(syslog_warning, std::string(rd_kafka_err2name(error)) + ": " + reason);
}

// `voice` must live as long as the client made of it.
template <class Defaults, class Musts>
Result<ConfHandle> configure(Voice& voice, const Defaults& defaults, const Musts& musts) {
  const KafkaConnection& connection = voice.connection();
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
  rd_kafka_conf_set_opaque(conf.get(), &voice);
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  rd_kafka_conf_set_connect_cb(conf.get(), on_connect);
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
    std::set<std::string> absent;  // topics that do not exist
    std::vector<std::string> notices;
  };
  // Of one of our partitions, against which the answers are to be held.
  struct Known {
    int64_t next_offset = 0;
    std::optional<int64_t> mark_ms{};
  };

  Scout(rd_kafka_t* client, const KafkaSourceOptions& options, Voice& voice, const Clock& clock,
        std::map<PartitionKey, Known> known)
      : client_(client),
        options_(&options),
        voice_(&voice),
        clock_(&clock),
        queue_(rd_kafka_queue_get_consumer(client)),
        known_(std::move(known)) {
    for (const std::string& topic : options.topics) {
      topics_.emplace_back(topic, rd_kafka_topic_new(client, topic.c_str(), nullptr));
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  void tell(std::map<PartitionKey, Known> known) {
    const std::lock_guard lock(mutex_);
    known_ = std::move(known);
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
    return std::exchange(news_, {{}, {}, news_.notices});
  }

 private:
  static constexpr int answer_timeout_ms = 2'000;
  static constexpr std::chrono::milliseconds hurried_pause{200};
  static constexpr std::string_view cleanup_policy = "cleanup.policy";

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      News news;
      ask_topics(stop, news);
      std::unique_lock lock(mutex_);
      for (const auto& [key, marks] : news.marks) news_.marks.insert_or_assign(key, marks);
      news_.absent = std::move(news.absent);
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
                               " do not answer: " + voice_->with_trouble(text_of(error)));
        return;
      }
      voice_->clear_trouble();
      ask_compaction(topic);
      const std::unique_ptr<const rd_kafka_metadata_t, Destroy<rd_kafka_metadata_destroy>> owner(
          answer);
      if (answer->topic_cnt == 1) ask_partitions(topic, answer->topics[0], news);
    }
  }

  void ask_partitions(const std::string& topic, const rd_kafka_metadata_topic_t& answer,
                      News& news) {
    if (answer.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
      news.absent.insert(topic);
      news.notices.push_back("topic " + topic +
                             " does not exist; it is waited for. Create it with "
                             "message.timestamp.type=LogAppendTime");
    } else if (answer.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      news.notices.push_back("topic " + topic + ": " + text_of(answer.err));
    }
    std::map<PartitionKey, Watermarks> asked;
    Times oldest;
    Times end;
    Times marks;
    for (int i = 0; i < answer.partition_cnt; ++i) {
      const PartitionKey key{topic, answer.partitions[i].id};
      const Known known = known_of(key);
      asked[key] = {.asked_at = clock_->now(),
                    .next_when_asked = known.next_offset,
                    .cluster = cluster_id(),
                    .compacted = compacted_[topic],
                    .mark_ms = known.mark_ms};
      oldest[key.second] = RD_KAFKA_OFFSET_BEGINNING;
      end[key.second] = RD_KAFKA_OFFSET_END;
      if (known.mark_ms) marks[key.second] = *known.mark_ms;
    }
    const Offsets low = offsets_at(topic, oldest, &news);
    const Offsets high = low.empty() ? Offsets() : offsets_at(topic, end, &news);
    const Offsets first = high.empty() ? Offsets() : offsets_at(topic, marks, nullptr);
    for (auto& [key, of] : asked) {
      if (!low.contains(key.second) || !high.contains(key.second)) continue;
      of.low = low.at(key.second);
      of.high = high.at(key.second);
      of.written_end = written_end(key);
      const auto found = first.find(key.second);
      if (found == first.end()) of.mark_ms.reset();
      if (found != first.end() && found->second >= 0) of.mark_offset = found->second;
      news.marks.insert_or_assign(key, of);
    }
  }

  // What is read is committed, and so is the end that is answered for; the fetches tell of more.
  // Their records bear their times already: as long as there are some, nothing is settled.
  int64_t written_end(const PartitionKey& key) {
    int64_t low = 0;
    int64_t high = 0;
    const auto error =
        rd_kafka_get_watermark_offsets(client_, key.first.c_str(), key.second, &low, &high);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR ? std::max<int64_t>(high, 0) : 0;
  }

  using Times = std::map<int32_t, int64_t>;    // of partitions: when, or one of RD_KAFKA_OFFSET_…
  using Offsets = std::map<int32_t, int64_t>;  // negative: there is no record as late

  // The first offsets at these times, of the partitions that say. (The question made for watermarks
  // would wait for up to socket.timeout.ms, and asks for one partition at a time.)
  Offsets offsets_at(const std::string& topic, const Times& times, News* news) {
    Offsets offsets;
    if (times.empty()) return offsets;
    const PartitionsHandle wanted(
        rd_kafka_topic_partition_list_new(static_cast<int>(times.size())));
    for (const auto& [partition, time] : times) {
      rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), partition)->offset = time;
    }
    const auto error = rd_kafka_offsets_for_times(client_, wanted.get(), answer_timeout_ms);
    for (int i = 0; i < wanted->cnt; ++i) {
      const rd_kafka_topic_partition_t& answer = wanted->elems[i];
      const auto why = error != RD_KAFKA_RESP_ERR_NO_ERROR ? error : answer.err;
      if (why == RD_KAFKA_RESP_ERR_NO_ERROR) {
        offsets[answer.partition] = answer.offset;
      } else if (news != nullptr) {
        news->notices.push_back("topic " + topic + ", partition " +
                                std::to_string(answer.partition) +
                                " does not say where it ends: " + text_of(why));
      }
    }
    return offsets;
  }

  [[nodiscard]] std::string cluster_id() const {
    char* id = rd_kafka_clusterid(client_, 0);  // as the metadata had it
    if (id == nullptr) return "";
    std::string copy(id);
    rd_kafka_mem_free(client_, id);
    return copy;
  }

  // Whether the topic is compacted is asked for once a connection. Where the broker does not say,
  // it is taken for one that is not.
  void ask_compaction(const std::string& topic) {
    const uint64_t connections = voice_->connections();
    if (connections != compaction_asked_) compacted_.clear();
    compaction_asked_ = connections;
    if (compacted_.contains(topic)) return;
    compacted_[topic] = false;
    const QueueHandle answers(rd_kafka_queue_new(client_));
    const ConfigHandle wanted(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
    const AdminOptionsHandle options(
        rd_kafka_AdminOptions_new(client_, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
    std::array<char, 128> why{};
    rd_kafka_AdminOptions_set_request_timeout(options.get(), answer_timeout_ms, why.data(),
                                              why.size());
    rd_kafka_ConfigResource_t* one = wanted.get();
    rd_kafka_DescribeConfigs(client_, &one, 1, options.get(), answers.get());
    const EventHandle event(rd_kafka_queue_poll(answers.get(), 2 * answer_timeout_ms));
    if (!event) return;
    std::size_t count = 0;
    const auto* result = rd_kafka_event_DescribeConfigs_result(event.get());
    if (result == nullptr) return;
    const auto** resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
    for (std::size_t i = 0; i < count; ++i) compacted_[topic] = is_compacted(resources[i]);
  }

  static bool is_compacted(const rd_kafka_ConfigResource_t* topic) {
    std::size_t count = 0;
    const auto** entries = rd_kafka_ConfigResource_configs(topic, &count);
    for (std::size_t i = 0; i < count; ++i) {
      const char* value = rd_kafka_ConfigEntry_value(entries[i]);
      if (value == nullptr || rd_kafka_ConfigEntry_name(entries[i]) != cleanup_policy) continue;
      return std::string_view(value).find("compact") != std::string_view::npos;
    }
    return false;
  }

  Known known_of(const PartitionKey& key) {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(key);
    return found == known_.end() ? Known() : found->second;
  }

  rd_kafka_t* client_;
  const KafkaSourceOptions* options_;
  Voice* voice_;
  const Clock* clock_;
  QueueHandle queue_;
  std::vector<std::pair<std::string, TopicHandle>> topics_;
  std::map<std::string, bool> compacted_;  // of the scout's thread
  uint64_t compaction_asked_ = 0;          // after so many connections

  std::mutex mutex_;
  std::condition_variable_any asked_;
  bool hurried_ = false;
  std::map<PartitionKey, Known> known_;
  News news_;
  std::atomic<bool> has_news_ = false;

  std::jthread thread_;  // last: it uses all of the above
};

class KafkaSource final : public EventSource {
 public:
  static Result<std::unique_ptr<EventSource>> open(KafkaSourceOptions options, const Clock& clock) {
    std::unique_ptr<KafkaSource> source(new KafkaSource(std::move(options), clock));
    TRY_ASSIGN(conf, configure(source->voice_, source_defaults, source_musts));
    TRY_DO(set(conf.get(), "group.id", source->options_.group));
    TRY_ASSIGN(client, make_client(RD_KAFKA_CONSUMER, std::move(conf)));
    source->client_ = std::move(client);
    rd_kafka_poll_set_consumer(source->client_.get());
    source->queue_.reset(rd_kafka_queue_get_consumer(source->client_.get()));
    return std::unique_ptr<EventSource>(std::move(source));
  }

  Status start(const LogReader& log) override {
    ENSURE(!scout_, "a source is started once");
    log_ = log;
    TRY_ASSIGN(logged, logged_streams(log));
    logged_ = std::move(logged);
    std::map<PartitionKey, Scout::Known> known;
    for (const auto& [stream, head] : logged_.heads) {
      const auto name = parse_partition_name(stream.text());
      if (!name) continue;
      const ResumePoint from = resume_point(logged_, name->topic, name->partition);
      known[{name->topic, name->partition}] = {from.next_offset.value_or(0)};
    }
    scout_.emplace(client_.get(), options_, voice_, *clock_, std::move(known));
    return Done{};
  }

  Result<std::vector<SourceBatch>> poll(const PollBounds& bounds) override {
    ENSURE(scout_, "a source is started before it is polled");
    hear_news();
    TRY_ASSIGN(seek_waits, steer());
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

  void decide(const StreamDecision& decision) override {
    logged_.decisions.add(decision);
    const auto name = parse_partition_name(decision.stream.text());
    const auto found = feeds_.find({name->topic, name->partition});
    if (found != feeds_.end()) found->second.partition.decide(decision);
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
      : options_(std::move(options)), voice_(options_.connection), clock_(&clock) {}

  void hear_news() {
    auto news = scout_->take_news();
    if (!news) return;
    notices_ = std::move(news->notices);
    for (auto& [key, feed] : feeds_) {
      if (!news->absent.contains(key.first)) continue;
      feed.partition.failed(FailureKind::environment, "topic " + key.first + " does not exist",
                            clock_->now());
    }
    for (const auto& [key, marks] : news->marks) {
      auto found = feeds_.find(key);
      if (found == feeds_.end()) {
        const TrustedTime trusted = options_.create_time_topics.contains(key.first)
                                        ? TrustedTime::create_time_too
                                        : TrustedTime::append_time;
        const ResumePoint from = resume_point(logged_, key.first, key.second);
        found = feeds_.emplace(key, Feed{Partition(from, trusted), false, {}}).first;
      }
      found->second.partition.answered(marks, clock_->now());
    }
  }

  // Sets partitions to where they are to be read from, and lets stopped ones go. True while one
  // waits for its turn.
  Result<bool> steer() {
    bool seek_waits = false;
    bool answer_wanted = false;
    std::map<PartitionKey, Scout::Known> known;
    for (auto& [key, feed] : feeds_) {
      const bool seek_due = feed.partition.seek_due(clock_->now());
      if (feed.partition.stopped() || seek_due) release(key, feed);
      if (seek_due && !feed.assigned) {
        while (feed.partition.overlap_due()) {
          TRY_ASSIGN(records, logged_before(*log_, feed.partition));
          feed.partition.compare_with(std::move(records));
        }
        assign(key, feed);
      }
      answer_wanted = answer_wanted || feed.partition.wants_answer();
      seek_waits = seek_waits || !(feed.partition.reads() || feed.partition.stopped());
      known.emplace(key,
                    Scout::Known{feed.partition.status().next_offset, feed.partition.mark_ms()});
    }
    scout_->tell(std::move(known));
    if (answer_wanted) scout_->hurry();
    return seek_waits;
  }

  // What comes over a new connection may come of another topic of that name.
  void mind_connections() {
    const uint64_t connections = voice_.connections();
    if (connections == connections_seen_) return;
    connections_seen_ = connections;
    for (auto& [key, feed] : feeds_) feed.partition.suspect(clock_->now());
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
        feed.partition.read_offset();
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
    mind_connections();
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
    if (!feed->partition.admit(taken)) return 0;
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
  Voice voice_;
  const Clock* clock_;
  ClientHandle client_;
  QueueHandle queue_;
  std::optional<LogReader> log_;  // from start() on
  LoggedStreams logged_;          // as of then, with what was decided since
  std::map<PartitionKey, Feed> feeds_;
  uint64_t connections_seen_ = 0;
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

namespace {

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

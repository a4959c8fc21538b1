// The source over librdkafka 2.0.2.
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
//   - Metadata and watermarks can only be asked for by waiting for them: a thread of its own does.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "events/ensure.h"
#include "ingest/kafka_client.h"
#include "ingest/kafka_scout.h"
#include "ingest/partition.h"

namespace tiendo {
namespace {

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
      feed_for(key).partition.answered(marks, clock_->now());
    }
    mind_vanished(news->partitions);
  }

  Feed& feed_for(const PartitionKey& key) {
    const auto found = feeds_.find(key);
    if (found != feeds_.end()) return found->second;
    const TrustedTime trusted = options_.create_time_topics.contains(key.first)
                                    ? TrustedTime::create_time_too
                                    : TrustedTime::append_time;
    const ResumePoint from = resume_point(logged_, key.first, key.second);
    return feeds_.emplace(key, Feed{Partition(from, trusted), false, {}}).first->second;
  }

  // A topic has never fewer partitions than before, unless it was made anew.
  void mind_vanished(const std::map<std::string, int32_t>& partitions) {
    for (const auto& [stream, head] : logged_.heads) {
      const auto name = parse_partition_name(stream.text());
      if (!name) continue;
      const auto count = partitions.find(name->topic);
      if (count != partitions.end() && name->partition >= count->second) {
        (void)feed_for({name->topic, name->partition});
      }
    }
    for (auto& [key, feed] : feeds_) {
      const auto count = partitions.find(key.first);
      if (count == partitions.end() || key.second < count->second) continue;
      feed.partition.vanished(count->second, clock_->now());
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
    if (error) {
      voice_.warn(feed.partition.status().stream.text() + ": " +
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

}  // namespace tiendo

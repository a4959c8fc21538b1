// tiendo publish: files to a running tiendo over HTTP, or to Kafka, as a platform sends events.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>

#include "deploy/commands.h"
#include "deploy/files_of_events.h"
#include "deploy/kafka_connection.h"
#include "deploy/said.h"
#include "deploy/verdict_count.h"
#include "events/json.h"
#include "ingest/files.h"
#include "ingest/kafka.h"
#include "ingest/outgoing.h"
#include "query/http_client.h"

namespace tiendo {
namespace {

constexpr LineReader::Bounds batch_bounds{.lines_max = 2'000, .bytes_max = 2u << 20};
constexpr int tries_max = 5;
constexpr std::chrono::milliseconds retry_pause{500};

// Whether an answer can be waited for: the same ids are sent again and count once.
bool can_be_tried_again(const Result<HttpResponse>& answer) {
  constexpr std::array passing{"busy", "unknown_outcome", "connection_lost", "unreachable",
                               "timeout"};
  const std::string code = answer.ok() ? error_in(*answer).code : answer.error().code;
  return std::find(passing.begin(), passing.end(), code) != passing.end();
}

class HttpPublisher {
 public:
  explicit HttpPublisher(std::string address) : address_(std::move(address)) {}

  Status connect() {
    TRY_ASSIGN(client, HttpClient::connect(address_));
    client_.emplace(std::move(client));
    return Done{};
  }

  Status send(const EventBatch& events) {
    Status sent = post_all(events.messages);
    answered_.locate(events.places);
    count_.add(answered_);
    answered_ = {};
    if (!sent.ok()) return sent.error().with_context(events.places.front().text());
    return sent;
  }

  [[nodiscard]] const VerdictCount& count() const { return count_; }

 private:
  // One batch, but for lines that would break the array open: those go alone. In order, so that
  // the nth answer is that of the nth message.
  Status post_all(const std::vector<Message>& messages) {
    std::string batch;
    for (const Message& message : messages) {
      const std::string alone = "[" + *message.value + "]";
      const auto elements = split_array(alone);
      if (!elements.ok() || elements->size() != 1) {
        TRY_DO(flush(batch));
        TRY_DO(post("application/cloudevents+json", *message.value));
        continue;
      }
      batch += batch.empty() ? "[" : ",";
      batch += *message.value;
    }
    return flush(batch);
  }

  Status flush(std::string& batch) {
    if (batch.empty()) return Done{};
    batch += "]";
    Status sent = post("application/cloudevents-batch+json", batch);
    batch.clear();
    return sent;
  }

  Status post(const char* content_type, const std::string& body) {
    for (int tried = 1;; ++tried) {
      const auto answer = request(content_type, body);
      if (answer.ok() && answer->status == 202) {
        TRY_ASSIGN(placed, VerdictCount::from_json(answer->body));
        answered_.add(placed);
        return Done{};
      }
      if (!can_be_tried_again(answer) || tried == tries_max) {
        return answer.ok() ? error_in(*answer) : answer.error();
      }
      std::this_thread::sleep_for(retry_pause * tried);
    }
  }

  Result<HttpResponse> request(const char* content_type, const std::string& body) {
    return client_->request("POST", "/v1/events?wait=applied", {{"Content-Type", content_type}},
                            body);
  }

  std::string address_;
  std::optional<HttpClient> client_;
  VerdictCount answered_;  // of the events at hand
  VerdictCount count_;
};

ExitCode publish_over_http(const Config& config) {
  HttpPublisher publisher(config.to.empty() ? "http://127.0.0.1:8080" : config.to);
  std::vector<LineLeftOut> left_out;
  Status done = publisher.connect();
  if (done.ok()) {
    done = each_batch(
        {config.files, config.source}, "publish", batch_bounds,
        [&](const EventBatch& events) { return publisher.send(events); }, left_out);
  }
  const VerdictCount& count = publisher.count();
  write_out(count.summary(config.language));
  write_out(in_words(left_out, config.language));
  if (!done.ok()) return say_failure(config, done.error());
  return count.rejected == 0 && left_out.empty() ? exit_done : exit_no;
}

class KafkaPublisher {
 public:
  explicit KafkaPublisher(const Config& config) : topic_(config.topic) {}

  Status connect(const KafkaConfig& kafka) {
    KafkaProducerOptions options;
    options.connection = kafka_connection(kafka, "kafka");
    TRY_ASSIGN(producer, KafkaProducer::open(options));
    producer_ = std::move(producer);
    return Done{};
  }

  Status send(EventBatch events) {
    for (std::size_t i = 0; i < events.messages.size(); ++i) {
      Message& message = events.messages[i];
      TRY_DO(publish(outgoing(std::move(message), {topic_, topic_}, document_).message,
                     events.places[i]));
    }
    producer_->poll(std::chrono::milliseconds(0));
    return first_error();
  }

  Status finish() {
    TRY_DO(producer_->flush(std::chrono::minutes(2)));
    return first_error();
  }

  [[nodiscard]] std::string summary(Language language) const {
    uint64_t all = 0;
    std::string partitions;
    for (const auto& [partition, count] : delivered_) {
      all += count;
      partitions += fmt::format("  {}:{}  {}\n", topic_, partition, count);
    }
    return (language == Language::vi
                ? fmt::format(
                      "{} sự kiện đã ghi vào {}; kết quả từng sự kiện: tiendo stream list\n", all,
                      topic_)
                : fmt::format("{} events are in {}; what becomes of them: tiendo stream list\n",
                              all, topic_)) +
           partitions;
  }

 private:
  Status publish(const Message& message, const LinePlace& place) {
    for (;;) {
      Status taken = producer_->publish(topic_, message,
                                        [this, place](Result<KafkaProducer::Delivered> delivered) {
                                          if (delivered.ok()) {
                                            ++delivered_[delivered->partition];
                                          } else if (!error_) {
                                            error_ = delivered.error().with_context(place.text());
                                          }
                                        });
      if (taken.ok() || taken.error().code != "busy") return taken;
      producer_->poll(std::chrono::milliseconds(100));
      TRY_DO(first_error());
    }
  }

  [[nodiscard]] Status first_error() const {
    if (error_) return *error_;
    return Done{};
  }

  std::string topic_;
  json::Document document_;
  std::map<int32_t, uint64_t> delivered_;  // by partition
  std::optional<Error> error_;
  std::unique_ptr<KafkaProducer> producer_;  // goes first: its answers use the others
};

ExitCode publish_to_kafka(const Config& config) {
  KafkaPublisher publisher(config);
  std::vector<LineLeftOut> left_out;
  Status done = publisher.connect(config.kafka);
  if (done.ok()) {
    done = each_batch(
        {config.files, config.source}, "publish", batch_bounds,
        [&](EventBatch events) { return publisher.send(std::move(events)); }, left_out);
  }
  if (done.ok()) done = publisher.finish();
  write_out(publisher.summary(config.language));
  write_out(in_words(left_out, config.language));
  if (!done.ok()) return say_failure(config, done.error());
  return left_out.empty() ? exit_done : exit_no;
}

}  // namespace

ExitCode publish(const Config& config) {
  return config.kafka.brokers.empty() ? publish_over_http(config) : publish_to_kafka(config);
}

}  // namespace tiendo

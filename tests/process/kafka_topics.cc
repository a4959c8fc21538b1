#include "tests/process/kafka_topics.h"

#include <librdkafka/rdkafka.h>

#include <array>

#include "events/ensure.h"

namespace tiendo {
namespace {

constexpr int wait_ms = 20'000;

rd_kafka_t* make_client(const std::map<std::string, std::string>& settings) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  for (const auto& [name, value] : settings) {
    ENSURE(rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) ==
               RD_KAFKA_CONF_OK,
           why.data());
  }
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  ENSURE(client != nullptr, why.data());
  return client;
}

void ensure_done(rd_kafka_error_t* error) {
  ENSURE(error == nullptr, rd_kafka_error_string(error));
}

void ensure_done(rd_kafka_resp_err_t error) {
  ENSURE(error == RD_KAFKA_RESP_ERR_NO_ERROR, rd_kafka_err2str(error));
}

}  // namespace

// The answer to one administrative request.
struct KafkaTopics::Wait {
  explicit Wait(rd_kafka_t* client) : queue(rd_kafka_queue_new(client)) {}
  ~Wait() { rd_kafka_queue_destroy(queue); }
  void done() const {
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue, wait_ms);
    ENSURE(event != nullptr, "no answer from the broker");
    ENSURE(rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR,
           rd_kafka_event_error_string(event));
    std::size_t count = 0;
    if (const auto* created = rd_kafka_event_CreateTopics_result(event)) {
      const auto** topics = rd_kafka_CreateTopics_result_topics(created, &count);
      for (std::size_t i = 0; i < count; ++i) ensure_done(rd_kafka_topic_result_error(topics[i]));
    }
    rd_kafka_event_destroy(event);
  }
  rd_kafka_queue_t* queue;
};

KafkaTopics::KafkaTopics(const std::string& brokers)
    : brokers_(brokers), client_(make_client({{"bootstrap.servers", brokers}})) {}

KafkaTopics::~KafkaTopics() { rd_kafka_destroy(client_); }

void KafkaTopics::create(const std::string& topic, int partitions,
                         const std::map<std::string, std::string>& settings) {
  const Wait wait(client_);
  rd_kafka_NewTopic_t* wanted = rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, nullptr, 0);
  for (const auto& [name, value] : settings) {
    ensure_done(rd_kafka_NewTopic_set_config(wanted, name.c_str(), value.c_str()));
  }
  rd_kafka_CreateTopics(client_, &wanted, 1, nullptr, wait.queue);
  wait.done();
  rd_kafka_NewTopic_destroy(wanted);
  while (!exists(topic)) continue;
}

void KafkaTopics::remove(const std::string& topic) {
  const Wait wait(client_);
  rd_kafka_DeleteTopic_t* unwanted = rd_kafka_DeleteTopic_new(topic.c_str());
  rd_kafka_DeleteTopics(client_, &unwanted, 1, nullptr, wait.queue);
  wait.done();
  rd_kafka_DeleteTopic_destroy(unwanted);
  while (exists(topic)) continue;
}

void KafkaTopics::grow(const std::string& topic, int partitions) {
  const Wait wait(client_);
  std::array<char, 512> why{};
  rd_kafka_NewPartitions_t* wanted = rd_kafka_NewPartitions_new(
      topic.c_str(), static_cast<std::size_t>(partitions), why.data(), why.size());
  rd_kafka_CreatePartitions(client_, &wanted, 1, nullptr, wait.queue);
  wait.done();
  rd_kafka_NewPartitions_destroy(wanted);
}

void KafkaTopics::drop_before(const std::string& topic, int32_t partition, int64_t offset) {
  const Wait wait(client_);
  rd_kafka_topic_partition_list_t* offsets = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(offsets, topic.c_str(), partition)->offset = offset;
  rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(offsets);
  rd_kafka_DeleteRecords(client_, &request, 1, nullptr, wait.queue);
  wait.done();
  rd_kafka_DeleteRecords_destroy(request);
  rd_kafka_topic_partition_list_destroy(offsets);
}

bool KafkaTopics::exists(const std::string& topic) {
  const rd_kafka_metadata_t* answer = nullptr;
  ensure_done(rd_kafka_metadata(client_, 1, nullptr, &answer, wait_ms));
  bool found = false;
  for (int i = 0; i < answer->topic_cnt; ++i) {
    found = found || (answer->topics[i].topic == topic && answer->topics[i].partition_cnt > 0);
  }
  rd_kafka_metadata_destroy(answer);
  return found;
}

std::unique_ptr<KafkaTopics::OpenTransaction> KafkaTopics::begin_transaction(
    const std::string& topic, int32_t partition, const std::string& value) {
  rd_kafka_t* producer =
      make_client({{"bootstrap.servers", brokers_}, {"transactional.id", topic}});
  ensure_done(rd_kafka_init_transactions(producer, wait_ms));
  ensure_done(rd_kafka_begin_transaction(producer));
  std::string copy = value;
  std::array<rd_kafka_vu_t, 3> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = topic.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  parts[1].u.i32 = partition;
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem = {copy.data(), copy.size()};
  ensure_done(rd_kafka_produceva(producer, parts.data(), parts.size()));
  ensure_done(rd_kafka_flush(producer, wait_ms));
  return std::make_unique<OpenTransaction>(producer);
}

void KafkaTopics::OpenTransaction::commit() {
  ensure_done(rd_kafka_commit_transaction(producer_, wait_ms));
}

void KafkaTopics::OpenTransaction::abort() {
  ensure_done(rd_kafka_abort_transaction(producer_, wait_ms));
}

KafkaTopics::OpenTransaction::~OpenTransaction() { rd_kafka_destroy(producer_); }

void KafkaTopics::produce_in_transaction(const std::string& topic, int32_t partition,
                                         const std::string& value, bool commit) {
  const auto transaction = begin_transaction(topic, partition, value);
  if (commit) return transaction->commit();
  transaction->abort();
}

}  // namespace tiendo

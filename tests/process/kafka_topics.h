// Topics of a broker for tests, and records no producer of ours would write.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

struct rd_kafka_s;

namespace tiendo {

class KafkaTopics {
 public:
  explicit KafkaTopics(const std::string& brokers);
  ~KafkaTopics();

  // Each returns when the broker has done it, and ends the test program where it would not.
  void create(const std::string& topic, int partitions,
              const std::map<std::string, std::string>& settings = {
                  {"message.timestamp.type", "LogAppendTime"}});
  void remove(const std::string& topic);
  void grow(const std::string& topic, int partitions);
  void drop_before(const std::string& topic, int32_t partition, int64_t offset);
  [[nodiscard]] bool exists(const std::string& topic);

  // One record in a transaction of its own, committed or aborted; each leaves a mark behind.
  void produce_in_transaction(const std::string& topic, int32_t partition, const std::string& value,
                              bool commit);
  // A transaction that stays open until it is committed (or its owner is gone).
  class OpenTransaction;
  [[nodiscard]] std::unique_ptr<OpenTransaction> begin_transaction(const std::string& topic,
                                                                   int32_t partition,
                                                                   const std::string& value);

 private:
  struct Wait;
  std::string brokers_;
  rd_kafka_s* client_;
};

class KafkaTopics::OpenTransaction {
 public:
  explicit OpenTransaction(rd_kafka_s* producer) : producer_(producer) {}
  ~OpenTransaction();
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;
  void commit();
  void abort();

 private:
  rd_kafka_s* producer_;
};

}  // namespace tiendo

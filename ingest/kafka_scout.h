// Asks the brokers, on its own thread, again and again: which partitions the topics have, and from
// where to where each reaches. Part of the Kafka source.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "events/clock.h"
#include "ingest/kafka_client.h"
#include "ingest/partition.h"

namespace tiendo {

using PartitionKey = std::pair<std::string, int32_t>;

class Scout {
 public:
  struct News {
    std::map<PartitionKey, Watermarks> marks;
    std::set<std::string> absent;               // topics that do not exist
    std::map<std::string, int32_t> partitions;  // how many the others have
    std::vector<std::string> notices;
  };
  // Of one of our partitions, against which the answers are to be held.
  struct Known {
    int64_t next_offset = 0;
    std::optional<int64_t> mark_ms{};
  };

  // All of them must live longer.
  Scout(rd_kafka_t* client, const KafkaSourceOptions& options, Voice& voice, const Clock& clock,
        std::map<PartitionKey, Known> known);

  void tell(std::map<PartitionKey, Known> known);
  void hurry();
  // None where there are none since the last call.
  std::optional<News> take_news();

 private:
  using Asked = std::map<PartitionKey, Watermarks>;
  using Times = std::map<PartitionKey, int64_t>;    // when, or one of RD_KAFKA_OFFSET_...
  using Offsets = std::map<PartitionKey, int64_t>;  // negative: there is no record as late

  void run(const std::stop_token& stop);
  void ask_topics(const std::stop_token& stop, News& news);
  void take_topic(const rd_kafka_metadata_topic_t& answer, Asked& asked, News& news);
  void ask_ends(const std::stop_token& stop, const Asked& asked, News& news);
  int64_t written_end(const PartitionKey& key);
  Offsets offsets_at(const Times& times, News* news);
  [[nodiscard]] std::string cluster_id() const;
  void ask_compaction(const std::string& topic);
  Known known_of(const PartitionKey& key);

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

}  // namespace tiendo

// The source in memory: partitions scripted by a test or a simulation, with the faults of a broker.
// poll() never waits. One thread.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "events/clock.h"
#include "ingest/partition.h"
#include "ingest/source.h"

namespace tiendo {

class MemorySource final : public EventSource {
 public:
  // `clock` must live longer than the source.
  explicit MemorySource(const Clock& clock) : clock_(&clock) {}

  // The script.
  void add_partition(const std::string& topic, int32_t partition,
                     TrustedTime trusted = TrustedTime::append_time);
  // Appends with the next offset and, where the message has no timestamp type, LogAppendTime now.
  int64_t produce(const std::string& topic, int32_t partition, Message message);
  [[nodiscard]] const Message& record(const std::string& topic, int32_t partition, int64_t offset);
  // Leaves offsets out, as transaction marks and compaction do.
  void skip_offsets(const std::string& topic, int32_t partition, int64_t count);
  // The next `times` reads of this offset fail.
  void fail_reads(const std::string& topic, int32_t partition, int64_t offset, FailureKind kind,
                  int times);
  // Retention: nothing before `low` is held any longer.
  void drop_before(const std::string& topic, int32_t partition, int64_t low);
  // The partition made anew, without records.
  void recreate(const std::string& topic, int32_t partition);
  // What the brokers say of themselves and of the topic.
  void set_cluster(const std::string& cluster) { cluster_ = cluster; }
  void set_compacted(const std::string& topic, int32_t partition);
  // The connection was lost and is back.
  void reconnect();
  // The broker's deliveries go on from `offset` once more.
  void redeliver_from(const std::string& topic, int32_t partition, int64_t offset);
  // No answers about watermarks and no records until it is back.
  void set_reachable(bool reachable) { reachable_ = reachable; }

  Status start(const LogReader& log) override;
  Result<std::vector<SourceBatch>> poll(const PollBounds& bounds) override;
  void durable(StreamName stream, int64_t next_offset) override;
  void decide(const StreamDecision& decision) override;
  [[nodiscard]] SourceStatus status() const override;
  void wake() override {}

  [[nodiscard]] const std::map<StreamName, int64_t>& durable_offsets() const { return durable_; }

 private:
  struct Fault {
    FailureKind kind;
    int times;
  };
  struct Scripted {
    std::map<int64_t, Message> records;
    int64_t low = 0;
    int64_t end = 0;
    std::map<int64_t, Fault> faults;
    TrustedTime trusted = TrustedTime::append_time;
    bool compacted = false;
    std::optional<Partition> partition;  // from start() on
    int64_t read_offset = 0;
  };
  using Key = std::pair<std::string, int32_t>;

  Scripted& scripted(const std::string& topic, int32_t partition);
  void begin(const Key& key, Scripted& scripted);
  void answer(Scripted& scripted);
  Status seek(Scripted& scripted);
  // False where this partition has nothing more to give for now.
  bool read_one(Scripted& scripted, SourceBatch& batch, std::size_t& bytes);

  const Clock* clock_;
  std::map<Key, Scripted> partitions_;
  std::map<StreamName, int64_t> durable_;
  std::optional<LogReader> log_;  // from start() on
  LoggedStreams logged_;
  std::string cluster_;
  bool reachable_ = true;
};

}  // namespace tiendo

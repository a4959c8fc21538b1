// The seam to the sources: one ordered set of partitions, each a stream of its own. Two twins:
// Apache Kafka (kafka.h) and memory (memory_source.h).
//
// Threads: everything here belongs to the ingester's thread, except wake().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/log.h"
#include "events/message.h"
#include "events/result.h"

namespace tiendo {

// How it stands with a partition. The last four stop that partition alone, and only a person takes
// it out of them: what lies ahead is never passed over.
enum class StreamState : uint8_t {
  probing,  // the broker has not said yet from where to where the partition reaches
  running,
  retry,           // the last read failed; it is tried again from our own next offset
  untrusted_time,  // the next record bears its producer's time, and the topic may not
  gap,             // the broker no longer holds our next offset
  diverged,        // the broker's partition ends before our next offset: truncated or made anew
  poison,          // the record at our next offset failed to be read five times
};
[[nodiscard]] std::string_view name_of(StreamState state);
[[nodiscard]] bool is_stopped(StreamState state);

struct StreamStatus {
  StreamName stream;
  StreamState state = StreamState::probing;
  int64_t next_offset = 0;                // the lowest offset not yet delivered
  int64_t reached_offset = 0;             // nothing to be read lies below it; transaction marks may
  std::optional<int64_t> end_offset{};    // as the broker said last,
  std::optional<Instant> end_asked_at{};  // when asked at this moment
  std::string message{};                  // for people; empty where there is nothing to say

  // Everything up to the end that was asked for has been delivered.
  [[nodiscard]] bool caught_up() const { return end_offset && reached_offset >= *end_offset; }
};

struct SourceStatus {
  std::vector<StreamStatus> streams;
  std::vector<std::string> notices;  // of no stream: topics waited for, brokers out of reach
};

struct PollBounds {
  std::size_t events_max = 0;
  std::size_t bytes_max = 0;  // of bytes_of(); a poll ends with the message that reaches it
  std::chrono::milliseconds wait{0};
};

// Messages of one stream, in the order of their offsets.
struct SourceBatch {
  StreamName stream;
  std::vector<Message> messages;
};

class EventSource {
 public:
  virtual ~EventSource() = default;
  // Once, before the first poll: every stream goes on after its head; a partition that has no head
  // begins with the oldest record the source holds.
  virtual Status start(const StreamHeads& heads) = 0;
  // What there is within the bounds. Waits only while there is nothing at all, and may come back
  // empty-handed before the wait is over.
  virtual Result<std::vector<SourceBatch>> poll(const PollBounds& bounds) = 0;
  // Hint: everything below `next_offset` of the stream is durable.
  virtual void durable(StreamName stream, int64_t next_offset) = 0;
  [[nodiscard]] virtual SourceStatus status() const = 0;
  // Ends the wait of the present or the next poll. Any thread.
  virtual void wake() = 0;
};

// TOPIC:PARTITION:EPOCH
struct PartitionName {
  std::string topic;
  int32_t partition = 0;
  uint32_t epoch = 0;

  [[nodiscard]] StreamName stream() const;
};
[[nodiscard]] std::optional<PartitionName> parse_partition_name(std::string_view stream);

// Where a partition goes on: in its latest epoch in the log. No offset: nothing of it was read yet.
struct ResumePoint {
  StreamName stream;
  std::optional<int64_t> next_offset;
};
[[nodiscard]] ResumePoint resume_point(const StreamHeads& heads, const std::string& topic,
                                       int32_t partition);

// What a message takes up in memory, roughly: its bytes and a fixed part.
inline constexpr std::size_t message_overhead_bytes = 128;
[[nodiscard]] std::size_t bytes_of(const Message& message);

}  // namespace tiendo

// The seam to the sources: one ordered set of partitions, each a stream of its own. Two twins:
// Apache Kafka (kafka.h) and memory (memory_source.h).
//
// Threads: everything here belongs to the ingester's thread, except wake().
#pragma once

#include <array>
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
#include "ingest/stream_act.h"

namespace tiendo {

// How it stands with a partition. The last four stop that partition alone, and only a person takes
// it out of them: what lies ahead is never passed over.
enum class StreamState : uint8_t {
  probing,  // the broker has not said yet from where to where the partition reaches
  overlap,  // its last records before our next offset are compared with those of the log
  running,
  retry,           // the last read failed; it is tried again from our own next offset
  untrusted_time,  // the next record bears its producer's time, and the topic may not
  gap,             // the broker no longer holds our next offset
  diverged,        // the broker's partition is not the one the log knows: truncated or made anew
  poison,          // the record at our next offset failed to be read five times
};
inline constexpr std::array all_stream_states = {
    StreamState::probing,        StreamState::overlap, StreamState::running,  StreamState::retry,
    StreamState::untrusted_time, StreamState::gap,     StreamState::diverged, StreamState::poison};
[[nodiscard]] std::string_view name_of(StreamState state);
[[nodiscard]] bool is_stopped(StreamState state);

struct StreamStatus {
  StreamName stream;
  StreamState state = StreamState::probing;
  int64_t next_offset = 0;                // the lowest offset not yet delivered
  int64_t reached_offset = 0;             // nothing to be read lies below it; transaction marks may
  std::optional<int64_t> low_offset{};    // the oldest record and the end,
  std::optional<int64_t> end_offset{};    // as the broker said last,
  std::optional<Instant> end_asked_at{};  // when asked at this moment
  std::string cluster{};                  // the id of the Kafka cluster; empty: not known
  std::string message{};                  // for people; empty where there is nothing to say
  bool has_producer_time = false;         // its records bear their producers' time
  bool is_absent = false;  // the broker has no such partition, and nothing of it was ever read

  // Everything up to the end that was asked for has been delivered. The end of a partition that
  // may be another one says nothing.
  [[nodiscard]] bool caught_up() const {
    const bool is_read = state == StreamState::running || is_absent;
    return is_read && end_offset && reached_offset >= *end_offset;
  }
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
  // Once, before the first poll: every stream goes on after its head, or behind what a person has
  // decided to pass over; a partition that has no head begins with the oldest record the source
  // holds. The store of the log must live longer, and is read by poll() too.
  virtual Status start(const LogReader& log) = 0;
  // What there is within the bounds. Waits only while there is nothing at all, and may come back
  // empty-handed before the wait is over.
  virtual Result<std::vector<SourceBatch>> poll(const PollBounds& bounds) = 0;
  // Hint: everything below `next_offset` of the stream is durable.
  virtual void durable(StreamName stream, int64_t next_offset) = 0;
  // A person's decision that is in the log now. One that does not fit any more has no effect.
  virtual void decide(const StreamDecision& decision) = 0;
  [[nodiscard]] virtual SourceStatus status() const = 0;
  // Ends the wait of the present or the next poll. Any thread.
  virtual void wake() = 0;
};

// What the log knows of the streams of sources.
struct LoggedStreams {
  StreamHeads heads;
  StreamOrigins origins;
  StreamDecisions decisions;
};
[[nodiscard]] Result<LoggedStreams> logged_streams(const LogReader& log);

// Where a partition goes on: in its latest epoch. No offset: nothing of it was read yet.
struct ResumePoint {
  StreamName stream;
  std::optional<int64_t> next_offset;
  int64_t newest_ms = INT64_MIN;  // no record of it in the log is later
  std::string cluster{};          // that it was read from; empty: not known
};
[[nodiscard]] ResumePoint resume_point(const LoggedStreams& streams, const std::string& topic,
                                       int32_t partition);

// What a message takes up in memory, roughly: its bytes and a fixed part.
inline constexpr std::size_t message_overhead_bytes = 128;
[[nodiscard]] std::size_t bytes_of(const Message& message);

}  // namespace tiendo

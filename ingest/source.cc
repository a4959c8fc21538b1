#include "ingest/source.h"

#include <algorithm>

namespace tiendo {
std::string_view name_of(StreamState state) {
  switch (state) {
    case StreamState::probing:
      return "probing";
    case StreamState::overlap:
      return "overlap";
    case StreamState::running:
      return "running";
    case StreamState::retry:
      return "retry";
    case StreamState::untrusted_time:
      return "untrusted_time";
    case StreamState::gap:
      return "gap";
    case StreamState::diverged:
      return "diverged";
    case StreamState::poison:
      return "poison";
  }
  return "";
}

bool is_stopped(StreamState state) {
  switch (state) {
    case StreamState::probing:
    case StreamState::overlap:
    case StreamState::running:
    case StreamState::retry:
      return false;
    case StreamState::untrusted_time:
    case StreamState::gap:
    case StreamState::diverged:
    case StreamState::poison:
      return true;
  }
  return true;
}

Result<LoggedStreams> logged_streams(const LogReader& log) {
  TRY_ASSIGN(heads, log.heads());
  TRY_ASSIGN(origins, log.origins());
  const auto control = heads.find(StreamName("control"));
  const uint64_t end = control == heads.end() ? 0 : control->second.next_position;
  TRY_ASSIGN(decisions, decisions_in(log, end));
  return LoggedStreams{std::move(heads), std::move(origins), std::move(decisions)};
}

ResumePoint resume_point(const LoggedStreams& streams, const std::string& topic,
                         int32_t partition) {
  PartitionName latest{topic, partition, streams.decisions.epoch_of(topic, partition)};
  for (const auto& [stream, head] : streams.heads) {
    const auto name = parse_partition_name(stream.text());
    if (!name || name->topic != topic || name->partition != partition) continue;
    latest.epoch = std::max(latest.epoch, name->epoch);
  }
  ResumePoint point{.stream = latest.stream()};
  const auto head = streams.heads.find(point.stream);
  if (head != streams.heads.end() && head->second.next_position > 0) {
    point.next_offset = head->second.next_offset;
    point.newest_ms = head->second.recorded_at.ms;
  }
  point.next_offset = streams.decisions.next_offset(point.stream, point.next_offset);
  const auto origin = streams.origins.find(point.stream);
  if (origin != streams.origins.end()) point.cluster = origin->second.cluster;
  return point;
}

std::size_t bytes_of(const Message& message) {
  std::size_t bytes = message_overhead_bytes;
  if (message.key) bytes += message.key->size();
  if (message.value) bytes += message.value->size();
  for (const Header& header : message.headers) {
    bytes += header.name.size() + (header.value ? header.value->size() : 0);
  }
  return bytes;
}

}  // namespace tiendo

#include "ingest/source.h"

#include <charconv>

namespace tiendo {
namespace {

// The whole text as a number without a sign.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || number < 0 || text[0] == '-') {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::string_view name_of(StreamState state) {
  switch (state) {
    case StreamState::probing:
      return "probing";
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

StreamName PartitionName::stream() const {
  return StreamName(topic + ":" + std::to_string(partition) + ":" + std::to_string(epoch));
}

std::optional<PartitionName> parse_partition_name(std::string_view stream) {
  const std::size_t last = stream.rfind(':');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const std::size_t first = stream.rfind(':', last - 1);
  if (first == std::string_view::npos || first == 0) return std::nullopt;
  const auto partition = parse_number<int32_t>(stream.substr(first + 1, last - first - 1));
  const auto epoch = parse_number<uint32_t>(stream.substr(last + 1));
  if (!partition || !epoch) return std::nullopt;
  return PartitionName{std::string(stream.substr(0, first)), *partition, *epoch};
}

ResumePoint resume_point(const StreamHeads& heads, const std::string& topic, int32_t partition) {
  PartitionName latest{topic, partition, 0};
  std::optional<int64_t> next_offset;
  for (const auto& [stream, head] : heads) {
    const auto name = parse_partition_name(stream.text());
    if (!name || name->topic != topic || name->partition != partition) continue;
    if (name->epoch < latest.epoch) continue;
    latest.epoch = name->epoch;
    next_offset.reset();
    if (head.next_position > 0) next_offset = head.next_offset;
  }
  return {latest.stream(), next_offset};
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

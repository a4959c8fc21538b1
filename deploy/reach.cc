#include "deploy/reach.h"

#include <algorithm>
#include <map>
#include <optional>

#include "ingest/intake.h"
#include "ingest/source.h"

namespace tiendo {
namespace {

constexpr Instant for_ever{253'402'275'599'000};  // the end of the year 9999

std::optional<Instant> last_record(const StreamHead& head) {
  if (head.next_position == 0) return std::nullopt;
  return head.recorded_at;
}

StreamReach source_reach(const StreamStatus& status, const StreamHead& head, Instant now) {
  StreamReach reach{.stream = status.stream,
                    .settled_until = last_record(head),
                    .state = std::string(name_of(status.state)),
                    .message = status.message,
                    .stopped = is_stopped(status.state),
                    .has_producer_time = status.has_producer_time,
                    .cluster = status.cluster};
  if (status.caught_up() && status.end_asked_at) {
    reach.settled_until =
        std::max(reach.settled_until.value_or(*status.end_asked_at), *status.end_asked_at);
  }
  reach.unheard = !status.end_asked_at || now.ms > status.end_asked_at->ms + unheard_after_ms;
  if (status.end_offset && !status.caught_up()) {
    reach.lag = std::max<int64_t>(0, *status.end_offset - status.next_offset);
  }
  return reach;
}

StreamReach intake_reach(StreamName stream, const StreamHead& head, const IngestKnowledge& ingest) {
  StreamReach reach{.stream = stream};
  if (!is_import(stream)) {
    reach.settled_until = ingest.status.intake_settled_at;
    return reach;
  }
  const bool running = ingest.imports != nullptr && ingest.imports->running(stream);
  reach.state = running ? "running" : "ended";
  reach.settled_until = running ? last_record(head) : for_ever;
  return reach;
}

// The newest epoch of each partition; older ones get no more records.
using Epochs = std::map<std::pair<std::string, int32_t>, uint32_t>;

Epochs newest_epochs(const StreamHeads& heads, const IngestKnowledge* ingest) {
  Epochs newest;
  const auto add = [&](StreamName stream) {
    const auto name = parse_partition_name(stream.text());
    if (!name) return;
    uint32_t& epoch = newest[{name->topic, name->partition}];
    epoch = std::max(epoch, name->epoch);
  };
  for (const auto& [stream, head] : heads) add(stream);
  // One that has just begun may have no record yet.
  if (ingest != nullptr) {
    for (const StreamStatus& status : ingest->status.streams) add(status.stream);
  }
  return newest;
}

}  // namespace

std::vector<StreamReach> reaches_of(const StreamHeads& heads, const IngestKnowledge* ingest) {
  std::map<StreamName, StreamReach> reaches;
  const auto newest = newest_epochs(heads, ingest);
  for (const auto& [stream, head] : heads) {
    StreamReach reach{.stream = stream, .settled_until = last_record(head)};
    const auto name = parse_partition_name(stream.text());
    if (name && newest.at({name->topic, name->partition}) != name->epoch) {
      reach.settled_until = for_ever;
      reach.state = "closed";
    } else if (ingest == nullptr) {
      reach.state = "followed";
      reach.unheard = true;
    } else if (is_intake_stream(stream)) {
      reach = intake_reach(stream, head, *ingest);
    } else {
      reach.state = "not_read";
      reach.message =
          "this node does not read it: its topic is not among --topics, or there are "
          "no --brokers";
    }
    reaches.emplace(stream, std::move(reach));
  }
  if (ingest != nullptr) {
    for (const StreamStatus& status : ingest->status.streams) {
      const auto head = heads.find(status.stream);
      reaches.insert_or_assign(
          status.stream,
          source_reach(status, head == heads.end() ? StreamHead() : head->second, ingest->now));
    }
  }
  std::vector<StreamReach> all;
  all.reserve(reaches.size());
  for (auto& [stream, reach] : reaches) all.push_back(std::move(reach));
  return all;
}

}  // namespace tiendo

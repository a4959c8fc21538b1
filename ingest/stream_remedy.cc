#include "ingest/stream_remedy.h"

#include <algorithm>

namespace tiendo {
namespace {

Error refused(const StreamStatus& status, const std::string& why) {
  return {"refused", "stream " + status.stream.text() + " is in state " +
                         std::string(name_of(status.state)) + ": " + why};
}

Result<const StreamStatus*> find(const std::vector<StreamStatus>& streams,
                                 std::string_view stream) {
  std::string known;
  for (const StreamStatus& status : streams) {
    if (status.stream.text() == stream) return &status;
    known += (known.empty() ? "" : ", ") + status.stream.text();
  }
  return Error{"not_found", "this node reads no stream " + std::string(stream) + " from Kafka" +
                                (known.empty() ? "" : "; it reads " + known)};
}

// Where a gap of the usual kind ends.
Result<int64_t> end_of_gap(const StreamStatus& status) {
  switch (status.state) {
    case StreamState::gap:
      return status.low_offset.value_or(status.next_offset);
    case StreamState::poison:
      return status.next_offset + 1;
    case StreamState::untrusted_time:
      return std::max(status.end_offset.value_or(0), status.next_offset + 1);
    case StreamState::diverged:
      return refused(status,
                     "the records at the broker are others than those of the log, so there is "
                     "nothing to go on with; `tiendo stream new-epoch` begins a stream with them");
    default:
      return refused(status, "it goes on by itself, and nothing has to be passed over");
  }
}

Result<RemedyPlan> plan_gap(const StreamStatus& status, std::optional<int64_t> to) {
  TRY_ASSIGN(usual, end_of_gap(status));
  const int64_t end = to.value_or(usual);
  const bool too_short = status.state == StreamState::gap && end < usual;
  // What the broker still has is not lost.
  const int64_t last =
      status.state == StreamState::gap ? usual : std::max(status.end_offset.value_or(end), usual);
  if (end <= status.next_offset || too_short || end > last) {
    return refused(status, "offsets from " + std::to_string(status.next_offset) + " to before " +
                               std::to_string(end) + " cannot be passed over; the broker has " +
                               std::to_string(status.low_offset.value_or(0)) + " to before " +
                               std::to_string(status.end_offset.value_or(0)));
  }
  return RemedyPlan{.act = {.type = EventType::control_gap_accepted,
                            .stream = status.stream.text(),
                            .from = status.next_offset,
                            .to = end},
                    .state = status.state,
                    .goes_on_as = status.stream,
                    .goes_on_at = end};
}

Result<RemedyPlan> plan_epoch(const StreamStatus& status) {
  if (status.state == StreamState::poison || status.state == StreamState::untrusted_time) {
    return refused(status,
                   "the topic is the same; `tiendo stream accept-gap` passes over what "
                   "cannot be taken");
  }
  if (!is_stopped(status.state)) return refused(status, "it goes on by itself");
  auto name = parse_partition_name(status.stream.text());
  ENSURE(name, "streams of a source are named after partitions");
  ++name->epoch;
  return RemedyPlan{
      .act = {.type = EventType::control_epoch_begun, .stream = name->stream().text()},
      .state = status.state,
      .goes_on_as = name->stream(),
      .goes_on_at = status.low_offset.value_or(0)};
}

}  // namespace

Result<RemedyPlan> plan_remedy(Remedy remedy, const std::vector<StreamStatus>& streams,
                               std::string_view stream, std::optional<int64_t> to) {
  TRY_ASSIGN(status, find(streams, stream));
  return remedy == Remedy::accept_gap ? plan_gap(*status, to) : plan_epoch(*status);
}

}  // namespace tiendo

#include "ingest/stream_act.h"

#include <algorithm>

#include "events/json.h"
#include "events/whole_number.h"

namespace tiendo {
namespace {

// A number that a stream's name or an offset can hold: none is negative.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  return text.starts_with('-') ? std::nullopt : whole_number<Number>(text);
}

}  // namespace

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

std::optional<StreamDecision> decision_in(const Event& event) {
  const StreamName stream(event.data["stream"].text());
  if (!parse_partition_name(stream.text())) return std::nullopt;
  if (event.type == EventType::control_epoch_begun) {
    return StreamDecision{StreamDecision::What::epoch_begun, stream};
  }
  const auto from = parse_number<int64_t>(event.data["from"].text());
  const auto to = parse_number<int64_t>(event.data["to"].text());
  if (event.type != EventType::control_gap_accepted || !from || !to) return std::nullopt;
  return StreamDecision{StreamDecision::What::gap_accepted, stream, *from, *to};
}

void StreamDecisions::add(const StreamDecision& decision) {
  if (decision.what == StreamDecision::What::gap_accepted) {
    gaps_[decision.stream].push_back(decision);
    return;
  }
  const auto name = parse_partition_name(decision.stream.text());
  ENSURE(name, "a decision is about a partition");
  uint32_t& epoch = epochs_[{name->topic, name->partition}];
  epoch = std::max(epoch, name->epoch);
}

uint32_t StreamDecisions::epoch_of(const std::string& topic, int32_t partition) const {
  const auto found = epochs_.find({topic, partition});
  return found == epochs_.end() ? 0 : found->second;
}

std::optional<int64_t> StreamDecisions::next_offset(StreamName stream,
                                                    std::optional<int64_t> logged) const {
  const auto found = gaps_.find(stream);
  if (found == gaps_.end()) return logged;
  for (const StreamDecision& gap : found->second) {
    if (!logged || *logged == gap.from) logged = gap.to;
  }
  return logged;
}

Result<StreamDecisions> decisions_in(const LogReader& log, uint64_t control_end) {
  StreamDecisions decisions;
  json::Document document;
  TRY_DO(log.scan(StreamName("control"), 0, control_end, [&](const Record& record) {
    if (record.judgement.verdict != Verdict::accepted) return true;
    const Decoded decoded = decode(record.message, document);
    if (const auto* event = std::get_if<Event>(&decoded)) {
      if (const auto decision = decision_in(*event)) decisions.add(*decision);
    }
    return true;
  }));
  return decisions;
}

}  // namespace tiendo

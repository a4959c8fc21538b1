#include "ingest/memory_source.h"

#include <algorithm>

#include "events/ensure.h"

namespace tiendo {

void MemorySource::add_partition(const std::string& topic, int32_t partition, TrustedTime trusted) {
  const Key key{topic, partition};
  Scripted& scripted = partitions_[key];
  scripted.trusted = trusted;
  if (log_) begin(key, scripted);
}

MemorySource::Scripted& MemorySource::scripted(const std::string& topic, int32_t partition) {
  const auto found = partitions_.find({topic, partition});
  ENSURE(found != partitions_.end(), "the script speaks of a partition that was not added");
  return found->second;
}

int64_t MemorySource::produce(const std::string& topic, int32_t partition, Message message) {
  Scripted& to = scripted(topic, partition);
  message.offset = to.end;
  if (message.timestamp_type == TimestampType::none) {
    message.timestamp_type = TimestampType::log_append_time;
    message.timestamp_ms = clock_->now().ms;
  }
  to.records.emplace(to.end, std::move(message));
  return to.end++;
}

const Message& MemorySource::record(const std::string& topic, int32_t partition, int64_t offset) {
  return scripted(topic, partition).records.at(offset);
}

void MemorySource::skip_offsets(const std::string& topic, int32_t partition, int64_t count) {
  scripted(topic, partition).end += count;
}

void MemorySource::fail_reads(const std::string& topic, int32_t partition, int64_t offset,
                              FailureKind kind, int times) {
  scripted(topic, partition).faults[offset] = {kind, times};
}

void MemorySource::drop_before(const std::string& topic, int32_t partition, int64_t low) {
  Scripted& of = scripted(topic, partition);
  of.records.erase(of.records.begin(), of.records.lower_bound(low));
  of.low = low;
}

void MemorySource::recreate(const std::string& topic, int32_t partition) {
  Scripted& of = scripted(topic, partition);
  of.records.clear();
  of.low = of.end = 0;
}

void MemorySource::redeliver_from(const std::string& topic, int32_t partition, int64_t offset) {
  Scripted& of = scripted(topic, partition);
  of.read_offset = std::min(of.read_offset, offset);
}

void MemorySource::set_compacted(const std::string& topic, int32_t partition) {
  scripted(topic, partition).compacted = true;
}

void MemorySource::reconnect() {
  for (auto& [key, scripted] : partitions_) {
    if (scripted.partition) scripted.partition->suspect(clock_->now());
  }
}

Status MemorySource::start(const LogReader& log) {
  ENSURE(!log_, "a source is started once");
  log_ = log;
  TRY_ASSIGN(logged, logged_streams(log));
  logged_ = std::move(logged);
  for (auto& [key, scripted] : partitions_) begin(key, scripted);
  return Done{};
}

void MemorySource::begin(const Key& key, Scripted& scripted) {
  scripted.partition.emplace(resume_point(logged_, key.first, key.second), scripted.trusted);
}

void MemorySource::answer(Scripted& of) {
  Watermarks marks{.low = of.low,
                   .high = of.end,
                   .asked_at = clock_->now(),
                   .next_when_asked = of.partition->status().next_offset,
                   .cluster = cluster_,
                   .compacted = of.compacted,
                   .mark_ms = of.partition->mark_ms()};
  if (marks.mark_ms) {
    const auto first = std::find_if(of.records.begin(), of.records.end(), [&](const auto& record) {
      return record.second.timestamp_ms >= *marks.mark_ms;
    });
    if (first != of.records.end()) marks.mark_offset = first->first;
  }
  of.partition->answered(marks, clock_->now());
}

// Sets the reader to where the partition wants it.
Status MemorySource::seek(Scripted& of) {
  Partition& partition = *of.partition;
  if (!partition.seek_due(clock_->now())) return Done{};
  while (partition.overlap_due()) {
    TRY_ASSIGN(records, logged_before(*log_, partition));
    partition.compare_with(std::move(records));
  }
  partition.sought();
  of.read_offset = partition.read_offset();
  return Done{};
}

bool MemorySource::read_one(Scripted& from, SourceBatch& batch, std::size_t& bytes) {
  Partition& partition = *from.partition;
  const auto fault = from.faults.find(from.read_offset);
  if (fault != from.faults.end() && fault->second.times > 0) {
    --fault->second.times;
    partition.failed(fault->second.kind, "scripted failure", clock_->now());
    return false;
  }
  if (from.read_offset < from.low || from.read_offset > from.end) {
    partition.failed(FailureKind::out_of_range, "offset out of range", clock_->now());
    return false;
  }
  const auto record = from.records.lower_bound(from.read_offset);
  if (record == from.records.end()) {
    from.read_offset = from.end;
    partition.end_reached(from.end);
    return false;
  }
  from.read_offset = record->first + 1;
  if (!partition.admit(record->second)) return partition.reads();
  bytes += bytes_of(record->second);
  batch.messages.push_back(record->second);
  return true;
}

Result<std::vector<SourceBatch>> MemorySource::poll(const PollBounds& bounds) {
  ENSURE(log_, "a source is started before it is polled");
  std::vector<SourceBatch> batches;
  if (!reachable_) return batches;
  std::size_t events = 0;
  std::size_t bytes = 0;
  for (auto& [key, from] : partitions_) {
    answer(from);
    TRY_DO(seek(from));
    if (!from.partition->reads()) continue;
    SourceBatch batch{from.partition->status().stream, {}};
    while (events + batch.messages.size() < bounds.events_max && bytes < bounds.bytes_max &&
           read_one(from, batch, bytes)) {
    }
    events += batch.messages.size();
    if (!batch.messages.empty()) batches.push_back(std::move(batch));
  }
  return batches;
}

void MemorySource::durable(StreamName stream, int64_t next_offset) {
  durable_[stream] = next_offset;
}

void MemorySource::decide(const StreamDecision& decision) {
  logged_.decisions.add(decision);
  const auto name = parse_partition_name(decision.stream.text());
  const auto found = partitions_.find({name->topic, name->partition});
  if (found == partitions_.end() || !found->second.partition) return;
  found->second.partition->decide(decision);
}

SourceStatus MemorySource::status() const {
  SourceStatus status;
  for (const auto& [key, from] : partitions_) {
    if (from.partition) status.streams.push_back(from.partition->status());
  }
  return status;
}

}  // namespace tiendo

#include "ingest/ingester.h"

#include <algorithm>
#include <span>
#include <utility>

namespace tiendo {

Ingester::Ingester(EventLog& log, Intake& intake, EventSource* source, IngesterOptions options)
    : log_(&log), intake_(&intake), source_(source), options_(options) {
  if (source_ != nullptr) intake_->on_submit([source] { source->wake(); });
}

Ingester::~Ingester() {
  if (source_ != nullptr) intake_->on_submit(nullptr);
}

Status Ingester::start() {
  if (source_ == nullptr) return Done{};
  return source_->start(log_->reader());
}

Result<std::vector<SourceBatch>> Ingester::poll_source(std::chrono::milliseconds wait) {
  const bool shared = intake_->waiting();
  if (source_ == nullptr) {
    if (!shared) intake_->wait(wait);
    return std::vector<SourceBatch>();
  }
  // While both have something, each gets its half of the batch.
  const std::size_t share = shared ? 2 : 1;
  return source_->poll({.events_max = std::max<std::size_t>(options_.batch_events_max / share, 1),
                        .bytes_max = std::max<std::size_t>(options_.batch_bytes_max / share, 1),
                        .wait = shared ? std::chrono::milliseconds(0) : wait});
}

Result<Stepped> Ingester::step(std::chrono::milliseconds wait) {
  TRY_ASSIGN(polled, poll_source(wait));
  Stepped stepped;
  for (const SourceBatch& batch : polled) {
    stepped.appended += batch.messages.size();
    for (const Message& message : batch.messages) stepped.bytes += bytes_of(message);
  }
  Intake::Drained drained = intake_->take(
      options_.batch_events_max - std::min(options_.batch_events_max, stepped.appended),
      options_.batch_bytes_max - std::min(options_.batch_bytes_max, stepped.bytes));

  // One batch for each part of the intake, then one for each of the source: the places come back
  // in this order.
  std::vector<EventLog::Batch> batches;
  for (Intake::Taken& part : drained.parts) {
    stepped.appended += part.count;
    stepped.bytes += part.bytes;
    batches.push_back(admit_part(part, drained.admitted_at));
  }
  for (SourceBatch& batch : polled) {
    const std::size_t delivered = batch.messages.size();
    EventLog::Batch admitted = admit_polled(batch);
    stepped.appended -= delivered - admitted.admissions.size();
    if (!admitted.admissions.empty()) batches.push_back(std::move(admitted));
  }
  if (!batches.empty()) TRY_DO(append(std::move(batches), drained));
  TRY_DO(publish(drained.admitted_at));
  return stepped;
}

EventLog::Batch Ingester::admit_part(Intake::Taken& part, Instant admitted_at) {
  EventLog::Batch batch{part.stream, {}};
  batch.admissions.reserve(part.count);
  const bool import = is_import(part.stream);
  const Speaker speaker = part.stream.text() == "control" ? Speaker::control : Speaker::source;
  for (Message& message : part.messages) {
    const Judged judged = judge_.judge(message, speaker);
    if (speaker == Speaker::control && !judged.refusal) {
      if (const auto decision = decision_in(judge_.event())) decisions_.push_back(*decision);
    }
    std::optional<Instant> stamp = admitted_at;
    message.timestamp_type = TimestampType::admission;
    if (import) {
      // History loaded today was said when it says so; it cannot have been said later than now.
      stamp = judged.time;
      if (stamp) stamp = std::min(*stamp, admitted_at);
      message.timestamp_type = stamp ? TimestampType::event_time : TimestampType::none;
    }
    message.timestamp_ms = stamp.value_or(Instant{}).ms;
    batch.admissions.push_back({std::move(message), stamp, judged.refusal, judged.identity});
  }
  return batch;
}

EventLog::Batch Ingester::admit_polled(SourceBatch& polled) {
  EventLog::Batch batch{polled.stream, {}};
  batch.admissions.reserve(polled.messages.size());
  const auto head = log_->heads().find(polled.stream);
  std::optional<int64_t> next;
  if (head != log_->heads().end() && head->second.next_position > 0) {
    next = head->second.next_offset;
  }
  for (Message& message : polled.messages) {
    if (next && message.offset < *next) {
      ++counters_.redelivered;
      continue;
    }
    // Transaction marks and compaction leave offsets out; positions stay dense.
    if (next && message.offset > *next) ++counters_.offset_gaps;
    next = message.offset + 1;
    Judged judged = judge_.judge(message);
    std::optional<Instant> stamp;
    if (message.timestamp_type != TimestampType::none) stamp = Instant{message.timestamp_ms};
    batch.admissions.push_back(
        {std::move(message), stamp, std::move(judged.refusal), judged.identity});
  }
  return batch;
}

Status Ingester::append(std::vector<EventLog::Batch> batches, const Intake::Drained& drained) {
  std::vector<StreamName> streams;
  for (const EventLog::Batch& batch : batches) streams.push_back(batch.stream);
  auto placed = log_->append(std::move(batches));
  if (!placed.ok()) {
    intake_->refuse(drained, placed.error());
    return placed.error();
  }
  ++counters_.batches;
  counters_.appended += placed->size();
  // Before those who sent them are answered.
  const std::vector<StreamDecision> decisions = std::exchange(decisions_, {});
  for (const StreamDecision& decision : decisions) {
    if (source_ != nullptr) source_->decide(decision);
  }
  std::size_t of_intake = 0;
  for (const Intake::Taken& part : drained.parts) of_intake += part.count;
  intake_->answer(drained, std::span<const Placed>(*placed).first(of_intake));
  if (source_ == nullptr) return Done{};
  for (std::size_t i = drained.parts.size(); i < streams.size(); ++i) {
    source_->durable(streams[i], log_->heads().at(streams[i]).next_offset);
  }
  return Done{};
}

Status Ingester::keep_origins(const std::vector<StreamStatus>& streams) {
  for (const StreamStatus& stream : streams) {
    // A stream that runs was compared with what the log holds of it.
    const bool shown = stream.state == StreamState::running && !stream.cluster.empty() &&
                       log_->heads().contains(stream.stream);
    if (!shown || log_->origins().contains(stream.stream)) continue;
    TRY_DO(log_->set_origin(stream.stream, {stream.cluster}));
  }
  return Done{};
}

Status Ingester::publish(Instant settled_at) {
  IngestStatus status;
  if (source_ != nullptr) {
    SourceStatus source = source_->status();
    status.streams = std::move(source.streams);
    status.notices = std::move(source.notices);
  }
  TRY_DO(keep_origins(status.streams));
  status.counters = counters_;
  status.intake_settled_at = settled_at;
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
  return Done{};
}

IngestStatus Ingester::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

}  // namespace tiendo

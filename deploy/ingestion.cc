#include "deploy/ingestion.h"

#include <set>
#include <utility>

#include "deploy/kafka_connection.h"
#include "deploy/log_lines.h"
#include "ingest/kafka.h"

namespace tiendo {
namespace {

// Bounds how long the loop takes to notice that it has to end or to stand still.
constexpr std::chrono::milliseconds step_wait{200};
constexpr int64_t import_silence_ms_max = 60'000;

Result<std::unique_ptr<EventSource>> open_source(const KafkaConfig& kafka, const Clock& clock) {
  if (kafka.brokers.empty()) return std::unique_ptr<EventSource>();
  KafkaSourceOptions options;
  options.connection = kafka_connection(kafka, "kafka");
  options.topics = kafka.topics;
  options.create_time_topics =
      std::set<std::string>(kafka.create_time_topics.begin(), kafka.create_time_topics.end());
  options.commit_hints = true;
  return open_kafka_source(std::move(options), clock);
}

}  // namespace

void RunningImports::touch(StreamName stream) {
  const std::lock_guard lock(mutex_);
  touched_at_.insert_or_assign(stream, clock_->now());
}

void RunningImports::end(StreamName stream) {
  const std::lock_guard lock(mutex_);
  touched_at_.erase(stream);
}

bool RunningImports::running(StreamName stream) const {
  const std::lock_guard lock(mutex_);
  const auto at = touched_at_.find(stream);
  return at != touched_at_.end() && clock_->now().ms - at->second.ms < import_silence_ms_max;
}

Ingestion::Ingestion(Parts parts, std::unique_ptr<EventLog> log,
                     std::unique_ptr<EventSource> source)
    : parts_(std::move(parts)),
      log_(std::move(log)),
      source_(std::move(source)),
      intake_(parts_.clock),
      ingester_(*log_, intake_, source_.get()),
      imports_(parts_.clock) {}

Result<std::unique_ptr<Ingestion>> Ingestion::open(Parts parts) {
  TRY_ASSIGN(log, EventLog::open(parts.store));
  TRY_ASSIGN(source, open_source(parts.kafka, parts.clock));
  std::unique_ptr<Ingestion> ingestion(
      new Ingestion(std::move(parts), std::move(log), std::move(source)));
  TRY_DO(ingestion->ingester_.start());
  return ingestion;
}

Status Ingestion::step() {
  const GatePass pass(gate_);
  TRY_ASSIGN(stepped, ingester_.step(step_wait));
  if (stepped.appended > 0 && parts_.appended) parts_.appended();
  return Done{};
}

void Ingestion::run(const Ending& ending) {
  for (bool closed = false; !closed || intake_.waiting();) {
    if (!closed && ending.begun()) {
      closed = true;
      intake_.close();
      continue;
    }
    const Status stepped = step();
    if (!stepped.ok()) {
      parts_.end_process(stepped.error().with_context("the log"));
      return;
    }
    tell_changes();
  }
}

void Ingestion::tell_changes() {
  if (!source_) return;
  IngestStatus status = ingester_.status();
  for (const StreamStatus& stream : status.streams) {
    const auto told = told_.find(stream.stream);
    if (told != told_.end() && told->second == stream.state) continue;
    if (stream.state == StreamState::overlap) continue;  // for a moment, after each connection
    told_.insert_or_assign(stream.stream, stream.state);
    const bool quiet = stream.state == StreamState::probing;
    if (quiet) continue;
    std::string text = stream.stream.text() + ": " + std::string(name_of(stream.state));
    if (!stream.message.empty()) text += ": " + stream.message;
    log_line(is_stopped(stream.state) ? Importance::error : Importance::info, text);
  }
  if (status.notices == told_notices_) return;
  told_notices_ = std::move(status.notices);
  for (const std::string& notice : told_notices_) log_line(Importance::warning, notice);
}

}  // namespace tiendo

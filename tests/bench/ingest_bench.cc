// How fast events come from a source into the synced log, and how fast its parts could go at most.
// The figures are for reading; the digest over all records must be the same for the same number of
// events anywhere (not with --brokers, whose clock stamps the records).
//
//   ingest_bench [--events N] [--folder EMPTY_FOLDER] [--brokers HOST:PORT]
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include "events/ensure.h"
#include "events/record.h"
#include "events/sha256.h"
#include "events/store.h"
#include "events/store_folder.h"
#include "ingest/ingester.h"
#include "ingest/kafka.h"
#include "ingest/memory_source.h"
#include "tests/process/kafka_topics.h"

namespace tiendo {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct Settings {
  uint64_t events = 20'000;
  std::string folder;
  std::string brokers;  // empty: memory
};

// As a province's platform would send it, 700 bytes.
Message event(uint64_t number) {
  const std::string id = std::to_string(number);
  Message message;
  message.key = "72";
  message.headers = {{"content-type", "application/cloudevents+json"}};
  message.value =
      R"({"specversion":"1.0","id":"e)" + id +
      R"(","source":"urn:platform:tayninh","type":"vn.tiendo.activity.recorded.v1",)"
      R"("time":"2024-03-10T09:20:00+07:00","subject":"D1","actor":"account-17","data":{)"
      R"("activity":"a)" +
      id +
      R"(","unit":"D1","type":"training_class","form":"online","starts":"2024-03-10",)"
      R"("ends":"2024-03-10","pillar":"society","topics":["an toàn số","kỹ năng"],)"
      R"("task":"III.2","plan":"tayninh-2024","organisation":"doan","flags":{"digital":true},)"
      R"("co_units":["D2"],"reached_units":["C1","C2"],"participants":{"members":700,"youth":35},)"
      R"("outputs":[{"kind":"site","id":"s1"},{"kind":"account","count":40}],"cost":12.5,)"
      R"("evidence":{"url":"https://example.org/evidence/)" +
      id + R"("}}})";
  return message;
}

template <class T>
T value_of(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

double seconds_of(const timespec& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class Stopwatch {
 public:
  void show(const char* what, uint64_t events, uint64_t bytes) const {
    const double wall = now(CLOCK_MONOTONIC) - wall_;
    const double thread = now(CLOCK_THREAD_CPUTIME_ID) - thread_;
    const double process = now(CLOCK_PROCESS_CPUTIME_ID) - process_;
    const auto count = static_cast<double>(events);
    std::printf("%-34s %9.0f events/s %7.1f MB/s  %6.2f us/event of this thread, %6.2f of all\n",
                what, count / wall, static_cast<double>(bytes) / wall * 1e-6, thread / count * 1e6,
                process / count * 1e6);
  }

 private:
  static double now(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return seconds_of(time);
  }
  double wall_ = now(CLOCK_MONOTONIC);
  double thread_ = now(CLOCK_THREAD_CPUTIME_ID);
  double process_ = now(CLOCK_PROCESS_CPUTIME_ID);
};

std::unique_ptr<KvStore> open_store(const fs::path& path) {
  return value_of(open_rocks_store({.path = path, .families = log_families()}));
}

void measure_sync(const fs::path& folder, int times) {
  const fs::path path = folder / "sync";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  ENSURE(file >= 0, "the folder can be written to");
  const std::string block(64 << 10, 'x');
  std::vector<double> took;
  for (int i = 0; i < times; ++i) {
    ENSURE(::write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size()),
           "the disk has room");
    const auto begin = std::chrono::steady_clock::now();
    ENSURE(::fdatasync(file) == 0, "the disk takes a sync");
    took.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  ::close(file);
  fs::remove(path);
  std::sort(took.begin(), took.end());
  std::printf("%-34s p50 %.2f ms, p99 %.2f ms\n", "fdatasync after 64 KiB", took[took.size() / 2],
              took[took.size() * 99 / 100]);
}

void measure_judge(uint64_t events) {
  Judge judge;
  uint64_t bytes = 0;
  std::vector<Message> messages;
  for (uint64_t i = 0; i < std::min<uint64_t>(events, 10'000); ++i) messages.push_back(event(i));
  const Stopwatch watch;
  for (uint64_t i = 0; i < events; ++i) {
    const Message& message = messages[i % messages.size()];
    ENSURE(!judge.judge(message).refusal, "the sample event is accepted");
    bytes += message.value->size();
  }
  watch.show("judge alone", events, bytes);
}

// The rows an append would write, without judging, and with the log's own batch bounds.
void measure_store(const fs::path& folder, uint64_t events) {
  const auto store = open_store(folder / "raw");
  const StreamName stream("events:0:0");
  WriteBatch batch;
  uint64_t bytes = 0;
  std::vector<Message> messages;
  for (uint64_t i = 0; i < std::min<uint64_t>(events, 10'000); ++i) messages.push_back(event(i));
  const Stopwatch watch;
  for (uint64_t i = 0; i < events; ++i) {
    const Message& message = messages[i % messages.size()];
    batch.put(0, record_key(stream, i), message_bytes(message));
    const auto identity = sha256(std::to_string(i));
    batch.put(1, {reinterpret_cast<const char*>(identity.data()), 16}, "12345678");
    bytes += message.value->size();
    if (batch.size() >= 2 * limits::log_batch_events_max ||
        batch.bytes() >= limits::log_batch_bytes_max || i + 1 == events) {
      value_of(store->commit(batch, Durability::synced));
      batch.clear();
    }
  }
  watch.show("RocksDB alone, the same bytes", events, bytes);
}

std::string digest_of(const EventLog& log) {
  Sha256 digest;
  for (const auto& [stream, head] : log.heads()) {
    const StreamName name = stream;
    value_of(log.reader().scan(name, 0, head.next_position, [&](const Record& record) {
      digest.add(entry_bytes(name, record.position, record.message));
      return true;
    }));
  }
  return to_hex(digest.finish());
}

void measure_ingest(EventSource& source, const Clock& clock, const fs::path& folder,
                    uint64_t events) {
  const auto store = open_store(folder / "log");
  const auto log = value_of(EventLog::open(*store));
  Intake intake(clock);
  Ingester ingester(*log, intake, &source);
  value_of(ingester.start());
  while (ingester.status().streams.empty()) value_of(ingester.step(100ms));
  uint64_t bytes = 0;
  uint64_t appended = ingester.status().counters.appended;
  const uint64_t before = appended;
  const Stopwatch watch;
  while (appended < events) {
    const Stepped stepped = value_of(ingester.step(100ms));
    appended += stepped.appended;
    bytes += stepped.bytes;
  }
  watch.show("source, judge, synced log", events - before, bytes);
  uint64_t accepted = 0;
  for (const auto& [stream, head] : log->heads()) accepted += head.counters.accepted;
  std::printf("%-34s %lu batches, %lu of %lu accepted, digest %s\n", "",
              static_cast<unsigned long>(ingester.status().counters.batches),
              static_cast<unsigned long>(accepted), static_cast<unsigned long>(events),
              digest_of(*log).c_str());
}

void publish(const Settings& settings, const std::string& topic) {
  KafkaProducerOptions options;
  options.connection.brokers = settings.brokers;
  const auto producer = value_of(KafkaProducer::open(options));
  uint64_t bytes = 0;
  const Stopwatch watch;
  for (uint64_t i = 0; i < settings.events; ++i) {
    Message message = event(i);
    message.key = std::to_string(i);
    bytes += message.value->size();
    while (!producer->publish(topic, message, [](const auto&) {}).ok()) producer->poll(10ms);
    producer->poll(0ms);
  }
  value_of(producer->flush(60s));
  watch.show("publish to Kafka", settings.events, bytes);
}

void set(rd_kafka_conf_t* conf, const char* name, const char* value) {
  std::array<char, 512> why{};
  ENSURE(rd_kafka_conf_set(conf, name, value, why.data(), why.size()) == RD_KAFKA_CONF_OK,
         why.data());
}

// Nothing but the client library and its checks.
void measure_library(const Settings& settings, const std::string& topic, int partitions) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", settings.brokers.c_str());
  set(conf, "group.id", "bench");
  set(conf, "check.crcs", "true");
  set(conf, "enable.auto.commit", "false");
  set(conf, "queued.min.messages", "2000000");
  set(conf, "queued.max.messages.kbytes", "262144");
  std::array<char, 512> why{};
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why.data(), why.size());
  ENSURE(client != nullptr, why.data());
  rd_kafka_poll_set_consumer(client);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
  for (int i = 0; i < partitions; ++i) {
    rd_kafka_topic_partition_list_add(list, topic.c_str(), i)->offset = 0;
  }
  rd_kafka_assign(client, list);
  rd_kafka_topic_partition_list_destroy(list);
  uint64_t bytes = 0;
  const Stopwatch watch;
  for (uint64_t events = 0; events < settings.events;) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client, 1000);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++events;
      bytes += message->len;
    }
    rd_kafka_message_destroy(message);
  }
  watch.show("librdkafka alone", settings.events, bytes);
  rd_kafka_destroy(client);
}

void run(const Settings& settings) {
  auto temporary = value_of(TemporaryFolder::make("ingest-bench"));
  const fs::path folder = settings.folder.empty() ? temporary.path() : fs::path(settings.folder);
  measure_sync(folder, settings.events < 100'000 ? 50 : 500);
  measure_judge(settings.events);
  measure_store(folder, settings.events);
  if (settings.brokers.empty()) {
    const ManualClock clock(Instant{1'700'000'000'000});
    MemorySource source(clock);
    source.add_partition("events", 0);
    for (uint64_t i = 0; i < settings.events; ++i) source.produce("events", 0, event(i));
    measure_ingest(source, clock, folder, settings.events);
    return;
  }
  constexpr int partitions = 4;
  const std::string topic = "bench-" + std::to_string(::getpid());
  KafkaTopics topics(settings.brokers);
  topics.create(topic, partitions);
  publish(settings, topic);
  measure_library(settings, topic, partitions);
  const SystemClock clock;
  KafkaSourceOptions options;
  options.connection.brokers = settings.brokers;
  options.topics = {topic};
  const auto source = value_of(open_kafka_source(options, clock));
  measure_ingest(*source, clock, folder, settings.events);
  topics.remove(topic);
}

}  // namespace
}  // namespace tiendo

int main(int argc, char** argv) {
  tiendo::Settings settings;
  for (int i = 1; i < argc; i += 2) {
    const bool last = i + 1 == argc;
    if (!last && std::strcmp(argv[i], "--events") == 0) {
      settings.events = std::max<uint64_t>(std::strtoull(argv[i + 1], nullptr, 10), 1);
    } else if (!last && std::strcmp(argv[i], "--folder") == 0) {
      settings.folder = argv[i + 1];
    } else if (!last && std::strcmp(argv[i], "--brokers") == 0) {
      settings.brokers = argv[i + 1];
    } else {
      std::fprintf(stderr,
                   "usage: ingest_bench [--events N] [--folder EMPTY_FOLDER] [--brokers LIST]\n");
      return 2;
    }
  }
  tiendo::run(settings);
  return 0;
}

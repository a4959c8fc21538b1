// How fast the store takes rows: appends, rows at random keys, and sorted runs as a catching-up
// projector hands them over (five rows of about 100 bytes an event). The figures are for reading;
// the digest over all rows at the end must be the same for the same number of events anywhere.
//
//   store_bench [--events N] [--folder EMPTY_FOLDER]
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "events/ensure.h"
#include "events/store.h"

namespace tiendo {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

constexpr Family ordered = 0;
constexpr Family random_keys = 1;
constexpr uint64_t events_of_a_run = 250'000;
constexpr uint64_t rows_of_an_event = 5;

uint64_t mixed(uint64_t number) {  // splitmix64: random-looking, and the same everywhere
  number += 0x9e3779b97f4a7c15u;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
  return number ^ (number >> 31);
}

std::string big_endian(uint64_t number) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[7 - i] = static_cast<char>(number >> (8 * i));
  return bytes;
}

// Half of a real row compresses; so does half of this.
std::string value_of(uint64_t number, std::size_t bytes) {
  std::string value(bytes, '.');
  for (std::size_t i = 0; i + 8 <= bytes / 2; i += 8) {
    value.replace(i, 8, big_endian(mixed(number + i)));
  }
  return value;
}

void done(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.error().message.c_str());
  std::exit(1);
}

double cpu_seconds() {  // of this thread: on a shared machine the steadier of the two
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Work>
void report(const char* what, uint64_t count, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu_start = cpu_seconds();
  work();
  const double cpu = cpu_seconds() - cpu_start;
  const double took = Seconds(std::chrono::steady_clock::now() - start).count();
  std::printf("%-44s %9.0f /s  (%.2f s, %.2f s of the processor)\n", what,
              static_cast<double>(count) / took, took, cpu);
  std::fflush(stdout);
}

void append(KvStore& store, uint64_t events) {
  WriteBatch batch;
  const std::string value = value_of(0, 450);
  for (uint64_t i = 0; i < events; ++i) {
    batch.put(ordered, "log" + big_endian(i), value);
    if (batch.size() < 1'000 && i + 1 < events) continue;
    done(store.commit(batch, Durability::synced));
    batch.clear();
  }
}

// As de-duplication does it: look for 1,000 keys, which are not there, then write them.
void put_random(KvStore& store, uint64_t events) {
  WriteBatch batch;
  std::vector<std::string> keys;
  for (uint64_t i = 0; i < events; ++i) {
    keys.push_back("id" + big_endian(mixed(i)) + big_endian(mixed(~i)));
    if (keys.size() < 1'000 && i + 1 < events) continue;
    const auto found = store.get_many(random_keys, {keys.begin(), keys.end()});
    ENSURE(found.ok() && !found->front().has_value(), "a new key was there already");
    for (const std::string& key : keys) batch.put(random_keys, key, "position");
    done(store.commit(batch, Durability::synced));
    batch.clear();
    keys.clear();
  }
}

WriteBatch run_of(uint64_t first, uint64_t last) {
  WriteBatch batch;
  for (uint64_t event = first; event < last; ++event) {
    for (uint64_t row = 0; row < rows_of_an_event; ++row) {
      const uint64_t number = event * rows_of_an_event + row;
      // A fact: one of 40 terms, one of 4,000 units, a day and the record. A cell: a random id.
      const bool fact = row < 4;
      const auto term = static_cast<char>('A' + mixed(number) % 40);
      const std::string key = fact ? std::string("0123456789abcde") + term +
                                         big_endian(mixed(number) % 4'000) + big_endian(number)
                                   : big_endian(mixed(number)) + big_endian(number);
      batch.put(fact ? ordered : random_keys, key, value_of(number, 68));
    }
  }
  return batch;
}

void commit_runs(KvStore& store, uint64_t events) {
  for (uint64_t first = 0; first < events; first += events_of_a_run) {
    const WriteBatch batch = run_of(first, std::min(first + events_of_a_run, events));
    report("  rows of one sorted run", batch.size(), [&] { done(store.commit_sorted_run(batch)); });
  }
}

uint64_t digest(const KvStore& store, uint64_t& rows) {
  uint64_t digest = 0xcbf29ce484222325u;  // FNV-1a
  for (const Family family : {ordered, random_keys}) {
    const auto cursor = store.cursor(family);
    for (cursor->seek(""); cursor->valid(); cursor->next(), ++rows) {
      for (const char byte : cursor->key()) {
        digest = (digest ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
      }
    }
    done(cursor->status());
  }
  return digest;
}

uint64_t bytes_written() {
  uint64_t bytes = 0;
  if (std::FILE* io = std::fopen("/proc/self/io", "r")) {
    char line[128];
    while (std::fgets(line, sizeof line, io) != nullptr) {
      static_cast<void>(std::sscanf(line, "write_bytes: %lu", &bytes));
    }
    std::fclose(io);
  }
  return bytes;
}

void measure(const std::string& folder, uint64_t events) {
  const std::vector<FamilySpec> families = {{"ordered", false}, {"random_keys", true}};
  const auto open = [&](const char* name, RocksProfile profile) {
    auto store = open_rocks_store(
        {.path = (fs::path(folder) / name).string(), .families = families, .profile = profile});
    if (!store.ok()) done(store.error());
    return std::move(store).value();
  };
  {
    const auto log = open("log", RocksProfile::log);
    report("append 450 B rows, 1,000 a synced batch", events, [&] { append(*log, events); });
    report("look for and put random ids, the same", events, [&] { put_random(*log, events); });
  }
  const auto views = open("views", RocksProfile::views);
  const uint64_t written = bytes_written();
  report("events in sorted runs, making them included", events,
         [&] { commit_runs(*views, events); });
  uint64_t rows = 0;
  uint64_t sum = 0;
  report("scan of their rows", events * rows_of_an_event, [&] { sum = digest(*views, rows); });
  std::printf("written to disk for them: %.0f MB\n",
              static_cast<double>(bytes_written() - written) / 1e6);
  std::printf("rows %lu, digest %016lx\n", rows, sum);
}

}  // namespace
}  // namespace tiendo

int main(int argc, char** argv) {
  uint64_t events = 1'000;
  std::string folder;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--events") events = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--folder") folder = argv[i + 1];
  }
  const bool own = folder.empty();
  if (own) {
    folder = (std::filesystem::temp_directory_path() /
              ("tiendo-store-bench-" + std::to_string(::getpid())))
                 .string();
    std::filesystem::create_directories(folder);
  }
  tiendo::measure(folder, events);
  if (own) std::filesystem::remove_all(folder);
}

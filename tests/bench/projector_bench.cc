// How fast the projector folds: a log of plausible activities (about 450 bytes, three facts each)
// is written, then read by a new projector in large steps (catching up, rebuild) and in small ones
// (live). Prints events per second, the machine's raw limits beside them, and the digest, which
// must not depend on the way.
//
//   projector_bench [--events 20000] [--ids random|time] [--threads 2] [--dir DIR]
//                   [--more 10000] [--live 0] [--step 50000]
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "events/log.h"
#include "events/store.h"
#include "ingest/judge.h"
#include "projector/projector.h"
#include "tests/bench/sample_events.h"

namespace {

using namespace tiendo;
using Clock = std::chrono::steady_clock;

// Events per second, and beside it the processor time of all threads, which noise disturbs less.
class Stopwatch {
 public:
  void print(const char* what, std::size_t events) const {
    const double s = std::chrono::duration<double>(Clock::now() - wall_).count();
    const double cpu_us =
        (cpu_now() - cpu_) * 1e6 / static_cast<double>(std::max<std::size_t>(events, 1));
    std::printf("%-34s %9zu events %9.0f events/s %7.2f CPU-us each\n", what, events,
                static_cast<double>(events) / s, cpu_us);
  }

 private:
  static double cpu_now() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  Clock::time_point wall_ = Clock::now();
  double cpu_ = cpu_now();
};

template <class T>
T must(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "%s: %s\n", result.error().code.c_str(), result.error().message.c_str());
  std::exit(1);
}

Parallel threads(std::size_t count) {
  return [count](std::size_t size, const auto& work) {
    if (size < 2 || count < 2) {
      if (size > 0) work(0, size);
      return;
    }
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < count; ++i) {
      workers.emplace_back([&, i] { work(size * i / count, size * (i + 1) / count); });
    }
  };
}

std::unique_ptr<KvStore> open(const std::string& path, RocksProfile profile) {
  return must(open_rocks_store(
      {.path = path,
       .families = profile == RocksProfile::log ? log_families() : views_families(),
       .profile = profile}));
}

void append(EventLog& log, const char* stream, const std::vector<std::string>& events, int64_t at) {
  Judge judge;
  EventLog::Batch batch{StreamName(stream), {}};
  for (const std::string& event : events) {
    Admission admission{.message = {.offset = -1, .value = event}, .stamp = Instant{at}};
    Judged judged = judge.judge(admission.message);
    admission.refusal = std::move(judged.refusal);
    admission.identity = judged.identity;
    batch.admissions.push_back(std::move(admission));
  }
  must(log.append({std::move(batch)}));
}

// Steps until there is nothing more to read; gives the records read.
std::size_t drain(Projector& projector) {
  std::size_t records = 0;
  for (;;) {
    const ProjectorStep step = must(projector.step());
    if (step.idle()) return records;
    records += step.records;
  }
}

std::string digest_of(const Projector& projector) {
  return to_hex(must(ViewReader(*projector.state()->rows).digest()));
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options = bench::parse(argc, argv);
  std::filesystem::remove_all(options.dir);
  std::filesystem::create_directories(options.dir);

  auto log_store = open(options.dir + "/log", RocksProfile::log);
  auto log = must(EventLog::open(*log_store));
  append(*log, "tiendo.reference:0:0", bench::reference_events(), 1'704'042'000'000);
  bench::SampleEvents sample(options.ids);
  int64_t at = 1'704'050'000'000;
  const Stopwatch logging;
  for (std::size_t done = 0; done < options.events;) {
    const std::size_t count = std::min<std::size_t>(5'000, options.events - done);
    const char* streams[] = {"tiendo.events:0:0", "tiendo.events:1:0"};
    append(*log, streams[done / 5'000 % 2], sample.take(count), at += 60'000);
    done += count;
  }
  std::printf("%zu bytes an event\n", sample.bytes() / std::max<std::size_t>(options.events, 1));
  logging.print("made, judged and logged", options.events);

  std::string rebuilt;
  {
    auto views = open(options.dir + "/rebuild", RocksProfile::views);
    auto projector =
        must(Projector::open(*views, log->reader(),
                             {.step_records = options.step, .parallel = threads(options.threads)}));
    const Stopwatch rebuilding;
    rebuilding.print("rebuild", drain(*projector));
    append(*log, "tiendo.events:0:0", sample.take(options.more), at += 60'000);
    const Stopwatch behind;
    behind.print("catching up on full views", drain(*projector));
    rebuilt = digest_of(*projector);
  }
  if (options.live) {
    auto views = open(options.dir + "/live", RocksProfile::views);
    auto projector = must(Projector::open(*views, log->reader(),
                                          {.step_records = 1'000,
                                           .sorted_run_records = 1'000'000'000,
                                           .parallel = threads(options.threads)}));
    const Stopwatch living;
    living.print("live, steps of 1000", drain(*projector));
    if (digest_of(*projector) != rebuilt) {
      std::printf("the digest depends on the way\n");
      return 1;
    }
  }
  std::printf("digest %s\n", rebuilt.c_str());
  std::filesystem::remove_all(options.dir);
  return 0;
}

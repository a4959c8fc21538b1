// Events for benchmarks: the shipped units and plan, and activities of about 450 bytes that give
// three facts each. The same seed gives the same bytes.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "projector/projector.h"

namespace tiendo::bench {

enum class Ids { random, time_ordered };

struct Options {
  std::size_t events = 20'000;
  std::size_t more = 10'000;  // after the rebuild, on top
  bool live = true;           // the small steps too
  std::size_t step = ProjectorOptions().step_records;
  std::size_t threads = 2;
  Ids ids = Ids::random;
  std::string dir = "/tmp/tiendo-bench";
};
[[nodiscard]] Options parse(int argc, char** argv);

// The shipped units, and the plan as plan.published.
[[nodiscard]] std::vector<std::string> reference_events();

class SampleEvents {
 public:
  explicit SampleEvents(Ids ids, uint64_t seed = 1);
  [[nodiscard]] std::vector<std::string> take(std::size_t count);
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::string next();

  Ids ids_;
  std::mt19937_64 random_;
  std::vector<std::string> units_;
  uint64_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace tiendo::bench

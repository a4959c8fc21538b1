// The events of several NDJSON files in turn, with a progress bar over all of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "deploy/progress_bar.h"
#include "events/message.h"
#include "events/result.h"

namespace tiendo {

// `take` gets up to so many events at a time, in order. Shows how far it is on standard error.
// Errors: those of reading, with the file's name, and of `take`.
Status each_batch(const std::vector<std::string>& files, const std::string& label,
                  std::size_t events_max, std::size_t bytes_max,
                  const std::function<Status(std::vector<Message>)>& take);

// Milliseconds since it was made.
class Stopwatch {
 public:
  [[nodiscard]] std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start_);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace tiendo

// The events of several NDJSON files in turn, with a progress bar over all of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/language.h"
#include "deploy/progress_bar.h"
#include "events/message.h"
#include "events/result.h"
#include "ingest/files.h"

namespace tiendo {

// Where an event stands. The name of the file lives as long as the list it was given in.
struct LinePlace {
  std::string_view file;
  uint64_t line = 0;                       // from 1
  [[nodiscard]] std::string text() const;  // FILE:LINE
};

struct EventBatch {
  std::vector<Message> messages;
  std::vector<LinePlace> places;  // of each of them
};

// A line longer than one request can be: it is not sent, and the others are.
struct LineLeftOut {
  LinePlace place;
  uint64_t bytes = 0;
};
// What the judge would say of a message of so many bytes.
[[nodiscard]] Refusal refusal_of_length(uint64_t bytes);
// A line for each.
[[nodiscard]] std::string in_words(std::span<const LineLeftOut> left_out, Language language);

struct FilesToSend {
  const std::vector<std::string>& files;
  // A file that is a plan document is sent as the event that publishes it, from this source.
  std::string_view source_of_plans;
};

// `take` gets up to so many events at a time, in order. Shows how far it is on standard error.
// Errors: those of reading, and of `take`.
Status each_batch(const FilesToSend& what, const std::string& label,
                  const LineReader::Bounds& bounds, const std::function<Status(EventBatch)>& take,
                  std::vector<LineLeftOut>& left_out);

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

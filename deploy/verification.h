// Counting the log again: whether positions are dense up to each head, whether recorded_at never
// falls, and whether the counters in the head are what the records come to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "deploy/language.h"
#include "events/log.h"

namespace tiendo {

struct StreamVerification {
  StreamName stream;
  Counters counted;
  std::vector<std::string> faults;  // in words; empty: all is well
};

// `progress` is called for each record.
[[nodiscard]] StreamVerification verify_stream(const LogReader& log, StreamName stream,
                                               const StreamHead& head,
                                               const std::function<void()>& progress);

class Verification {
 public:
  void add(StreamVerification stream) { streams_.push_back(std::move(stream)); }
  [[nodiscard]] bool clean() const;
  [[nodiscard]] std::string in_words(Language language) const;

 private:
  std::vector<StreamVerification> streams_;
};

}  // namespace tiendo

// Counting the log again: whether positions are dense up to each head, whether recorded_at never
// falls, whether the counters in the head are what the records come to, and whether editions are
// those of their digests.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "deploy/language.h"
#include "events/edition.h"
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

// An edition of a publication: whether its text is that of its digest.
struct EditionVerification {
  EditionHead head;
  std::string fault;  // in words; empty: all is well
};

class Verification {
 public:
  void add(StreamVerification stream) { streams_.push_back(std::move(stream)); }
  void add(EditionVerification edition) { editions_.push_back(std::move(edition)); }
  [[nodiscard]] bool clean() const;
  [[nodiscard]] std::string in_words(Language language) const;

 private:
  std::vector<StreamVerification> streams_;
  std::vector<EditionVerification> editions_;
};

// Adds every edition that the log keeps. Errors: those of reading.
Status verify_editions(const LogReader& log, Verification& verification);

}  // namespace tiendo

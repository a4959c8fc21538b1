// What became of many events: how many were accepted, duplicate, rejected, and the first refusals
// in words. Built where the events are taken, sent as JSON, shown by the commands.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/files_of_events.h"
#include "deploy/language.h"
#include "events/log.h"

namespace tiendo {

struct ShownRefusal {
  std::optional<uint64_t> nth;  // among the events counted, from 0; none where nobody said
  std::string place;            // FILE:LINE, once it is located
  std::string stream;
  uint64_t position = 0;
  std::string code;
  Sentence sentence;
};

struct VerdictCount {
  uint64_t accepted = 0;
  uint64_t duplicate = 0;
  uint64_t conflict = 0;  // among the duplicates: same id, other content
  uint64_t rejected = 0;
  uint64_t waiting = 0;                // in Kafka; the verdict is not known yet
  std::vector<ShownRefusal> refusals;  // the first ones

  [[nodiscard]] uint64_t received() const { return accepted + duplicate + rejected + waiting; }
  void add(std::span<const Placed> placed);
  // Events that were sent after those of this one.
  void add(const VerdictCount& other);
  // Names where the refused events stand; `places` are those of all events counted, in order.
  void locate(std::span<const LinePlace> places);

  [[nodiscard]] std::string to_json() const;
  // Of to_json(), or of the answer to POST /v1/events. Error `protocol`.
  static Result<VerdictCount> from_json(std::string_view text);
  // Lines for people.
  [[nodiscard]] std::string summary(Language language) const;
};

}  // namespace tiendo

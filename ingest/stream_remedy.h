// What a person can do about a stream that has stopped, and what exactly it would mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/result.h"
#include "ingest/operator_act.h"
#include "ingest/source.h"

namespace tiendo {

enum class Remedy {
  accept_gap,  // gap, poison, untrusted_time: what it stopped at is passed over
  new_epoch,   // diverged, gap: what is there now becomes a stream of its own
};

struct RemedyPlan {
  OperatorAct act;  // without author and reason; a gap's offsets are [from, to)
  StreamState state = StreamState::gap;
  StreamName goes_on_as;
  int64_t goes_on_at = 0;  // the offset, as the broker said last
};

// The plan for `stream`. `to` (accept_gap): the offset to go on with, where the usual one will not
// do: of poison it is the next record, of untrusted_time the end of the partition.
// Errors: `not_found`, and `refused` where the stream's state asks for something else: the text
// says what.
[[nodiscard]] Result<RemedyPlan> plan_remedy(Remedy remedy,
                                             const std::vector<StreamStatus>& streams,
                                             std::string_view stream, std::optional<int64_t> to);

}  // namespace tiendo

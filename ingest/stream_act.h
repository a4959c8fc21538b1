// What a person decides about a stream that has stopped: that what it cannot have is passed over,
// or that its topic goes on as a new epoch. Decisions are records of the stream `control`; the log
// is asked for them at every start.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/event.h"
#include "events/log.h"
#include "events/result.h"

namespace tiendo {

// TOPIC:PARTITION:EPOCH
struct PartitionName {
  std::string topic;
  int32_t partition = 0;
  uint32_t epoch = 0;

  [[nodiscard]] StreamName stream() const;
};
[[nodiscard]] std::optional<PartitionName> parse_partition_name(std::string_view stream);

struct StreamDecision {
  enum class What { gap_accepted, epoch_begun };
  What what = What::gap_accepted;
  StreamName stream;  // of the gap; or the one that begins
  int64_t from = 0;   // gap: our next offset when it was decided
  int64_t to = 0;     // gap: the offset to go on with
};
// What a record of the stream `control` decides about a stream of a source; none: nothing.
[[nodiscard]] std::optional<StreamDecision> decision_in(const Event& event);

// All that was decided, as it is read back.
class StreamDecisions {
 public:
  void add(const StreamDecision& decision);
  // The epoch that was begun last; 0: none was.
  [[nodiscard]] uint32_t epoch_of(const std::string& topic, int32_t partition) const;
  // Where a stream goes on, behind what was passed over; `logged` is the next offset of its head,
  // if it has a record. A gap counts only if the stream stands before it, as when it was decided:
  // one that came too late for the stream has no effect later either.
  [[nodiscard]] std::optional<int64_t> next_offset(StreamName stream,
                                                   std::optional<int64_t> logged) const;

 private:
  std::map<std::pair<std::string, int32_t>, uint32_t> epochs_;
  std::map<StreamName, std::vector<StreamDecision>> gaps_;  // in the order of the decisions
};
[[nodiscard]] Result<StreamDecisions> decisions_in(const LogReader& log, uint64_t control_end);

}  // namespace tiendo

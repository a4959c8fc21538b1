// Records that were refused and judged again (semantics 2): a control record names the refused one,
// whose message then takes effect in the control record's place in the order, never earlier. The
// judge's answer is older than the control record: only what is accepted by the rules of that
// moment gets one. It stands later in the order than the record it names, and in the same log.
#pragma once

#include <optional>

#include "events/log.h"

namespace tiendo {

struct RecordPlace {
  StreamName stream;
  uint64_t position = 0;
};

// A record as it takes effect.
struct Effect {
  Record record;                        // of a re-judged one its message in the control's place
  std::optional<RecordPlace> rejudged;  // where that message was received
};

// `record` is an accepted one. A control record that names nothing that could take effect stays
// what it is.
[[nodiscard]] Result<Effect> effect_of(const LogReader& log, Record record);
// Of the record at this place.
[[nodiscard]] Result<Effect> read_effect(const LogReader& log, const StreamName& stream,
                                         uint64_t position);

}  // namespace tiendo

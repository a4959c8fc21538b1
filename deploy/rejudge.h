// A refused record judged again: the control record that says so, written into the log.
#pragma once

#include "events/clock.h"
#include "ingest/intake.h"
#include "query/api_context.h"

namespace tiendo {

// Hands the act to the intake and waits until the log has it, so not on the ingester's thread.
// Errors: `refused`, in words, for an author or reason that no record can have; those of the intake
// and of the log.
[[nodiscard]] Result<Placed> write_rejudged(Intake& intake, const Clock& clock,
                                            const RejudgeAct& act);

}  // namespace tiendo

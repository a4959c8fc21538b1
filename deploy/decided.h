// What a person decides over HTTP (a refused record judged again, a publication closed): the
// control record that says so, written into the log.
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

// The same for a publication that is closed or amended.
[[nodiscard]] Result<Placed> write_publication(Intake& intake, const Clock& clock,
                                               const PublicationEvent& event);

}  // namespace tiendo

// What a person decides over HTTP (a refused record judged again, a publication closed): the
// control record that says so, written into the log; also from a process that does not write it:
//
//   POST /control/publication?what=closed|amended&id=&author=
//   the event's data is the body; answers {"stream", "position", "verdict"}
#pragma once

#include <string>

#include "events/clock.h"
#include "ingest/intake.h"
#include "query/api_context.h"
#include "query/http_message.h"

namespace tiendo {

// Hands the act to the intake and waits until the log has it, so not on the ingester's thread.
// Errors: `refused`, in words, for an author or reason that no record can have; those of the intake
// and of the log.
[[nodiscard]] Result<Placed> write_rejudged(Intake& intake, const Clock& clock,
                                            const RejudgeAct& act);

// The same for a publication that is closed or amended.
[[nodiscard]] Result<Placed> write_publication(Intake& intake, const Clock& clock,
                                               const PublicationEvent& event);

// Asks the process that writes the log, over its socket, to write it. Errors: `refused` as of
// write_publication(); `no_log_writer` where none answers, or its answer is another.
[[nodiscard]] Result<Placed> publish_over(const std::string& socket, const PublicationEvent& event);

[[nodiscard]] std::string publication_target(const PublicationEvent& event);
// Error `refused` where the request names no such event.
[[nodiscard]] Result<PublicationEvent> publication_in(const HttpRequest& request);

}  // namespace tiendo

// How it stands with publications, for the answers that speak of their records.
#pragma once

#include <string>
#include <vector>

#include "query/call.h"
#include "query/edition_maker.h"

namespace tiendo {

// Of every act. The call has views.
[[nodiscard]] Result<std::vector<ActStanding>> standings_of(const Call& call,
                                                            const Publication& publication,
                                                            const std::vector<EditionHead>& kept);

// What an act waits for, by its code: the streams, its source, or the publication.
[[nodiscard]] std::string waits_for(const ActStanding& standing);

// One that waits, and for what.
struct WaitingAct {
  OrderKey record;
  std::string code;
  std::string waits_for;
};
[[nodiscard]] Result<std::vector<WaitingAct>> waiting_acts(const Call& call);

}  // namespace tiendo

#include "query/publication_standing.h"

namespace tiendo {

Result<std::vector<ActStanding>> standings_of(const Call& call, const Publication& publication,
                                              const std::vector<EditionHead>& kept) {
  const std::vector<StreamReach> streams = call.context.streams();
  return standings_of({call.views, call.context.log, streams}, publication, kept);
}

std::string waits_for(const ActStanding& standing) {
  if (standing.code == "not_granted") return standing.act->statement->source;
  if (standing.code != "streams_behind") return standing.act->said().publication;
  std::string words;
  for (const StreamName stream : standing.behind) {
    words += (words.empty() ? "" : ", ") + stream.text();
  }
  return words;
}

Result<std::vector<WaitingAct>> waiting_acts(const Call& call) {
  std::vector<WaitingAct> waiting;
  for (const Publication& publication : read_publications(*call.views->reference)) {
    TRY_ASSIGN(kept, EditionReader(call.context.log).heads(publication.id));
    TRY_ASSIGN(standings, standings_of(call, publication, kept));
    for (const ActStanding& one : standings) {
      if (one.state != ActStanding::State::waiting || one.code.empty()) continue;
      waiting.push_back({one.act->statement->key, one.code, waits_for(one)});
    }
  }
  return waiting;
}

}  // namespace tiendo

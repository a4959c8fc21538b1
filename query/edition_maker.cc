#include "query/edition_maker.h"

#include <algorithm>
#include <set>

#include "query/edition.h"

namespace tiendo {
namespace {

// The streams that are not read past an instant: by their sources, and by the views.
struct Behind {
  std::set<StreamName> sources;
  std::set<StreamName> views;
};

Result<Behind> behind_of(const EditionBasis& basis, Instant past) {
  Behind behind;
  for (const StreamReach& reach : basis.streams) {
    if (!reach.settled_until || *reach.settled_until <= past) behind.sources.insert(reach.stream);
  }
  TRY_ASSIGN(heads, basis.log.heads());
  for (const auto& [stream, head] : heads) {
    const auto read = basis.views->checkpoint.find(stream);
    const uint64_t next = read == basis.views->checkpoint.end() ? 0 : read->second;
    if (next >= head.next_position) continue;
    TRY_ASSIGN(record, basis.log.read(stream, next));
    if (record.recorded_at <= past) behind.views.insert(stream);
  }
  return behind;
}

const EditionHead* edition_of(const PublicationAct& act, const std::vector<EditionHead>& kept) {
  const auto found = std::find_if(kept.begin(), kept.end(), [&](const EditionHead& head) {
    return head.record == act.statement->key;
  });
  return found == kept.end() ? nullptr : &*found;
}

std::string_view held_code(PublicationAct::State state) {
  switch (state) {
    case PublicationAct::State::not_granted:
      return "not_granted";
    case PublicationAct::State::never_closed:
      return "publication_unknown";
    case PublicationAct::State::already_closed:
      return "already_closed";
    case PublicationAct::State::in_force:
      break;
  }
  return "";
}

// The place from which a publication goes on: acts up to the last that was made are settled, also
// where a stream that comes late puts another one before it.
std::optional<PublicationAct::Place> last_made(const Publication& publication,
                                               const std::vector<EditionHead>& kept) {
  if (kept.empty()) return std::nullopt;
  const OrderKey& record = kept.back().record;
  for (const PublicationAct& act : publication.acts) {
    if (act.statement->key == record) return act.place();
  }
  return PublicationAct::Place{record, true, record};
}

// What was made first says for all editions what is published.
const PublicationAct& closing_of(const Publication& publication,
                                 const std::vector<EditionHead>& kept) {
  for (const PublicationAct& act : publication.acts) {
    if (act.closes() && !kept.empty() && act.statement->key == kept.front().record) return act;
  }
  return *publication.closing();
}

// How it stands with an act that has effect and was not made yet.
Status settle_open(const EditionBasis& basis, const Publication& publication,
                   const PublicationAct& closing, ActStanding& standing) {
  if (const auto error = unpublishable(basis.views, closing, *standing.act)) {
    standing.state = ActStanding::State::unmade;
    standing.code = error->code;
  }
  TRY_ASSIGN(behind, behind_of(basis, standing.act->settled_past()));
  const bool waits = !behind.views.empty() ||
                     std::any_of(behind.sources.begin(), behind.sources.end(), [&](auto stream) {
                       return !publication.without.contains(stream);
                     });
  behind.sources.merge(behind.views);
  standing.behind.assign(behind.sources.begin(), behind.sources.end());
  if (!waits) return Done{};
  // What is not known yet may still be read.
  standing.state = ActStanding::State::waiting;
  standing.code = "streams_behind";
  return Done{};
}

Result<Edition> make_edition(const EditionBasis& basis, const Publication& publication,
                             const ActStanding& standing, const std::vector<EditionHead>& kept) {
  EditionRequest request{.views = basis.views,
                         .log = basis.log,
                         .closing = closing_of(publication, kept),
                         .act = *standing.act,
                         .edition = kept.empty() ? 1 : kept.back().edition + 1,
                         .without = standing.behind};
  if (!kept.empty()) {
    TRY_ASSIGN(before, EditionReader(basis.log).text(kept.back()));
    request.before = std::move(before);
    for (const PublicationAct& act : publication.acts) {
      if (act.statement->key == kept.back().record) request.before_moment = act.moment();
    }
  }
  TRY_ASSIGN(text, edition_text(request));
  const auto digest = sha256(text);
  return Edition{.head = {.publication = publication.id,
                          .edition = request.edition,
                          .record = standing.act->statement->key,
                          .digest = digest},
                 .text = std::move(text)};
}

}  // namespace

std::string_view name_of(ActStanding::State state) {
  switch (state) {
    case ActStanding::State::made:
      return "made";
    case ActStanding::State::waiting:
      return "waiting";
    case ActStanding::State::voided:
      return "void";
    case ActStanding::State::unmade:
      return "unmade";
  }
  return "";
}

Result<std::vector<ActStanding>> standings_of(const EditionBasis& basis,
                                              const Publication& publication,
                                              const std::vector<EditionHead>& kept) {
  using State = ActStanding::State;
  const auto settled = last_made(publication, kept);
  std::vector<ActStanding> standings;
  for (const PublicationAct& act : publication.acts) {
    ActStanding standing{.act = &act};
    const EditionHead* edition = edition_of(act, kept);
    if (edition != nullptr) {
      standing.state = State::made;
      standing.edition = *edition;
    } else if (act.state == PublicationAct::State::already_closed ||
               (act.closes() && !kept.empty())) {
      standing.state = State::voided;
      standing.code = "already_closed";
    } else if (act.state != PublicationAct::State::in_force) {
      standing.code = held_code(act.state);
    } else if (settled && act.place() < *settled) {
      standing.state = State::unmade;
      standing.code = "passed_over";
    } else {
      TRY_DO(settle_open(basis, publication, closing_of(publication, kept), standing));
    }
    standings.push_back(std::move(standing));
  }
  return standings;
}

Result<bool> EditionMaker::step() {
  const auto views = parts_.views();
  if (views == nullptr) return false;
  if (views->reference != reference_) {
    publications_ = read_publications(*views->reference);
    reference_ = views->reference;
  }
  Waiting waiting;
  std::optional<Error> trouble;
  if (!publications_.empty()) {
    const std::vector<StreamReach> streams = parts_.streams();
    for (const Publication& publication : publications_) {
      auto made = make_next({views, parts_.log, streams}, publication, waiting);
      if (made.ok() && *made) return true;
      if (!made.ok() && !trouble) trouble = made.error();  // of this one alone
    }
  }
  waiting_ = std::move(waiting);
  if (trouble) return *trouble;
  return false;
}

// One edition is made after the other: what comes later waits for what comes first.
Result<bool> EditionMaker::make_next(const EditionBasis& basis, const Publication& publication,
                                     Waiting& waiting) {
  TRY_ASSIGN(kept, EditionReader(basis.log).heads(publication.id));
  TRY_ASSIGN(standings, standings_of(basis, publication, kept));
  for (const ActStanding& standing : standings) {
    const bool waits = standing.state == ActStanding::State::waiting && !standing.code.empty();
    if (waits) ++waiting[standing.code];
  }
  for (const ActStanding& standing : standings) {
    const bool is_open = standing.state == ActStanding::State::waiting &&
                         standing.act->state == PublicationAct::State::in_force;
    if (!is_open) continue;
    if (!standing.code.empty()) return false;
    auto edition = make_edition(basis, publication, standing, kept);
    if (!edition.ok() && edition.error().code == "building") return false;
    if (!edition.ok()) return edition.error();
    TRY_DO(parts_.keep(*edition));
    return true;
  }
  return false;
}

}  // namespace tiendo

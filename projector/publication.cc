#include "projector/publication.h"

#include <algorithm>
#include <map>

#include "events/event.h"

namespace tiendo {
namespace {

// From which record on the source of a statement may speak of a unit; none: not yet. What had
// effect once keeps it. The node's own records are its operators'.
std::optional<OrderKey> may_speak_from(const Guard* guard, const Statement& statement,
                                       const std::string& unit) {
  if (guard == nullptr || statement.source == control_source) return statement.key;
  std::optional<OrderKey> known = statement.key;
  while (known) {
    const Guard::Cover cover = guard->cover(statement, unit, *known);
    if (cover.covered) return known;
    known = cover.changes;
  }
  return std::nullopt;
}

void hold(PublicationAct& act, PublicationAct::State state) { act.state = state; }

void place_closing(const Guard* guard, PublicationAct& act) {
  const auto from = may_speak_from(guard, *act.statement, act.said().unit);
  if (from) act.from = *from;
  if (!from) hold(act, PublicationAct::State::not_granted);
}

// An amendment is about the unit of what it amends, and about its own if it names one.
void place_amendment(const Guard* guard, const PublicationAct* closing, PublicationAct& act) {
  if (closing == nullptr) return hold(act, PublicationAct::State::never_closed);
  act.from = std::max(act.from, closing->from);
  std::vector<std::string> units = {closing->said().unit};
  if (!act.said().unit.empty()) units.push_back(act.said().unit);
  for (const std::string& unit : units) {
    const auto from = may_speak_from(guard, *act.statement, unit);
    if (!from) return hold(act, PublicationAct::State::not_granted);
    act.from = std::max(act.from, *from);
  }
}

// The acts come in the order of their records.
void place_acts(const Guard* guard, Publication& publication) {
  for (PublicationAct& act : publication.acts) {
    if (act.closes()) place_closing(guard, act);
  }
  const auto in_order = [](const PublicationAct& a, const PublicationAct& b) {
    return a.place() < b.place();
  };
  std::sort(publication.acts.begin(), publication.acts.end(), in_order);
  bool closed = false;
  for (PublicationAct& act : publication.acts) {
    if (!act.closes() || act.state != PublicationAct::State::in_force) continue;
    if (closed) hold(act, PublicationAct::State::already_closed);
    closed = true;
  }
  const PublicationAct* first = publication.closing();
  const auto closing = first != nullptr ? std::optional(*first) : std::nullopt;
  for (PublicationAct& act : publication.acts) {
    if (!act.closes()) place_amendment(guard, closing ? &*closing : nullptr, act);
  }
  std::sort(publication.acts.begin(), publication.acts.end(), in_order);
}

}  // namespace

Moment PublicationAct::moment() const {
  if (said().moment) return {.at = *said().moment, .everything = false};
  return {.at = from.recorded_at, .everything = false, .record = from};
}

PublicationAct::Place PublicationAct::place() const { return {from, !closes(), statement->key}; }

Instant PublicationAct::settled_past() const { return std::max(moment().at, from.recorded_at); }

const PublicationAct* Publication::closing() const {
  const auto found = std::find_if(acts.begin(), acts.end(), [](const PublicationAct& act) {
    return act.closes() && act.state == PublicationAct::State::in_force;
  });
  return found == acts.end() ? nullptr : &*found;
}

std::vector<Publication> read_publications(const Reference& reference) {
  std::map<std::string, Publication> by_id;
  for (const auto& statement : reference.statements()) {
    const auto* said = std::get_if<PublicationSaid>(&statement->said);
    if (said == nullptr) continue;
    Publication& publication = by_id[said->publication];
    publication.id = said->publication;
    publication.acts.push_back({.statement = statement, .from = statement->key});
    for (const std::string& stream : said->without) publication.without.emplace(stream);
  }
  std::vector<Publication> publications;
  for (auto& [id, publication] : by_id) {
    place_acts(reference.guard(), publication);
    publications.push_back(std::move(publication));
  }
  return publications;
}

}  // namespace tiendo

// Publications: what was closed and amended, as any set of records tells it (semantics 10). Pure.
// Which of them were made into editions is for the log to say (events/edition.h).
#pragma once

#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "projector/reference.h"

namespace tiendo {

// A record that closes or amends a publication.
struct PublicationAct {
  enum class State : uint8_t {
    in_force,
    already_closed,  // another record closed it before: void
    not_granted,     // waits for a grant
    never_closed,    // an amendment that waits for the closing
  };
  std::shared_ptr<const Statement> statement;
  State state = State::in_force;
  OrderKey from;  // from which record on it has effect: its own, or the one that released it

  [[nodiscard]] const PublicationSaid& said() const {
    return std::get<PublicationSaid>(statement->said);
  }
  [[nodiscard]] bool closes() const { return said().what == PublicationSaid::What::closed; }
  // The order in which acts have effect; the closing before what it releases.
  using Place = std::tuple<OrderKey, bool, OrderKey>;
  [[nodiscard]] Place place() const;
  // V: everything up to its moment; without one, everything up to where it has effect.
  [[nodiscard]] Moment moment() const;
  // Every stream must be read past this instant: V is whole then, and so is what is said of the
  // publication before the act.
  [[nodiscard]] Instant settled_past() const;
};

struct Publication {
  std::string id;
  std::vector<PublicationAct> acts;  // all that was said of it: in the order they have effect
  std::set<StreamName> without;      // streams that an operator does not wait for

  // The closing in force; none: never closed, or not by who may.
  [[nodiscard]] const PublicationAct* closing() const;
};

// By id.
[[nodiscard]] std::vector<Publication> read_publications(const Reference& reference);

}  // namespace tiendo

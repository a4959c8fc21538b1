// What an edition of a publication holds: for the unit and everything below it every target row and
// every slot, as one question with as_of = its moment answers. Pure in the state it is given.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "events/edition.h"
#include "projector/projector.h"
#include "projector/publication.h"

namespace tiendo {

struct EditionRequest {
  std::shared_ptr<const ViewState> views;  // that hold all of V
  LogReader log;
  const PublicationAct& closing;
  const PublicationAct& act;  // the closing or an amendment
  uint32_t edition = 1;
  std::vector<StreamName> without{};      // not read past V, and left out by an operator
  std::optional<std::string> before{};    // the text of the edition before this one
  std::optional<Moment> before_moment{};  // and its moment
};
// Its canonical text: one JSON object, members in a fixed order, no space. Errors: `building` while
// a figure needs terms that are being filled; `plan_unknown`, `period_invalid`, `unit_unknown`,
// `unit_not_in_tree`, `tree_invalid` where V does not hold what is to be published.
[[nodiscard]] Result<std::string> edition_text(const EditionRequest& request);

// The last five of these errors, or none: whether V holds what is to be published. Quick.
[[nodiscard]] std::optional<Error> unpublishable(const std::shared_ptr<const ViewState>& views,
                                                 const PublicationAct& closing,
                                                 const PublicationAct& act);

// `tree` of a publication; empty: as_reported. None: no tree.
[[nodiscard]] std::optional<TreeMode> publication_tree(std::string_view tree, const Moment& moment);

}  // namespace tiendo

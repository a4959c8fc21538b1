// Makes editions: once every stream is read past a publication's moment, it is figured and kept
// with the log. A plain object that steps, on one thread; it owns no thread or clock.
//
// What was kept before a crash is found there, and what was not is made again, the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "events/edition.h"
#include "projector/publication.h"
#include "query/api_context.h"

namespace tiendo {

// How it stands with one act of a publication.
struct ActStanding {
  enum class State : uint8_t {
    made,     // `edition` is kept
    waiting,  // `code`: streams_behind, not_granted, publication_unknown; empty: it is being made
    voided,   // `code`: already_closed
    unmade,   // `code`: why V does not hold what is to be published; or passed_over
  };
  const PublicationAct* act = nullptr;
  State state = State::waiting;
  std::string code{};
  std::vector<StreamName> behind{};  // the streams that are not read past V
  std::optional<EditionHead> edition{};
};
[[nodiscard]] std::string_view name_of(ActStanding::State state);

// What is known at one moment of the streams, the log and the views. `streams` were asked for after
// the views.
struct EditionBasis {
  std::shared_ptr<const ViewState> views;
  LogReader log;
  const std::vector<StreamReach>& streams;
};
// Of every act, in the order of the publication. `kept` are its editions.
[[nodiscard]] Result<std::vector<ActStanding>> standings_of(const EditionBasis& basis,
                                                            const Publication& publication,
                                                            const std::vector<EditionHead>& kept);

class EditionMaker {
 public:
  struct Parts {
    std::function<std::shared_ptr<const ViewState>()> views;
    LogReader log;
    std::function<std::vector<StreamReach>()> streams;
    std::function<Status(const Edition&)> keep;  // as keep_edition()
  };
  explicit EditionMaker(Parts parts) : parts_(std::move(parts)) {}

  // Makes one edition, if one can be made. True: it did, and there may be more. An error of one
  // publication keeps none of the others.
  Result<bool> step();
  // How many acts wait, by their code, as the last step that made none found them.
  [[nodiscard]] const std::map<std::string, uint64_t>& waiting() const { return waiting_; }

 private:
  using Waiting = std::map<std::string, uint64_t>;
  Result<bool> make_next(const EditionBasis& basis, const Publication& publication,
                         Waiting& waiting);

  Parts parts_;
  Waiting waiting_;
  // What was read last, while the reference data stay as they are.
  std::shared_ptr<const Reference> reference_;
  std::vector<Publication> publications_;
};

}  // namespace tiendo

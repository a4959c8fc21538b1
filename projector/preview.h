// What figures would be if a plan document were published now: the views with that one record more,
// held in memory above the views as they stand. Nothing is written, to the log or to the views.
#pragma once

#include <memory>
#include <string_view>

#include "events/overlay.h"
#include "projector/projector.h"
#include "projector/slots.h"

namespace tiendo {

// The message that would publish a plan document: in binary mode, where its bytes are all there is.
[[nodiscard]] Message publishing(std::string_view document);

// One thread at a time.
class Preview {
 public:
  // `document` is a plan document without fault, and publishing() it can be decoded. The record
  // comes after all that `state` knows, and not before `now`. Errors: those of the stores.
  [[nodiscard]] static Result<std::unique_ptr<Preview>> begin(
      std::shared_ptr<const ViewState> state, LogReader log, std::string_view document,
      Instant now);

  // Goes through at most so many further subjects for terms that the views do not have. Errors:
  // those of the stores.
  Status fill(std::size_t subjects);
  [[nodiscard]] bool is_filled() const;
  [[nodiscard]] std::size_t filled() const { return filled_; }  // subjects gone through
  [[nodiscard]] std::size_t bytes() const { return rows_->bytes(); }

  [[nodiscard]] const std::shared_ptr<const ViewState>& before() const { return before_; }
  // As far as it is filled; until the next fill().
  [[nodiscard]] std::shared_ptr<const ViewState> after() const;

 private:
  Preview(std::shared_ptr<const ViewState> state, LogReader log);
  Status apply(std::vector<Statement> fresh, std::size_t subjects);

  std::shared_ptr<const ViewState> before_;
  LogReader log_;
  std::shared_ptr<OverlayRows> rows_;
  std::shared_ptr<const Reference> reference_;
  std::vector<TermSlot> slots_;
  Backfill backfill_;
  std::size_t filled_ = 0;
};

}  // namespace tiendo

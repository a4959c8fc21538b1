// Previews that are being filled, or were: a document is asked about more than once.
#pragma once

#include <list>
#include <memory>
#include <mutex>

#include "events/limits.h"
#include "events/sha256.h"
#include "query/call.h"

namespace tiendo {

class Preview;

// Any thread.
class Previews {
 public:
  struct Limits {
    std::size_t subjects_max = limits::preview_subjects_max;  // gone through for one request
    std::size_t bytes_max = limits::preview_bytes_max;        // of one preview
    std::size_t kept_max = limits::previews_kept_max;
  };
  Previews();
  explicit Previews(const Limits& limits);
  ~Previews();

  // A preview and the right to use it, to the end of one request.
  class Held {
   public:
    [[nodiscard]] Preview& preview() const { return *preview_; }

   private:
    friend class Previews;
    // Let go of in the reverse order: the mutex is in what is kept, which may have been put out of
    // the list meanwhile.
    std::shared_ptr<void> kept_;
    std::shared_ptr<Preview> preview_;
    std::unique_lock<std::mutex> lock_;
  };
  // The preview of a plan document without fault, filled as far as one request may. Errors: busy (a
  // request is filling it), preview_too_large, those of the stores.
  [[nodiscard]] Result<Held> take(const Call& call, std::string_view document);

 private:
  struct Kept;
  [[nodiscard]] std::shared_ptr<Kept> find(const Digest& document);

  const Limits limits_;
  std::mutex mutex_;
  std::list<std::shared_ptr<Kept>> kept_;  // the one used last in front
};

}  // namespace tiendo

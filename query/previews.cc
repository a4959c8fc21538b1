#include "query/previews.h"

#include <algorithm>

#include "projector/preview.h"

namespace tiendo {
namespace {

// So long a filled preview speaks of the records it was filled with; its answers say of which.
constexpr int64_t good_ms = 300'000;

Error busy(const Call& call) {
  return refuse(call, "busy",
                {"Một yêu cầu khác đang tính bản xem trước này; hãy hỏi lại sau.",
                 "Another request is filling this preview; ask again."});
}

Error too_large(const Call& call) {
  return refuse(call, "preview_too_large",
                {"Bản xem trước cần nhiều bộ nhớ hơn mức cho phép; hãy công bố tài liệu trên một "
                 "bản sao của kho dữ liệu.",
                 "The preview needs more memory than it may take; publish the document on a copy "
                 "of the store instead."});
}

}  // namespace

struct Previews::Kept {
  Digest document;
  std::mutex mutex;
  std::shared_ptr<Preview> preview;
  Instant begun;
};

Previews::Previews() : Previews(Limits()) {}
Previews::Previews(const Limits& limits) : limits_(limits) {}
Previews::~Previews() = default;

std::shared_ptr<Previews::Kept> Previews::find(const Digest& document) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& one) { return one->document == document; });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
  } else {
    kept_.push_front(std::make_shared<Kept>());
    kept_.front()->document = document;
  }
  if (kept_.size() > limits_.kept_max) kept_.pop_back();
  return kept_.front();
}

Result<Previews::Held> Previews::take(const Call& call, std::string_view document) {
  Sha256 hash;
  hash.add(document);
  const std::shared_ptr<Kept> kept = find(hash.finish());
  Held held;
  held.kept_ = kept;
  held.lock_ = std::unique_lock(kept->mutex, std::try_to_lock);
  if (!held.lock_.owns_lock()) return busy(call);
  const auto is_good = [&](const Preview& preview) {
    if (preview.before() == call.views) return true;
    if (call.context.views_move) return false;
    // A short one is made anew with each record; a long one, once filled, serves for a while.
    if (preview.filled() <= limits_.subjects_max && preview.is_filled()) return false;
    return !preview.is_filled() || call.now.ms - kept->begun.ms < good_ms;
  };
  if (kept->preview == nullptr || !is_good(*kept->preview)) {
    kept->preview = nullptr;
    TRY_ASSIGN(begun, Preview::begin(call.views, call.context.log, document, call.now));
    kept->preview = std::move(begun);
    kept->begun = call.now;
  }
  const Status filled = kept->preview->fill(limits_.subjects_max);
  const bool large = kept->preview->bytes() > limits_.bytes_max;
  held.preview_ = kept->preview;
  if (filled.ok() && !large) return held;
  kept->preview = nullptr;  // half a step of it may be missing
  if (!filled.ok()) return filled.error();
  return too_large(call);
}

}  // namespace tiendo

#include "events/overlay.h"

#include "events/ensure.h"
#include "events/scan_end.h"

namespace tiendo {
namespace {

// Goes through both in order; a key that is above hides the same one below.
class OverlayCursor final : public Cursor {
 public:
  OverlayCursor(std::unique_ptr<Cursor> below, const OverlayRows::Table& above)
      : below_(std::move(below)), above_(above), at_(above_.end()) {}

  void seek(std::string_view key) override {
    status_ = Done{};
    is_below_done_ = false;
    below_->seek(key);
    last_below_ = key;
    at_ = above_.lower_bound(key);
    settle();
  }
  void next() override {
    ENSURE(valid(), "next() of a cursor at its end");
    if (is_above_) {
      ++at_;
    } else {
      step_below();
    }
    settle();
  }
  [[nodiscard]] bool valid() const override {
    return status_.ok() && (is_above_ ? at_ != above_.end() : has_below_);
  }
  [[nodiscard]] std::string_view key() const override {
    return is_above_ ? std::string_view(at_->first) : below_->key();
  }
  [[nodiscard]] std::string_view value() const override {
    return is_above_ ? std::string_view(*at_->second) : below_->value();
  }
  [[nodiscard]] Status status() const override { return status_; }

 private:
  void step_below() {
    last_below_ = below_->key();
    below_->next();
  }

  // Stops at the next row there is.
  void settle() {
    for (;;) {
      look_below();
      is_above_ = at_ != above_.end() && (!has_below_ || at_->first <= below_->key());
      if (!is_above_) return;
      if (has_below_ && at_->first == below_->key()) {
        step_below();
        look_below();
      }
      if (at_->second) return;
      ++at_;
    }
  }

  // Those below may have ended early, and rows above would hide that from whoever scans.
  void look_below() {
    has_below_ = !is_below_done_ && below_->valid();
    if (has_below_ || is_below_done_) return;
    status_ = scan_end(*below_, last_below_);
    is_below_done_ = true;
  }

  std::unique_ptr<Cursor> below_;
  const OverlayRows::Table& above_;
  OverlayRows::Table::const_iterator at_;
  std::string last_below_;  // the last key seen there, or sought
  bool is_below_done_ = false;
  bool has_below_ = false;
  bool is_above_ = false;
  Status status_ = Done{};
};

}  // namespace

void OverlayRows::apply(const WriteBatch& batch) {
  for (const WriteBatch::Entry& entry : batch.entries()) {
    std::optional<std::string> value;
    if (!entry.erase) value = batch.value(entry);
    bytes_ += entry.key_bytes + entry.value_bytes;
    tables_[entry.family].insert_or_assign(std::string(batch.key(entry)), std::move(value));
  }
}

const OverlayRows::Table& OverlayRows::table(Family family) const {
  static const Table none;
  const auto found = tables_.find(family);
  return found == tables_.end() ? none : found->second;
}

Result<std::optional<std::string>> OverlayRows::get(Family family, std::string_view key) const {
  const Table& above = table(family);
  if (const auto found = above.find(key); found != above.end()) return found->second;
  return below_->get(family, key);
}

Result<std::vector<std::optional<std::string>>> OverlayRows::get_many(
    Family family, const std::vector<std::string_view>& keys) const {
  TRY_ASSIGN(values, below_->get_many(family, keys));
  const Table& above = table(family);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const auto found = above.find(keys[i]); found != above.end()) values[i] = found->second;
  }
  return values;
}

std::unique_ptr<Cursor> OverlayRows::cursor(Family family) const {
  return std::make_unique<OverlayCursor>(below_->cursor(family), table(family));
}

}  // namespace tiendo

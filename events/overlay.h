// Rows of a store with writes above them that only the one who holds this sees: what a store would
// be after those writes, without writing to it.
#pragma once

#include <map>

#include "events/store.h"

namespace tiendo {

// Errors are those of the rows below. One thread at a time; no cursor lives across apply().
class OverlayRows final : public Snapshot {
 public:
  explicit OverlayRows(std::shared_ptr<const Snapshot> below) : below_(std::move(below)) {}

  void apply(const WriteBatch& batch);
  // Of keys and values held here.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override;
  [[nodiscard]] Result<std::vector<std::optional<std::string>>> get_many(
      Family family, const std::vector<std::string_view>& keys) const override;
  [[nodiscard]] std::unique_ptr<Cursor> cursor(Family family) const override;

  // By key; none: erased.
  using Table = std::map<std::string, std::optional<std::string>, std::less<>>;

 private:
  [[nodiscard]] const Table& table(Family family) const;

  std::shared_ptr<const Snapshot> below_;
  std::map<Family, Table> tables_;
  std::size_t bytes_ = 0;
};

}  // namespace tiendo

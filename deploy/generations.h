// The generations of the views on disk: folders g000001, g000002 ... and the pointer CURRENT, which
// names the one that is read and the one before it. The pointer is renamed into place and synced,
// so at any moment exactly one generation is current.
//
// One process at a time changes them: the one that projects.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "events/result.h"

namespace tiendo {

class Generations {
 public:
  explicit Generations(std::filesystem::path folder) : folder_(std::move(folder)) {}

  struct Pointer {
    std::string current;
    std::string previous;  // empty: there is none
  };
  // Error `not_found` before the first generation; `corrupt` where the pointer cannot be read.
  [[nodiscard]] Result<Pointer> pointer() const;

  [[nodiscard]] std::string path(const std::string& generation) const {
    return (folder_ / generation).string();
  }

  // A name never used before, with no folder yet. Errors: `io`.
  [[nodiscard]] Result<std::string> next_name() const;
  // From now on `generation` is read; the one read so far is kept as the previous one.
  Status switch_to(const std::string& generation);
  // Removes the folders of all generations but those the pointer names and `also_keep`.
  Status prune(const std::string& also_keep = {});

 private:
  std::filesystem::path folder_;
};

}  // namespace tiendo

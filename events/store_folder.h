// The folders a store lives in.
#pragma once

#include <filesystem>

#include "events/result.h"

namespace tiendo {

// Makes the folder and those above it, so that they survive power loss. Error `io`.
Status make_folder_durably(const std::filesystem::path& folder);

// Makes the folder, or empties it of what an earlier process left. Error `io`.
Status make_empty_folder(const std::filesystem::path& folder);

// A new folder among the system's temporary ones; it goes, with what is in it, when this goes.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> make(std::string_view name_start);
  ~TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;  // empty: moved from
};

}  // namespace tiendo

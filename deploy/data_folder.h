// Where a store keeps what, and whether this program may use it.
//
//   DIR/FORMAT          the version of this layout
//   DIR/log/            the event log, the truth
//   DIR/views/CURRENT   which generation of the views is read, and which one was before it
//   DIR/views/g000001/  a generation
//   DIR/socket          where a running `run` or `ingest` takes commands
//   DIR/project.socket  where a running `project` does
#pragma once

#include <filesystem>
#include <string>

#include "events/result.h"

namespace tiendo {

struct DataFolder {
  std::filesystem::path root;

  [[nodiscard]] std::string log() const { return (root / "log").string(); }
  [[nodiscard]] std::filesystem::path views() const { return root / "views"; }
  [[nodiscard]] std::string socket() const { return (root / "socket").string(); }
  [[nodiscard]] std::string project_socket() const { return (root / "project.socket").string(); }
};

// Makes the folder if it is not there. Errors: `io`, `format` where a newer program made it,
// `wrong_use` where it holds something else.
[[nodiscard]] Result<DataFolder> open_data_folder(const std::filesystem::path& root);
// The same of one that must be there. Error `not_found` besides.
[[nodiscard]] Result<DataFolder> find_data_folder(const std::filesystem::path& root);

// Writes a small file so that after a power loss the old or the new content is there, whole.
Status write_file_durably(const std::filesystem::path& file, const std::string& content);
// Error `io`; `not_found` where there is none.
[[nodiscard]] Result<std::string> read_small_file(const std::filesystem::path& file);

}  // namespace tiendo

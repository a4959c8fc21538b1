#include "events/store_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace tiendo {
namespace {

namespace fs = std::filesystem;

Error folder_error(std::string_view doing, const fs::path& folder, const std::error_code& why) {
  return {"io", fmt::format("{} {}: {}", doing, folder.string(), why.message())};
}

Status sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const std::error_code why(errno, std::generic_category());
  if (file >= 0) ::close(file);
  if (!synced) return folder_error("syncing the folder", folder, why);
  return Done{};
}

}  // namespace

Status make_folder_durably(const fs::path& folder) {
  std::error_code why;
  const fs::path absolute = fs::absolute(folder, why).lexically_normal();
  if (why) return folder_error("finding the folder", folder, why);
  fs::path reached;
  for (const fs::path& part : absolute) {
    const fs::path parent = reached;
    reached /= part;
    const bool made = fs::create_directory(reached, why);
    if (why) return folder_error("making the folder", reached, why);
    if (made) TRY_DO(sync_folder(parent));
  }
  return Done{};
}

Status make_empty_folder(const fs::path& folder) {
  std::error_code why;
  fs::remove_all(folder, why);
  if (why) return folder_error("emptying the folder", folder, why);
  fs::create_directory(folder, why);
  if (why) return folder_error("making the folder", folder, why);
  return Done{};
}

Result<TemporaryFolder> TemporaryFolder::make(std::string_view name_start) {
  std::error_code why;
  const fs::path folder = fs::temp_directory_path(why);
  if (why) return folder_error("finding the folder", "of temporary files", why);
  std::string name = (folder / fmt::format("{}XXXXXX", name_start)).string();
  if (::mkdtemp(name.data()) == nullptr) {
    return folder_error("making the folder", name, std::error_code(errno, std::generic_category()));
  }
  return TemporaryFolder(fs::path(name));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // the system clears its temporary folder in time
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

}  // namespace tiendo

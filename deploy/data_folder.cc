#include "deploy/data_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "events/store_folder.h"
#include "query/socket.h"

namespace tiendo {
namespace {

namespace fs = std::filesystem;

constexpr int layout_version = 1;
constexpr std::string_view format_start = "tiendo data ";

Error failed(std::string_view doing, const fs::path& file) {
  const std::error_code why(errno, std::generic_category());
  return {"io", fmt::format("{} {}: {}", doing, file.string(), why.message())};
}

Status write_and_sync(const fs::path& file, const std::string& content) {
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (out.number() < 0) return failed("writing", file);
  std::string_view left = content;
  while (!left.empty()) {
    const ssize_t written = ::write(out.number(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("writing", file);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(out.number()) != 0) return failed("syncing", file);
  return Done{};
}

Status check_format(const fs::path& root) {
  const fs::path file = root / "FORMAT";
  auto content = read_small_file(file);
  if (!content.ok()) return content.error();
  int version = 0;
  if (content->starts_with(format_start)) {
    std::istringstream(content->substr(format_start.size())) >> version;
  }
  if (version == layout_version) return Done{};
  if (version > layout_version) {
    return Error{"format", fmt::format("{} has layout {} and this program reads up to {}; use a "
                                       "newer tiendo",
                                       root.string(), version, layout_version)};
  }
  return Error{"wrong_use", file.string() + " was not written by tiendo; give another --data"};
}

}  // namespace

Status write_file_durably(const fs::path& file, const std::string& content) {
  const fs::path written = file.string() + ".new";
  TRY_DO(write_and_sync(written, content));
  if (::rename(written.c_str(), file.c_str()) != 0) return failed("renaming", written);
  const Descriptor folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0 || ::fsync(folder.number()) != 0) {
    return failed("syncing", file.parent_path());
  }
  return Done{};
}

Result<std::string> read_small_file(const fs::path& file) {
  std::error_code why;
  if (!fs::exists(file, why)) return Error{"not_found", "there is no " + file.string()};
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  if (!in) return failed("reading", file);
  return content.str();
}

Result<DataFolder> find_data_folder(const fs::path& root) {
  std::error_code why;
  const fs::path absolute = fs::absolute(root, why).lexically_normal();
  if (why) return Error{"io", "finding " + root.string() + ": " + why.message()};
  const Status format = check_format(absolute);
  if (!format.ok() && format.error().code == "not_found") {
    return Error{"not_found", absolute.string() + " holds no store; say where it is with --data"};
  }
  if (!format.ok()) return format.error();
  return DataFolder{absolute};
}

Result<DataFolder> open_data_folder(const fs::path& root) {
  TRY_DO(make_folder_durably(root));
  std::error_code why;
  if (!fs::exists(root / "FORMAT", why)) {
    TRY_DO(
        write_file_durably(root / "FORMAT", fmt::format("{}{}\n", format_start, layout_version)));
  }
  return find_data_folder(root);
}

}  // namespace tiendo

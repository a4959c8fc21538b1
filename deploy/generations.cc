#include "deploy/generations.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <system_error>
#include <vector>

#include "deploy/data_folder.h"
#include "events/store_folder.h"
#include "events/whole_number.h"

namespace tiendo {
namespace {

namespace fs = std::filesystem;

// The number in g000012; none for any other name.
std::optional<uint64_t> number_of(std::string_view name) {
  if (name.size() < 2 || name[0] != 'g') return std::nullopt;
  return whole_number<uint64_t>(name.substr(1));
}

Result<std::vector<std::string>> generations_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code why;
  for (fs::directory_iterator entry(folder, why), end; !why && entry != end; entry.increment(why)) {
    std::string name = entry->path().filename().string();
    if (number_of(name)) names.push_back(std::move(name));
  }
  if (why && why != std::errc::no_such_file_or_directory) {
    return Error{"io", "reading the folder " + folder.string() + ": " + why.message()};
  }
  return names;
}

}  // namespace

Result<Generations::Pointer> Generations::pointer() const {
  TRY_ASSIGN(content, read_small_file(folder_ / "CURRENT"));
  Pointer pointer;
  std::istringstream lines(content);
  lines >> pointer.current >> pointer.previous;
  if (!number_of(pointer.current) || (!pointer.previous.empty() && !number_of(pointer.previous))) {
    return Error{"corrupt", (folder_ / "CURRENT").string() + " names no generation"};
  }
  return pointer;
}

Result<std::string> Generations::next_name() const {
  TRY_ASSIGN(names, generations_in(folder_));
  uint64_t last = 0;
  for (const std::string& name : names) last = std::max(last, *number_of(name));
  const auto said = pointer();
  if (said.ok()) last = std::max(last, *number_of(said->current));
  return fmt::format("g{:06}", last + 1);
}

Status Generations::switch_to(const std::string& generation) {
  ENSURE(number_of(generation).has_value(), "a generation has a number");
  TRY_DO(make_folder_durably(folder_));
  std::string content = generation + "\n";
  const auto before = pointer();
  if (before.ok() && before->current != generation) content += before->current + "\n";
  return write_file_durably(folder_ / "CURRENT", content);
}

Status Generations::prune(const std::string& also_keep) {
  TRY_ASSIGN(said, pointer());
  TRY_ASSIGN(names, generations_in(folder_));
  for (const std::string& name : names) {
    if (name == said.current || name == said.previous || name == also_keep) continue;
    std::error_code why;
    fs::remove_all(folder_ / name, why);
    if (why) return Error{"io", "removing the generation " + name + ": " + why.message()};
  }
  return Done{};
}

}  // namespace tiendo

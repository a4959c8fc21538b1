#include "deploy/files_of_events.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "ingest/files.h"

namespace tiendo {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Lines that are not empty, for the bar; none where it cannot be known beforehand.
std::optional<uint64_t> count_lines(const std::vector<std::string>& files) {
  uint64_t lines = 0;
  for (const std::string& path : files) {
    std::error_code why;
    if (!std::filesystem::is_regular_file(path, why)) return std::nullopt;
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
    if (!file) return std::nullopt;
    std::vector<char> buffer(1u << 20);
    char last = '\n';
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
      const auto end = buffer.begin() + static_cast<std::ptrdiff_t>(count);
      lines += static_cast<uint64_t>(std::count(buffer.begin(), end, '\n'));
      last = buffer[count - 1];
    }
    if (last != '\n') ++lines;
  }
  return lines;
}

}  // namespace

Status each_batch(const std::vector<std::string>& files, const std::string& label,
                  std::size_t events_max, std::size_t bytes_max,
                  const std::function<Status(std::vector<Message>)>& take) {
  const Stopwatch watch;
  uint64_t lines_before = 0;
  ProgressBar bar(on_stderr(label, "events", count_lines(files)), write_to_stderr);
  for (const std::string& path : files) {
    TRY_ASSIGN(reader, LineReader::open(path));
    for (;;) {
      TRY_ASSIGN(messages, reader->next({.events_max = events_max, .bytes_max = bytes_max}));
      if (messages.empty()) break;
      const Status taken = take(std::move(messages));
      if (!taken.ok()) return taken.error().with_context(path);
      bar.update(lines_before + reader->progress().lines, watch.elapsed());
    }
    lines_before += reader->progress().lines;
  }
  bar.finish(lines_before, watch.elapsed());
  return Done{};
}

}  // namespace tiendo

#include "deploy/files_of_events.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "deploy/plan_file.h"
#include "events/limits.h"

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

EventBatch batch_of(std::vector<Line> lines, const std::string& path,
                    std::vector<LineLeftOut>& left_out) {
  EventBatch batch;
  for (Line& line : lines) {
    const LinePlace place{path, line.number};
    if (!line.text) {
      left_out.push_back({place, line.bytes});
      continue;
    }
    batch.messages.emplace_back().value = std::move(line.text);
    batch.places.push_back(place);
  }
  return batch;
}

}  // namespace

std::string LinePlace::text() const { return std::string(file) + ":" + std::to_string(line); }

Refusal refusal_of_length(uint64_t bytes) {
  return {.reason = Reason::too_large,
          .field = "",
          .found = std::to_string(bytes),
          .expected = "<= " + std::to_string(limits::event_bytes_max)};
}

std::string in_words(std::span<const LineLeftOut> left_out, Language language) {
  constexpr Words not_sent{": not sent, ", ": không gửi, "};
  std::string text;
  for (const LineLeftOut& line : left_out) {
    const Sentence sentence = sentence_of(refusal_of_length(line.bytes));
    text += "  " + line.place.text() + std::string(not_sent.in(language)) +
            std::string(name_of(Reason::too_large)) + ": " +
            (language == Language::vi ? sentence.vi : sentence.en) + "\n";
  }
  return text;
}

Status each_batch(const FilesToSend& what, const std::string& label,
                  const LineReader::Bounds& bounds, const std::function<Status(EventBatch)>& take,
                  std::vector<LineLeftOut>& left_out) {
  const Stopwatch watch;
  uint64_t lines_before = 0;
  ProgressBar bar(on_stderr(label, "events", count_lines(what.files)), write_to_stderr);
  for (const std::string& path : what.files) {
    TRY_ASSIGN(plan, event_of_plan_file(path, what.source_of_plans));
    if (plan) {
      EventBatch batch = batch_of({std::move(*plan)}, path, left_out);
      if (!batch.messages.empty()) TRY_DO(take(std::move(batch)));
      lines_before += count_lines({path}).value_or(1);
      continue;
    }
    TRY_ASSIGN(reader, LineReader::open(path));
    for (;;) {
      TRY_ASSIGN(lines, reader->next(bounds));
      if (lines.empty()) break;
      const uint64_t read = lines.back().number;
      EventBatch batch = batch_of(std::move(lines), path, left_out);
      if (!batch.messages.empty()) TRY_DO(take(std::move(batch)));
      bar.update(lines_before + read, watch.elapsed());
    }
    lines_before += reader->progress().lines;
  }
  bar.finish(lines_before, watch.elapsed());
  return Done{};
}

}  // namespace tiendo

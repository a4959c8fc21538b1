#include "deploy/progress_bar.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace tiendo {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds terminal_step{100};
constexpr milliseconds lines_step{5'000};
constexpr int bar_columns = 20;
constexpr std::string_view to_line_start = "\r";
constexpr std::string_view erase_to_line_end = "\x1b[K";

// 1,234,567
std::string grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

// 0:07, 12:30, 1:02:03
std::string duration(uint64_t seconds) {
  const auto two = [](uint64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  const uint64_t hours = seconds / 3600;
  const std::string minutes = std::to_string(seconds / 60 % 60);
  if (hours == 0) return minutes + ":" + two(seconds % 60);
  return std::to_string(hours) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
}

double part(uint64_t done, uint64_t total) {
  if (total == 0) return 1;
  return std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
}

std::string bar(double part) {
  const auto filled = static_cast<std::size_t>(part * bar_columns);
  return "[" + std::string(filled, '#') + std::string(bar_columns - filled, ' ') + "]";
}

std::string percent(double part) {
  const std::string number = std::to_string(static_cast<int>(part * 100));
  return std::string(3 - std::min<std::size_t>(3, number.size()), ' ') + number + "%";
}

// The line without its ending, from the average rate since the work began.
std::string line(const ProgressBar::Options& options, uint64_t done, milliseconds now,
                 bool finished) {
  const bool on_terminal = options.style == ProgressBar::Style::terminal;
  const double seconds = static_cast<double>(now.count()) / 1000;
  const double rate = now.count() > 0 ? static_cast<double>(done) / seconds : 0;
  std::string text = options.label;
  if (options.total) {
    const double share = part(done, *options.total);
    if (on_terminal) text += "  " + bar(share);
    text += "  " + percent(share) + "  " + grouped(done) + " of " + grouped(*options.total);
  } else {
    text += "  " + grouped(done);
  }
  text += " " + options.unit + "  " + grouped(static_cast<uint64_t>(rate)) + "/s";
  if (finished) {
    text += "  in " + duration(static_cast<uint64_t>(seconds));
  } else if (options.total && rate > 0) {
    const uint64_t left = *options.total - std::min(done, *options.total);
    text +=
        "  ETA " + duration(static_cast<uint64_t>(std::llround(static_cast<double>(left) / rate)));
  }
  return text;
}

// The first `columns` characters; never half of one.
std::string cut(std::string text, int columns) {
  int seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (starts_character && ++seen > columns) return text.substr(0, i);
  }
  return text;
}

}  // namespace

ProgressBar::ProgressBar(Options options, Write write)
    : options_(std::move(options)), write_(std::move(write)) {
  // Work that is over before the first plain line would be due shows only how it ended.
  if (options_.style == Style::lines) next_ = lines_step;
}

ProgressBar::~ProgressBar() {
  if (line_is_open_) write_("\n");
}

void ProgressBar::update(uint64_t done, Time now) {
  if (finished_ || now < next_) return;
  const bool on_terminal = options_.style == Style::terminal;
  next_ = now + (on_terminal ? terminal_step : lines_step);
  show(done, now, on_terminal ? "" : "\n");
}

void ProgressBar::finish(uint64_t done, Time now) {
  if (finished_) return;
  finished_ = true;
  show(done, now, "\n");
}

void ProgressBar::show(uint64_t done, Time now, std::string_view ending) {
  std::string text = line(options_, done, now, finished_);
  if (options_.style == Style::terminal) {
    // One column is left free: a terminal wraps when the last one is written.
    text = std::string(to_line_start) + cut(std::move(text), options_.width - 1);
    text += erase_to_line_end;
  }
  write_(text.append(ending));
  line_is_open_ = ending.empty();
}

ProgressBar::Options on_stderr(std::string label, std::string unit, std::optional<uint64_t> total) {
  ProgressBar::Options options{std::move(label), std::move(unit), total};
  const char* kind = std::getenv("TERM");
  if (::isatty(STDERR_FILENO) == 0 || kind == nullptr || std::string_view(kind) == "dumb")
    return options;
  options.style = ProgressBar::Style::terminal;
  winsize size = {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    options.width = size.ws_col;
  return options;
}

void write_to_stderr(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace tiendo

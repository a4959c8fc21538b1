// How far a long piece of work has come, for the person who waits: one line drawn over and over on
// a terminal, a plain line every few seconds elsewhere (a file, journald, a pipe).
//
//   import  [#########           ]  47%  1,234,567 of 2,600,000 events  101,000/s  ETA 0:13
//   import  1,234,567 events  101,000/s                                   (total unknown)
//
// It asks no clock: the time since the work began is passed in. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tiendo {

class ProgressBar {
 public:
  using Time = std::chrono::milliseconds;  // since the work began, never less than before
  using Write = std::function<void(std::string_view)>;

  enum class Style { terminal, lines };

  struct Options {
    std::string label;              // "import"
    std::string unit;               // "events"
    std::optional<uint64_t> total;  // unknown: no percentage, bar or ETA
    Style style = Style::lines;
    int width = 80;  // of the terminal, in columns; a longer line is cut
  };

  ProgressBar(Options options, Write write);
  // Ends the line if finish() was not reached, so that what follows starts on a line of its own.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Shows `done` units if it is time to: every 100 ms on a terminal, every 5 s elsewhere. Cheap
  // otherwise.
  void update(uint64_t done, Time now);
  // Shows the last state with the time taken, and ends the line. Nothing is shown afterwards.
  void finish(uint64_t done, Time now);

 private:
  void show(uint64_t done, Time now, std::string_view ending);

  Options options_;
  Write write_;
  Time next_{0};
  bool line_is_open_ = false;
  bool finished_ = false;
};

// Style and width of what stderr is now, and a writer to it.
[[nodiscard]] ProgressBar::Options on_stderr(std::string label, std::string unit,
                                             std::optional<uint64_t> total);
void write_to_stderr(std::string_view text);

}  // namespace tiendo

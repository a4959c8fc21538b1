#include "deploy/progress_bar.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A bar and what it has written since it was last asked.
class Shown {
 public:
  explicit Shown(ProgressBar::Options options)
      : bar_(std::in_place, std::move(options), [this](std::string_view text) { text_ += text; }) {}

  std::string update(uint64_t done, milliseconds now) {
    bar_->update(done, now);
    return std::exchange(text_, {});
  }
  std::string finish(uint64_t done, milliseconds now) {
    bar_->finish(done, now);
    return std::exchange(text_, {});
  }
  std::string destroy() {
    bar_.reset();
    return std::exchange(text_, {});
  }

 private:
  std::string text_;
  std::optional<ProgressBar> bar_;
};

ProgressBar::Options on_terminal(std::optional<uint64_t> total) {
  return {"import", "events", total, ProgressBar::Style::terminal, 100};
}

ProgressBar::Options in_lines(std::optional<uint64_t> total) {
  return {"import", "events", total, ProgressBar::Style::lines, 80};
}

TEST(ProgressBar, ShowsPercentRateAndTimeLeft) {
  Shown shown(on_terminal(2'000'000));
  EXPECT_EQ(shown.update(0, milliseconds(0)),
            "\rimport  [                    ]    0%  0 of 2,000,000 events  0/s\x1b[K");
  EXPECT_EQ(shown.update(500'000, seconds(10)),
            "\rimport  [#####               ]   25%  500,000 of 2,000,000 events  50,000/s  "
            "ETA 0:30\x1b[K");
}

TEST(ProgressBar, EndsItsLineWithTheTimeTaken) {
  Shown shown(on_terminal(10));
  EXPECT_EQ(shown.finish(10, seconds(3'723)),
            "\rimport  [####################]  100%  10 of 10 events  0/s  in 1:02:03\x1b[K\n");
  EXPECT_EQ(shown.finish(10, seconds(4'000)), "");
  EXPECT_EQ(shown.update(10, seconds(4'000)), "");
  EXPECT_EQ(shown.destroy(), "");
}

TEST(ProgressBar, EndsTheLineOfWorkThatWasBrokenOff) {
  Shown shown(on_terminal(10));
  shown.update(1, milliseconds(0));
  EXPECT_EQ(shown.destroy(), "\n");
  Shown never_shown(on_terminal(10));
  EXPECT_EQ(never_shown.destroy(), "");
}

TEST(ProgressBar, RedrawsTenTimesASecond) {
  Shown shown(on_terminal(10));
  EXPECT_NE(shown.update(1, milliseconds(0)), "");
  EXPECT_EQ(shown.update(2, milliseconds(99)), "");
  EXPECT_NE(shown.update(3, milliseconds(100)), "");
}

TEST(ProgressBar, WritesALineEveryFiveSecondsElsewhere) {
  Shown shown(in_lines(400));
  EXPECT_EQ(shown.update(1, milliseconds(4'999)), "");
  EXPECT_EQ(shown.update(100, milliseconds(5'000)),
            "import   25%  100 of 400 events  20/s  ETA 0:15\n");
  EXPECT_EQ(shown.update(110, milliseconds(9'999)), "");
  EXPECT_EQ(shown.update(200, milliseconds(10'000)),
            "import   50%  200 of 400 events  20/s  ETA 0:10\n");
  EXPECT_EQ(shown.finish(400, seconds(20)), "import  100%  400 of 400 events  20/s  in 0:20\n");
  EXPECT_EQ(shown.destroy(), "");
}

TEST(ProgressBar, ShowsWhatItCanWithoutATotal) {
  Shown shown(on_terminal(std::nullopt));
  EXPECT_EQ(shown.update(1'234'567, seconds(10)), "\rimport  1,234,567 events  123,456/s\x1b[K");
}

TEST(ProgressBar, StaysWithinAHundredPercent) {
  Shown shown(in_lines(10));
  EXPECT_EQ(shown.update(30, seconds(10)), "import  100%  30 of 10 events  3/s  ETA 0:00\n");
  Shown nothing_to_do(in_lines(0));
  EXPECT_EQ(nothing_to_do.finish(0, milliseconds(0)),
            "import  100%  0 of 0 events  0/s  in 0:00\n");
}

TEST(ProgressBar, CutsItsLineToTheTerminalAndNotACharacter) {
  ProgressBar::Options options = on_terminal(std::nullopt);
  options.label = "đếm";
  options.width = 3;
  Shown shown(std::move(options));
  EXPECT_EQ(shown.update(1, milliseconds(0)), "\rđế\x1b[K");
}

}  // namespace
}  // namespace tiendo

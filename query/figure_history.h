// Every value a figure ever had: the figure after each record that changed it, in the order of
// records, and after each day that began and made something count.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "projector/figure.h"

namespace tiendo {

// A place in the history: after a record, or at the beginning of a day.
struct HistoryPoint {
  Instant at;                      // recorded_at, or 00:00
  std::optional<OrderKey> record;  // none: only time has passed
  friend bool operator<(const HistoryPoint& a, const HistoryPoint& b) {
    if (a.at != b.at) return a.at < b.at;
    return a.record < b.record;  // a day begins before its records
  }
  // What was known there: always up to and including one record.
  [[nodiscard]] Moment moment() const;
};
// Bytes that sort as the points do, for cursors.
[[nodiscard]] std::string bytes_of(const HistoryPoint& point);
[[nodiscard]] std::optional<HistoryPoint> parse_history_point(std::string_view bytes);

enum class HistoryTree : uint8_t { as_reported, of_day, current };

struct HistoryQuestion {
  std::shared_ptr<const ViewState> views;
  Moment until;
  std::string plan;
  std::string indicator;
  std::string unit;
  std::string period;
  HistoryTree tree = HistoryTree::as_reported;
  Day tree_day;  // of_day
  Extent extent = Extent::subtree;
};

struct HistoryEntry {
  HistoryPoint point;
  Figure figure;
};
struct History {
  std::vector<HistoryEntry> entries;
  std::optional<HistoryPoint> next;  // go on after this point; none: this is all
};
// At most `limit` entries after the point `after`. Before its plan and unit are known a figure is
// nothing: 0, or no data.
[[nodiscard]] Result<History> figure_history(const HistoryQuestion& question,
                                             const std::optional<HistoryPoint>& after,
                                             std::size_t limit);

}  // namespace tiendo

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
// The last place in order that a record of that instant may have, and that a moment knows.
[[nodiscard]] OrderKey last_of(Instant at);
[[nodiscard]] OrderKey last_known(const Moment& moment);
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
  // All figures are those of this clock's day, and only records change them; none: each point has
  // its own day.
  std::optional<Instant> clock;
};
// What is known at a point, and the day that is asked about there.
[[nodiscard]] Moment moment_at(const HistoryQuestion& question, const HistoryPoint& point);

struct HistoryEntry {
  HistoryPoint point;
  Figure figure;
};
struct History {
  std::vector<HistoryEntry> entries;
  std::optional<HistoryPoint> next;  // go on after this point; none: this is all
};
// Whether a record or a day between two figures changed nothing. Later on no data is another thing
// than 0; a figure that is not known yet is nothing: 0, or a ratio of nothing to nothing.
[[nodiscard]] bool is_same(const Figure& a, const Figure& b);
// At most `limit` entries after the point `after`. Before its plan and unit are known a figure is
// nothing: 0, or no data.
[[nodiscard]] Result<History> figure_history(const HistoryQuestion& question,
                                             const std::optional<HistoryPoint>& after,
                                             std::size_t limit);

}  // namespace tiendo

#include "query/figure_history.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "events/bytes.h"
#include "query/history_parts.h"
#include "query/history_points.h"

namespace tiendo {
namespace {

// A page ends after the views were asked so often, though it may not be full.
constexpr std::size_t asked_max = 500;

}  // namespace

// A figure that is not known yet is nothing: 0, or a ratio of nothing to nothing. Later on no data
// is another thing than 0.
bool is_same(const Figure& a, const Figure& b) {
  const auto is_known = [](const Figure& figure) {
    return figure.has_data() || !figure.no_data.empty();
  };
  if (is_known(a) && is_known(b) && a.has_data() != b.has_data()) return false;
  const auto parts = [](const Figure& figure) {
    const auto or_zero = [](const std::optional<Decimal>& part) {
      return part.value_or(Decimal());
    };
    return std::tuple(or_zero(figure.value), or_zero(figure.numerator),
                      or_zero(figure.denominator));
  };
  return parts(a) == parts(b);
}

// At the beginning of a day all is known that was recorded before it.
Moment HistoryPoint::moment() const {
  if (record) return {.at = record->recorded_at, .everything = false, .record = record};
  return {.at = at, .everything = false, .record = last_of({at.ms - 1})};
}

Moment moment_at(const HistoryQuestion& question, const HistoryPoint& point) {
  Moment moment = point.moment();
  if (question.clock) moment.at = *question.clock;
  return moment;
}

OrderKey last_of(Instant at) {
  static const StreamName last("\xff");
  return {at, last, std::numeric_limits<uint64_t>::max()};
}

OrderKey last_known(const Moment& moment) {
  if (moment.everything) return last_of({std::numeric_limits<int64_t>::max()});
  return moment.record.value_or(last_of(moment.at));
}

std::string bytes_of(const HistoryPoint& point) {
  std::string out;
  bytes::put_i64(out, point.at.ms);
  if (point.record) append_order_key(out, *point.record);
  return out;
}

std::optional<HistoryPoint> parse_history_point(std::string_view text) {
  bytes::Taker taker(text);
  HistoryPoint point{.at = {taker.take_i64()}};
  std::string_view rest = taker.rest();
  if (!taker.ok()) return std::nullopt;
  if (rest.empty()) return point;
  point.record = take_order_key(rest);
  if (!point.record || !rest.empty()) return std::nullopt;
  return point;
}

Result<History> figure_history(const HistoryQuestion& question,
                               const std::optional<HistoryPoint>& after, std::size_t limit) {
  HistoryPoints points(question);
  TRY_DO(points.find());
  const bool adds = points.adds();
  const auto values = points.values();
  History history;
  Figure last;
  std::size_t asked = 0;
  // Sums are kept up from the beginning; what is asked for anew begins where the page before ended.
  auto point = points.points().begin();
  if (after && !adds) {
    point = points.points().upper_bound(*after);
    TRY_ASSIGN(before, values->at(*after));
    last = std::move(before);
  }
  for (; point != points.points().end(); ++point) {
    TRY_ASSIGN(figure, values->at(*point));
    const bool changed = !is_same(figure, last);
    last = figure;
    if (after && !(*after < *point)) continue;
    if (changed) history.entries.push_back({*point, std::move(figure)});
    const bool full = history.entries.size() == limit || (!adds && ++asked == asked_max);
    if (full && std::next(point) != points.points().end()) {
      history.next = *point;
      break;
    }
  }
  return history;
}

}  // namespace tiendo

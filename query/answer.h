// What an answer rests on, and the answer as JSON.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "projector/figure.h"
#include "query/call.h"
#include "query/json_writer.h"

namespace tiendo {

// The last position of each stream that the views hold and a moment knows.
[[nodiscard]] Result<std::map<StreamName, uint64_t>> known_positions(const LogReader& log,
                                                                     const Checkpoint& held,
                                                                     const Moment& moment);

// What every answer with a figure says of itself:
//   as_of {moment, streams {NAME: last position known}, times}, final, lag_ms, state.
// `times`: the streams among them whose records do not bear the moment they came, with what they
// bear: event_time (imports: what the events themselves say), producer_time. Left out where empty.
// `final`: every known stream is read past the moment, so the answer will stay. An answer without
// as_of is provisional (final is false).
// `lag_ms`: how long the oldest record that the views do not hold yet has been in the log; imports
// bear the times of their events and do not count.
// `state`: building (a figure needs terms that are still being filled), incomplete (a stream has
// stopped before the moment), behind (records up to the moment are still on their way), current.
struct Basis {
  Moment moment;
  std::map<StreamName, uint64_t> streams;
  std::map<StreamName, std::string_view> times;
  bool final = false;
  int64_t lag_ms = 0;
  std::string_view state = "current";
};
[[nodiscard]] Result<Basis> basis_of(const Call& call, const Moment& moment);
void write_basis(JsonWriter& json, const Basis& basis, bool building);

// Answers of one basis to one question are equal, but for lag_ms and the moment within a day.
[[nodiscard]] std::string etag_of(const Call& call, const Basis& basis);

// The body of an answer; says whether it needs terms that are still being filled.
using BodyWriter = std::function<Result<bool>(JsonWriter& json)>;
// Writes `{` the fields of `body`, the basis `}` with the ETag, or 304 where the client has it.
[[nodiscard]] Result<HttpResponse> answer(const Call& call, const Basis& basis,
                                          const BodyWriter& body);
// One that rests on no views.
[[nodiscard]] HttpResponse plain_json(std::string body);
// Where something stands in the log: {stream, position, verdict}.
[[nodiscard]] std::string placed_json(const Placed& placed);
// 202 with that.
[[nodiscard]] HttpResponse placed_answer(const Placed& placed);

// A figure with its value, numerator, denominator, and the reason where it has no data. Percentages
// are shown as against `threshold`. An overflow raises the alarm.
void write_figure(const Call& call, JsonWriter& json, const Figure& figure,
                  const std::optional<ShownThreshold>& threshold = {});
// Its parts, for what nobody has asked for: writing alone, and the alarm alone.
void write_figure(JsonWriter& json, const Figure& figure,
                  const std::optional<ShownThreshold>& threshold);
// The amounts alone; returned is the reason where there is no data, else nothing.
std::string_view write_amounts(JsonWriter& json, const Figure& figure,
                               const std::optional<ShownThreshold>& threshold = {});
void tell_overflow(const Call& call, const Figure& figure);

}  // namespace tiendo

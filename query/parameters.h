// The parameters of requests: which a route takes, and what their texts mean.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "projector/figure.h"
#include "query/call.h"

namespace tiendo {

struct ParameterSpec {
  std::string_view name;
  std::string_view description;
  bool required = false;
};

// Errors: parameter_unknown (naming the known ones), parameter_repeated, parameter_missing.
Status check_parameters(const Call& call, std::span<const ParameterSpec> known);

// The parameter in NFC; none where it is absent or empty.
[[nodiscard]] std::optional<std::string> text_of(const Call& call, std::string_view name);

// `as_of`, or another parameter that is a moment: an instant, a date (to the end of that local day)
// or stream@position. Without it, or later than now: everything, as of the clock. Error:
// as_of_invalid.
[[nodiscard]] Result<Moment> moment_of(const Call& call, std::string_view name = "as_of");
// `tree`: as_reported, current, or a date. Error: tree_invalid.
[[nodiscard]] Result<TreeMode> tree_of(const Call& call, const Moment& moment);
// stream@position. Error: parameter_invalid.
using RecordName = RecordPlace;
[[nodiscard]] Result<RecordName> record_name(const Call& call, std::string_view text);

// `extent` by `of`: own or subtree (where it is absent).
[[nodiscard]] Result<Extent> extent_of(const Call& call);
// `limit`, 1 to limits::page_rows_max.
[[nodiscard]] Result<std::size_t> limit_of(const Call& call, std::size_t otherwise);
// A day. Error: parameter_invalid.
[[nodiscard]] Result<std::optional<Day>> day_of(const Call& call, std::string_view name);

// A cursor is bytes of the list's own making, written in hex. Error: cursor_invalid.
[[nodiscard]] std::string cursor_text(std::string_view bytes);
[[nodiscard]] Result<std::string> cursor_of(const Call& call);  // empty: from the start
[[nodiscard]] Error cursor_invalid(const Call& call);

}  // namespace tiendo

// A plan document that is given where files of events are: the event that publishes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "events/json.h"
#include "events/result.h"
#include "ingest/files.h"

namespace tiendo {

// An object with `indicators` that is no event.
[[nodiscard]] bool is_plan_document(json::Value root);

// The event vn.tiendo.plan.published.v1, one line, structured. Everything in it follows from the
// document and the source, so that the same file sent again is a duplicate: the id is
// PLAN/VERSION/DIGEST, and `time` the beginning of `valid_from`, so that an import knows the plan
// from the day on which it holds.
[[nodiscard]] std::string event_of_plan(json::Value document, std::string_view source);

// The event of a file that is one plan document and nothing else, at its first line; without text
// where a document is too large to be one. None for all other files, and for standard input.
// Errors: those of LineReader.
Result<std::optional<Line>> event_of_plan_file(const std::string& path, std::string_view source);

}  // namespace tiendo

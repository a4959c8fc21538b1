// The bytes of the log's rows (README.md shows them as a table). Stored: never change a layout,
// add a new version beside it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "events/log.h"

namespace tiendo {

// Rows of one stream lie together, by position.
[[nodiscard]] std::string record_key(StreamName stream, uint64_t position);
// Another position of the same stream.
void set_position(std::string& record_key, uint64_t position);

// The message as it is hashed later, and behind it the judgement. The message's part ends where its
// own lengths say, so the hashed part needs no mark.
[[nodiscard]] std::string message_bytes(const Message& message);
void append_judgement(std::string& out, Instant recorded_at, const Judgement& judgement);
// Fills message, recorded_at and judgement; false: the row is no record of ours.
[[nodiscard]] bool parse_record(std::string_view value, Record& record);

[[nodiscard]] std::string head_bytes(const StreamHead& head);
[[nodiscard]] std::optional<StreamHead> parse_head(std::string_view bytes);

[[nodiscard]] std::string origin_bytes(const StreamOrigin& origin);
[[nodiscard]] std::optional<StreamOrigin> parse_origin(std::string_view bytes);

}  // namespace tiendo

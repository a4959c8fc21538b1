// Every limit of the engine, in one place. Each is tested at n and at n + 1.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tiendo::limits {

// What a message may hold (semantics: a refusal names the code on the right).
inline constexpr std::size_t event_bytes_max = 1u << 20;  // too_large
inline constexpr int json_depth_max = 32;                 // too_deep
inline constexpr std::size_t id_bytes_max = 200;          // attribute_invalid, id_invalid
inline constexpr std::size_t text_bytes_max = 4'000;      // text_too_long
inline constexpr std::size_t list_elements_max = 20'000;  // list_too_long
inline constexpr int activity_span_days_max = 1'096;      // span_too_long
inline constexpr int year_min = 1900;                     // date_invalid, year_invalid
inline constexpr int year_max = 2199;
inline constexpr int decimal_whole_digits_max = 18;    // number_range
inline constexpr int decimal_fraction_digits_max = 6;  // number_precision

// What the intake takes at once over HTTP.
inline constexpr std::size_t body_bytes_max = 16u << 20;          // 413
inline constexpr std::size_t batch_events_max = 50'000;           // 413: one batch
inline constexpr std::size_t intake_queue_bytes_max = 64u << 20;  // 429
static_assert(intake_queue_bytes_max >= body_bytes_max);
inline constexpr std::size_t gateway_bytes_max = 64u << 20;  // 429: not yet confirmed by Kafka
static_assert(gateway_bytes_max >= body_bytes_max);

// What the HTTP server takes from one client, and from all of them.
inline constexpr std::size_t header_bytes_max = 16u << 10;         // 431: request line and headers
inline constexpr std::size_t header_fields_max = 100;              // 431
inline constexpr std::size_t request_target_bytes_max = 8u << 10;  // 414
static_assert(request_target_bytes_max < header_bytes_max);
inline constexpr std::size_t connections_max = 1'024;        // 503
inline constexpr int requests_per_connection_max = 1'000;    // then the connection is closed
inline constexpr std::size_t bodies_bytes_max = 256u << 20;  // 503: bodies held at one time
static_assert(bodies_bytes_max >= body_bytes_max);

// What the log writes in one synced batch.
inline constexpr std::size_t log_batch_events_max = 20'000;
inline constexpr std::size_t log_batch_bytes_max = 16u << 20;

// What the judge keeps of a refused value, to show what was found.
inline constexpr std::size_t found_bytes_max = 120;

// What one answer may hold.
inline constexpr std::size_t page_rows_default = 100;
inline constexpr std::size_t page_rows_max = 1'000;
inline constexpr std::size_t history_entries_max = 1'000;
inline constexpr std::size_t preview_subjects_max = 50'000;   // gone through for one request
inline constexpr std::size_t preview_bytes_max = 256u << 20;  // preview_too_large
inline constexpr std::size_t previews_kept_max = 4;
inline constexpr std::size_t change_records_max = 20'000;        // too_many_records
inline constexpr std::size_t edition_readings_max = 1'000'000;   // to tell what changed
inline constexpr std::size_t change_records_listed_max = 1'000;  // of one part

// A filter over attributes of units is split into one term for each outcome of its conditions.
inline constexpr int filter_unit_conditions_max = 6;

}  // namespace tiendo::limits

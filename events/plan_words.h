// The closed lists of words in plan documents: what is read, what the JSON Schema offers and what
// the messages name are these.
#pragma once

#include <array>
#include <string_view>

namespace tiendo::words {

inline constexpr std::array<std::string_view, 17> measures = {
    "activities", "visits", "people", "households",  "enterprises", "accounts",
    "products",   "sites",  "teams",  "dossiers",    "models",      "classes",
    "documents",  "units",  "rank",   "million_vnd", "percent"};

inline constexpr std::array<std::string_view, 16> formula_kinds = {
    "count", "sum",       "distinct",  "gauge",    "state", "rank",
    "kept",  "ratio",     "survey",    "coverage", "share", "least",
    "money", "milestone", "reference", "statistic"};  // the last only as a term of a ratio

// In the order of Comparator, Scope, TargetWhen::Kind, Extent and Covers.
inline constexpr std::array<std::string_view, 5> comparators = {">=", ">", "<=", "<", "="};
inline constexpr std::array<std::string_view, 4> scopes = {"unit", "each", "rollup", "share"};
inline constexpr std::array<std::string_view, 5> when_kinds = {"each_year", "by", "before",
                                                               "throughout", "in"};
inline constexpr std::array<std::string_view, 2> extents = {"own", "subtree"};

inline constexpr std::array<std::string_view, 2> calendars = {"calendar", "statutory"};
inline constexpr std::array<std::string_view, 2> judged_by = {"said", "received"};
inline constexpr std::array<std::string_view, 3> forms = {"in_person", "online", "hybrid"};
inline constexpr std::array<std::string_view, 3> organisations = {"doan", "hoi", "doi"};

// Levels as the shipped plans and units have them; others are free, and warned of.
inline constexpr std::array<std::string_view, 6> levels = {"national",   "province", "district",
                                                           "affiliated", "commune",  "branch"};

// Fields of filters; those that end in a point are followed by a key of the plan's own choice.
inline constexpr std::array<std::string_view, 12> activity_fields = {"type",
                                                                     "form",
                                                                     "pillar",
                                                                     "topics",
                                                                     "task",
                                                                     "plan",
                                                                     "organisation",
                                                                     "flag.",
                                                                     "unit.level",
                                                                     "unit.kind",
                                                                     "unit.parent_level",
                                                                     "unit.attr."};
inline constexpr std::array<std::string_view, 4> unit_fields = {"level", "kind", "parent_level",
                                                                "attr."};
inline constexpr std::array<std::string_view, 4> entity_fields = {"flag.", "unit.level",
                                                                  "unit.kind", "unit.attr."};

}  // namespace tiendo::words

// Rows of the views in words, for the person who has to find one. Any bytes can be asked about,
// damaged ones too.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "projector/rows.h"
#include "projector/slots.h"

namespace tiendo {

// What the key of a row says.
struct RowPlace {
  std::string words;  // "visits {…} of D1 on 2024-05-01"; of an unreadable key its bytes
  bool readable = true;
  std::optional<SubjectKey> subject;  // of rows that are folded from one
  std::optional<OrderKey> record;     // that it begins with, where the key names one
};
[[nodiscard]] RowPlace place_of_row(Family family, std::string_view key,
                                    std::span<const TermSlot> slots);

// What a row holds; none: there is no row.
[[nodiscard]] std::string content_in_words(Family family, const std::optional<std::string>& value);

}  // namespace tiendo

// The order in which a batch goes into sorted files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "events/store.h"

namespace tiendo {

// For each of the `families` families the numbers of its entries in batch.entries(), in the order
// of their keys. Keys must be unique within a family and families below `families` (ENSURE). No key
// is copied: 12 to 16 bytes of memory a row while it sorts.
[[nodiscard]] std::vector<std::vector<uint32_t>> sorted_rows(const WriteBatch& batch,
                                                             std::size_t families);

}  // namespace tiendo

// Editions: what publications froze (semantics 10). They are kept with the log, beside its records,
// and never changed: neither later data nor a rebuild of the views touch them. README.md shows the
// bytes.
//
// keep_edition() belongs to whoever writes the log's store; anyone reads, each on its own thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/log.h"
#include "events/sha256.h"

namespace tiendo {

// An edition without its text.
struct EditionHead {
  std::string publication;  // the id
  uint32_t edition = 0;     // from 1
  OrderKey record;          // that closed or amended the publication
  Digest digest{};          // of the text
  friend bool operator==(const EditionHead&, const EditionHead&) = default;
};

struct Edition {
  EditionHead head;
  std::string text;  // canonical JSON, the digest is of these bytes
};

class EditionReader {
 public:
  explicit EditionReader(const LogReader& log) : store_(&log.store()) {}

  // Of one publication, or of all where `publication` is empty: by publication, then edition.
  [[nodiscard]] Result<std::vector<EditionHead>> heads(std::string_view publication = {}) const;
  // The text whose digest is checked. Errors: `corrupt` where it is another; `not_found`.
  [[nodiscard]] Result<std::string> text(const EditionHead& head) const;

 private:
  const KvStore* store_;
};

// Keeps an edition in one synced step. What is kept stays: an edition that is there already is left
// as it is. On an error the store must not be used again.
Status keep_edition(KvStore& log_store, const Edition& edition);

}  // namespace tiendo

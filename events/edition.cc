#include "events/edition.h"

#include "events/bytes.h"
#include "events/scan_end.h"

namespace tiendo {
namespace {

// Heads and texts lie apart, so that a list does not read the texts.
constexpr std::string_view head_prefix = "edition/";
constexpr std::string_view text_prefix = "edition-text/";
constexpr uint8_t row_version = 1;

std::string row_key(std::string_view prefix, std::string_view publication, uint32_t edition) {
  std::string key(prefix);
  bytes::put_key_text(key, publication);
  bytes::put(key, edition);
  return key;
}

std::string head_value(const EditionHead& head) {
  std::string value;
  bytes::put(value, row_version);
  value.append(reinterpret_cast<const char*>(head.digest.data()), head.digest.size());
  append_order_key(value, head.record);
  return value;
}

std::optional<EditionHead> parse_head_row(std::string_view key, std::string_view value) {
  EditionHead head;
  bytes::Taker name(key);
  head.publication = name.take_key_text();
  head.edition = name.take<uint32_t>();
  bytes::Taker taker(value);
  const auto version = taker.take<uint8_t>();
  const std::string_view digest = taker.raw_bytes(head.digest.size());
  if (!name.finished() || !taker.ok() || version != row_version) return std::nullopt;
  std::copy(digest.begin(), digest.end(), head.digest.begin());
  std::string_view rest = taker.rest();
  const auto record = take_order_key(rest);
  if (!record || !rest.empty()) return std::nullopt;
  head.record = *record;
  return head;
}

Error corrupt(const EditionHead& head, std::string_view what) {
  return {"corrupt", "the log is damaged: edition " + std::to_string(head.edition) +
                         " of publication " + head.publication + ": " + std::string(what) +
                         "; restore a backup"};
}

}  // namespace

Result<std::vector<EditionHead>> EditionReader::heads(std::string_view publication) const {
  std::string prefix(head_prefix);
  if (!publication.empty()) bytes::put_key_text(prefix, publication);
  std::vector<EditionHead> heads;
  const auto cursor = store_->cursor(log_family::meta);
  std::string last = prefix;
  for (cursor->seek(prefix); cursor->valid(); cursor->next()) {
    if (!cursor->key().starts_with(prefix)) break;
    last = cursor->key();
    auto head = parse_head_row(cursor->key().substr(head_prefix.size()), cursor->value());
    if (!head) {
      return Error{"corrupt", "the log is damaged: an edition cannot be read; restore a backup"};
    }
    heads.push_back(std::move(*head));
  }
  // An edition that was missed would be made a second time.
  TRY_DO(scan_end(*cursor, last));
  return heads;
}

Result<std::string> EditionReader::text(const EditionHead& head) const {
  TRY_ASSIGN(text,
             store_->get(log_family::meta, row_key(text_prefix, head.publication, head.edition)));
  if (!text) return Error{"not_found", "there is no edition " + std::to_string(head.edition)};
  if (sha256(*text) != head.digest) return corrupt(head, "its text is not that of its digest");
  return std::move(*text);
}

Status keep_edition(KvStore& log_store, const Edition& edition) {
  const EditionHead& head = edition.head;
  const std::string key = row_key(head_prefix, head.publication, head.edition);
  TRY_ASSIGN(kept, log_store.get(log_family::meta, key));
  if (kept) return Done{};
  WriteBatch batch;
  batch.put(log_family::meta, key, head_value(head));
  batch.put(log_family::meta, row_key(text_prefix, head.publication, head.edition), edition.text);
  return log_store.commit(batch, Durability::synced);
}

}  // namespace tiendo

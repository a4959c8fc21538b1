#include "query/rejudged.h"

namespace tiendo {

Result<std::optional<RecordMark>> rejudged_by(const Call& call, const Record& record) {
  if (record.judgement.verdict != Verdict::rejected || call.views == nullptr) {
    return std::optional<RecordMark>();
  }
  const SubjectKey subject = rejudged_key({record.stream, record.position});
  TRY_ASSIGN(marks, ViewReader(*call.views->rows).subject(subject));
  return marks.empty() ? std::nullopt : std::optional(marks.front());
}

Status write_rejudged(JsonWriter& json, const Call& call, const Record& record) {
  TRY_ASSIGN(by, rejudged_by(call, record));
  if (!by) return Done{};
  json.begin_object("rejudged");
  json.field("stream", by->key.stream.text());
  json.field("position", by->key.position);
  json.field("verdict", name_of(Verdict::accepted));
  json.field("code", by->has_effect ? std::nullopt : std::optional("duplicate_across"));
  json.end_object();
  return Done{};
}

}  // namespace tiendo

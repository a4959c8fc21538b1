// GET /v1/publications: what was published, how it stands, and the editions, byte for byte.
#include <algorithm>

#include "events/edition.h"
#include "events/whole_number.h"
#include "query/answer.h"
#include "query/event_told.h"
#include "query/publication_standing.h"
#include "query/routes.h"
#include "query/waiting_codes.h"

namespace tiendo {
namespace {

struct Listed {
  std::string id;
  const Publication* publication = nullptr;  // none: the views do not hold what was said of it
  std::vector<EditionHead> kept;
};

void write_digest(JsonWriter& json, const EditionHead* head) {
  json.field("edition", head != nullptr ? std::optional(head->edition) : std::nullopt);
  json.field("digest", head != nullptr ? std::optional(to_hex(head->digest)) : std::nullopt);
}

// Why an edition is not made, and what to do.
std::optional<Sentence> sentence_of(const ActStanding& standing) {
  const std::string& code = standing.code;
  if (standing.state == ActStanding::State::voided) return sentence_of_remark(code);
  if (is_waiting_code(code) && standing.state == ActStanding::State::waiting) {
    return sentence_of_waiting(code, waits_for(standing));
  }
  if (standing.state != ActStanding::State::unmade) return std::nullopt;
  if (code == "passed_over") {
    return Sentence{"Bản sau đã được lập trước khi biết bản này; hãy gửi publication.amended.",
                    "A later edition was made before this was known; send publication.amended."};
  }
  return Sentence{"Tại thời điểm chốt chưa có hoặc không đúng: " + code +
                      ". Hãy gửi publication.amended với thời điểm khác, hoặc chốt dưới mã khác.",
                  "Not there, or not right, at its moment: " + code +
                      ". Send publication.amended of another moment, or close it under another "
                      "id."};
}

void write_state(JsonWriter& json, const ActStanding& standing) {
  json.field("state", name_of(standing.state));
  json.field("code", standing.code.empty() ? std::nullopt : std::optional(standing.code));
  json.begin_array("streams");
  for (const StreamName stream : standing.behind) json.value(stream.text());
  json.end_array();
  if (const auto sentence = sentence_of(standing)) json.field("message", *sentence);
  write_digest(json, standing.edition ? &*standing.edition : nullptr);
}

Status write_act(JsonWriter& json, const Call& call, const PublicationAct& act) {
  json.field("what", act.closes() ? "closed" : "amended");
  TRY_DO(write_said(json, call.context.log, act.statement->key));
  json.field("moment", act.said().moment);
  return Done{};
}

Status write_listed(JsonWriter& json, const Call& call, const Listed& listed) {
  json.begin_object();
  json.field("publication", listed.id);
  const PublicationAct* closing = listed.publication ? listed.publication->closing() : nullptr;
  if (closing != nullptr) {
    json.field("plan", closing->said().plan);
    json.field("period", closing->said().period);
    json.field("unit", closing->said().unit);
    json.field("tree", closing->said().tree.empty() ? "as_reported" : closing->said().tree);
  }
  write_digest(json, listed.kept.empty() ? nullptr : &listed.kept.back());
  json.begin_array("acts");
  if (listed.publication != nullptr) {
    const std::vector<StreamReach> streams = call.context.streams();
    TRY_ASSIGN(standings, standings_of({call.views, call.context.log, streams}, *listed.publication,
                                       listed.kept));
    for (const ActStanding& standing : standings) {
      json.begin_object();
      TRY_DO(write_act(json, call, *standing.act));
      write_state(json, standing);
      json.end_object();
    }
  }
  json.end_array();
  json.end_object();
  return Done{};
}

// By id. What was made is listed whatever the views hold.
std::vector<Listed> listed_of(const std::vector<Publication>& publications,
                              const std::vector<EditionHead>& kept) {
  std::map<std::string, Listed> by_id;
  for (const Publication& one : publications) by_id[one.id].publication = &one;
  for (const EditionHead& head : kept) by_id[head.publication].kept.push_back(head);
  std::vector<Listed> listed;
  for (auto& [id, one] : by_id) {
    one.id = id;
    listed.push_back(std::move(one));
  }
  return listed;
}

HttpResponse with_etag(const Call& call, std::string body, const Digest& digest) {
  const std::string etag = "\"" + to_hex(digest) + "\"";
  HttpResponse response;
  response.headers = {{"ETag", etag}, {"Cache-Control", "no-cache"}};
  const auto known = call.request.header("If-None-Match");
  if (known && (*known == "*" || known->find(etag) != std::string_view::npos)) {
    response.status = 304;
    return response;
  }
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

// The bytes of one edition, as they were digested.
Result<HttpResponse> answer_edition(const Call& call, const std::vector<EditionHead>& kept,
                                    const std::string& wanted) {
  const auto number = whole_number<uint32_t>(wanted);
  const auto found = std::find_if(kept.begin(), kept.end(), [&](const EditionHead& head) {
    return number && head.edition == *number;
  });
  if (found == kept.end()) {
    const std::string there = std::to_string(kept.size());
    return refuse(call, "edition_unknown",
                  {"Kỳ công bố này có " + there + " bản, không có bản \"" + wanted + "\".",
                   "This publication has " + there + " editions, and none \"" + wanted + "\"."});
  }
  TRY_ASSIGN(text, EditionReader(call.context.log).text(*found));
  return with_etag(call, std::move(text), found->digest);
}

Error publication_unknown(const Call& call, const std::string& id) {
  return refuse(call, "publication_unknown",
                {"Không có kỳ công bố \"" + id + "\"; xem danh sách tại /v1/publications.",
                 "There is no publication \"" + id + "\"; /v1/publications lists them."});
}

}  // namespace

Result<HttpResponse> answer_publications(const Call& call) {
  const auto wanted = text_of(call, "publication");
  const auto edition = text_of(call, "edition");
  if (edition && !wanted) {
    return refuse(call, "parameter_missing",
                  {"edition cần thêm publication.", "edition needs publication too."});
  }
  TRY_ASSIGN(kept, EditionReader(call.context.log).heads(wanted.value_or("")));
  if (edition) return answer_edition(call, kept, *edition);
  std::vector<Publication> publications;
  if (call.views != nullptr) publications = read_publications(*call.views->reference);
  std::erase_if(publications, [&](const Publication& one) { return wanted && one.id != *wanted; });
  const std::vector<Listed> listed = listed_of(publications, kept);
  if (wanted && listed.empty()) return publication_unknown(call, *wanted);
  JsonWriter json;
  json.begin_object();
  json.begin_array("publications");
  for (const Listed& one : listed) TRY_DO(write_listed(json, call, one));
  json.end_array();
  json.begin_array("editions");
  for (const EditionHead& head : kept) {
    if (!wanted) break;
    TRY_ASSIGN(text, EditionReader(call.context.log).text(head));
    json.raw("{\"digest\":\"" + to_hex(head.digest) + "\"," + text.substr(1));
  }
  json.end_array();
  json.end_object();
  std::string body = std::move(json).text();
  const Digest digest = sha256(body);
  return with_etag(call, std::move(body), digest);
}

}  // namespace tiendo

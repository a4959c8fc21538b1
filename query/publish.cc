// POST /v1/publications: a person closes a publication or amends it. What is refused here is not
// written.
#include <algorithm>

#include "events/edition.h"
#include "events/json.h"
#include "events/text.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/edition.h"
#include "query/routes.h"

namespace tiendo {
namespace {

struct Asking {
  bool amends = false;
  std::string publication;
  std::string author;
  std::string reason;
  std::optional<std::string> plan{}, period{}, unit{}, moment{}, tree{}, decision{};
  std::vector<std::string> without{};
};

Error body_invalid(const Call& call, const Sentence& detail) {
  return refuse(call, "body_invalid", detail);
}

Status check_texts(const Call& call, json::Value root) {
  for (const json::Value field : root) {
    if (field.key() == "without") continue;
    if (field.is(json::Kind::text) && !field.lone_surrogate()) continue;
    const std::string name(field.key());
    return body_invalid(call, {name + " phải là văn bản.", name + " is to be a text."});
  }
  for (const char* name : {"publication", "author", "reason"}) {
    if (!root[name].text().empty()) continue;
    return refuse(call, "parameter_missing",
                  {std::string("Thiếu ") + name + " (văn bản) trong đối tượng JSON gửi lên.",
                   std::string("The JSON object sent lacks ") + name + ", a text."});
  }
  const std::string_view act = root["act"].text();
  if (act.empty() || act == "close" || act == "amend") return Done{};
  return body_invalid(call, {"act là close hoặc amend.", "act is close or amend."});
}

Result<Asking> read_asking(const Call& call) {
  json::Document document;
  const Status parsed = document.parse(call.request.body);
  const json::Value root = document.root();
  if (!parsed.ok() || !root.is(json::Kind::object)) {
    return body_invalid(call, {"Hãy gửi một đối tượng JSON {\"act\": \"close\", \"publication\": "
                               "..., \"plan\": ..., \"period\": ..., \"unit\": ..., \"author\": "
                               "..., \"reason\": ...}.",
                               "Send a JSON object {\"act\": \"close\", \"publication\": ..., "
                               "\"plan\": ..., \"period\": ..., \"unit\": ..., \"author\": ..., "
                               "\"reason\": ...}."});
  }
  TRY_DO(check_texts(call, root));
  const auto text = [&](const char* name) {
    return root[name].is_null() ? std::nullopt : std::optional(to_nfc(root[name].text()));
  };
  Asking asking{.amends = root["act"].text() == "amend",
                .publication = to_nfc(root["publication"].text()),
                .author = std::string(root["author"].text()),
                .reason = std::string(root["reason"].text()),
                .plan = text("plan"),
                .period = text("period"),
                .unit = text("unit"),
                .moment = text("moment"),
                .tree = text("tree"),
                .decision = text("decision")};
  for (const json::Value stream : root["without"]) asking.without.emplace_back(stream.text());
  return asking;
}

Status check_without(const Call& call, const Asking& asking) {
  if (asking.without.empty()) return Done{};
  std::string known;
  std::vector<std::string> names;
  for (const StreamReach& reach : call.context.streams()) names.push_back(reach.stream.text());
  for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
  for (const std::string& stream : asking.without) {
    if (std::find(names.begin(), names.end(), stream) != names.end()) continue;
    return body_invalid(call, {"Không có luồng \"" + stream + "\". Có: " + known + ".",
                               "There is no stream \"" + stream + "\". There are: " + known + "."});
  }
  return Done{};
}

// That the plan, period, unit and tree are known by now.
Status check_published(const Call& call, const Asking& asking) {
  for (const auto& [name, value] :
       {std::pair("plan", &asking.plan), std::pair("period", &asking.period),
        std::pair("unit", &asking.unit)}) {
    if (*value) continue;
    return refuse(call, "parameter_missing",
                  {std::string("Thiếu ") + name + " (văn bản) trong đối tượng JSON gửi lên.",
                   std::string("The JSON object sent lacks ") + name + ", a text."});
  }
  TRY_DO(read_asked(call, *asking.plan, asking.unit, asking.period));
  if (publication_tree(asking.tree.value_or(""), Moment{.at = call.now})) return Done{};
  return refuse(call, "tree_invalid",
                {"tree phải là as_reported, current hoặc một ngày như 2024-12-31.",
                 "tree is as_reported, current, or a day such as 2024-12-31."});
}

// What an act says again of a publication must be what it is of.
Status check_same(const Call& call, const Asking& asking, const PublicationSaid& said) {
  const auto differs = [](const std::optional<std::string>& asked, const std::string& is) {
    return asked && *asked != is;
  };
  if (!differs(asking.plan, said.plan) && !differs(asking.period, said.period) &&
      !differs(asking.unit, said.unit) && !(asking.amends && asking.tree)) {
    return Done{};
  }
  const std::string of = said.plan + ", " + said.period + ", " + said.unit;
  return body_invalid(
      call, {"Kỳ công bố " + said.publication + " là của " + of +
                 "; bản mới giữ nguyên kế hoạch, kỳ, đơn vị và cây. Cái khác thì dùng mã khác.",
             "Publication " + said.publication + " is of " + of +
                 "; a new edition has the same plan, period, unit and tree. Publish another thing "
                 "under another id."});
}

Status check_close(const Call& call, Asking& asking, const Publication* publication) {
  const PublicationAct* closing = publication ? publication->closing() : nullptr;
  if (closing == nullptr) return check_published(call, asking);
  TRY_ASSIGN(kept, EditionReader(call.context.log).heads(asking.publication));
  if (!kept.empty() || asking.without.empty()) {
    return refuse(
        call, "already_closed",
        {"Kỳ công bố " + asking.publication + " đã chốt; muốn thay đổi hãy gửi \"act\": \"amend\".",
         "Publication " + asking.publication +
             " is closed already; to change it send \"act\": \"amend\"."});
  }
  // Closed and not made: an operator says that some streams are not waited for.
  TRY_DO(check_same(call, asking, closing->said()));
  asking.plan = closing->said().plan;
  asking.period = closing->said().period;
  asking.unit = closing->said().unit;
  return Done{};
}

Status check_amend(const Call& call, const Asking& asking, const Publication* publication) {
  const PublicationAct* closing = publication ? publication->closing() : nullptr;
  if (closing != nullptr) return check_same(call, asking, closing->said());
  return refuse(call, "publication_unknown",
                {"Chưa có kỳ công bố \"" + asking.publication + "\"; hãy chốt nó trước.",
                 "There is no publication \"" + asking.publication + "\" yet; close it first."});
}

// A publication is closed once: of two who say so at the same time the log takes the first.
PublicationEvent event_of(const Call& call, const Asking& asking) {
  PublicationEvent event;
  event.type = asking.amends ? EventType::publication_amended : EventType::publication_closed;
  event.id = asking.publication;
  if (asking.amends || !asking.without.empty()) event.id += " at " + to_text(call.now);
  event.author = asking.author;
  JsonWriter json;
  json.begin_object();
  json.field("publication", asking.publication);
  const auto say = [&](std::string_view name, const std::optional<std::string>& value) {
    if (value) json.field(name, *value);
  };
  say("plan", asking.plan);
  say("period", asking.period);
  say("unit", asking.unit);
  json.field("reason", asking.reason);
  say("moment", asking.moment);
  say("tree", asking.tree);
  say("decision", asking.decision);
  if (!asking.without.empty()) {
    json.begin_array("without");
    for (const std::string& stream : asking.without) json.value(stream);
    json.end_array();
  }
  json.end_object();
  event.data = std::move(json).text();
  return event;
}

}  // namespace

Result<HttpResponse> answer_publish(const Call& call) {
  if (!call.context.publish) {
    return refuse(
        call, "takes_no_events",
        {"Tiến trình này không ghi sổ; hãy hỏi tiến trình tiendo run hoặc tiendo ingest.",
         "This process does not write the log; ask that of tiendo run or tiendo ingest."});
  }
  TRY_ASSIGN(asking, read_asking(call));
  TRY_DO(check_without(call, asking));
  const auto publications = read_publications(*call.views->reference);
  const auto found =
      std::find_if(publications.begin(), publications.end(),
                   [&](const Publication& one) { return one.id == asking.publication; });
  const Publication* publication = found == publications.end() ? nullptr : &*found;
  TRY_DO(asking.amends ? check_amend(call, asking, publication)
                       : check_close(call, asking, publication));
  TRY_ASSIGN(placed, call.context.publish(event_of(call, asking)));
  if (placed.judgement.verdict != Verdict::accepted) {
    return refuse(call, "just_said",
                  {"Vừa có người khác nói điều này; hãy xem /v1/publications.",
                   "Somebody else has just said so; look at /v1/publications."});
  }
  return placed_answer(placed);
}

}  // namespace tiendo

#include "query/edition.h"

#include <algorithm>

#include "projector/obligation.h"
#include "projector/target.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/change_told.h"
#include "query/edition_changes.h"
#include "query/event_told.h"
#include "query/slot_row.h"
#include "query/target_changes.h"
#include "query/target_row.h"

namespace tiendo {
namespace {

std::string in_quotes(std::string_view id) { return "\"" + std::string(id) + "\""; }

// What is published, as V knows it.
struct Published {
  Question question;
  AskedPeriod period;
  UnitIndex unit = 0;

  [[nodiscard]] const Plan& plan() const { return *period.plan; }
  [[nodiscard]] const Tree& tree() const { return question.tree(); }
};

Result<Published> find_published(const std::shared_ptr<const ViewState>& views,
                                 const PublicationAct& closing, const Moment& moment) {
  const PublicationSaid& said = closing.said();
  const auto mode = publication_tree(said.tree, moment);
  if (!mode) return Error{"tree_invalid", in_quotes(said.tree) + " is no tree"};
  Question question(views, moment, *mode);
  AskedPlan found = find_plan(question.knowledge(), said.plan, said.period, moment.today());
  if (!found.plan_known) {
    return Error{"plan_unknown", "plan " + in_quotes(said.plan) + " was not known then"};
  }
  if (!found.found) {
    return Error{"period_invalid", in_quotes(said.period) + " was no period of the plan then"};
  }
  const auto unit = question.tree().find(said.unit);
  if (!unit) return Error{"unit_unknown", "unit " + in_quotes(said.unit) + " was not known then"};
  if (mode->day && !question.tree().exists(*unit, *mode->day)) {
    return Error{"unit_not_in_tree",
                 "unit " + in_quotes(said.unit) + " is not in the tree of " + to_text(*mode->day)};
  }
  return Published{std::move(question), std::move(*found.found), *unit};
}

// The unit, and what stands below it in the tree of the day asked for, or else on the last day that
// counts; by id.
std::vector<UnitIndex> units_of(const Published& published) {
  const Question& question = published.question;
  const Day as_at = std::min(published.period.window.last, question.moment().today());
  const Day day = question.mode().day.value_or(as_at);
  std::vector<UnitIndex> units = {published.unit};
  for (const UnitDays& below : question.below(published.unit, {day, day}, Dividing::whole)) {
    if (published.tree().exists(below.unit, day)) units.push_back(below.unit);
  }
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

Status write_figures(JsonWriter& json, const Published& published) {
  json.begin_array("figures");
  for (const UnitIndex unit : units_of(published)) {
    TRY_ASSIGN(readings, read_targets(published.question, published.plan(), unit,
                                      published.period.window.last));
    for (const TargetReading& reading : readings) {
      if (reading.figure.building) return Error{"building", "a figure is still being filled"};
      json.begin_object();
      json.field("unit", published.tree().unit(unit).id);
      write_reading(json, published.plan(), reading);
      json.end_object();
    }
  }
  json.end_array();
  return Done{};
}

Status write_slots(JsonWriter& json, const Published& published) {
  std::vector<std::pair<const Obligation*, Slots>> all;
  for (const Obligation& obligation : published.plan().obligations) {
    TRY_ASSIGN(found, slots(published.question, published.plan(), obligation, "", published.unit));
    all.emplace_back(&obligation, std::move(found));
  }
  const auto write = [&](std::string_view name, SlotKind kind) {
    json.begin_array(name);
    for (const auto& [obligation, found] : all) {
      for (const Slot& slot : kind == SlotKind::owed ? found.owed : found.extra) {
        write_slot(json, published.tree(), *obligation, slot, kind);
      }
    }
    json.end_array();
  };
  write("slots", SlotKind::owed);
  write("extra", SlotKind::extra);
  return Done{};
}

Status write_as_of(JsonWriter& json, const EditionRequest& request) {
  const Moment moment = request.act.moment();
  TRY_ASSIGN(positions, known_positions(request.log, request.views->checkpoint, moment));
  json.begin_object("as_of");
  json.field("moment", moment.at);
  std::optional<std::string> record;
  if (moment.record) {
    record = moment.record->stream.text() + "@" + std::to_string(moment.record->position);
  }
  json.field("record", record);
  json.begin_object("streams");
  for (const auto& [stream, position] : positions) json.field(stream.text(), position);
  json.end_object();
  json.end_object();
  json.begin_array("without");
  for (const StreamName stream : request.without) json.value(stream.text());
  json.end_array();
  return Done{};
}

// Whether records that came later into the past make the earlier moment's figure another one than
// the earlier edition holds. `then`: what is published at that moment, as it is known today.
Result<bool> past_changed(const Result<Published>& then, const ChangedFigure& changed) {
  if (!changed.before.present()) return false;
  if (!then.ok()) return true;
  const auto unit = then->tree().find(changed.unit);
  const Target* target = target_in(then->plan(), changed.target);
  if (!unit || target == nullptr) return true;
  const auto& day = then->question.mode().day;
  if (day && !then->tree().exists(*unit, *day)) return true;
  TRY_ASSIGN(reading,
             read_target(then->question, then->plan(), *target, *unit, then->period.window.last));
  if (reading.figure.building) return Error{"building", "a figure is still being filled"};
  JsonWriter json;
  json.begin_object();
  write_reading(json, then->plan(), reading);
  json.end_object();
  const std::string text = std::move(json).text();
  json::Document row;
  TRY_DO(row.parse(text));
  return !figures_alike(row.root(), changed.before);
}

// By cause, with the records, as GET /v1/changes tells it of the two moments today.
Result<std::vector<ToldCauses>> causes_of_changes(const EditionRequest& request,
                                                  const std::vector<ChangedFigure>& changed) {
  const Moment to = request.act.moment();
  const auto& from = request.before_moment;
  if (!from || last_known(to) < last_known(*from) || to.at < from->at) {
    return std::vector<ToldCauses>(changed.size(), ToldCauses{.reason = "knows_less"});
  }
  const PublicationSaid& said = request.closing.said();
  std::vector<AskedTarget> asked;
  for (const ChangedFigure& one : changed) {
    asked.push_back({std::string(one.target), std::string(one.unit)});
  }
  TRY_ASSIGN(all,
             target_changes({request.views, said.plan, said.period, said.tree}, asked, *from, to));
  const auto then = find_published(request.views, request.closing, *from);
  std::vector<ToldCauses> causes(changed.size());
  for (std::size_t i = 0; i < changed.size(); ++i) {
    causes[i].reason = all[i].refused;
    if (!all[i].refused.empty()) continue;
    TRY_ASSIGN(told, tell_changes(*request.views, request.log, std::move(all[i].changes),
                                  changed[i].indicator, from->today()));
    TRY_ASSIGN(is_another, past_changed(then, changed[i]));
    JsonWriter json;
    write_parts(json, told);
    causes[i].parts = std::move(json).text();
    if (is_another) causes[i].reason = "past_changed";
  }
  return causes;
}

void write_published(JsonWriter& json, const EditionRequest& request, const Published& published) {
  json.field("publication", request.closing.said().publication);
  json.field("edition", request.edition);
  json.field("plan", published.plan().id);
  json.field("version", published.plan().version);
  json.field("unit", published.tree().unit(published.unit).id);
  json.field("period", published.period.period);
  json.field("first", published.period.window.first);
  json.field("last", published.period.window.last);
  const std::string& tree = request.closing.said().tree;
  json.field("tree", tree.empty() ? std::string("as_reported") : tree);
}

}  // namespace

std::optional<TreeMode> publication_tree(std::string_view tree, const Moment& moment) {
  if (tree.empty() || tree == "as_reported") return TreeMode{};
  if (tree == "current") return TreeMode{moment.today()};
  if (const auto day = parse_day(tree)) return TreeMode{*day};
  return std::nullopt;
}

std::optional<Error> unpublishable(const std::shared_ptr<const ViewState>& views,
                                   const PublicationAct& closing, const PublicationAct& act) {
  const auto published = find_published(views, closing, act.moment());
  return published.ok() ? std::nullopt : std::optional(published.error());
}

Result<std::string> edition_text(const EditionRequest& request) {
  TRY_ASSIGN(published, find_published(request.views, request.closing, request.act.moment()));
  JsonWriter json;
  json.begin_object();
  write_published(json, request, published);
  TRY_DO(write_as_of(json, request));
  TRY_DO(write_said(json, request.log, request.act.statement->key));
  TRY_DO(write_figures(json, published));
  TRY_DO(write_slots(json, published));
  json.end_object();
  std::string text = std::move(json).text();
  text.pop_back();  // the bracket: what changed comes behind it
  if (!request.before) return text + ",\"changed\":[],\"changed_slots\":[]}";
  TRY_ASSIGN(changes, edition_changes(*request.before, text + "}",
                                      [&](const std::vector<ChangedFigure>& changed) {
                                        return causes_of_changes(request, changed);
                                      }));
  return text + "," + changes + "}";
}

}  // namespace tiendo

#include "query/standing.h"

#include <algorithm>
#include <set>

#include "events/text.h"
#include "projector/reported_fit.h"
#include "query/publication_standing.h"

namespace tiendo {
namespace {

constexpr int64_t backdated_ms = int64_t{7} * 24 * 3'600'000;

class StandingReader {
 public:
  explicit StandingReader(const Call& call)
      : call_(call),
        views_(*call.views),
        rows_(*views_.rows),
        log_(call.context.log),
        knowledge_(views_.reference->all()) {}

  Result<Standing> read(const Record& record) {
    TRY_ASSIGN(effect, effect_of(log_, record));
    const Statement statement = reader_.read(effect, {});
    TRY_ASSIGN(marks, rows_.identity(statement.identity));
    const auto mark = std::find_if(marks.begin(), marks.end(),
                                   [&](const RecordMark& one) { return one.key == statement.key; });
    if (mark != marks.end() && !mark->has_effect) standing_.void_code = "duplicate_across";
    if (!statement.subjects.empty()) {
      TRY_DO(wait_for(statement, HeldFor::grant, statement.source, statement.source));
    }
    if (const auto* activity = std::get_if<ActivitySaid>(&statement.said)) {
      TRY_DO(read_activity(statement, *activity));
      find_unknown_reached(effect.record.message);
    } else if (const auto* report = std::get_if<ReportSaid>(&statement.said)) {
      TRY_DO(read_report(statement, *report));
    } else if (const auto* entity = std::get_if<EntitySaid>(&statement.said)) {
      TRY_DO(wait_for(statement, HeldFor::base, entity->entity, entity->entity));
      TRY_DO(read_unit_and_day(statement, entity->unit, entity->effective));
    } else if (const auto* statistic = std::get_if<StatisticSaid>(&statement.said)) {
      TRY_DO(read_unit_and_day(statement, statistic->unit, statistic->as_at));
    } else if (const auto* money = std::get_if<MoneySaid>(&statement.said)) {
      TRY_DO(wait_for(statement, HeldFor::base, money->entry, money->entry));
      TRY_DO(read_unit_and_day(statement, money->unit, money->day));
    } else if (const auto* unit = std::get_if<UnitSaid>(&statement.said)) {
      read_unit(statement, *unit);
    } else if (const auto* succession = std::get_if<SuccessionSaid>(&statement.said)) {
      read_succession(statement, *succession);
    } else if (const auto* plan = std::get_if<PlanSaid>(&statement.said)) {
      read_plan(statement, *plan->plan);
    } else if (const auto* said = std::get_if<PublicationSaid>(&statement.said)) {
      TRY_DO(read_publication(statement.key, said->publication));
    }
    return std::move(standing_);
  }

 private:
  void find(std::string_view code) { standing_.findings.emplace_back(code); }

  void find_if_not_in_force(const std::string& id, Day day) {
    const auto unit = knowledge_->tree.find(id);
    if (unit && !knowledge_->tree.exists(*unit, day)) find("unit_not_in_force");
  }

  void find_unknown_reached(const Message& message) {
    json::Document document;
    const Decoded decoded = decode(message, document);
    const auto* event = std::get_if<Event>(&decoded);
    if (event == nullptr) return;
    for (const json::Value unit : event->data["reached_units"]) {
      if (knowledge_->tree.find(to_nfc(unit.text()))) continue;
      find("reached_unknown");
      return;
    }
  }

  // The code under which the record is held for something, if it still is.
  Result<std::string> held(const Statement& statement, HeldFor what,
                           const std::string& name) const {
    std::string code;
    const std::string wanted = held_key(what, name, statement.subjects.front(), statement.key);
    TRY_DO(rows_.held(wanted, [&](std::string_view key, const Held& row) {
      if (key == wanted) code = row.code;
      return false;
    }));
    return code;
  }

  Status wait_for(const Statement& statement, HeldFor what, const std::string& name,
                  const std::string& missing) {
    TRY_ASSIGN(code, held(statement, what, name));
    if (!code.empty()) standing_.waiting.push_back({code, missing});
    return Done{};
  }

  Status read_activity(const Statement& statement, const ActivitySaid& said) {
    TRY_DO(wait_for(statement, HeldFor::base, said.activity, said.activity));
    if (said.what == ActivitySaid::What::cancelled) return Done{};
    TRY_DO(read_unit_and_day(statement, said.unit, said.day));
    if (said.what != ActivitySaid::What::recorded) return Done{};
    TRY_ASSIGN(marks, rows_.subject(statement.subjects.front()));
    for (const RecordMark& mark : marks) {
      if (mark.key >= statement.key) break;
      if (!mark.has_effect) continue;
      TRY_ASSIGN(before, read_effect(log_, mark.key.stream, mark.key.position));
      StatementReader reader;
      const Statement earlier = reader.read(before, {});
      const auto* activity = std::get_if<ActivitySaid>(&earlier.said);
      if (activity == nullptr || activity->what != ActivitySaid::What::recorded) continue;
      find("implicit_correction");
      break;
    }
    return Done{};
  }

  // What is said of a unit on a day.
  Status read_unit_and_day(const Statement& statement, const std::string& unit, Day day) {
    TRY_DO(wait_for(statement, HeldFor::unit, unit, unit));
    if (day > local_day(statement.key.recorded_at)) find("future_dated");
    find_if_not_in_force(unit, day);
    return Done{};
  }

  Status read_report(const Statement& statement, const ReportSaid& said) {
    TRY_DO(wait_for(statement, HeldFor::base, said.report, said.report));
    if (statement.key.recorded_at.ms - said.sent.ms > backdated_ms) find("backdated");
    TRY_DO(find_if_reopened(statement, said));
    if (said.what != ReportSaid::What::submitted) return Done{};
    TRY_DO(wait_for(statement, HeldFor::unit, said.unit, said.unit));
    TRY_ASSIGN(code, held(statement, HeldFor::plan, said.plan));
    if (code == "indicator_unknown") {
      for (const std::string& indicator : unknown_indicators(*views_.reference, said)) {
        standing_.waiting.push_back({code, indicator});
      }
    } else if (!code.empty()) {
      standing_.waiting.push_back({code, code == "plan_unknown" ? said.plan : said.period});
    }
    find_if_unusable(said);
    return Done{};
  }

  // What was approved and is said otherwise since this record.
  Status find_if_reopened(const Statement& statement, const ReportSaid& said) {
    const bool says_anew =
        said.what == ReportSaid::What::submitted || said.what == ReportSaid::What::corrected;
    if (!says_anew) return Done{};
    const SubjectKey& subject = statement.subjects.front();
    TRY_ASSIGN(marks, rows_.subject(subject));
    std::set<std::pair<std::string, std::string>> places;  // plan and unit
    for (const RecordMark& mark : marks) {
      TRY_ASSIGN(effect, read_effect(log_, mark.key.stream, mark.key.position));
      const Statement one = StatementReader().read(effect, {});
      const auto* report = std::get_if<ReportSaid>(&one.said);
      if (report != nullptr && !report->unit.empty()) places.emplace(report->plan, report->unit);
    }
    bool reopened = false;
    for (const auto& [plan, unit] : places) {
      TRY_DO(rows_.report_rows(plan, unit, [&](std::string_view, const ReportStanding& row) {
        reopened = reopened || (row.from == statement.key && row.subject == subject &&
                                row.state == ReportStanding::State::reopened);
      }));
    }
    if (reopened) find("reopened");
    return Done{};
  }

  void find_if_unusable(const ReportSaid& said) {
    const auto plan = knowledge_->plan(said.plan, day_max);
    if (!plan) return;
    const bool all_fit =
        std::all_of(said.figures.begin(), said.figures.end(), [&](const ReportedFigure& figure) {
          const Indicator* indicator = plan->indicator(figure.indicator);
          return indicator == nullptr || !figure.is_said() || can_use(*plan, *indicator, figure);
        });
    if (!all_fit) find("figure_unusable");
  }

  void read_unit(const Statement& statement, const UnitSaid& said) {
    if (!views_.reference->effective_from(statement)) {
      standing_.waiting.push_back({"not_granted", statement.source});
      return;
    }
    if (said.what == UnitSaid::What::registered) {
      const auto first = views_.reference->unit_known_from(said.unit);
      if (first && *first < statement.key) find("restated");
    }
    if (said.parent && !knowledge_->tree.find(*said.parent)) find("parent_unknown");
    const auto unit = knowledge_->tree.find(said.unit);
    if (!unit) {
      standing_.waiting.push_back({"unit_unknown", said.unit});
      return;
    }
    const auto& cut = knowledge_->tree.void_edges();
    const bool loops = std::any_of(cut.begin(), cut.end(), [&](const auto& edge) {
      return edge.first == *unit && edge.second >= said.effective && said.parent;
    });
    if (loops && standing_.void_code.empty() && said.what == UnitSaid::What::moved) {
      standing_.void_code = "tree_loop";
    }
  }

  // What ends should be there until then.
  void read_succession(const Statement& statement, const SuccessionSaid& said) {
    for (const std::string& unit : said.units()) {
      if (!knowledge_->tree.find(unit)) standing_.waiting.push_back({"unit_unknown", unit});
    }
    if (!standing_.waiting.empty()) return;
    if (!views_.reference->effective_from(statement)) {
      standing_.waiting.push_back({"not_granted", statement.source});
      return;
    }
    const bool loops = knowledge_->tree.is_loop(statement.key);
    if (loops && standing_.void_code.empty()) standing_.void_code = "succession_loop";
    const Day before = said.effective.previous();
    const bool all_there = std::all_of(said.from.begin(), said.from.end(), [&](const auto& id) {
      return knowledge_->tree.exists(*knowledge_->tree.find(id), before);
    });
    if (!all_there) find("unit_not_in_force");
  }

  void read_plan(const Statement& statement, const Plan& plan) {
    for (const auto& other : views_.reference->statements()) {
      if (other->key >= statement.key) break;
      const auto* said = std::get_if<PlanSaid>(&other->said);
      if (said == nullptr || said->plan->id != plan.id) continue;
      if (said->plan->version != plan.version) continue;
      find("restated");
      return;
    }
  }

  Status read_publication(const OrderKey& key, const std::string& id) {
    TRY_ASSIGN(kept, EditionReader(log_).heads(id));
    for (const Publication& publication : read_publications(*views_.reference)) {
      if (publication.id != id) continue;
      TRY_ASSIGN(standings, standings_of(call_, publication, kept));
      for (const ActStanding& one : standings) {
        if (one.act->statement->key != key) continue;
        if (one.state == ActStanding::State::voided) standing_.void_code = one.code;
        const bool waits = one.state == ActStanding::State::waiting && !one.code.empty();
        if (waits) standing_.waiting.push_back({one.code, waits_for(one)});
      }
    }
    return Done{};
  }

  const Call& call_;
  const ViewState& views_;
  ViewReader rows_;
  LogReader log_;
  std::shared_ptr<const Knowledge> knowledge_;
  StatementReader reader_;
  Standing standing_;
};

}  // namespace

std::vector<std::string> unknown_indicators(const Reference& reference, const ReportSaid& said) {
  std::vector<std::string> unknown;
  for (const ReportedFigure& figure : said.figures) {
    if (reference.indicator_known_from(said.plan, figure.indicator)) continue;
    unknown.push_back(figure.indicator);
  }
  return unknown;
}

Result<Standing> standing_of(const Call& call, const Record& record) {
  return StandingReader(call).read(record);
}

}  // namespace tiendo

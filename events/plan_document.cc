// How a plan document becomes a Plan, and what is wrong with one.
#include <algorithm>
#include <set>

#include "events/formula_reader.h"
#include "events/plan.h"
#include "events/plan_consistency.h"
#include "events/plan_parts.h"
#include "events/plan_reader.h"
#include "events/plan_words.h"
#include "events/text.h"

namespace tiendo {
namespace {

// Remembers ids, and faults the second of two equal ones.
class UniqueIds {
 public:
  explicit UniqueIds(PlanReader& reader) : reader_(reader) {}
  std::string take(const Place& object, std::string_view field) {
    const Place place = reader_.required_field(object, field);
    std::string id = reader_.text(place);
    if (!seen_.insert(id).second) reader_.fault(Reason::plan_duplicate, place, Phrase::id_once);
    return id;
  }

 private:
  PlanReader& reader_;
  std::set<std::string> seen_;
};

class PlanParser {
 public:
  Plan read(json::Value document) {
    const Place root{document, "data"};
    if (!reader_.expect(root, json::Kind::object, Phrase::object)) return std::move(plan_);
    read_head(root);
    each(root, "periods", false, [&](const Place& place) { read_period(place); });
    each(root, "indicators", true, [&](const Place& place) { read_indicator(place); });
    each(root, "obligations", false, [&](const Place& place) { read_obligation(place); });
    each(root, "targets", true, [&](const Place& place) { read_target(place); });
    each(root, "tasks", false, [&](const Place& place) {
      const std::string id = begin(place, task_ids_, Owner::task);
      plan_.tasks.push_back(read_task(reader_, place, id, plan_));
    });
    read_budget(reader_, root, plan_);
    reader_.no_other_fields(root);
    check_consistency(reader_, root, plan_);
    plan_.document = json::print(document);
    return std::move(plan_);
  }

  [[nodiscard]] const PlanReader& reader() const { return reader_; }

 private:
  template <class Read>
  void each(const Place& root, std::string_view list, bool is_required, Read read) {
    const Place at =
        is_required ? reader_.required_field(root, list) : reader_.optional_field(root, list);
    for (const Place& place : reader_.elements(at)) {
      if (!reader_.expect(place, json::Kind::object, Phrase::object)) continue;
      read(place);
      reader_.no_other_fields(place);
      reader_.end_part();
    }
  }

  std::string begin(const Place& place, UniqueIds& ids, Owner owner) {
    std::string id = ids.take(place, "id");
    reader_.begin_part(owner, id);
    return id;
  }

  void read_head(const Place& root) {
    plan_.id = reader_.text(reader_.required_field(root, "plan"));
    plan_.version = reader_.whole(reader_.required_field(root, "version"));
    plan_.valid_from = reader_.day(reader_.required_field(root, "valid_from"));
    const Place first = reader_.required_field(root, "first");
    plan_.first = reader_.day(first);
    const Place last = reader_.required_field(root, "last");
    plan_.last = reader_.day(last);
    if (first.value.present() && last.value.present() && plan_.last < plan_.first) {
      reader_.fault(Reason::plan_window, last, Phrase::last_after_first);
    }
    plan_.unit = reader_.text(reader_.optional_field(root, "unit"));
    plan_.statutory = is_statutory(reader_.optional_field(root, "calendar"), false);
    plan_.title = read_name(reader_, reader_.required_field(root, "title"));
    static_cast<void>(read_name(reader_, reader_.optional_field(root, "note")));
    const Place words = reader_.optional_field(root, "words");
    if (reader_.expect(words, json::Kind::object, Phrase::object)) {
      for (const json::Value meaning : words.value) {
        const std::string word = to_nfc(meaning.key());
        plan_.words.emplace(word, read_name(reader_, {meaning, words.path + "." + word}));
      }
    }
    // Of the event that carries the document, not of the plan.
    static_cast<void>(reader_.optional_field(root, "decision"));
  }

  void read_period(const Place& place) {
    const std::string id = period_ids_.take(place, "id");
    if (!id.empty() && (!is_period_name(id) || id == "plan")) {
      reader_.fault(Reason::plan_schema, reader_.required_field(place, "id"), Phrase::period_name);
    }
    const Place first = reader_.required_field(place, "first");
    const Place last = reader_.required_field(place, "last");
    const Window window{reader_.day(first), reader_.day(last)};
    if (first.value.present() && last.value.present() && window.empty()) {
      reader_.fault(Reason::plan_window, place, Phrase::days_in_window);
    }
    plan_.periods.emplace(id, window);
    plan_.period_names.emplace(id, read_name(reader_, reader_.optional_field(place, "name")));
  }

  bool is_statutory(const Place& calendar, bool otherwise) {
    if (!calendar.value.present()) return otherwise;
    return reader_.one_of(calendar, words::calendars) == 1;
  }

  void read_indicator(const Place& place) {
    Indicator indicator;
    indicator.id = begin(place, indicator_ids_, Owner::indicator);
    indicator.name = read_name(reader_, reader_.required_field(place, "name"));
    const Place measure = reader_.optional_field(place, "measure");
    static_cast<void>(reader_.one_of(measure, words::measures));
    indicator.measure = reader_.text(measure);
    indicator.formula = FormulaReader(reader_).read(reader_.required_field(place, "formula"));
    indicator.note = read_name(reader_, reader_.optional_field(place, "note"));
    const Place why = reader_.optional_field(place, "why_reported");
    indicator.why_reported = read_name(reader_, why);
    if (!why.value.present() && reads_reports(*indicator.formula)) {
      reader_.fault(Reason::plan_schema, why, Phrase::why_reported);
    }
    plan_.indicators.push_back(std::move(indicator));
  }

  void read_obligation(const Place& place) {
    Obligation obligation;
    obligation.id = begin(place, obligation_ids_, Owner::obligation);
    obligation.name = read_name(reader_, reader_.optional_field(place, "name"));
    obligation.to = reader_.text(reader_.optional_field(place, "to"));
    obligation.required = reader_.texts(reader_.optional_field(place, "requires"));
    static_cast<void>(read_name(reader_, reader_.optional_field(place, "note")));
    obligation.judged_by_received =
        reader_.one_of(reader_.optional_field(place, "judged_by"), words::judged_by) == 1;
    const Place from = reader_.required_field(place, "from");
    if (reader_.expect(from, json::Kind::object, Phrase::object)) {
      obligation.levels = reader_.levels(reader_.optional_field(from, "level"));
      obligation.where = reader_.filter(reader_.optional_field(from, "where"), Filtered::units);
      reader_.no_other_fields(from);
    }
    for (const Place& at : reader_.elements(reader_.required_field(place, "instances"))) {
      if (!reader_.expect(at, json::Kind::object, Phrase::object)) continue;
      obligation.instances.push_back(read_instance(at));
    }
    plan_.obligations.push_back(std::move(obligation));
  }

  Instance read_instance(const Place& at) {
    const Place period = reader_.required_field(at, "period");
    Instance instance{.period = reader_.text(period), .due = {}};
    const auto window = plan_.period(instance.period);
    if (period.value.present() && !window) {
      reader_.fault(Reason::plan_reference, period, Phrase::period_known);
    }
    instance.due =
        read_due(reader_, reader_.optional_field(at, "due"), window.value_or(Window{}).last);
    reader_.no_other_fields(at);
    return instance;
  }

  void read_target(const Place& place) {
    Target target;
    target.id = begin(place, target_ids_, Owner::target);
    target.ref = reader_.text(reader_.optional_field(place, "ref"));
    target.indicator = reader_.text(reader_.required_field(place, "indicator"));
    target.comparator = reader_.comparator(reader_.required_field(place, "comparator"));
    target.value = reader_.decimal(reader_.required_field(place, "value"));
    const Place or_more = reader_.optional_field(place, "or_more");
    target.or_more = reader_.truth(or_more);
    if (target.or_more && target.comparator != Comparator::exactly) {
      reader_.fault(Reason::plan_schema, or_more, Phrase::or_more_with_equals);
    }
    target.note = read_name(reader_, reader_.optional_field(place, "note"));
    target.series = reader_.text(reader_.optional_field(place, "series"));
    const Place then = reader_.optional_field(place, "then");
    static_cast<void>(reader_.one_of(then, {"hold"}));
    target.hold = then.value.text() == "hold";
    const Place whom = reader_.required_field(place, "for");
    if (reader_.expect(whom, json::Kind::object, Phrase::scope_and_level)) read_whom(whom, target);
    const Place when = reader_.required_field(place, "when");
    if (reader_.expect(when, json::Kind::object, Phrase::object)) read_when(when, target);
    read_inner(reader_.optional_field(place, "inner"), target);
    plan_.targets.push_back(std::move(target));
  }

  void read_inner(const Place& inner, Target& target) {
    const bool is_share = target.whom.scope == Scope::share;
    if (inner.value.present() != is_share) {
      reader_.fault(Reason::plan_schema, inner,
                    is_share ? Phrase::inner : Phrase::inner_only_in_share);
    }
    if (!reader_.expect(inner, json::Kind::object, Phrase::inner)) return;
    target.inner_comparator = reader_.comparator(reader_.required_field(inner, "comparator"));
    target.inner_value = reader_.decimal(reader_.required_field(inner, "value"));
    reader_.no_other_fields(inner);
  }

  void read_whom(const Place& place, Target& target) {
    const Place scope = reader_.optional_field(place, "scope");
    const Place level = reader_.optional_field(place, "level");
    if (!scope.value.present() || !level.value.present()) {
      reader_.fault(Reason::plan_level, place, Phrase::scope_and_level);
    }
    target.whom.scope = static_cast<Scope>(reader_.one_of(scope, words::scopes));
    target.whom.levels = reader_.levels(level);
    target.whom.where = reader_.filter(reader_.optional_field(place, "where"), Filtered::units);
    const Place of = reader_.optional_field(place, "of");
    if (of.value.present()) {
      target.whom.extent = static_cast<Extent>(reader_.one_of(of, words::extents));
    }
    reader_.no_other_fields(place);
  }

  void read_when(const Place& place, Target& target) {
    TargetWhen& when = target.when;
    const Place kind = reader_.required_field(place, "kind");
    when.kind = static_cast<TargetWhen::Kind>(reader_.one_of(kind, words::when_kinds));
    if (kind.value.text() != words::when_kinds[static_cast<std::size_t>(when.kind)]) return;
    const Place first = reader_.optional_field(place, "first");
    if (first.value.present()) when.first = reader_.day(first);
    const bool is_read = read_days(place, target);
    reader_.no_other_fields(place);
    if (!is_read) return;
    const Day day = when.years.empty() ? plan_.last : to_day({when.years.front(), 12, 31});
    const auto window = window_of(plan_, target, day);
    if (window && window->empty() && when.kind != TargetWhen::Kind::each_year) {
      reader_.fault(Reason::plan_window, place, Phrase::days_in_window);
    }
  }

  // Whether there is a window to look at.
  bool read_days(const Place& place, Target& target) {
    TargetWhen& when = target.when;
    switch (when.kind) {
      case TargetWhen::Kind::each_year:
        for (const Place& at : reader_.elements(reader_.required_field(place, "years"))) {
          if (const int year = reader_.year(at); year != 0) when.years.push_back(year);
        }
        when.statutory = is_statutory(reader_.optional_field(place, "calendar"), plan_.statutory);
        read_until(reader_.optional_field(place, "until"), when);
        return !when.years.empty();
      case TargetWhen::Kind::by:
      case TargetWhen::Kind::before:
      case TargetWhen::Kind::throughout: {
        const bool is_last = when.kind == TargetWhen::Kind::throughout;
        const Place day = reader_.required_field(place, is_last ? "last" : "day");
        when.day = reader_.day(day);
        return parse_day(day.value.text()).has_value();
      }
      case TargetWhen::Kind::in: {
        const Place period = reader_.required_field(place, "period");
        when.period = reader_.text(period);
        if (plan_.period(when.period)) return true;
        if (period.value.present()) {
          reader_.fault(Reason::plan_reference, period, Phrase::period_known);
        }
        return false;
      }
    }
    return false;
  }

  // A day of every year named, which no 29 February is; a statutory year holds each day but not in
  // the order of its months.
  void read_until(const Place& place, TargetWhen& when) {
    when.until = reader_.text(place);
    if (!place.value.present()) return;
    const bool is_day =
        !when.statutory && std::all_of(when.years.begin(), when.years.end(), [&](int year) {
          return parse_day(std::to_string(year) + "-" + when.until).has_value();
        });
    if (is_day) return;
    reader_.fault(Reason::plan_schema, place, Phrase::day_of_years);
    when.until.clear();
  }

  PlanReader reader_;
  Plan plan_;
  UniqueIds period_ids_{reader_};
  UniqueIds indicator_ids_{reader_};
  UniqueIds obligation_ids_{reader_};
  UniqueIds target_ids_{reader_};
  UniqueIds task_ids_{reader_};
};

}  // namespace

ParsedPlan parse_plan(json::Value document) {
  PlanParser parser;
  Plan plan = parser.read(document);
  if (auto refusal = parser.reader().refusal()) return *std::move(refusal);
  return plan;
}

Plan read_plan(json::Value document) { return PlanParser().read(document); }

std::vector<Refusal> faults_of_plan(json::Value document) {
  PlanParser parser;
  static_cast<void>(parser.read(document));
  return parser.reader().faults();
}

std::optional<Refusal> check_plan(json::Value document) {
  PlanParser parser;
  static_cast<void>(parser.read(document));
  return parser.reader().refusal();
}

}  // namespace tiendo

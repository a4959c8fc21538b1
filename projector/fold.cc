#include "projector/fold.h"

#include <algorithm>
#include <map>

#include "events/ensure.h"

namespace tiendo {
namespace {

// How a subject stands from a record on.
template <class Standing>
struct Step {
  OrderKey from;
  Standing standing;
};

// What a subject needs to be known before it has effect, and from which record on it is.
class Needs {
 public:
  Needs(const SubjectKey& subject, std::vector<ViewRow>& rows) : subject_(subject), rows_(rows) {}

  // Writes down that `record` came before what it speaks of was known, so that the subject is found
  // when that becomes known, or known from an earlier record on. `in_force`: it waits now.
  void note(const OrderKey& record, HeldFor what, const std::string& name,
            const std::optional<OrderKey>& known_from, std::string_view code, bool in_force) {
    if (known_from && *known_from < record) return;
    row(record, what, name, known_from || !in_force ? "" : code);
  }
  void row(const OrderKey& record, HeldFor what, const std::string& name, std::string_view code) {
    rows_.push_back({view_family::held, held_key(what, name, subject_, record), std::string(code)});
  }

 private:
  const SubjectKey& subject_;
  std::vector<ViewRow>& rows_;
};

// Puts into a history of standings that each begins only once what it needs is known: until then,
// the subject stands nowhere. `known_from(standing)` is none while it is not known.
template <class Standing, class KnownFrom>
std::vector<Step<Standing>> released(std::vector<Step<Standing>> steps, KnownFrom known_from) {
  std::vector<Step<Standing>> out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::optional<OrderKey> known = known_from(steps[i].standing);
    const OrderKey from = steps[i].from;
    if (known && *known <= from) {
      out.push_back(std::move(steps[i]));
      continue;
    }
    out.push_back({from, Standing{}});
    const bool in_time = known && (i + 1 == steps.size() || *known < steps[i + 1].from);
    if (in_time) out.push_back({*known, std::move(steps[i].standing)});
  }
  return out;
}

// --- activities ---

ActivitySaid::What what(const Statement* one) { return std::get<ActivitySaid>(one->said).what; }

// The place of the base, the first `recorded`; the end where there is none.
std::size_t base_of(std::span<const Statement* const> statements) {
  const auto base = std::find_if(statements.begin(), statements.end(), [](const Statement* one) {
    return what(one) == ActivitySaid::What::recorded;
  });
  return static_cast<std::size_t>(base - statements.begin());
}

// Whatever the place of the base, everything else follows in order and the last one holds. None: no
// base yet, or cancelled.
const Statement* in_force(std::span<const Statement* const> known, std::size_t base) {
  if (known.size() <= base) return nullptr;
  const bool base_came_last = known.size() == base + 1 && base > 0;
  const Statement* last = base_came_last ? known[base - 1] : known.back();
  return what(last) == ActivitySaid::What::cancelled ? nullptr : last;
}

class ActivityFold {
 public:
  ActivityFold(const SubjectKey& subject, std::span<const TermSlot> slots,
               const std::vector<bool>& wanted)
      : subject_(subject), slots_(slots), wanted_(wanted) {}

  Derived fold(std::span<const Statement* const> statements, const Reference& reference) {
    using Standing = const Statement*;
    std::vector<Step<Standing>> steps;
    const std::size_t base = base_of(statements);
    for (std::size_t count = 1; count <= statements.size(); ++count) {
      steps.push_back({statements[count - 1]->key, in_force(statements.first(count), base)});
    }
    note_needs(statements, reference, steps.back().standing);
    for (const Step<Standing>& step :
         released(std::move(steps), [&](Standing standing) -> std::optional<OrderKey> {
           if (standing == nullptr) return first_order_key();
           return reference.unit_known_from(std::get<ActivitySaid>(standing->said).unit);
         })) {
      stand(step.standing, step.from);
    }
    collect_amounts();
    return std::move(derived_);
  }

 private:
  static OrderKey first_order_key() { return {{INT64_MIN}, StreamName(""), 0}; }

  void note_needs(std::span<const Statement* const> statements, const Reference& reference,
                  const Statement* in_force) {
    Needs needs(subject_, derived_.rows);
    const bool has_base = base_of(statements) < statements.size();
    for (const Statement* statement : statements) {
      const auto& said = std::get<ActivitySaid>(statement->said);
      if (!has_base) {
        needs.row(statement->key, HeldFor::base, said.activity, "activity_unknown");
      } else if (said.what != ActivitySaid::What::cancelled) {
        needs.note(statement->key, HeldFor::unit, said.unit, reference.unit_known_from(said.unit),
                   "unit_unknown", statement == in_force);
      }
    }
  }

  using Place = std::pair<uint32_t, std::string>;  // slot, unit

  // From `from` on, `statement` says how the activity stands.
  void stand(const Statement* statement, const OrderKey& from) {
    if (statement == standing_) return;
    std::map<Place, const Contribution*> now;
    Day day{};
    if (statement != nullptr) {
      const auto& said = std::get<ActivitySaid>(statement->said);
      day = said.day;
      for (uint32_t slot = 0; slot < said.contributions.size(); ++slot) {
        if (!wanted_[slot] || !said.contributions[slot]) continue;
        now.emplace(Place{slot, said.unit}, &*said.contributions[slot]);
        if (slots_[slot].term.kind != Term::Kind::credited) continue;
        for (const std::string& unit : said.co_units) {
          now.emplace(Place{slot, unit}, &*said.contributions[slot]);
        }
      }
    }
    for (const auto& [place, before] : now_) {
      if (day == day_ && now.contains(place)) continue;
      write(place, {.day = day_, .subject = subject_, .from = from, .retracted = true});
    }
    for (const auto& [place, contribution] : now) {
      Fact fact{.day = day,
                .subject = subject_,
                .from = from,
                .amount = contribution->amount,
                .elements = contribution->elements};
      const std::string& organiser = std::get<ActivitySaid>(statement->said).unit;
      if (place.second != organiser) fact.elements = {organiser};
      if (statement->key != from) fact.said_by = statement->key;
      write(place, fact);
    }
    standing_ = statement;
    now_ = std::move(now);
    day_ = day;
  }

  void write(const Place& place, const Fact& fact) {
    derived_.rows.push_back({view_family::facts,
                             fact_key(slots_[place.first].id, place.second, fact),
                             fact_value(fact)});
  }

  void collect_amounts() {
    for (const auto& [place, contribution] : now_) {
      if (!slots_[place.first].term.additive()) continue;
      derived_.amounts.push_back({place.first, place.second, day_, contribution->amount});
    }
  }

  const SubjectKey& subject_;
  std::span<const TermSlot> slots_;
  const std::vector<bool>& wanted_;
  Derived derived_;
  const Statement* standing_ = nullptr;
  std::map<Place, const Contribution*> now_;
  Day day_{};
};

// --- reports ---

struct ReportPlace {
  std::string plan;
  std::string unit;
  std::string period;
  friend auto operator<=>(const ReportPlace&, const ReportPlace&) = default;
};

struct ReportNow {
  ReportPlace place;
  ReportStanding standing;
  std::map<ReportPlace, ReportStanding::Sent> elsewhere;  // where it stood, and may stand again
};
using ReportSteps = std::vector<Step<std::optional<ReportNow>>>;

void say_figures(ReportStanding& standing, const Statement& statement) {
  for (const ReportedFigure& figure : std::get<ReportSaid>(statement.said).figures) {
    if (figure.is_said()) {
      standing.figures.insert_or_assign(figure.indicator,
                                        ReportStanding::Said{figure, statement.key});
    } else {
      standing.figures.erase(figure.indicator);
    }
  }
}

ReportStanding::Sent sent_first(const Statement& statement) {
  const Instant said = std::get<ReportSaid>(statement.said).sent;
  const Instant received = statement.key.recorded_at;
  return {said, received, said, received, statement.key};
}

void send_later(ReportStanding::Sent& sent, const Statement& statement) {
  sent.last = std::max(sent.last, std::get<ReportSaid>(statement.said).sent);
  sent.last_received = std::max(sent.last_received, statement.key.recorded_at);
}

void send_again(ReportStanding::Sent& sent, const Statement& statement) {
  send_later(sent, statement);
  sent.first_received = std::min(sent.first_received, statement.key.recorded_at);
  const Instant said = std::get<ReportSaid>(statement.said).sent;
  if (said >= sent.first) return;
  sent.first = said;
  sent.first_record = statement.key;
}

void submit(std::optional<ReportNow>& now, const SubjectKey& subject, const Statement& statement) {
  using State = ReportStanding::State;
  const auto& said = std::get<ReportSaid>(statement.said);
  ReportPlace place{said.plan, said.unit, said.period};
  std::map<ReportPlace, ReportStanding::Sent> elsewhere;
  if (now && now->standing.state != State::withdrawn) {
    elsewhere = std::move(now->elsewhere);
    elsewhere.insert_or_assign(now->place, now->standing.sent);
  }
  const bool reopens =
      now && (now->standing.state == State::approved || now->standing.state == State::reopened);
  ReportStanding standing{.from = statement.key,
                          .subject = subject,
                          .state = reopens ? State::reopened : State::submitted,
                          .source = said.source,
                          .report = said.report,
                          .obligation = said.obligation};
  const auto before = elsewhere.extract(place);
  standing.sent = before ? before.mapped() : sent_first(statement);
  if (before) send_again(standing.sent, statement);
  say_figures(standing, statement);
  now = ReportNow{std::move(place), std::move(standing), std::move(elsewhere)};
}

void correct(ReportStanding& standing, const Statement& statement) {
  using State = ReportStanding::State;
  say_figures(standing, statement);
  if (standing.state == State::withdrawn) return;  // only a new submission brings it back
  send_later(standing.sent, statement);
  const bool reopens = standing.state == State::approved || standing.state == State::reopened;
  standing.state = reopens ? State::reopened : State::submitted;
}

void apply(std::optional<ReportNow>& now, const SubjectKey& subject, const Statement& statement) {
  using What = ReportSaid::What;
  using State = ReportStanding::State;
  ReportStanding& standing = now->standing;
  switch (std::get<ReportSaid>(statement.said).what) {
    case What::submitted:
      submit(now, subject, statement);
      break;
    case What::corrected:
      correct(standing, statement);
      break;
    case What::withdrawn:
      standing.state = State::withdrawn;
      break;
    case What::returned:
      if (standing.state != State::withdrawn) standing.state = State::returned;
      break;
    case What::approved:
      if (standing.in_force()) standing.state = State::approved;
      break;
  }
}

// How a report stands after each statement from its base on: the first submission is the base,
// whatever its place, and the others follow in order.
ReportSteps stand(const SubjectKey& subject, std::span<const Statement* const> statements) {
  const auto base = std::find_if(statements.begin(), statements.end(), [](const Statement* one) {
    return std::get<ReportSaid>(one->said).what == ReportSaid::What::submitted;
  });
  ReportSteps steps;
  if (base == statements.end()) return steps;
  std::optional<ReportNow> now;
  submit(now, subject, **base);
  for (auto early = statements.begin(); early != base; ++early) apply(now, subject, **early);
  steps.push_back({(*base)->key, now});
  for (auto next = base + 1; next != statements.end(); ++next) {
    apply(now, subject, **next);
    steps.push_back({(*next)->key, now});
  }
  return steps;
}

// What a submission needs of its plan, and from which record on all of it is known: the plan, a
// period it can name, and the indicators, each of which waits alone while the others count.
void note_need_of_plan(Needs& needs, const Statement& statement, const ReportSaid& said,
                       const Reference& reference) {
  std::optional<OrderKey> known = reference.period_known_from(said.plan, said.period);
  std::string_view code = reference.plan_known_from(said.plan) ? "period_unknown" : "plan_unknown";
  if (known) {
    code = "indicator_unknown";
    for (const ReportedFigure& figure : said.figures) {
      const auto from = reference.indicator_known_from(said.plan, figure.indicator);
      known = from ? std::optional(std::max(*known, *from)) : std::nullopt;
      if (!known) break;
    }
  }
  needs.note(statement.key, HeldFor::plan, said.plan, known, code, true);
}

void note_needs(const SubjectKey& subject, std::span<const Statement* const> statements,
                const Reference& reference, bool has_base, std::vector<ViewRow>& rows) {
  Needs needs(subject, rows);
  for (const Statement* statement : statements) {
    const auto& said = std::get<ReportSaid>(statement->said);
    if (!has_base) {
      needs.row(statement->key, HeldFor::base, said.report, "report_unknown");
    } else if (said.what == ReportSaid::What::submitted) {
      needs.note(statement->key, HeldFor::unit, said.unit, reference.unit_known_from(said.unit),
                 "unit_unknown", true);
      note_need_of_plan(needs, *statement, said, reference);
    }
  }
}

Derived fold_report(const SubjectKey& subject, std::span<const Statement* const> statements,
                    const Reference& reference) {
  Derived derived;
  ReportSteps steps = stand(subject, statements);
  note_needs(subject, statements, reference, !steps.empty(), derived.rows);
  const auto known_from = [&](const std::optional<ReportNow>& now) -> std::optional<OrderKey> {
    const auto unit = reference.unit_known_from(now->place.unit);
    const auto period = reference.period_known_from(now->place.plan, now->place.period);
    if (!unit || !period) return std::nullopt;
    return std::max(*unit, *period);
  };
  const auto write = [&](const ReportPlace& at, const ReportStanding& standing) {
    derived.rows.push_back({view_family::reports, report_key(at.plan, at.unit, at.period, standing),
                            report_value(standing)});
  };
  std::optional<ReportNow> before;
  for (auto& [from, now] : released(std::move(steps), known_from)) {
    if (before && (!now || before->place != now->place)) {
      before->standing.from = from;
      before->standing.state = ReportStanding::State::moved;
      write(before->place, before->standing);
    }
    if (now) {
      now->standing.from = from;
      write(now->place, now->standing);
    }
    before = std::move(now);
  }
  return derived;
}

}  // namespace

Derived fold(const SubjectKey& subject, std::span<const Statement* const> statements,
             std::span<const TermSlot> slots, const std::vector<bool>& wanted,
             const Reference& reference) {
  ENSURE(slots.size() == wanted.size(), "every slot is wanted or not");
  switch (subject.kind) {
    case activity_subject:
      return ActivityFold(subject, slots, wanted).fold(statements, reference);
    case report_subject:
      return fold_report(subject, statements, reference);
    default:
      return {};
  }
}

}  // namespace tiendo

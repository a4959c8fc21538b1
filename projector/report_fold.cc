#include <algorithm>
#include <map>

#include "projector/subject_fold.h"

namespace tiendo {
namespace {

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
  const auto& said = std::get<ReportSaid>(statement.said);
  for (const ReportedFigure& figure : said.figures) {
    if (figure.is_said()) {
      standing.figures.insert_or_assign(
          figure.indicator, ReportStanding::Said{figure, statement.key, local_day(said.sent)});
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

// The same where not everyone may speak.
ReportSteps stand(const SubjectKey& subject, const Heard& heard) {
  if (heard.in_place) return stand(subject, heard.statements);
  return steps_of<std::optional<ReportNow>>(heard, [&](const auto& known) {
    ReportSteps steps = stand(subject, known);
    return steps.empty() ? std::nullopt : std::move(steps.back().standing);
  });
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
                const std::optional<Heard>& heard, const Reference& reference, bool has_base,
                std::vector<ViewRow>& rows) {
  Needs needs(subject, rows);
  needs.note_unheard(statements, heard);
  for (const Statement* statement : statements) {
    const auto& said = std::get<ReportSaid>(statement->said);
    const bool waits = heard && !heard->hears(statement);
    if (!has_base && !waits) {
      needs.row(statement->key, HeldFor::base, said.report, "report_unknown");
    } else if (said.what == ReportSaid::What::submitted) {
      needs.note(statement->key, HeldFor::unit, said.unit, reference.unit_known_from(said.unit),
                 "unit_unknown", true);
      note_need_of_plan(needs, *statement, said, reference);
    }
  }
}

}  // namespace

Derived fold_report(const SubjectKey& subject, std::span<const Statement* const> statements,
                    const Reference& reference) {
  Derived derived;
  const auto heard = heard_of(statements, reference);
  ReportSteps steps = heard ? stand(subject, *heard) : stand(subject, statements);
  const bool has_base = !steps.empty() && steps.back().standing;
  note_needs(subject, statements, heard, reference, has_base, derived.rows);
  const auto known_from = [&](const std::optional<ReportNow>& now) -> std::optional<OrderKey> {
    if (!now) return first_order_key();
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

}  // namespace tiendo

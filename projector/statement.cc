#include "projector/statement.h"

#include <algorithm>

#include "events/ensure.h"
#include "events/text.h"

namespace tiendo {
namespace {

std::string nfc(json::Value value) { return to_nfc(value.text()); }

std::optional<Decimal> decimal(json::Value value) {
  if (value.is_null()) return std::nullopt;
  return parse_decimal(value.text()).value;
}

Day day(json::Value value) { return parse_day(value.text()).value_or(Day{}); }

// `time`, but not later than the record; or the record's own.
Instant sent(const Event& event, Instant recorded_at) {
  return std::min(event.time.value_or(recorded_at), recorded_at);
}

std::vector<std::string> texts(json::Value list) {
  std::vector<std::string> out;
  for (const json::Value element : list) out.push_back(nfc(element));
  return out;
}

// The keys of flags and attributes with their values; null is not said.
std::vector<std::pair<std::string, Scalar>> scalars(json::Value object) {
  std::vector<std::pair<std::string, Scalar>> out;
  for (const json::Value field : object) {
    if (auto scalar = to_scalar(field)) out.emplace_back(to_nfc(field.key()), std::move(*scalar));
  }
  return out;
}

// Shown as it came; nothing is found by it but through a search of its own.
Name name_of(json::Value name) {
  return {std::string(name["vi"].text()), std::string(name["en"].text())};
}

ActivitySaid read_activity(const Event& event, ActivitySaid::What what,
                           std::span<const Term* const> terms) {
  ActivitySaid said{.what = what, .activity = nfc(event.data["activity"])};
  if (what == ActivitySaid::What::cancelled) return said;
  said.unit = nfc(event.data["unit"]);
  said.day = parse_day_or_instant(event.data["ends"].text()).value_or(Day{});
  said.co_units = texts(event.data["co_units"]);
  said.contributions.reserve(terms.size());
  for (const Term* term : terms) said.contributions.push_back(contribution(*term, event.data));
  return said;
}

ReportedFigure read_figure(json::Value figure) {
  ReportedFigure said{.indicator = nfc(figure["indicator"]),
                      .value = decimal(figure["value"]),
                      .numerator = decimal(figure["numerator"]),
                      .denominator = decimal(figure["denominator"])};
  for (const char* number : {"value", "numerator", "denominator"}) {
    said.with_point = said.with_point || parse_decimal(figure[number].text()).has_point;
  }
  if (!figure["scope"].is_null()) {
    said.scope = figure["scope"].text() == "subtree" ? Covers::subtree : Covers::own;
  }
  if (!figure["as_at"].is_null()) said.as_at = day(figure["as_at"]);
  said.surveyed = !figure["survey"]["day"].is_null();
  return said;
}

ReportSaid read_report(const Event& event, ReportSaid::What what, Instant recorded_at) {
  ReportSaid said{.what = what,
                  .source = std::string(speaker(event)),
                  .report = nfc(event.data["report"]),
                  .unit = nfc(event.data["unit"]),
                  .plan = nfc(event.data["plan"]),
                  .period = nfc(event.data["period"]),
                  .obligation = nfc(event.data["obligation"])};
  said.sent = sent(event, recorded_at);
  for (const json::Value figure : event.data["figures"]) {
    said.figures.push_back(read_figure(figure));
  }
  return said;
}

UnitSaid read_unit(const Event& event, UnitSaid::What what) {
  const json::Value data = event.data;
  UnitSaid said{.what = what,
                .unit = nfc(data["unit"]),
                .effective = day(data["effective"]),
                .name = name_of(data["name"]),
                .kind = nfc(data["kind"]),
                .level = nfc(data["level"]),
                .organisation = nfc(data["organisation"])};
  if (!data["parent"].is_null()) said.parent = nfc(data["parent"]);
  for (const json::Value code : data["codes"]) {
    said.codes.emplace_back(nfc(code["catalogue"]), nfc(code["code"]));
  }
  said.attributes = scalars(data["attributes"]);
  return said;
}

SuccessionSaid read_merge(const Event& event) {
  const json::Value data = event.data;
  return {.what = SuccessionSaid::What::merged,
          .effective = day(data["effective"]),
          .from = texts(data["from"]),
          .into = {{nfc(data["into"]), Decimal::whole(1)}}};
}

SuccessionSaid read_split(const Event& event) {
  const json::Value data = event.data;
  SuccessionSaid said{.what = SuccessionSaid::What::split,
                      .effective = day(data["effective"]),
                      .from = {nfc(data["from"])}};
  for (const json::Value part : data["into"]) {
    said.into.push_back({nfc(part["unit"]), decimal(part["share"]).value_or(Decimal())});
  }
  return said;
}

EntitySaid read_entity(const Event& event, EntitySaid::What what) {
  const json::Value data = event.data;
  return {.what = what,
          .reg = nfc(data["register"]),
          .entity = nfc(data["entity"]),
          .unit = nfc(data["unit"]),
          .effective = day(data["effective"]),
          .flags = scalars(data["flags"])};
}

StatisticSaid read_statistic(const Event& event) {
  const json::Value data = event.data;
  return {.statistic = nfc(data["statistic"]),
          .unit = nfc(data["unit"]),
          .as_at = day(data["as_at"]),
          .value = decimal(data["value"])};
}

MoneySaid read_money(const Event& event, MoneySaid::What what, Instant recorded_at) {
  const json::Value data = event.data;
  const Decimal year = parse_decimal(data["year"].text()).value;
  MoneySaid said{.what = what,
                 .plan = nfc(data["plan"]),
                 .line = nfc(data["line"]),
                 .unit = nfc(data["unit"]),
                 .year = static_cast<int>(year.units() / Decimal::one_units),
                 .entry = nfc(data["entry"]),
                 .amount = parse_decimal(data["amount"].text()).value};
  said.day = std::min(to_day({said.year, 12, 31}), local_day(sent(event, recorded_at)));
  return said;
}

// Types are named as in the vocabulary; the full name is taken too.
std::vector<std::string> type_names(json::Value list) {
  std::vector<std::string> names;
  for (const json::Value element : list) {
    const ParsedType parsed = parse_type(element.text());
    const bool is_full = parsed.fault == TypeFault::none;
    names.push_back(is_full ? std::string(spec_of(parsed.type).name) : nfc(element));
  }
  return names;
}

GrantSaid read_grant(const Event& event, GrantSaid::What what) {
  const json::Value data = event.data;
  return {.what = what,
          .source = nfc(data["source"]),
          .units = texts(data["units"]),
          .types = type_names(data["types"])};
}

PublicationSaid read_publication(const Event& event, PublicationSaid::What what) {
  const json::Value data = event.data;
  PublicationSaid said{.what = what,
                       .publication = nfc(data["publication"]),
                       .plan = nfc(data["plan"]),
                       .unit = nfc(data["unit"]),
                       .period = nfc(data["period"]),
                       .tree = nfc(data["tree"])};
  if (!data["moment"].is_null()) said.moment = parse_instant(data["moment"].text());
  if (event.source == control_source) said.without = texts(data["without"]);
  return said;
}

PlanSaid plan_said(const Event& event) {
  return {std::make_shared<const Plan>(read_plan(event.data))};
}

}  // namespace

std::set<std::string> SuccessionSaid::units() const {
  std::set<std::string> units(from.begin(), from.end());
  for (const Part& part : into) units.insert(part.unit);
  return units;
}

Statement StatementReader::read(const Effect& effect, std::span<const Term* const> terms) {
  Statement statement = read(effect.record, terms);
  if (effect.rejudged) statement.subjects.push_back(rejudged_key(*effect.rejudged));
  return statement;
}

Statement StatementReader::read(const Record& record, std::span<const Term* const> terms) {
  Decoded decoded = decode(record.message, document_);
  ENSURE(std::holds_alternative<Event>(decoded), "an accepted record decodes");
  const Event& event = std::get<Event>(decoded);
  Statement statement{.key = record.key(),
                      .identity = identity_of(event.source, event.id),
                      .type = event.type,
                      .source = to_nfc(event.source),
                      .subjects = subjects_of(event)};
  if (event.data["unit"].is_null()) statement.about = to_nfc(event.subject);
  using A = ActivitySaid::What;
  using R = ReportSaid::What;
  using U = UnitSaid::What;
  using E = EntitySaid::What;
  using M = MoneySaid::What;
  const Instant at = record.recorded_at;
  switch (event.type) {
    case EventType::activity_recorded:
      statement.said = read_activity(event, A::recorded, terms);
      break;
    case EventType::activity_corrected:
      statement.said = read_activity(event, A::corrected, terms);
      break;
    case EventType::activity_cancelled:
      statement.said = read_activity(event, A::cancelled, terms);
      break;
    case EventType::report_submitted:
      statement.said = read_report(event, R::submitted, at);
      break;
    case EventType::report_corrected:
      statement.said = read_report(event, R::corrected, at);
      break;
    case EventType::report_withdrawn:
      statement.said = read_report(event, R::withdrawn, at);
      break;
    case EventType::report_approved:
      statement.said = read_report(event, R::approved, at);
      break;
    case EventType::report_returned:
      statement.said = read_report(event, R::returned, at);
      break;
    case EventType::unit_registered:
      statement.said = read_unit(event, U::registered);
      break;
    case EventType::unit_renamed:
      statement.said = read_unit(event, U::renamed);
      break;
    case EventType::unit_moved:
      statement.said = read_unit(event, U::moved);
      break;
    case EventType::unit_closed:
      statement.said = read_unit(event, U::closed);
      break;
    case EventType::unit_reopened:
      statement.said = read_unit(event, U::reopened);
      break;
    case EventType::unit_merged:
      statement.said = read_merge(event);
      break;
    case EventType::unit_split:
      statement.said = read_split(event);
      break;
    case EventType::unit_attributes_set:
      statement.said = read_unit(event, U::attributes_set);
      break;
    case EventType::plan_published:
    case EventType::plan_amended:
      statement.said = plan_said(event);
      break;
    case EventType::entity_registered:
      statement.said = read_entity(event, E::registered);
      break;
    case EventType::entity_updated:
      statement.said = read_entity(event, E::updated);
      break;
    case EventType::entity_removed:
      statement.said = read_entity(event, E::removed);
      break;
    case EventType::statistic_declared:
      statement.said = read_statistic(event);
      break;
    case EventType::money_allocated:
      statement.said = read_money(event, M::allocated, at);
      break;
    case EventType::money_spent:
      statement.said = read_money(event, M::spent, at);
      break;
    case EventType::money_corrected:
      statement.said = read_money(event, M::corrected, at);
      break;
    case EventType::source_granted:
      statement.said = read_grant(event, GrantSaid::What::granted);
      break;
    case EventType::source_revoked:
      statement.said = read_grant(event, GrantSaid::What::revoked);
      break;
    case EventType::publication_closed:
      statement.said = read_publication(event, PublicationSaid::What::closed);
      break;
    case EventType::publication_amended:
      statement.said = read_publication(event, PublicationSaid::What::amended);
      break;
    default:
      break;
  }
  return statement;
}

}  // namespace tiendo

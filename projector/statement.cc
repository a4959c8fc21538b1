#include "projector/statement.h"

#include <algorithm>

#include "events/ensure.h"
#include "events/text.h"

namespace tiendo {
namespace {

SubjectKey make_key(char kind, std::initializer_list<std::string_view> parts) {
  std::vector<std::string> normal;
  for (const std::string_view part : parts) normal.push_back(to_nfc(part));
  switch (normal.size()) {
    case 1:
      return {kind, hash16({normal[0]})};
    case 2:
      return {kind, hash16({normal[0], normal[1]})};
    case 3:
      return {kind, hash16({normal[0], normal[1], normal[2]})};
    default:
      return {kind, hash16({normal[0], normal[1], normal[2], normal[3]})};
  }
}

std::string nfc(json::Value value) { return to_nfc(value.text()); }

std::optional<Decimal> decimal(json::Value value) {
  if (value.is_null()) return std::nullopt;
  return parse_decimal(value.text()).value;
}

std::vector<std::string> texts(json::Value list) {
  std::vector<std::string> out;
  for (const json::Value element : list) out.push_back(nfc(element));
  return out;
}

// Shown as it came; nothing is found by it but through a search of its own.
Name name_of(json::Value name) {
  return {std::string(name["vi"].text()), std::string(name["en"].text())};
}

// `of_source` names the source whose thing is meant; without it, the speaker's own.
std::string_view speaker(const Event& event) {
  const json::Value of_source = event.data["of_source"];
  return of_source.is_null() ? event.source : of_source.text();
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

ReportSaid read_report(const Event& event, ReportSaid::What what, Instant recorded_at) {
  ReportSaid said{.what = what,
                  .source = std::string(speaker(event)),
                  .report = nfc(event.data["report"]),
                  .unit = nfc(event.data["unit"]),
                  .plan = nfc(event.data["plan"]),
                  .period = nfc(event.data["period"]),
                  .obligation = nfc(event.data["obligation"])};
  said.sent = std::min(event.time.value_or(recorded_at), recorded_at);
  for (const json::Value figure : event.data["figures"]) {
    said.figures.push_back({.indicator = nfc(figure["indicator"]),
                            .value = decimal(figure["value"]),
                            .numerator = decimal(figure["numerator"]),
                            .denominator = decimal(figure["denominator"])});
  }
  return said;
}

UnitSaid read_unit(const Event& event, UnitSaid::What what) {
  const json::Value data = event.data;
  UnitSaid said{.what = what,
                .unit = nfc(data["unit"]),
                .effective = parse_day(data["effective"].text()).value_or(Day{}),
                .name = name_of(data["name"]),
                .kind = nfc(data["kind"]),
                .level = nfc(data["level"]),
                .organisation = nfc(data["organisation"])};
  if (!data["parent"].is_null()) said.parent = nfc(data["parent"]);
  for (const json::Value code : data["codes"]) {
    said.codes.emplace_back(nfc(code["catalogue"]), nfc(code["code"]));
  }
  for (const json::Value attribute : data["attributes"]) {
    if (auto scalar = to_scalar(attribute)) {
      said.attributes.emplace_back(to_nfc(attribute.key()), std::move(*scalar));
    }
  }
  return said;
}

PlanSaid read_plan(const Event& event) {
  ParsedPlan parsed = parse_plan(event.data);
  ENSURE(std::holds_alternative<Plan>(parsed), "the judge accepts only plans that can be read");
  return {std::make_shared<const Plan>(std::move(std::get<Plan>(parsed)))};
}

}  // namespace

std::optional<SubjectKey> parse_subject_key(std::string_view bytes) {
  if (bytes.size() != 17) return std::nullopt;
  SubjectKey key{.kind = bytes[0]};
  std::copy(bytes.begin() + 1, bytes.end(), reinterpret_cast<char*>(key.hash.bytes.data()));
  return key;
}

SubjectKey activity_key(std::string_view source, std::string_view activity) {
  return make_key(activity_subject, {source, activity});
}

SubjectKey report_key(std::string_view source, std::string_view report) {
  return make_key(report_subject, {source, report});
}

SubjectKey rejudged_key(const RecordPlace& place) {
  return make_key(rejudged_subject, {place.stream.text(), std::to_string(place.position)});
}

namespace {

// What an event speaks of (semantics 1, "key").
std::vector<SubjectKey> subjects_of(const Event& event) {
  const json::Value data = event.data;
  const auto units = [&](std::string_view single, std::string_view list) {
    std::vector<SubjectKey> keys = {make_key(unit_subject, {data[single].text()})};
    for (const json::Value element : data[list]) {
      const json::Value unit = element.is(json::Kind::object) ? element["unit"] : element;
      keys.push_back(make_key(unit_subject, {unit.text()}));
    }
    // A unit may be one of its own parts.
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  };
  switch (event.type) {
    case EventType::activity_recorded:
      return {activity_key(event.source, data["activity"].text())};
    case EventType::activity_corrected:
    case EventType::activity_cancelled:
      return {activity_key(speaker(event), data["activity"].text())};
    case EventType::report_submitted:
      return {report_key(event.source, data["report"].text())};
    case EventType::report_corrected:
    case EventType::report_withdrawn:
    case EventType::report_approved:
    case EventType::report_returned:
      return {report_key(speaker(event), data["report"].text())};
    case EventType::unit_merged:
      return units("into", "from");
    case EventType::unit_split:
      return units("from", "into");
    case EventType::unit_registered:
    case EventType::unit_renamed:
    case EventType::unit_moved:
    case EventType::unit_closed:
    case EventType::unit_reopened:
    case EventType::unit_attributes_set:
      return {make_key(unit_subject, {data["unit"].text()})};
    case EventType::plan_published:
    case EventType::plan_amended:
      return {make_key(plan_subject, {data["plan"].text(), data["version"].text()})};
    case EventType::entity_registered:
    case EventType::entity_updated:
    case EventType::entity_removed:
      return {make_key('e', {data["register"].text(), data["entity"].text()})};
    case EventType::statistic_declared:
      return {make_key('s', {data["statistic"].text(), data["unit"].text(), data["as_at"].text()})};
    case EventType::money_allocated:
      return {make_key('m', {data["plan"].text(), data["line"].text(), data["unit"].text(),
                             data["year"].text()})};
    case EventType::money_spent:
    case EventType::money_corrected:
      if (data["entry"].is_null()) return {make_key('x', {event.source, "event", event.id})};
      return {make_key('x', {event.source, data["entry"].text()})};
    case EventType::publication_closed:
    case EventType::publication_amended:
      return {make_key('b', {data["publication"].text()})};
    case EventType::source_granted:
    case EventType::source_revoked:
      return {make_key('g', {data["source"].text()})};
    default:
      return {};
  }
}

}  // namespace

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
                      .subjects = subjects_of(event)};
  using A = ActivitySaid::What;
  using R = ReportSaid::What;
  using U = UnitSaid::What;
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
    case EventType::plan_published:
    case EventType::plan_amended:
      statement.said = read_plan(event);
      break;
    default:
      break;
  }
  return statement;
}

}  // namespace tiendo

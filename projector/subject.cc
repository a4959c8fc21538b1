#include "projector/subject.h"

#include <algorithm>

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

std::string_view speaker(const Event& event) {
  const json::Value of_source = event.data["of_source"];
  return of_source.is_null() ? event.source : of_source.text();
}

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
      return {make_key(entity_subject, {data["register"].text(), data["entity"].text()})};
    case EventType::statistic_declared:
      return {make_key(statistic_subject,
                       {data["statistic"].text(), data["unit"].text(), data["as_at"].text()})};
    case EventType::money_allocated:
      return {make_key(allocation_subject, {data["plan"].text(), data["line"].text(),
                                            data["unit"].text(), data["year"].text()})};
    case EventType::money_spent:
      if (data["entry"].is_null()) {
        return {make_key(expense_subject, {event.source, "event", event.id})};
      }
      return {make_key(expense_subject, {event.source, data["entry"].text()})};
    case EventType::money_corrected:
      return {make_key(expense_subject, {speaker(event), data["entry"].text()})};
    case EventType::publication_closed:
    case EventType::publication_amended:
      return {make_key('b', {data["publication"].text()})};
    case EventType::source_granted:
    case EventType::source_revoked:
      return {make_key(grant_subject, {data["source"].text()})};
    default:
      return {};
  }
}

}  // namespace tiendo

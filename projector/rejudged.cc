#include "projector/rejudged.h"

#include "events/event.h"
#include "events/plan.h"
#include "events/whole_number.h"

namespace tiendo {
namespace {

// The place that a control record names; none: it is about something else.
std::optional<RecordPlace> named_place(const Record& control) {
  json::Document document;
  const Decoded decoded = decode(control.message, document);
  const auto* event = std::get_if<Event>(&decoded);
  if (event == nullptr || event->type != EventType::control_rejudged) return std::nullopt;
  const auto position = whole_number<uint64_t>(event->data["position"].text());
  if (!position) return std::nullopt;
  return RecordPlace{StreamName(event->data["stream"].text()), *position};
}

bool can_take_effect(const Message& message) {
  json::Document document;
  const Decoded decoded = decode(message, document);
  const auto* event = std::get_if<Event>(&decoded);
  if (event == nullptr || spec_of(event->type).is_control) return false;
  return !spec_of(event->type).is_plan || !check_plan(event->data);
}

}  // namespace

Result<Effect> effect_of(const LogReader& log, Record record) {
  static const StreamName control("control");
  if (record.stream != control) return Effect{std::move(record), std::nullopt};
  const auto place = named_place(record);
  if (!place) return Effect{std::move(record), std::nullopt};
  auto named = log.read(place->stream, place->position);
  if (!named.ok() && named.error().code != "not_found") return named.error();
  if (!named.ok() || named->judgement.verdict != Verdict::rejected ||
      named->key() >= record.key() || !can_take_effect(named->message)) {
    return Effect{std::move(record), std::nullopt};
  }
  record.message = std::move(named->message);
  return Effect{std::move(record), place};
}

Result<Effect> read_effect(const LogReader& log, const StreamName& stream, uint64_t position) {
  TRY_ASSIGN(record, log.read(stream, position));
  return effect_of(log, std::move(record));
}

}  // namespace tiendo

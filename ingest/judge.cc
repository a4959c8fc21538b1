#include "ingest/judge.h"

#include <utility>

#include "events/limits.h"
#include "events/mode.h"
#include "events/plan.h"
#include "events/refusal.h"
#include "events/text.h"
#include "ingest/shapes.h"

namespace tiendo {
namespace {

bool same_unit(json::Value a, json::Value b) {
  return a.is(json::Kind::text) && b.is(json::Kind::text) && same_text(a.text(), b.text());
}

// Where the message says this attribute: in binary mode in a header.
Path place_of(const Message& message, std::string_view attribute) {
  static constexpr Path headers{nullptr, "headers", -1};
  if (mode_of(message) == Mode::binary) {
    for (const Header& header : message.headers) {
      if (!is_attribute_header(header.name)) continue;
      const auto name = std::string_view(header.name).substr(attribute_prefix_bytes);
      if (equal_without_case(name, attribute)) return headers.field(header.name);
    }
  }
  return {nullptr, attribute, -1};
}

// Nobody else speaks in the node's own name.
void check_source(const Message& message, const Event& event, Speaker speaker,
                  FirstRefusal& first) {
  if (speaker == Speaker::control || event.source != control_source) return;
  first.add(Reason::attribute_invalid, place_of(message, "source"), event.source,
            "!= " + std::string(control_source));
}

// The control stream has its own vocabulary and asks for an actor.
void check_speaker(const Message& message, const Event& event, Speaker speaker,
                   FirstRefusal& first) {
  const TypeSpec& spec = spec_of(event.type);
  if (speaker == Speaker::source) {
    if (spec.is_control) {
      first.add(Reason::type_unknown, place_of(message, "type"),
                std::string(type_prefix) + std::string(spec.name) + ".v1",
                "vn.tiendo.*.v1, != vn.tiendo.control.*");
    }
    return;
  }
  const bool is_publication =
      event.type == EventType::publication_closed || event.type == EventType::publication_amended;
  if (!spec.is_control && !is_publication) {
    first.add(Reason::type_unknown, place_of(message, "type"), spec.name,
              "vn.tiendo.control.*.v1 | vn.tiendo.publication.*.v1");
  }
  if (event.actor.find_first_not_of(' ') == std::string_view::npos) {
    first.add(Reason::attribute_missing, place_of(message, "actor"), event.actor,
              "text, 1..200 bytes");
  }
  if (event.source != control_source) {
    first.add(Reason::attribute_invalid, place_of(message, "source"), json::quoted(event.source),
              control_source);
  }
}

void check_subject(const Message& message, const Event& event, FirstRefusal& first) {
  if (event.subject.empty() || !spec_of(event.type).subject_is_unit) return;
  const json::Value unit = event.data["unit"];
  if (!unit.is(json::Kind::text) || same_text(event.subject, unit.text())) return;
  first.add(Reason::subject_mismatch, place_of(message, "subject"), json::quoted(event.subject),
            readable(json::print(unit)));
}

void check_days_of_activity(json::Value data, const Path& path, FirstRefusal& first) {
  const json::Value starts = data["starts"];
  const json::Value ends = data["ends"];
  if (!starts.is(json::Kind::text) || !ends.is(json::Kind::text)) return;
  const auto first_day = parse_day_or_instant(starts.text());
  const auto last_day = parse_day_or_instant(ends.text());
  if (!first_day || !last_day) return;
  // Within a day only two times can be told apart.
  bool is_reversed = *last_day < *first_day;
  if (*first_day == *last_day) {
    const auto start = parse_instant(starts.text());
    const auto end = parse_instant(ends.text());
    is_reversed = start && end && *end < *start;
  }
  const Window window{*first_day, *last_day};
  if (is_reversed) {
    first.add(Reason::dates_reversed, path.field("ends"), ends, ">= starts");
  } else if (window.days() > limits::activity_span_days_max) {
    first.add(Reason::span_too_long, path.field("ends"), std::to_string(window.days()),
              "<= " + std::to_string(limits::activity_span_days_max));
  }
}

void check_merge(json::Value data, const Path& path, FirstRefusal& first) {
  const Path from = path.field("from");
  int64_t index = 0;
  for (const json::Value unit : data["from"]) {
    if (same_unit(unit, data["into"])) {
      first.add(Reason::self_reference, from.element(index), unit, "!= into");
    }
    ++index;
  }
}

void check_parent(json::Value data, const Path& path, FirstRefusal& first) {
  if (same_unit(data["unit"], data["parent"])) {
    first.add(Reason::self_reference, path.field("parent"), data["parent"], "!= unit");
  }
}

// What fields say together.
void check_across(const Event& event, const Path& path, FirstRefusal& first) {
  switch (event.type) {
    case EventType::activity_recorded:
    case EventType::activity_corrected:
      return check_days_of_activity(event.data, path, first);
    case EventType::unit_registered:
    case EventType::unit_moved:
      return check_parent(event.data, path, first);
    case EventType::unit_merged:
      return check_merge(event.data, path, first);
    default:
      return;
  }
}

}  // namespace

Judged Judge::judge(const Message& message, Speaker speaker) {
  Reading reading = read_event(message, document_);
  const auto time = reading.event.time;
  FirstRefusal first;
  const bool is_envelope_good = !reading.refusal;
  if (!is_envelope_good) first.add(*std::move(reading.refusal));
  event_ = std::move(reading.event);
  check_source(message, event_, speaker, first);
  if (is_envelope_good) {
    check_speaker(message, event_, speaker, first);
  } else if (speaker == Speaker::source && spec_of(event_.type).is_control) {
    check_speaker(message, event_, speaker, first);
  }
  if (!first.any()) {
    const Path data{nullptr, "data", -1};
    check_subject(message, event_, first);
    check_fields(spec_of(event_.type).fields, event_.data, data, first);
    check_across(event_, data, first);
    if (spec_of(event_.type).is_plan) {
      if (auto refusal = check_plan(event_.data)) first.add(*std::move(refusal));
    }
  }
  if (first.any()) return {first.take(), Hash16{}, time};
  return {std::nullopt, identity_of(event_.source, event_.id), time};
}

}  // namespace tiendo

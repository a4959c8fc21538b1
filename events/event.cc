#include "events/event.h"

#include <algorithm>
#include <array>
#include <utility>

#include "events/decimal.h"
#include "events/limits.h"
#include "events/mode.h"
#include "events/refusal.h"
#include "events/text.h"
#include "events/type_hint.h"

namespace tiendo {
namespace {

constexpr std::string_view media_expected = "application/cloudevents+json; ce_* + application/json";
constexpr std::string_view attribute_expected = "text, 1..200 bytes";
static_assert(limits::id_bytes_max == 200, "attribute_expected says so");

Reason reason_of_json(std::string_view code) {
  if (code == "not_utf8") return Reason::not_utf8;
  if (code == "too_deep") return Reason::too_deep;
  if (code == "duplicate_key") return Reason::duplicate_key;
  return Reason::not_json;
}

std::string_view json_expected(Reason reason) {
  switch (reason) {
    case Reason::not_utf8:
      return "UTF-8";
    case Reason::too_deep:
      return "<= 32";
    case Reason::duplicate_key:
      return "1 x";
    default:
      return "JSON";
  }
}
static_assert(limits::json_depth_max == 32, "json_expected() says so");

enum class Attribute : uint8_t {
  specversion,
  id,
  source,
  type,
  subject,
  actor,
  time,
  data,
  data_base64,
  datacontenttype,
  other,
};

Attribute attribute_named(std::string_view name) {
  switch (name.size()) {
    case 2:
      return name == "id" ? Attribute::id : Attribute::other;
    case 4:
      if (name == "data") return Attribute::data;
      if (name == "time") return Attribute::time;
      return name == "type" ? Attribute::type : Attribute::other;
    case 5:
      return name == "actor" ? Attribute::actor : Attribute::other;
    case 6:
      return name == "source" ? Attribute::source : Attribute::other;
    case 7:
      return name == "subject" ? Attribute::subject : Attribute::other;
    case 11:
      if (name == "specversion") return Attribute::specversion;
      return name == "data_base64" ? Attribute::data_base64 : Attribute::other;
    case 15:
      return name == "datacontenttype" ? Attribute::datacontenttype : Attribute::other;
    default:
      return Attribute::other;
  }
}

// The text of an attribute, in either mode.
struct Said {
  std::string_view text;
  bool is_text = true;
  bool lone_surrogate = false;
};

bool is_good_attribute(const Said& said) {
  return said.is_text && !said.text.empty() && said.text.size() <= limits::id_bytes_max &&
         !said.lone_surrogate &&
         (is_clean_text(said.text, LineBreaks::refused) || !has_control_character(said.text));
}

// Reads one message. Used once; the event's views point into the message and the document.
class EnvelopeReader {
 public:
  EnvelopeReader(const Message& message, json::Document& document)
      : message_(message), document_(document) {}

  Reading read();

 private:
  bool parse(const Path& path);
  void read_structured();
  void read_binary();
  void read_headers();
  void take(Attribute attribute, const Said& said, const Path& path, json::Value found);
  void take_name(std::string_view& slot, const Said& said, const Path& path, json::Value found);
  void take_data(json::Value data);
  void refuse(Reason reason, const Path& path, const Said& said, json::Value found,
              std::string_view expected);
  void require_attributes(const std::string& prefix);
  [[nodiscard]] bool said(Attribute attribute) const {
    return (seen_ >> static_cast<unsigned>(attribute) & 1u) != 0;
  }

  const Message& message_;
  json::Document& document_;
  Event event_;
  FirstRefusal first_;
  uint32_t seen_ = 0;  // one bit for each Attribute
};

Reading EnvelopeReader::read() {
  const std::size_t bytes = message_.value ? message_.value->size() : 0;
  if (bytes == 0) {
    first_.add(Reason::empty, whole_message, "0", ">= 1");
  } else if (bytes > limits::event_bytes_max) {
    first_.add(Reason::too_large, whole_message, std::to_string(bytes),
               "<= " + std::to_string(limits::event_bytes_max));
  } else {
    switch (mode_of(message_)) {
      case Mode::structured:
        read_structured();
        break;
      case Mode::binary:
        read_binary();
        break;
      case Mode::neither: {
        const Path headers{nullptr, "headers", -1};
        const auto* type = message_.header("content-type");
        first_.add(Reason::content_type, headers.field("content-type"),
                   type != nullptr && type->has_value() ? **type : "", media_expected);
        break;
      }
    }
  }
  return {std::move(event_), first_.take()};
}

bool EnvelopeReader::parse(const Path& path) {
  const Status status = document_.parse(*message_.value);
  if (status.ok()) return true;
  const Reason reason = reason_of_json(status.error().code);
  first_.add(reason, path, status.error().message, json_expected(reason));
  return false;
}

void EnvelopeReader::read_structured() {
  if (!parse(whole_message)) return;
  const json::Value root = document_.root();
  if (!root.is(json::Kind::object)) {
    first_.add(Reason::not_object, whole_message, root, "{...}");
    return;
  }
  json::Value data;
  for (const json::Value field : root) {
    const Attribute attribute = attribute_named(field.key());
    if (attribute == Attribute::data) {
      data = field;
    } else if (attribute != Attribute::other && !field.is_null()) {
      const Said text{field.text(), field.is(json::Kind::text), field.lone_surrogate()};
      take(attribute, text, Path{nullptr, field.key(), -1}, field);
    }
  }
  require_attributes("");
  if (data.present() || !said(Attribute::data_base64)) take_data(data);
}

void EnvelopeReader::read_binary() {
  read_headers();
  if (first_.any() && !first_.wants(Reason::not_utf8)) return;
  const Path data{nullptr, "data", -1};
  if (!parse(data)) return;
  // As the other attributes are written: ce_ over Kafka, ce- over HTTP.
  const auto one =
      std::find_if(message_.headers.begin(), message_.headers.end(),
                   [](const Header& header) { return is_attribute_header(header.name); });
  require_attributes("headers." + one->name.substr(0, attribute_prefix_bytes));
  take_data(document_.root());
}

void EnvelopeReader::take_data(json::Value data) {
  const Path path{nullptr, "data", -1};
  if (!data.present()) {
    first_.add(Reason::data_missing, path, data, "{...}");
  } else if (!data.is(json::Kind::object)) {
    first_.add(Reason::not_object, path, data, "{...}");
  } else {
    event_.data = data;
  }
}

void EnvelopeReader::refuse(Reason reason, const Path& path, const Said& said, json::Value found,
                            std::string_view expected) {
  if (found.present()) {
    first_.add(reason, path, found, expected);
  } else {
    first_.add(reason, path, said.text, expected);
  }
}

void EnvelopeReader::take_name(std::string_view& slot, const Said& said, const Path& path,
                               json::Value found) {
  slot = said.text;
  if (!is_good_attribute(said)) {
    refuse(Reason::attribute_invalid, path, said, found, attribute_expected);
  }
}

// `found` is the value in the document; absent in binary mode.
void EnvelopeReader::take(Attribute attribute, const Said& said, const Path& path,
                          json::Value found) {
  seen_ |= 1u << static_cast<unsigned>(attribute);
  switch (attribute) {
    case Attribute::specversion:
      if (!said.is_text || said.text != "1.0") {
        refuse(Reason::specversion, path, said, found, "\"1.0\"");
      }
      break;
    case Attribute::id:
      take_name(event_.id, said, path, found);
      break;
    case Attribute::source:
      take_name(event_.source, said, path, found);
      break;
    case Attribute::subject:
      take_name(event_.subject, said, path, found);
      break;
    case Attribute::actor:
      take_name(event_.actor, said, path, found);
      break;
    case Attribute::type: {
      const ParsedType parsed = parse_type(said.is_text ? said.text : std::string_view());
      event_.type = parsed.type;
      if (parsed.fault == TypeFault::type_unknown) {
        refuse(Reason::type_unknown, path, said, found, types_meant(said.text));
      } else if (parsed.fault == TypeFault::type_version) {
        refuse(Reason::type_version, path, said, found, ".v1");
      }
      break;
    }
    case Attribute::time:
      event_.time_text = said.text;
      if (said.is_text) event_.time = parse_instant(said.text);
      if (!event_.time) {
        refuse(Reason::time_invalid, path, said, found, "2024-03-10T07:30:00+07:00");
      }
      break;
    case Attribute::data_base64:
      refuse(Reason::data_binary, path, said, found, "data: {...}");
      break;
    case Attribute::datacontenttype:
      if (!said.is_text || !is_json_media(said.text)) {
        refuse(Reason::content_type, path, said, found, "application/json");
      }
      break;
    case Attribute::data:
    case Attribute::other:
      break;
  }
}

void EnvelopeReader::require_attributes(const std::string& prefix) {
  constexpr std::array<std::pair<Attribute, std::string_view>, 4> required = {
      {{Attribute::specversion, "specversion"},
       {Attribute::id, "id"},
       {Attribute::source, "source"},
       {Attribute::type, "type"}}};
  for (const auto& [attribute, name] : required) {
    if (said(attribute)) continue;
    const std::string field = prefix + std::string(name);
    const bool is_version = attribute == Attribute::specversion;
    first_.add(is_version ? Reason::specversion : Reason::attribute_missing,
               Path{nullptr, field, -1}, "", is_version ? "\"1.0\"" : attribute_expected);
  }
}

void EnvelopeReader::read_headers() {
  std::size_t escaped_bytes = 0;
  for (const Header& header : message_.headers) {
    if (is_escaped(header)) escaped_bytes += header.value->size();
  }
  std::shared_ptr<std::string> unescaped;
  if (escaped_bytes > 0) {
    unescaped = std::make_shared<std::string>();
    unescaped->reserve(escaped_bytes);  // unescaping never lengthens, so no view is moved
    event_.unescaped = unescaped;
  }

  const Path headers{nullptr, "headers", -1};
  for (const Header& header : message_.headers) {
    if (!is_attribute_header(header.name)) continue;
    const Path path = headers.field(header.name);
    if (!header.value) {
      first_.add(Reason::header_invalid, path, "", "UTF-8");
      continue;
    }
    std::string_view value = *header.value;
    bool is_valid = true;
    if (is_escaped(header)) {
      const std::size_t begin = unescaped->size();
      is_valid = unescape_header(value, *unescaped);
      value = std::string_view(*unescaped).substr(begin);
    }
    if (!is_valid || !is_utf8(value)) {
      first_.add(Reason::header_invalid, path, *header.value, "UTF-8");
      continue;
    }
    std::array<char, 16> name{};
    const std::size_t length = std::min(header.name.size() - 3, name.size());
    std::transform(header.name.begin() + 3, header.name.begin() + 3 + static_cast<int64_t>(length),
                   name.begin(), ascii_lower);
    const Attribute attribute = attribute_named({name.data(), length});
    const bool is_of_binary_mode =
        attribute < Attribute::data || attribute == Attribute::datacontenttype;
    if (!is_of_binary_mode) continue;
    if (said(attribute)) {
      first_.add(Reason::header_invalid, path, value, "1 x");
    } else {
      take(attribute, Said{value}, path, {});
    }
  }
}

}  // namespace

Reading read_event(const Message& message, json::Document& document) {
  return EnvelopeReader(message, document).read();
}

Decoded decode(const Message& message, json::Document& document) {
  Reading reading = read_event(message, document);
  if (reading.refusal) return *std::move(reading.refusal);
  return std::move(reading.event);
}

Hash16 identity_of(std::string_view source, std::string_view id) {
  if (is_nfc(source) && is_nfc(id)) return hash16({source, id});
  return hash16({to_nfc(source), to_nfc(id)});
}

}  // namespace tiendo

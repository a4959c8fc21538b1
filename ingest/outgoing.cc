#include "ingest/outgoing.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "events/mode.h"
#include "events/text.h"
#include "ingest/files.h"
#include "ingest/source.h"

namespace tiendo {
namespace {

// The headers of Kafka's binary mode out of those of HTTP's: ce-NAME becomes ce_NAME, in lower case
// and unescaped. What cannot be unescaped keeps its form, and the judge refuses it for that.
Header kafka_header(const Header& header) {
  Header made = header;
  std::transform(made.name.begin(), made.name.end(), made.name.begin(), ascii_lower);
  if (!is_attribute_header(made.name) || !header.value) return made;
  std::string value;
  if (is_escaped(header)) {
    if (!unescape_header(*header.value, value)) return made;
    made.value = std::move(value);
  }
  made.name[2] = '_';
  return made;
}

std::string_view header_text(const Message& message, std::string_view name) {
  const auto* const value = message.header(name);
  return value != nullptr && value->has_value() ? std::string_view(**value) : std::string_view();
}

// What an event says of itself, as far as it can be read; empty where it does not.
struct Said {
  std::string_view type;
  std::string_view key;
};

// The province and the district of a unit whose id shows them (province.district.commune), so that
// the events of one part of the country keep their order in one partition.
std::string_view part_of_country(std::string_view unit) {
  const std::size_t first = unit.find('.');
  return first == std::string_view::npos ? unit : unit.substr(0, unit.find('.', first + 1));
}

std::string_view first_said(const std::array<std::string_view, 4>& texts) {
  const auto* const said =
      std::find_if(texts.begin(), texts.end(), [](std::string_view text) { return !text.empty(); });
  return said == texts.end() ? std::string_view() : *said;
}

std::string_view text_in(json::Value value) {
  return value.is(json::Kind::text) ? value.text() : std::string_view();
}

Said said_by(const Message& message, json::Document& document) {
  if (!message.value) return {};
  const bool parsed = document.parse(*message.value).ok();
  const json::Value root = parsed ? document.root() : json::Value();
  if (mode_of(message) == Mode::structured) {
    return {
        text_in(root["type"]),
        first_said({text_in(root["partitionkey"]), part_of_country(text_in(root["data"]["unit"])),
                    part_of_country(text_in(root["subject"])), text_in(root["source"])})};
  }
  return {
      header_text(message, "ce_type"),
      first_said({header_text(message, "ce_partitionkey"), part_of_country(text_in(root["unit"])),
                  part_of_country(header_text(message, "ce_subject")),
                  header_text(message, "ce_source")})};
}

bool is_reference(std::string_view type) {
  constexpr std::array prefixes{"vn.tiendo.unit.", "vn.tiendo.plan.", "vn.tiendo.source."};
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const char* prefix) { return type.starts_with(prefix); });
}

}  // namespace

Outgoing outgoing(Message received, const GatewayTopics& topics, json::Document& document) {
  if (received.headers.empty()) {
    received.headers.push_back(structured_mode());
  } else {
    for (Header& header : received.headers) header = kafka_header(header);
  }
  const Said said = said_by(received, document);
  if (!said.key.empty()) received.key = is_utf8(said.key) ? to_nfc(said.key) : said.key;
  const std::string& topic = is_reference(said.type) ? topics.reference : topics.events;
  return {topic, std::move(received)};
}

std::size_t bytes_of(const Outgoing& one) { return bytes_of(one.message); }

}  // namespace tiendo

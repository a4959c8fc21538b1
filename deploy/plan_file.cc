#include "deploy/plan_file.h"

#include <filesystem>
#include <system_error>

#include "deploy/judged_text.h"
#include "events/calendar.h"
#include "events/sha256.h"
#include "events/vocabulary.h"
#include "query/json_writer.h"

namespace tiendo {

bool is_plan_document(json::Value root) {
  return root.is(json::Kind::object) && root["indicators"].present() &&
         !root["specversion"].present();
}

std::string event_of_plan(json::Value document, std::string_view source) {
  constexpr std::size_t digest_digits = 16;
  const std::string text = json::print(document);
  const std::string digest = to_hex(sha256(text)).substr(0, digest_digits);
  const std::string_view valid_from = document["valid_from"].text();
  JsonWriter event;
  event.begin_object();
  event.field("specversion", "1.0");
  event.field("id", std::string(document["plan"].text()) + "/" +
                        std::string(document["version"].text()) + "/" + digest);
  event.field("source", source);
  event.field("type", std::string(type_prefix) + "plan.published.v1");
  if (const auto day = parse_day(valid_from)) event.field("time", start_of(*day));
  event.key("data");
  event.raw(text);
  event.end_object();
  return std::move(event).text();
}

Result<std::optional<Line>> event_of_plan_file(const std::string& path, std::string_view source) {
  std::error_code why;
  if (!std::filesystem::is_regular_file(path, why)) return std::optional<Line>();
  TRY_ASSIGN(texts, JudgedTexts::open(path));
  TRY_ASSIGN(first, texts.next());
  if (!first) return std::optional<Line>();
  if (!first->line.text) {
    if (!first->is_printed) return std::optional<Line>();
    return std::optional<Line>(std::move(first->line));
  }
  json::Document document;
  if (!document.parse(*first->line.text).ok() || !is_plan_document(document.root())) {
    return std::optional<Line>();
  }
  TRY_ASSIGN(second, texts.next());
  if (second) return std::optional<Line>();
  first->line.text = event_of_plan(document.root(), source);
  return std::optional<Line>(std::move(first->line));
}

}  // namespace tiendo

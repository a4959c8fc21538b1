// Writes JSON text from front to back. Decimals are printed exactly (events/decimal.h), never by
// way of a floating point number.
//
//   JsonWriter json;
//   json.begin_object();
//   json.field("value", figure.value);  // an absent optional is null
//   json.end_object();
//   return std::move(json).text();
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "events/calendar.h"
#include "events/decimal.h"
#include "events/message.h"
#include "events/plan.h"

namespace tiendo {

class JsonWriter {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  void key(std::string_view name);

  void null() { raw("null"); }
  void value(std::string_view text);
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool truth) { raw(truth ? "true" : "false"); }
  template <std::integral Number>
  requires(!std::same_as<Number, bool> && !std::same_as<Number, char>) void value(Number number) {
    raw(std::to_string(number));
  }
  void value(Decimal number) { raw(json_number(number)); }
  void value(Day day) { value(to_text(day)); }
  void value(Instant instant) { value(to_text(instant)); }
  void value(const Name& name);          // {vi, en}, en only where it is said
  void value(const Sentence& sentence);  // {vi, en}
  template <class T>
  void value(const std::optional<T>& maybe) {
    maybe ? value(*maybe) : null();
  }
  // `json` is one JSON value.
  void raw(std::string_view json);

  template <class T>
  void field(std::string_view name, const T& content) {
    key(name);
    value(content);
  }
  // Left out where it is empty.
  void field_unless_empty(std::string_view name, std::string_view text) {
    if (!text.empty()) field(name, text);
  }
  void begin_object(std::string_view name) {
    key(name);
    begin_object();
  }
  void begin_array(std::string_view name) {
    key(name);
    begin_array();
  }

  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void separate();

  std::string text_;
  bool comma_ = false;  // a value stands before this place
};

}  // namespace tiendo

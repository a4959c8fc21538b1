#include "query/json_writer.h"

#include "events/json.h"

namespace tiendo {

void JsonWriter::separate() {
  if (comma_) text_ += ',';
  comma_ = true;
}

void JsonWriter::begin(char bracket) {
  separate();
  text_ += bracket;
  comma_ = false;
}

void JsonWriter::end(char bracket) {
  text_ += bracket;
  comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  text_ += json::quoted(name);
  text_ += ':';
  comma_ = false;
}

void JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
}

void JsonWriter::value(std::string_view text) { raw(json::quoted(text)); }

void JsonWriter::value(const Name& name) {
  begin_object();
  field("vi", name.vi);
  field_unless_empty("en", name.en);
  end_object();
}

void JsonWriter::value(const Sentence& sentence) {
  begin_object();
  field("vi", sentence.vi);
  field("en", sentence.en);
  end_object();
}

}  // namespace tiendo

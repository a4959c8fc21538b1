#include "query/json_writer.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

TEST(JsonWriter, PutsCommasBetweenValuesOnly) {
  JsonWriter json;
  json.begin_object();
  json.begin_array("empty");
  json.end_array();
  json.field("a", 1);
  json.begin_array("list");
  json.value("x");
  json.null();
  json.begin_object();
  json.end_object();
  json.end_array();
  json.field("b", true);
  json.end_object();
  EXPECT_EQ(std::move(json).text(), R"({"empty":[],"a":1,"list":["x",null,{}],"b":true})");
}

TEST(JsonWriter, PrintsDecimalsExactly) {
  JsonWriter json;
  json.begin_array();
  json.value(parse_decimal("0.1").value + parse_decimal("0.2").value);
  json.value(parse_decimal("999999999999999").value);
  json.value(parse_decimal("1000000000000001").value);
  json.value(std::optional<Decimal>());
  json.end_array();
  EXPECT_EQ(std::move(json).text(), R"([0.3,999999999999999,"1000000000000001",null])");
}

TEST(JsonWriter, EscapesTextsAndKeys) {
  JsonWriter json;
  json.begin_object();
  json.field("a\"b", "c\nd");
  json.field("day", *parse_day("2024-02-29"));
  json.field("name", Name{"Tỉnh", ""});
  json.end_object();
  EXPECT_EQ(std::move(json).text(), R"({"a\"b":"c\nd","day":"2024-02-29","name":{"vi":"Tỉnh"}})");
}

}  // namespace
}  // namespace tiendo

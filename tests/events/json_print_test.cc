#include <gtest/gtest.h>

#include <string>

#include "events/json.h"

namespace tiendo::json {
namespace {

std::string printed(std::string_view text) {
  Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  return print(document.root());
}

std::string canonical_of(std::string_view text) {
  Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  return canonical(document.root());
}

TEST(JsonPrint, PrintsCompactAndInDocumentOrder) {
  EXPECT_EQ(printed(" { \"b\" : [ 1.50 , true , null , false ] , \"a\" : { } } "),
            "{\"b\":[1.50,true,null,false],\"a\":{}}");
  EXPECT_EQ(printed(R"("\u0001\/\u00e9\"\\\b\f\n\r\t\u007f")"),
            "\"\\u0001/\u00E9\\\"\\\\\\b\\f\\n\\r\\t\x7F\"");
  EXPECT_EQ(print(Value()), "null");
}

TEST(JsonPrint, QuotesSoThatItReadsBack) {
  std::string text;
  for (int c = 0; c < 0x80; ++c) text += static_cast<char>(c);
  text += "\u00E9\U0001F600";
  Document document;
  ASSERT_TRUE(document.parse(json::quoted(text)).ok());
  EXPECT_EQ(document.root().text(), text);
}

TEST(JsonPrint, CanonicalFormsAreEqualForEqualContent) {
  EXPECT_EQ(canonical_of(R"({"b":[1.0,2],"a":"x"})"), R"({"a":"x","b":[1,2]})");
  EXPECT_EQ(canonical_of("{\"e\u0301\":\"e\u0301\",\"z\":1}"), "{\"z\":1,\"\u00E9\":\"\u00E9\"}");
  EXPECT_EQ(canonical_of(R"("\u0041\/")"), "\"A/\"");
  EXPECT_NE(canonical_of("[1,2]"), canonical_of("[2,1]"));
  EXPECT_NE(canonical_of("1"), canonical_of("\"1\""));
}

TEST(JsonPrint, CanonicalNumbersHaveOneSpelling) {
  for (const auto* one : {"1", "1.0", "1.000", "10e-1", "0.1E+1", "1e0", "1e-0", "100e-2",
                          "0.0000000001e10", "1e+000000000000000000000000000000"}) {
    EXPECT_EQ(canonical_of(one), "1") << one;
  }
  for (const auto* zero : {"0", "-0", "0.000", "0e5", "-0.0E-99999999999999999999999"}) {
    EXPECT_EQ(canonical_of(zero), "0") << zero;
  }
  EXPECT_EQ(canonical_of("-12.50"), "-12.5");
  EXPECT_EQ(canonical_of("1200"), "1200");
  EXPECT_EQ(canonical_of("0.00120"), "0.0012");
  EXPECT_EQ(canonical_of("12345678901234567890123.40"), "12345678901234567890123.4");
  EXPECT_EQ(canonical_of("1e400"), canonical_of("10e399"));
  EXPECT_EQ(canonical_of("1e-400"), canonical_of("0.1e-399"));
  EXPECT_NE(canonical_of("1e400"), canonical_of("1e401"));
  EXPECT_NE(canonical_of("1e99999999999999999999"), canonical_of("2e99999999999999999999"));
}

}  // namespace
}  // namespace tiendo::json

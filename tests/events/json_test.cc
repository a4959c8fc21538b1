#include "events/json.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "events/limits.h"

namespace tiendo::json {
namespace {

using namespace std::string_literals;

std::string code_of(std::string_view text) {
  Document document;
  const auto status = document.parse(text);
  EXPECT_EQ(document.root().present(), status.ok()) << text;
  return status.ok() ? "ok" : status.error().code;
}

std::string message_of(std::string_view text) {
  Document document;
  const auto status = document.parse(text);
  return status.ok() ? "" : status.error().message;
}

std::string printed(std::string_view text) {
  Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  return print(document.root());
}

std::string nested(int depth) {
  const auto size = static_cast<std::size_t>(depth);
  return std::string(size, '[') + std::string(size, ']');
}

TEST(Json, ReadsEveryKindOfValue) {
  Document document;
  ASSERT_TRUE(document
                  .parse(" {\"t\" : true,\"f\":false,\t\"n\":null,\r\n\"i\":-12.50e+3,"
                         "\"s\":\"x y\",\"a\":[1,[],{}],\"o\":{\"k\":[]}, \"\":0} ")
                  .ok());
  const Value root = document.root();
  EXPECT_TRUE(root.is(Kind::object));
  EXPECT_EQ(root.size(), 8u);
  EXPECT_TRUE(root["t"].is(Kind::boolean) && root["t"].truth());
  EXPECT_TRUE(root["f"].is(Kind::boolean) && !root["f"].truth());
  EXPECT_TRUE(root["n"].present() && root["n"].is_null());
  EXPECT_TRUE(root["i"].is(Kind::number));
  EXPECT_EQ(root["i"].text(), "-12.50e+3");
  EXPECT_EQ(root["s"].text(), "x y");
  EXPECT_EQ(root["a"].size(), 3u);
  EXPECT_EQ(root["o"]["k"].size(), 0u);
  EXPECT_EQ(root[""].text(), "0");
  std::vector<std::string> keys;
  for (const Value field : root) keys.emplace_back(field.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"t", "f", "n", "i", "s", "a", "o", ""}));
}

TEST(Json, AnswersForAbsentValues) {
  Document document;
  EXPECT_FALSE(document.root().present());
  ASSERT_TRUE(document.parse("{\"a\":[1],\"b\":\"x\"}").ok());
  const Value absent = document.root()["no"];
  EXPECT_FALSE(absent.present());
  EXPECT_TRUE(absent.is_null());
  EXPECT_FALSE(absent.is(Kind::null));
  EXPECT_EQ(absent.text(), "");
  EXPECT_EQ(absent.size(), 0u);
  EXPECT_FALSE(absent["x"].present());
  EXPECT_FALSE(document.root()["a"]["x"].present());
  for (const Value value : absent) FAIL() << value.text();
  for (const Value value : document.root()["b"]) FAIL() << value.text();
}

TEST(Json, KeepsNumbersAsPrinted) {
  for (const auto* number :
       {"0", "-0", "1.000", "12345678901234567890123", "1e400", "-1E-400", "0.1e+00", "1e00",
        "0.30000000000000000000000000000004", "9007199254740993"}) {
    EXPECT_EQ(printed(number), number);
    auto listed = "["s;
    listed.append(number).append("]");
    EXPECT_EQ(printed(listed), listed);
  }
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const auto& text : {""s,
                           " "s,
                           "\n"s,
                           "["s,
                           "]"s,
                           "{"s,
                           "}"s,
                           "[1,]"s,
                           "[,1]"s,
                           "[,]"s,
                           "{\"a\":1,}"s,
                           "{,}"s,
                           "01"s,
                           "-01"s,
                           "1."s,
                           ".5"s,
                           "-.5"s,
                           "+1"s,
                           "-"s,
                           "1e"s,
                           "1e+"s,
                           "1.e1"s,
                           "1e1.5"s,
                           "0x1"s,
                           "1_0"s,
                           "NaN"s,
                           "Infinity"s,
                           "-Infinity"s,
                           "nullx"s,
                           "nul"s,
                           "tru"s,
                           "truefalse"s,
                           "True"s,
                           "null\"a\""s,
                           "\"a\"null"s,
                           "\"a\"\"b\""s,
                           "[1 2]"s,
                           "[1\n2]"s,
                           "[\"a\" \"b\"]"s,
                           "1 2"s,
                           "[] []"s,
                           "[]]"s,
                           "{\"a\":1}}"s,
                           "[}"s,
                           "{]"s,
                           "[1}"s,
                           "{\"a\":1]"s,
                           "{\"a\"}"s,
                           "{\"a\":}"s,
                           "{\"a\" 1}"s,
                           "{\"a\"::1}"s,
                           "{\"a\":1 \"b\":2}"s,
                           "{a:1}"s,
                           "{1:2}"s,
                           "{null:1}"s,
                           "{[]:1}"s,
                           "{\"a\":1,,\"b\":2}"s,
                           "{:1}"s,
                           "'a'"s,
                           "\"a"s,
                           "\""s,
                           "\"\\"s,
                           "\"\\\""s,
                           "\"a\nb\""s,
                           "\"\x01\""s,
                           "\"\x1F\""s,
                           "\"\\u00zz\""s,
                           "\"\\u12\""s,
                           "\"\\u\""s,
                           "\"\\ud800\\u\""s,
                           "\"\\ud800\\uzzzz\""s,
                           "\"\\x\""s,
                           "\"\\U0041\""s,
                           "\"\\0\""s,
                           "\"\\'\""s,
                           "// x\n1"s,
                           "/**/1"s,
                           "1//x"s,
                           "#1"s,
                           ","s,
                           ":"s,
                           "\\"s,
                           "\x7F"s,
                           "\f1"s,
                           "\v1"s,
                           "\u00A0"
                           "1"s,
                           "\"a\0b\""s,
                           "1\0"s,
                           "\0"s,
                           "\0"
                           "1"s,
                           "[1\0]"s,
                           "[1,\0"
                           "2]"s,
                           "\"\\\0\""s,
                           "{\"a\":1\0}"s,
                           "[1]\0"s,
                           "tru\0"s,
                           "\"abc\0"s,
                           "[[1,2],[3,4"s}) {
    EXPECT_EQ(code_of(text), "not_json") << text;
  }
}

TEST(Json, RefusesEveryControlCharacterWithinText) {
  for (int c = 0; c < 0x20; ++c) {
    for (std::size_t before = 0; before < 20; ++before) {
      const auto text = '"' + std::string(before, 'x') + static_cast<char>(c) + "y\"";
      ASSERT_EQ(code_of(text), "not_json") << c;
    }
  }
  EXPECT_EQ(code_of("\"\x7F\""), "ok");
}

TEST(Json, RefusesBytesThatAreNotUtf8BeforeAnythingElse) {
  EXPECT_EQ(code_of("\xEF\xBB\xBF{}"), "not_utf8");
  EXPECT_EQ(code_of("\xEF\xBB\xBF"), "not_utf8");
  EXPECT_EQ(code_of("[1,\"\xFF\"]"), "not_utf8");
  EXPECT_EQ(code_of("\"\xED\xA0\x80\""), "not_utf8");
  EXPECT_EQ(code_of("\"\xC0\xAF\""), "not_utf8");
  EXPECT_EQ(code_of("\"\xF4\x90\x80\x80\""), "not_utf8");
  EXPECT_EQ(code_of("[}[\xC3"), "not_utf8");
  EXPECT_EQ(code_of("\"\uFEFF\""), "ok");  // the same character within text is no BOM
}

TEST(Json, UnescapesText) {
  Document document;
  ASSERT_TRUE(document
                  .parse(R"(["a\"b\\c\/d\b\f\n\r\t","\u0041\u00e9\u1EBF\uFFFF",)"
                         R"("\ud83d\ude00!","\u0000x","Ti\u1ebfn \u0111\u1ed9 xong"])")
                  .ok());
  std::vector<std::string> texts;
  for (const Value value : document.root()) {
    EXPECT_FALSE(value.lone_surrogate());
    texts.emplace_back(value.text());
  }
  EXPECT_EQ(texts,
            (std::vector<std::string>{"a\"b\\c/d\b\f\n\r\t", "A\u00E9\u1EBF\uFFFF", "\U0001F600!",
                                      "\0x"s, "Ti\u1EBFn \u0111\u1ED9 xong"}));
}

TEST(Json, KeepsALoneSurrogateAsAMarkAndSaysSo) {
  const std::string mark = "\uFFFD";
  Document document;
  ASSERT_TRUE(document
                  .parse(R"(["\ud800","x\udfffy","\ud800\ud800\udc00","\ud800\u0041",)"
                         R"("\ud800\n","\udc00\ud800",{"\ud800":1}])")
                  .ok());
  std::vector<std::string> texts;
  for (const Value value : document.root()) {
    if (value.is(Kind::object)) continue;
    EXPECT_TRUE(value.lone_surrogate());
    texts.emplace_back(value.text());
  }
  EXPECT_EQ(texts, (std::vector<std::string>{mark, "x" + mark + "y", mark + "\U00010000",
                                             mark + "A", mark + "\n", mark + mark}));
  for (const Value value : document.root()) {
    for (const Value field : value) {
      EXPECT_EQ(field.key(), mark);
      EXPECT_TRUE(field.lone_surrogate());
    }
  }
}

TEST(Json, TakesThirtyTwoLevelsAndNotThirtyThree) {
  constexpr int most = limits::json_depth_max;
  EXPECT_EQ(code_of(nested(most)), "ok");
  EXPECT_EQ(code_of(nested(most + 1)), "too_deep");
  std::string objects = "1";
  for (int level = 0; level < most; ++level) objects = "{\"a\":" + objects + "}";
  EXPECT_EQ(code_of(objects), "ok");
  EXPECT_EQ(code_of("["s + objects + "]"), "too_deep");
  EXPECT_EQ(code_of(nested(500'000)), "too_deep");
  EXPECT_EQ(code_of("["s + nested(most - 1) + "," + nested(most - 1) + "]"), "ok");
}

TEST(Json, ChecksGrammarBeforeDepthAndDepthBeforeKeys) {
  EXPECT_EQ(code_of(std::string(1'000'000, '[')), "not_json");
  EXPECT_EQ(code_of(nested(40) + "]"), "not_json");
  EXPECT_EQ(code_of("["s + nested(40) + ",01]"), "not_json");
  EXPECT_EQ(code_of("{\"a\":1,\"a\":2"), "not_json");
  EXPECT_EQ(code_of("{\"a\":1,\"a\":" + nested(40) + "}"), "too_deep");
  EXPECT_EQ(code_of("{\"a\":" + nested(40) + ",\"a\":{\"b\":1,\"b\":2}}"), "too_deep");
}

TEST(Json, RefusesAKeyTwiceInOneObject) {
  EXPECT_EQ(code_of(R"({"a":1,"a":1})"), "duplicate_key");
  EXPECT_EQ(code_of(R"({"a":1,"b":{"x":1,"y":[{"k":1,"k":2}]}})"), "duplicate_key");
  EXPECT_EQ(code_of(R"({"":1,"":2})"), "duplicate_key");
  EXPECT_EQ(code_of(R"({"a":1,"\u0061":2})"), "duplicate_key");
  EXPECT_EQ(code_of("{\"\u00E9\":1,\"e\u0301\":2}"), "duplicate_key");
  EXPECT_EQ(code_of(R"({"\u00e9":1,"e\u0301":2})"), "duplicate_key");
  EXPECT_EQ(code_of("{\"K\":1,\"\u212A\":2}"), "duplicate_key");
  EXPECT_EQ(code_of(R"({"a":{"a":{"a":1}},"A":2,"a ":3,"b":[{"a":1},{"a":2}]})"), "ok");
  EXPECT_EQ(code_of(R"({"abcdefgh1":1,"abcdefgh2":2,"abcdefgh":3})"), "ok");
}

TEST(Json, FindsARepeatedKeyInObjectsOfEverySize) {
  for (const int count : {2, 31, 32, 33, 34, 64, 1'000}) {
    for (const int repeated : {0, (count - 1) / 2, count - 2}) {
      std::string fields;
      for (int i = 0; i < count - 1; ++i)
        fields += "\"key" + std::to_string(i) + "\":{\"key0\":1},";
      const auto last = "\"key" + std::to_string(count - 1) + "\":0}";
      const auto again = "\"key" + std::to_string(repeated) + "\":0}";
      ASSERT_EQ(code_of("{"s + fields + last), "ok") << count;
      ASSERT_EQ(code_of("{"s + fields + again), "duplicate_key") << count << " " << repeated;
    }
  }
}

TEST(Json, SaysWhereItFailed) {
  EXPECT_EQ(message_of(""), "not JSON at byte 0: expected a value, but the text ends");
  EXPECT_EQ(message_of("[1 2]"), "not JSON at byte 3: expected ',' or ']', found 2");
  EXPECT_EQ(message_of("{\"a\":1}}"),
            "not JSON at byte 7: expected nothing after the value, found }");
  EXPECT_EQ(message_of("[\"a\nb\"]"),
            "not JSON at byte 3: expected control characters escaped, found byte value 10");
  EXPECT_EQ(message_of("\"abc"), "not JSON at byte 4: expected a closing quote, but the text ends");
  EXPECT_EQ(message_of("[\"\xC3\xA9\xFF\"]"), "not UTF-8 at byte 4");
  EXPECT_EQ(message_of(nested(33)), "nested deeper than 32 levels at byte 32");
  EXPECT_EQ(message_of(R"({"d":{"f":[1,{"k":1,"k":2}]}})"),
            "the key \"k\" comes twice in d.f[1], before byte 24");
  EXPECT_EQ(message_of(R"({"k":1,"k":2})"),
            "the key \"k\" comes twice in the outermost object, before byte 11");
  const auto key = std::string(100'000, 'k');
  EXPECT_LT(message_of("{\"" + key + "\":{\"" + key + "\":1,\"" + key + "\":2}}").size(), 400u);
}

TEST(Json, ADocumentIsUsedAgainAndMoved) {
  Document document;
  ASSERT_TRUE(document.parse("{\"a\":\"a long first text that fills the buffer\"}").ok());
  ASSERT_FALSE(document.parse("[").ok());
  EXPECT_FALSE(document.root().present());
  ASSERT_TRUE(document.parse("[2]").ok());
  EXPECT_EQ(print(document.root()), "[2]");
  Document other = std::move(document);
  EXPECT_EQ(print(other.root()), "[2]");
  EXPECT_FALSE(document.root().present());  // NOLINT: a moved-from Document is empty
}

TEST(Json, AFaultHasItsByteWhateverStandsThere) {
  json::Document document;
  ASSERT_FALSE(document.parse("{\"a\": ế}").ok());
  EXPECT_EQ(document.fault_byte(), 6U);
  ASSERT_FALSE(document.parse("{\"ế\": 1,}").ok());
  EXPECT_EQ(document.fault_byte(), 10U);
  ASSERT_FALSE(document.parse("{\"a\": \"\xFF\"}").ok());
  EXPECT_EQ(document.fault_byte(), 7U);
  ASSERT_TRUE(document.parse("{}").ok());
  EXPECT_EQ(document.fault_byte(), std::nullopt);
}

TEST(Json, AValueKnowsWhereItBegins) {
  json::Document document;
  ASSERT_TRUE(document.parse(R"({"a": [1, "ế", {"b": true}, []], "c": null})").ok());
  const json::Value list = document.root()["a"];
  EXPECT_EQ(document.byte_of(document.root()), 1U);
  EXPECT_EQ(document.byte_of(list), 1U);
  std::vector<std::optional<std::size_t>> places;
  for (const json::Value element : list) places.push_back(document.byte_of(element));
  EXPECT_EQ(places, (std::vector<std::optional<std::size_t>>{7, 10, 18, std::nullopt}));
  EXPECT_EQ(document.byte_of(document.root()["c"]), 35U);
  EXPECT_EQ(document.byte_of(json::Value()), std::nullopt);
}

}  // namespace
}  // namespace tiendo::json

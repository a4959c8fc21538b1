// Goal: the reader accepts exactly JSON, and reads in it what others read. Method: valid documents
// are mutated byte by byte and token by token, and another, independent reader judges the result.
// Its known differences are set aside in one function each: it ends at a byte of 0, skips a byte
// order mark, and refuses numbers beyond a double and lone surrogates, which are JSON all the same.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "events/json.h"
#include "events/text.h"

namespace tiendo::json {
namespace {

const std::vector<std::string> documents = {
    R"({"specversion":"1.0","id":"a-1","source":"urn:x","type":"vn.tiendo.activity.recorded.v1",)"
    R"("time":"2024-03-10T07:00:00+07:00","data":{"activity":"a1","unit":"D1","topics":["x","y"],)"
    R"("participants":{"members":700,"youth":0},"cost":12.50,"flags":{"digital":true,"n":null}}})",
    R"([0,-1,2.5e-3,1E+9,"\u0041\n\\\"","\ud83d\ude00",{},[],[[]],{"":{"a":[null,false]}}])",
    "{\"Ti\xE1\xBA\xBFn\":\"\xC4\x91\xE1\xBB\x99\",\"e\xCC\x81\":[\"\xF0\x9F\x98\x80\"],\"k\":1}",
    R"({"a":1,"b":{"a":2,"c":{"a":3}},"c":[{"a":1},{"a":2}]})",
    R"( [ true , "x" , { "k" : [ 1 , 2 ] } ] )"};

const std::vector<std::string> tokens = {"{",
                                         "}",
                                         "[",
                                         "]",
                                         ",",
                                         ":",
                                         "\"",
                                         "\\",
                                         "0",
                                         "1",
                                         "-",
                                         ".",
                                         "e",
                                         "E5",
                                         "+",
                                         " ",
                                         "\n",
                                         "null",
                                         "true",
                                         "x",
                                         "\"a\"",
                                         "\"a\":1",
                                         "\\u",
                                         "\\n",
                                         "\\ud8",
                                         "\\udc00",
                                         "\xC3",
                                         "\x01",
                                         "\x1F",
                                         "\x7F",
                                         "01",
                                         "1.",
                                         "\"\"",
                                         "[[",
                                         "]]",
                                         "{}",
                                         "{\"k\":",
                                         "1e400",
                                         "//",
                                         "\t",
                                         "\xEF\xBB\xBF",
                                         "[1,]",
                                         std::string(1, '\0')};

std::string mutated(std::mt19937_64& random) {
  std::string text = documents[random() % documents.size()];
  for (auto count = 1 + random() % 3; count > 0 && !text.empty(); --count) {
    const auto at = random() % text.size();
    const auto length = 1 + random() % 4;
    switch (random() % 6) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, tokens[random() % tokens.size()]);
        break;
      case 2:
        text.replace(at, 1, tokens[random() % tokens.size()]);
        break;
      case 3:
        text[at] = static_cast<char>(random());
        break;
      case 4:
        text.insert(random() % text.size(), text.substr(at, random() % 20));
        break;
      default:
        std::swap(text[at], text[random() % text.size()]);
        if (random() % 8 == 0) text.resize(at);
    }
  }
  return text;
}

// What the other reader calls an error or leaves unseen although, or because, JSON says otherwise.
bool is_judged_otherwise(const std::string& text) {
  static const std::regex surrogate_escape("\\\\u[dD][89a-fA-F]");
  static const std::regex great_exponent("[0-9][eE][+]?[0-9]{3}");
  return text.find('\0') != text.npos || text.starts_with("\xEF\xBB\xBF") ||
         std::regex_search(text, surrogate_escape) || std::regex_search(text, great_exponent);
}

void expect_same(Value ours, const nlohmann::json& theirs) {
  switch (ours.kind()) {
    case Kind::object: {
      ASSERT_TRUE(theirs.is_object());
      ASSERT_EQ(ours.size(), theirs.size());
      for (const Value field : ours) {
        const auto found = theirs.find(std::string(field.key()));
        ASSERT_NE(found, theirs.end()) << field.key();
        expect_same(field, *found);
      }
      break;
    }
    case Kind::array: {
      ASSERT_TRUE(theirs.is_array());
      ASSERT_EQ(ours.size(), theirs.size());
      std::size_t place = 0;
      for (const Value element : ours) expect_same(element, theirs[place++]);
      break;
    }
    case Kind::text:
      ASSERT_TRUE(theirs.is_string());
      ASSERT_EQ(ours.text(), theirs.get<std::string>());
      break;
    case Kind::number:
      ASSERT_TRUE(theirs.is_number());
      ASSERT_EQ(std::strtod(std::string(ours.text()).c_str(), nullptr), theirs.get<double>());
      break;
    case Kind::boolean:
      ASSERT_TRUE(theirs.is_boolean());
      ASSERT_EQ(ours.truth(), theirs.get<bool>());
      break;
    case Kind::null:
      ASSERT_TRUE(theirs.is_null());
  }
}

TEST(JsonMutations, AreJudgedAsAnotherReaderJudgesThem) {
  constexpr uint64_t seed = 20'261'122;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  Document document;
  int accepted = 0;
  int refused = 0;
  int repeated_keys = 0;
  for (int round = 0; round < 300'000; ++round) {
    const std::string text = mutated(random);
    const auto status = document.parse(text);
    if (text.find('\0') != text.npos) {
      ASSERT_FALSE(status.ok()) << text;
    }
    if (is_judged_otherwise(text)) continue;
    const std::string code = status.ok() ? "" : status.error().code;
    const bool is_json = nlohmann::json::accept(text);
    ASSERT_EQ(is_json, code.empty() || code == "duplicate_key" || code == "too_deep")
        << text << "\nround " << round << " " << code;
    ASSERT_EQ(code == "not_utf8", !is_utf8(text)) << text;
    refused += is_json ? 0 : 1;
    repeated_keys += code == "duplicate_key" ? 1 : 0;
    if (!code.empty()) continue;
    ++accepted;
    if (accepted % 4 == 0) expect_same(document.root(), nlohmann::json::parse(text));
    ASSERT_FALSE(HasFatalFailure()) << text << "\nround " << round;
  }
  EXPECT_GT(accepted, 15'000);
  EXPECT_GT(refused, 100'000);
  EXPECT_GT(repeated_keys, 100);
}

TEST(JsonMutations, PrintToTextThatReadsTheSame) {
  constexpr uint64_t seed = 1'122;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  Document first;
  Document second;
  for (int round = 0; round < 100'000; ++round) {
    const std::string text = mutated(random);
    if (!first.parse(text).ok()) continue;
    const std::string printed = print(first.root());
    const std::string form = canonical(first.root());
    ASSERT_TRUE(second.parse(printed).ok()) << text;
    ASSERT_EQ(print(second.root()), printed) << text;
    ASSERT_EQ(canonical(second.root()), form) << text;
    ASSERT_TRUE(second.parse(form).ok()) << text;
    ASSERT_EQ(canonical(second.root()), form) << text;
  }
}

}  // namespace
}  // namespace tiendo::json

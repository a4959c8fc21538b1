#include "tests/scenarios/expectation.h"

#include <gtest/gtest.h>

#include "tests/scenarios/script.h"

namespace tiendo::scenarios {
namespace {

bool fits(std::string_view expected, std::string_view found) {
  return !difference(expected, found).has_value();
}

TEST(Expectation, LooksOnlyAtTheMembersNamed) {
  EXPECT_TRUE(fits(R"({"a":1})", R"({"a":1,"b":2})"));
  EXPECT_FALSE(fits(R"({"a":1})", R"({"b":2})"));
  EXPECT_FALSE(fits(R"({"a":{"b":2}})", R"({"a":{"b":3}})"));
  EXPECT_FALSE(fits(R"({"a":null})", R"({"b":2})"));
  EXPECT_TRUE(fits(R"({"a":null})", R"({"a":null})"));
}

TEST(Expectation, ComparesNumbersAsPrinted) {
  EXPECT_FALSE(fits(R"({"a":5})", R"({"a":5.0})"));
  EXPECT_FALSE(fits(R"({"a":5})", R"({"a":"5"})"));
}

TEST(Expectation, TellsThatAMemberIsNotThere) {
  EXPECT_TRUE(fits(R"({"a":"<absent>"})", R"({"b":2})"));
  EXPECT_FALSE(fits(R"({"a":"<absent>"})", R"({"a":null})"));
}

TEST(Expectation, FindsElementsByTheFirstMemberWritten) {
  const char* const list = R"([{"id":"x","n":1},{"id":"y","n":2},{"id":"y","n":3}])";
  EXPECT_TRUE(fits(R"([{"id":"y","n":3},{"id":"x","n":1}])", list));
  EXPECT_FALSE(fits(R"([{"id":"x","n":2}])", list));
  EXPECT_FALSE(fits(R"([{"id":"z"}])", list));
  EXPECT_FALSE(fits(R"([{"id":"x"}])", "{}"));
}

TEST(Expectation, CountsAndOrdersElements) {
  const char* const list = R"([{"id":"x"},{"id":"y"}])";
  EXPECT_TRUE(fits(R"({"#":2})", list));
  EXPECT_FALSE(fits(R"({"#":1})", list));
  EXPECT_TRUE(fits(R"({"=":[{"id":"x"},{"id":"y"}]})", list));
  EXPECT_FALSE(fits(R"({"=":[{"id":"y"},{"id":"x"}]})", list));
  EXPECT_FALSE(fits(R"({"=":[{"id":"x"}]})", list));
  EXPECT_TRUE(fits("[]", "[]"));
  EXPECT_FALSE(fits("[]", list));
  EXPECT_FALSE(fits(R"(["a"])", R"(["a","b"])"));
}

TEST(Expectation, NamesThePlaceAndBothValues) {
  EXPECT_EQ(difference(R"({"targets":[{"id":"T1","value":5}]})",
                       R"({"targets":[{"id":"T1","value":7}]})"),
            R"(targets["T1"].value: expected 5, found 7)");
}

TEST(Expectation, IsNotMetByWhatIsNoJson) {
  EXPECT_FALSE(fits("{}", ""));
  EXPECT_FALSE(fits("{", "{}"));
}

TEST(Script, CutsStatementsAtTheMargin) {
  const auto statements = read_script("# head\n\na1 D1 03-10  # why\nask GET /x\n  {\"a\": 1}\n");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].head.number, 3);
  EXPECT_EQ(statements[0].head.words, (std::vector<std::string>{"a1", "D1", "03-10"}));
  EXPECT_EQ(statements[0].head.text, "a1 D1 03-10");
  EXPECT_EQ(statements[1].json(), "\n{\"a\": 1}");
  EXPECT_EQ(statements[1].body[0].number, 5);
}

}  // namespace
}  // namespace tiendo::scenarios

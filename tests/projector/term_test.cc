#include "projector/term.h"

#include <gtest/gtest.h>

#include <set>

#include "events/formula_reader.h"
#include "tests/support/history.h"

namespace tiendo {
namespace {

using testing::indicator_data;
using testing::plan_data;

Filter filter(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.parse(text).ok()) << text;
  PlanReader reader;
  return reader.filter({document.root(), "where"});
}

std::string contributes(const Term& term, std::string_view data) {
  json::Document document;
  EXPECT_TRUE(document.parse(data).ok()) << data;
  const auto contribution = tiendo::contribution(term, document.root());
  if (!contribution) return "nothing";
  std::string out = contribution->amount.text();
  for (const std::string& element : contribution->elements) out += " " + element;
  return out;
}

constexpr std::string_view activity =
    R"({"form":"online","flags":{"digital":true},"topics":["x","y"],)"
    R"("participants":{"members":700,"youth":"35"},)"
    R"("outputs":[{"kind":"site","id":"s1"},{"kind":"site","count":40},{"kind":"team","count":2}],)"
    R"("cost":12.5,"reached_units":["C2","C1","C2"]})";

TEST(Term, SaysWhatAnActivityContributes) {
  EXPECT_EQ(contributes({.kind = Term::Kind::activities}, activity), "1");
  EXPECT_EQ(contributes({.kind = Term::Kind::credited}, activity), "1");
  EXPECT_EQ(contributes({.kind = Term::Kind::visits}, activity), "735");
  EXPECT_EQ(contributes({.kind = Term::Kind::visits, .audiences = {"youth"}}, activity), "35");
  EXPECT_EQ(contributes({.kind = Term::Kind::outputs, .output = "site"}, activity), "41");
  EXPECT_EQ(contributes({.kind = Term::Kind::cost}, activity), "12.5");
  EXPECT_EQ(contributes({.kind = Term::Kind::reached}, activity), "0 C1 C2");
}

TEST(Term, AnAmountOfNothingIsNoContributionButReachingNobodyIsOne) {
  EXPECT_EQ(contributes({.kind = Term::Kind::visits, .audiences = {"cadres"}}, activity),
            "nothing");
  EXPECT_EQ(contributes({.kind = Term::Kind::outputs, .output = "desk"}, activity), "nothing");
  EXPECT_EQ(contributes({.kind = Term::Kind::cost}, "{}"), "nothing");
  EXPECT_EQ(contributes({.kind = Term::Kind::reached}, "{}"), "0");
}

TEST(Term, ASetIsItsIdsOnceAndHowManyMoreAreOnlyCounted) {
  constexpr std::string_view data =
      R"({"outputs":[{"kind":"site","id":"s2"},{"kind":"site","id":"s1"},{"kind":"site","id":"s2"},)"
      R"({"kind":"site","count":40},{"kind":"site","count":"2"},{"kind":"team","id":"t1"}],)"
      R"("people":{"members":["p2","p1","lo\u031b\u0301p"],"youth":["p2","l\u1edbp"],"cadres":9000}})";
  EXPECT_EQ(contributes({.kind = Term::Kind::named, .output = "site"}, data), "42 s1 s2");
  EXPECT_EQ(contributes({.kind = Term::Kind::named, .output = "team"}, data), "0 t1");
  EXPECT_EQ(contributes({.kind = Term::Kind::named, .output = "desk"}, data), "nothing");
  EXPECT_EQ(contributes({.kind = Term::Kind::persons}, data), "9000 l\xe1\xbb\x9bp p1 p2");
  EXPECT_EQ(contributes({.kind = Term::Kind::persons, .audiences = {"youth"}}, data),
            "0 l\xe1\xbb\x9bp p2");
  EXPECT_EQ(contributes({.kind = Term::Kind::persons, .audiences = {"cadres"}}, data), "9000");
  EXPECT_EQ(contributes({.kind = Term::Kind::persons, .audiences = {"x"}}, data), "nothing");
  EXPECT_EQ(contributes({.kind = Term::Kind::persons}, "{}"), "nothing");
  EXPECT_EQ(contributes({.kind = Term::Kind::persons}, R"({"people":{"members":[],"youth":0}})"),
            "nothing");
}

TEST(Term, EveryKindOfFormulaNamesTheTermsBehindIt) {
  const auto terms = [](std::string_view formula) {
    json::Document document;
    EXPECT_TRUE(document.parse(formula).ok()) << formula;
    PlanReader reader;
    Plan plan;
    plan.indicators.push_back(
        {.formula = FormulaReader(reader).read({document.root(), "formula"})});
    EXPECT_FALSE(reader.refusal()) << formula;
    std::string out;
    for (const Term& term : terms_of(plan)) out += canonical(term) + " ";
    return out;
  };
  const std::string sites = R"({"kind":"named","where":{},"output":"site"} )";
  const std::string count = R"({"kind":"activities","where":{}} )";
  const std::string distinct = R"({"kind":"distinct","of":"outputs","output":"site"})";
  EXPECT_EQ(terms(distinct), sites);
  EXPECT_EQ(terms(R"({"kind":"distinct","of":"people","audiences":["y","x"]})"),
            R"({"kind":"persons","where":{},"audiences":["x","y"]} )");
  EXPECT_EQ(terms(R"({"kind":"distinct","of":"reached_units"})"),
            R"({"kind":"reached","where":{}} )");
  EXPECT_EQ(terms(R"({"kind":"kept","of":)" + distinct + "}"), sites);
  EXPECT_EQ(terms(R"({"kind":"ratio","numerator":)" + distinct +
                  R"(,"denominator":{"kind":"statistic","statistic":"s"}})"),
            sites);
  EXPECT_EQ(
      terms(R"({"kind":"ratio","numerator":{"kind":"count"},"denominator":)" + distinct + "}"),
      count + sites);
  EXPECT_EQ(
      terms(
          R"({"kind":"least","of":[{"indicator":"a","kind":"survey"},)"
          R"({"indicator":"b","kind":"share","where":{},"among":{}},)"
          R"({"indicator":"c","kind":"coverage","register":"site","have":{"named_by":{"form":"online"}}}]})"),
      count + count + R"({"kind":"named","where":{"form":["online"]},"output":"site"} )");
  EXPECT_EQ(terms(R"({"kind":"reference","of":)" + distinct + "}"), sites);
  EXPECT_EQ(terms(R"({"kind":"reference"})"), "");
  EXPECT_EQ(terms(R"({"kind":"coverage","units":{},"have":{"formula":)" + distinct +
                  R"(,"comparator":">","value":0}})"),
            sites);
  for (const char* without :
       {R"({"kind":"gauge","register":"site"})", R"({"kind":"rank","statistic":"s"})",
        R"({"kind":"money","line":["9"]})", R"({"kind":"sum","of":"reported"})",
        R"({"kind":"coverage","register":"site","have":{}})"}) {
    EXPECT_EQ(terms(without), "") << without;
  }
}

TEST(Term, TheFilterDecidesWhetherItContributes) {
  const auto with = [](std::string_view where) {
    return contributes({.kind = Term::Kind::activities, .where = filter(where)}, activity);
  };
  EXPECT_EQ(with(R"({"flag.digital":true})"), "1");
  EXPECT_EQ(with(R"({"flag.digital":"true"})"), "nothing");
  EXPECT_EQ(with(R"({"flag.other":false})"), "nothing");
  EXPECT_EQ(with(R"({"topics":["z","y"]})"), "1");
  EXPECT_EQ(with(R"({"form":"hybrid"})"), "nothing");
}

TEST(Term, ReadsBackFromItsCanonicalText) {
  const std::vector<Term> terms = {
      {.kind = Term::Kind::activities},
      {.kind = Term::Kind::credited, .where = filter(R"({"any":[]})")},
      {.kind = Term::Kind::visits,
       .where = filter(R"({"form":"online"})"),
       .audiences = {"a", "\"b"}},
      {.kind = Term::Kind::outputs,
       .where = filter(R"({"not":{"flag.x":[1,true,"1"]}})"),
       .output = "o"},
      {.kind = Term::Kind::cost,
       .where = filter(R"({"any":[{"type":"a"},{"form":"b","task":"c"}]})")},
      {.kind = Term::Kind::reached, .where = filter(R"({"form":[]})")},
      {.kind = Term::Kind::named, .output = "o"},
      {.kind = Term::Kind::persons},
      {.kind = Term::Kind::persons, .audiences = {"a"}}};
  std::set<TermId> ids;
  for (const Term& term : terms) {
    const auto read = parse_term(canonical(term));
    ASSERT_TRUE(read) << canonical(term);
    EXPECT_EQ(canonical(*read), canonical(term));
    ids.insert(id_of(term));
  }
  EXPECT_EQ(ids.size(), terms.size());
  EXPECT_FALSE(parse_term(R"({"kind":"people","where":{}})"));
  EXPECT_FALSE(parse_term("{"));
}

// A projector that is opened again finds its terms by their texts: every term of a plan must read
// back under its own id, also where a filter says a thing twice.
TEST(Term, EveryTermOfAPlanReadsBackUnderItsId) {
  const std::string indicators =
      indicator_data("a",
                     R"({"kind":"count","where":{"all":[{"form":"online"},{"form":"online"}]}})") +
      "," +
      indicator_data("b",
                     R"({"kind":"share","where":{"form":"hybrid"},"among":{"form":"hybrid"}})") +
      "," +
      indicator_data(
          "c",
          R"({"kind":"sum","of":"participants","audiences":["y","x","y"],)"
          R"("where":{"any":[{"unit.level":"commune"},{"all":[{"type":"t"},{"type":"t"}]}]}})") +
      "," +
      indicator_data(
          "d",
          R"({"kind":"coverage","units":{},"have":{"any":[{"reached_by":{"type":["b","a","b"]}},)"
          R"({"formula":{"kind":"count","where":{"not":{"not":{"type":"x"}}}},"comparator":">","value":0}]}})");
  json::Document document;
  ASSERT_TRUE(document.parse(plan_data(indicators)).ok());
  const Plan plan = std::get<Plan>(parse_plan(document.root()));
  const auto terms = terms_of(plan);
  EXPECT_GE(terms.size(), 6U);
  for (const Term& term : terms) {
    const auto read = parse_term(canonical(term));
    ASSERT_TRUE(read) << canonical(term);
    EXPECT_EQ(id_of(*read), id_of(term)) << canonical(term);
  }
}

TEST(Term, IsSplitByTheOutcomesOfConditionsOnTheUnit) {
  const SplitTerm none = split({.where = filter(R"({"form":"online"})")});
  EXPECT_TRUE(none.conditions.empty());
  ASSERT_EQ(none.by_outcomes.size(), 1U);

  const SplitTerm two =
      split({.where = filter(R"({"any":[{"unit.level":"c"},{"form":"a","unit.kind":"k"}]})")});
  ASSERT_EQ(two.conditions.size(), 2U);
  ASSERT_EQ(two.ids.size(), 4U);
  const bool level_first = two.conditions[0].field == "unit.level";
  const std::size_t level = level_first ? 1 : 2;
  const std::size_t kind = level_first ? 2 : 1;
  EXPECT_EQ(two.by_outcomes[0].where.kind, Filter::Kind::nothing);
  EXPECT_EQ(two.by_outcomes[level].where.kind, Filter::Kind::everything);
  EXPECT_EQ(two.by_outcomes[kind].where, filter(R"({"form":"a"})"));
  EXPECT_EQ(two.by_outcomes[3].where.kind, Filter::Kind::everything);
}

TEST(Term, OnlyAmountsThatAddUpHaveRollups) {
  for (const auto kind :
       {Term::Kind::activities, Term::Kind::visits, Term::Kind::outputs, Term::Kind::cost}) {
    EXPECT_TRUE(Term{.kind = kind}.additive());
  }
  EXPECT_FALSE(Term{.kind = Term::Kind::credited}.additive());
  for (const auto kind : {Term::Kind::reached, Term::Kind::named, Term::Kind::persons}) {
    EXPECT_FALSE(Term{.kind = kind}.additive());
  }
}

}  // namespace
}  // namespace tiendo

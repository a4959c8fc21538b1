#include "projector/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/projector/said_units.h"

namespace tiendo {
namespace {

TEST(Tree, AMoveHoldsFromItsDayOn) {
  const Tree tree = worked_example().moved("C2", "D2", "2024-05-01").tree();
  EXPECT_EQ(chain(tree, "C2", "2024-04-30"), "C2 D1 P");
  EXPECT_EQ(chain(tree, "C2", "2024-05-01"), "C2 D2 P");
  EXPECT_EQ(tree.children(*tree.find("D2"), day("2024-05-01")).size(), 2U);
  EXPECT_EQ(tree.children(*tree.find("D2"), day("2024-04-30")).size(), 1U);
}

TEST(Tree, OfTwoWordsForOneDayTheLastHolds) {
  const Tree tree =
      worked_example().moved("C2", "D2", "2024-05-01").moved("C2", "D1", "2024-05-01").tree();
  EXPECT_EQ(chain(tree, "C2", "2024-06-01"), "C2 D1 P");
}

TEST(Tree, ABackDatedMoveComesBeforeOneSaidEarlier) {
  const Tree tree =
      worked_example().moved("C2", "D2", "2024-05-01").moved("C2", "P", "2024-02-01").tree();
  EXPECT_EQ(chain(tree, "C2", "2024-01-31"), "C2 D1 P");
  EXPECT_EQ(chain(tree, "C2", "2024-03-01"), "C2 P");
  EXPECT_EQ(chain(tree, "C2", "2024-05-01"), "C2 D2 P");
}

TEST(Tree, AMoveDatedBeforeTheUnitsFirstDayGivesWayToItsRegistration) {
  const Tree tree =
      worked_example().registered("C9", "D1", "2024-03-01").moved("C9", "D2", "2024-02-01").tree();
  EXPECT_EQ(chain(tree, "C9", "2024-02-15"), "C9 D1 P");
  EXPECT_EQ(chain(tree, "C9", "2024-03-01"), "C9 D1 P");
}

TEST(Tree, BeforeItsFirstDayAUnitStandsWhereItStoodOnThatDay) {
  const Tree tree =
      worked_example().registered("C9", "D1", "2024-03-01").moved("C9", "D2", "2024-06-01").tree();
  EXPECT_EQ(chain(tree, "C9", "2023-01-01"), "C9 D1 P");
  const UnitIndex late = *tree.find("C9");
  EXPECT_FALSE(tree.exists(late, day("2024-02-29")));
  EXPECT_TRUE(tree.exists(late, day("2024-03-01")));
  EXPECT_EQ(place(tree, "C9", "2024-02-29", "2024-02-29"), "unplaced at D1");
  EXPECT_EQ(place(tree, "C9", "2024-02-29", "2024-03-01"), "C9");
  EXPECT_EQ(place(tree, "C9", "2024-02-29"), "C9") << "as reported it stays the unit's own";
}

TEST(Tree, AUnitRegisteredTwiceIsAsItWasSaidLast) {
  const Tree later = worked_example().registered("C1", "D2", "2024-03-01", "commune").tree();
  EXPECT_EQ(later.unit(*later.find("C1")).birth, day("2024-03-01"));
  EXPECT_EQ(later.unit(*later.find("C1")).level, "commune");
  EXPECT_EQ(chain(later, "C1", "2024-03-01"), "C1 D2 P");
  EXPECT_EQ(chain(later, "C1", "2023-03-01"), "C1 D2 P");
  EXPECT_EQ(later.unit(*later.find("C1")).known_from.position, 3U);
  EXPECT_EQ(later.unit(*later.find("C1")).registration.position, 6U);

  const Tree earlier = worked_example().registered("C1", "D2", "2019-01-01").tree();
  EXPECT_TRUE(earlier.exists(*earlier.find("C1"), day("2019-01-01")));
  EXPECT_EQ(chain(earlier, "C1", "2024-03-01"), "C1 D2 P");
}

TEST(Tree, AUnitHangsLooseUntilItsParentIsKnown) {
  Said said;
  said.registered("P", "").registered("C1", "D1").registered("C2", "nobody");
  EXPECT_EQ(chain(said.tree(), "C1", "2024-01-01"), "C1");
  said.registered("D1", "P");
  EXPECT_EQ(chain(said.tree(), "C1", "2024-01-01"), "C1 D1 P");
  EXPECT_EQ(chain(said.tree(), "C2", "2024-01-01"), "C2");
}

TEST(Tree, WhatIsSaidOfAnUnknownUnitWaits) {
  Said said = worked_example();
  said.moved("C9", "D2", "2024-05-01").renamed("C9", "mới", "2024-05-01");
  EXPECT_FALSE(said.tree().find("C9"));
  said.registered("C9", "D1");
  EXPECT_EQ(chain(said.tree(), "C9", "2024-04-30"), "C9 D1 P");
  EXPECT_EQ(chain(said.tree(), "C9", "2024-05-01"), "C9 D2 P");
  EXPECT_EQ(said.tree().name(*said.tree().find("C9"), day("2024-05-01")).vi, "mới");
  EXPECT_EQ(said.tree().name(*said.tree().find("C9"), day("2024-04-30")).vi, "C9");
}

TEST(Tree, OfALoopTheEdgeSaidLastIsVoidAndTheOneBeforeItHolds) {
  Said said = worked_example();
  said.moved("D1", "C1", "2024-05-01");
  const Tree tree = said.tree();
  EXPECT_EQ(chain(tree, "C1", "2024-06-01"), "C1 D1 P");
  ASSERT_EQ(tree.void_edges().size(), 1U);
  EXPECT_EQ(tree.unit(tree.void_edges()[0].first).id, "D1");
  // C1 leaves D1 on 1 July, and the edge holds from then on.
  const Tree resolved = said.moved("C1", "D2", "2024-07-01").tree();
  EXPECT_EQ(chain(resolved, "D1", "2024-06-30"), "D1 P");
  EXPECT_EQ(chain(resolved, "D1", "2024-07-01"), "D1 C1 D2 P");
}

// The edge that holds in the place of a void one may close a loop of its own, on units whose own
// edges have not changed.
TEST(Tree, ALoopThatOpensBehindAVoidEdgeIsCutToo) {
  Said said;
  said.registered("P", "").registered("A", "P").registered("C", "P");
  said.registered("B", "C", "2020-01-01");
  said.moved("A", "B", "2024-04-01");
  said.moved("C", "B", "2024-03-01");
  said.moved("B", "A", "2024-02-01");
  const Tree tree = said.tree();
  for (const char* unit : {"A", "B", "C"}) {
    EXPECT_TRUE(chain(tree, unit, "2024-05-01").ends_with(" P")) << chain(tree, unit, "2024-05-01");
  }
}

TEST(Tree, DaysBelowFollowTheTreeOfEachDay) {
  const Tree tree =
      worked_example().moved("C2", "D2", "2024-05-01").moved("C2", "D1", "2024-08-01").tree();
  const Window year{day("2024-01-01"), day("2024-12-31")};
  const UnitIndex c2 = *tree.find("C2");
  EXPECT_EQ(days_below(tree, c2, *tree.find("D1"), year, {}),
            (std::vector<Window>{{day("2024-01-01"), day("2024-04-30")},
                                 {day("2024-08-01"), day("2024-12-31")}}));
  EXPECT_EQ(days_below(tree, c2, *tree.find("P"), year, {}), (std::vector<Window>{year}));
  EXPECT_EQ(days_below(tree, c2, *tree.find("D2"), year, {day("2024-06-01")}),
            (std::vector<Window>{year}));
  EXPECT_TRUE(days_below(tree, c2, *tree.find("D2"), year, {day("2024-04-30")}).empty());
  EXPECT_TRUE(days_below(tree, c2, *tree.find("P"), {year.last, year.first}, {}).empty());
}

// Semantics 4, rule 2 of place().
TEST(Tree, WhatIsDatedAfterTheEndOfAUnitStandsUnplacedAtItsParentOfTheDayBefore) {
  Said said = worked_example();
  said.moved("C2", "D2", "2024-05-01").closed("C2", "2024-07-01").moved("C2", "P", "2024-08-01");
  const Tree tree = said.tree();
  EXPECT_TRUE(tree.exists(*tree.find("C2"), day("2024-06-30")));
  EXPECT_FALSE(tree.exists(*tree.find("C2"), day("2024-07-01")));
  EXPECT_EQ(tree.last_day(*tree.find("C2"), day("2024-06-30")), day("2024-06-30"));
  EXPECT_EQ(place(tree, "C2", "2024-06-30"), "C2");
  EXPECT_EQ(place(tree, "C2", "2024-07-01"), "unplaced at D2");
  EXPECT_EQ(place(tree, "C2", "2024-09-01"), "unplaced at D2") << "not where it is moved once gone";
  EXPECT_EQ(place(tree, "C2", "2024-02-01", "2024-09-01"), "unplaced at D2");
  EXPECT_EQ(place(tree, "C2", "2024-09-01", "2024-06-30"), "C2");
  const Window year{day("2024-01-01"), day("2024-12-31")};
  const Window to_june{year.first, day("2024-06-30")};
  const UnitIndex c2 = *tree.find("C2");
  EXPECT_EQ(own_days(tree, c2, year, {}), std::vector<Window>{to_june});
  EXPECT_EQ(days_below(tree, c2, c2, year, {}), std::vector<Window>{to_june});
  EXPECT_EQ(days_below(tree, c2, *tree.find("P"), year, {}), std::vector<Window>{year});
  EXPECT_EQ(days_below(tree, c2, *tree.find("D2"), year, {}),
            (std::vector<Window>{{day("2024-05-01"), year.last}}));
  EXPECT_TRUE(own_days(tree, c2, year, {day("2024-07-01")}).empty());
  EXPECT_EQ(tree.children(*tree.find("D2"), day("2024-07-01")).size(), 1U) << "C3 alone";
}

TEST(Tree, AChainOfClosedUnitsIsFollowedToOneThatExists) {
  Said said = worked_example();
  said.closed("C1", "2024-03-01").closed("D1", "2024-03-01");
  EXPECT_EQ(place(said.tree(), "C1", "2024-02-29"), "C1");
  EXPECT_EQ(place(said.tree(), "C1", "2024-03-01"), "unplaced at P") << "both ended that day";
  EXPECT_EQ(place(said.tree(), "C2", "2024-03-01"), "C2");
  EXPECT_EQ(chain(said.tree(), "C2", "2024-03-01"), "C2 D1 P") << "nobody moved it";
  said.closed("P", "2024-04-01");
  EXPECT_EQ(place(said.tree(), "C1", "2024-03-31"), "unplaced at P");
  EXPECT_EQ(place(said.tree(), "C1", "2024-04-01"), "nowhere");
}

TEST(Tree, AReopenedUnitExistsAgainWithWhatIsSaidOfItMeanwhile) {
  Said said = worked_example();
  said.closed("C2", "2024-03-01").reopened("C2", "2024-06-01").moved("C2", "D2", "2024-05-01");
  const Tree tree = said.tree();
  EXPECT_EQ(place(tree, "C2", "2024-05-31"), "unplaced at D1");
  EXPECT_EQ(place(tree, "C2", "2024-06-01"), "C2");
  EXPECT_EQ(chain(tree, "C2", "2024-06-01"), "C2 D2 P");
  EXPECT_EQ(tree.last_day(*tree.find("C2"), day("2024-06-01")), std::nullopt);
  EXPECT_EQ(tree.ended(*tree.find("C2"), day("2024-04-01")), day("2024-03-01"));
}

TEST(Tree, OfTwoWordsOnExistenceForOneDayTheLastHolds) {
  Said said = worked_example();
  said.closed("C2", "2024-03-01").reopened("C2", "2024-03-01");
  EXPECT_EQ(place(said.tree(), "C2", "2024-04-01"), "C2") << "the closing is undone";
  said.closed("C2", "2024-03-01");
  EXPECT_EQ(place(said.tree(), "C2", "2024-04-01"), "unplaced at D1");
  said.registered("C2", "D2", "2024-03-01");
  EXPECT_EQ(place(said.tree(), "C2", "2024-04-01"), "C2") << "registered again from that day";
  EXPECT_EQ(place(said.tree(), "C2", "2024-02-01", "2024-02-01"), "unplaced at D2");
}

TEST(Tree, AnAttributeHoldsFromItsDayUntilTheNextOfItsKey) {
  Said said;
  said.say({.what = UnitSaid::What::registered,
            .unit = "A",
            .effective = day("2020-01-01"),
            .attributes = {{"sector", {Scalar::Kind::text, "school"}}}});
  said.attribute("A", "sector", "police", "2024-03-01");
  said.attribute("A", "other", "x", "2024-02-01");
  said.attribute("A", "sector", "army", "2024-02-01");  // back-dated
  EXPECT_EQ(attribute(said.tree(), "A", "2019-12-31"), "nothing");
  EXPECT_EQ(attribute(said.tree(), "A", "2024-01-31"), "school");
  EXPECT_EQ(attribute(said.tree(), "A", "2024-02-29"), "army");
  EXPECT_EQ(attribute(said.tree(), "A", "2024-03-01"), "police");
  said.attribute("A", "sector", "party", "2024-03-01");
  EXPECT_EQ(attribute(said.tree(), "A", "2024-03-01"), "party") << "said last of that day";
  said.registered("A", "", "2020-01-01");
  EXPECT_EQ(attribute(said.tree(), "A", "2024-01-31"), "nothing") << "registered without it";
  EXPECT_EQ(attribute(said.tree(), "A", "2024-02-29"), "army") << "not so what was set since";
}

// --- against a tree built for each day anew, in the plainest way ---

using Parents = std::map<std::string, std::string>;

struct PlainEdge {
  Day day;
  uint64_t said;
  std::string parent;
};

std::map<std::string, std::vector<PlainEdge>> plain_edges(const std::vector<Statement>& statements,
                                                          std::map<std::string, Day>& births) {
  std::map<std::string, const Statement*> registration;
  for (const Statement& one : statements) {
    const auto& said = std::get<UnitSaid>(one.said);
    if (said.what == UnitSaid::What::registered) registration[said.unit] = &one;
  }
  std::map<std::string, std::vector<PlainEdge>> edges;
  for (const Statement& one : statements) {
    const auto& said = std::get<UnitSaid>(one.said);
    if (!registration.contains(said.unit)) continue;
    if (said.what == UnitSaid::What::registered && registration[said.unit] != &one) continue;
    auto& of_unit = edges[said.unit];
    std::erase_if(of_unit, [&](const PlainEdge& edge) { return edge.day == said.effective; });
    of_unit.push_back({said.effective, one.key.position, said.parent.value_or("")});
  }
  for (auto& [unit, of_unit] : edges) {
    std::sort(of_unit.begin(), of_unit.end(),
              [](const PlainEdge& a, const PlainEdge& b) { return a.day < b.day; });
    births[unit] = std::get<UnitSaid>(registration[unit]->said).effective;
  }
  return edges;
}

std::set<std::string> loop_in(const std::map<std::string, std::vector<PlainEdge>>& said) {
  for (const auto& [start, edges] : said) {
    std::set<std::string> seen;
    std::string at = start;
    while (said.contains(at) && !said.at(at).empty()) {
      at = said.at(at).back().parent;
      if (at == start) {
        seen.insert(start);
        return seen;
      }
      if (!seen.insert(at).second) break;
    }
  }
  return {};
}

Parents plain_tree(const std::vector<Statement>& statements, Day on, bool& void_somewhere) {
  std::map<std::string, Day> births;
  auto said = plain_edges(statements, births);
  // Only what has begun can close a loop of that day.
  for (auto& [unit, edges] : said) {
    std::erase_if(edges, [&](const PlainEdge& edge) { return edge.day > on; });
  }
  for (auto loop = loop_in(said); !loop.empty(); loop = loop_in(said)) {
    const auto last = std::max_element(loop.begin(), loop.end(), [&](const auto& a, const auto& b) {
      return said[a].back().said < said[b].back().said;
    });
    said[*last].pop_back();
    void_somewhere = true;
  }
  Parents parents;
  for (const auto& [unit, edges] : said) {
    if (births[unit] > on || edges.empty() || !said.contains(edges.back().parent)) continue;
    parents[unit] = edges.back().parent;
  }
  return parents;
}

TEST(Tree, EqualsOneBuiltForEachDayAnew) {
  const std::vector<std::string> ids = {"A", "B", "C", "D", "E", "F"};
  int voids = 0;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    std::mt19937_64 dice(seed);
    const auto below = [&](std::size_t count) { return dice() % count; };
    Said said;
    for (const std::string& id : ids)
      said.registered(id, below(2) == 0 ? "" : ids[below(ids.size())], "2024-01-01");
    for (int i = 0; i < 14; ++i) {
      const std::string& id = ids[below(ids.size())];
      const std::string parent = below(6) == 0 ? "" : ids[below(ids.size())];
      if (parent == id) continue;
      said.moved(id, parent, to_text(Day{day("2024-01-01").number + static_cast<int>(below(30))}));
    }
    const Tree tree = said.tree();
    for (Day on = day("2024-01-01"); on < day("2024-02-05"); on = on.next()) {
      bool has_void = false;
      const Parents parents = plain_tree(said.statements(), on, has_void);
      voids += has_void ? 1 : 0;
      for (const std::string& id : ids) {
        const auto parent = tree.parent(*tree.find(id), on);
        const std::string found = parent ? tree.unit(*parent).id : "";
        const std::string wanted = parents.contains(id) ? parents.at(id) : "";
        ASSERT_EQ(found, wanted) << "seed " << seed << ", " << id << " on " << to_text(on);
      }
    }
  }
  EXPECT_GT(voids, 1'000) << "loops are what this test is about";
}

}  // namespace
}  // namespace tiendo

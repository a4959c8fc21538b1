// Where facts stand after merges and splits (semantics 4, "place").
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/projector/said_units.h"

namespace tiendo {
namespace {

TEST(TreePlace, WhatIsMergedStandsInTheOwnFigureOfWhatItWasMergedInto) {
  const Tree tree = worked_example().merged({"D2"}, "D1", "2024-07-01").tree();
  EXPECT_EQ(place(tree, "D2", "2024-06-30"), "D2");
  EXPECT_EQ(place(tree, "D2", "2024-07-01"), "D1");
  EXPECT_EQ(place(tree, "D2", "2024-03-03", "2024-12-31"), "D1");
  EXPECT_EQ(place(tree, "D2", "2024-09-09", "2024-06-30"), "D2");
  EXPECT_EQ(chain(tree, "D2", "2024-07-01"), "D2 D1 P");
  EXPECT_EQ(chain(tree, "C3", "2024-07-01"), "C3 D2 D1 P") << "nobody moved it";
  EXPECT_EQ(tree.ended(*tree.find("D2"), day("2024-08-01")), day("2024-07-01"));
}

TEST(TreePlace, ChainsOfMergesAreFollowedAlsoOfOneDay) {
  Said said = worked_example();
  said.merged({"C1"}, "C2", "2024-07-01").merged({"C2"}, "C3", "2024-07-01");
  said.merged({"C3"}, "D2", "2024-09-01");
  EXPECT_EQ(place(said.tree(), "C1", "2024-03-03", "2024-06-30"), "C1");
  EXPECT_EQ(place(said.tree(), "C1", "2024-03-03", "2024-07-01"), "C3");
  EXPECT_EQ(place(said.tree(), "C1", "2024-03-03", "2024-09-01"), "D2");
}

TEST(TreePlace, ASplitUnitIsDividedAndWhatCannotBeStandsAtTheLowestCommonAncestor) {
  Said said = worked_example();
  said.registered("A", "D1", "2024-07-01").registered("B", "D1", "2024-07-01");
  said.registered("X", "D2", "2024-07-01");
  said.split("C1", {{"A", "0.25"}, {"B", "0.75"}}, "2024-07-01");
  said.split("C2", {{"A", "0.5"}, {"X", "0.5"}}, "2024-07-01");
  const Tree tree = said.tree();
  EXPECT_EQ(place(tree, "C1", "2024-03-03"), "C1");
  EXPECT_EQ(place(tree, "C1", "2024-03-03", "2024-07-01"), "0.25 A + 0.75 B");
  EXPECT_EQ(place_whole(tree, "C1", "2024-03-03", "2024-07-01"), "unplaced at D1");
  EXPECT_EQ(place_whole(tree, "C2", "2024-03-03", "2024-07-01"), "unplaced at P");
  EXPECT_EQ(chain(tree, "C2", "2024-07-01"), "C2 P");
  EXPECT_EQ(place(tree, "A", "2024-08-08", "2024-06-30"), "unplaced at D1")
      << "C1 and C2 before it";
  EXPECT_EQ(place(tree, "B", "2024-08-08", "2024-06-30"), "C1") << "one before it";
  EXPECT_EQ(place(tree, "X", "2024-03-03"), "C2") << "dated before it began";
}

// E15.
TEST(TreePlace, PartsAreFollowedOn) {
  Said said = worked_example();
  said.registered("A", "P", "2024-07-01").registered("B", "P", "2024-07-01");
  said.split("D1", {{"A", "0.25"}, {"B", "0.75"}}, "2024-07-01");
  said.merged({"B"}, "D2", "2024-09-01");
  EXPECT_EQ(place(said.tree(), "D1", "2024-03-03", "2024-12-31"), "0.25 A + 0.75 D2");
  said.merged({"A"}, "D2", "2024-10-01");
  EXPECT_EQ(place(said.tree(), "D1", "2024-03-03", "2024-12-31"), "D2") << "together again";
  EXPECT_EQ(place_whole(said.tree(), "D1", "2024-03-03", "2024-12-31"), "D2");
}

TEST(TreePlace, SharesOfSharesAddUpToOne) {
  Said said = worked_example();
  said.registered("A", "P", "2024-07-01").registered("B", "P", "2024-07-01");
  said.split("D1", {{"A", "0.333333"}, {"B", "0.666667"}}, "2024-07-01");
  said.split("A", {{"C1", "0.333333"}, {"C2", "0.666667"}}, "2024-08-01");
  said.split("C2", {{"C3", "0.333333"}, {"D2", "0.666667"}}, "2024-09-01");
  const Tree tree = said.tree();
  Decimal sum;
  const auto parts = tree.place(*tree.find("D1"), day("2024-03-03"), {day("2024-12-31")});
  EXPECT_EQ(parts.size(), 4U);
  for (const TreePart& part : parts) sum += part.share;
  EXPECT_EQ(sum, Decimal::whole(1));
}

// E16.
TEST(TreePlace, AUnitThatSurvivesItsSplitKeepsWhatCameAfterIt) {
  Said said = worked_example();
  said.registered("T", "P", "2024-07-01");
  said.split("D1", {{"D1", "0.6"}, {"T", "0.4"}}, "2024-07-01");
  const Tree tree = said.tree();
  EXPECT_TRUE(tree.exists(*tree.find("D1"), day("2024-07-01")));
  EXPECT_EQ(place(tree, "D1", "2024-03-03"), "D1");
  EXPECT_EQ(place(tree, "D1", "2024-08-08"), "D1");
  EXPECT_EQ(place(tree, "D1", "2024-03-03", "2024-12-31"), "0.6 D1 + 0.4 T");
  EXPECT_EQ(place(tree, "D1", "2024-07-01", "2024-12-31"), "D1");
  EXPECT_EQ(place(tree, "D1", "2024-08-08", "2024-06-30"), "D1");
  EXPECT_EQ(place(tree, "T", "2024-08-08", "2024-06-30"), "D1");
  said.closed("D1", "2024-10-01");
  EXPECT_EQ(place(said.tree(), "D1", "2024-03-03", "2024-12-31"), "0.6 unplaced at P + 0.4 T");
  EXPECT_EQ(place(said.tree(), "D1", "2024-08-08", "2024-12-31"), "unplaced at P");
}

// E17.
TEST(TreePlace, OfSeveralPredecessorsTheLowestCommonAncestorHasIt) {
  Said said = worked_example();
  said.registered("X", "P", "2024-07-01").merged({"C1", "C3"}, "X", "2024-07-01");
  EXPECT_EQ(place(said.tree(), "X", "2024-08-08", "2024-06-30"), "unplaced at P");
  EXPECT_EQ(place(said.tree(), "C1", "2024-03-03", "2024-12-31"), "X");
  EXPECT_EQ(chain(said.tree(), "X", "2024-06-30"), "X P");
  Said below = worked_example();
  below.registered("X", "P", "2024-07-01").merged({"C1", "C2"}, "X", "2024-07-01");
  EXPECT_EQ(place(below.tree(), "X", "2024-08-08", "2024-06-30"), "unplaced at D1");
  EXPECT_EQ(chain(below.tree(), "X", "2024-06-30"), "X D1 P") << "it stands where its facts do";
}

TEST(TreePlace, AMergeWaitsForAllItsUnits) {
  Said said = worked_example();
  said.merged({"D1", "D9"}, "D2", "2024-07-01");
  EXPECT_EQ(place(said.tree(), "D1", "2024-08-08"), "D1");
  said.registered("D9", "P");
  EXPECT_EQ(place(said.tree(), "D1", "2024-08-08"), "D2");
}

TEST(TreePlace, AWrongMergeIsUndoneUnderTheSameDay) {
  Said said = worked_example();
  said.merged({"D1"}, "D2", "2024-07-01");
  said.reopened("D1", "2024-07-01");
  EXPECT_EQ(place(said.tree(), "D1", "2024-08-08"), "D1");
  said.merged({"D1"}, "P", "2024-07-01");
  EXPECT_EQ(place(said.tree(), "D1", "2024-08-08"), "P");
  said.registered("T", "P", "2024-07-01");
  said.split("D1", {{"D1", "0.5"}, {"T", "0.5"}}, "2024-07-01");
  EXPECT_EQ(place(said.tree(), "D1", "2024-03-03", "2024-08-08"), "0.5 D1 + 0.5 T");
  said.reopened("D1", "2024-07-01");
  EXPECT_EQ(place(said.tree(), "D1", "2024-03-03", "2024-08-08"), "D1");
}

TEST(TreePlace, AReopenedUnitHasItsFactsAgain) {
  Said said = worked_example();
  said.merged({"D2"}, "D1", "2024-07-01").reopened("D2", "2024-10-01");
  EXPECT_EQ(place(said.tree(), "D2", "2024-03-03", "2024-08-01"), "D1");
  EXPECT_EQ(place(said.tree(), "D2", "2024-03-03", "2024-10-01"), "D2");
  EXPECT_EQ(place(said.tree(), "D2", "2024-08-08"), "D1");
  EXPECT_EQ(place(said.tree(), "D2", "2024-10-10"), "D2");
}

TEST(TreePlace, AnEventThatWouldMakeAUnitItsOwnSuccessorIsVoid) {
  Said said = worked_example();
  said.merged({"D1"}, "D2", "2024-07-01").merged({"D2"}, "D1", "2024-07-01");
  const OrderKey second{{0}, StreamName("t"), 7};
  EXPECT_TRUE(said.tree().is_loop(second));
  EXPECT_EQ(place(said.tree(), "D1", "2024-08-08"), "D2");
  EXPECT_EQ(place(said.tree(), "D2", "2024-08-08"), "D2") << "the second is void";
  Said later = worked_example();
  later.merged({"D1"}, "D2", "2024-07-01").reopened("D1", "2024-08-01");
  later.merged({"D2"}, "D1", "2024-09-01");
  EXPECT_FALSE(later.tree().is_loop({{0}, StreamName("t"), 8})) << "D1 is there again";
  EXPECT_EQ(place(later.tree(), "D2", "2024-09-09"), "D1");
  later.merged({"D1"}, "D2", "2024-10-01");
  EXPECT_TRUE(later.tree().is_loop({{0}, StreamName("t"), 9}));
}

// An ended unit stands where its facts do, whatever is said of its parent while it is gone.
TEST(TreePlace, WhatIsSaidOfAnEndedUnitsParentHoldsOnceItIsReopened) {
  Said said = worked_example();
  said.closed("C1", "2024-07-01").moved("C1", "D2", "2024-08-01").reopened("C1", "2024-10-01");
  EXPECT_EQ(chain(said.tree(), "C1", "2024-08-08"), "C1 D1 P");
  EXPECT_EQ(place(said.tree(), "C1", "2024-08-08"), "unplaced at D1");
  EXPECT_EQ(chain(said.tree(), "C1", "2024-10-01"), "C1 D2 P");
}

TEST(TreePlace, WhatFlowedIntoAUnitIsKnownWithItsShares) {
  Said said = worked_example();
  said.registered("T", "P", "2024-07-01").merged({"D2"}, "D1", "2024-03-01");
  said.split("D1", {{"D1", "0.6"}, {"T", "0.4"}}, "2024-07-01");
  const Tree tree = said.tree();
  const auto inflow = [&](std::string_view unit, std::string_view on) -> std::string {
    const auto* last = tree.last_inflow(*tree.find(unit), day(on));
    if (last == nullptr) return "none";
    std::string text = to_text(last->day);
    for (const auto& [from, portion] : last->from) {
      text += " " + tree.unit(from).id + " " + portion.share().text();
    }
    return text;
  };
  EXPECT_EQ(inflow("D1", "2024-02-29"), "none");
  EXPECT_EQ(inflow("D1", "2024-06-30"), "2024-03-01 D1 1 D2 1");
  EXPECT_EQ(inflow("D1", "2024-12-31"), "2024-07-01 D1 0.6");
  EXPECT_EQ(inflow("T", "2024-12-31"), "2024-07-01 D1 0.4");
  EXPECT_EQ(inflow("P", "2024-12-31"), "none");
}

class RandomTree {
 public:
  explicit RandomTree(uint64_t seed) : dice_(seed) {
    for (const std::string& id : ids_) {
      const std::string& parent = some_unit();
      said_.registered(id, parent == id ? "" : parent,
                       to_text(Day{day("2024-01-01").number + static_cast<int>(dice_() % 20)}));
    }
    for (int i = 0; i < 14; ++i) say();
  }
  [[nodiscard]] Tree tree() const { return said_.tree(); }

 private:
  const std::string& some_unit() { return ids_[dice_() % ids_.size()]; }
  std::string some_day() {
    return to_text(Day{day("2024-01-01").number + static_cast<int>(dice_() % 30)});
  }
  void say() {
    const std::string& id = some_unit();
    const std::string& other = some_unit();
    const std::string& third = some_unit();
    const uint64_t kind = dice_() % 8;
    if (kind == 0) {
      said_.reopened(id, some_day());
    } else if (other == id) {
      said_.closed(id, some_day());
    } else if (kind < 3) {
      said_.merged({id}, other, some_day());
    } else if (kind < 5 && third != other) {
      said_.split(id, {{other, "0.3"}, {third, "0.7"}}, some_day());
    } else {
      said_.moved(id, other, some_day());
    }
  }

  const std::vector<std::string> ids_ = {"A", "B", "C", "D", "E", "F"};
  std::mt19937_64 dice_;
  Said said_;
};

// The share of a fact of a unit and day that stands below a node, or in its own figure.
Decimal share_of(const Tree& tree, UnitIndex unit, Day fact, TreeMode mode, UnitIndex node,
                 bool own) {
  Decimal share;
  for (const TreePart& part : tree.place(unit, fact, mode)) {
    if (!part.place) continue;
    const bool here = own ? part.place->own && part.place->unit == node
                          : tree.is_below(part.place->unit, node, mode.of(fact));
    if (here) share += part.share;
  }
  return share;
}

Decimal share_in(const std::vector<DaysHere>& all, Day on) {
  for (const DaysHere& one : all) {
    if (one.days.contains(on)) return one.portion.share();
  }
  return {};
}

// As reported and in the tree of a day, days below and own days say where place() puts the facts of
// every day, segments where they stand whole, and who may ever count is listed.
TEST(TreePlace, DaysAndSegmentsSayThePlaceOfEveryDay) {
  int divided = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Tree tree = RandomTree(seed).tree();
    const Window all{day("2023-12-25"), day("2024-02-05")};
    for (const TreeMode mode : {TreeMode{}, TreeMode{day("2024-01-15")},
                                TreeMode{day("2024-03-01")}, TreeMode{day("2024-01-05")}}) {
      for (UnitIndex unit = 0; unit < tree.size(); ++unit) {
        for (UnitIndex node = 0; node < tree.size(); ++node) {
          const auto below = tree.days_below(unit, node, all, mode, Dividing::divided);
          const auto own = tree.days_own(unit, node, all, mode, Dividing::divided);
          const auto& ever = tree.ever_below(node);
          const bool listed = std::find(ever.begin(), ever.end(), unit) != ever.end();
          ASSERT_TRUE(listed || below.empty()) << "seed " << seed;
          for (Day on = all.first; on <= all.last; on = on.next()) {
            const Decimal share = share_of(tree, unit, on, mode, node, false);
            divided += !share.is_zero() && share != Decimal::whole(1) ? 1 : 0;
            ASSERT_EQ(share_in(below, on), share)
                << "seed " << seed << " " << tree.unit(unit).id << " below " << tree.unit(node).id
                << " on " << to_text(on);
            ASSERT_EQ(share_in(own, on), share_of(tree, unit, on, mode, node, true))
                << "seed " << seed;
          }
        }
      }
    }
  }
  EXPECT_GT(divided, 1'000) << "divided facts are what this test is about";
}

TEST(TreePlace, SegmentsAndWhatIsBesideThemAreAllThatCounts) {
  int beside = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Tree tree = RandomTree(seed).tree();
    const Window all{day("2023-12-25"), day("2024-02-05")};
    for (UnitIndex unit = 0; unit < tree.size(); ++unit) {
      const auto segments = tree.segments(unit);
      const auto properties = tree.property_days(unit);
      for (Day on = all.first; on <= all.last; on = on.next()) {
        const auto after =
            std::upper_bound(segments.begin(), segments.end(), on,
                             [](Day wanted, const auto& one) { return wanted < one.from; });
        ASSERT_NE(after, segments.begin());
        const Tree::Segment& now = *std::prev(after);
        const auto whole = tree.place_whole(unit, on, {});
        ASSERT_EQ(whole.has_value(), !now.ids.empty()) << "seed " << seed;
        if (whole) {
          ASSERT_EQ(tree.unit(whole->unit).id, now.ids.front());
          ASSERT_EQ(whole->own, now.own);
        }
        for (UnitIndex node = 0; node < tree.size(); ++node) {
          const bool in_cells =
              std::find(now.ids.begin(), now.ids.end(), tree.unit(node).id) != now.ids.end();
          const auto partly = tree.days_partly(unit, node, {on, on}, false);
          beside += partly.empty() ? 0 : 1;
          const Decimal share = in_cells ? Decimal::whole(1) : share_in(partly, on);
          ASSERT_EQ(share, share_of(tree, unit, on, {}, node, false)) << "seed " << seed;
          const auto& ever = tree.partly_below(node);
          ASSERT_TRUE(partly.empty() || std::find(ever.begin(), ever.end(), unit) != ever.end());
        }
        const bool may_change =
            std::find(properties.begin(), properties.end(), on) != properties.end();
        ASSERT_TRUE(may_change || tree.parent(unit, on) == tree.parent(unit, on.previous()))
            << "seed " << seed << " " << tree.unit(unit).id << " on " << to_text(on);
      }
    }
  }
  EXPECT_GT(beside, 100) << "parts are what this test is about";
}

}  // namespace
}  // namespace tiendo

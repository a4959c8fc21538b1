#include "projector/lineage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>

#include "events/calendar.h"
#include "projector/tree.h"

namespace tiendo {
namespace {

const std::vector<std::string> ids = {"A", "B", "C", "D", "E", "F"};

class RandomUnits {
 public:
  explicit RandomUnits(uint64_t seed) : dice_(seed) {}

  std::vector<Statement> statements(uint64_t count) {
    std::vector<Statement> all;
    for (uint64_t i = 0; i < count; ++i) {
      Statement statement{.key = {{static_cast<int64_t>(i)}, StreamName("t"), i}};
      // A unit is registered before it is merged or split, as who may speak is asked only then.
      if (i >= ids.size() && below(5) == 0) {
        statement.said = succession();
      } else {
        statement.said = said(i < ids.size() ? ids[i] : ids[below(ids.size())], i < ids.size());
      }
      all.push_back(std::move(statement));
    }
    return all;
  }
  Day day() { return {parse_day("2024-01-01")->number + static_cast<int>(dice_() % 30)}; }
  uint64_t below(uint64_t count) { return dice_() % count; }

 private:
  // From one of the earlier half of the ids to later ones, so that none succeeds itself.
  SuccessionSaid succession() {
    SuccessionSaid said{.effective = day(), .from = {ids[below(3)]}};
    const std::string& into = ids[3 + below(3)];
    const std::string& other = ids[below(2) == 0 ? 3 + below(3) : below(3)];
    if (other == into || (other != said.from.front() && other < ids[3])) {
      said.into = {{into, Decimal::whole(1)}};
      return said;
    }
    said.what = SuccessionSaid::What::split;
    const auto half = Decimal::from_units(Decimal::one_units / 2);
    said.into = {{into, half}, {other, half}};
    return said;
  }

  UnitSaid said(const std::string& unit, bool is_new) {
    using What = UnitSaid::What;
    UnitSaid said{.unit = unit, .effective = day()};
    const std::string& parent = ids[below(ids.size())];
    if (parent != said.unit && below(6) > 0) said.parent = parent;
    const uint64_t kind = below(10);
    said.what = is_new || kind < 4 ? What::registered
                : kind < 7         ? What::moved
                : kind < 9         ? What::closed
                                   : What::reopened;
    return said;
  }

  std::mt19937_64 dice_;
};

std::vector<std::string> in_tree(const Tree& tree, const std::string& unit, Day day) {
  std::vector<std::string> all = {unit};
  const auto index = tree.find(unit);
  const auto place = index ? tree.place_whole(*index, day, {}) : std::nullopt;
  if (!place) return all;
  for (const UnitIndex link : tree.chain(place->unit, day)) {
    if (tree.unit(link).id != unit) all.push_back(tree.unit(link).id);
  }
  return all;
}

// Each statement has effect from itself on or from a later one, as where sources need grants.
TEST(Lineage, SaysWhatTheTreeOfEveryMomentSaysAndWhenThatChanges) {
  int changes = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    RandomUnits random(seed);
    const std::vector<Statement> statements = random.statements(24);
    std::vector<uint64_t> from(statements.size());
    Lineage lineage;
    for (uint64_t i = 0; i < from.size(); ++i) {
      const bool waits = i >= ids.size() && random.below(3) == 0;
      from[i] = waits ? i + random.below(from.size() - i) : i;
      lineage.add(statements[i], statements[from[i]].key);
    }
    const Day day = random.day();
    for (const std::string& unit : ids) {
      std::optional<OrderKey> promised;  // nothing changes before
      std::vector<std::string> before;
      for (uint64_t known = 0; known < statements.size(); ++known) {
        std::vector<const Statement*> effective;
        for (uint64_t i = 0; i <= known; ++i) {
          if (from[i] <= known) effective.push_back(&statements[i]);
        }
        const Tree tree(effective);
        // Of a merge that is void, because a unit would succeed itself, it does not know.
        const bool loops = std::any_of(effective.begin(), effective.end(),
                                       [&](const auto* one) { return tree.is_loop(one->key); });
        if (loops) break;
        const auto standing = lineage.standing(unit, day, statements[known].key);
        const auto wanted = in_tree(tree, unit, day);
        ASSERT_EQ(standing.ids, wanted) << "seed " << seed << ", " << unit << " at " << known;
        ASSERT_EQ(lineage.knows(unit, statements[known].key), tree.find(unit).has_value());
        if (known > 0 && wanted != before) {
          ++changes;
          ASSERT_TRUE(promised && *promised == statements[known].key)
              << "seed " << seed << ", " << unit << " at " << known;
        }
        before = wanted;
        promised = standing.changes;
      }
    }
  }
  EXPECT_GT(changes, 1'000) << "changes are what this test is about";
}

}  // namespace
}  // namespace tiendo

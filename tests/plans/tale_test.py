#!/usr/bin/env python3
"""The parts of made-up histories (deploy/sample/tale). Python 3.11, standard library; the seeds are printed on failure."""
import os
import sys
import unittest
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "..", "deploy", part) for part in ("sample", "plans")]

import table  # noqa: E402
from tale import amounts, filters  # noqa: E402
from tale.chance import Chance  # noqa: E402

HOLDS = {">=": lambda a, b: a >= b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, "<": lambda a, b: a < b,
         "=": lambda a, b: a == b}
FILTERS = ("where", "among", "only", "reached_by", "named_by")


def filters_in(value):
    """Every filter of activities or entities in a formula; those of units choose units and are not told."""
    if type(value) is list:
        for part in value:
            yield from filters_in(part)
    elif type(value) is dict:
        for key, part in value.items():
            if key in FILTERS:
                yield part
            elif key != "units":
                yield from filters_in(part)


class TaleTest(unittest.TestCase):
    def test_what_is_made_for_a_filter_of_a_shipped_plan_matches_it(self):
        count = 0
        for plan, document in table.plans().items():
            for indicator in document["indicators"]:
                for where in filters_in(indicator["formula"]):
                    for seed in range(5):
                        said = filters.witness(Chance(seed, plan, indicator["id"]), where)
                        told = {k: v for k, v in where.items() if not k.startswith("unit.")}
                        self.assertTrue(filters.matches(told, said.get), (seed, plan, indicator["id"], said))
                        count += 1
        self.assertGreater(count, 100)

    def test_a_filter_takes_lists_all_any_not_and_missing_fields_as_the_language_says(self):
        thing = {"form": "online", "topics": ["a", "b"], "flag.digital": True}.get
        for where, expected in (({}, True), ({"form": ["in_person", "online"]}, True), ({"topics": "b"}, True),
                                ({"topics": "c"}, False), ({"flag.digital": "true"}, False), ({"not": {"task": "x"}}, True),
                                ({"any": [{"form": "hybrid"}, {"topics": "a"}]}, True),
                                ({"all": [{"form": "online"}, {"topics": "c"}]}, False)):
            self.assertEqual(filters.matches(where, thing), expected, where)

    def test_enough_meets_a_target_and_too_little_does_not(self):
        for seed in range(200):
            chance = Chance(seed, "amounts")
            value = chance.between(1, 300)
            for comparator, holds in HOLDS.items():
                with self.subTest(seed=seed, comparator=comparator, value=value):
                    if (comparator, value) != ("<", 1):  # nothing that is told lies below 1
                        self.assertTrue(holds(amounts.enough(chance, comparator, value), value))
                    self.assertFalse(holds(amounts.too_little(chance, comparator, value), value))

    def test_a_pair_meets_a_percentage_exactly_where_it_should(self):
        for seed in range(300):
            chance = Chance(seed, "pairs")
            value, whole = chance.between(1, 100), chance.between(1, 400)
            for comparator in (">=", ">") if value < 100 else (">=",):
                for fate in ("met", "short"):
                    n, d = amounts.pair(chance, fate, comparator, value, whole)
                    with self.subTest(seed=seed, comparator=comparator, value=value, n=n, d=d):
                        self.assertTrue(0 <= n <= d)
                        self.assertEqual(HOLDS[comparator](Fraction(100 * n, d), value), fate == "met")

    def test_parts_add_up_and_none_passes_its_whole(self):
        for seed in range(200):
            chance = Chance(seed, "parts")
            wholes = [chance.between(0, 40) for _ in range(chance.between(1, 7))]
            n = chance.between(0, sum(wholes))
            parts = amounts.spread(chance, n, wholes)
            with self.subTest(seed=seed):
                self.assertEqual(sum(parts), n)
                self.assertTrue(all(0 <= part <= whole for part, whole in zip(parts, wholes)))
                self.assertEqual(sum(chance.parts(n, 5)), n)


if __name__ == "__main__":
    unittest.main()

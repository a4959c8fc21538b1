"""Section 5, ratio of terms, where units move, merge, split and close: who is included, and what is
missing.  Run: python3 -m unittest discover -s tests/oracle"""
import os
import sys
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from world import World  # noqa: E402

VISITS = {"kind": "sum", "of": "participants"}
OVER = {"kind": "ratio", "numerator": VISITS, "denominator": {"kind": "statistic", "statistic": "youth"}}
OWN = {**OVER, "denominator": {**OVER["denominator"], "covers": "own"}}


class Ratios(unittest.TestCase):
    def setUp(self):
        self.w = World()
        self.w.plan({"r": OVER, "own": OWN})

    def unit(self, *units, effective="2020-01-01"):
        for unit, parent in units:
            self.w.unit(unit, "commune", parent, effective)

    def youth(self, **said):
        for unit, value in said.items():
            self.w.statistic("youth", unit, "2024-01-31", value)

    def did(self, *said):
        for n, (unit, day, visits) in enumerate(said):
            self.w.activity("%s%s%d" % (unit, day, n), unit, day, visits)

    def r(self, unit, period="2024", indicator="r", **more):
        return self.w.value(indicator, unit, period, **more)

    def missing(self, unit, period="2024", **more):
        return self.w.view().rollup("p", "r", unit, period, **more)["missing"]

    def test_what_was_done_before_a_merge_counts_where_the_statistic_was_handed_on_to(self):
        self.unit(("A", "D1"), ("B", "D2"))
        self.unit(("X", "P"), effective="2024-07-01")
        self.youth(A=100, B=50)
        self.did(("A", "2024-02-02", 6), ("B", "2024-03-03", 9), ("D1", "2024-04-04", 5))
        self.w.merge("X", "A", "B")
        self.assertEqual([self.r("P"), self.r("P", tree="current"), self.r("P", "2024-H1")], [(15, 150), (15, 150), (20, 150)])
        self.assertEqual([self.missing("P"), self.missing("P", "2024-H1")], [["D1", "D2"], ["C1", "C2", "C3"]])
        self.assertEqual([self.r("X"), self.r("X", tree="current"), self.r("D1")], [(0, 150), (15, 150), None])
        self.assertEqual([self.r("P", indicator="own", **more) for more in ({}, {"tree": "2024-06-30"})], [(15, 150)] * 2)

    def test_a_moved_unit_counts_where_it_is_included_on_the_last_day(self):
        self.youth(D2=50, C1=10)
        self.did(("C2", "2024-02-02", 6), ("D1", "2024-03-03", 3), ("C1", "2024-04-04", 2), ("C2", "2024-09-09", 8))
        self.w.event("unit.moved", {"unit": "C2", "parent": "D2", "effective": "2024-05-01"})
        self.assertEqual([self.r("P"), self.r("D1"), self.r("D2"), self.r("D2", tree="current")], [(19, 60), (5, 10), (8, 50), (14, 50)])
        self.assertEqual([self.r("D1", "2024-Q1"), self.missing("D1", "2024-Q1")], [(3, 10), ["C2"]])

    def test_of_divided_facts_the_parts_that_are_in_both_trees_count(self):
        self.unit(("S", "D1"))
        self.unit(("X", "D1"), ("Y", "D2"), effective="2024-07-01")
        self.unit(("V", "D1"), ("W", "D1"), effective="2024-10-01")
        self.did(("S", "2024-03-03", 10), ("S", "2024-08-08", 5))
        self.w.split("S", Y="0.4", X="0.6")
        self.w.split("X", "2024-10-01", V="0.5", W="0.5")
        self.w.statistic("youth", "V", "2024-10-31", 60)
        self.assertEqual([self.r("P"), self.r("D1"), self.r("D2")], [(Decimal("4.5"), 60)] * 2 + [None])
        self.assertEqual([self.missing("P"), self.missing("D1")], [["C1", "C2", "D2", "W"], ["C1", "C2", "W"]])
        self.w.statistic("youth", "D2", "2024-10-31", 40)
        self.assertEqual([self.r("P"), self.r("D2"), self.r("D2", tree="current")], [(Decimal("10.5"), 100), (2, 40), (6, 40)])

    def test_missing_names_each_unit_once_of_which_some_part_is_left_out(self):
        self.unit(("E", "P"), ("F", "P"))
        self.unit(("X", "D1"), ("Y", "D2"), effective="2024-07-01")
        self.youth(D1=50, D2=50)
        self.w.split("C1", X="0.6", Y="0.4")
        self.w.merge("F", "E")
        self.assertEqual(self.missing("P", "2024-H1", tree="current"), ["E", "F"])
        self.youth(D2=None)
        self.assertEqual(self.missing("P", "2024-H1", tree="current"), ["D2", "E", "F"])
        self.w.event("unit.moved", {"unit": "Y", "parent": "P", "effective": "2024-08-01"})
        self.assertEqual(self.missing("P", "2024-H1", tree="current"), ["C1", "D2", "E", "F"])
        self.youth(D1=None)
        self.assertEqual(self.missing("P", "2024-H1", tree="current"), ["P"])

    def test_a_unit_between_or_above_that_is_gone_later_counts_all_the_same(self):
        self.unit(("E", "C1"), ("G", "P"), ("H", "G"))
        self.unit(("K", "D1"), ("L", "D2"), effective="2024-09-01")
        self.youth(E=20, G=80)
        self.did(("C1", "2024-02-02", 4), ("D1", "2024-03-03", 3), ("E", "2024-04-04", 2), ("H", "2024-05-05", 6))
        self.w.event("unit.closed", {"unit": "C1", "effective": "2024-07-01"})
        self.w.split("G", "2024-09-01", K="0.5", L="0.5")
        for more in {}, {"tree": "current"}:
            self.assertEqual([self.r("P", "2024-H1", **more), self.r("P", "2024-H1", "own", **more)], [(15, 100), (2, 100)])
        self.assertEqual([self.missing("P", "2024-H1"), self.missing("P", "2024-H1", tree="current")], [["C2", "D2"], ["C2", "C3"]])


if __name__ == "__main__":
    unittest.main()

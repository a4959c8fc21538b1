"""The worked examples E8 and E13 to E20 of semantics.md section 12, and the rules beside them: units
that merge and split.  Run: python3 -m unittest discover -s tests/oracle"""
import os
import sys
import unittest
from decimal import Decimal
from fractions import Fraction

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import figures  # noqa: E402
from knowledge import NotFound  # noqa: E402
from world import World  # noqa: E402

V = {"kind": "sum", "of": "participants"}
R = {"kind": "ratio", "of": "reported"}
SITES = {"kind": "distinct", "of": "outputs", "output": "site"}


def pair(n, d, **more):
    return {"numerator": n, "denominator": d, **more}


def world(**indicators):
    w = World()
    w.plan({"v": V, **indicators})
    return w


class Merges(unittest.TestCase):
    def all(self, w, units="D1 D2 P", **more):
        return [w.value("v", u, **more) for u in units.split()]

    def test_E8(self):
        w = world()
        w.merge("D1", "D2", when="2024-09-10")
        gone = lambda tree, as_of: not w.view(as_of).knowledge.units.units["D2"].exists(
            w.view(as_of).knowledge.N if tree == "current" else w.view(as_of)._tree(tree, "P"))
        self.assertEqual([gone(*q) for q in (("2024-08-01", "2024-08-31"), ("2024-08-01", "2024-09-30"), ("2024-06-30", None),
                                             ("current", "2024-08-31"))], [False, True, False, False])
        with self.assertRaises(NotFound):
            w.value("v", "D2", tree="current")

    def test_E13(self):
        w = world()
        for n, (unit, day, visits) in enumerate((("D1", "2024-02-10", 400), ("D2", "2024-03-03", 250), ("D1", "2024-08-08", 600))):
            w.activity("a%d" % n, unit, day, visits)
        w.merge("D1", "D2")
        self.assertEqual(self.all(w), [1000, 250, 1250])
        self.assertEqual(self.all(w, tree="2024-06-30"), [1000, 250, 1250])
        self.assertEqual(self.all(w, "D1 P", tree="current"), [1250, 1250])
        self.assertEqual(w.value("v", "D1", of="own", tree="current"), 1250)

    def test_E17(self):
        w = world()
        for unit, above in (("A", "D1"), ("B", "D2")):
            w.unit(unit, "commune", above)
        w.unit("X", "commune", "P", "2024-07-01")
        w.merge("X", "A", "B")
        for unit, day, visits in (("A", "2024-03-01", 3), ("B", "2024-03-01", 5), ("X", "2024-08-01", 7)):
            w.activity(unit, unit, day, visits)
        self.assertEqual(self.all(w, tree="2024-06-30"), [3, 5, 15])
        self.assertEqual(w.value("v", "P", of="own", tree="2024-06-30"), 0)
        self.assertEqual(w.value("v", "X", of="own", tree="current"), 15)

    def test_E18(self):
        w = world()
        w.merge("D1", "D2", effective="2024-06-01")
        w.activity("a", "D2", "2024-06-06", 50)
        self.assertEqual(self.all(w), [50, 0, 50])
        self.assertEqual(w.value("v", "D1", of="own"), 50)

    def test_E19(self):
        w = world(f=R, g={"kind": "gauge", "of": "reported"})
        w.report("r1", "D1", "2024-H1", {"f": pair(80, 100), "g": 7})
        w.report("r2", "D2", "2024-H1", {"f": pair(30, 50), "g": 5})
        w.merge("D1", "D2")
        self.assertEqual([w.value("f", u) for u in ("D1", "P")], [(110, 150)] * 2)
        self.assertEqual(w.view().rollup("p", "f", "D1", "2024")["value"], Decimal("73.33"))
        self.assertEqual([w.value("f", u, "2024-H1") for u in ("D1", "D2", "P")], [(80, 100), (30, 50), (110, 150)])
        self.assertEqual(w.value("f", "D1", "2024-H1", tree="current"), (110, 150))
        self.assertEqual([w.value("g", u) for u in ("D1", "P")], [12, 12])
        w.report("r3", "D1", "2024-9M", {"f": pair(120, 160, as_at="2024-09-30")})
        self.assertEqual(w.value("f", "D1"), (120, 160))
        self.assertEqual(w.view().rollup("p", "f", "D1", "2024")["value"], 75)

    def test_E20(self):
        w = world(c={"kind": "coverage", "units": {"level": "commune"}, "have": {"attribute": "software", "is": True}})
        w.event("unit.attributes_set", {"unit": "C1", "effective": "2024-01-01", "attributes": {"software": True}})
        w.merge("C1", "C2")
        self.assertEqual([w.value("c", "D1", "2024-H1", tree=t) for t in ("as_reported", "current")], [(1, 2)] * 2)
        self.assertEqual(w.value("c", "D1"), (1, 1))

    def test_a_chain_of_merges_is_followed_also_on_one_day(self):
        for days in (("2024-07-01", "2024-07-01"), ("2024-07-01", "2024-08-01")):
            w = world()
            w.merge("C2", "C1", effective=days[0])
            w.merge("C3", "C2", effective=days[1])
            w.activity("a", "C1", "2024-02-01", 8)
            self.assertEqual(w.value("v", "C3", tree="current"), 8)
            self.assertEqual(w.value("v", "D2"), 0)

    def test_a_unit_is_never_its_own_successor(self):
        w = world()
        w.merge("C2", "C1")
        w.merge("C1", "C2")                                     # void
        w.activity("a", "C1", "2024-02-01", 8)
        self.assertEqual(w.value("v", "C2", tree="current"), 8)
        w.event("unit.reopened", {"unit": "C1", "effective": "2024-08-01"})
        w.merge("C1", "C2", effective="2024-09-01")             # after it was opened again it is no loop
        self.assertEqual(w.value("v", "C1", tree="current"), 8)

    def test_a_split_that_leads_back_is_void(self):
        w = world()
        for unit in ("A", "B"):
            w.unit(unit, "commune", "D1", "2024-06-01")
        w.activity("a1", "C1", "2024-03-03", 10)
        w.activity("a2", "B", "2024-07-07", 8)
        w.split("C1", "2024-06-01", A="0.4", B="0.6")
        w.split("B", "2024-09-01", B="0.5", C1="0.5")
        self.assertEqual(self.all(w, "A B D1", tree="current"), [4, 14, 18])

    def test_a_part_may_come_home(self):
        w = world()
        w.unit("U", "commune", "D1", "2024-06-01")
        w.activity("a", "C1", "2024-03-03", 20)
        w.split("C1", "2024-06-01", C1="0.75", U="0.25")
        w.merge("C1", "U", effective="2024-09-01")
        self.assertEqual(w.value("v", "U", tree="2024-07-31"), 5)
        self.assertEqual(self.all(w, "C1 D1", tree="current"), [20, 20])

    def test_what_is_merged_into_a_unit_to_begin_stands_there(self):
        w = world()
        for unit in ("X", "Y"):
            w.unit(unit, "commune", "D1", "2024-09-01")
        for n, day in enumerate(("2024-06-01", "2024-07-07")):
            w.activity("a%d" % n, "C2", day, 5)
        w.merge("X", "C2", effective="2024-06-01")
        w.split("C2", "2024-09-01", X="0.5", Y="0.5")
        self.assertEqual(self.all(w, "C2 X D1", period="2024-07"), [0, 5, 5])
        self.assertEqual(self.all(w, "C2 X D1", period="2024-06"), [0, 5, 5])
        self.assertEqual(w.value("v", "X", "2024-07", of="own"), 0)

    def test_a_unit_that_ends_on_its_first_day_stood_with_its_predecessor(self):
        w = world()
        for unit in ("X", "Y", "Z"):
            w.unit(unit, "commune", "D1", "2024-07-01")
        w.split("C1", X="0.5", Z="0.5")
        w.merge("Y", "X")
        w.activity("a", "X", "2024-03-03", 5)
        w.activity("b", "X", "2024-08-08", 7)
        self.assertEqual(self.all(w, "C1 X Y D1"), [5, 0, 7, 12])
        self.assertEqual(self.all(w, "C1 D1", tree="2024-06-30"), [12, 12])

    def test_what_hangs_under_an_ended_unit_stands_through_it(self):
        w = world()
        w.merge("D1", "D2")
        w.activity("a", "C3", "2024-02-01", 8)
        self.assertEqual(self.all(w), [0, 8, 8])
        self.assertEqual(self.all(w, "D1 C3 P", tree="current"), [8, 8, 8])
        w.event("unit.closed", {"unit": "C3", "effective": "2024-08-01"})
        w.event("unit.moved", {"unit": "C3", "parent": "P", "effective": "2024-09-01"})     # without effect
        self.assertEqual(self.all(w, "D1 P", tree="current"), [8, 8])

    def test_a_merge_waits_for_its_units_and_is_undone_by_reopening_on_its_day(self):
        w = world()
        w.merge("X", "C1", "C2")
        w.activity("a", "C1", "2024-02-01", 8)
        self.assertEqual(w.value("v", "C1", tree="current"), 8)
        w.unit("X", "commune", "P", "2024-07-01")
        self.assertEqual([w.value("v", u, tree="current") for u in ("X", "D1")], [8, 0])
        w.event("unit.reopened", {"unit": "C1", "effective": "2024-07-01"})
        self.assertEqual([w.value("v", u, tree="current") for u in ("X", "C1")], [0, 8])
        w.merge("C3", "C1")                                     # said again: into another
        self.assertEqual(w.value("v", "C3", tree="current"), 8)

    def test_who_merges_speaks_of_all_its_units(self):
        w = world()
        w.activity("a", "C1", "2024-02-01", 8)
        w.event("source.granted", {"source": "A", "units": ["D1"]})
        w.event("source.granted", {"source": "B", "units": ["P"]})
        w.merge("C3", "C1", source="A")                         # C3 is not its own
        self.assertEqual(w.value("v", "D2", tree="current"), 0)
        w.merge("C3", "C1", source="B")
        self.assertEqual(w.value("v", "D2", tree="current"), 8)


class Splits(unittest.TestCase):
    def cut(self, **more):
        w = world(f=R, s=SITES, n={"kind": "count"}, a={"kind": "count", "credit": "all"}, **more)
        for unit in ("S1", "S2", "S3"):
            w.unit(unit, "commune", "D1" if unit != "S3" else "D2", "2024-07-01")
        w.unit("S", "commune", "D1")
        return w

    def test_E14(self):
        w = self.cut()
        w.activity("a", "S", "2024-02-01", 9)
        w.report("r", "S", "2024-H1", {"f": pair(80, 100)})
        w.split("S", S1="0.5", S2="0.3", S3="0.2")
        parts = [w.value("v", u, tree="current") for u in ("S1", "S2", "S3")]
        self.assertEqual(parts, [Decimal("4.5"), Decimal("2.7"), Decimal("1.8")])
        self.assertEqual(figures.largest_remainder([Fraction(p) for p in parts], 1, Fraction(9)), [4, 3, 2])
        for asked in ({}, {"period": "2024-H1", "tree": "current"}):
            self.assertEqual([w.value("f", u, **asked) for u in ("S1", "S2", "S3")], [(40, 50), (24, 30), (16, 20)])
        self.assertTrue(w.view().rollup("p", "v", "S1", "2024", tree="current")["apportioned"])

    def test_what_is_never_divided_stands_at_the_common_ancestor(self):
        w = self.cut()
        w.activity("a", "S", "2024-02-01", outputs=[{"kind": "site", "id": "x"}], co_units=["C3"])
        w.split("S", S1="0.5", S2="0.3", S3="0.2")
        get = lambda i, **more: [w.value(i, u, tree="current", **more) for u in ("S1", "D1", "D2", "P")]
        self.assertEqual(get("s"), [0, 0, 0, 1])
        self.assertEqual(get("s", of="own"), [0, 0, 0, 0])
        self.assertEqual(get("n"), [Decimal("0.5"), Decimal("0.8"), Decimal("0.2"), 1])
        self.assertEqual(get("a"), [0, 0, 1, 1])                # S's credit at P, C3's at D2, once

    def test_E15(self):
        w = self.cut()
        w.activity("a", "S", "2024-02-01", 8)
        w.split("S", S1="0.25", S2="0.75")
        w.merge("C3", "S2", effective="2024-08-01")
        self.assertEqual([w.value("v", u, tree="current") for u in ("S1", "C3")], [2, 6])

    def test_E16(self):
        w = self.cut()
        w.split("S", S="0.6", S1="0.4")
        w.activity("a", "S", "2024-03-03", 10)
        w.activity("b", "S", "2024-08-08", 5)
        get = lambda **more: [w.value("v", u, **more) for u in ("S", "S1")]
        self.assertEqual(get(tree="current"), [11, 4])
        self.assertEqual(w.value("v", "S", tree="2024-06-30"), 15)
        self.assertEqual(get(), [15, 0])

    def test_what_hangs_under_a_divided_unit_stands_at_the_common_ancestor(self):
        w = self.cut()
        w.split("D1", D2="0.5", D3="0.5")
        w.unit("D3", "district", "P", "2024-07-01")
        w.activity("a", "C1", "2024-02-01", 8)
        self.assertEqual([w.value("v", u, tree="current") for u in ("C1", "D2", "D3", "P")], [8, 0, 0, 8])

    def test_thirds_of_thirds_add_up(self):
        w = self.cut()
        w.activity("a", "S", "2024-02-01", 1)
        w.split("S", S1="0.333333", S2="0.666667")
        for unit in ("T1", "T2"):
            w.unit(unit, "commune", "D2", "2024-08-01")
        w.split("S1", "2024-08-01", T1="0.333333", T2="0.666667")
        w.split("T1", "2024-09-01", C1="0.333333", C2="0.666667")
        parts = [Fraction(str(w.value("v", u, tree="current"))) for u in ("C1", "C2", "T2", "S2")]
        self.assertEqual(sum(parts), 1)
        self.assertTrue(all((p * 10 ** 12).denominator == 1 for p in parts))

    def test_largest_remainder_gives_ties_to_the_earlier(self):
        self.assertEqual(figures.largest_remainder([Fraction(1, 2)] * 3 + [Fraction(-1, 2)], 1, Fraction(1)), [1, 1, 0, -1])


if __name__ == "__main__":
    unittest.main()

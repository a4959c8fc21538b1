"""The worked examples of semantics.md section 12 for what is declared, and one case for each rule
beside them.  Run: python3 -m unittest discover -s tests/oracle"""
import os
import sys
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from knowledge import NotFound  # noqa: E402
from world import World  # noqa: E402

V = {"kind": "sum", "of": "participants", "audiences": ["members", "youth"]}
R = {"kind": "ratio", "of": "reported"}
AT_P = {"scope": "unit", "level": "province"}
DUE = {"kind": "by", "day": "2024-12-31"}
SITES = {"kind": "distinct", "of": "outputs", "output": "site"}


def pair(n, d, **more):
    return {"numerator": n, "denominator": d, **more}


def row(w, unit, period, n=0, **more):
    return w.view().progress("p", unit, period, **more)[n]


class Grants(unittest.TestCase):
    def test_E9(self):
        w = World()
        w.plan({"v": V})
        grant = lambda source, *units, **more: w.event("source.granted", {"source": source, "units": units, **more})
        w.activity("a1", "D1", "2024-03-01", 10, source="A")
        grant("A", "D1")
        w.activity("a2", "D1", "2024-03-01", 20, source="A")
        w.activity("a3", "D2", "2024-03-01", 40, source="A")
        w.activity("a4", "D1", "2024-03-01", 80, source="B")
        self.assertEqual(w.value("v", "P"), 30)
        grant("A", "D2")
        self.assertEqual(w.value("v", "P"), 70)
        w.event("source.revoked", {"source": "A"})
        w.activity("a5", "D1", "2024-03-01", 160, source="A")
        self.assertEqual(w.value("v", "P"), 70)
        grant("B", "*", types=["activity.cancelled"])
        self.assertEqual(w.value("v", "P"), 70)
        grant("B", "C3", types=["vn.tiendo.activity.recorded.v1"])
        w.activity("a6", "C3", "2024-03-01", 1, source="B")
        w.activity("a7", "D2", "2024-03-01", 2, source="B")
        self.assertEqual(w.value("v", "P"), 71)

    def test_a_correction_must_cover_both_units(self):
        w = World()
        w.plan({"v": V})
        w.event("source.granted", {"source": "A", "units": ["D1"]})
        w.event("source.granted", {"source": "B", "units": ["D2"]})
        w.activity("a1", "C1", "2024-03-01", 10, source="A")
        w.activity("a1", "C3", "2024-03-01", 5, kind="corrected", source="A")           # C3 is not A's
        w.activity("a1", "C3", "2024-03-01", 6, kind="corrected", source="B", of_source="A")     # C1 is not B's
        w.activity("a1", "C2", "2024-03-01", 7, kind="corrected", source="A")
        self.assertEqual([w.value("v", u) for u in ("P", "C1", "C2", "C3")], [7, 0, 7, 0])

    def test_an_entity_registered_again_is_also_about_the_unit_it_has(self):
        w = World()
        w.plan({"g": {"kind": "gauge", "register": "team"}})
        w.entity("team", "t1", "C1")
        w.event("source.granted", {"source": "src", "units": ["C3"]})
        w.entity("team", "t1", "C3")                        # C1 is not its own
        w.entity("team", "t2", "C3")
        self.assertEqual([w.value("g", u) for u in ("P", "C1", "C3")], [2, 1, 1])

    def test_a_moved_unit_leaves_its_source(self):
        w = World()
        w.plan({"v": V})
        w.event("unit.moved", {"unit": "C1", "parent": "D2", "effective": "2024-05-01"})
        w.event("source.granted", {"source": "A", "units": ["D1"]}, when="2024-02-01")
        w.activity("a1", "C1", "2024-03-01", 1, source="A", when="2024-04-30")
        w.activity("a2", "C1", "2024-03-01", 2, source="A", when="2024-05-01T00:00:00+07:00")
        self.assertEqual(w.value("v", "P"), 1)


class ClosedUnits(unittest.TestCase):
    def test_facts_of_a_closed_unit(self):
        w = World()
        w.plan({"n": {"kind": "count"}, "c": {"kind": "coverage", "units": {"level": "commune"},
                                              "have": {"indicator": "n", "of": "own", "comparator": ">=", "value": 1}}})
        w.event("unit.closed", {"unit": "C2", "effective": "2024-07-01"})
        w.activity("a1", "C2", "2024-03-01")
        w.activity("a2", "C2", "2024-08-01")                        # after its end: unplaced at D1
        get = lambda i, u, p="2024", **more: w.value(i, u, p, **more)
        self.assertEqual([get("n", u) for u in ("C2", "D1", "P")], [1, 2, 2])
        self.assertEqual(get("n", "D1", of="own"), 0)
        self.assertEqual([get("n", u, tree="current") for u in ("D1", "P")], [2, 2])
        with self.assertRaises(NotFound):
            get("n", "C2", tree="current")
        self.assertEqual(get("n", "C2", tree="2024-06-30"), 2)
        self.assertEqual([get("c", "D1", p) for p in ("2024-H1", "2024")], [(1, 2), (0, 1)])
        self.assertEqual(get("c", "D1", "2024-H1", tree="current"), (1, 2))
        w.event("unit.reopened", {"unit": "C2", "effective": "2024-08-01"})
        self.assertEqual([get("n", u) for u in ("C2", "D1", "P")], [2, 2, 2])
        self.assertEqual(get("n", "C2", tree="current"), 2)
        w.event("unit.reopened", {"unit": "C2", "effective": "2024-07-01"})     # takes the closing back
        self.assertEqual(get("n", "C2", tree="2024-07-15"), 2)

    def test_E21(self):
        w = World()
        w.plan({"v": V, "c": {"kind": "coverage", "units": {"level": "commune"},
                              "have": {"formula": {"kind": "count"}, "of": "own", "comparator": ">=", "value": 1}}})
        w.event("unit.moved", {"unit": "C2", "parent": "D2", "effective": "2024-05-01"})
        w.activity("a1", "C2", "2024-02-02", 6)
        w.activity("a2", "C2", "2024-09-09", 8)
        both = lambda i, **more: [w.value(i, u, **more) for u in ("D1", "D2")]
        self.assertEqual([both("v"), both("v", tree="current")], [[6, 8], [0, 14]])
        self.assertEqual(w.value("v", "D1", tree="2024-04-30"), 14)
        self.assertEqual(both("c"), [(0, 1), (1, 2)])


class Sets(unittest.TestCase):
    def test_E24(self):
        w = World()
        target = {"for": {**AT_P, "of": "subtree"}, "when": DUE}
        w.plan({"s": SITES, "d": {**SITES, "counts": "distinct"}, "i": {**SITES, "counts": "ignore"}},
               [{**target, "indicator": i, "value": n} for i in "sdi" for n in (10000, 5000)])
        w.activity("a1", "D1", "2024-03-01", outputs=[{"kind": "site", "id": "x"}, {"kind": "site", "id": "y"}])
        w.activity("a2", "C3", "2024-03-02", outputs=[{"kind": "site", "id": "y"}, {"kind": "site", "id": "z"},
                                                      {"kind": "site", "count": 9000}, {"kind": "team", "id": "t"}])
        rows = w.view().progress("p", "P", "2024")
        self.assertEqual([(r["value"], r["bound"], r["lower"], r["status"]) for r in rows],
                         [(9003, "upper", 3, "not_met"), (9003, "upper", 3, "no_data"), (9003, None, None, "not_met"),
                          (9003, None, None, "met"), (3, None, None, "not_met"), (3, None, None, "not_met")])
        self.assertEqual((rows[1]["reason"], rows[1]["contributors"], rows[4]["contributors"]), ("only_upper_bound", 2, 2))

    def test_E12(self):
        w = World()
        w.plan({"s": SITES, "t": {**SITES, "window": "plan"}}, first="2022-01-01", last="2023-12-31")
        for n, (site, day) in enumerate((("s1", "2022-03-01"), ("s2", "2022-04-01"), ("s2", "2023-03-01"), ("s3", "2023-04-01"))):
            w.activity("a%d" % n, "D1", day, outputs=[{"kind": "site", "id": site}])
        self.assertEqual([w.value(i, "P", p) for i, p in (("s", "2022"), ("s", "2023"), ("t", "2023"))], [2, 2, 3])

    def test_people_and_reached_units(self):
        w = World()
        w.plan({"p": {"kind": "distinct", "of": "people", "audiences": ["members"]}, "all": {"kind": "distinct", "of": "people"},
                "r": {"kind": "distinct", "of": "reached_units"}, "pilot": {**SITES, "only": {"flag.pilot": True}}})
        w.activity("a1", "D1", "2024-03-01", people={"members": ["x", "y"], "youth": ["x", "z"]}, reached_units=["C1", "C9"],
                   outputs=[{"kind": "site", "id": "s1"}, {"kind": "site", "id": "s2"}])
        w.activity("a2", "D2", "2024-03-01", people={"members": ["y"], "youth": 5}, reached_units=["C1", "C2"])
        self.assertEqual([w.value(i, "P") for i in ("p", "all", "r", "pilot")], [2, 8, 2, 0])
        w.entity("site", "s1", "C1", pilot=True)
        w.entity("site", "s2", "C1")
        self.assertEqual(w.value("pilot", "P"), 1)
        w.entity("site", "s1", "C1", kind="updated", effective="2024-06-01", pilot=False)
        self.assertEqual([w.value("pilot", "P", p) for p in ("2024-03", "2024")], [1, 0])


class Declared(unittest.TestCase):
    def test_E25(self):
        w = World()
        w.unit("D3", "district", "P")
        w.plan({"f": R}, [{"indicator": "f", "comparator": c, "value": 10, "for": {**AT_P, "of": "subtree"}, "when": DUE}
                          for c in (">", ">=")])
        w.report("r1", "D1", "2024", {"f": pair(99, 100)})
        w.report("r2", "D2", "2024", {"f": pair(1, 900)})
        w.report("r3", "D3", "2024", {"f": pair(5, None)})
        self.assertEqual(w.value("f", "P"), (100, 1000))
        rows = w.view().progress("p", "P", "2024")
        self.assertEqual([(r["value"], r["status"], r["missing"]) for r in rows], [(10, "not_met", ["D3"]), (10, "met", ["D3"])])
        self.assertEqual(w.value("f", "D3"), None)

    def test_E26(self):
        w = World()
        w.plan({"f": R}, [{"indicator": "f", "value": 100, "for": {**AT_P, "of": "subtree"}, "when": DUE}])
        w.report("r1", "D1", "2024", {"f": pair(24999, 25000)})
        self.assertEqual([row(w, "P", "2024")[k] for k in ("value", "status")], [Decimal("99.99"), "not_met"])
        w.report("r1", "D1", "2024", {"f": pair(2, 3)})
        self.assertEqual(row(w, "P", "2024")["value"], Decimal("66.67"))

    def test_E27(self):
        w = World()
        w.plan({"q": {"kind": "ratio", "numerator": {"kind": "sum", "of": "outputs", "output": "dossier"},
                      "denominator": {"kind": "statistic", "statistic": "dossiers", "fresh": "period"}}},
               [{"indicator": "q", "value": 20, "for": AT_P, "when": {"kind": "each_year", "years": [2024]}}])
        for unit, n in (("D1", 30), ("C3", 20), ("P", 10)):
            w.activity("a" + unit, unit, "2024-03-01", outputs=[{"kind": "dossier", "count": n}])
        w.statistic("dossiers", "D1", "2023-12-31", 50)
        self.assertIsNone(w.value("q", "P"))
        self.assertEqual(row(w, "P", "2024")["missing"], ["P"])
        w.statistic("dossiers", "D1", "2024-12-31", 100)
        self.assertEqual(w.value("q", "P"), (40, 100))
        self.assertEqual(row(w, "P", "2024")["missing"], ["D2"])
        w.statistic("dossiers", "P", "2024-12-31", 400)
        self.assertEqual((w.value("q", "P"), w.value("q", "D1"), w.value("q", "D2")), ((60, 400), (30, 100), None))
        w.statistic("dossiers", "P", "2024-12-31", None)
        self.assertEqual(w.value("q", "P"), (40, 100))

    def test_E28(self):
        w = World()
        people = {"kind": "distinct", "of": "people", "audiences": ["members"]}
        head = {"kind": "statistic", "statistic": "members"}
        w.plan({"y": {"kind": "ratio", "numerator": people, "denominator": head},
                "c": {"kind": "ratio", "numerator": people, "denominator": head, "window": "plan"}}, last="2025-12-31")
        w.statistic("members", "P", "2024-01-01", 4)
        w.activity("a1", "D1", "2024-03-01", people={"members": ["p1", "p2"]})
        w.activity("a2", "D2", "2024-03-02", people={"members": ["p2", "p3"]})
        w.activity("a3", "D2", "2025-03-02", people={"members": ["p1"]})
        self.assertEqual([w.value(i, "P", p) for i, p in (("y", "2024"), ("y", "2025"), ("c", "2025"))], [(3, 4), (1, 4), (3, 4)])

    def test_E29(self):
        w = World()
        w.plan({"s": {"kind": "survey"}})
        held = {"survey": {"day": "2024-05-01"}}
        w.report("r1", "D1", "2024", {"s": pair(18, 20, **held)})
        w.report("r2", "D2", "2024", {"s": pair(40, 80, **held)})
        w.report("r3", "C1", "2024", {"s": pair(1, 80, **held)})
        w.report("r4", "P", "2024", {"s": pair(1, 1)})
        self.assertEqual(w.value("s", "P"), (58, 100))
        w.report("r5", "P", "2024", {"s": pair(84, 120, **held)})
        self.assertEqual([w.value("s", u) for u in ("P", "D1", "D2", "C1", "C2")], [(84, 120), (18, 20), (40, 80), (1, 80), None])

    def test_E30(self):
        w = World()
        have = {"attribute": "software", "is": True}
        w.plan({"c": {"kind": "coverage", "units": {"level": "commune"}, "have": have},
                "x": {"kind": "coverage", "units": {"level": "commune", "where": {"not": {"attr.sector": "armed_forces"}}},
                      "have": have}},
               [{"indicator": "c", "value": 100, "for": AT_P, "when": DUE}])
        for unit, has in (("C1", True), ("C2", False)):
            w.event("unit.attributes_set", {"unit": unit, "effective": "2024-03-01", "attributes": {"software": has}})
        self.assertEqual((w.value("c", "P"), row(w, "P", "2024")["unknown"], w.value("c", "P", "2024-02")), ((1, 3), ["C3"], (0, 3)))
        w.event("unit.attributes_set", {"unit": "C3", "effective": "2024-01-01", "attributes": {"sector": "armed_forces"}})
        self.assertEqual(w.value("x", "P"), (1, 2))

    def test_E32(self):
        w = World()
        reach = lambda mode: {"kind": "coverage", "units": {"level": "district"}, "have": {"reached_by": {"type": "launch"}, "mode": mode}}
        w.plan({"u": reach("union"), "e": reach("each")})
        w.activity("a1", "P", "2024-03-01", type="launch", reached_units=["D1"])
        w.activity("a2", "P", "2024-03-02", type="launch", reached_units=["D1", "D2"])
        self.assertEqual([w.value(i, "P") for i in "ue"], [(2, 2), (1, 2)])

    def test_E33(self):
        w = World()
        w.plan({"t": {"kind": "coverage", "register": "team", "have": {"named_by": {"form": "in_person"}}},
                "g": {"kind": "gauge", "register": "team"}})
        for team, unit in (("t1", "C1"), ("t2", "C1"), ("t3", "C3")):
            w.entity("team", team, unit)
        w.activity("a1", "P", "2024-03-01", outputs=[{"kind": "team", "id": "t1"}, {"kind": "team", "id": "t9"}])
        w.activity("a2", "P", "2024-03-01", form="hybrid", outputs=[{"kind": "team", "id": "t3"}])
        self.assertEqual([w.value("t", u) for u in ("P", "D1", "C2")], [(1, 3), (1, 2), (0, 0)])
        w.entity("team", "t2", "C2", kind="updated", effective="2024-06-01")
        w.entity("team", "t3", "C3", kind="removed", effective="2024-07-01")
        self.assertEqual([w.value("t", u) for u in ("P", "C1", "C2")], [(1, 2), (1, 1), (0, 1)])
        self.assertEqual([w.value("g", "P", p) for p in ("2024-06", "2024-07")], [3, 2])

    def test_E34(self):
        w = World()
        kept = {"kind": "kept", "of": {"kind": "state", "attribute": "app", "is": True}}
        w.plan({"k": kept, "g": {"kind": "kept", "of": {"kind": "gauge", "register": "team"}, "since": 4}},
               [{"indicator": "k", "value": 1, "for": AT_P, "when": {"kind": "throughout", "last": "2024-12-31"}},
                {"indicator": "g", "comparator": "=", "or_more": True, "value": 4, "for": {**AT_P, "of": "subtree"}, "when": DUE}])
        for day, has in (("2023-01-01", True), ("2024-07-05", False), ("2024-07-12", True)):
            w.event("unit.attributes_set", {"unit": "P", "effective": day, "attributes": {"app": has}})
        for team, first, last in (("t1", "2024-01-10", None), ("t2", "2024-01-10", None), ("t3", "2024-05-01", None),
                                  ("t4", "2024-05-01", "2024-10-01")):
            w.entity("team", team, "C1", effective=first)
            if last:
                w.entity("team", team, "C1", kind="removed", effective=last)
        get = lambda n, *names: [[row(w, "P", p, n)[k] for k in names] for p in ("2024-H1", "2024-Q3", "2024")]
        self.assertEqual(get(0, "value", "status", "worst_day"), [[1, "on_track", "2024-01-01"], [0, "not_met", "2024-07-05"],
                                                                  [0, "not_met", "2024-07-05"]])
        self.assertEqual(get(1, "value", "status"), [[4, "on_track"], [4, "on_track"], [3, "not_met"]])
        self.assertEqual([row(w, "P", "2024-Q1", 1)[k] for k in ("value", "status")], [2, "not_yet_due"])

    def test_E35(self):
        w = World()
        w.plan({"r": {"kind": "rank", "statistic": "rank"}},
               [{"indicator": "r", "comparator": "<=", "value": 15, "for": AT_P, "when": DUE}], first="2023-01-01")
        w.statistic("rank", "P", "2023-12-31", 20)
        w.statistic("rank", "P", "2024-12-31", 12)
        self.assertEqual([[row(w, "P", p)[k] for k in ("value", "status")] for p in ("2023", "2024")], [[20, "behind"], [12, "met"]])
        self.assertIsNone(w.value("r", "D1"))

    def test_E36(self):
        w = World()
        w.plan({"m": {"kind": "money", "line": "9"}}, [{"indicator": "m", "comparator": "=", "value": 240, "for": {**AT_P, "of": "subtree"},
                                                        "when": {"kind": "each_year", "years": [2024]}}],
               budget=[{"line": "9", "name": {"vi": "x"}, "level": "district", "years": {"2024": 240}, "total": 240}])
        money = lambda kind, unit, amount, **more: w.event("money." + kind, {"plan": "p", "line": "9", "unit": unit, "year": 2024,
                                                                             "amount": amount, **more})
        money("spent", "D1", 60, entry="e1")
        self.assertEqual([row(w, "P", "2024")[k] for k in ("value", "status", "spent", "planned")], [None, "no_data", 60, 240])
        for unit, amount in (("D1", 100), ("D2", 150), ("D2", 140)):
            money("allocated", unit, amount)
        money("spent", "D2", 200)
        money("spent", "D2", -15)
        get = lambda *names: [row(w, "P", "2024")[k] for k in names]
        self.assertEqual(get("value", "spent", "status"), [240, 245, "not_met"])
        money("corrected", "D1", 55, entry="e1", reason="x")
        self.assertEqual(get("value", "spent", "status"), [240, 240, "met"])

    def test_E38(self):
        w = World()
        when = lambda day: {"kind": "by", "day": day}
        w.plan({"f": R}, [{"indicator": "f", "value": 80, "for": AT_P, "when": when("2025-12-31")},
                          {"indicator": "f", "value": 90, "for": AT_P, "when": when("2030-12-31")}],
               first="2024-07-01", last="2030-12-31")
        w.report("r1", "P", "2025", {"f": pair(85, 100, as_at="2025-12-01")})
        w.report("r2", "P", "2027", {"f": pair(70, 100, as_at="2027-06-01")})
        rows = w.view(now=10 ** 13).progress("p", "P", "2027")
        self.assertEqual([(r["value"], r["status"]) for r in rows], [(85, "met"), (70, "on_track")])

    def test_least(self):
        w = World()
        w.plan({"s": {"kind": "survey"}, "r": R,
                "l": {"kind": "least", "of": [{"indicator": "s", "kind": "survey"}, {"indicator": "r", **R}]}})
        w.report("r1", "P", "2024", {"r": pair(60, 100)})
        self.assertIsNone(w.value("l", "P"))
        w.report("r2", "P", "2024", {"s": pair(1, 2, survey={"day": "2024-02-02"})})
        self.assertEqual(w.value("l", "P"), (1, 2))
        w.report("r2", "P", "2024", {"s": pair(2, 2, survey={"day": "2024-02-02"})})
        self.assertEqual(w.value("l", "P"), (60, 100))

    def test_gauges_and_units(self):
        w = World()
        w.plan({"o": {"kind": "gauge", "of": "reported"}, "s": {"kind": "gauge", "of": "reported", "covers": "subtree"},
                "u": {**R, "units": {"level": "commune", "where": {"not": {"attr.k": "x"}}}},
                "f": {**R, "fresh": "period"}})
        for unit, n in (("P", 100), ("D1", 20), ("C1", 5), ("C3", 3)):
            w.report("r" + unit, unit, "2024-Q1", {"o": n, "s": n, "u": pair(n, 10), "f": pair(n, 10)})
        self.assertEqual([w.value("o", u) for u in ("P", "D1", "D2", "C2")], [128, 25, 3, None])
        self.assertEqual([w.value("s", u) for u in ("P", "D1", "D2")], [100, 20, 3])
        self.assertEqual(w.value("u", "P"), (8, 20))
        w.event("unit.attributes_set", {"unit": "C3", "effective": "2024-01-01", "attributes": {"k": "x"}})
        self.assertEqual(w.value("u", "P"), (5, 10))
        self.assertEqual([w.value("f", "P", p) for p in ("2024-H1", "2024-Q2")], [(128, 40), None])
        w.report("rP", "P", "2024-Q1", {"s": {"value": 7, "scope": "own"}})         # unusable: speaks for itself only
        self.assertEqual(w.value("s", "P"), 23)


if __name__ == "__main__":
    unittest.main()

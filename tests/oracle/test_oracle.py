"""The worked examples of semantics.md section 12 that the oracle reaches, and its own cases.
Run: python3 -m unittest discover -s tests/oracle"""
import os
import random
import sys
import unittest
from decimal import Decimal
from fractions import Fraction

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import figures  # noqa: E402
import periods  # noqa: E402
from knowledge import NotFound  # noqa: E402
from oracle import Oracle  # noqa: E402
from world import LATER, World, at  # noqa: E402

N = {"kind": "count"}
V = {"kind": "sum", "of": "participants", "audiences": ["members", "youth"]}
F = {"kind": "sum", "of": "reported"}
YEAR = {"kind": "each_year", "years": [2024]}


class Identity(unittest.TestCase):
    def test_E1(self):
        w = World()
        w.plan({"v": V})
        w.activity("a1", "D1", "2024-03-10", 700, id="x")
        w.put(w.lines[-1]["value"])
        w.activity("a1", "D1", "2024-03-10", 800, id="x")
        o = Oracle(w.lines)
        self.assertEqual([o.verdict("intake", n)["verdict"] for n in (7, 8, 9)], ["accepted", "duplicate", "duplicate"])
        self.assertEqual([o.verdict("intake", n)["conflict"] for n in (7, 8, 9)], [False, False, True])
        self.assertEqual(w.value("v", "D1"), 700)
        self.assertEqual(o.verdicts()["intake"], {"received": 10, "accepted": 8, "duplicate": 2, "rejected": 0,
                                                  "conflicts": 1, "codes": {}})

    def test_E2(self):
        w = World()
        w.plan({"v": V})
        before = w.activity("a1", "D1", "2024-03-10", 60, kind="corrected")
        w.activity("a1", "D1", "2024-04-01", 70)
        self.assertEqual(w.value("v", "D1", as_of=before), 0)
        self.assertEqual(w.value("v", "D1"), 60)
        w.cancel("a2")
        w.activity("a2", "D1", "2024-04-02", 40)
        self.assertEqual(w.value("v", "D1"), 60)
        w.activity("a2", "D1", "2024-04-02", 41, kind="corrected")      # revives
        self.assertEqual(w.value("v", "D1"), 101)

    def test_E3(self):
        w = World()
        w.plan({"f": F, "g": F})
        w.report("r1", "D1", "2024", {"f": 10, "g": 4})
        w.report("r2", "D1", "2024", {"f": 12})
        self.assertEqual((w.value("f", "D1"), w.value("g", "D1")), (12, 4))
        w.judge_report("r2", "withdrawn")
        self.assertEqual(w.value("f", "D1"), 10)
        w.report("r1", "D1", "2024", {"g": 5}, kind="corrected")
        self.assertEqual((w.value("f", "D1"), w.value("g", "D1")), (10, 5))

    def test_E4(self):
        w = World()
        w.plan({"v": V})
        a = w.activity("a1", "D1", "2024-03-10", 30, id="x", stream="t:0:0", position=5, when="2024-04-01T10:00:00+07:00")
        b = w.activity("a1", "D1", "2024-03-10", 31, id="x", stream="t:1:0", position=2, when="2024-04-01T09:59:00+07:00")
        self.assertEqual([w.value("v", "P", as_of=x) for x in (None, a, b)], [31, 31, 31])
        self.assertEqual([v["accepted"] for v in Oracle(w.lines).verdicts().values()], [7, 1, 1])

    def test_E5_states(self):
        w = World()
        w.plan({"f": F}, obligations=[{"id": "o", "from": {"level": "district"}, "requires": ["f"],
                                       "instances": [{"period": "2024", "due": {"by": "2025-01-10"}}]}])
        w.report("r1", "D1", "2024", {"f": 40})
        w.judge_report("r1", "approved")
        self.assertEqual(w.view().reports("p", "D1")["rows"][0]["report_state"], "approved")
        w.report("r1", "D1", "2024", {"f": 45}, kind="corrected")
        self.assertEqual(w.view().reports("p", "D1")["rows"][0]["report_state"], "reopened")
        w.judge_report("r1", "returned")
        row = w.view().reports("p", "D1")["rows"][0]
        self.assertEqual((row["state"], row["complete"]), ("returned", False))
        self.assertIsNone(w.value("f", "D1"))
        w.report("r1", "D1", "2024", {"f": 46}, kind="corrected")
        self.assertEqual(w.value("f", "D1"), 46)

    def test_E6(self):
        w = World()
        w.plan({"v": V}, when="2024-01-01")
        w.put("{", position=9)
        w.activity("a1", "D1", "2024-03-10", 100)
        w.activity("a1", "D1", "2024-03-10", 70, kind="corrected")
        w.cancel("a1")
        w.activity("a1", "D1", "2024-03-10", 90, kind="corrected", when="2024-04-01")
        self.assertEqual([w.value("v", "D1", as_of="intake@%d" % n) for n in (9, 13)], [0, 90])
        self.assertEqual([w.view("intake@%d" % n, LATER).rollup("p", "v", "D1", "2024")["value"]
                          for n in (10, 11, 12)], [0, 0, 0])        # recorded in January, held on 10 March
        w = World(first="2024-05-01")
        w.plan({"v": V}, when="2024-05-02")
        w.put("{", position=9)
        w.activity("a1", "D1", "2024-03-10", 100)
        w.activity("a1", "D1", "2024-03-10", 70, kind="corrected")
        w.cancel("a1")
        w.activity("a1", "D1", "2024-03-10", 90, kind="corrected")
        self.assertEqual([w.value("v", "D1", as_of="intake@%d" % n) for n in range(9, 14)], [0, 100, 70, 0, 90])

    def test_E7(self):
        w = World()
        w.plan({"v": V})
        w.activity("a1", "U9", "2024-02-10", 40, when="2024-03-01")
        w.unit("U9", "district", "P", when="2024-03-05")
        self.assertEqual(w.value("v", "P", as_of="2024-03-03"), 0)
        self.assertEqual(w.value("v", "P", as_of="2024-03-05"), 40)


class Time(unittest.TestCase):
    def test_E10(self):
        w = World()
        w.plan({"n": N}, first="2022-01-01", last="2022-12-31",
               periods=[{"id": "dxday", "first": "2022-10-01", "last": "2022-10-10"}])
        w.activity("a1", "D1", "2022-10-03", starts="2022-09-28")
        self.assertEqual([w.value("n", "P", p) for p in ("2022-10", "dxday", "2022-09")], [1, 1, 0])
        w.activity("a2", "D1", "2022-10-10T16:59:59Z")
        w.activity("a3", "D1", "2022-10-10T17:00:00Z")
        self.assertEqual([w.value("n", "P", p) for p in ("dxday", "2022-10-11", "..2022-10-10")], [2, 1, 2])

    def test_E11(self):
        w = World()
        w.plan({"n": N})
        w.activity("a1", "D1", "2024-12-14")
        w.activity("a2", "D1", "2024-12-15")
        self.assertEqual([w.value("n", "P", p) for p in ("2024", "2024s", "2025s", "2024-12", "2025s-01", "2024s-12")],
                         [2, 1, 1, 2, 1, 1])

    def test_periods(self):
        show = lambda p: tuple(map(periods.date_text, periods.fixed_days(p)))
        self.assertEqual(show("2024-02"), ("2024-02-01", "2024-02-29"))
        self.assertEqual(show("2024-9M"), ("2024-01-01", "2024-09-30"))
        self.assertEqual(show("2024s-9M"), ("2023-12-15", "2024-09-14"))
        self.assertEqual(show("2024s-H2"), ("2024-06-15", "2024-12-14"))
        self.assertEqual(show("2024s-Q4"), ("2024-09-15", "2024-12-14"))
        self.assertEqual(show("2024s-03"), ("2024-02-15", "2024-03-14"))
        for bad in ("2024-13", "2024-Q5", "2024-H3", "1899", "24", "2024-02-30", "2024-02-02..2024-02-01", "X", ""):
            self.assertFalse(periods.is_period(bad), bad)

    def test_future_facts(self):
        w = World()
        w.plan({"n": N})
        w.activity("a1", "D1", "2024-03-10")
        for day, n in (("2024-03-09T16:59:59Z", 0), ("2024-03-09T17:00:00Z", 1)):
            self.assertEqual(w.view(None, at(day)).rollup("p", "n", "P", "2024")["value"], n)


class Trees(unittest.TestCase):
    def world(self):
        w = World()
        w.plan({"v": V, "n": N, "c": {"kind": "coverage", "units": {"level": "commune"},
                                      "have": {"indicator": "n", "of": "own", "comparator": ">=", "value": 1}}})
        w.activity("a1", "C2", "2024-02-02", 6)
        w.activity("a2", "C2", "2024-09-09", 8)
        w.event("unit.moved", {"unit": "C2", "parent": "D2", "effective": "2024-05-01"})
        return w

    def test_E21(self):
        w = self.world()
        get = lambda tree: [w.value("v", d, tree=tree) for d in ("D1", "D2", "P")]
        self.assertEqual(get("as_reported"), [6, 8, 14])
        self.assertEqual(get("current"), [0, 14, 14])
        self.assertEqual(get("2024-04-30"), [14, 0, 14])
        self.assertEqual([w.value("c", d) for d in ("D1", "D2")], [(0, 1), (1, 2)])
        a = w.view().rollup("p", "c", "P", "2024")
        self.assertEqual((a["value"], a["contributors"]), (Decimal("33.33"), 4))

    def test_loop_and_unknown(self):
        w = World()
        w.plan({"n": N})
        w.event("unit.moved", {"unit": "D1", "parent": "D2", "effective": "2024-05-01"})
        w.event("unit.moved", {"unit": "D2", "parent": "C1", "effective": "2024-06-01"})
        w.activity("a1", "C1", "2024-07-01")
        self.assertEqual([w.value("n", u) for u in ("P", "D1", "D2", "C1")], [1, 1, 1, 1])
        with self.assertRaisesRegex(NotFound, "unit_unknown"):
            w.value("n", "X")
        with self.assertRaisesRegex(NotFound, "unit_not_in_tree"):
            w.value("n", "P", tree="2019-12-31")

    def test_begins_later(self):
        w = World()
        w.plan({"n": N})
        w.unit("C4", "commune", "D2", "2024-06-01")
        w.activity("a1", "C4", "2024-03-01")
        self.assertEqual([w.value("n", u, of="own") for u in ("C4", "D2")], [1, 0])
        self.assertEqual(w.value("n", "D2"), 1)
        self.assertEqual(w.value("n", "D2", tree="2024-05-31"), 1)
        self.assertEqual(w.value("n", "D2", tree="2024-05-31", of="own"), 0)


class Formulas(unittest.TestCase):
    def test_E22(self):
        w = World()
        online = {"form": "online"}
        w.plan({"on": {"kind": "count", "where": online}, "s": {"kind": "share", "where": online, "among": {}},
                "h": {"kind": "share", "where": {"form": ["online", "hybrid"]}, "among": {}},
                "x": {"kind": "count", "where": {"not": {"topics": "x"}}}})
        for n, form in enumerate(["online"] * 3 + ["hybrid"] * 2 + ["in_person"] * 5):
            w.activity("a%d" % n, "D1", "2024-03-10", form=form)
        self.assertEqual([w.value(i, "P") for i in ("on", "s", "h", "x")], [3, (3, 10), (5, 10), 10])
        self.assertEqual(w.view().rollup("p", "s", "P", "2024")["value"], 30)

    def test_E23(self):
        w = World()
        w.plan({"n": N, "v": V, "all": {"kind": "count", "credit": "all"}})
        w.activity("a1", "D1", "2024-03-10", 60, co_units=["D2", "unknown", "D1"])
        self.assertEqual([w.value("n", u) for u in ("D1", "D2", "P")], [1, 0, 1])
        self.assertEqual([w.value("v", u) for u in ("D1", "D2", "P")], [60, 0, 60])
        self.assertEqual([w.value("all", u) for u in ("D1", "D2", "P")], [1, 1, 1])
        self.assertEqual([w.value("all", u, of="own") for u in ("D1", "D2", "P")], [1, 1, 0])

    def test_E26(self):
        self.assertEqual(figures.show_percent(Fraction(24999 * 100, 25000)), Decimal("99.99"))
        self.assertEqual(figures.show_percent(Fraction(200, 3)), Decimal("66.67"))
        self.assertEqual(figures.show_percent(Fraction(1, 1000)), Decimal("0.01"))
        self.assertEqual(figures.show_percent(Fraction(89996, 1000), ">=", 90), Decimal("89.99"))
        self.assertEqual(figures.show_percent(Fraction(90004, 1000), "<=", 90), Decimal("90.01"))
        self.assertEqual(figures.show_percent(Fraction(50)), 50)
        self.assertEqual(figures.show_exact(Fraction(5, 2)), Decimal("2.5"))
        self.assertEqual(figures.show_exact(10 ** 15), "1000000000000000")
        self.assertEqual(figures.dumps(figures.show_exact(Fraction(1, 10 ** 12))), "0.000000000001")

    def test_E31(self):
        w = World()
        w.plan({"n": N, "c": {"kind": "coverage", "units": {"level": "district"},
                              "have": {"indicator": "n", "of": "own", "comparator": ">=", "value": 2}}},
               [{"indicator": "c", "value": 100, "for": {"scope": "rollup", "level": "province"}, "when": YEAR},
                {"indicator": "n", "value": 2, "for": {"scope": "each", "level": "district"}, "when": YEAR},
                {"indicator": "n", "value": 50, "for": {"scope": "share", "level": "district"},
                 "inner": {"comparator": ">=", "value": 2}, "when": YEAR}])
        for n in range(6):
            w.activity("a%d" % n, "D1" if n < 5 else "D2", "2024-03-10")
        c, each, share = w.view().progress("p", "P", "2024")
        self.assertEqual([c[k] for k in ("value", "numerator", "denominator", "status", "contributors")],
                         [50, 1, 2, "not_met", 3])
        self.assertEqual([each[k] for k in ("value", "numerator", "denominator", "status", "met")],
                         [None, 1, 2, "not_met", False])
        self.assertEqual([share[k] for k in ("value", "numerator", "denominator", "status")], [50, 1, 2, "met"])
        rows = w.view().progress("p", "C1", "2024")
        self.assertEqual([r["status"] for r in rows], ["not_applicable"] * 3)
        self.assertIsNone(rows[1]["value"])
        rows = w.view().progress("p", "D1", "2024")
        self.assertEqual((rows[1]["value"], rows[1]["status"], rows[1]["contributors"]), (5, "met", 5))
        early = w.view("2024-02-01").progress("p", "P", "2024")
        self.assertEqual([r["status"] for r in early], ["no_data"] * 0 + ["behind", "behind", "behind"])

    def test_E32(self):
        w = World()
        cover = lambda mode: {"kind": "coverage", "units": {"level": "district"},
                              "have": {"reached_by": {"type": "launch"}, "mode": mode}}
        w.plan({"u": cover("union"), "e": cover("each")})
        self.assertEqual([w.value(i, "P") for i in "ue"], [(0, 2), (0, 2)])
        w.activity("a1", "P", "2024-03-10", type="launch", reached_units=["D1"])
        w.activity("a2", "P", "2024-03-11", type="launch", reached_units=["D1", "D2"])
        w.activity("a3", "D1", "2024-03-11", type="launch", reached_units=[])
        self.assertEqual([w.value(i, "P") for i in "ue"], [(2, 2), (1, 2)])

    def test_reported_flows(self):
        w = World()
        w.plan({"f": F})
        w.report("q1", "D1", "2024-Q1", {"f": 5}, when="2024-04-02")
        w.report("q2", "D1", "2024-Q2", {"f": 6}, when="2024-07-02")
        w.report("m4", "D1", "2024-04", {"f": 1}, when="2024-07-03")
        self.assertEqual([w.value("f", "P", p) for p in ("2024", "2024-Q1", "2024-H1", "2024-04")], [11, 5, 11, 1])
        w.report("h1", "D1", "2024-H1", {"f": 100}, when="2024-08-01")
        self.assertEqual([w.value("f", "P", p) for p in ("2024", "2024-H1", "2024-Q1")], [100, 100, 5])
        w.report("h1", "D1", "2024-H1", {"f": None}, kind="corrected")
        self.assertEqual(w.value("f", "P"), 11)
        w.report("q1", "D1", "2024-Q1", {"f": "5.0"})
        self.assertEqual(w.value("f", "P"), 6)                      # figure_unusable


class ByHand(unittest.TestCase):
    """The indexes (groups, segments, sums) against one pass over everything, day by day."""

    def test_random_histories(self):
        for seed in range(6):
            r = random.Random(seed)
            w = World(first="2023-12-01")
            w.plan({"n": N, "v": V, "all": {"kind": "count", "credit": "all", "where": {"form": "online"}},
                    "l": {"kind": "count", "where": {"unit.parent_level": "district"}}})
            w.unit("C4", "commune", "D2", "2024-04-01")
            units, parents = ["P", "D1", "D2", "C1", "C2", "C3", "C4"], {}
            day = lambda: "2024-%02d-%02d" % (r.randrange(1, 13), r.randrange(1, 29))
            for u, p, first in (("P", None, 1), ("D1", "P", 1), ("D2", "P", 1), ("C1", "D1", 1), ("C2", "D1", 1),
                                ("C3", "D2", 1), ("C4", "D2", periods.day_of("2024-04-01"))):
                parents[u] = [(first, 0, p)]
            held = {}
            for n in range(120):
                what = r.random()
                if what < .12:
                    u, p, d = r.choice(units[3:]), r.choice(["D1", "D2", "P"]), day()
                    w.event("unit.moved", {"unit": u, "parent": p, "effective": d})
                    parents[u].append((periods.day_of(d), n + 1, p))
                elif what < .2 and held:
                    a = r.choice(sorted(held))
                    w.cancel(a)
                    held[a] = None
                else:
                    a, u, d, v = "a%d" % r.randrange(60), r.choice(units), day(), r.randrange(4)
                    form, co = r.choice(["online", "hybrid"]), r.sample(units, r.randrange(3))
                    w.activity(a, u, d, v, form=form, co_units=co)
                    held[a] = (u, periods.day_of(d), v, form, co)

            def parent(u, d):
                return max((e for e in parents[u] if e[0] <= max(d, parents[u][0][0])), key=lambda e: e[:2])[2]

            def under(u, asked, of, d):
                while of == "subtree" and u is not None and u != asked:
                    u = parent(u, d)
                return u == asked
            view = w.view()
            level = {"P": "province", "D": "district", "C": "commune"}
            for asked in units:
                for of in ("own", "subtree"):
                    for period in ("2024", "2024-Q2", "2024s-06"):
                        a, b = periods.fixed_days(period)
                        for tree in ("as_reported", "2024-07-01", "2024-12-31"):
                            want = dict.fromkeys(["n", "v", "all", "l"], 0)
                            for said in held.values():
                                if said is None or not a <= said[1] <= b:
                                    continue
                                u, d, v, form, co = said
                                t = d if tree == "as_reported" else periods.day_of(tree)
                                mine = under(u, asked, of, t)
                                want["n"] += mine
                                want["v"] += v * mine
                                want["l"] += mine and level.get((parent(u, d) or "-")[0]) == "district"
                                want["all"] += form == "online" and any(under(o, asked, of, t) for o in [u] + co)
                            got = {i: view.rollup("p", i, asked, period, of, tree)["value"] for i in want}
                            self.assertEqual(got, want, (seed, asked, of, period, tree))


class TargetsAndObligations(unittest.TestCase):
    def test_E37(self):
        w = World()
        w.plan({"v": V}, [{"indicator": "v", "value": 9000, "for": {"scope": "unit", "level": "province", "of": "subtree"},
                           "when": {"kind": "each_year", "years": [2025]}}], first="2025-01-01", last="2025-12-31")
        w.activity("a1", "D1", "2025-06-30", 4500)
        self.assertEqual([w.view().progress("p", "P", p)[0]["status"] for p in ("2025-06", "2025-07", "2025", "2024")],
                         ["on_track", "behind", "not_met", "not_applicable"])

    def test_E39(self):
        w = World()
        w.plan({"m": {"kind": "milestone", "where": {"type": "document"}}},
               [{"indicator": "m", "for": {"scope": "unit", "level": "province"},
                 "when": {"kind": "before", "day": "2022-05-15"}}], first="2022-01-01", last="2022-12-31")
        get = lambda p: [w.view().progress("p", "P", p)[0][k] for k in ("value", "status", "met", "contributors")]
        self.assertEqual(get("2022-04"), [0, "not_yet_due", None, 0])
        self.assertEqual(get("2022"), [0, "not_met", False, 0])
        w.activity("a1", "P", "2022-05-15", type="document")
        self.assertEqual(get("2022"), [1, "late", False, 1])
        self.assertEqual(get("2022-05-14"), [0, "not_met", False, 0])
        w.activity("a2", "P", "2022-05-14", type="document")
        self.assertEqual(get("2022"), [1, "met", True, 1])

    def test_E40(self):
        w = World()
        w.unit("D3", "district", "P")
        w.unit("D5", "district", "P", "2024-09-05")
        w.plan({"f": F, "m": {"kind": "milestone", "obligation": "o"}},
               [{"indicator": "m", "for": {"scope": "each", "level": "district"},
                 "when": {"kind": "before", "day": "2024-09-01"}}],
               obligations=[{"id": "o", "from": {"level": ["district"]}, "requires": ["f"],
                             "instances": [{"period": "2024-9M", "due": {"before": "2024-09-01"}}]}])
        w.report("r1", "D1", "2024-9M", {"f": 0}, when="2024-09-02", time="2024-08-31T23:59:59+07:00")
        w.report("r2", "D2", "2024-9M", {"f": None}, when="2024-09-02", time="2024-09-01T00:00:00+07:00")
        w.report("r5", "D5", "2024-9M", {"f": 1}, when="2024-09-06")
        a = w.view().reports("p", "P", "o", "2024-9M")
        self.assertEqual(a["counts"], {"owed": 3, "on_time": 1, "late": 1, "returned": 0, "missing": 1,
                                       "not_yet_due": 0, "complete": 1})
        self.assertEqual([r["unit"] for r in a["extra"]], ["D5"])
        self.assertEqual([(r["unit"], r["state"], r["complete"]) for r in a["rows"]],
                         [("D1", "on_time", True), ("D2", "late", False), ("D3", "missing", False)])
        self.assertEqual(a["rows"][0]["first_at"], "2024-08-31T16:59:59.000Z")
        early = w.view("2024-08-31").reports("p", "P", "o", "2024-9M")["counts"]
        self.assertEqual((early["owed"], early["not_yet_due"]), (3, 3))
        self.assertEqual([w.view().progress("p", u, "2024")[0]["status"] for u in ("P", "D1", "D2", "D3", "D5", "C1")],
                         ["not_met", "met", "late", "not_met", "not_applicable", "not_applicable"])

    def test_rejudged(self):
        w = World()
        w.plan({"n": {"kind": "count"}})
        refused = w.event("activity.recorded", {"activity": "a1", "unit": "D1", "type": "t", "form": "online", "starts": "2024-03-10",
                                                "ends": "2024-03-10"}, id="x", stream="t:0:0", when="2024-03-11", refused="type_unknown")
        rejudge = lambda position, when: w.event("control.rejudged", {"stream": "t:0:0", "position": position, "reason": "r"},
                                                 stream="control", source="urn:tiendo:control", when=when)
        self.assertEqual(w.value("n", "P"), 0)
        rejudge(7, "2024-03-12")                                # names nothing
        self.assertEqual(w.value("n", "P"), 0)
        rejudge(0, "2024-04-01")
        self.assertEqual(w.value("n", "P"), 1)
        self.assertEqual([w.value("n", "P", as_of=as_of) for as_of in ("2024-03-31", refused, "control@0", "control@1")], [0, 0, 0, 1])
        self.assertEqual(Oracle(w.lines).verdict("t:0:0", 0)["verdict"], "rejected")
        rejudge(0, "2024-04-02")                                # the same identity again is void
        w.event("activity.recorded", {"activity": "a2", "unit": "D1", "type": "t", "form": "online", "starts": "2024-03-10",
                                      "ends": "2024-03-10"}, id="x", stream="t:1:0", when="2024-05-01")
        self.assertEqual(w.value("n", "P"), 1)

    def test_hold_and_throughout(self):
        w = World()
        cover = {"kind": "coverage", "units": {"level": "district"},
                 "have": {"indicator": "n", "of": "own", "comparator": ">=", "value": 1}}
        for_p = {"scope": "rollup", "level": "province"}
        w.plan({"n": N, "c": cover},
               [{"indicator": "c", "value": 100, "for": for_p, "when": {"kind": "by", "day": "2024-06-30"}, "then": "hold"},
                {"indicator": "c", "value": 50, "for": for_p,
                 "when": {"kind": "throughout", "first": "2024-03-10", "last": "2024-12-31"}}])
        w.activity("a1", "D1", "2024-03-10")
        w.activity("a2", "D2", "2024-06-01")
        get = lambda p, n: [w.view().progress("p", "P", p)[n][k] for k in ("value", "status")]
        self.assertEqual([get(p, 0) for p in ("2024-Q1", "2024-H1", "2024-09", "2024")],
                         [[50, "on_track"], [100, "met"], [100, "on_track"], [100, "met"]])
        self.assertEqual([get(p, 1) for p in ("2024-02", "2024-Q1", "2024")],
                         [[0, "not_yet_due"], [50, "on_track"], [50, "met"]])
        w.unit("D3", "district", "P", "2024-08-01")
        self.assertEqual(get("2024", 0), [Decimal("66.67"), "not_met"])


if __name__ == "__main__":
    unittest.main()

"""The worked examples E42 and E43 of semantics.md section 12, and the causes of section 9.
Run: python3 -m unittest discover -s tests/oracle"""
import os
import sys
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from changes import MomentsReversed  # noqa: E402
from oracle import Oracle  # noqa: E402
from world import LATER, World  # noqa: E402

V = {"kind": "sum", "of": "participants"}
C = {"kind": "coverage", "units": {"level": "district"}, "have": {"attribute": "app", "is": True}}


def changes(w, indicator, unit="P", period="2024", first=None, last=None, **more):
    return Oracle(w.lines).replay(first, last, LATER).changes("p", indicator, unit, period, **more)


def parts(answer, *names):
    return [[p[n] for n in ("cause", "difference") + names] for p in answer["parts"]]


class Changes(unittest.TestCase):
    def test_E42(self):
        w = World()
        w.plan({"v": V})
        w.activity("a1", "D1", "2024-03-10", 100)
        then = w.activity("a2", "D1", "2024-03-10", 50)
        w.activity("a1", "D1", "2024-03-10", 130, kind="corrected", when="2024-06-01")
        w.cancel("a2", duplicate_of="a1")
        w.activity("a3", "D2", "2024-05-05", 20)
        found = changes(w, "v", first="2024-05-31")
        self.assertEqual((found["before"], found["after"], found["difference"]), (150, 150, 0))
        self.assertEqual(parts(found), [["correction", 30], ["duplicate", -50], ["late_report", 20]])
        self.assertEqual([len(p["records"]) for p in found["parts"]], [1, 1, 1])
        self.assertEqual(parts(changes(w, "v", first=then))[-1], ["new_report", 20])    # its day was to come then

    def test_E43(self):
        w = World()
        w.unit("D3", "district", "P")
        w.plan({"c": C})
        flag = lambda unit: w.event("unit.attributes_set", {"unit": unit, "effective": "2024-01-01", "attributes": {"app": True}})
        then = flag("D1")
        flag("D3")
        w.unit("D4", "district", "P", attributes={})
        found = changes(w, "c", first=then)
        self.assertEqual([found[k] for k in ("before", "after", "difference", "numerator", "denominator")],
                         [Decimal("33.33"), 50, Decimal("16.67"), 1, 1])
        self.assertEqual(parts(found, "numerator", "denominator"),
                         [["late_report", Decimal("33.34"), 1, 0], ["registration", Decimal("-16.67"), 0, 1]])

    def test_time_passes_without_a_record(self):
        w = World()
        w.plan({"v": V})
        then = w.activity("a1", "D1", "2024-10-10", 7, when="2024-05-01")
        found = changes(w, "v", first=then)
        self.assertEqual((parts(found), found["parts"][0]["records"]), ([["time_passed", 7]], []))

    def test_definitions_grants_and_trees(self):
        w = World()
        w.plan({"v": V}, [{"indicator": "v", "value": 9, "for": {"scope": "rollup", "level": "province"},
                           "when": {"kind": "by", "day": "2024-12-31"}}])
        then = w.activity("a1", "C3", "2024-01-10", 7, when="2024-05-01", organisation="doan")
        w.event("source.granted", {"source": "src", "units": ["D1"]})
        w.activity("a2", "C3", "2024-02-10", 3)
        w.event("source.granted", {"source": "src", "units": ["P"]})
        w.merge("C1", "C3", effective="2024-02-01")
        w.plan({"v": {**V, "where": {"organisation": "doan"}}}, [
            {"indicator": "v", "value": 20, "for": {"scope": "rollup", "level": "province"}, "when": {"kind": "by", "day": "2024-12-31"}}],
            version=2)
        found = changes(w, "v", "D2", first=then)
        self.assertEqual(parts(found), [["grant", 3], ["reorganisation", -3]])
        found = changes(w, "v", "P", first=then)
        self.assertEqual(parts(found), [["grant", 3], ["definition", -3]])
        self.assertEqual(found["targets"], [{"target_id": "T1", "before": 9, "after": 20, "difference": 0}])

    def test_no_data_at_an_end_splits_only_the_counts(self):
        w = World()
        w.plan({"f": {"kind": "ratio", "of": "reported"}})
        then = w.unit("X", "district", "P")
        w.report("r", "D1", "2024", {"f": {"numerator": 1, "denominator": 4}})
        w.report("r", "D1", "2024", {"f": {"numerator": 2, "denominator": 4}}, kind="corrected")
        found = changes(w, "f", first=then)
        self.assertEqual([found[k] for k in ("before", "after", "difference", "numerator", "denominator")], [None, 50, None, 2, 4])
        self.assertEqual(parts(found, "numerator", "denominator"), [["late_report", None, 1, 4], ["correction", None, 1, 0]])

    def test_moments_must_not_be_reversed(self):
        w = World()
        w.plan({"v": V})
        with self.assertRaises(MomentsReversed):
            changes(w, "v", first="2024-05-05", last="2024-05-04")


class Editions(unittest.TestCase):
    def test_E44(self):
        w = World()
        w.plan({"v": V}, [{"indicator": "v", "value": 100, "for": {"scope": "each", "level": "district", "of": "own"},
                           "when": {"kind": "each_year", "years": [2024]}}])
        w.activity("a1", "D1", "2024-03-10", 90)
        w.event("publication.closed", {"publication": "b", "plan": "p", "period": "2024", "unit": "P", "reason": "year"}, when="2025-02-01")
        w.activity("a2", "D1", "2024-03-10", 20)
        w.event("publication.amended", {"publication": "b", "reason": "late", "decision": "1/QD"})
        w.activity("a2", "D1", "2024-03-10", 25, kind="corrected")
        w.event("publication.closed", {"publication": "b", "plan": "p", "period": "2024", "unit": "P", "reason": "again"})     # void
        first, second = Oracle(w.lines).editions("b", LATER)
        of = lambda edition: next(f for f in edition["figures"] if f["unit"] == "D1")
        self.assertEqual([(of(e)["value"], of(e)["status"]) for e in (first, second)], [(90, "not_met"), (110, "met")])
        changed = next(c for c in second["changed"] if c["unit"] == "D1")
        self.assertEqual((changed["before"]["value"], changed["after"]["value"], parts(changed)), (90, 110, [["late_report", 20]]))
        self.assertEqual((first["changed"], second["decision"], w.value("v", "P")), ([], "1/QD", 115))


if __name__ == "__main__":
    unittest.main()

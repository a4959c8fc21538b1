"""Verdicts: section 11, and the verdict side of sections 0 and 1.
Run: python3 -m unittest discover -s tests/oracle"""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import figures  # noqa: E402
import judge  # noqa: E402
from oracle import Oracle  # noqa: E402
from strictjson import Refused, parse  # noqa: E402
from world import World, at  # noqa: E402


class Verdicts(unittest.TestCase):
    def code(self, value, **more):
        w = World(tree=False)
        w.put(value, **more)
        return Oracle(w.lines).verdict("intake", 0)["code"]

    def of(self, kind, drop=(), top=None, **data):
        base = {"activity.recorded": {"activity": "a", "unit": "D1", "type": "t", "form": "online",
                                      "starts": "2024-01-01", "ends": "2024-01-01"},
                "report.submitted": {"report": "r", "unit": "D1", "plan": "p", "period": "2024",
                                     "figures": [{"indicator": "f", "value": 1}]},
                "unit.registered": {"unit": "D1", "kind": "k", "level": "l", "name": {"vi": "x"}, "parent": None,
                                    "effective": "2024-01-01"}}[kind]
        data = {k: v for k, v in {**base, **data}.items() if k not in drop}
        return self.code({"specversion": "1.0", "id": "1", "source": "s", "type": "vn.tiendo.%s.v1" % kind,
                          "data": data, **(top or {})})

    def test_E41(self):
        visits = lambda v: self.of("activity.recorded", participants={"m": v})
        for said, code in (("1.000", "number_not_whole"), ("1,5", "number_invalid"), ("007", "number_invalid"),
                           ("1e3", "number_invalid"), (2.5, "number_not_whole"), ("1" * 19, "number_range"),
                           (-1, "number_negative"), ("-0", "number_invalid"), (True, "field_type"), ("12", None),
                           ("9" * 18, None)):
            self.assertEqual(visits(said), code, said)
        cost = lambda v: self.of("activity.recorded", cost=v)
        self.assertEqual([cost("0.1234567"), cost("0.123456"), cost("-1")], ["number_precision", None, "number_negative"])
        self.assertEqual(figures.exact("0.1") + figures.exact("0.2"), figures.exact("0.3"))

    def test_structure(self):
        for raw, code in (("", "empty"), ("{", "not_json"), ("{} {}", "not_json"), ("[1]", "not_object"),
                          ("\ufeff{}", "not_utf8"), ('{"a":1,"a":2}', "duplicate_key"), ("NaN", "not_json"),
                          ("{}", "specversion"), ("[" * 33 + "]" * 33, "too_deep"), ("[" * 33, "not_json"),
                          ("[" * 32 + "]" * 32, "not_object"), ("[" * 100000 + "]" * 100000, "too_deep"),
                          ('{"a":01}', "not_json"), ('{"a":"\t"}', "not_json"), ("x" * (1 << 20) + "x", "too_large")):
            self.assertEqual(self.code(raw), code, raw[:20])

    def test_envelope(self):
        top = lambda **t: self.of("activity.recorded", top=t)
        self.assertEqual(top(), None)
        for t, code in (({"specversion": "0.3"}, "specversion"), ({"id": ""}, "attribute_invalid"),
                        ({"source": "x" * 201}, "attribute_invalid"), ({"id": None}, "attribute_missing"),
                        ({"id": 5}, "attribute_invalid"), ({"time": "2024-01-01T00:00:00"}, "time_invalid"),
                        ({"time": "2024-01-01t00:00:00.5z"}, None), ({"time": "2016-12-31T23:59:60.9Z"}, None),
                        ({"time": "2017-01-01T06:59:60+07:00"}, None),
                        ({"time": "2017-01-01T06:59:60Z"}, "time_invalid"),
                        ({"time": "2016-12-31T23:59:61Z"}, "time_invalid"), ({"type": "x"}, "type_unknown"),
                        ({"type": "vn.tiendo.activity.recorded.v2"}, "type_version"), ({"data": []}, "not_object"),
                        ({"data_base64": "x"}, "data_binary"), ({"subject": "D2"}, "subject_mismatch"),
                        ({"subject": "D1"}, None), ({"actor": "a\nb"}, "attribute_invalid"),
                        ({"datacontenttype": "text/xml"}, "content_type")):
            self.assertEqual(top(**t), code, t)

    def test_data(self):
        a = lambda **d: self.of("activity.recorded", **d)
        for d, code in (({"form": "x"}, "value_unknown"), ({"ends": "2023-12-31"}, "dates_reversed"),
                        ({"ends": "2027-01-01"}, "span_too_long"), ({"ends": "2026-12-31"}, None),
                        ({"ends": "2024-02-30"}, "date_invalid"), ({"unit": " D1"}, "id_invalid"),
                        ({"unit": 5}, "field_type"), ({"drop": ["unit"]}, "field_missing"), ({"unit": None}, "field_missing"),
                        ({"outputs": [{"kind": "k"}]}, "output_shape"), ({"topics": ["a\u0001"]}, "text_invalid"),
                        ({"type": "x" * 4001}, "text_too_long"), ({"co_units": ["a"] * 20001}, "list_too_long"),
                        ({"form": "x", "ends": "nope", "unit": 5}, "field_type"), ({"cost": -1, "ends": "2023-01-01"}, "dates_reversed")):
            self.assertEqual(a(**d), code, d)
        r = lambda **d: self.of("report.submitted", **d)
        for d, code in (({"figures": []}, "list_empty"), ({"period": "2024-13"}, "period_invalid"), ({"period": "dxday"}, None),
                        ({"figures": [{"indicator": "f"}]}, "figure_shape"), ({"figures": [{"indicator": "f", "value": None}]}, None),
                        ({"figures": [{"indicator": "f", "value": 1}] * 2}, "list_repeats"),
                        ({"figures": [{"indicator": "f", "numerator": 1, "denominator": 2, "survey": {}}]}, None),
                        ({"figures": [{"indicator": "f", "numerator": 1, "denominator": None}]}, None),
                        ({"figures": [{"indicator": "f", "numerator": 1}]}, "figure_shape")):
            self.assertEqual(r(**d), code, d)
        u = lambda **d: self.of("unit.registered", **d)
        for d, code in (({}, None), ({"drop": ["parent"]}, "field_missing"), ({"parent": "D1"}, "self_reference"),
                        ({"name": {"en": "x"}}, "field_missing"), ({"name": {"vi": "  "}}, "text_empty"),
                        ({"codes": [{"code": "1"}]}, "code_invalid"), ({"organisation": "x"}, "value_unknown")):
            self.assertEqual(u(**d), code, d)

    def test_modes(self):
        data = {"activity": "a", "unit": "D1", "type": "t", "form": "online", "starts": "2024-01-01", "ends": "2024-01-01"}
        ce = {"ce_specversion": "1.0", "ce_id": "1", "ce_source": "s", "ce_type": "vn.tiendo.activity.recorded.v1"}
        self.assertIsNone(self.code(data, headers={**ce, "content-type": "application/json"}))
        self.assertEqual(self.code(data, headers={**ce, "content-type": "text/plain"}), "content_type")
        self.assertEqual(self.code(data, headers={"content-type": "application/json"}), "content_type")
        self.assertEqual(self.code([], headers={"content-type": "application/cloudevents-batch+json"}), "content_type")
        w = World(tree=False)                       # the same event in the other mode is no conflict
        w.put(data, headers=ce)
        w.put({"specversion": "1.0", "id": "1", "source": "s", "type": "vn.tiendo.activity.recorded.v1",
               "data": dict(reversed(data.items()))})
        self.assertEqual(Oracle(w.lines).verdict("intake", 1), {"verdict": "duplicate", "conflict": False,
                                                                "code": None, "field": None})

    def test_import_clock(self):
        w = World(tree=False, first="2025-01-01")
        when = "2024-03-01T00:00:00Z"
        w.unit("U", "l", None, stream="import:x", time=when)
        w.put("garbage", stream="import:x")
        w.unit("U2", "l", None, stream="import:x", time="2030-01-01T00:00:00Z")
        K = [r.K[0] for r in Oracle(w.lines).log.streams["import:x"]]
        self.assertEqual(K, [at(when), at(when), w.lines[2]["stamp_ms"]])

    def test_order_of_lines(self):
        w = World()
        w.plan({"n": {"kind": "count"}})
        w.activity("a1", "D1", "2024-03-10")
        w.lines.reverse()
        self.assertEqual(w.value("n", "P"), 1)

    def test_strict(self):
        with self.assertRaises(Refused):
            parse(b'{"a":"\xff"}')
        self.assertEqual(len(set(judge.CODES)), len(judge.CODES))


if __name__ == "__main__":
    unittest.main()

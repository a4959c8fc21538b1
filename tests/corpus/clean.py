"""One event of each type with nothing wrong, written from design.md 8; and how events become bytes."""
import json
from collections import namedtuple

Case = namedtuple("Case", "name mode body headers code field")
Case.__doc__ = """One message and what must be said of it.
mode is structured or binary; headers are those of Kafka (ce_...), a list of (name, bytes or None);
body None is a tombstone; code None: accepted.  `field` is that of the refusal: in binary mode an
attribute's is headers.ce_NAME."""

STRUCTURED, BINARY = "structured", "binary"
CONTENT_TYPE = {STRUCTURED: ("content-type", b"application/cloudevents+json"),
                BINARY: ("content-type", b"application/json")}
PREFIX, SUFFIX = "vn.tiendo.", ".v1"

ACTIVITY = {"activity": "a1", "unit": "D1", "type": "training_class", "form": "online",
            "starts": "2024-03-10", "ends": "2024-03-10", "pillar": "society", "topics": ["safety", "skills"],
            "task": "III.2", "plan": "tayninh-2024", "organisation": "doan", "flags": {"digital": True},
            "co_units": ["D2"], "reached_units": ["C1", "C2"], "participants": {"members": 700, "youth": "35"},
            "people": {"members": 12, "cadres": ["x", "y"]},
            "outputs": [{"kind": "site", "id": "s1"}, {"kind": "account", "count": 40}], "cost": 12,
            "evidence": {"url": "https://example.org/1"}}
PLAN = {"plan": "p", "version": 1, "valid_from": "2024-01-01", "first": "2024-01-01", "last": "2024-12-31",
        "unit": "P", "calendar": "calendar", "title": {"vi": "Kế hoạch", "en": "Plan"},
        "periods": [{"id": "dxday", "first": "2024-10-01", "last": "2024-10-10", "name": {"vi": "Mười ngày"}}],
        "indicators": [{"id": "acts", "name": {"vi": "Số hoạt động"}, "measure": "activities",
                        "formula": {"kind": "count", "where": {"form": "online"}}},
                       {"id": "held", "name": {"vi": "Đã họp"}, "formula": {"kind": "milestone", "obligation": "year",
                                                                       "period": "2024"}}],
        "targets": [{"id": "T1", "ref": "I.1", "indicator": "acts", "comparator": ">=", "value": 2,
                     "for": {"scope": "each", "level": "district"}, "when": {"kind": "each_year", "years": [2024]}},
                    {"id": "T2", "indicator": "acts", "comparator": ">=", "value": "9.5",
                     "for": {"scope": "rollup", "level": "province"}, "when": {"kind": "by", "day": "2024-06-30"}}],
        "obligations": [{"id": "year", "from": {"level": ["district"]}, "requires": ["acts"],
                         "instances": [{"period": "2024", "due": {"by": "2024-12-31"}}]}]}
CLEAN = {
    "unit.registered": {"unit": "D1", "kind": "huyen_doan", "level": "district", "name": {"vi": "Huyện đoàn", "en": "District"},
                        "parent": "P", "effective": "2020-01-01", "organisation": "doan",
                        "codes": [{"catalogue": "gso-2024", "code": "072"}],
                        "attributes": {"sector": "armed_forces", "staff": 12, "remote": True}},
    "unit.renamed": {"unit": "D1", "effective": "2024-01-01", "name": {"vi": "Tên mới"}, "reason": "đổi tên"},
    "unit.moved": {"unit": "C2", "effective": "2024-05-01", "parent": "D2", "reason": "chuyển"},
    "unit.closed": {"unit": "C2", "effective": "2024-05-01", "reason": "giải thể"},
    "unit.reopened": {"unit": "C2", "effective": "2024-06-01"},
    "unit.merged": {"into": "D1", "from": ["D2", "D3"], "effective": "2025-07-01", "decision": "12/QĐ"},
    "unit.split": {"from": "S", "into": [{"unit": "S", "share": "0.6"}, {"unit": "T", "share": "0.4"}],
                   "effective": "2025-07-01"},
    "unit.attributes_set": {"unit": "D1", "effective": "2024-01-01", "attributes": {"software": True}},
    "plan.published": PLAN,
    "plan.amended": {**PLAN, "decision": "7/QĐ"},
    "activity.recorded": ACTIVITY,
    "activity.corrected": {**ACTIVITY, "starts": "2024-03-10T08:00:00+07:00", "ends": "2024-03-10T11:00:00+07:00",
                           "reason": "đếm lại", "of_source": "urn:other"},
    "activity.cancelled": {"activity": "a2", "reason": "trùng", "duplicate_of": "a1"},
    "report.submitted": {"report": "r1", "unit": "D1", "plan": "p", "period": "2024-9M", "obligation": "nine_month",
                         "figures": [{"indicator": "f", "value": "10.5", "scope": "own", "as_at": "2024-09-01"},
                                     {"indicator": "g", "numerator": 18, "denominator": 20, "survey": {"day": "2024-08-01"}}]},
    "report.corrected": {"report": "r1", "figures": [{"indicator": "f", "value": None}], "reason": "sai"},
    "report.withdrawn": {"report": "r1", "by": "acc-1", "reason": "rút"},
    "report.approved": {"report": "r1", "by": "acc-2"},
    "report.returned": {"report": "r1", "by": "acc-2", "reason": "thiếu"},
    "entity.registered": {"register": "site", "entity": "s1", "unit": "C1", "effective": "2024-01-01",
                          "flags": {"level": "commune", "pilot": False}},
    "entity.updated": {"register": "site", "entity": "s1", "unit": "C1", "effective": "2024-02-01"},
    "entity.removed": {"register": "site", "entity": "s1", "unit": "C1", "effective": "2024-03-01"},
    "statistic.declared": {"statistic": "youth", "unit": "D1", "as_at": "2024-01-01", "value": 25000},
    "money.allocated": {"plan": "p", "line": "9", "unit": "D1", "year": 2024, "amount": 100},
    "money.spent": {"plan": "p", "line": "9", "unit": "D1", "year": 2024, "amount": "-15.25", "entry": "e1"},
    "money.corrected": {"entry": "e1", "plan": "p", "line": "9", "unit": "D1", "year": 2024, "amount": "60", "reason": "nhầm"},
    "publication.closed": {"publication": "b1", "plan": "p", "period": "2024", "unit": "P", "reason": "cuối năm",
                           "moment": "2024-12-20T00:00:00+07:00", "tree": "current"},
    "publication.amended": {"publication": "b1", "reason": "bổ sung", "moment": "2024-12-21T00:00:00Z"},
    "source.granted": {"source": "urn:a", "units": ["D1", "*"], "types": ["activity.recorded"]},
    "source.revoked": {"source": "urn:a"},
}


class Raw(str):
    """Stands in an event as these very characters: 1e3, 007, a lone surrogate's escape."""


class Pairs(list):
    """An object by its (key, value) pairs, which may repeat a key."""


def render(value):
    """JSON, keeping Raw and Pairs."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Pairs):
        return "{" + ",".join(render(k) + ":" + render(v) for k, v in value) + "}"
    if isinstance(value, dict):
        return render(Pairs(value.items()))
    if isinstance(value, list):
        return "[" + ",".join(map(render, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def envelope(kind, identity, data, **more):
    """A whole event; attributes of `more` that are None are left out."""
    event = {"specversion": "1.0", "id": identity, "source": "urn:corpus", "type": PREFIX + kind + SUFFIX, **more, "data": data}
    return {name: value for name, value in event.items() if value is not None}


def structured(name, event, code=None, field=""):
    return Case(name, STRUCTURED, render(event).encode("utf-8", "surrogatepass"), [CONTENT_TYPE[STRUCTURED]], code, field)


def binary(name, event, code=None, field=""):
    """The same event with its attributes as headers."""
    headers = [CONTENT_TYPE[BINARY]] + [("ce_" + key, text.encode()) for key, text in event.items() if key != "data"]
    return Case(name, BINARY, render(event["data"]).encode("utf-8", "surrogatepass"), headers, code, field)

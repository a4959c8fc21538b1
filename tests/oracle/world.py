"""Builds small histories for the tests."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import periods  # noqa: E402
from oracle import Oracle  # noqa: E402

LATER = periods.instant_ms("2026-06-01T00:00:00+07:00")


def at(text):
    return periods.instant_ms(text if "T" in text else text + "T08:00:00+07:00")


class World:
    """Builds records.  Tree: P over D1 (C1, C2) and D2 (C3), all from 2020."""

    def __init__(self, tree=True, first="2024-01-01"):
        self.lines, self.next, self.ids, self.clock = [], {}, 0, at(first)
        if tree:
            for unit, level, parent in (("P", "province", None), ("D1", "district", "P"), ("D2", "district", "P"),
                                        ("C1", "commune", "D1"), ("C2", "commune", "D1"), ("C3", "commune", "D2")):
                self.unit(unit, level, parent)

    def put(self, value, stream="intake", when=None, position=None, **more):
        position = self.next.get(stream, 0) if position is None else position
        self.next[stream] = position + 1
        self.clock = at(when) if when else self.clock + 1000
        self.lines.append({"stream": stream, "position": position, "stamp_ms": self.clock,
                           "value": value if isinstance(value, str) else json.dumps(value), **more})
        return "%s@%d" % (stream, position)

    def event(self, kind, data, when=None, source="src", id=None, time=None, subject=None, **more):
        self.ids += 1
        e = {"specversion": "1.0", "id": id or "e%d" % self.ids, "source": source,
             "type": "vn.tiendo.%s.v1" % kind, "data": data}
        if time:
            e["time"] = time
        if subject:
            e["subject"] = subject
        return self.put(e, when=when, **more)

    def unit(self, unit, level, parent, effective="2020-01-01", **more):
        return self.event("unit.registered", {"unit": unit, "kind": "union", "level": level, "name": {"vi": unit},
                                              "parent": parent, "effective": effective}, **more)

    def merge(self, into, *units, effective="2024-07-01", **more):
        return self.event("unit.merged", {"into": into, "from": list(units), "effective": effective}, **more)

    def split(self, unit, effective="2024-07-01", when=None, **shares):
        return self.event("unit.split", {"from": unit, "effective": effective,
                                         "into": [{"unit": u, "share": s} for u, s in shares.items()]}, when=when)

    def activity(self, name, unit, ends, visits=None, kind="recorded", when=None, **more):
        known = {k: more.pop(k) for k in ("source", "id", "stream", "position") if k in more}
        data = {"activity": name, "unit": unit, "type": "class", "form": "in_person", "starts": ends, "ends": ends}
        if visits is not None:
            data["participants"] = {"members": visits}
        if kind == "corrected":
            data["reason"] = "fix"
        return self.event("activity." + kind, {**data, **more}, when=when, **known)

    def cancel(self, name, duplicate_of=None, **more):
        data = {"activity": name, "reason": "no", **({"duplicate_of": duplicate_of} if duplicate_of else {})}
        return self.event("activity.cancelled", data, **more)

    def report(self, name, unit, period, said, kind="submitted", plan="p", **more):
        given = [{"indicator": i, **(v if isinstance(v, dict) else {"value": v})} for i, v in said.items()]
        data = {"report": name, "figures": given}
        data.update({"unit": unit, "plan": plan, "period": period} if kind == "submitted" else {"reason": "fix"})
        return self.event("report." + kind, data, **more)

    def entity(self, register, name, unit, kind="registered", effective="2024-01-01", when=None, **flags):
        return self.event("entity." + kind, {"register": register, "entity": name, "unit": unit, "effective": effective,
                                             "flags": flags}, when=when)

    def statistic(self, name, unit, as_at, value, **more):
        return self.event("statistic.declared", {"statistic": name, "unit": unit, "as_at": as_at, "value": value}, **more)

    def judge_report(self, name, kind, **more):
        return self.event("report." + kind, {"report": name, "by": "P"}, **more)

    def plan(self, indicators, targets=(), obligations=(), first="2024-01-01", last="2024-12-31", **more):
        doc = {"plan": "p", "version": 1, "valid_from": first, "first": first, "last": last,
               "title": {"vi": "p"},
               "indicators": [{"id": i, "name": {"vi": i}, "measure": "activities", "formula": f,
                               "why_reported": {"vi": "không có sự kiện"}} for i, f in indicators.items()],
               "targets": [{"id": "T%d" % n, "comparator": ">=", **t} for n, t in enumerate(targets, 1)],
               "obligations": list(obligations)}
        when = more.pop("when", "2019-01-01" if not self.lines else None)
        return self.event("plan.published", {**doc, **more}, when=when)

    def view(self, as_of=None, now=LATER):
        return Oracle(self.lines).view(as_of, now)

    def value(self, indicator, unit, period="2024", as_of=None, **more):
        a = self.view(as_of).rollup("p", indicator, unit, period, **more)
        return a["value"] if a["denominator"] is None else (a["numerator"], a["denominator"])

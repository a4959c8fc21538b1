#!/usr/bin/env python3
"""A made-up 2025 in the whole country, told by the units of its day: the same arguments, the same bytes.

    country.py --reference reference.ndjson      units and the plan twd-2025, to be loaded first
    country.py --seed 7 --events 20000           the first half: communes, districts and provinces of 30 June
    country.py --seed 7 --events 5000 --after    the third quarter: communes and provinces of 1 July

Python 3.11, standard library only.
"""
import argparse
import datetime
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
UNITS = os.path.join(HERE, "..", "units")
sys.path.insert(0, UNITS)

import reform  # noqa: E402

HALF, QUARTER = (datetime.date(2025, 1, 1), 181), (datetime.date(2025, 7, 1), 92)
TYPES = ("training_class", "conference", "volunteering", "competition", "sports")
FORMS = ("in_person", "in_person", "online", "hybrid")
QUARTERS = (("2025-Q1", datetime.date(2025, 3, 31)), ("2025-Q2", datetime.date(2025, 6, 30)))


def event(id, type, unit, day, data):
    return {"specversion": "1.0", "id": id, "source": "urn:twd:mau", "type": "vn.tiendo.%s.v1" % type, "subject": unit,
            "time": day.isoformat() + "T09:00:00+07:00", "data": data}


def reference():
    """The Central Union and the provinces, everything below them, and the plan."""
    with open(os.path.join(UNITS, "vietnam.ndjson"), encoding="utf-8") as opened:
        yield from (json.loads(line) for line in opened)
    yield from reform.events_before(reform.Country())
    with open(os.path.join(HERE, "country-2025.json"), encoding="utf-8") as opened:
        plan = json.load(opened)
    told = event("plan-" + plan["plan"], "plan.published", plan["plan"], datetime.date(2024, 12, 31), plan)
    del told["subject"]
    yield told


class Told:
    """Draws who does what; each commune has its own number of events, so that some hold none."""

    def __init__(self, seed, is_after=False):
        self.chance, self.count = random.Random(seed), 0
        self.name, (self.first, self.days) = ("sau", QUARTER) if is_after else ("truoc", HALF)
        land = reform.Country()
        ids = land.new_ids if is_after else land.old_ids
        self.units = {digits: [ids[code] for code in sorted(ids) if len(code) == digits] for digits in (2, 3, 5)}
        self.reports = 0 if is_after else 0.15

    def who(self):
        drawn = self.chance.random()
        return self.chance.choice(self.units[2 if drawn < 0.01 else 3 if drawn < 0.06 and self.units[3] else 5])

    def later(self, day):
        """When it is said: mostly within days, now and then only after the reorganisation."""
        late = self.chance.randint(30, 200) if self.chance.random() < 0.03 else self.chance.randint(0, 14)
        return day + datetime.timedelta(days=late)

    def activity(self):
        self.count += 1
        key, unit = "%s-%06d" % (self.name, self.count), self.who()
        day = self.first + datetime.timedelta(days=self.chance.randrange(self.days))
        said = self.later(day)
        yield event(key, "activity.recorded", unit, said, self.content(key, unit, day))
        drawn = self.chance.random()
        if drawn < 0.04:
            yield event(key + "-s", "activity.corrected", unit, self.later(said),
                        {**self.content(key, unit, day), "reason": "Nhập nhầm số lượt"})
        elif drawn < 0.05:
            yield event(key + "-h", "activity.cancelled", unit, self.later(said),
                        {"activity": key, "reason": "Không tổ chức"})

    def content(self, key, unit, day):
        data = {"activity": key, "unit": unit, "type": self.chance.choice(TYPES), "form": self.chance.choice(FORMS),
                "starts": day.isoformat(), "ends": day.isoformat(),
                "participants": {"members": self.chance.randint(5, 90), "youth": self.chance.randint(0, 60)}}
        if self.chance.random() < 0.1:
            data["outputs"] = [{"kind": "site", "id": "dc%04d" % self.chance.randrange(2000)}]
        return data

    def report(self):
        unit = self.chance.choice(self.units[5])
        period, last = self.chance.choice(QUARTERS)
        self.count += 1
        said = last + datetime.timedelta(days=self.chance.randint(-5, 20))
        yield event("bc%06d" % self.count, "report.submitted", unit, said, {
            "report": "%s-%s" % (unit, period), "plan": "twd-2025", "unit": unit, "period": period,
            "figures": [{"indicator": "accounts", "value": self.chance.randint(0, 400)}]})

    def tell(self, events):
        told = []
        while len(told) < events:
            told.extend(self.report() if self.chance.random() < self.reports else self.activity())
        return sorted(told[:events], key=lambda e: e["time"])


def write(path, events):
    with (sys.stdout if path == "-" else open(path, "w", encoding="utf-8", newline="\n")) as out:
        out.writelines(json.dumps(e, ensure_ascii=False, separators=(",", ":")) + "\n" for e in events)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=20000, help="lines in all (default 20000)")
    parser.add_argument("--after", action="store_true", help="the quarter after the reorganisation")
    parser.add_argument("--out", default="-", metavar="FILE")
    parser.add_argument("--reference", metavar="FILE", help="writes the units and the plan, and nothing else")
    a = parser.parse_args()
    if a.reference:
        return write(a.reference, reference())
    print("seed %d" % a.seed, file=sys.stderr)
    write(a.out, Told(a.seed, a.after).tell(a.events))


if __name__ == "__main__":
    main()

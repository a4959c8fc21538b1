"""A random history made for one plan: a small tree of its levels, and ways to say things late, twice,
wrongly first, out of order and in several streams.  What is said is decided in plan_aims.py."""
import datetime
import json
from fractions import Fraction

from agreement import periods
from plan_reforms import Reforms, Unit

ORDER = ("national", "province", "district", "affiliated", "commune", "branch")
BELOW = {"national": ("province", "affiliated"), "province": ("district", "affiliated"), "district": ("commune",),
         "affiliated": ("commune",), "commune": ("branch",), "branch": ()}
STREAMS = ("a", "b", "c")
MOODS = ("none", "poor", "below", "edge", "edge", "above", "above")
MOST = 130           # activities for one aim


def walk(piece):
    """Every dict in a document."""
    if isinstance(piece, dict):
        yield piece
    for part in piece.values() if isinstance(piece, dict) else piece if isinstance(piece, list) else ():
        yield from walk(part)


def as_list(said):
    return said if isinstance(said, list) else [said]


def day(text):
    return periods.day_of(text)


def goal(comparator, value, mood, chance, step=1):
    """A number that meets the target, just fails it, or is far from it."""
    value = Fraction(str(value))
    up = comparator in (">=", ">", "=")
    if mood == "edge":
        return value
    if mood == "above":
        return max(value + step * (1 if up else -1) * chance.choice((1, 1, 3)), 0) if comparator != "=" or chance.random() < 0.5 else value
    if mood == "below":
        return max(value - step if up else value + step, 0)
    return max(value * Fraction(chance.randrange(0, 60), 100) if up else value * 2, 0)


def number(value):
    """As a JSON number of at most 6 decimals."""
    value = Fraction(value)
    return int(value) if value.denominator == 1 else float("%.6f" % value)


class Said:
    """Events with the moments they were said, by stream."""

    def __init__(self, chance, prefix, now_ms):
        self.chance, self.prefix, self.latest = chance, prefix, now_ms - 86400000
        self.count, self.said = 0, []            # (ms, stream, order, event)

    def moment(self, on, late=None):
        """When something of that day is said: soon after, sometimes much later, never after now."""
        chance = self.chance
        lag = late if late is not None else chance.choice((0, 0, 1, 3, 12, 12, 40, chance.randrange(400)))
        return min(periods.midnight_ms(on + lag) + chance.randrange(86400000), self.latest)

    def put(self, kind, data, ms, stream=None, source=None, subject=None):
        self.count += 1
        stream = stream or self.chance.choice(STREAMS)
        event = {"specversion": "1.0", "id": "%s-%d" % (self.prefix, self.count), "type": "vn.tiendo.%s.v1" % kind,
                 "source": source or "urn:%s:%s" % (self.prefix, stream), "time": periods.instant_text(ms), "data": data}
        if subject:
            event["subject"] = subject
        self.said.append((ms, stream, len(self.said), event))
        if self.chance.random() < 0.02:          # the same again
            self.said.append((min(ms + 5000000, self.latest), stream, len(self.said), event))
        return event

    def streams(self):
        """{stream: [line]}; a few lines stand where they do not belong."""
        answer = {}
        for _, stream, _, event in sorted(self.said, key=lambda s: (s[0], s[2])):
            answer.setdefault(stream, []).append(json.dumps(event, ensure_ascii=False).encode())
        for lines in answer.values():
            for _ in range(len(lines) // 40):
                lines.insert(self.chance.randrange(len(lines)), lines.pop(self.chance.randrange(len(lines))))
        return answer


class PlanHistory(Reforms):
    def __init__(self, chance, document, prefix, now_ms):
        self.chance, self.plan, self.prefix = chance, document, prefix
        self.first, self.last = day(document["first"]), day(document["last"])
        self.today = periods.local_day(now_ms)
        self.out = Said(chance, prefix, now_ms)
        self.levels = self.levels_of_plan()
        self.root, self.units = None, []
        self.entities, self.numbers = 0, 0
        self.seen = {"activity": [], "statistic": [], "report": []}         # what other units may say too
        self.make_tree()

    # ---- the tree
    def levels_of_plan(self):
        """The levels the plan speaks of, and those between them."""
        said = {l for piece in walk(self.plan) for name in ("level", "unit.level", "parent_level") if name in piece
                for l in as_list(piece[name]) if l in ORDER}
        said -= {"branch"} if self.chance.random() < 0.7 else set()
        top = min(map(ORDER.index, said))
        deepest = max(max(map(ORDER.index, said)), ORDER.index("commune") if self.chance.random() < 0.3 else 0)
        return [l for l in ORDER[top:deepest + 1] if l != "affiliated" or "affiliated" in said]

    def make_tree(self):
        chance = self.chance
        self.root = Unit(self.prefix, self.levels[0], None)
        self.grow(self.root)
        self.units = self.root.all()
        kinds = sorted({k for piece in walk(self.plan) if "where" in piece for inner in walk(piece["where"])
                        for name in ("kind", "unit.kind") if name in inner for k in as_list(inner[name])}) * 2 + ["union"]
        for unit in self.units:
            born = chance.choice(("2020-02-01",) * 12 + (periods.date_text(self.some_day()),)) if unit.parent else "2020-02-01"
            unit.born = day(born)
            self.tell_unit("registered", unit, born, kind=chance.choice(kinds), level=unit.level, name={"vi": unit.name},
                           parent=unit.parent and unit.parent.name)

    def grow(self, unit):
        chance = self.chance
        for level in BELOW[unit.level]:
            if level in self.levels and len(self.root.all()) < 28 and chance.random() > 0.06:
                wide = chance.randrange(1, 6) if unit.parent is None else chance.randrange(0, 4)
                for n in range(1 if level == "affiliated" else wide):
                    child = Unit("%s.%s%d" % (unit.name, level[0], n), level, unit)
                    unit.below.append(child)
                    self.grow(child)

    def tell_unit(self, what, unit, effective, late=None, **more):
        """Units are told of early on, some of them months late."""
        early = day("2021-01-05") if self.chance.random() < 0.9 else day(effective) + self.chance.randrange(300)
        on = early if what == "registered" else day(effective)
        self.out.put("unit." + what, {"unit": unit.name, "effective": effective, **more},
                     self.out.moment(max(on, day("2021-01-05")), late), "units", "urn:%s:units" % self.prefix)

    def some_day(self, first=None, last=None):
        """A day of the plan, or of a window of it."""
        first = self.first if first is None else first
        last = min(self.last if last is None else last, max(self.today, first))
        return self.chance.choice((first, last)) if self.chance.random() < 0.15 else self.chance.randint(min(first, last), last)

    def set_attribute(self, unit, key, value, on):
        self.tell_unit("attributes_set", unit, periods.date_text(on), attributes={key: value})

    # ---- activities
    def content_for(self, where):
        """Fields that match an activity filter: (fields, what its unit must be)."""
        fields, unit = {}, {}
        for name, wanted in (where or {}).items():
            if name in ("all", "any"):
                for part in wanted if name == "all" else [self.chance.choice(wanted)]:
                    more, its = self.content_for(part)
                    topics = fields.get("topics", []) + more.get("topics", [])
                    fields.update(more, **({"topics": topics} if topics else {}))
                    unit.update(its)
            elif name == "topics":
                fields["topics"] = fields.get("topics", []) + [self.chance.choice(as_list(wanted))]
            elif name.startswith("flag."):
                fields.setdefault("flags", {})[name[5:]] = self.chance.choice(as_list(wanted))
            elif name.startswith("unit."):
                unit[name[5:]] = as_list(wanted)
            elif name != "not":
                fields[name] = self.chance.choice(as_list(wanted))
        return fields, unit

    def spoil(self, fields):
        """The same without one of the fields that make it match."""
        fields = dict(fields)
        if fields:
            name = self.chance.choice(sorted(fields))
            fields.pop(name)
        return fields

    def activity(self, unit, on, fields, **more):
        """An activity that is said in the end; sometimes it is said wrongly first."""
        chance, out = self.chance, self.out
        self.numbers += 1
        self.seen["activity"].append({**fields, **more})
        begins = on - chance.choice((0, 0, 0, 1, 30))
        data = {"activity": "act-%d" % self.numbers, "unit": unit.name, "type": "other", "form": chance.choice(("in_person", "online", "hybrid")),
                "starts": periods.date_text(begins), "ends": periods.date_text(on), **fields, **more}
        if chance.random() < 0.1:
            midday = periods.instant_text(periods.midnight_ms(on + 1) - 1)      # the last moment of the day
            data.update(starts=midday, ends=midday)
        others = [u for u in self.units if u is not unit]
        if others and chance.random() < 0.1:
            data["co_units"] = [chance.choice(others).name]
        ms, stream = out.moment(on), chance.choice(STREAMS)
        kind = chance.random()
        if kind < 0.08:                          # first something else, then this
            wrong = {**data, "ends": periods.date_text(on + 20), "unit": chance.choice(self.units).name, "participants": {"members": 7}}
            out.put("activity.recorded", wrong, ms, stream)
            out.put("activity.corrected", {**data, "reason": "sửa"}, min(ms + chance.randrange(10 ** 10), out.latest), stream)
        elif kind < 0.11:                        # the correction comes first
            out.put("activity.corrected", {**data, "reason": "sửa"}, ms - 1000, stream)
            out.put("activity.recorded", {**data, "participants": {"members": 9}}, ms, stream)
        else:
            out.put("activity.recorded", data, ms, stream)
        if kind > 0.95:                          # one more, which is taken back
            again = {**data, "activity": data["activity"] + "-x"}
            out.put("activity.recorded", again, ms, stream)
            same = {"duplicate_of": data["activity"]} if kind > 0.97 else {}
            out.put("activity.cancelled", {"activity": again["activity"], "reason": "trùng", **same}, min(ms + 10 ** 9, out.latest), stream)

    # ---- what is declared
    def entity(self, register, unit, effective, until=None, name=None, **flags):
        self.entities += 1
        name = name or "%s-%s%d" % (self.prefix, register, self.entities)
        said = {"register": register, "entity": name, "unit": unit.name}
        late = None if self.chance.random() < 0.3 else 0
        self.out.put("entity.registered", {**said, "effective": periods.date_text(effective), "flags": flags},
                     self.out.moment(max(effective, day("2021-02-01")), late))
        if until is not None:
            self.out.put("entity.removed", {**said, "effective": periods.date_text(until)}, self.out.moment(until))
        return name

    def entity_says(self, register, name, unit, effective, **flags):
        self.out.put("entity.updated", {"register": register, "entity": name, "unit": unit.name,
                                        "effective": periods.date_text(effective), "flags": flags}, self.out.moment(effective))

    def statistic(self, name, unit, as_at, value):
        self.seen["statistic"].append((name, value))
        said = {"statistic": name, "unit": unit.name, "as_at": periods.date_text(as_at)}
        if self.chance.random() < 0.1:
            self.out.put("statistic.declared", {**said, "value": value + 3}, self.out.moment(as_at, 0))
        self.out.put("statistic.declared", {**said, "value": value}, self.out.moment(as_at, self.chance.choice((0, 1, 30))))

    def report(self, unit, period, figures, on, obligation=None, ms=None):
        """A report that stands in the end; sometimes returned or withdrawn in between, or for good."""
        chance, out = self.chance, self.out
        self.numbers += 1
        self.seen["report"].append((period, figures, obligation))
        ms, stream = out.moment(on, 0) if ms is None else ms, chance.choice(STREAMS)
        name = "rep-%d" % self.numbers
        data = {"report": name, "unit": unit.name, "plan": self.plan["plan"], "period": period, "figures": figures}
        if obligation:
            data["obligation"] = obligation
        out.put("report.submitted", data, ms, stream)
        kind = chance.random()
        later = lambda n: min(ms + n * 10 ** 8 + chance.randrange(10 ** 8), out.latest)
        if kind < 0.05:
            out.put("report.returned", {"report": name, "by": "tỉnh", "reason": "thiếu"}, later(1), stream)
            if kind < 0.03:
                out.put("report.corrected", {"report": name, "figures": figures, "reason": "bổ sung"}, later(5), stream)
        elif kind < 0.07:
            out.put("report.withdrawn", {"report": name, "by": "huyện"}, later(1), stream)
            if kind < 0.06:
                out.put("report.submitted", data, later(9), stream)
        elif kind < 0.15:
            out.put("report.approved", {"report": name, "by": "tỉnh"}, later(1), stream)

    def money(self, kind, line, unit, year, amount, entry=None):
        data = {"plan": self.plan["plan"], "line": line, "unit": unit.name, "year": year, "amount": amount}
        if entry:
            data["entry"] = entry
        on = datetime.date(year, self.chance.randrange(1, 13), 3).toordinal()
        self.out.put("money." + kind, data, self.out.moment(min(on, self.today - 2), self.chance.choice((0, 5, 90))))

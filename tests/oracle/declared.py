"""What is declared: entities, statistics and money; sections 1 (keys), 3 (their days) and 5."""
import datetime

import figures
import periods
from figures import nfc, scalar
from granted import in_turn, unit_of
from plans import whole
from tree import last_by


class Entity:
    """(register, entity), shared by all sources; flags and unit hold from their effective day."""

    def __init__(self, name, events):
        self.id, self.days = name, set()
        self.life, self.units, self.flags = [], [], {}
        for e in events:
            day = periods.day_of(e.body["effective"])
            self.days.add(day)
            if e.kind != "entity.updated":
                self.life.append((day, e.K, e.kind == "entity.registered"))
            if e.kind != "entity.removed":
                self.units.append((day, e.K, nfc(e.body["unit"])))
            for key, value in (e.body.get("flags") or {}).items():
                if value is not None:
                    self.flags.setdefault(nfc(key), []).append((day, e.K, scalar(value)))
        for said in [self.life, self.units, *self.flags.values()]:
            said.sort()

    def exists(self, day):
        said = last_by(self.life, day)
        return said is not None and said[2]

    def unit(self, day):
        return last_by(self.units, day)[2]

    def field(self, units, day):
        """get(name) for an entity filter: flag.K, unit.level, unit.kind, unit.attr.K, as on the day."""
        from activities import unit_field

        def get(name):
            if name.startswith("flag."):
                said = last_by(self.flags.get(name[5:], ()), day)
                return said and said[2]
            if name.startswith("unit."):
                return unit_field(units, self.unit(day), day, name[5:])
            raise NotImplementedError("entity field %s" % name)
        return get


def entities_of(events, known):
    """{register: [Entity]}; an update waits for a registration, everything for its unit."""
    by_key, registers = {}, {}
    for e in events:
        if nfc(e.body["unit"]) in known:
            by_key.setdefault((nfc(e.body["register"]), nfc(e.body["entity"])), []).append(e)
    for (register, name), said in sorted(by_key.items()):
        if any(e.kind == "entity.registered" for e in said):
            registers.setdefault(register, []).append(Entity(name, said))
    return registers


class Statistic:
    __slots__ = ("as_at", "K", "value")

    def __init__(self, e):
        self.as_at, self.K, self.value = periods.day_of(e.body["as_at"]), e.K, figures.exact(e.body["value"])


def statistics_of(events, known):
    """{statistic: {unit: [Statistic by as_at]}}; last wins, null takes it back."""
    last, answer = {}, {}
    for e in events:
        last[nfc(e.body["statistic"]), nfc(e.body["unit"]), e.body["as_at"]] = e
    for (name, unit, _), e in sorted(last.items()):
        if unit in known and e.body["value"] is not None:
            answer.setdefault(name, {}).setdefault(unit, []).append(Statistic(e))
    return answer


def last_of(said, first, day):
    """The state on a day: the last by as_at <= day, not before `first`."""
    found = [s for s in said if s.as_at <= day]
    return found[-1] if found and (first is None or found[-1].as_at >= first) else None


class Amount:
    """An allocation or an expense in force."""
    __slots__ = ("plan", "line", "unit", "year", "amount", "K", "day")

    def __init__(self, e):
        data = e.body
        self.plan, self.line, self.unit = nfc(data["plan"]), nfc(data["line"]), nfc(data["unit"])
        self.year, self.amount, self.K = whole(data["year"]), figures.exact(data["amount"]), e.K
        # section 3: the earlier of the year's last day and the local day it was said
        self.day = min(datetime.date(self.year, 12, 31).toordinal(), periods.local_day(e.sent_ms()))


def money_of(events, known, allowed):
    """(allocations, expenses) of known units.  An allocation is set; an expense adds unless its entry
    is said again; the first `spent` of an entry is its base, as with activities (choice 36)."""
    allocated, spent = {}, {}
    for e in events:
        data = e.body
        if nfc(data["unit"]) not in known:
            continue
        if e.kind == "money.allocated":
            if allowed(e, [unit_of(e)]):
                allocated[nfc(data["plan"]), nfc(data["line"]), nfc(data["unit"]), whole(data["year"])] = e
        else:
            speaker = nfc(data.get("of_source") or e.source) if e.kind == "money.corrected" else e.source
            key = (speaker, nfc(data["entry"])) if data.get("entry") is not None else (speaker, None, e.id)
            spent.setdefault(key, []).append(e)
    turns = [in_turn(said, "money.spent", allowed) for said in spent.values()]
    return [Amount(e) for e in allocated.values()], [Amount(turn[-1]) for turn in turns if turn]

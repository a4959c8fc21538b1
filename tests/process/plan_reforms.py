"""How the tree of a random history changes: units close, open and move, merge and split; some decisions
are of one day, some are told long after, some are taken back."""
import json

from agreement import periods

SHARES = {2: (("0.5", "0.5"), ("0.6", "0.4"), ("0.25", "0.75"), ("0.333333", "0.666667"), ("0.1", "0.9")),
          3: (("0.5", "0.3", "0.2"), ("0.25", "0.25", "0.5"), ("0.2", "0.125", "0.675"))}


def reforms_of_sample(chance, reference):
    """Lines of merges and splits among the units of the sample, some said long after their day."""
    said = [e["data"] for e in map(json.loads, reference) if e["type"].startswith("vn.tiendo.unit.registered")]
    told, first = [], periods.day_of("2024-01-01")

    def tell(what, data, on):
        moment = periods.midnight_ms(max(on + chance.choice((-10, 2, 30, 200)), first)) + chance.randrange(86400000)
        told.append((moment, "unit." + what, {**data, "effective": periods.date_text(on)}))
    on = first
    for n in range(chance.randrange(1, 7)):
        on = on if n and chance.random() < 0.3 else first + chance.randrange(10, 380)
        unit = chance.choice([u for u in said if sum(v["level"] == u["level"] for v in said) > 1])
        peers = [u["unit"] for u in said if u["level"] == unit["level"] and u is not unit]
        if chance.random() < 0.6:
            tell("merged", {"into": chance.choice(peers), "from": [unit["unit"]]}, on)
            continue
        born = {**unit, "unit": "%s-new%d" % (unit["unit"], n)}
        tell("registered", born, on)
        shares = chance.choice(SHARES[2])
        parts = [chance.choice((unit["unit"], chance.choice(peers))), born["unit"]]
        tell("split", {"from": unit["unit"], "into": [{"unit": u, "share": s} for u, s in zip(parts, shares)]}, on)
    return [json.dumps({"specversion": "1.0", "id": "reform-%d" % n, "source": "urn:reform", "type": "vn.tiendo.%s.v1" % kind,
                        "time": periods.instant_text(ms), "data": data}, ensure_ascii=False).encode()
            for n, (ms, kind, data) in enumerate(sorted(told, key=lambda t: t[0]))]


class Unit:
    def __init__(self, name, level, parent):
        self.name, self.level, self.parent, self.below, self.born = name, level, parent, [], None

    def all(self):
        return [self] + [u for child in self.below for u in child.all()]


class Reforms:
    """The part of PlanHistory that changes its units."""

    def shake_tree(self):
        """Units are closed, reopened and moved."""
        chance = self.chance
        movable = [u for u in self.units if u.parent]
        for _ in range(chance.choice((0, 0, 1, 2, 4)) if movable else 0):
            unit = chance.choice(movable)
            on = max(self.some_day(), unit.born + 1)
            at = periods.date_text(on)
            kind = chance.randrange(5)
            homes = [u for u in self.units if u.level == unit.parent.level and u is not unit.parent]
            if kind < 2 and homes:
                self.tell_unit("moved", unit, at, parent=chance.choice(homes).name)
            elif kind < 4:
                self.tell_unit("closed", unit, at)
                if chance.random() < 0.4:
                    self.tell_unit("reopened", unit, periods.date_text(on + chance.randrange(1, 200)))
            else:
                self.tell_unit("renamed", unit, at, name={"vi": "Tên mới"})
        self.reform(movable)

    def reform(self, movable):
        """Merges and splits among units of one level; a third of them on the day of the one before, so
        that what flowed into a unit flows on."""
        chance, on = self.chance, None
        for _ in range(chance.choice((0, 1, 1, 2, 3, 5)) if movable else 0):
            unit = chance.choice(movable)
            peers = [u for u in self.units if u.level == unit.level and u is not unit]
            if on is None or chance.random() < 0.67:
                on = max(self.some_day(), unit.born + 1)
            kind = chance.randrange(10)
            if kind < 3 and peers:
                self.merge(chance.choice(peers), [unit], on)
            elif kind < 5 and peers:
                self.merge(self.newcomer(unit, on), [unit] + chance.sample(peers, chance.randrange(min(3, len(peers)))), on)
            elif kind < 7:
                self.split(unit, [unit, self.newcomer(unit, on)] + chance.sample(peers, min(len(peers), chance.randrange(2))), on)
            elif kind < 9:
                self.split(unit, [self.newcomer(unit, on), self.newcomer(chance.choice(peers + [unit]), on)]
                           + chance.sample(peers, min(len(peers), chance.randrange(2))), on)
            else:
                self.tell_unit("reopened", unit, periods.date_text(on))

    def newcomer(self, like, on):
        """A unit registered for the day, rarely for another; it is heard of too."""
        chance = self.chance
        unit = Unit("%s.n%d" % (self.root.name, len(self.units)), like.level, like.parent)
        unit.born = on + (chance.choice((-400, -20, 20)) if chance.random() < 0.15 else 0)
        self.units.append(unit)
        self.tell_unit("registered", unit, periods.date_text(unit.born), kind="union", level=unit.level,
                       name={"vi": unit.name}, parent=unit.parent and unit.parent.name)
        self.is_active(unit, on)
        return unit

    def merge(self, into, units, on):
        self.tell_reform("merged", on, {"into": into.name, "from": [u.name for u in units]})
        self.is_active(self.chance.choice(units + [into]), on)

    def split(self, unit, parts, on):
        shares = self.chance.choice(SHARES[len(parts)])
        self.tell_reform("split", on, {"from": unit.name, "into": [
            {"unit": part.name, "share": share} for part, share in zip(parts, shares)]})
        self.is_active(unit, on)

    def tell_reform(self, what, on, data):
        """Told some days before or after its day, or long after."""
        late = self.chance.choice((-20, 0, 1, 30, 30, 200, 400))
        self.out.put("unit." + what, {**data, "effective": periods.date_text(on), "decision": "12/QĐ"},
                     self.out.moment(on, late), "units", "urn:%s:units" % self.prefix)

    def is_active(self, unit, on):
        """Something is done by the unit around the day, also where it is no more or not yet there."""
        chance, seen = self.chance, self.seen
        for _ in range(chance.randrange(3)):
            fields = chance.choice(seen["activity"]) if seen["activity"] else {}
            self.activity(unit, on + chance.choice((-90, -5, 0, 5, 90)), fields)
        if seen["statistic"] and chance.random() < 0.3:
            name, value = chance.choice(seen["statistic"])
            self.statistic(name, unit, on + chance.choice((-90, 0, 90)), value)
        if seen["report"] and chance.random() < 0.4:
            period, figures, obligation = chance.choice(seen["report"])
            self.report(unit, period, figures, on + chance.choice((-10, 20)), obligation)

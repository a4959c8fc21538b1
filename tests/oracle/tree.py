"""Units and trees: sections 1 (unit keys), 2 (tree) and 4.  Where a fact stands is in place.py."""
from bisect import bisect_right
from fractions import Fraction

import periods
from figures import exact, nfc, scalar
from place import Looped, Places

LAST = (float("inf"),)                      # after every K


def last_by(said, day):
    """Of [(effective, K, value)], sorted: the greatest effective <= day, ties by order; or None."""
    at = bisect_right(said, (day, LAST))
    return said[at - 1] if at else None


class Turn:
    """What rules the existence of a unit from a day on: `begins`, `closed`, `merged`, `split`, or
    `survived` (it is among its own parts, and is or is not as it was before)."""

    def __init__(self, day, kind, parts=()):
        self.day, self.kind, self.parts = day, kind, parts     # parts: [(unit, share)]


class Unit:
    __slots__ = ("id", "kind", "level", "begins", "parents", "turns", "attributes", "registered")

    def ruling(self, day):
        """The last turn that says whether it exists."""
        return next((t for t in reversed(self.turns) if t.day <= day and t.kind != "survived"), None)

    def exists(self, day):
        """Section 4: from `registered` or `reopened` until `closed`, `merged` or `split`."""
        turn = self.ruling(day)
        return turn is not None and turn.kind == "begins"

    def ending(self, day):
        """The ending that rules on the day; None: it exists, or nothing is said of it by then."""
        turn = self.ruling(day)
        return turn if turn and turn.kind != "begins" else None

    def first_after(self, day):
        """The first day after `day` on which it exists, of one that never does the day it was registered
        for; None: there is none."""
        first = next((t.day for t in self.turns if t.kind == "begins" and t.day > day), None)
        never = not any(t.kind == "begins" for t in self.turns)
        return self.begins if never and self.begins > day else first

    def survived(self, after, until):
        """The first split it survived with after < effective <= until."""
        return next((t for t in self.turns if t.kind == "survived" and after < t.day <= until), None)

    def attribute_said(self, key, day):
        """(effective, K, value) of the attribute on a day, or None: never said."""
        return last_by(self.attributes.get(key, ()), day)

    def attribute(self, key, day):
        said = self.attribute_said(key, day)
        return said and said[2]


def units_of(e):
    """The units a unit record names: those of a merge or split, else its own."""
    if e.kind == "unit.merged":
        return [nfc(u) for u in e.body["from"]] + [nfc(e.body["into"])]
    if e.kind == "unit.split":
        return [nfc(e.body["from"])] + [nfc(p["unit"]) for p in e.body["into"]]
    return [nfc(e.body["unit"])]


def turns_of(e):
    """[(unit, Turn)] of one record."""
    day = periods.day_of(e.body["effective"])
    if e.kind == "unit.merged":
        return [(nfc(u), Turn(day, "merged", [(nfc(e.body["into"]), Fraction(1))])) for u in e.body["from"]]
    if e.kind == "unit.split":
        unit, parts = nfc(e.body["from"]), [(nfc(p["unit"]), exact(p["share"])) for p in e.body["into"]]
        return [(unit, Turn(day, "survived" if unit in [p for p, _ in parts] else "split", parts))]
    kind = {"unit.registered": "begins", "unit.reopened": "begins", "unit.closed": "closed"}.get(e.kind)
    return [(nfc(e.body["unit"]), Turn(day, kind))] if kind else []


_made = {}          # the events, by identity -> (the events, their Units): views of one log share them


def units_from(events):
    """The Units of the events in order."""
    key = tuple(map(id, events))
    if key not in _made:
        if len(_made) > 400:
            _made.clear()
        _made[key] = list(events), without_loops(events)
    return _made[key][1]


def without_loops(events):
    """An event that would make a unit its own successor is void."""
    try:
        return Units(events)
    except Looped:
        good = []
        for e in events:
            try:
                Units(good + [e])
                good.append(e)
            except Looped:
                if e.kind not in ("unit.merged", "unit.split", "unit.closed"):
                    raise NotImplementedError("a loop of successors closed by a %s" % e.kind)
        return Units(good)


class Units(Places):
    def __init__(self, events):
        """Fold the unit events of V, in order.  A unit that is not registered is not known, and
        what is said of it waits; a merge or split waits for all its units."""
        registered, said, turns = {}, {}, {}
        for e in events:
            if e.kind == "unit.registered":
                registered[nfc(e.body["unit"])] = e             # restated: the last wins
        for e in events:
            if all(unit in registered for unit in units_of(e)) and (
                    e.kind != "unit.registered" or registered[nfc(e.body["unit"])] is e):
                if e.kind not in ("unit.merged", "unit.split"):
                    said.setdefault((nfc(e.body["unit"]), e.kind), []).append(e)
                for unit, turn in turns_of(e):
                    turns.setdefault(unit, {})[turn.day] = turn     # of one day the last in order
        self.units = {}
        for unit, e in registered.items():
            u = self.units[unit] = Unit()
            u.id, u.kind, u.level = unit, nfc(e.body["kind"]), nfc(e.body["level"])
            u.begins, u.registered = periods.day_of(e.body["effective"]), e

            def of(kind):
                return [(periods.day_of(x.body["effective"]), x) for x in said.get((unit, kind), [])]
            # each property: greatest effective, ties by order
            u.parents = sorted((day, x.K, nfc(x.body["parent"] or "")) for day, x in [(u.begins, e)] + of("unit.moved"))
            u.turns = [turn for _, turn in sorted(turns[unit].items())]
            u.attributes = {}
            for day, x in [(u.begins, e)] + of("unit.attributes_set"):
                for key, value in (x.body.get("attributes") or {}).items():
                    if value is not None:
                        u.attributes.setdefault(nfc(key), []).append((day, x.K, scalar(value)))
            for values in u.attributes.values():
                values.sort()
        self.bounds = sorted({said[0] for u in self.units.values() for said in u.parents}
                             | {t.day for u in self.units.values() for t in u.turns})
        self.reforms = sorted({t.day for u in self.units.values() for t in u.turns if t.parts})
        self.attribute_days = sorted({said[0] for u in self.units.values() for v in u.attributes.values() for said in v})
        self._edges, self._chains, self._places, self._standing, self._ranges, self._flows = {}, {}, {}, {}, {}, {}
        self.refuse_loops()

    def segment(self, day):
        """Between two effective dates nothing changes: the tree of a day is that of its segment."""
        return bisect_right(self.bounds, day)

    def segments(self, first, last):
        """[(segment, first day, last day)] that cover the days first..last."""
        answer, day = [], first
        while day <= last:
            s = self.segment(day)
            end = min(last, self.bounds[s] - 1) if s < len(self.bounds) else last
            answer.append((s, day, end))
            day = end + 1
        return answer

    def edges(self, segment):
        """unit -> what is above it on the days of a segment: its parent, before it begins that of its
        first day (choice 9); an ended unit stands where its facts stand (choice 29).  Of a loop the
        parent edge that is last in order is void, and the unit's edge before it holds (choice 10)."""
        if segment in self._edges:
            return self._edges[segment]
        day = self.bounds[segment - 1] if segment else (self.bounds[0] - 1 if self.bounds else 0)
        said, ended, early, divided = {}, {}, {}, []
        for u in self.units.values():
            ending = u.ending(day)
            if ending is None:
                said[u.id] = [edge for edge in u.parents if edge[0] <= max(day, u.begins)]
                first = None if u.exists(day) else u.first_after(day)
                before = self.predecessors(u.id, first) if first is not None else []
                if len(before) == 1:
                    early[u.id] = before[0]
                elif before:
                    divided.append(u.id)
            elif ending.kind == "closed":
                ended[u.id] = self.parent(u.id, ending.day - 1)
            elif ending.kind == "merged":
                ended[u.id] = ending.parts[0][0]
            else:
                divided.append(u.id)
        while True:
            edges = {unit: known[-1][2] for unit, known in said.items() if known}
            edges = {unit: above for unit, above in {**edges, **ended, **early}.items()
                     if above in self.units and unit not in divided}
            loop = self._loop(edges) or []
            if any(unit in early for unit in loop):             # it stands where it will be
                early.pop(next(unit for unit in loop if unit in early))
                continue
            loop = [unit for unit in loop if unit in said]
            if not loop:
                break
            said[max(loop, key=lambda unit: said[unit][-1][1])].pop()
        self._edges[segment] = edges
        while divided:                              # first those that no other one stands above
            lines = {unit: [self.line(s.node, segment) for part in self.standing_in_for(unit, day)
                            for s in self._stands(part, self.bounds[0] - 1, day, False, True, ())] for unit in divided}
            unit = next((u for u in divided if not any(line[-1:] == [x] for line in lines[u] for x in divided)), divided[0])
            above = next((x for x in lines[unit][0] if self.units[x].exists(day) and all(x in line for line in lines[unit])), None)
            if above is not None:
                edges[unit] = above
            divided.remove(unit)
        return edges

    def standing_in_for(self, unit, day):
        """Itself, if it has ended by the day; if it is to begin, its predecessors."""
        u = self.units[unit]
        return [unit] if u.ending(day) else self.predecessors(unit, u.first_after(day))

    @staticmethod
    def _loop(edges):
        done = set()
        for start in sorted(edges):
            path, unit = [], start
            while unit in edges and unit not in done:
                if unit in path:
                    return path[path.index(unit):]
                path.append(unit)
                unit = edges[unit]
            done.update(path)
        return None

    def parent(self, unit, day):
        return self.edges(self.segment(day)).get(unit)

    def first_parent(self, unit, day):
        """Its parent on its first day, also if it ended that very day."""
        u = self.units[unit]
        return self.parent(unit, day) if u.exists(day) else last_by(u.parents, day)[2]

    def chain(self, unit, segment):
        """The unit and all that is above it, also above a unit that has ended (choice 29)."""
        key = (unit, segment)
        if key not in self._chains:
            self._chains[key] = frozenset(self.line(unit, segment))
        return self._chains[key]

    def line(self, unit, segment):
        """The unit and all that is above it, from below."""
        edges, line = self.edges(segment), []
        while unit is not None and unit not in line:
            line.append(unit)
            unit = edges.get(unit)
        return line

    def matches_level(self, unit, level):
        level = level if type(level) is list else [level]
        return level == [None] or any(l == "any" or nfc(l) == self.units[unit].level for l in level)

"""Units and trees: sections 1 (unit keys), 2 (tree) and 4, without merges and splits."""
from bisect import bisect_right

import periods
from figures import nfc, scalar

LAST = (float("inf"),)                      # after every K


def last_by(said, day):
    """Of [(effective, K, value)], sorted: the greatest effective <= day, ties by order; or None."""
    at = bisect_right(said, (day, LAST))
    return said[at - 1] if at else None


class Unit:
    __slots__ = ("id", "kind", "level", "begins", "parents", "life", "attributes", "registered")

    def exists(self, day):
        """Section 4: from `registered` or `reopened` until `closed`."""
        said = last_by(self.life, day)
        return said is not None and said[2]

    def ended(self, day):
        """The last ending not after the day: the first day it was no more; None: none."""
        for effective, _, _ in reversed(self.life):
            if effective <= day and not self.exists(effective) and self.exists(effective - 1):
                return effective
        return None

    def first_after(self, day):
        """The first day after `day` on which it exists; None: never."""
        return next((e for e, _, _ in self.life if e > day and self.exists(e)), None)

    def attribute_said(self, key, day):
        """(effective, K, value) of the attribute on a day, or None: never said."""
        return last_by(self.attributes.get(key, ()), day)

    def attribute(self, key, day):
        said = self.attribute_said(key, day)
        return said and said[2]


class Region:
    """What a ratio of terms includes: whole subtrees, the own figures of units, and what is said of
    units that no longer stand in the tree asked for."""

    def __init__(self, whole, own, gone=()):
        self.key = (frozenset(whole), frozenset(own), frozenset(gone))
        self.whole, self.own, self.gone = self.key

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return isinstance(other, Region) and self.key == other.key


class Units:
    def __init__(self, events):
        """Fold the unit events of V, in order.  A unit that is not registered is not known, and
        what is said of it waits."""
        registered, said = {}, {}
        for e in events:
            unit = nfc(e.body["unit"])
            if e.kind == "unit.registered":
                registered[unit] = e                            # restated: the last wins
            else:
                said.setdefault((unit, e.kind), []).append(e)
        self.units = {}
        for unit, e in registered.items():
            u = self.units[unit] = Unit()
            u.id, u.kind, u.level = unit, nfc(e.body["kind"]), nfc(e.body["level"])
            u.begins, u.registered = periods.day_of(e.body["effective"]), e

            def of(kind):
                return [(periods.day_of(x.body["effective"]), x) for x in said.get((unit, kind), [])]
            # each property: greatest effective, ties by order
            u.parents = sorted((day, x.K, nfc(x.body["parent"] or "")) for day, x in [(u.begins, e)] + of("unit.moved"))
            u.life = sorted([(u.begins, e.K, True)] + [(day, x.K, True) for day, x in of("unit.reopened")]
                            + [(day, x.K, False) for day, x in of("unit.closed")])
            u.attributes = {}
            for day, x in [(u.begins, e)] + of("unit.attributes_set"):
                for key, value in (x.body.get("attributes") or {}).items():
                    if value is not None:
                        u.attributes.setdefault(nfc(key), []).append((day, x.K, scalar(value)))
            for values in u.attributes.values():
                values.sort()
        self.bounds = sorted({said[0] for u in self.units.values() for said in u.parents + u.life})
        self.attribute_days = sorted({said[0] for u in self.units.values() for v in u.attributes.values() for said in v})
        self._edges, self._chains, self._places, self._standing, self._ranges = {}, {}, {}, {}, {}

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
        """unit -> parent on the days of a segment.  Before a unit begins the edge of
        its first day is taken (choice 9).  Of a loop the edge that is last in order is void, and the
        unit's edge before it holds (choice 10)."""
        if segment in self._edges:
            return self._edges[segment]
        day = self.bounds[segment - 1] if segment else (self.bounds[0] - 1 if self.bounds else 0)
        said = {}
        for u in self.units.values():
            said[u.id] = [edge for edge in u.parents if edge[0] <= max(day, u.begins)]
        while True:
            edges = {unit: known[-1][2] for unit, known in said.items() if known and known[-1][2] in self.units}
            loop = self._loop(edges)
            if not loop:
                break
            said[max(loop, key=lambda unit: said[unit][-1][1])].pop()
        self._edges[segment] = edges
        return edges

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

    def chain(self, unit, segment):
        """The unit and all that is above it, also above a unit that is closed (choice 29)."""
        key = (unit, segment)
        if key not in self._chains:
            edges, chain = self.edges(segment), []
            while unit is not None:
                chain.append(unit)
                unit = edges.get(unit)
            self._chains[key] = frozenset(chain)
        return self._chains[key]

    def place(self, unit, day, as_reported=False):
        """Section 4, place(u, t, d): (where it stands, whether it is its own); None: nowhere."""
        key = (unit, self.segment(day), as_reported)
        if key not in self._places:
            self._places[key] = self._place(unit, day, as_reported)
        return self._places[key]

    def _place(self, unit, day, as_reported):
        own, met = True, set()
        while unit is not None and unit not in met:
            u = self.units[unit]
            if u.exists(day):
                return unit, own
            met.add(unit)
            ending, begins = u.ended(day), u.first_after(day)
            if ending is not None:                              # 2: closed: its parent on the day before
                unit = self.parent(unit, ending - 1)
            elif as_reported or begins is None:                 # 3: under as_reported it stays its own
                return (unit, own) if as_reported else (None, False)
            else:                                               # 3: its parent on its first day
                unit = self.parent(unit, begins)
            own = False
        return None, False

    def inside(self, unit, node, placed, segment, asked, of):
        """Is what is said of `unit`, standing at `node`, in the asked figure?"""
        if node is None:
            return False
        if isinstance(of, Region):
            return (placed and node in of.own) or not of.gone.isdisjoint(self.chain(unit, segment)) \
                or not of.whole.isdisjoint(self.chain(node, segment))
        return (placed and node == asked) if of == "own" else asked in self.chain(node, segment)

    def stands_under(self, units, asked, of, tree, first, last):
        """The parts [first, last] of the days first..last in which a fact organised by `units`
        belongs to the asked unit's own or subtree figure (or to a Region)."""
        key = (units, asked, of, tree, first, last)
        if key not in self._ranges:
            whole = [(None, first, last)] if tree is not None else self.segments(first, last)
            answer = []
            for s, a, b in whole:                               # as_reported: each fact with d = t
                day = a if tree is None else tree
                segment = self.segment(day)
                if any(self.inside(u, *self.place(u, day, tree is None), segment, asked, of) for u in units):
                    answer.append((a, b))
            self._ranges[key] = answer
        return self._ranges[key]

    def matches_level(self, unit, level):
        level = level if type(level) is list else [level]
        return level == [None] or any(l == "any" or nfc(l) == self.units[unit].level for l in level)

    def standing(self, day, tree):
        """[(unit, node, placed)] of the units that exist on the day: section 4, counted as on A,
        then placed with t = A."""
        key = (day, tree)
        if key not in self._standing:
            self._standing[key] = [(unit, *((unit, True) if tree is None else self.place(unit, tree)))
                                   for unit in sorted(self.units) if self.units[unit].exists(day)]
        return self._standing[key]

    def under(self, asked, of, day, tree):
        """[(unit, node, placed)] of those that belong to the asked figure."""
        segment = self.segment(day if tree is None else tree)
        return [s for s in self.standing(day, tree) if self.inside(*s, segment, asked, of)]

    def members(self, asked, day, tree, direct=False):
        """Units that exist on the day and stand in the subtree of the asked unit (itself included)."""
        d = day if tree is None else tree
        return [unit for unit, node, placed in self.under(asked, "subtree", day, tree)
                if not direct or ((self.parent(node, d) == asked) if placed else (node == asked))]

    def above(self, unit, node, placed, segment):
        """The unit's own chain, itself left out, and the chain of where it stands."""
        return (self.chain(unit, segment) | self.chain(node, segment)) - {unit}

    def topmost(self, declaring, asked, of, day, tree):
        """Section 5, covers subtree: [(unit, node, placed)] of the declaring units in the asked figure
        that have no declaring unit above them there."""
        segment = self.segment(day if tree is None else tree)
        said = [s for s in self.under(asked, of, day, tree) if s[0] in declaring]
        names = {unit for unit, _, _ in said}
        return [s for s in said if names.isdisjoint(self.above(*s, segment))]

    def descent(self, declaring, asked, day, tree):
        """Section 5, ratio of terms: (the stops, the Region that is included, the units missing)."""
        segment = self.segment(day if tree is None else tree)
        stops = self.topmost(declaring, asked, "subtree", day, tree)
        whole = {unit for unit, _, _ in stops}
        inner = {u for u in self.units if asked in self.chain(u, segment)}
        between = {x for s in stops for x in self.above(*s, segment)} & inner
        lost = [s for s in self.under(asked, "subtree", day, tree)
                if s[0] not in between and whole.isdisjoint(self.above(*s, segment) | {s[0]})]
        names = {unit for unit, _, _ in lost}
        missing = [s[0] for s in lost if names.isdisjoint(self.above(*s, segment))]
        gone = {unit for unit, _, placed in stops if not placed}
        return sorted(whole), Region(whole, between, gone), missing

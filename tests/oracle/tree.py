"""Units and trees: sections 1 (unit keys), 2 (tree) and 4.  Only registered, renamed and moved
units; merged, split, closed, reopened, attributes_set come later and are to be added here."""
from bisect import bisect_right

import periods
from figures import nfc, scalar


class Unit:
    __slots__ = ("id", "kind", "level", "begins", "parents", "attributes", "registered")

    def exists(self, day):
        """Section 4: from `registered` on (until closed, merged, split: not yet in scope)."""
        return self.begins <= day

    def attribute(self, key, day):
        """Section 4: the attribute on a day; registration gives them from its effective day."""
        return self.attributes.get(key) if self.begins <= day else None


class Units:
    def __init__(self, events):
        """Fold the unit events of V, in order.  A unit that is not registered is not known, and
        what is said of it waits."""
        registered, moves = {}, {}
        for e in events:
            unit = nfc(e.body["unit"])
            if e.kind == "unit.registered":
                registered[unit] = e                            # restated: the last wins
            elif e.kind == "unit.moved":
                moves.setdefault(unit, []).append(e)
        self.units = {}
        for unit, e in registered.items():
            u = self.units[unit] = Unit()
            u.id, u.kind, u.level = unit, nfc(e.body["kind"]), nfc(e.body["level"])
            u.begins, u.registered = periods.day_of(e.body["effective"]), e
            u.attributes = {nfc(k): scalar(v) for k, v in (e.body.get("attributes") or {}).items() if v is not None}
            # the property `parent`: greatest effective, ties by order
            u.parents = sorted((periods.day_of(p.body["effective"]), p.K, nfc(p.body["parent"] or ""))
                               for p in [e] + moves.get(unit, []))
        self.bounds = sorted({day for u in self.units.values() for day, _, _ in u.parents})
        self._edges, self._chains = {}, {}

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
        """The unit and all that is above it."""
        key = (unit, segment)
        if key not in self._chains:
            edges, chain = self.edges(segment), []
            while unit is not None:
                chain.append(unit)
                unit = edges.get(unit)
            self._chains[key] = frozenset(chain)
        return self._chains[key]

    def place(self, unit, day):
        """Section 4, place(u, t, d) for a dated tree: (where it stands, whether it is its own).
        Cases 1 and 3 (without predecessors); None: nowhere."""
        if self.units[unit].exists(day):
            return unit, True
        while unit is not None and not self.units[unit].exists(day):
            unit = self.parent(unit, self.units[unit].begins)      # its parent on its first day, unplaced
        return unit, False

    def stands_under(self, units, asked, of, tree, first, last):
        """The parts [first, last] of the days first..last in which a fact organised by `units`
        belongs to the asked unit's own or subtree figure."""
        if tree is None:                                        # as_reported: each fact with d = t
            if of == "own":
                return [(first, last)] if asked in units else []
            return [(a, b) for s, a, b in self.segments(first, last)
                    if any(asked in self.chain(u, s) for u in units)]
        for u in units:
            node, placed = self.place(u, tree)
            if node is not None and (placed and node == asked if of == "own"
                                     else asked in self.chain(node, self.segment(tree))):
                return [(first, last)]
        return []

    def matches_level(self, unit, level):
        level = level if type(level) is list else [level]
        return level == [None] or any(l == "any" or nfc(l) == self.units[unit].level for l in level)

    def members(self, asked, day, tree, direct=False):
        """Units that exist on the day and stand in the subtree of the asked unit (itself included);
        section 4: counted as on A, then placed with t = A."""
        d = day if tree is None else tree
        answer = []
        for unit in sorted(self.units):
            if not self.units[unit].exists(day):
                continue
            node, placed = (unit, True) if tree is None else self.place(unit, d)
            if node is None:
                continue
            if direct:
                if (self.parent(node, d) == asked) if placed else (node == asked):
                    answer.append(unit)
            elif asked in self.chain(node, self.segment(d)):
                answer.append(unit)
        return answer

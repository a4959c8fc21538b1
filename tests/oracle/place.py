"""Where facts and units stand: section 4, place(u, t, d), division, and whom an asked figure takes."""
from fractions import Fraction

from figures import apportion


class Looped(Exception):
    """A unit would be its own successor."""


class Stand:
    """One of the places of a fact: the unit, the share, and whether it is the unit's own there."""
    __slots__ = ("node", "share", "placed")

    def __init__(self, node, share=Fraction(1), placed=True):
        self.node, self.share, self.placed = node, share, placed

    def __repr__(self):
        return "%s%s %s" % (self.node, "" if self.placed else " unplaced", self.share)


NOWHERE = [Stand(None, placed=False)]


class Standing(Stand):
    """A unit counted as on A, and where it stands."""
    __slots__ = ("unit", "divided")

    def __init__(self, unit, stand, divided=False):
        self.unit, self.node, self.share, self.placed, self.divided = unit, stand.node, stand.share, stand.placed, divided

    @property
    def mark(self):
        """What it is known by to those below it: the unit it is now, or itself, unplaced."""
        return self.node if self.placed else self.unit


class Region:
    """What a ratio of terms includes: whole subtrees, the own figures of units, and what is said of
    units that no longer stand, or stand divided, in the tree asked for."""

    def __init__(self, whole, own, gone=()):
        self.key = (frozenset(whole), frozenset(own), frozenset(gone))
        self.whole, self.own, self.gone = self.key

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return isinstance(other, Region) and self.key == other.key


def unplaced(stands):
    return [Stand(s.node, s.share, False) for s in stands]


def gathered(stands):
    """Equal places once, with the sum of their shares, in the order of the first."""
    sums = {}
    for s in stands:
        if s.share:
            sums[s.node, s.placed] = sums.get((s.node, s.placed), 0) + s.share
    return [Stand(node, share, placed) for (node, placed), share in sums.items()]


class Places:
    """The part of Units that places facts."""

    def place(self, unit, t, d, as_reported=False):
        """Section 4, place(u, t, d), of what can be divided: [Stand] whose shares add up to 1."""
        return self._placed(unit, t, d, as_reported, True)

    def whole(self, unit, t, d, as_reported=False):
        """Of what is never divided: one Stand, at the lowest common ancestor of the parts."""
        return self._placed(unit, t, d, as_reported, False)[0]

    def _placed(self, unit, t, d, as_reported, divide):
        key = (unit, self.segment(t), self.segment(d), as_reported, divide)
        if key not in self._places:
            self._places[key] = self._stands(unit, t, d, as_reported, divide, ())
        return self._places[key]

    def _stands(self, unit, t, d, as_reported, divide, path):
        """The rules 1 to 3.  `path`: (unit, kind of step) of the steps so far."""
        if unit is None:
            return NOWHERE

        def on(unit, day, kind="merged"):
            return self._stands(unit, day, d, as_reported, divide, path + ((here.id, kind),))
        here = self.units[unit]
        exists, ending = here.exists(d), here.ending(d)
        if exists or ending:
            split = here.survived(t, d if exists else ending.day)
            if split:                                           # divided among the parts, each placed on
                return self._parts([(share, on(part, split.day, "divided")) for part, share in split.parts], d, divide)
            if exists:                                          # rule 1
                return [Stand(unit)]
        loop = path[next((n for n, (u, kind) in enumerate(path) if u == unit and kind != "divided"), len(path)):]
        if loop:
            return self._closing(loop)
        if ending:                                              # rule 2
            if ending.kind == "closed":
                return unplaced(on(self.parent(unit, ending.day - 1), ending.day, "closed"))
            return self._parts([(share, on(part, ending.day)) for part, share in ending.parts], d, divide)
        begins = here.first_after(d)                            # rule 3
        before = self.predecessors(unit, begins) if begins is not None else []
        if len(before) == 1:
            return on(before[0], t, "early")
        if before:
            nodes = [s.node for u in before for s in on(u, t, "early")]
            return [Stand(self.common(nodes, d), placed=False)]
        if as_reported:                                         # it stays the unit's own
            return [Stand(unit)]
        return NOWHERE if begins is None else unplaced(on(self.first_parent(unit, begins), t, "early"))

    @staticmethod
    def _closing(loop):
        """What came back to where it was: what would be its own successor is no succession; what waits
        for a unit that is still to begin stands there (choice 29a)."""
        early = [unit for unit, kind in loop if kind == "early"]
        if not early and any(kind in ("merged", "divided") for _, kind in loop):
            raise Looped(loop)
        return [Stand((early or [loop[0][0]])[0], placed=False)]

    def _parts(self, parts, d, divide):
        if divide:
            return gathered([Stand(s.node, part, s.placed) for share, stands in parts
                             for s, part in zip(stands, apportion(share, [s.share for s in stands]))])
        stands = [s for _, stands in parts for s in stands]
        if len({(s.node, s.placed) for s in stands}) == 1:
            return stands[:1]
        return [Stand(self.common([s.node for s in stands], d), placed=False)]

    def predecessors(self, unit, day):
        """The units merged into it, or split with it among the parts, on that day."""
        return sorted(u.id for u in self.units.values() if u.id != unit
                      for turn in u.turns if turn.day == day and unit in [part for part, _ in turn.parts])

    def common(self, nodes, d):
        """The lowest common ancestor in the tree of d; None without one."""
        segment = self.segment(d)
        chains = [self.chain(node, segment) for node in nodes if node is not None]
        return next((u for u in self.line(nodes[0], segment) if self.units[u].exists(d)
                     and all(u in chain for chain in chains)), None) if nodes[0] is not None else None

    def refuse_loops(self):
        """Raises Looped where following what became of a unit comes back to it."""
        touched = [u.id for u in self.units.values() if any(t.parts for t in u.turns)]
        if self.reforms:
            for d in [day for day in self.bounds if day >= self.reforms[0]]:
                for unit in touched:
                    if self.units[unit].exists(d) or self.units[unit].ending(d):
                        self.place(unit, self.bounds[0] - 1, d)

    # ------------------------------------------------------------ what flowed into a unit
    def brought(self, unit, day):
        """(e, [(v, share)]): the last day <= `day` on which a merge or split brought something into
        the unit, and the units that flowed into it then, itself included; (None, []): never."""
        for e in reversed([e for e in self.reforms if e <= day]):
            flows = self.flows(unit, e)
            if any(v != unit or self.units[v].survived(e - 1, e) for v, _ in flows):
                return e, flows
        return None, []

    def flows(self, unit, e):
        if (unit, e) not in self._flows:
            self._flows[unit, e] = [(v, s.share) for v in sorted(self.units) if self.units[v].exists(e - 1)
                                    for s in self.place(v, e - 1, e) if s.node == unit and s.placed]
        return self._flows[unit, e]

    # ------------------------------------------------------------ the asked figure
    def inside(self, unit, s, segment, asked, of):
        """Is what is said of `unit`, standing at `s`, in the asked figure?"""
        if s.node is None:
            return False
        if isinstance(of, Region):
            return (s.placed and s.node in of.own) or not of.whole.isdisjoint(self.chain(s.node, segment)) \
                or (not of.gone.isdisjoint(self.chain(unit, segment)) and asked in self.chain(s.node, segment))
        return (s.placed and s.node == asked) if of == "own" else asked in self.chain(s.node, segment)

    def stands_under(self, units, asked, of, tree, first, last, whole=True):
        """[(a, b, shares, parts)]: the days a..b of first..last in which a fact organised by `units`
        belongs to the asked unit's own or subtree figure (or to a Region); `shares` are those of all
        its parts, and `parts` the places in that list of the parts that belong to it."""
        key = (units, asked, of, tree, first, last, whole)
        if key not in self._ranges:
            answer = []
            for s, a, b in self.segments(first, last):          # as_reported: each fact with d = t
                day = a if tree is None else tree
                segment = self.segment(day)
                shares, parts = (1,), ()
                if whole:
                    if any(self.inside(u, self.whole(u, a, day, tree is None), segment, asked, of) for u in units):
                        parts = (0,)
                else:
                    stands = self.place(units[0], a, day, tree is None)
                    shares = tuple(s.share for s in stands)
                    parts = tuple(n for n, s in enumerate(stands) if self.inside(units[0], s, segment, asked, of))
                if parts:
                    answer.append((a, b, shares, parts))
            self._ranges[key] = answer
        return self._ranges[key]

    def share_under(self, unit, asked, of, tree, day):
        """The share of an amount of that unit and day that belongs to the asked figure."""
        return sum((shares[n] for _, _, shares, parts in
                    self.stands_under((unit,), asked, of, tree, day, day, False) for n in parts), Fraction(0))

    def standing(self, day, tree, whole=True):
        """[Standing] of the units that exist on the day: section 4, counted as on A, then placed
        with t = A."""
        key = (day, tree, whole)
        if key not in self._standing:
            self._standing[key] = [
                Standing(unit, s, len(stands) > 1) for unit in sorted(self.units) if self.units[unit].exists(day)
                for stands in [[Stand(unit)] if tree is None else
                               [self.whole(unit, day, tree)] if whole else self.place(unit, day, tree)] for s in stands]
        return self._standing[key]

    def under(self, asked, of, day, tree, whole=True):
        """[Standing] of those that belong to the asked figure."""
        segment = self.segment(day if tree is None else tree)
        return [s for s in self.standing(day, tree, whole) if self.inside(s.unit, s, segment, asked, of)]

    def members(self, asked, day, tree, direct=False):
        """Units that exist on the day and stand in the subtree of the asked unit (itself included)."""
        d = day if tree is None else tree
        return [s.unit for s in self.under(asked, "subtree", day, tree)
                if not direct or ((self.parent(s.node, d) == asked) if s.placed else (s.node == asked))]

    def rank(self, s, segment):
        """All that a declaration is below of, itself included: the chain of where it stands, and of
        what is unplaced its own."""
        return self.chain(s.node, segment) if s.placed else self.chain(s.unit, segment) | self.chain(s.node, segment)

    def topmost(self, declaring, asked, of, day, tree):
        """Section 5, covers subtree: [Standing] of the declaring units in the asked figure that have no
        declaring unit above them there."""
        return self.not_below(declaring, declaring, asked, of, day, tree)

    def not_below(self, declaring, units, asked, of, day, tree):
        """[Standing] of the units in the asked figure that have no declaring unit above them there."""
        segment = self.segment(day if tree is None else tree)
        here = self.under(asked, of, day, tree, False)
        marks = {s.mark for s in here if s.unit in declaring}
        return [s for s in here if s.unit in units and marks.isdisjoint(self.rank(s, segment) - {s.mark})]

    def descent(self, declaring, asked, day, tree):
        """Section 5, ratio of terms: (the stops, the Region that is included, the units missing)."""
        segment = self.segment(day if tree is None else tree)
        stops = self.topmost(declaring, asked, "subtree", day, tree)
        whole = {s.mark for s in stops}
        inner = {u for u in self.units if asked in self.chain(u, segment)}
        between = {x for s in stops for x in self.rank(s, segment) - {s.mark}} & inner
        lost = [s for s in self.under(asked, "subtree", day, tree, False)
                if s.mark not in between and whole.isdisjoint(self.rank(s, segment))]
        marks = {name for s in lost for name in (s.mark, s.unit)}
        missing = sorted({s.unit for s in lost if marks.isdisjoint(self.rank(s, segment) - {s.mark, s.unit})})
        gone = {s.unit for s in stops if not s.placed or s.divided}
        return stops, Region(whole, between, gone), missing

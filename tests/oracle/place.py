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
    __slots__ = ("unit", "divided", "gone")

    def __init__(self, unit, stand, divided, gone):
        self.unit, self.node, self.share, self.placed = unit, stand.node, stand.share, stand.placed
        self.divided, self.gone = divided, divided and gone

    @property
    def mark(self):
        """What it is known by to those below it: the unit it is now, or itself, unplaced."""
        return self.node if self.placed else self.unit

    @property
    def marks(self):
        """Itself too, if it is gone and stands divided: what hung under it still does."""
        return (self.mark, self.unit) if self.gone else (self.mark,)


class Region:
    """What a ratio of terms includes.  Asked in the tree of `day`: whole subtrees, what stands as a
    unit's own, all that hangs under units that no longer stand, or stand divided.  Asked in the tree
    of A (`as_at`): what is a unit's own there."""

    def __init__(self, day, as_at, whole=(), own=(), gone=(), owned=()):
        self.day, self.as_at = day, as_at
        self.whole, self.own, self.gone, self.owned = map(frozenset, (whole, own, gone, owned))
        self.key = (day, as_at, self.whole, self.own, self.gone, self.owned)

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return isinstance(other, Region) and self.key == other.key


def overlaid(lists, test):
    """(shares, the places in them that pass): divisions of one whole, [(share, mark)] each, laid over
    each other like lengths of one line; test(marks) of a piece, one mark of each list."""
    ends = [[sum((share for share, _ in parts[:n + 1]), Fraction(0)) for n in range(len(parts))] for parts in lists]
    shares, passing, begin = [], [], Fraction(0)
    for end in sorted({e for some in ends for e in some if e > 0}):
        marks = [next(mark for e, (_, mark) in zip(some, parts) if e > begin) for some, parts in zip(ends, lists)]
        if test(marks):
            passing.append(len(shares))
        shares.append(end - begin)
        begin = end
    return tuple(shares), tuple(passing)


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

    def leaves(self, unit, t, d, as_reported=False):
        """Of what can be divided: the parts as they were divided, equal places not added up."""
        return self._placed(unit, t, d, as_reported, "leaves")

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
            leaves = [Stand(s.node, part, s.placed) for share, stands in parts
                      for s, part in zip(stands, apportion(share, [s.share for s in stands]))]
            return leaves if divide == "leaves" else gathered(leaves)
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
    def inside(self, s, segment, asked, of):
        """Is what stands at `s` in the asked own or subtree figure?"""
        if s.node is None:
            return False
        return (s.placed and s.node == asked) if of == "own" else asked in self.chain(s.node, segment)

    def included(self, unit, s, region):
        """Is what is said of `unit`, standing at `s` in the region's tree, included there?"""
        if s.node is None:
            return False
        segment = self.segment(region.day)
        return (s.placed and s.node in region.own) or not region.whole.isdisjoint(self.chain(s.node, segment)) \
            or not region.gone.isdisjoint(self.chain(unit, segment) | self.chain(s.node, segment))

    def stands_under(self, units, asked, of, tree, first, last, whole=True):
        """[(a, b, shares, parts)]: the days a..b of first..last in which a fact organised by `units`
        belongs to the asked unit's own or subtree figure (or to a Region below it); `shares` are those
        of all its parts, and `parts` the places in that list of the parts that belong to it."""
        key = (units, asked, of, tree, first, last, whole)
        if key not in self._ranges:
            answer = []
            for s, a, b in self.segments(first, last):          # as_reported: each fact with d = t
                if whole:
                    shares, parts = (1,), (0,) if any(self._whole_under(u, a, asked, of, tree) for u in units) else ()
                else:
                    shares, parts = self._parts_under(units[0], a, asked, of, tree)
                if parts:
                    answer.append((a, b, shares, parts))
            self._ranges[key] = answer
        return self._ranges[key]

    def _whole_under(self, unit, t, asked, of, tree):
        day, region = t if tree is None else tree, isinstance(of, Region)
        if not self.inside(self.whole(unit, t, day, tree is None), self.segment(day), asked, "subtree" if region else of):
            return False
        if not region or self.included(unit, self.whole(unit, t, of.day), of):
            return True
        s = self.whole(unit, t, of.as_at)
        return s.placed and s.node in of.owned

    def _parts_under(self, unit, t, asked, of, tree):
        """(shares, parts) of one unit and day.  In a Region: placed in three trees, a part counts that
        stands below the asked unit, and is included in one of the two others."""
        day, region = t if tree is None else tree, isinstance(of, Region)

        def marked(place):
            lists = [[(s.share, self.inside(s, self.segment(day), asked, "subtree" if region else of))
                      for s in place(unit, t, day, tree is None)]]
            if region:
                lists.append([(s.share, self.included(unit, s, of)) for s in place(unit, t, of.day)])
                lists.append([(s.share, s.placed and s.node in of.owned) for s in place(unit, t, of.as_at)])
            return lists
        lists = marked(self.place)
        if not region:
            return tuple(share for share, _ in lists[0]), tuple(n for n, (_, mark) in enumerate(lists[0]) if mark)
        if sum(len({mark for _, mark in parts}) > 1 for parts in lists) > 1:
            lists = marked(self.leaves)
        lists = [parts if len({mark for _, mark in parts}) > 1 else [(Fraction(1), parts[0][1])] for parts in lists]
        return overlaid(lists, lambda marks: marks[0] and (marks[1] or marks[2]))

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
                Standing(unit, s, len(stands) > 1, not self.units[unit].exists(day if tree is None else tree))
                for unit in sorted(self.units) if self.units[unit].exists(day)
                for stands in [[Stand(unit)] if tree is None else
                               [self.whole(unit, day, tree)] if whole else self.place(unit, day, tree)] for s in stands]
        return self._standing[key]

    def under(self, asked, of, day, tree, whole=True):
        """[Standing] of those that belong to the asked figure."""
        segment = self.segment(day if tree is None else tree)
        if not isinstance(of, Region):
            return [s for s in self.standing(day, tree, whole) if self.inside(s, segment, asked, of)]
        return [s for s in self.standing(day, tree, whole) if self.inside(s, segment, asked, "subtree")
                and (s.unit in of.owned or self.included(s.unit, s, of))]

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
        marks = {mark for s in here if s.unit in declaring for mark in s.marks}
        return [s for s in here if s.unit in units and marks.isdisjoint(self.rank(s, segment) - set(s.marks))]

    def descent(self, declaring, asked, day, tree):
        """Section 5, ratio of terms: (the stops, the Region that is included, the units missing)."""
        d = day if tree is None else tree
        segment = self.segment(d)
        stops = self.topmost(declaring, asked, "subtree", day, tree)
        inner = {u for u in self.units if asked in self.chain(u, segment)}
        between = {x for s in stops for x in self.rank(s, segment) - {s.mark}} & inner
        here = self.under(asked, "subtree", day, tree, False)
        region = Region(d, day, {s.mark for s in stops}, between, {s.unit for s in stops if not s.placed or s.divided},
                        {s.unit for s in here if not s.placed and not s.divided and s.unit in between})
        lost = [s for s in here if s.unit not in region.owned and not self.included(s.unit, s, region)]
        tops = {s.mark for s in lost if s.placed or not s.divided}
        return stops, region, sorted({s.unit for s in lost if tops.isdisjoint(self.rank(s, segment) - {s.mark})})

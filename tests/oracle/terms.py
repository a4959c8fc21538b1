"""What is declared as a state, and ratios of terms: section 5."""
from fractions import Fraction

import figures
from activities import compile_filter, unit_field
from declared import last_of
from figure import Figure
from figures import nfc
from place import Region


class Part:
    """What a unit's state is made of: a share of the numbers of one declaration."""

    def __init__(self, share, numbers, K):
        self.share, self.numbers, self.K = share, numbers, K


class Terms:
    """The part of Formulas that figures registers, statistics, reported states and ratios."""

    def _gauge(self, f, plan, indicator, unit, w, of, tree):
        if f.get("of") == "reported":
            states = self.reported_states(f, plan, indicator, w, f.get("covers", "own"), pair=False)
            return self._sum_of(states, self.declared_under(states, f.get("covers", "own"), unit, of, w, tree))
        return Figure(len(self.entities_under(f["register"], f.get("only"), unit, of, w.last, tree)))

    def _state(self, f, plan, indicator, unit, w, of, tree):
        """1 or 0 for the unit itself on A."""
        if "attribute" in f:
            said, decided = self.attribute_is(unit, f, w.last)
            return Figure(None if said is None else int(said), reason="nothing_said", records=int(bool(said)))
        return Figure(int(bool(self.entities_under(f["register"], f.get("only"), unit, "own", w.last, tree))))

    def _rank(self, f, plan, indicator, unit, w, of, tree):
        """The last value of exactly this unit; never added up."""
        said = last_of(self.k.statistics.get(nfc(f["statistic"]), {}).get(unit, ()), None, w.last)
        return Figure(said and said.value, reason="nothing_said", records=int(said is not None and said.value != 0))

    # ------------------------------------------------------------ whom a declaration speaks for
    def declared_under(self, states, covers, unit, of, w, tree):
        """[Standing] of the units whose declarations stand in the asked figure: all of them if each
        speaks for itself, the topmost if they speak for everything below."""
        if covers == "own":
            return [s for s in self.units.under(unit, of, w.last, tree, False) if s.unit in states]
        return self.units.topmost(states, unit, of, w.last, tree)

    def states_on(self, said, day):
        """Section 4, states across a reorganisation: {unit: [Part]} of the units that exist on the
        day.  said(unit, first, last): the last declaration (numbers, K) of those days, or None."""
        memo = {}

        def on(unit, day):
            if (unit, day) not in memo:
                e, flows = self.units.brought(unit, day)
                own = said(unit, e, day)
                if own is not None:
                    memo[unit, day] = [Part(Fraction(1), *own)]
                else:
                    memo[unit, day] = [Part(share * p.share, p.numbers, p.K) for v, share in flows for p in on(v, e - 1)]
            return memo[unit, day]
        found = {unit: on(unit, day) for unit, u in self.units.units.items() if u.exists(day)}
        return {unit: parts for unit, parts in found.items() if parts}

    @staticmethod
    def _sum_of(states, stands):
        """The figure of single numbers."""
        if not stands:
            return Figure(reason="nothing_said")
        parts = [(p, s.share * p.share) for s in stands for p in states[s.unit]]
        return Figure(sum(share * p.numbers[0] for p, share in parts), len({p.K for p, _ in parts if p.numbers[0] != 0}),
                      any(share != 1 for _, share in parts))

    def statistic_states(self, f, w):
        """{unit: [Part]} of the units that exist on A; fresh: said for a day of the window."""
        if f.get("fresh", "any") not in ("any", "period"):
            raise NotImplementedError("fresh %s" % f["fresh"])
        fresh = w.first if f.get("fresh") == "period" else None
        declared = self.k.statistics.get(nfc(f["statistic"]), {})

        def said(unit, first, last):
            found = last_of(declared.get(unit, ()), max([d for d in (first, fresh) if d is not None], default=None), last)
            return found and ((found.value,), found.K)
        return self.states_on(said, w.last)

    def _statistic(self, f, plan, indicator, unit, w, of, tree):
        states = self.statistic_states(f, w)
        return self._sum_of(states, self.declared_under(states, f.get("covers", "subtree"), unit, of, w, tree))

    # ------------------------------------------------------------ reported ratios, surveys
    def reported_states(self, f, plan, indicator, w, covers, pair, survey=False):
        """{unit: [Part]}, the numbers (value,) or (numerator, denominator): the state on A of each unit
        that exists on A, of the units of `units` if the formula says so; a pair of which one is null is
        (n, None) or (None, d)."""
        if f.get("fresh", "any") not in ("any", "period"):
            raise NotImplementedError("fresh %s" % f["fresh"])
        fresh = w.first if f.get("fresh") == "period" else None
        measure, usable = f.get("measure") or indicator.measure, {}
        for unit, figures_said in self.reported.said(plan, indicator.id).items():
            for s in figures_said:
                if pair:
                    state = self.reported.usable_pair(s, measure, covers, survey)
                else:
                    value = self.reported.usable_value(s, measure, covers)
                    state = None if value is None else (value,)
                if state is not None:
                    usable.setdefault(unit, []).append((s.as_at, s.K, state))

        def said(unit, first, last):
            found = max((u for u in usable.get(unit, ()) if u[0] <= last), default=None, key=lambda u: u[:2])
            if found is None or (first is not None and found[0] < first) or (fresh is not None and found[0] < fresh):
                return None
            return found[2], found[1]
        among = f.get("units") or {}
        test = compile_filter(among.get("where"))
        return {unit: parts for unit, parts in self.states_on(said, w.last).items()
                if self.units.matches_level(unit, among.get("level"))
                and test(lambda name: unit_field(self.units, unit, w.last, name))}

    def _survey(self, f, plan, indicator, unit, w, of, tree):
        return self._pairs(f, plan, indicator, unit, w, of, tree, "subtree", survey=True)

    def _pairs(self, f, plan, indicator, unit, w, of, tree, covers, survey=False):
        """Sum of n / sum of d over the units that have both."""
        states = self.reported_states(f, plan, indicator, w, covers, pair=True, survey=survey)
        both = {u: [p for p in parts if None not in p.numbers] for u, parts in states.items()}
        both = {u: parts for u, parts in both.items() if parts}
        stand = self.declared_under(both, covers, unit, of, w, tree)
        half = [u for u in states if u not in both]
        missing = sorted({s.unit for s in self.units.not_below(both if covers == "subtree" else (), half, unit, of, w.last, tree)})
        answer = Figure(reason="denominator_missing" if missing else "nothing_said")
        if stand:
            parts = [(p, s.share * p.share) for s in stand for p in both[s.unit]]
            n, d = (sum(share * p.numbers[i] for p, share in parts) for i in (0, 1))
            answer = Figure(None, len({p.K for p, _ in parts if p.numbers != (0, 0)}), any(share != 1 for _, share in parts),
                            numerator=n, denominator=d, reason="denominator_zero")
        answer.missing = missing
        return answer

    # ------------------------------------------------------------ ratios of terms
    def _ratio(self, f, plan, indicator, unit, w, of, tree):
        """Always of the subtree where it is a ratio of terms."""
        if f.get("of") == "reported":
            return self._pairs(f, plan, indicator, unit, w, of, tree, f.get("covers", "own"))
        below = f["denominator"]
        if below["kind"] != "statistic":
            region, missing = "subtree", None
            d = self.evaluate(plan, indicator, unit, w, "subtree", tree, below)
            if d.lower is not None:
                raise NotImplementedError("an upper bound below the line")
        else:
            if below.get("window") == "plan":
                w = type(w)(plan.first, w.last, w.asked)
            states = self.statistic_states(below, w)
            region, missing, d = self._included(states, below.get("covers", "subtree"), unit, w, tree)
        n = self.evaluate(plan, indicator, unit, w, region, tree, f["numerator"])
        answer = Figure(reason="denominator_missing")
        if d.value is not None and n.value is None:
            answer = Figure(reason=n.reason)
        elif d.value is not None:
            answer = Figure(numerator=n.value, denominator=d.value, reason="denominator_zero")
            if below["kind"] == "statistic" and n.records is not None:
                answer.records = n.records + d.records
            answer.apportioned = n.apportioned or d.apportioned
            if n.lower is not None and d.value != 0:
                answer.lower = 100 * figures.exact(n.lower) / d.value
        answer.missing = missing
        return answer

    def _included(self, states, covers, unit, w, tree):
        """(region of the numerator, the units missing, the denominator)."""
        if covers == "own":
            stops = [s for s in self.units.under(unit, "subtree", w.last, tree, False) if s.unit in states]
            region = Region(w.last, w.last, owned=[s.unit for s in stops])
            missing = []
        else:
            stops, region, missing = self.units.descent(states, unit, w.last, tree)
            missing = missing if stops else [unit]
            if region.whole == {unit}:      # its whole subtree, each fact in the tree asked for
                region = "subtree"
        return region, missing, self._sum_of(states, stops) if stops else Figure()

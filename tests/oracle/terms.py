"""What is declared as a state, and ratios of terms: section 5."""
import figures
from activities import compile_filter, unit_field
from declared import last_of
from figure import Figure
from figures import nfc


class Terms:
    """The part of Formulas that figures registers, statistics, reported states and ratios."""

    def _gauge(self, f, plan, indicator, unit, w, of, tree):
        if f.get("of") == "reported":
            states = self.reported_states(f, plan, indicator, w, f.get("covers", "own"), pair=False)
            stand = self.declared_under(states, f.get("covers", "own"), unit, of, w, tree)
            if not stand:
                return Figure(reason="nothing_said")
            return Figure(sum(states[u][0] for u in stand), records=sum(states[u][0] != 0 for u in stand))
        return Figure(len(self.entities_under(f["register"], f.get("only"), unit, of, w.last, tree)))

    def _state(self, f, plan, indicator, unit, w, of, tree):
        """1 or 0 for the unit itself on A."""
        if "attribute" in f:
            said, decided = self.attribute_is(unit, f, w.last)
            return Figure(None if said is None else int(said), reason="nothing_said", records=int(bool(said)))
        return Figure(int(unit in self.entities_matching(f["register"], f.get("only"), w.last)
                          and bool(self.units.stands_under((unit,), unit, "own", tree, w.last, w.last))))

    def _rank(self, f, plan, indicator, unit, w, of, tree):
        """The last value of exactly this unit; never added up."""
        said = last_of(self.k.statistics.get(nfc(f["statistic"]), {}).get(unit, ()), None, w.last)
        return Figure(said and said.value, reason="nothing_said", records=int(said is not None and said.value != 0))

    # ------------------------------------------------------------ whom a declaration speaks for
    def declared_under(self, states, covers, unit, of, w, tree):
        """The units whose declarations stand in the asked figure: all of them if each speaks for
        itself, the topmost if they speak for everything below."""
        if covers == "own":
            return [u for u, _, _ in self.units.under(unit, of, w.last, tree) if u in states]
        return [u for u, _, _ in self.units.topmost(states, unit, of, w.last, tree)]

    def statistic_states(self, f, w):
        """{unit: Statistic} of the units that exist on A; fresh: said for a day of the window."""
        if f.get("fresh", "any") not in ("any", "period"):
            raise NotImplementedError("fresh %s" % f["fresh"])
        first = w.first if f.get("fresh") == "period" else None
        found = {unit: last_of(said, first, w.last)
                 for unit, said in self.k.statistics.get(nfc(f["statistic"]), {}).items()}
        return {unit: s for unit, s in found.items() if s is not None and self.units.units[unit].exists(w.last)}

    def _statistic(self, f, plan, indicator, unit, w, of, tree):
        states = self.statistic_states(f, w)
        stand = self.declared_under(states, f.get("covers", "subtree"), unit, of, w, tree)
        if not stand:
            return Figure(reason="nothing_said")
        return Figure(sum(states[u].value for u in stand), records=sum(states[u].value != 0 for u in stand))

    # ------------------------------------------------------------ reported ratios, surveys
    def reported_states(self, f, plan, indicator, w, covers, pair, survey=False):
        """{unit: (value,)} or {unit: (numerator, denominator)}: the last declaration on A of each unit
        that exists on A, of the units of `units` if the formula says so; a pair of which one is null is
        (n, None) or (None, d)."""
        if f.get("fresh", "any") not in ("any", "period"):
            raise NotImplementedError("fresh %s" % f["fresh"])
        first = w.first if f.get("fresh") == "period" else None
        among = f.get("units") or {}
        test, answer = compile_filter(among.get("where")), {}
        for unit, said in self.reported.said(plan, indicator.id).items():
            if not (self.units.units[unit].exists(w.last) and self.units.matches_level(unit, among.get("level"))
                    and test(lambda name: unit_field(self.units, unit, w.last, name))):
                continue
            usable = []
            for s in said:
                if pair:
                    state = self.reported.usable_pair(s, f.get("measure") or indicator.measure, covers, survey)
                else:
                    value = self.reported.usable_value(s, f.get("measure") or indicator.measure, covers)
                    state = None if value is None else (value,)
                if state is not None and s.as_at <= w.last:
                    usable.append((s.as_at, s.K, state))
            last = max(usable, default=None, key=lambda u: u[:2])
            if last is not None and (first is None or last[0] >= first):
                answer[unit] = last[2]
        return answer

    def _survey(self, f, plan, indicator, unit, w, of, tree):
        return self._pairs(f, plan, indicator, unit, w, of, tree, "subtree", survey=True)

    def _pairs(self, f, plan, indicator, unit, w, of, tree, covers, survey=False):
        """Sum of n / sum of d over the units that have both."""
        states = self.reported_states(f, plan, indicator, w, covers, pair=True, survey=survey)
        both = {u: s for u, s in states.items() if None not in s}
        stand = self.declared_under(both, covers, unit, of, w, tree)
        half = [u for u in states if u not in both]
        missing = self.declared_under(half if covers == "own" else states, covers, unit, of, w, tree)
        missing = [u for u in missing if u in half]
        answer = Figure(reason="denominator_missing" if missing else "nothing_said")
        if stand:
            n, d = (sum(both[u][i] for u in stand) for i in (0, 1))
            answer = Figure(numerator=n, denominator=d, reason="denominator_zero",
                            records=sum(both[u] != (0, 0) for u in stand))
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
            if n.lower is not None and d.value != 0:
                answer.lower = 100 * figures.exact(n.lower) / d.value
        answer.missing = missing
        return answer

    def _included(self, states, covers, unit, w, tree):
        """(region of the numerator, the units missing, the denominator)."""
        if covers == "own":
            from tree import Region
            under = self.units.under(unit, "subtree", w.last, tree)
            stops = [u for u, _, _ in under if u in states]
            region = Region((), [node for u, node, placed in under if u in states and placed],
                            [u for u, _, placed in under if u in states and not placed])
            missing = []
        else:
            stops, region, missing = self.units.descent(states, unit, w.last, tree)
            missing = missing if stops else [unit]
        if not stops:
            return region, missing, Figure()
        return region, missing, Figure(sum(states[u].value for u in stops),
                                       records=sum(states[u].value != 0 for u in stops))
